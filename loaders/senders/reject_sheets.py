"""Rejected rows as a workbook to send back, in the sender's own layout, known when it returns."""

import re
import sys
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import pandas as pd

from excel.cell_text import column_width
from excel.workbook_writer import Book, Sheet
from loaders.formats import cell_sheet
from loaders.formats.cell_sheet import Cell
from loaders.reading.cell_parsing import text
from loaders.reading.header_matching import Layout

_NOWHERE = sys.maxsize  # position of a column that the sender does not have: after all others
_REASON = 70  # characters: width of the last column
_MEASURED = 200  # rows that the width of a column is taken from

_NUMBER = re.compile(r"退回单\s*(R[0-9A-F]{10})")
_MARK = re.compile(r"第\s*(\d+)\s*行\s*(?:\((.*?)\)\s*)?:")


@dataclass(frozen=True)
class Returned:
    """The rejected rows of one sheet as they were sent, and what is wrong with each.

    `top` are the lines down to the header, whose last `header_rows` lines are the header; `rows`
    the rejected rows, all cut to `width` cells; `numbers` the lines on which they stood. `wrong`
    holds the wrong cells (index into `rows`, position). The length is the number of rows.
    """

    file: str
    sheet: str
    top: list[list[Cell]]
    header_rows: int
    rows: list[list[Cell]]
    numbers: list[int]
    wrong: frozenset[tuple[int, int]]
    reasons: list[str]
    width: int

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def title(self) -> str:
        """What a person calls the table: the file, and the sheet where there is one."""
        return f"{self.file} {self.sheet}".strip()


def returned(
    file: str, sheet: cell_sheet.Sheet, layout: Layout, problems: pd.DataFrame
) -> Returned:
    """The rows of `sheet` that have `problems` (row, column of ours, reason).

    Reasons stand in the order of the sender's columns; those of an earlier send-back are left out.
    """
    wrong_places: dict[int, list[tuple[int, str]]] = {}
    cells = zip(problems["row"], problems["column"], problems["reason"], strict=True)
    for row, column, reason in cells:
        place = layout.columns.get(column, _NOWHERE)
        wrong_places.setdefault(row, []).append((place, f"{layout.written(column)}：{reason}"))
    numbers = sorted(wrong_places)
    old = set(_reason_positions(layout))
    first = layout.header_row + 1
    top = [_without(row, old) for row in sheet.rows[:first]]
    rows = [_without(sheet.rows[number - 1], old) for number in numbers]
    width = max(map(_width, [*top[first - layout.header_rows :], *rows]))
    order = {number: index for index, number in enumerate(numbers)}
    wrong = frozenset(
        (order[row], place - sum(other < place for other in old))
        for row, places in wrong_places.items()
        for place, _ in places
        if place != _NOWHERE
    )
    reasons = ["；".join(text for _, text in sorted(wrong_places[number])) for number in numbers]
    return Returned(
        file=file,
        sheet=sheet.name,
        top=top,
        header_rows=layout.header_rows,
        rows=[row[:width] for row in rows],
        numbers=numbers,
        wrong=wrong,
        reasons=reasons,
        width=max([width, *(place + 1 for _, place in wrong)]),
    )


def marks(parts: Sequence[Returned]) -> list[str]:
    """The mark of each row of a send-back: 第 12 行, with its table where there are several."""
    full = [part for part in parts if len(part)]
    return [
        f"第 {number} 行" + (f"（{_plain(part.title)}）" if len(full) > 1 else "")
        for part in full
        for number in part.numbers
    ]


def number(digest: str, rows: Sequence[object]) -> str:
    """Number of a send-back: the same for the same file (`digest`) and the same rows of it."""
    content = "|".join([digest, *map(str, rows)])
    return "R" + blake2b(content.encode(), digest_size=5).hexdigest().upper()


def workbook(parts: Sequence[Returned], number: str) -> bytes:
    """XLSX with a sheet for each of `parts` that has rows, laid out as it came.

    Wrong cells are coloured; a last column gives the reasons, its header the `number`.
    """
    book = Book()
    full = [part for part in parts if len(part)]
    rows = iter(marks(full))
    for part in full:
        stem = part.file.rpartition(".")[0] or part.file
        sheet = book.sheet(part.sheet or stem, blank="退回")
        _write_top(sheet, part, reason_header(number))
        _write_rows(sheet, part, rows)
        sheet.sheet.freeze_panes(len(part.top), 0)
    return book.content()


def reason_header(number: str) -> str:
    """Header of the last column of a send-back."""
    return f"退回原因（退回单 {number}）"


def return_number(headers: Sequence[str]) -> str | None:
    """Number of the send-back that a file answers, from its last column; None for any other."""
    matches = (_NUMBER.search(unicodedata.normalize("NFKC", header).upper()) for header in headers)
    return next((match[1] for match in matches if match), None)


