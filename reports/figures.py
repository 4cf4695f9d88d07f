"""Maps for print: PNG with title, legend and stamp, in a Chinese font that the project brings."""

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib import font_manager, image
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from reports.heat import Heat

DPI = 200
SHARE_UNKNOWN = "#9aa5b1"
PLAN_DPI = 150  # of the small map on a work list
PUSHES = 80  # small steps that move numbers apart
CROWD = 300  # numbers on a map that are too many to stand apart
PLAN_LABELS = {True: "做完就达标", False: "用剩余名额先开工"}
PLAN_COLOURS = {True: "#542788", False: "#b35806"}


@dataclass(frozen=True)
class Drawing:
    """What a map shows: areas with a fill and dashes, points with a fill, or a heat picture."""

    areas: gpd.GeoDataFrame | None = None
    points: pd.DataFrame | None = None
    heat: Heat | None = None


@cache
def font() -> font_manager.FontProperties:
    """The Chinese font of the wheel ``mplfonts``."""
    folder = files("mplfonts") / "fonts"
    return font_manager.FontProperties(fname=str(folder / "NotoSansCJKsc-Regular.otf"))


def map_png(
    counties: gpd.GeoDataFrame,
    drawing: Drawing,
    title: str,
    legends: list[tuple[str, tuple[tuple[str, str, int | None], ...]]],
    stamp: str,
) -> bytes:
    """The map as PNG, A4 landscape at 200 dpi.

    `counties` gives the outlines (EPSG:4326); `legends` are (title, rows of colour, label and
    count).
    """
    figure = Figure(figsize=(11.7, 8.3), dpi=DPI)
    axes = figure.add_axes((0.03, 0.08, 0.68, 0.82))
    counties.plot(ax=axes, facecolor="#f6f8fa", edgecolor="#5a6773", linewidth=0.8)
    if drawing.areas is not None:
        fill = drawing.areas.get("fill", SHARE_UNKNOWN)
        alpha = 0.85 if "fill" in drawing.areas else 0.15
        drawing.areas.plot(ax=axes, color=fill, edgecolor="#44505c", linewidth=0.5, alpha=alpha)
    if drawing.heat is not None:
        (south, west), (north, east) = drawing.heat.bounds
        picture = image.imread(io.BytesIO(drawing.heat.png))
        axes.imshow(picture, extent=(west, east, south, north), zorder=3, aspect="auto")
    if drawing.points is not None:
        points = drawing.points.dropna(subset=["lon", "lat"])
        axes.scatter(points["lon"], points["lat"], c=points["fill"], s=14, linewidths=0, zorder=4)
        if (
            len(points)
            and drawing.areas is None
            and points["lon"].max() - points["lon"].min() < 0.2
        ):
            axes.set_xlim(points["lon"].min() - 0.01, points["lon"].max() + 0.01)
            axes.set_ylim(points["lat"].min() - 0.01, points["lat"].max() + 0.01)
    _, south, _, north = counties.total_bounds
    axes.set_aspect(1 / np.cos(np.radians((south + north) / 2)))  # degrees of latitude are longer
    axes.set_axis_off()
    figure.text(0.03, 0.93, title, fontproperties=font(), fontsize=18)
    figure.text(0.03, 0.03, stamp, fontproperties=font(), fontsize=9, color="#5a6773")
    top = 0.88
    for heading, rows in legends:
        handles = [Patch(facecolor=colour, edgecolor="#8894a0") for colour, _, _ in rows]
        texts = [label + ("" if count is None else f"  {count:,}") for _, label, count in rows]
        box = figure.legend(handles, texts, prop=font(), loc="upper left", frameon=False,
                            bbox_to_anchor=(0.72, top), title=heading)  # fmt: skip
        box.get_title().set_fontproperties(font())
        top -= 0.05 * (len(rows) + 1.5)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def numbered_png(counties: gpd.GeoDataFrame, venues: pd.DataFrame, stamp: str) -> bytes:
    """A small map of the `venues` of a plan, each under its number, as PNG of 10 by 5 inches.

    `venues` has number, done (whether the plan closes it), lon and lat; those without a point are
    left out, and the note beside the map says how many. Numbers that would hide each other stand
    apart, with a line to where they belong.
    """
    figure = Figure(figsize=(10, 5), dpi=PLAN_DPI)
    axes = figure.add_axes((0.01, 0.06, 0.76, 0.93))
    counties.plot(ax=axes, facecolor="#f6f8fa", edgecolor="#5a6773", linewidth=0.8)
    axes.set_aspect(1.21)
    axes.set_axis_off()
    points = venues.dropna(subset=["lon", "lat"])
    places = gpd.points_from_xy(points["lon"], points["lat"]) if len(points) else counties
    _fill_box(axes, *places.total_bounds)
    _numbers(axes, points)
    for row in counties.itertuples():
        place = row.geometry.representative_point()
        axes.text(place.x, place.y, row.county, fontproperties=font(), fontsize=9,
                  color="#5a6773", ha="center", zorder=2, clip_on=True)  # fmt: skip
    handles = [Patch(facecolor=PLAN_COLOURS[done]) for done in PLAN_LABELS]
    texts = [f"{text}  {(venues['done'] == done).sum():,}" for done, text in PLAN_LABELS.items()]
    figure.legend(handles, texts, prop=font(), loc="upper left", frameon=False,
                  bbox_to_anchor=(0.77, 0.97))  # fmt: skip
    unplaced = len(venues) - len(points)
    if unplaced:
        figure.text(0.78, 0.76, f"另有 {unplaced} 个没有坐标，不在图上", fontproperties=font())
    figure.text(0.01, 0.015, stamp, fontproperties=font(), fontsize=7, color="#5a6773")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _fill_box(axes: Axes, west: float, south: float, east: float, north: float) -> None:
    """Show these bounds with room around them, no closer than a town, and fill the whole box."""
    wide, high = max((east - west) * 0.56, 0.04), max((north - south) * 0.56, 0.04)
    box = axes.get_window_extent()
    ratio = 1.21 * box.width / box.height  # degrees of longitude to one of latitude
    wide, high = max(wide, high * ratio), max(high, wide / ratio)
    middle = (west + east) / 2, (south + north) / 2
    axes.set_xlim(middle[0] - wide, middle[0] + wide)
    axes.set_ylim(middle[1] - high, middle[1] + high)


