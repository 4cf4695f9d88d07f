"""Sheets of one table each, ready for print: lines above, headings that stay, a row of totals."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from numbers import Real
from typing import Any, TypeGuard

import numpy as np
import pandas as pd
from xlsxwriter.utility import xl_range

from excel.cell_text import column_width, text, width_of
from excel.workbook_writer import FORMATS, Book, Sheet, in_calendar

_WIDEST = {5: 80, 12: 46, 10_000: 40}
"""Columns of a table to the width of the widest, in half-width characters; longer text wraps."""
_MEASURED = 200  # rows by which a column's width is chosen
_LINE, _DEFAULT = 90, 9  # half-width characters that a line above a table has, and a bare column
_SHORT = 10  # half-width characters of a heading that stands on one line
UNKNOWN = "未知"
_ROW, _HIGHEST = 15, 409  # points of a line of text, and of the highest row
_PRINTED = 790  # pixels across a page of print; a program without our font has wider columns


@dataclass(frozen=True)
class Total:
    """A row below a table that Excel adds up itself, over the rows that a filter leaves.

    `sums` are headings to be added; `shares` are headings with those of numerator and denominator.
    A column that has a word for a number somewhere has no sum: it is unknown.
    """

    sums: tuple[str, ...]
    shares: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class TableSheet(Sheet):
    """A sheet for print that holds one table below its `lines`.

    A line is a text and its format: title, stamp or note. `kind` tells percent, points, month or
    text by the heading of a column, '' where its values tell.
    """

    lines: tuple[tuple[str, str], ...]
    kind: Callable[[str], str]

    @property
    def top(self) -> int:
        """The row of the headings; 0 is the first."""
        return len(self.lines)

    def table(
        self, frame: pd.DataFrame, total: Total | None = None, below: Collection[str] = ()
    ) -> None:
        """Write `frame`, whose headings are Chinese, with frozen headings and a filter.

        What a column has none of stays blank. `below` are sentences under the table.
        """
        widths = _widths(frame)
        for column, heading in enumerate(frame.columns):
            self.text(self.top, column, heading, "head")
            look = self._number_look(str(heading), frame[heading])
            for row, value in enumerate(frame[heading], start=self.top + 1):
                self._cell(row, column, value, look)
            self.sheet.set_column(column, column, widths[column])
        self._heights(frame, widths)
        self.sheet.freeze_panes(self.top + 1, 0)
        self.sheet.repeat_rows(self.top)
        if len(frame):
            self.sheet.autofilter(self.top, 0, self.top + len(frame), len(frame.columns) - 1)
        if len(frame) and total is not None:
            self._total(frame, total)
        first = self.top + len(frame) + (2 if total is None else 3)
        notes = [(first + place, line, "note") for place, line in enumerate(below)]
        for row, line, look in [*((row, *line) for row, line in enumerate(self.lines)), *notes]:
            self._line(row, line, look, widths)

    def break_before(self, row: int, frame: pd.DataFrame, width: float) -> None:
        """Begin a new page of print at `row`, below the table `frame` and above `width` pixels.

        Excel ignores page breaks while it fits the sheet to the page, so the scale is set.
        """
        width = max(width, sum(7 * column + 5 for column in _widths(frame)))
        self.sheet.set_print_scale(max(min(int(_PRINTED / width * 100), 100), 10))
        self.sheet.set_h_pagebreaks([row])

    def _line(self, row: int, line: str, look: str, widths: list[int]) -> None:
        """A line over the whole width of the table; the row is given the height that it takes.

        Merged cells do not grow with their text.
        """
        last, room = len(widths) - 1, sum(widths)
        if room < _LINE:
            last, room = last + math.ceil((_LINE - room) / _DEFAULT), _LINE
        self.merged(row, last, line, look)
        size = FORMATS[look]["font_size"]
        needed = math.ceil(width_of(line) * size / 11 * 1.05 / room)
        self.sheet.set_row(row, needed * size * 1.45)

    def _heights(self, frame: pd.DataFrame, widths: list[int]) -> None:
        """Room for text that wraps: not every program finds it by itself."""
        self.sheet.set_row(self.top, _ROW * max(map(_lines, frame.columns, widths), default=1))
        rows = zip(*(frame[name] for name in frame), strict=True)
        for row, values in enumerate(rows, start=self.top + 1):
            cells = zip(values, widths, strict=True)
            lines = max((_lines(*cell) for cell in cells if isinstance(cell[0], str)), default=1)
            if lines > 1:
                self.sheet.set_row(row, min(_ROW * lines, _HIGHEST))

    def _number_look(self, heading: str, values: pd.Series) -> str:
        kind = self.kind(heading)
        if kind in ("percent", "points", "month"):
            return kind
        if kind in ("text", "long", "note"):
            return "text"
        whole = all(value == int(value) for value in values if _is_number(value))
        return "integer" if whole else "decimal"

    def _cell(self, row: int, column: int, value: Any, look: str) -> None:
        if isinstance(value, bool | np.bool_):
            self.text(row, column, "是" if value else "否", "text")
        elif _is_number(value):
            self.sheet.write_number(row, column, float(value), self.book.format(look))
        elif isinstance(value, Real | Decimal) or value is None or pd.isna(value):
            self.sheet.write_blank(row, column, None, self.book.format("text"))
        elif isinstance(value, date) and in_calendar(value):
            look = look if look == "month" else "date"
            self.sheet.write_datetime(row, column, value, self.book.format(look))
        else:
            self.text(row, column, value, "text")

    def _total(self, frame: pd.DataFrame, total: Total) -> None:
        """Our own formulas; SUBTOTAL(109) leaves out what a filter hides."""
        row = self.top + 1 + len(frame)
        places = {heading: column for column, heading in enumerate(frame.columns)}
        known = [name for name in total.sums if all(map(_is_number, frame[name]))]
        sums = {heading: float(frame[heading].sum()) for heading in known}
        look, share_look = (
            self.book.format("total", **form) for form in ({}, {"num_format": "0.0%"})
        )
        for column in places.values():
            self.sheet.write_blank(row, column, None, look)
        self.text(row, 0, "合计", "total")
        for heading in (*total.sums, *total.shares):
            self.text(row, places[heading], UNKNOWN, "total")
        added = {}
        for heading, value in sums.items():
            cells = xl_range(self.top + 1, places[heading], row - 1, places[heading])
            added[heading] = f"SUBTOTAL(109,{cells})"
            self.sheet.write_formula(row, places[heading], f"={added[heading]}", look, value)
        for heading, (part, whole) in total.shares.items():
            if not {part, whole} <= sums.keys():
                continue
            formula = f'=IF({added[whole]}=0,"{UNKNOWN}",{added[part]}/{added[whole]})'
            share = sums[part] / sums[whole] if sums[whole] else UNKNOWN
            self.sheet.write_formula(row, places[heading], formula, share_look, share)


def add(
    book: Book,
    name: str,
    stamp: str,
    lines: Collection[tuple[str, str]],
    kind: Callable[[str], str],
) -> TableSheet:
    """A new sheet for a table, with `stamp` in its footer."""
    sheet = TableSheet(book, book.sheet(name).sheet, tuple(lines), kind)
    sheet.print_across(stamp)
    return sheet


def _is_number(value: object) -> TypeGuard[float]:
    """Whether a cell can hold `value` as a number."""
    return isinstance(value, Real | Decimal) and math.isfinite(value)


def _widths(frame: pd.DataFrame) -> list[int]:
    """Widths of the columns by their widest cells; the more columns, the sooner text wraps."""
    widest = next(widest for most, widest in _WIDEST.items() if len(frame.columns) <= most)
    return [column_width(_shown(str(heading), frame[heading]), widest) for heading in frame]


def _shown(heading: str, values: pd.Series) -> list[str]:
    """Texts as wide as what a column shows; a number and a date are as wide as their formats.

    A long heading takes two lines, with room for the button of the filter.
    """
    above = width_of(heading)
    above = above if above <= _SHORT else math.ceil(above / 2) + 2
    cells = values.head(_MEASURED).dropna()
    return ["0" * above] + [
        cell if isinstance(cell, str) else "yyyy-mm-dd" if isinstance(cell, date) else "0.0000"
        for cell in cells
    ]


def _lines(value: object, width: int) -> int:
    """Lines that `value` takes in a column of `width`; text breaks a little before the edge."""
    return sum(max(math.ceil(width_of(line) / (width - 2)), 1) for line in text(value).split("\n"))
