"""The one writer of workbooks: formats, names of sheets, cells and the set-up for print."""

import io
import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from excel.cell_text import text

HEAD_COLOUR = "#dce6f1"
FIRST_YEAR = 1900  # of the days that Excel knows
WRAPPED = {"text_wrap": True, "valign": "vcenter"}
_MIDDLE = {"valign": "vcenter"}
_LEFT = {"valign": "vcenter", "align": "left", "indent": 1}
FORMATS: dict[str, dict[str, Any]] = {
    "": {},
    # above and below a table
    "title": {"bold": True, "font_size": 16},
    "stamp": {"font_color": "#5a6773", "italic": True, "font_size": 9},
    "note": {"font_size": 11},
    "subtitle": {"bold": True, "font_size": 11},
    # a table
    "head": WRAPPED | {"bold": True, "bg_color": HEAD_COLOUR, "border": 1},
    "text": _LEFT | {"text_wrap": True},
    "integer": _MIDDLE | {"num_format": "#,##0"},
    "decimal": _MIDDLE | {"num_format": "#,##0.00"},
    "percent": _MIDDLE | {"num_format": "0.0%"},
    "points": _MIDDLE | {"num_format": "+0.0;-0.0;0.0"},
    "date": _LEFT | {"num_format": "yyyy-mm-dd"},
    "month": _LEFT | {"num_format": "yyyy-mm"},
    "link": _LEFT | {"font_color": "#0b57a4", "underline": 1},
    # a list to be worked through on paper
    "listed": WRAPPED | {"border": 1, "font_size": 10},
    # a send-back
    "wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "reason": {"text_wrap": True, "valign": "top", "font_color": "#9C0006"},
    # a template to be filled in: headings of required columns, explanations
    "required": WRAPPED
    | {"bold": True, "border": 1, "bg_color": "#C00000", "font_color": "#FFFFFF"},
    "explained": {"border": 1, "valign": "top", "num_format": "@"},
}
"""Properties of the formats by name."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
# What Excel would take for a formula once the cell is edited; a signed figure with its unit
# (“-3.2个百分点”) computes nothing.
_RISKY = re.compile(r"[=@\t\r]|[+-](?![\d.,]+[^\x00-\x7f]+$)")
_LONGEST_TEXT = 255  # characters; beyond, Excel shows a cell of text format as ####
_LONG_NUMBER = 1e11  # from here on Excel shows a number as 1.2E+11
_SHEET_NAME = 31  # characters that Excel allows
_RESERVED = "history"  # the name of a sheet that Excel keeps for itself
_FOOTER = 200  # characters of the stamp in the footer, of the 255 that Excel allows


class Book:
    """A workbook being written.

    `created` is the moment the file says it was made at; without it that is now. `properties` are
    others that the file tells of itself: author, comments.
    """

    def __init__(self, title: str = "", created: datetime | None = None, **properties: str) -> None:
        self._buffer = io.BytesIO()
        self.file = Workbook(self._buffer, _OPTIONS)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        said = {name: text(value) for name, value in (properties | {"title": title}).items()}
        self.file.set_properties(said | ({"created": created} if created else {}))

    def format(self, name: str, **more: Any) -> Format | None:
        """The format `name` of `FORMATS` with `more` properties; None where it has none."""
        look = FORMATS[name] | more
        key = tuple(sorted(look.items()))
        if look and key not in self._formats:
            self._formats[key] = self.file.add_format(look)
        return self._formats.get(key)

    def sheet(self, name: str, blank: str = "未填报") -> "Sheet":
        """A new sheet, called `name` as far as Excel allows, `blank` where nothing is left of it.

        A name that another sheet has is numbered.
        """
        plain = re.sub(r"[\[\]:*?/\\\t\n]", " ", text(name)).strip("' ") or blank
        taken = {_RESERVED, *(other.get_name().casefold() for other in self.file.worksheets())}
        free, number = plain[:_SHEET_NAME].strip("' "), 2
        while free.casefold() in taken:
            ending = f" ({number})"
            free, number = plain[: _SHEET_NAME - len(ending)] + ending, number + 1
        return Sheet(self, self.file.add_worksheet(free))

    def content(self) -> bytes:
        """The finished file."""
        self.file.close()
        return self._buffer.getvalue()


@dataclass(frozen=True)
class Sheet:
    """A sheet of a `book`."""

    book: Book
    sheet: Worksheet

    def text(self, row: int, column: int, value: object, look: str = "", **more: Any) -> None:
        """Write `value` as text that never runs as a formula, not even once it was edited."""
        plain = text(value)
        if _RISKY.match(plain):
            more["quote_prefix"] = True
        self.sheet.write_string(row, column, plain, self.book.format(look, **more))

    def as_sent(self, row: int, column: int, cell: Any, look: str = "") -> None:
        """Write a cell of a sender's file as what it is; a blank one only where it has a look."""
        if cell == "":
            if look:
                self.sheet.write_blank(row, column, None, self.book.format(look))
        elif isinstance(cell, bool):
            self.sheet.write_boolean(row, column, cell, self.book.format(look))
        elif isinstance(cell, int | float) and math.isfinite(cell):
            form = {"num_format": "0"} if abs(cell) >= _LONG_NUMBER else {}
            self.sheet.write_number(row, column, cell, self.book.format(look, **form))
        elif isinstance(cell, date | time | timedelta) and in_calendar(cell):
            form = {"num_format": _pattern(cell)}
            self.sheet.write_datetime(row, column, cell, self.book.format(look, **form))
        else:
            form = {"num_format": "@"} if len(str(cell)) <= _LONGEST_TEXT else {}
            self.text(row, column, cell, look, **form)

    def link(self, row: int, column: int, sheet: str) -> None:
        """The name of another sheet of the book, which leads there."""
        self.sheet.write_url(row, column, f"internal:'{sheet}'!A1", self.book.format("link"), sheet)

    def merged(self, row: int, last: int, line: str, look: str) -> None:
        """A line of text over the columns from the first to `last`."""
        self.sheet.merge_range(row, 0, row, last, "", self.book.format(look, **WRAPPED))
        self.text(row, 0, line, look, **WRAPPED)

    def print_across(self, stamp: str) -> None:
        """Set up for print: A4 across, as wide as the page, page number above and stamp below."""
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        self.sheet.fit_to_pages(1, 0)
        foot = text(stamp)[:_FOOTER].replace("&", "&&")
        self.sheet.set_header("&R第 &P 页，共 &N 页")
        self.sheet.set_footer(f"&L&8{foot}")


def in_calendar(cell: date | time | timedelta) -> bool:
    """Whether Excel has a number for this day."""
    return not isinstance(cell, date) or cell.year >= FIRST_YEAR


def _pattern(cell: date | time | timedelta) -> str:
    if isinstance(cell, timedelta):
        return "[h]:mm:ss"
    if isinstance(cell, time):
        return "hh:mm:ss"
    timed = isinstance(cell, datetime) and cell.time() != time()
    return "yyyy-mm-dd hh:mm:ss" if timed else "yyyy-mm-dd"
