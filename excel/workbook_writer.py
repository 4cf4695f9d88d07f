"""The one writer of Excel tables: cells of the right kind, print set-up, names that Excel takes."""

import io
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from numbers import Number

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from excel.cell_text import text, width_of
from presentation.columns import COLUMNS

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""Of a workbook in which text stays text, so that nothing from a file can run as a formula."""

_WIDEST = {5: 80, 12: 46, 10_000: 40}
"""Columns of a table to the width of the widest, in half-width characters; longer text wraps."""
NARROWEST = 8
_MEASURED = 200  # rows by which a column's width is chosen
_FIRST_YEAR = 1900  # of the days that Excel knows
_LINE, _DEFAULT = 90, 9  # half-width characters that a line above a table has, and a bare column
_SHORT = 10  # half-width characters of a heading that stands on one line
_ROW, _HIGHEST = 15, 409  # points of a line of text, and of the highest row
_PRINTED = 790  # pixels across a page of print; a program without our font has wider columns
_POINTS = {"title": 16, "stamp": 9, "note": 11}  # sizes of the lines above and below a table
_FOOTER = 200  # characters of the stamp in the footer, of the 255 that Excel allows
_KINDS = dict(COLUMNS.values())
_SHARES = ("率", "占比", "得分", "限")


def sheet_name(wanted: str, taken: Collection[str], blank: str = "未填报") -> str:
    """A name that Excel takes for a sheet and that none of `taken` has."""
    name = re.sub(r"[\[\]:*?/\\']", " ", text(wanted)).strip()[:28] or blank
    tries = [name, *(f"{name} {number}" for number in range(2, len(taken) + 3))]
    used = {other.lower() for other in taken}
    return next(one for one in tries if one.lower() not in used)


class Book:
    """A workbook being written: one table a sheet, every sheet ready for print.

    `created` is the moment the file says it was made at; without it that is now.
    """

    def __init__(self, title: str = "", created: datetime | None = None) -> None:
        self._buffer = io.BytesIO()
        self.file = xlsxwriter.Workbook(self._buffer, OPTIONS)
        self.formats = _formats(self.file)
        known = {"title": text(title)} | ({"created": created} if created else {})
        self.file.set_properties(known)

    def sheet(self, name: str, stamp: str, lines: Collection[tuple[str, str]] = ()) -> "Sheet":
        """A new sheet for print with `stamp` in its footer, and above the table the `lines`.

        A line is a text and the name of its format: title, stamp or note.
        """
        names = {sheet.get_name() for sheet in self.file.worksheets()}
        written = self.file.add_worksheet(sheet_name(name, names))
        paper(written, stamp)
        return Sheet(written, tuple(lines), self.formats)

    def content(self) -> bytes:
        """The finished file."""
        self.file.close()
        return self._buffer.getvalue()


def paper(sheet: Worksheet, stamp: str) -> None:
    """Set a sheet up for print: A4 across, as wide as the page, stamp and page number below."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    said = text(stamp)[:_FOOTER].replace("&", "&&")
    sheet.set_footer(f"&L&8{said}&R第 &P 页，共 &N 页")


