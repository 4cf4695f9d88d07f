"""Headings of table columns: every row of the reference table, and the formats that there are."""

from domain import reference
from presentation import columns

FORMATS = {"text", "long", "note", "integer", "number", "percent", "points", "date", "month"}


def test_every_column_has_one_heading_and_a_known_format():
    table = reference.table("headings")
    problems = [row for row in table.itertuples(index=False) if not all(row)]
    problems += table[table["column"].duplicated()]["column"].tolist()
    problems += table[~table["format"].isin(FORMATS)]["column"].tolist()
    assert problems == []


def test_a_heading_tells_its_format():
    assert columns.kind_of("达标率") == "percent"
    assert columns.kind_of("某月签约率（试点）") == "percent"
    assert columns.kind_of("随便什么") == ""
