"""Which column is which: headers as senders write them, matched to the columns we know."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd
from rapidfuzz import fuzz, process

from domain import reference
from loaders.errors import HeaderError, MissingColumnError, UnsureKindError
from loaders.files import Cell, Sheet
from loaders.parsing import plain

KINDS = {
    "merchants": "受理点",
    "venues": "特定区域名录",
    "scenarios": "场景台账",
    "indicators": "月度指标",
}
HOW = {"exact": "按列名", "close": "按相近列名", "repeated": "重复，未用", "ignored": "未用"}

WIDE = "indicator:"
"""Prefix of the value columns of a wide indicators file."""

_TITLE_ROWS = 20
_REMARK = r"[(\[【][^(\[【]*[)\]】]"
_CLOSE = 80.0  # rapidfuzz ratio: one character of five may differ
_SHORTEST = 4  # characters: shorter headers are too alike to be matched by likeness


@dataclass(frozen=True)
class Layout:
    """Where the table stands in a sheet, and what its columns mean.

    `header_row` counts from 0. `columns` maps our column to its position; the value columns of a
    wide indicators file are ``indicator:<indicator_id>``. `headers` has one row a header: header,
    column, label, how (a key of `HOW`).
    """

    sheet: str
    kind: str
    header_row: int
    columns: dict[str, int]
    headers: pd.DataFrame

    def written(self, column: str) -> str:
        """What the sender calls our `column`; our own label if the sender has no such column."""
        named = self.headers.loc[self.headers["column"] == column, "header"]
        return label(self.kind, column) if named.empty else named.iloc[0]


def layout(sheets: Sequence[Sheet], kind: str | None, file: str) -> tuple[Layout, Sheet]:
    """The first sheet with a header row that can be read as `kind` (any kind if None), and how.

    The header row is the one among the first 20 with the most headers known by name.
    Raises `HeaderError`, `MissingColumnError` or `UnsureKindError`, quoting the headers of `file`.
    """
    kinds = [kind] if kind else list(KINDS)
    sheet, row = table(sheets, kinds, file)
    return _layout(sheet, row, kinds, file), sheet


def table(sheets: Sequence[Sheet], kinds: Sequence[str], file: str) -> tuple[Sheet, int]:
    """The first sheet that has a header row of one of `kinds`, and the position of that row.

    Raises `HeaderError` when no sheet has one.
    """
    for sheet in sheets:
        row = _header_row(sheet, kinds)
        if row is not None:
            return sheet, row
    quoted = _quoted(next(row for row in sheets[0].rows if any(cell != "" for cell in row)))
    known = "、".join(columns(kinds[0])["label"])
    raise HeaderError(
        f"文件“{file}”的前 {_TITLE_ROWS} 行里找不到表头，首行是：{quoted}。"
        f"请在数据上方写明列名，例如：{known}"
    )


def positions(headers: Sequence[str], kind: str) -> dict[str, int]:
    """Positions of the columns of `kind` that `headers` name exactly."""
    found = _matches(headers, kind)
    exact = found[(found["how"] == "exact") & found["column"].notna()]
    return dict(zip(exact["column"], exact.index.tolist(), strict=True))


@cache
def columns(kind: str) -> pd.DataFrame:
    """Columns of `kind` as the reference lists them: column, label, type, required ('1'/'0')."""
    table = reference.table("columns")
    return table[table["kind"] == kind].reset_index(drop=True)


def label(kind: str, column: str) -> str:
    """What a person calls our `column`."""
    if column.startswith(WIDE):
        return reference.labels("indicators", "indicator_id", "indicator")[column[len(WIDE) :]]
    known = columns(kind)
    return known.loc[known["column"] == column, "label"].item()


def _header_row(sheet: Sheet, kinds: Sequence[str]) -> int | None:
    names = [_names(kind) for kind in kinds]
    scores = [
        max(len({known[name] for name in map(_core, row) if name in known}) for known in names)
        for row in sheet.rows[:_TITLE_ROWS]
    ]
    best = max(scores, default=0)
    return scores.index(best) if best else None


def _layout(sheet: Sheet, row: int, kinds: Sequence[str], file: str) -> Layout:
    headers = [str(cell).strip() for cell in sheet.rows[row]]
    matched = {kind: _matches(headers, kind) for kind in kinds}
    complete = [kind for kind in kinds if not _missing(kind, matched[kind])]
    sizes = {kind: int(matched[kind]["column"].notna().sum()) for kind in complete or kinds}
    best = [kind for kind, size in sizes.items() if size == max(sizes.values())]
    found = matched[best[0]]
    problems = found["problem"].dropna()
    if len(best) == 1 and not problems.empty:
        raise HeaderError(f"文件“{file}”第 {row + 1} 行的表头：{problems.iloc[0]}")
    if not complete:
        lacking = "、".join(f"“{label}”" for label in _missing(best[0], found))
        raise MissingColumnError(
            f"文件“{file}”按“{KINDS[best[0]]}”读取时缺少必需的列 {lacking}；"
            f"第 {row + 1} 行的表头是：{_quoted(headers)}。请补上这些列，或用 --kind 说明文件种类"
        )
    if len(best) > 1:
        labels = "、".join(KINDS[kind] for kind in best)
        raise UnsureKindError(
            f"文件“{file}”分不清是{labels}中的哪一种，表头是：{_quoted(headers)}。"
            f"请用 --kind 说明（{'|'.join(best)}）"
        )
    used = found.dropna(subset="column")
    positions = dict(zip(used["column"], used.index.tolist(), strict=True))
    shown = found.loc[found["header"] != "", ["header", "column", "label", "how"]]
    return Layout(sheet.name, best[0], row, positions, shown)


def _matches(headers: Sequence[str], kind: str) -> pd.DataFrame:
    """One row a header: header, column (null if unused), label, how, problem (null if none)."""
    rows = [{"header": h, "column": None, "how": "ignored", "problem": None} for h in headers]
    taken: dict[str, int] = {}
    for position in sorted(range(len(headers)), key=lambda i: _rank(headers[i], kind)):
        header = headers[position]
        found, how = _match(header, kind)
        labels = "、".join(f"“{label(kind, column)}”" for column in found)
        if len(found) > 1:
            rows[position]["problem"] = f"“{header}”与 {labels} 同样相近，请改成其中一个列名"
        elif found and (column := found[0]) in taken:
            first = headers[taken[column]]
            rows[position]["how"] = "repeated"
            if how == "exact" and _rank(first, kind) == _rank(header, kind):
                places = f"第 {taken[column] + 1}、{position + 1} 列"
                text = f"“{first}”与“{header}”（{places}）都可读作{labels}，请只保留一列或改名"
                rows[position]["problem"] = text
        elif found:
            taken[column] = position
            rows[position] |= {"column": column, "how": how}
    frame = pd.DataFrame(rows, columns=["header", "column", "how", "problem"], dtype=object)
    frame["label"] = [label(kind, column) if column else None for column in frame["column"]]
    return frame


def _match(header: str, kind: str) -> tuple[list[str], str]:
    """Columns that `header` may mean (several if equally close), and how it was matched."""
    names, name = _names(kind), _core(header)
    if name in names:
        return [names[name]], "exact"
    if len(name) < _SHORTEST:
        return [], "ignored"
    close = process.extract(name, names.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=None)
    best = sorted({names[match] for match, score, _ in close if score == close[0][1]})
    return best, "close" if best else "ignored"


def _rank(header: str, kind: str) -> int:
    """How good a name is: 0 column name or label, 1 and on the synonyms, in their order."""
    names = list(_names(kind))
    name = _core(header)
    if name not in names:
        return len(names)
    same = [known for known in names if _names(kind)[known] == _names(kind)[name]]
    return max(0, same.index(name) - 1)


def _core(header: Cell) -> str:
    """Header as a plain name, without a remark in brackets (``地址(必填)``)."""
    text = unicodedata.normalize("NFKC", str(header))
    shorter = [re.sub(_REMARK + r"\W*$", "", text), re.sub(_REMARK, "", text)]
    names = [plain(name) for name in (text, *shorter)]
    return next((name for name in names if name in _all_names()), names[-1])


@cache
def _all_names() -> frozenset[str]:
    return frozenset().union(*(_names(kind) for kind in KINDS))


@cache
def _names(kind: str) -> dict[str, str]:
    """Every plain name of `kind`'s columns, best names of a column first."""
    names: dict[str, str] = {}
    for row in columns(kind).itertuples():
        for name in (row.column, row.label, *row.synonyms.split(";")):
            names.setdefault(plain(name), row.column)
    if kind == "indicators":
        for row in reference.table("indicators").itertuples():
            for name in (row.indicator_id, row.indicator, *row.aliases.split(";")):
                names.setdefault(plain(name), WIDE + row.indicator_id)
    return names


def _missing(kind: str, found: pd.DataFrame) -> list[str]:
    """Labels of required columns that are not there; a wide file needs no indicator column."""
    present = set(found["column"].dropna())
    if any(column.startswith(WIDE) for column in present):
        present |= {"indicator_id", "value"}
    known = columns(kind)
    required = known[known["required"] == "1"]
    return required.loc[~required["column"].isin(present), "label"].tolist()


def _quoted(cells: Sequence[Cell]) -> str:
    return "、".join(f"“{cell}”" for cell in cells if str(cell).strip()) or "（空白）"
