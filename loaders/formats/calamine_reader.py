"""The reader of workbooks (calamine): its sheets, and its errors and panics by name."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeVar

import python_calamine as calamine

Result = TypeVar("Result")
Value = str | float | int | bool | date | datetime | time | timedelta


class Table(NamedTuple):
    """A visible sheet: its name, its place among all sheets, its cells, and merged ranges.

    `merged`: ranges of first line, first column, last line, last column, all from 0.
    """

    name: str
    place: int
    rows: list[list[Value]]
    merged: list[tuple[int, int, int, int]]


class ReadError(Exception):
    """Why a workbook is not read: broken, locked, beyond what a day or a duration can be, or large.

    With large come a sheet, its rows and columns.
    """


def tables(content: bytes, most_cells: int) -> tuple[list[str], list[Table]]:
    """Names of hidden sheets, and the visible ones; together they may have `most_cells` cells.

    Raises `ReadError`.
    """
    book = _safely(lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)))
    hidden, visible = [], []
    for place, stated in enumerate(book.sheets_metadata):
        if stated.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if stated.visible != calamine.SheetVisibleEnum.Visible:
            hidden.append(stated.name)
            continue
        table = _table(book, stated.name, place, most_cells)
        most_cells -= len(table.rows) * max(map(len, table.rows), default=0)
        visible.append(table)
    return hidden, visible


def _table(book: calamine.CalamineWorkbook, name: str, place: int, most_cells: int) -> Table:
    sheet = _safely(lambda: book.get_sheet_by_name(name))
    if sheet.total_height * sheet.total_width > most_cells:
        raise ReadError("large", name, sheet.total_height, sheet.total_width)
    rows = _safely(lambda: sheet.to_python(skip_empty_area=False))
    merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
    return Table(name, place, rows, merged)


def _safely(read: Callable[[], Result]) -> Result:
    """The result of `read`. Raises `ReadError` also where calamine panics."""
    try:
        return read()
    except calamine.PasswordError as error:
        raise ReadError("locked") from error
    except calamine.CalamineError as error:
        raise ReadError("broken") from error
    except OverflowError as error:
        raise ReadError("beyond") from error
    except BaseException as error:  # a panic of the reader is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise ReadError("broken") from error