def answers(
    sheet: cell_sheet.Sheet, layout: Layout, accepted: Collection[int]
) -> list[tuple[str, bool]]:
    """The rows of a corrected send-back: mark of the row that each corrects, and if it is right.

    `accepted` are the numbers of the rows of `sheet` that were accepted. The mark is '' for a row
    whose reason no longer begins with one. Rows that hold nothing but a reason do not count.
    """
    places, right = _reason_positions(layout), set(accepted)
    corrected = []
    for row, cells in enumerate(sheet.rows[layout.header_row + 1 :], start=layout.header_row + 2):
        if _width(_without(cells, set(places))):
            reason = " ".join(text(cells[place]) for place in places if place < len(cells))
            corrected.append((_mark(reason), row in right))
    return corrected


def outcome(number: str, body: Mapping[str, Any], answers: Sequence[tuple[str, bool]]) -> str:
    """What came of a send-back, as a Chinese sentence.

    `body` is what the ledger kept of it: `rows`, the marks of the rows that were sent back.
    `answers` are those of all sheets of the corrected file.
    """
    sent = set(body["rows"])
    came: dict[str, bool] = {}
    for mark, right in answers:
        if mark in sent:
            came[mark] = came.get(mark, True) and right
    passed, missing = sum(came.values()), len(sent) - len(came)
    parts = [f"退回 {len(sent)} 行", f"本次收到 {len(came)} 行"]
    if came:
        parts.append(f"其中 {passed} 行通过")
    if passed < len(came):
        parts.append(f"{len(came) - passed} 行仍有问题")
    if missing:
        parts.append(f"{missing} 行未见回来")
    other = sum(mark not in sent for mark, _ in answers)
    if other:
        parts.append(f"另有 {other} 行没有注明是退回的哪一行")
    return f"这是退回单 {number} 的改正件：" + "，".join(parts)


def _write_top(sheet: Sheet, part: Returned, reason: str) -> None:
    """Write the titles and the header; what stands twice one above the other is merged again."""
    first = len(part.top) - part.header_rows
    for line, row in enumerate(part.top[:first]):
        for place, cell in enumerate(row):
            sheet.as_sent(line, place, cell)
    lines = [[*_cut(row, part.width), reason] for row in part.top[first:]]
    for place, cells in enumerate(zip(*lines, strict=True)):
        merged = len(cells) > 1 and len(set(cells)) == 1 and cells[0] != ""
        if merged:
            last = first + len(cells) - 1
            sheet.sheet.merge_range(first, place, last, place, "", sheet.book.format("head"))
        for line, cell in enumerate(cells[:1] if merged else cells, start=first):
            sheet.as_sent(line, place, cell, "head")


def _write_rows(sheet: Sheet, part: Returned, marks: Iterator[str]) -> None:
    """Write the rows, each with its mark (the next of `marks`) and reasons, and set the widths."""
    for index, row in enumerate(part.rows):
        line = len(part.top) + index
        for place, cell in enumerate(_cut(row, part.width)):
            sheet.as_sent(line, place, cell, "wrong" if (index, place) in part.wrong else "")
        sheet.text(line, part.width, f"{next(marks)}：{part.reasons[index]}", "reason")
    measured = [*part.top[-part.header_rows :], *part.rows[:_MEASURED]]
    for place in range(part.width):
        texts = [text(row[place]) for row in measured if place < len(row)]
        sheet.sheet.set_column(place, place, column_width(texts, most=40, least=6, margin=2))
    sheet.sheet.set_column(part.width, part.width, _REASON)


def _cut(row: Sequence[Cell], width: int) -> list[Cell]:
    """A row of exactly `width` cells."""
    return [*row[:width], *[""] * (width - len(row))]


def _mark(reason: str) -> str:
    """The mark that a reason begins with, written as `marks` writes it; '' if there is none."""
    mark = _MARK.match(unicodedata.normalize("NFKC", reason).strip())
    if not mark:
        return ""
    return f"第 {mark[1]} 行" + (f"（{mark[2]}）" if mark[2] else "")


def _plain(title: str) -> str:
    """A title without the signs that end a mark."""
    return " ".join(re.sub(r"[():]", " ", unicodedata.normalize("NFKC", title)).split())


def _reason_positions(layout: Layout) -> list[int]:
    shown = zip(layout.headers["header"], layout.headers["position"], strict=True)
    return [int(place) for header, place in shown if return_number([header])]


def _without(row: Sequence[Cell], places: Collection[int]) -> list[Cell]:
    return [cell for place, cell in enumerate(row) if place not in places]


def _width(row: Sequence[Cell]) -> int:
    """Number of cells up to the last one that is not blank."""
    return max((place + 1 for place, cell in enumerate(row) if str(cell).strip()), default=0)
