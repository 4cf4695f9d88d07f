"""Words for codes and numbers: what pages and documents call states, places and shares."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from domain import reference
from domain.visitors import Sight
from presentation.columns import COLUMNS
from queries.sights import CONCEALED

STATUS_LABELS = {
    "covered": "已达标",
    "near": "接近",
    "short": "缺口较大",
    "unknown": "应覆盖数待核",
    "untold": "还没有银行报送",
}
STATE_LABELS = {
    "target": "未签约",
    "contracted": "已签约",
    "opened": "已开通",
    "verified": "已验证",
    "active": "活跃",
    "suspended": "停用",
    "refused": "拒绝",
    "closed": "注销",
}
UNKNOWN = "未知"
UNTOLD = {
    "": "",
    "venues": "还没有特定区域名录",
    "merchants": "还没有银行报送受理点",
    "clusters": "还没有示范聚集区台账",
    "filings": "还没有登记过信息和材料",
}
"""What is lacking (`queries.untold`), as a sentence begins that says that something is unknown."""
_NAMING = 3  # shops of a bank below which a number nearly names them
FEW = f"不足 {_NAMING} 家"
NAMES = ("name", "cluster", "title", "venue")
"""Columns that name what a row is about; the first that a frame has does."""
YES_NO = {True: "是", False: "否"}


def percent(value: float | None) -> str:
    """`value` as a percentage with one decimal; 未知 where there is none.

    Only a whole is 100 % and only nothing is 0 %.
    """
    if value is None or pd.isna(value):
        return "未知"
    text = rounded(value * 100, 1)
    if text == "100.0" and value < 1:
        return "99.9%"  # the whole is only where it is
    return "0.1%" if text == "0.0" and value > 0 else f"{text}%"


def count(value: float | None, unit: str = "") -> str:
    """A count with its unit; 未知 where nobody told it."""
    return UNKNOWN if value is None or pd.isna(value) else f"{value:,.0f}{unit}"


def no_venues(listed: float | None) -> str:
    """How a sentence begins where no venue is counted: none is `listed`, or nobody told (None)."""
    return UNTOLD["venues"] if listed is None or pd.isna(listed) else "名录里还没有特定区域"


def whole_percent(value: float) -> str:
    """A threshold or the edge of a class as a percentage without decimals."""
    return f"{value:.0%}"


def between(low: float, high: float) -> str:
    """The bounds of a share as percentages, of which there is one where they are the same."""
    return percent(low) if low == high else f"{percent(low)}–{percent(high)}"


def rank_range(best: int, worst: int) -> str:
    """The ranks that a board leaves open; one where nothing is."""
    return f"{best}" if best == worst else f"{best}–{worst}"


def share_of(areas: pd.DataFrame) -> str:
    """The one share that `areas` of a board have, and how many of their venues are unknown."""
    unknown = int(areas["unknown"].sum())
    note = f"，{unknown:,}个场所应覆盖数待核" if unknown else ""
    return percent(areas["share"].iloc[0]) + note


def named(names: Iterable[str], most: int = 3, unit: str = "个") -> str:
    """The first few of `names`, and how many there are where that is not all."""
    listed = list(names)
    return "、".join(listed[:most]) + (f"等{len(listed)}{unit}" if len(listed) > most else "")


def rounded(value: float, places: int) -> str:
    """`value` with so many decimals, halves away from zero, as Excel and people round."""
    exact = Decimal(repr(round(float(value), 9)))
    return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def large(value: float, unit: str) -> str:
    """A count or a sum without its sign, in 亿 with two decimals, in 万 with one, or as it is."""
    size = abs(float(value))
    if size >= 1e8:
        return f"{rounded(size / 1e8, 2)}亿{unit}"
    return f"{rounded(size / 1e4, 1)}万{unit}" if size >= 1e4 else f"{rounded(size, 0)}{unit}"


def places(value: float, base: float) -> int:
    """Decimals of the difference of two shares in points: 1, or 2 where it would look wrong.

    That is where it differs from the difference of the two as they are written. Where the two are
    not written beside it, a difference has one decimal.
    """
    written = float(rounded(value * 100, 1)) - float(rounded(base * 100, 1))
    return 1 if rounded(written, 1) == rounded((value - base) * 100, 1) else 2


def apart(value: float, base: float) -> str:
    """How far two shares are apart in percentage points, without a sign; '' for nothing."""
    size = rounded(abs(value - base) * 100, places(value, base))
    return f"{size}个百分点" if float(size) else ""


def shortened(text: str | None, most: int) -> str:
    """`text` with at most so many characters, '' without one."""
    if text is None or pd.isna(text):
        return ""
    return text if len(text) <= most else text[: most - 1] + "…"


def abridged(name: str, most: int) -> str:
    """`name` with at most so many characters, cut in its middle: its end tells it from others."""
    if len(name) <= most:
        return name
    tail = (most - 1) // 2
    return f"{name[: most - 1 - tail]}…{name[-tail:]}"


def moved(value: float | None, base: float | None) -> str:
    """How a share moved from `base` in words: 提高1.46个百分点, 持平, 未知 where either is."""
    if value is None or base is None or pd.isna(value) or pd.isna(base):
        return UNKNOWN
    size = apart(value, base)
    return f"{'提高' if value > base else '下降'}{size}" if size else "持平"


def chinese_day(day: date) -> str:
    """`day` as documents write it, 2026年10月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def signed(points: float, unit: str = " 个百分点") -> str:
    """A change in percentage points with its sign; 持平 where it is none."""
    text = rounded(points, 1)
    return f"{float(text):+.1f}{unit}" if float(text) else "持平"


