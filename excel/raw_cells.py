"""Cells as they were sent, written to an XLSX so that nothing runs and nothing changes its type."""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from loaders.formats.cell_sheet import Cell
from loaders.reading.cell_parsing import text

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
"""Options of a workbook in which text stays text."""

_FIRST_YEAR = 1900  # of the days that Excel knows
_LONGEST = 32_767  # characters that Excel allows in a cell
_LONGEST_TEXT = 255  # beyond, Excel shows a cell of text format as ####
_LONG_NUMBER = 1e11  # from here on Excel shows a number as 1.2E+11
_SHEET_NAME = 31  # characters that Excel allows
_RESERVED = {"history"}  # the name of a sheet that Excel keeps for itself
_NARROWEST, _WIDEST = 6, 40  # width of columns in characters
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # Excel would take such a text for a formula once edited


class Writer:
    """Writes cells to the sheets of one workbook; a look is a set of properties of a format."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **look: Any) -> Format:
        """The format of a look, made once."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]

    def write(self, sheet: Worksheet, row: int, column: int, cell: Cell, **look: Any) -> None:
        """Write one cell as what it is; a blank one only where it has a look."""
        if cell == "":
            if look:
                sheet.write_blank(row, column, None, self.format(**look))
        elif isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, self.format(**look))
        elif isinstance(cell, int | float) and math.isfinite(cell):
            form = {"num_format": "0"} if abs(cell) >= _LONG_NUMBER else {}
            sheet.write_number(row, column, cell, self.format(**form, **look))
        elif isinstance(cell, date | time | timedelta) and _in_calendar(cell):
            form = {"num_format": _pattern(cell)}
            sheet.write_datetime(row, column, cell, self.format(**form, **look))
        else:
            said = str(cell)[:_LONGEST]
            form = {"num_format": "@"} if len(said) <= _LONGEST_TEXT else {}
            if said.startswith(_RISKY):
                form["quote_prefix"] = True
            sheet.write_string(row, column, said, self.format(**form, **look))


def column_width(cells: Sequence[Cell]) -> int:
    """Width, in characters, that shows most of `cells` whole; Chinese characters take two."""
    texts = [text(cell) for cell in cells]
    widest = max((sum(1 + (ord(sign) > 255) for sign in said) for said in texts), default=0)
    return min(max(widest + 2, _NARROWEST), _WIDEST)


def sheet_name(name: str, taken: set[str]) -> str:
    """`name` made one that Excel takes and that is not among `taken`, to which it is added."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ") or "退回"
    found, again = plain[:_SHEET_NAME].strip("' "), 2
    while found.casefold() in taken | _RESERVED:
        ending = f" ({again})"
        found, again = plain[: _SHEET_NAME - len(ending)] + ending, again + 1
    taken.add(found.casefold())
    return found


def _in_calendar(cell: date | time | timedelta) -> bool:
    return not isinstance(cell, date) or cell.year >= _FIRST_YEAR


def _pattern(cell: date | time | timedelta) -> str:
    if isinstance(cell, timedelta):
        return "[h]:mm:ss"
    if isinstance(cell, time):
        return "hh:mm:ss"
    timed = isinstance(cell, datetime) and cell.time() != time()
    return "yyyy-mm-dd hh:mm:ss" if timed else "yyyy-mm-dd"