@dataclass(frozen=True)
class Total:
    """A row below a table that Excel adds up itself, over the rows that a filter leaves.

    `sums` are headings to be added; `shares` are headings with those of numerator and denominator.
    """

    sums: tuple[str, ...]
    shares: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """A sheet that holds one table below its `lines`."""

    sheet: Worksheet
    lines: tuple[tuple[str, str], ...]
    formats: dict[str, Format]

    @property
    def top(self) -> int:
        """The row of the headings; 0 is the first."""
        return len(self.lines)

    def table(
        self, frame: pd.DataFrame, total: Total | None = None, below: Collection[str] = ()
    ) -> None:
        """Write `frame`, whose headings are Chinese, with frozen headings and a filter.

        The kind of a column is that of `COLUMNS`; of a heading that is not there, shares are told
        by their name. What a column has none of stays blank. `below` are sentences under the
        table.
        """
        widths = _widths(frame)
        for column, heading in enumerate(frame.columns):
            self.sheet.write_string(self.top, column, text(heading), self.formats["head"])
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
        for row, (line, look) in enumerate(self.lines):
            self._line(row, line, look, widths)
        first = self.top + len(frame) + (2 if total is None else 3)
        for row, line in enumerate(below, start=first):
            self._line(row, line, "note", widths)

    def _line(self, row: int, line: str, look: str, widths: list[int]) -> None:
        """A line over the whole width of the table, in as many lines as it takes.

        Merged cells do not grow with their text, so the row is given its height.
        """
        last, room = len(widths) - 1, sum(widths)
        if room < _LINE:
            last, room = last + math.ceil((_LINE - room) / _DEFAULT), _LINE
        self.sheet.merge_range(row, 0, row, last, "", self.formats[look])
        self.sheet.write_string(row, 0, text(line), self.formats[look])
        size = _POINTS[look]
        needed = math.ceil(width_of(line) * size / 11 * 1.05 / room)
        self.sheet.set_row(row, needed * size * 1.45)

    def _heights(self, frame: pd.DataFrame, widths: list[int]) -> None:
        """Room for text that wraps: not every program finds it by itself."""
        self.sheet.set_row(self.top, _ROW * max(map(_lines, frame.columns, widths), default=1))
        for row, values in enumerate(zip(*(frame[name] for name in frame), strict=True)):
            told = [
                _lines(value, width)
                for value, width in zip(values, widths, strict=True)
                if isinstance(value, str)
            ]
            if max(told, default=1) > 1:
                height = min(_ROW * max(told), _HIGHEST)
                self.sheet.set_row(self.top + 1 + row, height)

    def break_before(self, row: int, frame: pd.DataFrame, width: float) -> None:
        """Begin a new page of print at `row`, below the table `frame` and above `width` pixels.

        Excel heeds no break of ours while it fits the sheet to the page, so the scale is set.
        """
        width = max(width, sum(7 * one + 5 for one in _widths(frame)))
        self.sheet.set_print_scale(max(min(int(_PRINTED / width * 100), 100), 10))
        self.sheet.set_h_pagebreaks([row])

    def _number_look(self, heading: str, values: pd.Series) -> Format:
        kind = _KINDS.get(heading, "")
        if kind in ("percent", "points", "month"):
            return self.formats[kind]
        if kind in ("text", "long", "note"):
            return self.formats["text"]
        if not kind and heading.split("（", maxsplit=1)[0].endswith(_SHARES):
            return self.formats["percent"]
        numbers = [value for value in values if _is_number(value)]
        return self.formats["integer" if all(one == int(one) for one in numbers) else "decimal"]

    def _cell(self, row: int, column: int, value: object, look: Format) -> None:
        if isinstance(value, bool | np.bool_):
            self.sheet.write_string(row, column, "是" if value else "否", self.formats["text"])
        elif _is_number(value):
            self.sheet.write_number(row, column, float(value), look)
        elif isinstance(value, Number) or value is None or pd.isna(value):
            self.sheet.write_blank(row, column, None, self.formats["text"])
        elif isinstance(value, date) and value.year >= _FIRST_YEAR:
            month = look is self.formats["month"]
            self.sheet.write_datetime(row, column, value, look if month else self.formats["date"])
        else:
            self.sheet.write_string(row, column, text(value), self.formats["text"])

    def _total(self, frame: pd.DataFrame, total: Total) -> None:
        """Our own formulas; SUBTOTAL(109) leaves out what a filter hides."""
        row = self.top + 1 + len(frame)
        places = {heading: column for column, heading in enumerate(frame.columns)}
        sums = {heading: frame[heading].sum() for heading in total.sums}
        ranges = {
            heading: xlsxwriter.utility.xl_range(
                self.top + 1, places[heading], row - 1, places[heading]
            )
            for heading in total.sums
        }
        for column in places.values():
            self.sheet.write_blank(row, column, None, self.formats["total"])
        self.sheet.write_string(row, 0, "合计", self.formats["total"])
        for heading, cells in ranges.items():
            self.sheet.write_formula(
                row, places[heading], f"=SUBTOTAL(109,{cells})",
                self.formats["total"], float(sums[heading]),
            )  # fmt: skip
        for heading, (part, whole) in total.shares.items():
            above, below = (f"SUBTOTAL(109,{ranges[name]})" for name in (part, whole))
            self.sheet.write_formula(
                row, places[heading], f'=IF({below}=0,"未知",{above}/{below})',
                self.formats["total_percent"],
                float(sums[part] / sums[whole]) if sums[whole] else "未知",
            )  # fmt: skip


def _is_number(value: object) -> bool:
    """Whether a cell can hold `value` as a number."""
    return isinstance(value, Number) and math.isfinite(value)


def _widths(frame: pd.DataFrame) -> list[int]:
    """Widths of the columns by their widest cells; the more columns, the sooner text wraps."""
    widest = next(widest for most, widest in _WIDEST.items() if len(frame.columns) <= most)
    return [min(_width(heading, frame[heading]), widest) for heading in frame]


def _width(heading: object, values: pd.Series) -> int:
    """Width of a column by its widest cell, a date and a number as they are shown.

    A long heading takes two lines, with room for the button of the filter.
    """
    shown = values.head(_MEASURED).dropna()
    widths = [
        width_of(value) if isinstance(value, str) else 10 if isinstance(value, date) else 6
        for value in shown
    ]
    above = width_of(heading)
    above = above if above <= _SHORT else math.ceil(above / 2) + 2
    return max(above + 3, *(width + 3 for width in widths), NARROWEST)


def _lines(value: object, width: int) -> int:
    """Lines that `value` takes in a column of `width`; text breaks a little before the edge."""
    return sum(max(math.ceil(width_of(line) / (width - 2)), 1) for line in text(value).split("\n"))


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    cell = {"valign": "vcenter"}
    line = {"text_wrap": True, "valign": "vcenter"}
    total = {"bold": True, "top": 1, "num_format": "#,##0"}
    looks = {
        "title": line | {"bold": True},
        "stamp": line | {"font_color": "#5a6773", "italic": True},
        "note": line,
        "head": {"bold": True, "bg_color": "#dce6f1", "border": 1, "text_wrap": True,
                 "valign": "vcenter"},
        "text": cell | {"text_wrap": True, "indent": 1, "align": "left"},
        "integer": cell | {"num_format": "#,##0"},
        "decimal": cell | {"num_format": "#,##0.00"},
        "percent": cell | {"num_format": "0.0%"},
        "points": cell | {"num_format": "+0.0;-0.0;0.0"},
        "date": cell | {"num_format": "yyyy-mm-dd", "align": "left", "indent": 1},
        "month": cell | {"num_format": "yyyy-mm", "align": "left", "indent": 1},
        "total": total,
        "total_percent": total | {"num_format": "0.0%"},
    }  # fmt: skip
    sizes = {name: {"font_size": size} for name, size in _POINTS.items()}
    return {name: book.add_format(look | sizes.get(name, {})) for name, look in looks.items()}
