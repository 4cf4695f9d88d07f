"""Cells as counts of a register: exact, about, or not known."""

import re

import pandas as pd

from loaders.formats.cell_sheet import Cell
from loaders.reading import cell_parsing
from loaders.reading.cell_parsing import half_width, quoted, text
from loaders.reading.traditional_characters import simplified

_UNKNOWN = re.compile(r"未.{1,4}|待.{1,4}|不[详明清]楚?|暂[缺无].{0,3}|无法.{1,4}|不掌握|缺|[\W_]+")
_ABOUT = re.compile(
    r"\((?:约|大约|估|估计|估算|预计|左右|概数)\)|大?约[计为有]?|大概|估[计算]?|预计|暂[估按计]"
    r"|[≥≧>≈~≤≦<][=]?|不[少低多高]于|不足|至少|至多|最[多少]|超过?|逾|将?近|差不多|左右|上下|以[上下内]|[余多来+]"
)  # fmt: skip


def count(cell: Cell) -> int | None:
    """A count as a number, without the words for about; None where it is said to be unknown.

    What has figures on both sides of such a word (30~40) is no number: `CellError`.
    """
    written = _written(cell)
    if not isinstance(cell, bool) and _UNKNOWN.fullmatch(written):
        return None
    parts = _ABOUT.split(written)
    if isinstance(cell, str) and sum(any(map(str.isdigit, part)) for part in parts) > 1:
        raise cell_parsing.CellError(f"{quoted(cell)}不是一个数，请只写一个数")
    bare = "".join(parts) if isinstance(cell, str) else cell
    try:
        return cell_parsing.integer(bare)
    except cell_parsing.CellError as error:
        raise cell_parsing.CellError(str(error).replace(quoted(bare), quoted(cell))) from error


def about(cells: pd.Series, values: pd.Series, label: str) -> pd.Series:
    """What is said of the counts that are only about: notes, indexed by the row."""
    read = cells[values.notna()]
    loose = read[[bool(_ABOUT.search(_written(cell))) for cell in read]]
    notes = [
        f"{label}写作{quoted(cell)}，按 {value} 计，请核实"
        for cell, value in zip(loose, values[loose.index], strict=True)
    ]
    return pd.Series(notes, index=loose.index, dtype="str")


def _written(cell: Cell) -> str:
    return "".join(simplified(half_width(text(cell))).split())
