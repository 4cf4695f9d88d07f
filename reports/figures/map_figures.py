"""Maps for print: north is up, a bar gives kilometres, names stand apart from each other."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.text import Text

from domain.typed_rows import cells
from geo import boundaries, own_layers, smoothing
from presentation import basemap, map_layers
from presentation.heat_picture import Heat
from presentation.map_layers import Drawing
from presentation.palette import (
    ABROAD,
    ABROAD_LINE,
    FAINT,
    INK,
    LAND,
    MUTED,
    NOTHING,
    OUTLINE,
    SEA,
    SEA_NAME,
    SKETCH,
    UNKNOWN,
)
from reports.figures import figure_text
from reports.figures.label_placement import REACH, apart
from reports.figures.paper import Blank, Look, Sheet

_COUNTIES: Look = {"edgecolor": FAINT, "linewidth": 0.7}
KM_PER_DEGREE = 111.32  # of latitude
ROOM = 1.06  # of the view around what it shows
CLOSEST = 0.04  # degrees of latitude in the smallest view, about a town
DASHES = (0, (4, 3))  # of outlines that are a sketch
BARS = (0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)  # kilometres that a scale bar may stand for
LONGEST = 3  # millimetres of a label to a point of its size
ASIDE = 4.0  # millimetres that any other name steps aside for a dot
NEAR = 7.0  # millimetres that the label of a town moves at most
HALO = [patheffects.withStroke(linewidth=2.4, foreground="white")]


@dataclass(frozen=True)
class Ground:
    """What lies under a layer: the view, and inside an area its outline and its towns."""

    view: tuple[float, float, float, float]  # west, south, east, north in degrees
    outline: gpd.GeoDataFrame | None = None
    towns: gpd.GeoDataFrame | None = None


def ground_of(area_id: str) -> Ground:
    """The ground of the whole city, or of one county or zone.

    A zone none of whose towns has a place on the map is shown the whole city.
    """
    areas = basemap.areas()
    outline = areas[areas["area_id"] == area_id]
    if outline.empty:
        return Ground(tuple(basemap.counties().total_bounds))
    towns = map_layers.inside(basemap.towns(), area_id)
    return Ground(tuple(outline.total_bounds), outline, towns)


def around(places: pd.DataFrame, closest: float = CLOSEST) -> Ground:
    """The ground around points (lon, lat), no closer than `closest` degrees of latitude."""
    points = places.dropna(subset=["lon", "lat"])
    if points.empty:
        return ground_of("")
    low, high = points[["lon", "lat"]].min(), points[["lon", "lat"]].max()
    more = max(closest - (high["lat"] - low["lat"]), 0) / 2
    return Ground((low["lon"], low["lat"] - more, high["lon"], high["lat"] + more))


def layer(blank: Blank, drawing: Drawing, under: Ground) -> Sheet:
    """The sheet of one layer of the map over its ground."""
    sheet = blank.sheet(_notes(drawing, under))
    sheet.column(drawing.legends)
    axes = base(sheet, under)
    if drawing.areas is not None:
        _fill(axes, drawing.areas, drawing.dashed)
    if drawing.heat is not None:
        _warm(axes, drawing.heat)
    _over(axes, under)
    if drawing.points is not None:
        _points(_above_names(axes), drawing.points, sheet.shape.text)
    named = drawing.areas is not None and "label_at" in drawing.areas
    labels = [_shares(drawing.areas) if named else _place_names(under), _around(under)]
    taken, dots = furnish(sheet, axes), _dots(sheet, axes, drawing.points)
    names(sheet, axes, pd.concat(labels, ignore_index=True), taken, dots)
    return sheet


def _dots(sheet: Sheet, axes: Axes, places: pd.DataFrame | None) -> np.ndarray:
    """The places that points take on the paper: x, y, width and height in millimetres."""
    if places is None:
        return np.empty((0, 4))
    placed = on_paper(sheet, axes, places[["lon", "lat"]].dropna().to_numpy(float))
    side = np.full((len(placed), 2), sheet.shape.text / 2 * figure_text.MM)
    return np.hstack([placed.reshape(-1, 2), side])


def _notes(drawing: Drawing, under: Ground) -> list[str]:
    notes = "".join(legend.note for legend in drawing.legends)
    sketched = under.towns is not None and not boundaries.towns_are_official()
    if sketched and map_layers.TOWN_NOTE not in notes:
        notes += f"乡镇街道为{map_layers.TOWN_NOTE}。"
    if map_layers.SOURCE_NOTE not in notes:
        notes += map_layers.SOURCE_NOTE
    return [notes]


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
    across = (east - west) * narrow * body.height / body.width
    high = max(north - south, across) / 2 * ROOM
    wide = high / narrow * body.width / body.height
    axes.set_xlim((west + east) / 2 - wide, (west + east) / 2 + wide)
    axes.set_ylim((south + north) / 2 - high, (south + north) / 2 + high)
    axes.set_facecolor(SEA)
    abroad: Look = {"facecolor": ABROAD, "edgecolor": ABROAD_LINE, "linewidth": 0.5}
    _polygons(axes, basemap.surroundings(), zorder=0.5, **abroad)
    _polygons(axes, basemap.counties(), facecolor=LAND, zorder=1, **_COUNTIES)
    return axes


def _fill(axes: Axes, areas: gpd.GeoDataFrame, dashed: bool) -> None:
    areas = areas[areas.geom_type.str.endswith("Polygon")]
    edge, style = (SKETCH, DASHES) if dashed else (OUTLINE, "solid")
    look: Look = {"edgecolor": edge, "linestyle": style, "linewidth": 0.4, "zorder": 2}
    _polygons(axes, areas, facecolor=list(areas["fill"]), **look)
    unknown = areas[areas["fill"] == UNKNOWN]
    if len(unknown):
        _polygons(axes, unknown, facecolor="none", hatch="////", **look | {"edgecolor": MUTED})


def _warm(axes: Axes, heat: Heat) -> None:
    """The classes of a heat picture, each up to its line."""
    lowest, *others = heat.breaks
    levels = [lowest * 0.999, *others, max(heat.grid.max(), others[-1]) + 1]  # one shop counts 1
    degrees = smoothing.degrees(heat.grid, heat.box)
    axes.contourf(*degrees, heat.grid, levels=levels, colors=heat.shades(), zorder=3)


def _over(axes: Axes, under: Ground) -> None:
    """Over the layer: the office's own layers; outlines of counties, towns of the area, itself."""
    for own in (layer for layer in own_layers.own_layers() if len(layer.shapes)):
        look: Look = {"edgecolor": own.colour, "linewidth": own.width * 0.8, "zorder": 3.5}
        own.shapes.plot(ax=axes, facecolor=own.fill or "none", aspect=None, autolim=False, **look)
    _polygons(axes, basemap.counties(), facecolor="none", zorder=4, **_COUNTIES)
    if under.towns is not None:
        style = "solid" if boundaries.towns_are_official() else DASHES
        towns: Look = {"edgecolor": "#6b7680", "linewidth": 0.4, "linestyle": style}
        _polygons(axes, under.towns, facecolor="none", zorder=4, **towns)
    if under.outline is not None:
        look = {"edgecolor": INK, "linewidth": 1.6, "zorder": 5}
        _polygons(axes, under.outline, facecolor="none", **look)


