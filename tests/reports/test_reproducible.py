"""A sealed document has no clock in it, and is still the same document."""

import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import xlsxwriter

from reports.reproducible import sealed

MOMENT = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)


def book(made: datetime) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": made, "title": "表"})
        workbook.add_worksheet("表").write_string(0, 0, "海州区")
    return buffer.getvalue()


def carrying(inner: bytes, made: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("ppt/embeddings/表.xlsx", made), inner)
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml", made), b"<Types/>")
    return buffer.getvalue()


def test_the_same_content_of_two_moments_is_the_same_bytes():
    one, other = book(datetime(2026, 1, 1)), book(datetime(2026, 2, 2))
    assert one != other
    assert sealed(one, MOMENT) == sealed(other, MOMENT)


def test_a_workbook_behind_a_chart_is_sealed_too():
    one = carrying(book(datetime(2026, 1, 1)), (2026, 1, 1, 0, 0, 0))
    other = carrying(book(datetime(2026, 2, 2)), (2026, 2, 2, 0, 0, 0))
    assert sealed(one, MOMENT) == sealed(other, MOMENT)


def test_the_content_stays_and_carries_the_moment():
    opened = openpyxl.load_workbook(io.BytesIO(sealed(book(datetime(2026, 1, 1)), MOMENT)))
    assert opened["表"]["A1"].value == "海州区"
    assert opened.properties.created.isoformat() == "2026-10-31T08:00:00"
    assert opened.properties.title == "表"


def test_the_list_of_types_comes_first():
    with zipfile.ZipFile(io.BytesIO(sealed(book(datetime(2026, 1, 1)), MOMENT))) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 10, 31, 8, 0, 0)}
