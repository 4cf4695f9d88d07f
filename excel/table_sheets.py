"""Sheets of one table each, an Excel table ready for print, with lines above and below."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from numbers import Real
from typing import Any, TypeGuard

import numpy as np
import pandas as pd

from excel.cell_text import column_width, text, width_of
from excel.workbook_writer import FORMATS, Book, Sheet, in_calendar

_WIDEST = (80, 40)  # half-width characters of a column, the most that a page of print has room for
_ON_MANY = 56  # the same where the columns need several pages side by side
_MEASURED = 200  # rows by which a column's width is chosen
_LINE, _DEFAULT = 90, 9  # half-width characters that a line above a table has, and a bare column
_SHORT = 10  # half-width characters of a heading that stands on one line
_ROW, _HIGHEST = 15, 409  # points of a line of text, and of the highest row
_PRINTED = 790  # pixels across a page of print; a program without our font has wider columns
_SMALLEST = 0.73  # scale of print at which the text of a table has 8 points
_STYLE = "Table Style Light 15"  # bands and lines, no colours of its own


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
        self, frame: pd.DataFrame, keep: int = 0, below: Collection[tuple[str, str]] = ()
    ) -> None:
        """Write `frame`, whose headings are Chinese, as an Excel table.

        What a column has none of stays blank. The headings and the first `keep` columns stay when
        the sheet is scrolled, and stand on every page of print. `below` are lines under it.
        """
        widths = _widths(frame)
        self._as_table(frame)
        for column, heading in enumerate(frame.columns):
            look = self._number_look(str(heading), frame[heading])
            for row, value in enumerate(frame[heading], start=self.top + 1):
                self._cell(row, column, value, look)
            self.sheet.set_column(column, column, widths[column])
        self._heights(frame, widths)
        self.sheet.freeze_panes(self.top + 1, keep)
        self.sheet.repeat_rows(self.top)
        if keep:
            self.sheet.repeat_columns(0, keep - 1)
        self.sheet.print_across()
        self.sheet.fit_to_pages(_pages_across(widths, keep), 0)
        first = self.top + max(len(frame), 1) + 2
        for row, line in [*enumerate(self.lines), *enumerate(below, start=first)]:
            self._line(row, *line, widths)

    @staticmethod
    def width(frame: pd.DataFrame) -> int:
        """Pixels that the table `frame` takes across."""
        return _pixels(_widths(frame))

    def print_charts(self, width: int, breaks: Collection[int] = ()) -> None:
        """Print a table and its charts, `width` pixels in all; new pages begin at rows `breaks`.

        Excel ignores page breaks while it fits the sheet to the page, so the scale is set.
        """
        scale = min(max(_PRINTED / width, _SMALLEST), 1)
        self.sheet.set_print_scale(int(scale * 100))
        self.sheet.set_h_pagebreaks(list(breaks))

    def _as_table(self, frame: pd.DataFrame) -> None:
        """The headings, with the buttons of a filter, and the range that has the sheet's name.

        A table has a row at least, so that one without any has a blank one.
        """
        look = self.book.format("head")
        heads = [{"header": text(heading), "header_format": look} for heading in frame.columns]
        last = self.top + max(len(frame), 1)
        options = {"columns": heads, "style": _STYLE}
        self.sheet.add_table(self.top, 0, last, len(heads) - 1, options | self._named())

    def _named(self) -> dict[str, str]:
        """The name of the table: that of the sheet, where it may be one."""
        name = self.sheet.get_name()
        return {"name": name} if name.isidentifier() and not name.isascii() else {}

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


def _pages_across(widths: list[int], keep: int) -> int:
    """Pages side by side on which a table with such columns can be read.

    The first `keep` columns stand on each of them.
    """
    page, kept = _PRINTED / _SMALLEST, _pixels(widths[:keep])
    return max(math.ceil((_pixels(widths) - kept) / (page - kept)), 1)


def _pixels(widths: list[int]) -> int:
    return sum(7 * width + 5 for width in widths)


def _widths(frame: pd.DataFrame) -> list[int]:
    """Widths of the columns by their widest cells; text wraps if a page has room for them then."""
    shown = [_shown(str(heading), frame[heading]) for heading in frame]
    tried = ([column_width(texts, widest) for texts in shown] for widest in _WIDEST)
    several = [column_width(texts, _ON_MANY) for texts in shown]
    return next((widths for widths in tried if _pages_across(widths, 0) == 1), several)


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