def points(value: float | None, base: float | None) -> str | None:
    """`value` minus `base` in percentage points, signed; None where either is unknown.

    It agrees with the two as they are written, see `places`.
    """
    if value is None or base is None or pd.isna(value) or pd.isna(base):
        return None
    size = rounded((value - base) * 100, places(value, base))
    return f"{'' if size.startswith('-') else '+'}{size} 个百分点"


def divisions() -> str:
    """What the city is divided into: 6 个县区、4 个功能板块； 2 个县区 where there are no zones."""
    counts = {"县区": len(reference.table("counties")), "功能板块": len(reference.table("zones"))}
    return "、".join(f"{count} 个{kind}" for kind, count in counts.items() if count)


def labelled(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """`frame` with the given columns only, under their Chinese headings.

    Rows of which a visitor may not see the names are left out.
    """
    return listed(frame)[columns].set_axis([COLUMNS[name][0] for name in columns], axis=1)


def listed(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `frame` that have their names."""
    hidden = unnamed(frame)
    return frame[~hidden] if hidden.any() else frame


def unnamed(frame: pd.DataFrame) -> pd.Series:
    """Which rows of `frame` are about records whose names the visitor may not see."""
    name = next((name for name in NAMES if name in frame), None)
    if name is None:
        return pd.Series(data=False, index=frame.index)
    return (frame[name] == CONCEALED).fillna(False).astype(bool)


def few(frame: pd.DataFrame, sight: Sight, *counts: str) -> pd.DataFrame:
    """`frame`, a row a bank, without the `counts` of another bank that are so low that they name.

    They are null, to be shown as `FEW`; only banks are kept from them.
    """
    if sight.role != "bank":
        return frame
    own = reference.labels("operators", "operator_id", "operator")[sight.unit]
    low = (frame["operator"] != own) & (frame[counts[0]] < _NAMING)
    return frame.assign(**{name: frame[name].mask(low) for name in counts})


def bank_names(ids: pd.Series) -> pd.Series:
    """Names of banks by their ids, 未填报 where none."""
    return ids.map(reference.labels("operators", "operator_id", "operator")).fillna("未填报")


def with_names(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with county, zone, town and operator names beside their codes, 未填 where none."""
    names = {
        "county": ("counties", "county_code", "name"),
        "zone": ("zones", "zone_id", "name"),
        "town": ("towns", "town_code", "name"),
        "operator": ("operators", "operator_id", "operator"),
    }
    added = {
        column: frame[code]
        .map(reference.labels(table, code, label))
        .fillna("未填报" if column == "operator" else "—" if column == "zone" else "未定位")
        for column, (table, code, label) in names.items()
        if code in frame
    }
    return frame.assign(**added)


def area_names(named: pd.DataFrame) -> pd.Series:
    """The area that each row of a frame `with_names` counts for: its zone, else its county."""
    return named["zone"].where(named["zone_id"].notna(), named["county"])


def plain(text: str) -> str:
    """`text` from a file, made safe to stand in Markdown: no picture, link or format of its own."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def unmarked(text: str) -> str:
    """Markdown of ours, bold words and names made `plain`, as plain text."""
    return re.sub(r"\\([!-/:-@\[-`{-~])|\*\*", lambda mark: mark[1] or "", text)


def stamp_lines(stamp: str, fits: Callable[[str], bool]) -> list[str]:
    """The parts of a stamp in as few lines as `fits` allows; a part stays whole."""
    lines: list[str] = []
    for part in stamp.split(" | "):
        if lines and fits(f"{lines[-1]} | {part}"):
            lines[-1] += f" | {part}"
        else:
            lines.append(part)
    return lines
