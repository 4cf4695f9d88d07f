"""The map of change: counties and zones by how many percentage points their share moved."""

import pandas as pd

from domain import typed_rows
from presentation import basemap, labels
from presentation.legends import Legend
from presentation.map_layers import SOURCE_NOTE, Drawing
from presentation.palette import CHANGE_COLOURS, UNKNOWN

STEADY = 0.5
"""Percentage points by which a share may move and is still called 持平."""
_FAR = 5.0
_BREAKS = (-_FAR, -STEADY, STEADY, _FAR)
_TEXTS = (
    f"降 {_FAR:g} 点以上",
    f"降 {STEADY:g}–{_FAR:g} 点",
    f"持平（±{STEADY:g} 点）",
    f"升 {STEADY:g}–{_FAR:g} 点",
    f"升 {_FAR:g} 点以上",
)


def change_class(points: float | None) -> str:
    """Colour of a change in percentage points; `UNKNOWN` where it is unknown."""
    if points is None or pd.isna(points):
        return UNKNOWN
    points = round(points, 9)
    if abs(points) <= STEADY:
        return CHANGE_COLOURS[2]
    return CHANGE_COLOURS[sum(points > edge for edge in _BREAKS)]


def drawing(areas: pd.DataFrame) -> Drawing:
    """Rows of `coverage_comparison.areas` as a layer, with their `fill` and `points`."""
    table = areas.sort_values(["area_kind", "area_id"], ignore_index=True)
    shapes = basemap.areas().merge(table, on="area_id")
    fill = [change_class(points) for points in shapes["points"]]
    rows = [
        (colour, text, fill.count(colour))
        for colour, text in zip(CHANGE_COLOURS, _TEXTS, strict=True)
    ]
    legend = Legend(
        "达标率增减（百分点）",
        (*reversed(rows), (UNKNOWN, "没有场所或未知", fill.count(UNKNOWN))),
        SOURCE_NOTE,
    )
    columns = ("area", "share_from", "share_to", "points", "newly", "lapsed")
    shapes = shapes.assign(
        name=shapes["area"],
        share=shapes["share_to"],
        figure=[signed(points) for points in shapes["points"]],
        fill=fill,
        tip=[
            f"{area}\n{labels.percent(was)} → {labels.percent(now)}（{signed(points)}）\n"
            f"新达标 {labels.count(newly)} 个，掉下 {labels.count(lapsed)} 个"
            for area, was, now, points, newly, lapsed in typed_rows.cells(shapes, *columns)
        ],
    )
    return Drawing((legend,), shapes)


def signed(points: float | None) -> str:
    """A change in percentage points with its sign; 持平 where it is none, 未知 where unknown."""
    if points is None or pd.isna(points):
        return labels.UNKNOWN
    return labels.signed(points, " 点")
