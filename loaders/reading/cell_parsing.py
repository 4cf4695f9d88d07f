"""Cells as typed values: what a sender wrote, read once per distinct cell.

A reader takes one cell that is not blank and returns its value, or raises `CellError` with a
Chinese reason that quotes the cell. `read_cell` applies a reader to a cell, `column` to a column.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from loaders.formats.cell_sheet import Cell
from loaders.reading.traditional_characters import simplified

Reader = Callable[[Cell], object]

_BLANKS = frozenset(["无", "暂无", "空", "null", "none", "n/a", "na"])
_LINES = frozenset("-‐‑‒–—―−－_/\\.…·*～~")  # of which a cell that says nothing may be drawn
_LONGEST_SIGN = 10  # characters of a cell that may only be such a sign
_LONGEST = 300  # characters of a cell of one value: all units of the city, side by side
_QUOTED = 60  # characters of a cell that a reason quotes
_YES = frozenset(["是", "√", "✓", "✔", "y", "yes", "true", "1", "对", "有"])
_NO = frozenset(["否", "×", "✗", "✘", "n", "no", "false", "0", "错", "无", "x"])
_EXACT_FLOAT = 1e15  # Excel keeps 15 digits of a number

_BROKEN = frozenset(
    ["#n/a", "#ref!", "#div/0!", "#value!", "#name?", "#num!", "#null!", "#getting_data", "#spill!",
     "#calc!", "#field!", "#unknown!", "#blocked!", "#connect!", "#busy!"]
)  # fmt: skip
_MULTIPLES = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "亿": 100_000_000}

_WHOLE = re.compile(r"\d+\.0+")
_CUT_SHORT = re.compile(r"\d\.\d+e\+?\d+|\de\+\d+", re.IGNORECASE)
_NUMBER = re.compile(
    r"[-+]?(\d+|\d{1,3}(?:,\d{3})+)(\.\d*)?(e[-+]?\d+)?(百万|[百千万亿])?(?:[家户个笔条处]|元)?",
    re.IGNORECASE,
)


class CellError(ValueError):
    """A cell that cannot be read; the message is the reason given to the sender."""


def column(cells: pd.Series, reader: Reader, dtype: str) -> tuple[pd.Series, pd.Series]:
    """Values of `dtype`, null where blank or wrong; and the reasons of the cells that are wrong.

    `cells` holds raw cells and has a unique index, which both results keep. Equal cells are read
    once.
    """
    ticks = np.fromiter((isinstance(cell, bool) for cell in cells), bool, len(cells))
    if ticks.any() and not ticks.all():  # factorize() takes True and 1 for equal
        parts = [column(cells[rows], reader, dtype) for rows in (ticks, ~ticks)]
        read = pd.concat([values for values, _ in parts])
        failed = pd.concat([reasons for _, reasons in parts])
        return read.loc[cells.index], failed.loc[cells.index[cells.index.isin(failed.index)]]
    codes, distinct = pd.factorize(cells.to_numpy(dtype=object), use_na_sentinel=False)
    values: list[object] = [None] * len(distinct)
    reasons: dict[int, str] = {}
    for place, cell in enumerate(distinct):
        if is_blank(cell) and not (reader is boolean and cell == "无"):
            continue
        try:
            values[place] = read_cell(cell, reader)
        except CellError as error:
            reasons[place] = str(error)
    typed = pd.Series(_typed(values, dtype).take(codes), index=cells.index)
    wrong = np.isin(codes, list(reasons))
    why = [reasons[code] for code in codes[wrong].tolist()]
    return typed, pd.Series(why, index=cells.index[wrong], dtype="str")


def read_cell(cell: Cell, reader: Reader) -> Any:
    """The value of a cell; `CellError` also where it is a formula, or too long to be one value."""
    if isinstance(cell, str) and cell[:1] in ("#", "="):
        if cell.strip().casefold() in _BROKEN:
            raise CellError(f"{quoted(cell)}是出错的公式，请改正公式或直接填写内容")
        if cell[0] == "=":
            why = "是没有算出结果的公式，请在 Excel 里重新计算并保存，或直接填写内容"
            raise CellError(f"{quoted(cell)}{why}")
    if is_long(cell) and reader not in (wording, place):
        raise CellError(f"{quoted(cell)}有 {len(cell):,} 个字，太长，没有读取，请核对是否填错了列")
    return reader(cell)


def is_long(cell: Cell) -> bool:
    """Whether a cell is longer than anything but a text of many words."""
    return isinstance(cell, str) and len(cell) > _LONGEST


def quoted(cell: Cell) -> str:
    """A cell as a reason quotes it: in quotation marks, a long one only in part."""
    written = text(cell)
    return f"“{written[:_QUOTED]}…”" if len(written) > _QUOTED else f"“{written}”"


def nothing(index: pd.Index, dtype: str) -> pd.Series:
    """A column of `dtype` in which every cell is null."""
    return pd.Series(_typed([None], dtype).take(np.zeros(len(index), dtype="intp")), index=index)


def _typed(values: list[object], dtype: str) -> Any:
    """Array of the values, which `take` works on."""
    if dtype == "date":
        return np.array(values, dtype="datetime64[D]").astype("datetime64[s]")
    if dtype == "float64":
        return np.array(values, dtype=dtype)
    return pd.Series(values, dtype=dtype).array


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing: empty, or one of the usual signs for that (``-``, 无, N/A)."""
    if not isinstance(cell, str):
        return cell is None
    if not cell or cell.isspace():
        return True
    bare = cell.strip() if len(cell) < _LONGEST_SIGN else ""
    return bool(bare) and (bare.lower() in _BLANKS or _LINES.issuperset(bare))