def _above_names(axes: Axes) -> Axes:
    """Axes of the same view over `axes` and over what the sheet writes on them."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    over = figure.add_axes(axes.get_position().bounds, zorder=Text.zorder + 1)
    over.set_xlim(axes.get_xlim())
    over.set_ylim(axes.get_ylim())
    over.set_axis_off()
    return over


def _points(axes: Axes, places: pd.DataFrame, size: float) -> None:
    placed = places.dropna(subset=["lon", "lat"])
    edges = [SKETCH if fill == NOTHING else "white" for fill in placed["fill"]]
    look: Look = {"s": (size / 2) ** 2, "linewidths": 0.4, "edgecolors": edges}
    axes.scatter(placed["lon"], placed["lat"], c=list(placed["fill"]), **look)


def _shares(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Labels of `areas`: their name and share, at their `label_at`, in order of choice.

    Those of the boards all have a label, the small ones nearest to its place, as the large ones
    have room; of many towns the large ones have theirs, the others only where there is room.
    """
    size = pd.Series(shapely.area(areas.geometry.array), areas.index)  # degrees, to compare them
    boards = "town_code" not in areas
    ordered = areas.loc[size.sort_values(ascending=boards).index]
    labels = {"first": ordered["name"], "second": ordered["figure"], "at": ordered["label_at"]}
    return pd.DataFrame(labels | {"reach": REACH if boards else NEAR, "colour": INK})


def _place_names(under: Ground) -> pd.DataFrame:
    """Names of the towns, or of the counties, under a layer; those without room are left out."""
    if under.towns is None:
        names, shapes = basemap.counties()["county"], basemap.counties()
    else:
        names, shapes = under.towns["town"], under.towns
    at = shapes.representative_point()
    return pd.DataFrame({"first": names, "second": "", "at": at, "reach": 0.0, "colour": FAINT})


def _around(under: Ground) -> pd.DataFrame:
    """Names of the sea, its bays and the cities around, and of landmarks inside an area."""
    found = basemap.names()
    found = found[found["kind"] != "seat"]
    landmarks = found["kind"] == "landmark"
    if under.towns is None:
        found, landmarks = found[~landmarks], landmarks[~landmarks]
    waters = found["kind"].isin(["sea", "bay"])
    at = shapely.points(found[["lon", "lat"]].to_numpy(float))
    labels = {
        "first": found["name"].where(~landmarks, "◆ " + found["name"]),
        "second": "",
        "at": at,
        "reach": np.where(landmarks, NEAR, 0.0),
    }
    return pd.DataFrame(labels | {"colour": np.where(waters, SEA_NAME, FAINT)})


