"""Sheets of cells, which every opened file becomes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Cell = Any
"""Content of a cell: str, float, int, bool, date, datetime, time or timedelta; '' if blank."""

MOST_ROWS = 300_000
"""Rows of a sheet that are read: about three times the city's shops."""

MOST_CELLS = 6_000_000
"""Cells of all sheets of a file, blank ones among them: 300,000 rows of 20 columns."""


@dataclass(frozen=True)
class Merge:
    """Cells merged one above the other: lines `first` to `last` (from 0) of a column.

    `filled`: every line got the value of the first. A number is not spread: it may be the sum of
    the lines. `across`: the cells reach over further columns, which stay blank.
    """

    first: int
    last: int
    column: int
    filled: bool
    across: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[i]` is the line a person sees numbered i + 1. Rows may differ in length.

    `notes` are remarks in Chinese on the sheet, `book` on the whole file. A cell that is an error
    of Excel holds its sign (``#N/A``); a formula that was never worked out holds the formula
    (``=A1+1``). `splitter` separates the cells of a text file; it is '' for any other. `shown`
    maps the place (line and column from 0) of numbers to the id that they are shown as: 000001;
    `divided` are the places of those that are shown as a part of themselves, 12345 as 1.2.
    """

    name: str
    rows: list[list[Cell]]
    notes: tuple[str, ...] = ()
    book: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()
    splitter: str = ""
    shown: Mapping[tuple[int, int], str] = field(default_factory=dict)
    divided: frozenset[tuple[int, int]] = frozenset()


def unseen(hidden_rows: int, hidden_columns: int, struck: Collection[int]) -> Iterator[str]:
    """Notes on what is hidden, and on the lines (from 0) that hold something crossed out."""
    if hidden_rows:
        yield f"有 {hidden_rows} 行是隐藏的，也一并读取"
    if hidden_columns:
        yield f"有 {hidden_columns} 列是隐藏的，也一并读取"
    if struck:
        count, first = len(set(struck)), min(struck) + 1
        yield f"有 {count} 行划了删除线（首个是第 {first} 行），也一并读取；作废的请删去再导入"


def spread(
    rows: list[list[Cell]], ranges: Iterable[tuple[int, int, int, bool]]
) -> tuple[Merge, ...]:
    """The merges of `ranges` (the fields of `Merge` but `filled`), their values in every line.

    `rows` is changed. A line that has nothing else stays blank.
    """
    spans = [
        (first, min(last, len(rows) - 1), column, across) for first, last, column, across in ranges
    ]
    lines = {line for first, last, _, _ in spans for line in range(first, last + 1)}
    full = {line for line in lines if any(cell != "" for cell in rows[line])}
    merges = []
    for first, last, column, across in spans:
        value = rows[first][column] if first in full and column < len(rows[first]) else ""
        below = [line for line in range(first + 1, last + 1) if line in full]
        if value == "" or not below:
            continue
        filled = not isinstance(value, (int, float)) or isinstance(value, bool)
        for line in below if filled else ():
            rows[line].extend([""] * (column + 1 - len(rows[line])))
            rows[line][column] = value
        merges.append(Merge(first, last, column, filled, across))
    return tuple(merges)