def plain(text: Cell) -> str:
    """A header or a name stripped to what tells it apart.

    It has no case, spaces, punctuation or traditional characters.
    """
    return re.sub(r"[\W_]+", "", simplified(half_width(text)).casefold())


def half_width(text: Cell) -> str:
    """Text with full-width letters, digits and signs as half-width ones (NFKC)."""
    return unicodedata.normalize("NFKC", str(text))


def text(cell: Cell) -> str:
    """Text as written, without line breaks and doubled spaces; a whole number without its .0."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_FLOAT:
        return str(int(cell))
    return str(cell)


def wording(cell: Cell) -> str:
    """Text that is a name, an address or an id, not what a program took it for.

    Excel makes a date of ``3-5``; other programs write the id 7 as ``7.0``.
    """
    if isinstance(cell, (bool, date, time, timedelta)):
        kind = "逻辑值" if isinstance(cell, bool) else "日期"
        shown = text(cell).upper().removesuffix(" 00:00:00")
        raise CellError(f"{quoted(shown)}是 Excel 改成{kind}的内容，请把该列设为文本重填")
    written = text(cell)
    return written.partition(".")[0] if _WHOLE.fullmatch(written) else written


def place(cell: Cell) -> str:
    """An address or the name of a place, in simplified characters."""
    return simplified(wording(cell))


def code(cell: Cell) -> str | None:
    """An id: half-width, without spaces, never in scientific notation; None if only quotes."""
    written = "".join(half_width(wording(cell)).split()).strip("'`‘’“”\"")
    if _CUT_SHORT.fullmatch(written) or (isinstance(cell, float) and abs(cell) >= _EXACT_FLOAT):
        shown = written if isinstance(cell, str) else f"{cell:g}"
        raise CellError(
            f"{quoted(shown)}是 Excel 改成数值的长编号，末几位已丢失，请把该列设为文本重填"
        )
    if isinstance(cell, float) and not cell.is_integer():
        raise CellError(f"{quoted(written)}是带小数的数，不是编号，请把该列设为文本重填")
    return written or None


def number(cell: Cell) -> float:
    """A number that is not negative; thousands separators, 万 and counting words are read."""
    value = _float(cell)
    if value < 0:
        raise CellError(f"{quoted(cell)}是负数")
    return value


def integer(cell: Cell) -> int:
    """A whole number that is not negative."""
    value = number(cell)
    if value != int(value):
        raise CellError(f"{quoted(cell)}不是整数")
    if value >= _EXACT_FLOAT:
        raise CellError(f"{quoted(cell)}太大，不是实际的数，请核对")
    return int(value)


def boolean(cell: Cell) -> bool:
    """是 or 否, in the usual ways of ticking a box."""
    word = half_width(text(cell)).casefold()
    if word not in _YES | _NO:
        raise CellError(f"{quoted(cell)}不是“是”或“否”")
    return word in _YES


def _float(cell: Cell) -> float:
    if isinstance(cell, float):
        value = cell
    else:
        written = "".join(half_width(text(cell)).split())
        found = _NUMBER.fullmatch(written)
        if not found:
            raise CellError(f"{quoted(cell)}不是数字")
        figures = "".join(part or "" for part in found.group(1, 2, 3)).replace(",", "")
        value = _times(figures, _MULTIPLES[found[4] or ""]) * (-1 if written[0] == "-" else 1)
    if not math.isfinite(value):
        raise CellError(f"{quoted(cell)}太大，不是实际的数")
    return value


def _times(figures: str, multiple: int) -> float:
    """A number as written times a power of ten, without the noise of binary fractions."""
    value = float(figures)
    exact = multiple != 1 and 0 < abs(value) < math.inf
    return float(Decimal(figures) * multiple) if exact else value
