"""Excel workbooks: one sheet a table, frozen headings, and a sheet that says what they are."""

import io

import pandas as pd
import xlsxwriter

WIDEST = 46


def workbook(sheets: dict[str, pd.DataFrame], stamp: str) -> bytes:
    """The tables of `sheets` (sheet name → frame with Chinese headings) as an XLSX file.

    `stamp` is the line that says basis, day and snapshot; it heads every sheet. Text is written
    as text, so that nothing that came from a file can run as a formula. Columns whose heading
    ends in 率, 占比, 得分 or 限 are shares and shown in percent.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        styles = {
            "stamp": book.add_format({"font_color": "#5a6773", "italic": True}),
            "head": book.add_format(
                {"bold": True, "bg_color": "#dce6f1", "border": 1, "text_wrap": True}
            ),
            "percent": book.add_format({"num_format": "0.0%"}),
            "text": book.add_format({"num_format": "@"}),
        }
        for name, frame in sheets.items():
            _write(book.add_worksheet(name[:31]), frame, stamp, styles)
    return buffer.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, frame: pd.DataFrame, stamp: str, styles: dict
) -> None:
    sheet.write_string(0, 0, stamp, styles["stamp"])
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    for column, heading in enumerate(frame.columns):
        sheet.write_string(1, column, str(heading), styles["head"])
        share = str(heading).split("（")[0].endswith(("率", "占比", "得分", "限"))
        cells = frame[heading]
        for row, value in enumerate(cells, start=2):
            if pd.isna(value):
                continue
            if isinstance(value, bool):
                sheet.write_string(row, column, "是" if value else "否")
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value, styles["percent"] if share else None)
            else:
                sheet.write_string(row, column, str(value), styles["text"])
        longest = max(
            [len(str(heading)) * 2, *(len(str(value)) * 1.6 for value in cells.head(200))]
        )
        sheet.set_column(column, column, min(longest + 2, WIDEST))
    if len(frame):
        sheet.autofilter(1, 0, len(frame) + 1, len(frame.columns) - 1)
