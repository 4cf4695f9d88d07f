"""Maps for print: north is up, a bar gives kilometres, names stand apart from each other."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from reports import ground, legends, map_layers
from reports.figures import lettering
from reports.figures.apart import apart
from reports.figures.sheet import BORDER, INK, Blank, Sheet
from reports.map_layers import Drawing

LAND, OUTLINE = "#f6f8fa", "#0f5fa8"
KM_PER_DEGREE = 111.32  # of latitude
ROOM = 1.06  # of the view around what it shows
CLOSEST = 0.04  # degrees of latitude in the smallest view, about a town
BARS = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)  # kilometres that a scale bar may stand for
HALO = [patheffects.withStroke(linewidth=1.6, foreground="white")]


@dataclass(frozen=True)
class Ground:
    """What lies under a layer: the view, and inside an area its outline and its towns."""

    view: tuple[float, float, float, float]  # west, south, east, north in degrees
    outline: gpd.GeoDataFrame | None = None
    towns: gpd.GeoDataFrame | None = None


def ground_of(area_id: str) -> Ground:
    """The ground of the whole city, or of one county or zone."""
    if not area_id:
        return Ground(tuple(ground.counties().total_bounds))
    areas = ground.areas()
    outline = areas[areas["area_id"] == area_id]
    towns = map_layers.inside(ground.towns(), area_id)
    return Ground(tuple(outline.total_bounds), outline, towns)


def around(places: pd.DataFrame, outline: gpd.GeoDataFrame | None = None) -> Ground:
    """The ground around points (lon, lat in degrees)."""
    points = places.dropna(subset=["lon", "lat"])
    if points.empty:
        return ground_of("")
    low, high = points[["lon", "lat"]].min(), points[["lon", "lat"]].max()
    return Ground((low["lon"], low["lat"], high["lon"], high["lat"]), outline)


def layer(blank: Blank, drawing: Drawing, under: Ground) -> Sheet:
    """The sheet of one layer of the map over its ground."""
    sheet = blank.sheet(_notes(drawing, under))
    marked = [(one, _marker(one)) for one in drawing.legends]
    sheet.column(marked)
    axes = base(sheet, under)
    if drawing.areas is not None:
        _fill(axes, drawing, under)
    if drawing.heat is not None:
        (south, west), (north, east) = drawing.heat.bounds
        axes.imshow(
            drawing.heat.picture(4), extent=(west, east, south, north), zorder=3, aspect="auto",
            interpolation="nearest",
        )  # fmt: skip
    _over(axes, under)
    if drawing.points is not None:
        _points(axes, drawing.points, sheet.shape.text)
    if drawing.areas is not None and "label_at" in drawing.areas:
        _names(sheet, axes, drawing.areas)
    furnish(sheet, axes)
    return sheet


def _notes(drawing: Drawing, under: Ground) -> list[str]:
    said = "".join(legend.note for legend in drawing.legends)
    if under.towns is not None and map_layers.TOWN_NOTE not in said:
        said += f"虚线是乡镇街道的{map_layers.TOWN_NOTE}。"
    if map_layers.SOURCE_NOTE not in said:
        said += map_layers.SOURCE_NOTE
    return [said]


def _marker(legend: legends.Legend) -> str:
    return "o" if "状态" in legend.title else "s"


def base(sheet: Sheet, under: Ground) -> Axes:
    """Axes that show the view of the ground, with the counties on it."""
    axes = sheet.axes()
    axes.set_xticks([])
    axes.set_yticks([])
    for line in axes.spines.values():
        line.set_visible(True)
        line.set_color("#c3ccd4")
    west, south, east, north = under.view
    body = sheet.body
    narrow = np.cos(np.radians((south + north) / 2))
    high = max((north - south) / 2 * ROOM, CLOSEST / 2)
    high = max(high, (east - west) / 2 * ROOM * narrow * body.height / body.width)
    wide = high / narrow * body.width / body.height
    axes.set_xlim((west + east) / 2 - wide, (west + east) / 2 + wide)
    axes.set_ylim((south + north) / 2 - high, (south + north) / 2 + high)
    _polygons(axes, ground.counties(), facecolor=LAND, edgecolor=BORDER, linewidth=0.7, zorder=1)
    return axes


def _fill(axes: Axes, drawing: Drawing, under: Ground) -> None:
    colours = [legends.share_class(share) for share in drawing.areas["share"]]
    _polygons(
        axes,
        drawing.areas,
        facecolor=colours,
        edgecolor="#6b7680" if drawing.dashed else "#44505c",
        linewidth=0.4,
        linestyle=(0, (4, 3)) if drawing.dashed else "solid",
        alpha=0.85,
        zorder=2,
    )


def _over(axes: Axes, under: Ground) -> None:
    """Outlines over the layer: the counties', the towns' of the area, its own."""
    _polygons(axes, ground.counties(), facecolor="none", edgecolor=BORDER, linewidth=0.7, zorder=4)
    if under.towns is not None:
        _polygons(axes, under.towns, facecolor="none", edgecolor="#6b7680", linewidth=0.4,
                  linestyle=(0, (4, 3)), zorder=4)  # fmt: skip
    if under.outline is not None:
        _polygons(axes, under.outline, facecolor="none", edgecolor=OUTLINE, linewidth=1.6,
                  zorder=5)  # fmt: skip


def _points(axes: Axes, places: pd.DataFrame, size: float) -> None:
    placed = places.dropna(subset=["lon", "lat"])
    axes.scatter(
        placed["lon"], placed["lat"], c=list(placed["fill"]), s=size * 1.6, linewidths=0.3,
        edgecolors="white", zorder=6,
    )  # fmt: skip


def _names(sheet: Sheet, axes: Axes, areas: gpd.GeoDataFrame) -> None:
    """Names and shares of `areas` on the map, moved until they stand apart."""
    size = sheet.shape.text
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    at = areas["label_at"]
    seen = areas[[west < p.x < east and south < p.y < north for p in at]]
    texts = [
        f"{lettering.shortened(row.name, size * 3, size)}\n"
        f"{'未知' if pd.isna(row.share) else f'{row.share:.0%}'}"
        for row in seen.itertuples()
    ]
    if not texts:
        return
    places = on_paper(sheet, axes, np.array([[p.x, p.y] for p in seen["label_at"]]))
    step = lettering.height(size, 0.85)
    wide = [max(lettering.width(line, size) for line in text.split("\n")) for text in texts]
    boxes = np.array([[one, 2 * step] for one in wide])
    found = apart(places, boxes, sheet.body)
    for text, here, there, box in zip(texts, places, found, boxes, strict=True):
        if (np.abs(here - there) > box / 2).any():
            sheet.line([here[0], there[0]], [here[1], there[1]],
                       {"color": INK, "linewidth": 0.5, "zorder": 2})  # fmt: skip
        sheet.write(text, *there, size, ha="center", va="center", linespacing=1.05,
                    path_effects=HALO)  # fmt: skip


def furnish(sheet: Sheet, axes: Axes) -> None:
    """The scale bar in the lower left corner and the arrow to the north in the upper left."""
    body, size = sheet.body, sheet.shape.text
    west, east = axes.get_xlim()
    narrow = np.cos(np.radians(np.mean(axes.get_ylim())))
    whole = (east - west) * narrow * KM_PER_DEGREE
    bar = max([one for one in BARS if one <= whole / 4] or [BARS[0]])
    long = bar / whole * body.width
    x, y = body.left + size * 0.3, body.bottom + size * 0.3
    look = {"color": INK, "linewidth": 0.8, "solid_capstyle": "butt"}
    tick = size * 0.12
    sheet.line([x, x, x + long, x + long], [y + tick, y, y, y + tick], look)
    sheet.write(f"{bar:g} 公里", x + long / 2, y + tick, size, ha="center", path_effects=HALO)
    x, y = body.left + size * 0.4, body.top - size * 0.3
    sheet.line([x, x], [y - size * 0.6, y],
               {"color": INK, "linewidth": 0.8, "marker": "^", "markevery": [1],
                "markersize": size * 0.5})  # fmt: skip
    sheet.write("北", x, y - size * 0.65, size, ha="center", va="top", path_effects=HALO)


def on_paper(sheet: Sheet, axes: Axes, places: np.ndarray) -> np.ndarray:
    """Degrees of longitude and latitude as millimetres on the paper."""
    pixels = axes.transData.transform(places)
    return sheet.millimetres.inverted().transform(pixels)


def _polygons(axes: Axes, shapes: gpd.GeoDataFrame, **look: object) -> None:
    """Fill and outline polygons; a colour a row, or one for all."""
    paths = [_path(shape) for shape in shapes.geometry]
    axes.add_collection(PathCollection(paths, **look), autolim=False)


def _path(shape: shapely.Geometry) -> Path:
    parts = [
        Path(np.asarray(ring.coords), closed=True)
        for polygon in getattr(shape, "geoms", [shape])
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return Path.make_compound_path(*parts)
