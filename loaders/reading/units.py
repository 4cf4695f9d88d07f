"""Units of monthly figures: what the header says against what the reference keeps."""

import re
import unicodedata

import pandas as pd

from domain import reference
from loaders.reading.column_names import WIDE

_MULTIPLES = {"": 1, "万": 10_000, "亿": 100_000_000}
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_LARGE = "[万亿]"


def converted(
    values: dict[str, pd.Series], cells: pd.Series, column: str, header: str
) -> pd.Series:
    """Put the figures of `column` in `values` in our unit, if `header` states another one.

    Returns the reasons of cells that state 万 or 亿 where the unit has 万 already: 1.2万 may mean
    1.2 or 12,000 of it.
    """
    ours = reference.labels("indicators", "indicator_id", "unit")
    if column.startswith(WIDE):
        unit = pd.Series(ours[column.removeprefix(WIDE)], index=cells.index)
        values[column] = values[column] * factor(header, unit.iloc[0])
    else:
        unit = values["indicator_id"].map(ours)
    large = cells.astype("str").str.contains(_LARGE) & unit.str.contains(_LARGE, na=False)
    said = "“" + cells[large].astype("str") + "”与本列单位" + unit[large] + "重复，请只写数字"
    return said.astype("str")


def factor(header: str, unit: str) -> float:
    """What figures under `header` are multiplied by to be in `unit`.

    It is 1 unless the header names another multiple of the same: 0.0001 for ``交易金额(元)`` kept
    in 万元.
    """
    ours, base = _split(unit)
    for remark in _BRACKETED.findall(unicodedata.normalize("NFKC", header)):
        theirs, named = _split(re.sub("^单位:?", "", "".join(remark.split())))
        if named == base:
            return theirs / ours
    return 1.0


def _split(written: str) -> tuple[int, str]:
    """A unit as its multiple and what it counts: 万元 is 10,000 and 元."""
    head = written[:1] if written[:1] in _MULTIPLES else ""
    return _MULTIPLES[head], written.removeprefix(head)
