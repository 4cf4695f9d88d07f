"""Where the header of a sheet stands: one line or two, below whatever titles there are."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from loaders.formats.cell_sheet import Cell, Sheet
from loaders.reading.column_names import Header, known

TITLE_ROWS = 20
"""Lines in which a header is looked for."""

_LONGEST = 60  # characters of a header that could be a name: a longer text is a remark
_QUOTED = 20  # characters of a cell that a remark quotes


@dataclass(frozen=True)
class Top:
    """The header of a sheet: its last line (from 0), how many lines it has, and what it says.

    `score` is the number of our columns that it names, `sure` the number without that of points
    in one cell: 坐标 alone may as well be the group heading over 经度 and 纬度.
    """

    row: int
    rows: int
    headers: list[Header]
    score: int
    sure: int


def top(sheet: Sheet, kinds: Sequence[str], confirmed: Mapping[str, str]) -> Top | None:
    """The header among the first lines that names the most columns of one of `kinds`.

    Two lines are one header only where they name more columns than either line does alone.
    """
    lines = sheet.rows[:TITLE_ROWS]
    one = [_top(row, 1, _single(line), kinds, confirmed) for row, line in enumerate(lines)]
    two = [
        _top(row + 1, 2, _double(upper, lower), kinds, confirmed)
        for row, (upper, lower) in enumerate(pairwise(lines))
    ]
    better = [both for both in two if both.sure > max(one[both.row - 1].sure, one[both.row].sure)]
    found = max([*one, *better], key=lambda t: (t.sure, t.score, -t.rows, -t.row), default=None)
    return found if found and found.score else None


def widest(sheet: Sheet) -> Top:
    """The first of the lines with the most cells of text, for a sheet that names no column of ours.

    It is the header of any table whose data are numbers and names.
    """
    lines = [_single(line) for line in sheet.rows[:TITLE_ROWS]]
    filled = [sum(bool(header.names) for header in line) for line in lines]
    row = filled.index(max(filled))
    return Top(row, 1, lines[row], 0, 0)


def below(sheet: Sheet, header_row: int) -> Sheet:
    """The sheet without the texts of its header where those are merged down over its data."""
    rows, merges = list(sheet.rows), []
    for merge in sheet.merges:
        if not (merge.filled and merge.first <= header_row < merge.last):
            merges.append(merge)
            continue
        for line in range(header_row + 1, merge.last + 1):
            if merge.column < len(rows[line]):
                rows[line] = [
                    "" if place == merge.column else cell for place, cell in enumerate(rows[line])
                ]
        merges.append(replace(merge, last=header_row))
    return replace(sheet, rows=rows, merges=tuple(merges))


def remarks(sheet: Sheet, named: Collection[int], header_row: int) -> list[str]:
    """What a person should know of the rows below a header whose columns `named` have a name."""
    notes = [
        f"表头“{shown(sheet.rows[merge.first][merge.column])}”一直合并到第 {merge.last + 1} 行，"
        "这些行的这一列按空白读取"
        for merge in sheet.merges
        if merge.filled and merge.first <= header_row < merge.last
    ]
    wide = sum(merge.across and merge.first > header_row for merge in sheet.merges)
    if wide:
        notes.append(f"{wide} 处合并的单元格跨了几列，内容只记在其中的第一列，其余各列视为空白")
    for place, (lines, example) in nameless(sheet, named, header_row).items():
        notes.append(f"第 {place + 1} 列没有列名，有 {lines} 行内容没有读取，如“{example}”")
    return notes


def nameless(sheet: Sheet, named: Collection[int], header_row: int) -> dict[int, tuple[int, str]]:
    """Columns without a name that hold data: how many rows have any there, and the first of them.

    In a text file a splitter within a cell shifts the rest of its row: cells beyond the last name
    are a column only where the header has a cell for it and most rows fill it.
    """
    rows = sheet.rows[header_row + 1 :]
    width = max(map(len, rows), default=0)
    last = max(named, default=-1)
    found = {}
    for place in sorted(set(range(width)) - set(named)):
        cells = [row[place] for row in rows if place < len(row) and not _is_blank(row[place])]
        if not cells:
            continue
        if sheet.splitter and place > last:
            filled = sum(any(not _is_blank(cell) for cell in row) for row in rows)
            if place >= len(sheet.rows[header_row]) or len(cells) * 2 <= filled:
                continue
        found[place] = (len(cells), shown(cells[0])[:_QUOTED])
    return found


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def shown(cell: Cell) -> str:
    """A header cell as a person reads it, its line breaks taken out."""
    return " ".join(re.sub(r"\s*[\r\n]+\s*", "", str(cell)).split())


def _top(
    row: int, rows: int, headers: list[Header], kinds: Sequence[str], confirmed: Mapping[str, str]
) -> Top:
    meant = [{known(header, kind, confirmed) for header in headers} - {None} for kind in kinds]
    return Top(
        row, rows, headers, max(map(len, meant)), max(len(names - {"lonlat"}) for names in meant)
    )


def _single(line: Sequence[Cell]) -> list[Header]:
    texts = [shown(cell) for cell in line]
    return [Header(text, (text,) if 0 < len(text) <= _LONGEST else ()) for text in texts]


def _double(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Header]:
    """Headers of two lines: a group's label in the upper one goes for the columns to its right."""
    group, headers = "", []
    for above, below in zip_longest(map(shown, upper), map(shown, lower), fillvalue=""):
        group = above or group
        if not below:
            headers.append(Header(above, (above,) if above else ()))
        elif group == below or (not above and not group):
            headers.append(Header(below, (below,)))
        else:
            headers.append(Header(f"{group}·{below}", (group + below, below)))
    return headers
