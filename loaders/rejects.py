"""Rejected rows as a workbook to send back."""

import io
import re
from collections.abc import Sequence
from datetime import date, time

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from loaders.files import Cell

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,  # a name that begins with = + - @ stays a name
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
    "remove_timezone": True,
}
_SHEET_NAME = 31  # characters that Excel allows


def workbook(sheets: Sequence[tuple[str, pd.DataFrame]]) -> bytes:
    """XLSX with one sheet for each named frame of raw cells, headers in the first row."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        for order, (name, rows) in enumerate(sheets, start=1):
            sheet = book.add_worksheet(_sheet_name(name, order))
            for column, header in enumerate(rows.columns):
                sheet.write_string(0, column, header, bold)
            for line, row in enumerate(rows.itertuples(index=False, name=None), start=1):
                for column, cell in enumerate(row):
                    _write(sheet, line, column, cell)
            sheet.freeze_panes(1, 0)
            sheet.set_column(len(rows.columns) - 1, len(rows.columns) - 1, 60)
    return buffer.getvalue()


def _write(sheet: Worksheet, line: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, column, cell)
    elif isinstance(cell, (bool, int, float, date, time)):
        sheet.write(line, column, cell)
    else:
        sheet.write_string(line, column, str(cell))


def _sheet_name(name: str, order: int) -> str:
    """A name that Excel takes, unique by its number."""
    allowed = re.sub(r"[\[\]:*?/\\]", " ", name)
    return f"{order} {allowed}"[:_SHEET_NAME].rstrip("' ")
