"""Classes, colours and legends of maps, on the screen and in print."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from domain import clusters, rules
from presentation import palette
from presentation.heat_picture import Heat
from presentation.labels import STATUS_LABELS, unnamed, whole_percent
from presentation.palette import MUTED, SHARE_COLOURS

# The last class is full coverage.
SHARE_BREAKS = (0.25, 0.5, 0.75, rules.number("full_coverage_share"))
_SHOP_LABELS = {"verified": "已验证", "waiting": "已签约未验证", "target": "未签约"}
PLAN_LABELS = {True: "做完就达标", False: "用剩余名额先开工"}


@dataclass(frozen=True)
class Legend:
    """What a layer's colours mean: rows of (colour, label, count or None), and a note.

    `dots` says whether they are of points or of areas.
    """

    title: str
    rows: tuple[tuple[str, str, int | None], ...]
    note: str = ""
    dots: bool = False


def share_class(share: float | None) -> str:
    """Colour of a share between 0 and 1; grey where it is unknown."""
    if share is None or pd.isna(share):
        return MUTED
    return SHARE_COLOURS[sum(share >= edge for edge in SHARE_BREAKS)]


def share_legend(title: str, shares: pd.Series, note: str) -> Legend:
    """Legend of a share layer, with the number of areas in each class."""
    edges = (0, *SHARE_BREAKS)
    texts = [
        f"{whole_percent(low)}–{whole_percent(high)}" for low, high in itertools.pairwise(edges)
    ]
    texts.append(f"{whole_percent(edges[-1])} 及以上")
    colours = [share_class(share) for share in shares]
    rows = [
        (colour, text, colours.count(colour))
        for colour, text in zip(SHARE_COLOURS, texts, strict=True)
    ]
    rows.append((MUTED, "无应覆盖对象或未知", colours.count(MUTED)))
    return Legend(title, (*reversed(rows[:-1]), rows[-1]), note)


def venue_legend(venues: pd.DataFrame, note: str) -> Legend:
    """Legend of the venue layer, with the number of venues by status."""
    rows = _counted(venues["status"], palette.VENUE_COLOURS, STATUS_LABELS)
    return Legend("特定区域（场所）状态", rows, note, dots=True)


def shop_legend(shops: pd.DataFrame, note: str) -> Legend:
    """Legend of the shop layer, with the number of shops by `look`."""
    rows = _counted(shops["look"], palette.SHOP_COLOURS, _SHOP_LABELS)
    return Legend("受理门店状态", rows, note, dots=True)


def heat_legend(title: str, picture: Heat, note: str) -> Legend:
    """Legend of a heat picture: the classes of its smoothed count."""
    rows = tuple(
        (colour, f"{low:,.0f}–{high:,.0f}" if high else f"{low:,.0f} 以上", None)
        for colour, low, high in picture.classes()
    )
    return Legend(title, tuple(reversed(rows)), note)


def cluster_legend(rows: pd.DataFrame, note: str) -> Legend:
    """Legend of the states of clusters, with the number of clusters in each."""
    lines = _counted(rows["state"], palette.CLUSTER_COLOURS, clusters.STATES)
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
    states: pd.Series, colours: Mapping[Any, str], labels: Mapping[Any, str]
) -> tuple[tuple[str, str, int | None], ...]:
    """Rows of a legend of `states`: colour, label, how many there are."""
    counts = states.value_counts()
    return tuple(
        (colours[state], label, int(counts.get(state, 0))) for state, label in labels.items()
    )
