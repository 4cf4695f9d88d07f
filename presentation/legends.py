"""Classes, colours and legends of maps, on the screen and in print."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from domain import clusters
from presentation import labels, palette
from presentation.heat_picture import Heat
from presentation.labels import STATUS_LABELS, unnamed
from presentation.palette import GAP_COLOURS, NOTHING, UNKNOWN

WORST = 2  # areas that are named as the furthest behind
GAP_BREAKS = (0.10, 0.25, 0.40)  # how far below the due line the classes of behind end
_SHOP_LABELS = {
    "verified": "已验证",
    "waiting": "已签约未验证",
    "target": "未签约",
    "outside": "已注销或不应覆盖（不计）",
}
PLAN_LABELS = {True: "做完就达标", False: "用剩余名额先开工"}


@dataclass(frozen=True)
class Legend:
    """What a layer's colours mean: rows of (colour, label, count or None), and a note.

    `dots` says whether they are of points or of areas, which are counted in the `unit`.
    """

    title: str
    rows: tuple[tuple[str, str, int | None], ...]
    note: str = ""
    dots: bool = False
    unit: str = "个"

    def counted(self) -> str:
        """How many there are of each, as a sentence."""
        found = [f"{label}{count:,}{self.unit}" for _, label, count in self.rows if count]
        return "，".join(found)


def furthest(shares: pd.Series, due: float) -> pd.Series:
    """Which of the `shares` are the `WORST` furthest below the due line, the first of equals."""
    last = shares[shares < due].nsmallest(WORST).index
    return pd.Series(shares.index.isin(last), shares.index)


def gap_class(share: float | None, due: float) -> str:
    """Colour of a share between 0 and 1 by how far it is below `due`; `UNKNOWN` without one."""
    if share is None or pd.isna(share):
        return UNKNOWN
    gap = round(due - share, 9)
    return GAP_COLOURS[0] if gap <= 0 else GAP_COLOURS[1 + sum(gap > edge for edge in GAP_BREAKS)]


def gap_legend(title: str, due: float, fills: pd.Series, note: str) -> Legend:
    """Legend of areas with the `fill` of `gap_class`, with the number of areas in each class."""
    first, *_, last = points = [labels.rounded(edge * 100, 0) for edge in GAP_BREAKS]
    texts = [
        f"达到应达线 {labels.percent(due)}",
        f"差 {first} 点以内",
        *(f"差 {low}–{high} 点" for low, high in itertools.pairwise(points)),
        f"差 {last} 点以上",
        "未知，或没有应覆盖的",
        "没有场所",
    ]
    counts = fills.value_counts()
    colours = (*GAP_COLOURS, UNKNOWN, NOTHING)
    rows = zip(colours, texts, (int(counts.get(one, 0)) for one in colours), strict=True)
    shown = tuple(row for row in rows if row[0] != NOTHING or row[2])
    return Legend(title, shown, note)


def venue_legend(venues: pd.DataFrame, note: str) -> Legend:
    """Legend of the venue layer, with the number of venues by status."""
    rows = _counted(venues["status"], palette.VENUE_COLOURS, STATUS_LABELS)
    return Legend("特定区域（场所）状态", rows, note, dots=True)


def shop_look(shops: pd.DataFrame) -> pd.Series:
    """The class of each merchant record; those outside the denominator have one of their own."""
    look = shops["verified"].map({True: "verified", False: "waiting"})
    return look.mask(~shops["contracted"], "target").mask(~shops["eligible"], "outside")


def shop_legend(shops: pd.DataFrame, note: str) -> Legend:
    """Legend of the shop layer, with the number of shops by `look`.

    A shop that several banks list is counted once, in the furthest class of its records.
    """
    stands_for = shops["shop_key"].fillna(shops["merchant_key"])
    furthest = shops["look"].map(list(_SHOP_LABELS).index).groupby(stands_for).min()
    looks = furthest.map(dict(enumerate(_SHOP_LABELS)))
    *counted, outside = _counted(looks, palette.SHOP_COLOURS, _SHOP_LABELS)
    rows = (*counted, outside) if outside[2] else tuple(counted)
    return Legend("受理门店状态", rows, note, dots=True, unit="家")


def heat_legend(title: str, picture: Heat, note: str) -> Legend:
    """Legend of a heat picture: the classes of its smoothed count."""
    rows = tuple(
        (colour, f"{low:,.0f}–{high:,.0f}" if high else f"{low:,.0f} 以上", None)
        for colour, low, high in picture.classes()
    )
    return Legend(title, tuple(reversed(rows)), note)


def cluster_legend(rows: pd.DataFrame, note: str, *, told: bool) -> Legend:
    """Legend of the states of clusters, with the number of clusters in each, if anybody `told`."""
    lines = _counted(rows["state"], palette.CLUSTER_COLOURS, clusters.STATES)
    lines = tuple((colour, label, count if told else None) for colour, label, count in lines)
    return Legend("示范聚集区状态", lines, note, dots=True)


def plan_legend(venues: pd.DataFrame) -> Legend:
    """Legend of the numbered venues of a plan; the note counts those that the map does not show."""
    others = unnamed(venues)
    unplaced = int(venues.loc[~others, "lon"].isna().sum())
    note = f"另有 {unplaced} 个场所没有坐标，不在图上。" if unplaced else ""
    note += f"另有 {others.sum()} 个不在本单位范围，不画。" if others.any() else ""
    rows = _counted(venues["done"], palette.PLAN_COLOURS, PLAN_LABELS)
    return Legend("计划里的场所（号码与工作单一致）", rows, note, dots=True)


def _counted(
    states: pd.Series, colours: Mapping[Any, str], named: Mapping[Any, str]
) -> tuple[tuple[str, str, int | None], ...]:
    """Rows of a legend of `states`: colour, label, how many there are."""
    counts = states.value_counts()
    return tuple(
        (colours[state], label, int(counts.get(state, 0))) for state, label in named.items()
    )
