"""Units of figures: the sender's, converted to those of the reference.

A unit is stated in the row, in the header or in a title above the table, the nearest first.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache

import pandas as pd

from domain import reference
from loaders.formats.cell_sheet import Cell
from loaders.reading.cell_parsing import CellError, half_width, quoted, text
from loaders.reading.column_names import WIDE
from loaders.reading.traditional_characters import simplified

_MULTIPLES = {
    "": 1, "百": 100, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000,
    "千万": 10_000_000, "亿": 100_000_000,
}  # fmt: skip
_SAME = {"圆": "元", "户": "个"}  # wallets are opened one a holder
_MONEY = "元"
_OF = {"indicator_id": "indicators", "measure_id": "province_measures"}  # what figures are of
_KNOWN = "元、千元、万元、百万元、亿元、个、户、笔"

_SIZE = "[十百千万亿]"
_YUAN = re.compile(r"^(?:人民币|rmb|cny)|(?:人民币|rmb|cny)$", re.IGNORECASE)
_UNIT = re.compile(
    rf"(?:{_SIZE}*|.{{1,3}})[元圆]|{_SIZE}*[个户笔家人次条件张份台套角分%‰]|{_SIZE}+"
    r"|[¥$€£kw]|usd|hkd|eur|美金|百分比",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]")
_ENDING = re.compile(rf"[·/_\-,:、|\s]\s*([^·/_\-,:、|\s]+)$|(?:^|\D)([美港欧日韩]元|{_SIZE}*元)$")
_TITLED = re.compile(r"单位[\s|]*:?[\s|]*([^|\s()]+)")
_BETWEEN = re.compile(r"[,;:、/·\s]+")
_OWN = re.compile(rf"[\d.]\s*({_SIZE}*)([家户个笔条处元])?\s*$")


def unit(cell: Cell) -> str:
    """A unit as a column of units has it; `CellError` if it is none of ours."""
    written = _plain(text(cell))
    if not _read(written)[0]:
        why = f"不是认得的计量单位（{_KNOWN}）；填报机构请写在“运营机构”一列"
        raise CellError(f"{quoted(cell)}{why}")
    return written


def above(rows: Sequence[Sequence[Cell]]) -> tuple[str, ...]:
    """Units in the titles above a table: ``单位：元``, ``月报（万元）``."""
    lines = ["|".join(text(cell) for cell in row if str(cell).strip()) for row in rows]
    found = []
    for line in (simplified(half_width(line)) for line in lines):
        found += [*_TITLED.findall(line), *_BRACKETED.findall(line)]
    return tuple(dict.fromkeys(piece for remark in found for piece in _pieces(remark)))


def stated(header: str) -> tuple[str, ...]:
    """Units in brackets or at the end of a header."""
    written = simplified(half_width(header))
    remarks = [piece for found in _BRACKETED.findall(written) for piece in _pieces(found)]
    ending = _ENDING.search(_BRACKETED.sub("", written))
    if ending:
        remarks += _pieces(ending[1] or ending[2])
    return tuple(dict.fromkeys(remarks))


def converted(
    values: dict[str, pd.Series],
    cells: pd.Series,
    column: str,
    header: str,
    title: tuple[str, ...],
    *,
    divided: Collection[int],
) -> pd.Series:
    """Convert the figures of `column` in `values` from the sender's units into ours.

    `values` has the units of rows (`unit`) if they state any, and what each row's figure is of
    unless the column is one indicator's. `title` is what `above` gives. `divided` are the rows in
    which Excel shows a part of the figure. Returns the reasons of the cells whose unit is none of
    ours, or that state 万 or 亿, or are shown in 万, where the unit has one already: 1.2万 may mean
    1.2 or 12,000.
    """
    wide = column.startswith(WIDE)
    kept = _ours(values, column, len(cells))
    own = values.get("unit", pd.Series(index=cells.index, dtype=object)).astype(object)
    own = own.where(own.notna(), None)
    in_header = stated(header)
    sizes, faults = [], []
    known = values[column].notna()
    rows = zip(cells.items(), kept, own, known, strict=True)
    for (row, cell), unit_, in_row, is_known in rows:
        size, fault = 1, None
        if is_known and unit_ is not None:  # else the figure or its indicator is wrong
            try:
                theirs = _theirs(unit_, in_row, in_header, title, wide)
                size = _size(cell, theirs, unit_)
                if size > 1 and row in divided:
                    raise CellError(_shown_smaller(cell, theirs))
            except CellError as error:
                fault = str(error)
        sizes.append(size)
        faults.append(fault)
    ours_are = pd.Series([_read(unit_)[0] if unit_ else 1 for unit_ in kept], index=cells.index)
    values[column] = values[column] * pd.Series(sizes, index=cells.index) / ours_are
    reasons = pd.Series(faults, index=cells.index, dtype="str")
    return reasons.dropna()


def _ours(values: dict[str, pd.Series], column: str, rows: int) -> list[str | None]:
    """The unit that we keep the figure of each row in; None where what it is of is not known."""
    key, table = next((key, table) for key, table in _OF.items() if key in values)
    units = reference.labels(table, key, "unit")
    if column.startswith(WIDE):
        return [units[column.removeprefix(WIDE)]] * rows
    return [units.get(code) for code in values[key].astype(object)]


@cache
def _theirs(
    ours: str, row: str | None, header: tuple[str, ...], title: tuple[str, ...], wide: bool
) -> str:
    """The unit of one figure, as its sender states it; ours where none is stated.

    A unit in a row, or in the header of the one indicator, must fit. One in a header over figures
    of several indicators, or in a title, holds for the figures that it fits.
    """
    money = _read(ours)[1] == _MONEY
    if row and not (wide and _fits(row, ours) is False):
        _checked(row, ours)
        if any(_fits(unit_, ours) and _read(unit_)[0] != _read(row)[0] for unit_ in header):
            raise CellError(f"本行单位“{row}”与列名里的“{'、'.join(header)}”不一致，请核对")
        return row
    for units, must in ((header, wide), (title, False)):
        fitting = [unit_ for unit_ in units if _fits(unit_, ours)]
        strange = [unit_ for unit_ in units if _fits(unit_, ours) is None]
        if not fitting and strange and (must or money):
            _checked(strange[0], ours)
        if not fitting and units and must:
            _checked(units[0], ours)
        if len({_read(unit_)[0] for unit_ in fitting}) > 1:
            raise CellError(f"写了不止一个单位“{'、'.join(fitting)}”，分不清用哪一个，请只写一个")
        if fitting:
            return fitting[0]
    return ours


def _size(cell: Cell, theirs: str, ours: str) -> int:
    """How many 元, 个 or 笔 one of a figure is. A cell may say so itself: ``12000元``."""
    base = _read(ours)[1]
    found = _OWN.search(half_width(cell)) if isinstance(cell, str) else None
    if found and found[2] and (found[2] == _MONEY) != (base == _MONEY):
        raise CellError(f"{quoted(cell)}的单位是“{found[2]}”，本列单位是{ours}，请核对")
    if found and found[1] and _read(theirs)[0] > 1:
        raise CellError(f"{quoted(cell)}与本列单位{theirs}重复，请只写数字")
    if found and found[2] == _MONEY and not found[1]:
        return 1
    return _read(theirs)[0]


def _shown_smaller(cell: Cell, theirs: str) -> str:
    return (
        f"{quoted(cell)}在 Excel 里按缩小的格式显示，分不清单位{theirs}说的是显示的数还是填写的数，"
        f"请把这一格改成常规格式，按{theirs}填写"
    )


def _checked(written: str, ours: str) -> None:
    """Raise `CellError` for a unit that is none, or that counts something else than ours."""
    if not _read(written)[0]:
        raise CellError(f"单位“{written}”不认得，请改用{ours}，或写明{_KNOWN}之一")
    if not _fits(written, ours):
        raise CellError(f"单位“{written}”与本项指标的单位“{ours}”不符，请核对")


def _fits(written: str, ours: str) -> bool | None:
    """Whether a unit counts what ours does; None if it is not known at all."""
    size, base = _read(written)
    return base in ("", _read(ours)[1]) if size else None


@cache
def _read(written: str) -> tuple[int, str]:
    """A unit as its multiple and what it counts: 万元 is 10,000 and 元. 0 and '' if not known."""
    base = written.lstrip("十百千万亿")
    size = written.removesuffix(base) if base else written
    base = _SAME.get(base, base)
    known = base in ("", "元", "个", "笔") and size in _MULTIPLES and bool(size or base)
    return (_MULTIPLES[size], base) if known else (0, "")


def _pieces(remark: str) -> list[str]:
    """The units in a remark; others, such as 必填, are no units."""
    parts = [_plain(part) for part in _BETWEEN.split(remark)]
    return [part for part in parts if _UNIT.fullmatch(part)]


def _plain(written: str) -> str:
    """A unit without 单位 before it, nor the name of our currency beside it."""
    bare = re.sub("^单位:?", "", "".join(simplified(half_width(written)).split()))
    return _YUAN.sub("", re.sub("[()]", "", bare))
