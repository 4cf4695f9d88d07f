"""The one writer of Excel tables: cells of the right kind, print set-up, names that Excel takes."""

import io
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from numbers import Number

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.columns import COLUMNS

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""Of a workbook in which text stays text, so that nothing from a file can run as a formula."""

WIDEST, NARROWEST = 46, 8  # of a column, in half-width characters; longer text wraps
_MEASURED = 200  # rows by which a column's width is chosen
_LONGEST = 32_767  # UTF-16 units that a cell takes
_FOOTER = 200  # characters of the stamp in the footer, of the 255 that Excel allows
_KINDS = dict(COLUMNS.values())
_SHARES = ("率", "占比", "得分", "限")
# What XML cannot carry: control characters, half of a surrogate pair, no characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def text(value: object) -> str:
    """`value` as text that a cell takes: without control characters, cut where it is too long."""
    clean = _UNPRINTABLE.sub(" ", str(value))
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST:
        return clean
    return units[: 2 * (_LONGEST - 1)].decode("utf-16-le", errors="ignore") + "…"


def sheet_name(wanted: str, taken: Collection[str], blank: str = "未填报") -> str:
    """A name that Excel takes for a sheet and that none of `taken` has."""
    name = re.sub(r"[\[\]:*?/\\']", " ", text(wanted)).strip()[:28] or blank
    tries = [name, *(f"{name} {number}" for number in range(2, len(taken) + 3))]
    used = {other.lower() for other in taken}
    return next(one for one in tries if one.lower() not in used)


def width_of(value: object) -> int:
    """Half-width characters that `value` takes; a Chinese one takes two."""
    lines = str(value).split("\n")
    return max(sum(1 if sign.isascii() else 2 for sign in line) for line in lines)


class Book:
    """A workbook being written: one table a sheet, every sheet ready for print.

    `created` is the moment the file says it was made at; None leaves it to the clock.
    """

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self.file = xlsxwriter.Workbook(self._buffer, OPTIONS)
        self.formats = _formats(self.file)

    def sheet(self, name: str, stamp: str, lines: Collection[tuple[str, str]] = ()) -> "Sheet":
        """A new sheet for print with `stamp` in its footer, and above the table the `lines`.

        A line is a text and the name of its format: title, stamp or note.
        """
        names = {sheet.get_name() for sheet in self.file.worksheets()}
        written = self.file.add_worksheet(sheet_name(name, names))
        paper(written, stamp)
        for row, (line, look) in enumerate(lines):
            written.write_string(row, 0, text(line), self.formats[look])
        return Sheet(written, len(lines), self.formats)

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
    """A sheet whose table begins in row `top` (0 is the first), below the lines above it."""

    sheet: Worksheet
    top: int
    formats: dict[str, Format]

    def table(self, frame: pd.DataFrame, total: Total | None = None) -> None:
        """Write `frame`, whose headings are Chinese, with frozen headings and a filter.

        The kind of a column is that of `COLUMNS`; of a heading that is not there, shares are told
        by their name. What a column has none of stays blank.
        """
        for column, heading in enumerate(frame.columns):
            self.sheet.write_string(self.top, column, text(heading), self.formats["head"])
            look = self._number_look(str(heading), frame[heading])
            for row, value in enumerate(frame[heading], start=self.top + 1):
                self._cell(row, column, value, look)
            width = min(max(_widest(heading, frame[heading]) + 2, NARROWEST), WIDEST)
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(self.top + 1, 0)
        self.sheet.repeat_rows(0, self.top)
        if len(frame):
            self.sheet.autofilter(self.top, 0, self.top + len(frame), len(frame.columns) - 1)
        if len(frame) and total is not None:
            self._total(frame, total)

    def _number_look(self, heading: str, values: pd.Series) -> Format:
        kind = _KINDS.get(heading, "")
        if kind in ("percent", "points"):
            return self.formats[kind]
        if not kind and heading.split("（", maxsplit=1)[0].endswith(_SHARES):
            return self.formats["percent"]
        numbers = pd.to_numeric(values, errors="coerce")
        finite = numbers[np.isfinite(numbers.astype("float64"))]
        return self.formats["integer" if (finite == finite.round()).all() else "decimal"]

    def _cell(self, row: int, column: int, value: object, look: Format) -> None:
        if isinstance(value, bool | np.bool_):
            self.sheet.write_string(row, column, "是" if value else "否", self.formats["text"])
        elif isinstance(value, Number) and math.isfinite(value):
            self.sheet.write_number(row, column, float(value), look)
        elif isinstance(value, Number) or value is None or pd.isna(value):
            self.sheet.write_blank(row, column, None, self.formats["text"])
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.formats["date"])
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


def _widest(heading: object, values: pd.Series) -> int:
    """Width of the widest cell, a date and a number as they are shown."""
    shown = values.head(_MEASURED).dropna()
    widths = [
        width_of(value) if isinstance(value, str) else 10 if isinstance(value, date) else 8
        for value in shown
    ]
    return max([width_of(heading) + 2, *widths])


def _formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    cell = {"valign": "top"}
    total = {"bold": True, "top": 1, "num_format": "#,##0"}
    looks = {
        "title": {"bold": True, "font_size": 16},
        "stamp": {"font_color": "#5a6773", "italic": True, "font_size": 9},
        "note": {"font_size": 11},
        "head": {"bold": True, "bg_color": "#dce6f1", "border": 1, "text_wrap": True,
                 "valign": "vcenter"},
        "text": cell | {"num_format": "@", "text_wrap": True},
        "integer": cell | {"num_format": "#,##0"},
        "decimal": cell | {"num_format": "#,##0.00"},
        "percent": cell | {"num_format": "0.0%"},
        "points": cell | {"num_format": "+0.0;-0.0;0.0"},
        "date": cell | {"num_format": "yyyy-mm-dd", "align": "left"},
        "total": total,
        "total_percent": total | {"num_format": "0.0%"},
    }  # fmt: skip
    return {name: book.add_format(look) for name, look in looks.items()}
