"""Where the header of a sheet stands: one line or two, below whatever titles there are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from loaders.formats.sheet import Cell, Sheet
from loaders.reading.column_names import Header, known

TITLE_ROWS = 20
"""Lines in which a header is looked for."""

_LONGEST = 60  # characters of a header that could be a name: a longer text is a remark


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


def top(sheet: Sheet, kinds: Sequence[str], told: Mapping[str, str]) -> Top | None:
    """The header among the first lines that names the most columns of one of `kinds`.

    Two lines are one header only where they name more columns than either line does alone.
    """
    lines = sheet.rows[:TITLE_ROWS]
    one = [_top(row, 1, _single(line), kinds, told) for row, line in enumerate(lines)]
    two = [
        _top(row + 1, 2, _double(upper, lower), kinds, told)
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


def shown(cell: Cell) -> str:
    """A header cell as a person reads it, its line breaks taken out."""
    return " ".join(re.sub(r"\s*[\r\n]+\s*", "", str(cell)).split())


def _top(
    row: int, rows: int, headers: list[Header], kinds: Sequence[str], told: Mapping[str, str]
) -> Top:
    meant = [{known(header, kind, told) for header in headers} - {None} for kind in kinds]
    return Top(
        row, rows, headers, max(map(len, meant)), max(len(names - {"lonlat"}) for names in meant)
    )


def _single(line: Sequence[Cell]) -> list[Header]:
    texts = [shown(cell) for cell in line]
    return [Header(text, (text,) if 0 < len(text) <= _LONGEST else ()) for text in texts]


def _double(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Header]:
    """Headers of two lines; a group's name stands over its first column and goes for the others."""
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