def names(
    sheet: Sheet, axes: Axes, labels: pd.DataFrame, taken: np.ndarray, dots: np.ndarray
) -> None:
    """Labels that stand apart (first, second, at, reach, colour), in order of choice.

    Those without room are left out. A line leads to one that moved away; one that may not move is
    small, and only steps aside for `dots`. One that finds no room beside them stands under them.
    """
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    seen = labels[[west < p.x < east and south < p.y < north for p in labels["at"]]]
    size, small = sheet.shape.text, sheet.shape.small
    texts = [
        "\n".join(filter(None, (figure_text.shortened(first, size * LONGEST, size), second)))
        for first, second in cells(seen, "first", "second")
    ]
    places = on_paper(sheet, axes, np.array([[p.x, p.y] for p in seen["at"]]).reshape(-1, 2))
    boxes = np.array([_box(text, size) for text in texts]).reshape(-1, 2)
    reaches = seen["reach"].to_numpy()
    aside = np.maximum(reaches, ASIDE if len(dots) else 0)
    centres = apart(places, boxes, sheet.body, np.vstack([taken, dots]), aside)
    left = np.isnan(centres).any(axis=1)
    full = np.vstack([taken, np.hstack([centres, boxes])[~left]])
    centres[left] = apart(places[left], boxes[left], sheet.body, full, reaches[left])
    lead: Look = {"color": INK, "linewidth": 0.5, "zorder": 2, "marker": ".", "markevery": [0]}
    lead["markersize"] = size * 0.4
    look: Look = {"ha": "center", "va": "center", "linespacing": 1.05, "path_effects": HALO}
    drawn = zip(texts, places, centres, boxes, reaches, seen["colour"], strict=True)
    for text, place, (x, y), box, reach, colour in drawn:
        if np.isnan(x):
            continue
        if reach and (np.abs(place - (x, y)) > box / 2).any():
            sheet.line([place[0], x], [place[1], y], lead)
        sheet.write(text, x, y, size if reach else small, color=colour, **look)


def _box(text: str, size: float) -> tuple[float, float]:
    """Width and height in millimetres that a label takes."""
    lines = text.split("\n")
    width = max(figure_text.width(line, size) for line in lines)
    return width, figure_text.height(size, 0.85 * len(lines))


def furnish(sheet: Sheet, axes: Axes) -> np.ndarray:
    """The scale bar in the lower left corner and the arrow to the north in the upper left.

    The places that they take: x, y, width and height in millimetres.
    """
    body, size = sheet.body, sheet.shape.text
    west, east = axes.get_xlim()
    narrow = np.cos(np.radians(np.mean(axes.get_ylim())))
    whole = (east - west) * narrow * KM_PER_DEGREE
    bar = max([kilometres for kilometres in BARS if kilometres <= whole / 4], default=BARS[0])
    long = bar / whole * body.width
    x, y = body.left + size * 0.3, body.bottom + size * 0.3
    tick, line = size * 0.12, {"color": INK, "linewidth": 0.8}
    ends = line | {"solid_capstyle": "butt"}
    sheet.line([x, x, x + long, x + long], [y + tick, y, y, y + tick], ends)
    sheet.write(f"{bar:g} 公里", x + long / 2, y + tick, size, ha="center", path_effects=HALO)
    x, y = body.left + size * 0.4, body.top - size * 0.3
    arrow = {"marker": "^", "markevery": [1], "markersize": size * 0.5}
    sheet.line([x, x], [y - size * 0.6, y], line | arrow)
    sheet.write("北", x, y - size * 0.65, size, ha="center", va="top", path_effects=HALO)
    high = size * 1.3
    return np.array(
        [
            (body.left + long / 2, body.bottom, long + size, high),
            (body.left, body.top, size * 1.2, 2 * high),
        ]
    )


def on_paper(sheet: Sheet, axes: Axes, places: np.ndarray) -> np.ndarray:
    """Degrees of longitude and latitude as millimetres on the paper."""
    return sheet.millimetres.inverted().transform(axes.transData.transform(places))


def _polygons(axes: Axes, shapes: gpd.GeoDataFrame, **look: Any) -> None:
    """Fill and outline polygons; a colour a row, or one for all."""
    paths = [_path(shape) for shape in shapes.geometry]
    axes.add_collection(PathCollection(paths, **look), autolim=False)


def _path(shape: shapely.Geometry) -> Path:
    parts = [
        Path(np.asarray(ring.coords), closed=True)
        for polygon in getattr(shape, "geoms", [shape])
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return Path.make_compound_path(*parts)
