"""Excel workbooks of a page's tables: one sheet a table, below the line that says what they are."""

import pandas as pd

from excel.workbook_writer import Book


def workbook(sheets: dict[str, pd.DataFrame], stamp: str) -> bytes:
    """The tables of `sheets` (sheet name → frame with Chinese headings) as an XLSX file.

    `stamp` is the line that says basis, day and snapshot; it heads every sheet. Text is written
    as text, so that nothing that came from a file can run as a formula.
    """
    book = Book()
    for name, frame in sheets.items():
        book.sheet(name, stamp, [(stamp, "stamp")]).table(frame)
    return book.content()
