"""The work list for print: A4 landscape, a sheet with the map, one with all lines, and by bank.

Columns are as wide together as the paper, so that type is printed as large as it is written.
"""

import io
from dataclasses import dataclass, replace

import pandas as pd

from excel.cell_text import width_of
from excel.workbook_writer import Book, Sheet
from presentation.legends import PLAN_LABELS

# Column of the work → (heading, width in characters). `tick` and `order` are made here.
_LINES = {
    "order": ("序号", 5),
    "place": ("场所", 18),
    "name": ("商户", 22),
    "address": ("地址", 28),
    "todo": ("需要做什么", 15),
    "state_label": ("现在状态", 8),
    "cash_point": ("收银点", 7),
    "operator": ("银行", 9),
    "tick": ("完成", 5),
    "note": ("备注", 12),
}
_VENUES = {
    "number": ("图上编号", 6),
    "venue": ("场所", 24),
    "kind": ("类别", 11),
    "area": ("县区、板块", 11),
    "address": ("地址", 33),
    "operator": ("负责机构", 13),
    "units": ("要做（家、项）", 10),
    "result": ("做完以后", 18),
}
_CENTRED = ("tick", "cash_point")
PAGE = 20  # lines that fill a page: a bank with fewer shares its pages with others
OTHERS, EVERY = "其他银行（按银行排）", "按银行排"
_LINE = 14.5  # points of a line of text
_PICTURE_ROWS = 16  # rows of 20 points that the map takes on the first sheet
_PICTURE_SCALE = _PICTURE_ROWS * 20 / 72 / 5  # of the map's five inches


@dataclass(frozen=True)
class Paper:
    """The lines above a table: title, stamp (basis, day, version, demo mark) and sentences."""

    title: str
    stamp: str
    sentences: tuple[str, ...] = ()


def worklist(paper: Paper, venues: pd.DataFrame, work: pd.DataFrame, picture: bytes) -> bytes:
    """The work list as an XLSX file.

    `work` has one line a step: place (number on the map and name of the venue), name, address,
    todo, state_label, cash_point, operator and note. `venues` has number, venue, kind, area,
    address, operator, units and done; `picture` is their map as PNG.
    """
    book = Book()
    venues = venues.assign(result=venues["done"].map(PLAN_LABELS))
    _cover(book.sheet("计划和地图"), paper, venues, picture)
    work = work.assign(tick="□")
    _lines(book.sheet("全部"), replace(paper, sentences=()), work)
    counts = work["operator"].value_counts()
    for bank in counts.index[counts >= PAGE]:
        own = Paper(f"{paper.title}：{bank}", paper.stamp)
        _lines(book.sheet(bank), own, work[work["operator"] == bank])
    few = counts.index[counts < PAGE]
    if len(few):
        name = OTHERS if len(few) < len(counts) else EVERY
        own = Paper(f"{paper.title}：{name}", paper.stamp)
        rest = work[work["operator"].isin(few)]
        _lines(book.sheet(name), own, rest.sort_values("operator", kind="stable"))
    return book.content()


def _cover(sheet: Sheet, paper: Paper, venues: pd.DataFrame, picture: bytes) -> None:
    top = _head(sheet, paper, len(_VENUES))
    for row in range(top, top + _PICTURE_ROWS):
        sheet.sheet.set_row(row, 20)
    options = {
        "image_data": io.BytesIO(picture),
        "x_scale": _PICTURE_SCALE,
        "y_scale": _PICTURE_SCALE,
        "description": "计划里的场所，按编号",
    }
    sheet.sheet.insert_image(top, 0, "map.png", options)
    sheet.sheet.repeat_rows(top + _PICTURE_ROWS)
    _table(sheet, top + _PICTURE_ROWS, venues, _VENUES)


def _lines(sheet: Sheet, paper: Paper, work: pd.DataFrame) -> None:
    top = _head(sheet, paper, len(_LINES))
    sheet.sheet.freeze_panes(top + 1, 0)
    sheet.sheet.repeat_rows(0, top)
    _table(sheet, top, work.assign(order=range(1, len(work) + 1)), _LINES)


def _head(sheet: Sheet, paper: Paper, columns: int) -> int:
    """Set the sheet up for print and write what stands above the table; the row it begins in."""
    sheet.print_across(paper.stamp)
    sheet.text(0, 0, paper.title, "title")
    sheet.text(1, 0, paper.stamp, "stamp")
    for row, sentence in enumerate(paper.sentences, start=2):
        sheet.merged(row, columns - 1, sentence, "note")
        sheet.sheet.set_row(row, 32)  # merged cells do not grow with their text
    return 2 + len(paper.sentences)


def _table(
    sheet: Sheet, top: int, frame: pd.DataFrame, columns: dict[str, tuple[str, int]]
) -> None:
    rooms = [width - 1 for _, width in columns.values()]
    headings = [heading for heading, _ in columns.values()]
    written = frame[list(columns)].astype(str).to_numpy()
    for row, texts in enumerate([headings, *written], start=top):
        lines = max(-(-width_of(one) // room) for one, room in zip(texts, rooms, strict=True))
        sheet.sheet.set_row(row, _LINE * max(lines, 1) + 3)  # not every program finds it by itself
    for column, (name, (heading, width)) in enumerate(columns.items()):
        sheet.sheet.set_column(column, column, width)
        sheet.text(top, column, heading, "head", align="center", font_size=10)
        form = {"align": "center"} if name in _CENTRED else {"num_format": "@"}
        for row, value in enumerate(frame[name], start=top + 1):
            if isinstance(value, str):
                sheet.text(row, column, value, "listed", **form)
            else:
                look = sheet.book.format("listed", align="center")
                sheet.sheet.write_number(row, column, value, look)