def _numbers(axes: Axes, points: pd.DataFrame) -> None:
    """The `points` under their numbers, which stand apart from each other."""
    pixels = axes.transData.transform(points[["lon", "lat"]].to_numpy(dtype=float))
    marks = axes.transData.inverted().transform(_apart(pixels, PLAN_DPI * 0.13))
    for row, (lon, lat) in zip(points.itertuples(), marks, strict=True):
        axes.plot([row.lon, lon], [row.lat, lat], color="#44505c", linewidth=0.6, zorder=3)
        axes.text(lon, lat, row.number, color="white", fontsize=6, weight="bold", zorder=4,
                  ha="center", va="center_baseline")  # fmt: skip
    colours = [PLAN_COLOURS[done] for done in points["done"]]
    axes.scatter(*marks.T, s=90, c=colours, edgecolors="white", linewidths=0.5, zorder=3.5)


def _apart(places: np.ndarray, least: float) -> np.ndarray:
    """`places` (rows of x and y) moved until most are `least` apart, each as little as need be.

    Pairs that are too close push each other away in small steps. Places of one point first get a
    direction of their own.
    """
    turn = np.arange(len(places)) * 2.4  # the golden angle, so that no two directions are alike
    moved = places + np.column_stack([np.cos(turn), np.sin(turn)]) * 0.01
    for _ in range(PUSHES if len(places) <= CROWD else 0):
        gap = moved[:, None, :] - moved[None, :, :]
        distance = np.hypot(gap[..., 0], gap[..., 1])
        np.fill_diagonal(distance, np.inf)
        push = np.clip(least - distance, 0, None) / distance / 4
        moved = moved + (gap * push[..., None]).sum(axis=1)
    return moved
