"""Classes, colours and legends of maps, on the screen and in print."""

import itertools
from dataclasses import dataclass

import pandas as pd

from domain import clusters
from presentation.heat_picture import Heat

# Five classes of a share, from short to full, legible to colour-blind readers and in print
# (ColorBrewer PuOr without its middle, T. Brewer 2013); the last class is full coverage.
SHARE_BREAKS = (0.25, 0.5, 0.75, 0.9)
SHARE_COLOURS = ("#b35806", "#f1a340", "#fee0b6", "#b2abd2", "#542788")
UNKNOWN_COLOUR = "#9aa5b1"
STATUS = {  # status of a venue: label, colour
    "covered": ("已全覆盖", "#542788"),
    "near": ("接近达标", "#b2abd2"),
    "short": ("缺口较大", "#e08214"),
    "unknown": ("分母未知", UNKNOWN_COLOUR),
}
STATES = {  # state of a merchant on the map: label, colour
    "verified": ("已验证", "#542788"),
    "waiting": ("已签约未验证", "#998ec3"),
    "target": ("未签约", "#e08214"),
}
CLUSTER_COLOURS = {
    "declared": "#9aa5b1",
    "building": "#fdb863",
    "reached": "#b2abd2",
    "mature": "#8073ac",
    "kept": "#542788",
    "returned": "#b35806",
}
PLAN_LABELS = {True: "做完就达标", False: "用剩余名额先开工"}
PLAN_COLOURS = {True: "#542788", False: "#b35806"}


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
        return UNKNOWN_COLOUR
    return SHARE_COLOURS[sum(share >= edge for edge in SHARE_BREAKS)]


def share_legend(title: str, shares: pd.Series, note: str) -> Legend:
    """Legend of a share layer, with the number of areas in each class."""
    edges = (0, *SHARE_BREAKS)
    texts = [f"{low:.0%}–{high:.0%}" for low, high in itertools.pairwise(edges)]
    texts.append(f"{edges[-1]:.0%} 及以上")
    colours = [share_class(share) for share in shares]
    rows = [
        (colour, text, colours.count(colour))
        for colour, text in zip(SHARE_COLOURS, texts, strict=True)
    ]
    rows.append((UNKNOWN_COLOUR, "无应覆盖对象或未知", colours.count(UNKNOWN_COLOUR)))
    return Legend(title, (*reversed(rows[:-1]), rows[-1]), note)


def venue_legend(venues: pd.DataFrame, note: str) -> Legend:
    """Legend of the venue layer, with the number of venues by status."""
    counts = venues["status"].value_counts()
    rows = tuple(
        (colour, label, int(counts.get(status, 0))) for status, (label, colour) in STATUS.items()
    )
    return Legend("特定区域（场所）状态", rows, note, dots=True)


def shop_legend(shops: pd.DataFrame, note: str) -> Legend:
    """Legend of the shop layer, with the number of shops by state."""
    counts = shops["look"].value_counts()
    rows = tuple(
        (colour, label, int(counts.get(look, 0))) for look, (label, colour) in STATES.items()
    )
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
    counts = rows["state"].value_counts()
    lines = tuple(
        (CLUSTER_COLOURS[state], label, int(counts.get(state, 0)))
        for state, label in clusters.STATES.items()
    )
    return Legend("示范聚集区状态", lines, note, dots=True)


def plan_legend(venues: pd.DataFrame) -> Legend:
    """Legend of the numbered venues of a plan; the note counts those that no map can show."""
    unplaced = int(venues["lon"].isna().sum())
    rows = tuple(
        (PLAN_COLOURS[done], label, int((venues["done"] == done).sum()))
        for done, label in PLAN_LABELS.items()
    )
    note = f"另有 {unplaced} 个场所没有坐标，不在图上。" if unplaced else ""
    return Legend("计划里的场所（号码与工作单一致）", rows, note, dots=True)
