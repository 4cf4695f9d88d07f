"""Headings of table columns: each stands once, and tells its format."""

from domain import reference
from presentation import columns


def test_every_column_has_one_heading():
    assert not reference.table("headings")["column"].duplicated().any()


def test_a_heading_tells_its_format():
    assert columns.kind_of("达标率") == "percent"
    assert columns.kind_of("某月签约率（试点）") == "percent"
    assert columns.kind_of("随便什么") == ""
