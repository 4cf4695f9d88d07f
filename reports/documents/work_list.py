"""The work list for print: A4 landscape, a sheet with the map, one with all lines, one a bank."""

import io
from dataclasses import dataclass

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from excel import workbook_writer
from excel.cell_text import text
from presentation.legends import PLAN_LABELS

# Column of the work → (heading, width in characters). `tick` and `order` are made here.
_LINES = {
    "order": ("序号", 6),
    "place": ("场所", 24),
    "name": ("商户", 26),
    "address": ("地址", 38),
    "todo": ("需要做什么", 20),
    "state_label": ("现在状态", 12),
    "cash_point": ("公共收银点", 10),
    "operator": ("银行", 12),
    "tick": ("完成打勾", 9),
    "note": ("备注", 18),
}
_VENUES = {
    "number": ("图上编号", 9),
    "venue": ("场所", 30),
    "kind": ("类别", 16),
    "area": ("县区、板块", 14),
    "address": ("地址", 44),
    "operator": ("负责机构", 16),
    "units": ("要做（家、项）", 14),
    "result": ("做完以后", 18),
}
_PICTURE_ROWS = 16  # rows of 20 points that the map takes on the first sheet
_PICTURE_SCALE = _PICTURE_ROWS * 20 / 72 / 5  # of the map's five inches


@dataclass(frozen=True)
class Paper:
    """What stands above the lines: title, stamp (basis, day, version, demo mark) and sentences."""

    title: str
    stamp: str
    sentences: tuple[str, ...]


def worklist(paper: Paper, venues: pd.DataFrame, work: pd.DataFrame, picture: bytes) -> bytes:
    """The work list as an XLSX file.

    `work` has one line a step: place (number on the map and name of the venue), name, address,
    todo, state_label, cash_point, operator and note. `venues` has number, venue, kind, area,
    address, operator, units and done; `picture` is their map as PNG. Text is written as text, so
    that nothing that came from a file can run as a formula.
    """
    buffer = io.BytesIO()
    venues = venues.assign(result=venues["done"].map(PLAN_LABELS))
    work = work.assign(tick="□")
    with xlsxwriter.Workbook(buffer, workbook_writer.OPTIONS) as book:
        styles = _styles(book)
        _cover(book.add_worksheet("计划和地图"), paper, venues, picture, styles)
        _lines(book.add_worksheet("全部"), paper, work, styles)
        for bank in work["operator"].value_counts().index:
            own = Paper(f"{paper.title}：{bank}", paper.stamp, ())
            name = workbook_writer.sheet_name(
                bank, {sheet.get_name() for sheet in book.worksheets()}
            )
            _lines(book.add_worksheet(name), own, work[work["operator"] == bank], styles)
    return buffer.getvalue()


def _styles(book: xlsxwriter.Workbook) -> dict:
    cell = {"border": 1, "text_wrap": True, "valign": "vcenter", "font_size": 10}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "stamp": book.add_format({"font_color": "#5a6773", "italic": True, "font_size": 9}),
        "sentence": book.add_format({"text_wrap": True, "valign": "vcenter"}),
        "head": book.add_format(cell | {"bold": True, "bg_color": "#dce6f1", "align": "center"}),
        "text": book.add_format(cell | {"num_format": "@"}),
        "centre": book.add_format(cell | {"align": "center"}),
    }


def _cover(
    sheet: Worksheet, paper: Paper, venues: pd.DataFrame, picture: bytes, styles: dict
) -> None:
    top = _head(sheet, paper, len(_VENUES), styles)
    for row in range(top, top + _PICTURE_ROWS):
        sheet.set_row(row, 20)
    sheet.insert_image(
        top, 0, "map.png",
        {"image_data": io.BytesIO(picture), "x_scale": _PICTURE_SCALE, "y_scale": _PICTURE_SCALE,
         "description": "计划里的场所，按编号"},
    )  # fmt: skip
    sheet.repeat_rows(top + _PICTURE_ROWS)
    _table(sheet, top + _PICTURE_ROWS, venues, _VENUES, styles)


def _lines(sheet: Worksheet, paper: Paper, work: pd.DataFrame, styles: dict) -> None:
    top = _head(sheet, Paper(paper.title, paper.stamp, ()), len(_LINES), styles)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(0, top)
    _table(sheet, top, work.assign(order=range(1, len(work) + 1)), _LINES, styles)


def _head(sheet: Worksheet, paper: Paper, columns: int, styles: dict) -> int:
    """Set the sheet up for print and write what stands above the table; the row it begins in."""
    workbook_writer.paper(sheet, paper.stamp)
    sheet.write_string(0, 0, paper.title, styles["title"])
    sheet.write_string(1, 0, paper.stamp, styles["stamp"])
    for row, sentence in enumerate(paper.sentences, start=2):
        sheet.merge_range(row, 0, row, columns - 1, "", styles["sentence"])
        sheet.write_string(row, 0, sentence, styles["sentence"])
        sheet.set_row(row, 32)  # merged cells do not grow with their text
    return 2 + len(paper.sentences)


def _table(
    sheet: Worksheet,
    top: int,
    frame: pd.DataFrame,
    columns: dict[str, tuple[str, int]],
    styles: dict,
) -> None:
    for column, (name, (heading, width)) in enumerate(columns.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, heading, styles["head"])
        for row, value in enumerate(frame[name], start=top + 1):
            if isinstance(value, str):
                centred = name in ("tick", "cash_point")
                sheet.write_string(
                    row, column, text(value), styles["centre" if centred else "text"]
                )
            else:
                sheet.write_number(row, column, value, styles["centre"])
