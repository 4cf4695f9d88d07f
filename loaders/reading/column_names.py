"""Names of our columns: our own, the senders', and headers that are nearly the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd
from rapidfuzz import fuzz, process

from domain import reference
from geo.coordinates import crs_code, without_crs
from loaders.formats.cell_sheet import Cell
from loaders.kinds import KINDS
from loaders.reading.cell_parsing import half_width, plain

WIDE = "indicator:"
"""Prefix of the value columns of a wide indicators file."""

POINTS = ("lon", "lat", "lonlat")
"""Columns of a file that hold points."""

_REMARK = r"[(\[【][^(\[【]*[)\]】]"
_CLOSE = 80.0  # rapidfuzz ratio: one character of five may differ
_SHORTEST = 4  # characters: shorter headers are too alike to be matched by likeness


@dataclass(frozen=True)
class Header:
    """One header: as the sender sees it, and the names it may be known by, best first.

    The two differ where a heading has two lines.
    """

    shown: str
    names: tuple[str, ...]


def label(kind: str, column: str) -> str:
    """What a person calls our `column`."""
    if column.startswith(WIDE):
        return reference.labels("indicators", "indicator_id", "indicator")[column[len(WIDE) :]]
    return KINDS[kind].labels[column]


def known(header: Header, kind: str, confirmed: Mapping[str, str]) -> str | None:
    """The column that `header` names, as a person confirmed or by a name of the reference."""
    if header.shown in confirmed:
        return confirmed[header.shown] or None
    names = _names(kind)
    found = next((names[name] for name in map(_core, header.names) if name in names), None)
    return found or _of_a_system(header, kind)


def beginning(start: str, kind: str) -> set[str]:
    """The columns of which a name begins with `start`."""
    return {column for name, column in _names(kind).items() if name.startswith(plain(start))}


def matches(headers: Sequence[Header], kind: str, confirmed: Mapping[str, str]) -> pd.DataFrame:
    """One row a header: header, column (null if unused), label, how, problem (null if none).

    What a person `confirmed` (header as shown to our column, '' for unused) goes before names
    and likeness.
    """
    ours = {"", *_names(kind).values()}
    confirmed = {shown: column for shown, column in confirmed.items() if column in ours}
    found = [_match(header, kind, confirmed) for header in headers]
    rows: list[dict[str, str | None]] = [
        {"header": header.shown, "column": None, "how": how if not meant else "ignored"}
        for header, (meant, how, _) in zip(headers, found, strict=True)
    ]
    taken: dict[str, int] = {}
    for position in sorted(range(len(headers)), key=lambda i: found[i][2]):
        meant, how, rank = found[position]
        shown = headers[position].shown
        labels = "、".join(f"“{label(kind, column)}”" for column in meant)
        if len(meant) > 1:
            rows[position]["problem"] = f"“{shown}”与 {labels} 同样相近，请改成其中一个列名"
        elif meant and (first := taken.get(meant[0])) is not None:
            rows[position]["how"] = "repeated"
            if how != "close" and found[first][2] == rank:
                places = f"第 {first + 1}、{position + 1} 列"
                text = f"“{headers[first].shown}”与“{shown}”（{places}）都可读作{labels}"
                rows[position]["problem"] = f"{text}，请只保留一列或改名"
        elif meant:
            taken[meant[0]] = position
            rows[position] |= {"column": meant[0], "how": how}
    frame = pd.DataFrame(rows, columns=["header", "column", "how", "problem"], dtype=object)
    frame = frame.where(frame.notna(), None)
    frame["label"] = [label(kind, column) if column else None for column in frame["column"]]
    return frame


def missing(kind: str, found: pd.DataFrame) -> list[str]:
    """Labels of required columns that are not there; a wide file needs no indicator column."""
    present = set(found["column"].dropna())
    if any(column.startswith(WIDE) for column in present):
        present |= {"indicator_id", "value"}
    return [label(kind, column) for column in KINDS[kind].required if column not in present]


def _match(header: Header, kind: str, confirmed: Mapping[str, str]) -> tuple[list[str], str, int]:
    """Columns that `header` may mean (several if equally close), how it was matched, and its rank.

    The lower the rank, the better the name: what was confirmed, then the column's own name and
    label, then its synonyms in their order, then likeness.
    """
    names = _names(kind)
    if header.shown in confirmed:
        column = confirmed[header.shown]
        return ([column], "confirmed", -1) if column else ([], "ignored", len(names))
    for name in map(_core, header.names):
        if name in names:
            return [names[name]], "exact", _rank(name, kind)
    if point := _of_a_system(header, kind):
        return [point], "exact", len(names)
    for name in map(_core, header.names):
        close = _close(name, names)
        if close:
            return close, "close", len(names)
    return [], "ignored", len(names)


def _of_a_system(header: Header, kind: str) -> str | None:
    """The column of points that a header names together with its system: WGS84坐标, lng_bd09."""
    names = _names(kind)
    bare = (plain(without_crs(_bare(name))) for name in header.names if crs_code(_bare(name)))
    return next((names[name] for name in bare if names.get(name) in POINTS), None)


def _bare(header: str) -> str:
    return half_width(header).replace("(", "").replace(")", "")


def _close(name: str, names: Mapping[str, str]) -> list[str]:
    if len(name) < _SHORTEST:
        return []
    close = process.extract(name, names.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=None)
    return sorted({names[match] for match, score, _ in close if score == close[0][1]})


def _rank(name: str, kind: str) -> int:
    """How good a known name is: 0 column name or label, 1 and on the synonyms, in their order."""
    names = _names(kind)
    same = [other for other in names if names[other] == names[name]]
    return max(0, same.index(name) - 1)


@cache
def _core(header: Cell) -> str:
    """Header as a plain name, without a remark in brackets (``地址(必填)``)."""
    text = half_width(header)
    shorter = [re.sub(_REMARK + r"\W*$", "", text), re.sub(_REMARK, "", text)]
    names = [plain(name) for name in (text, *shorter)]
    return next((name for name in names if name in _all_names()), names[-1])


@cache
def _all_names() -> frozenset[str]:
    return frozenset().union(*(_names(kind) for kind in KINDS))


@cache
def _names(kind: str) -> dict[str, str]:
    """Every plain name of `kind`'s columns, best names of a column first."""
    listed = KINDS[kind].columns
    ours = listed["column"]
    named = list(zip(ours, ours, listed["label"], listed["synonyms"], strict=True))
    if KINDS[kind].wide:
        table = reference.table("indicators")
        ids = table["indicator_id"]
        named += zip(WIDE + ids, ids, table["indicator"], table["aliases"], strict=True)
    names: dict[str, str] = {}
    for column, code, name, others in named:
        for written in (code, name, *others.split(";")):
            names.setdefault(plain(written), column)
    return names
