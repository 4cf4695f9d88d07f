"""The reader of workbooks (calamine), and the process of its own in which it reads an XLS.

A damaged XLS can end the process that reads it: calamine allocates whatever memory the file
states. The process imports nothing of ours, takes the file on its standard input, and writes a
pickle of the tables.
"""

import io
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeVar

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

_MOST_MEMORY = 3 << 30  # bytes of the process of an XLS
_MOST_SECONDS = 120  # of the process of an XLS: 65,536 rows of 50 columns take about 10

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


class BrokenError(Exception):
    """The file is no workbook, or a broken one."""


class LockedError(Exception):
    """The workbook has a password."""


class LargeError(Exception):
    """A sheet reaches too far: its name, its rows and its columns."""


def xls_tables(content: bytes, most_cells: int) -> tuple[list[str], list[Table]]:
    """Names of hidden sheets, and the tables, of an XLS, read in another process.

    Raises `BrokenError`, `LockedError` or `LargeError`.
    """
    command = [sys.executable, "-P", __file__, str(most_cells)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BrokenError from error
    if done.returncode or not done.stdout:
        raise BrokenError
    outcome, found = pickle.loads(done.stdout)
    if outcome != "tables":
        raise {"large": LargeError, "locked": LockedError, "broken": BrokenError}[outcome](*found)
    names, sheets = found
    return names, [Table(*sheet) for sheet in sheets]


def opened(content: bytes) -> CalamineWorkbook:
    """A workbook, its sheets not read yet. Raises `BrokenError` or `LockedError`."""
    return _safely(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)))


def hidden(book: CalamineWorkbook) -> list[str]:
    """Names of the sheets that are not shown."""
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible != SheetVisibleEnum.Visible
    ]


def tables(book: CalamineWorkbook, most_cells: int) -> Iterator[Table]:
    """The visible sheets of a workbook; together they may have `most_cells` cells.

    Raises `BrokenError`, `LockedError` or `LargeError`.
    """
    left = most_cells
    for place, known in enumerate(book.sheets_metadata):
        if known.typ != SheetTypeEnum.WorkSheet or known.visible != SheetVisibleEnum.Visible:
            continue
        table = _table(book, known.name, place, left)
        left -= len(table.rows) * max(map(len, table.rows), default=0)
        yield table


def _table(book: CalamineWorkbook, name: str, place: int, most_cells: int) -> Table:
    sheet = _safely(lambda: book.get_sheet_by_name(name))
    if sheet.total_height * sheet.total_width > most_cells:
        raise LargeError(name, sheet.total_height, sheet.total_width)
    rows = _safely(lambda: sheet.to_python(skip_empty_area=False))
    merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
    return Table(name, place, rows, merged)


def _safely(read: Callable[[], Result]) -> Result:
    """The result of `read`. Raises `BrokenError` also where calamine panics."""
    try:
        return read()
    except PasswordError as error:
        raise LockedError from error
    except CalamineError as error:
        raise BrokenError from error
    except BaseException as error:  # a panic of the reader is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise BrokenError from error


def _run(most_cells: int) -> tuple[str, object]:
    try:
        book = opened(sys.stdin.buffer.read())
        return "tables", (hidden(book), [tuple(table) for table in tables(book, most_cells)])
    except LargeError as error:
        return "large", error.args
    except LockedError:
        return "locked", ()
    except BrokenError:
        return "broken", ()


if __name__ == "__main__":
    if sys.platform != "win32":  # which refuses a request for too much memory at once
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    sys.stdout.buffer.write(pickle.dumps(_run(int(sys.argv[1]))))
