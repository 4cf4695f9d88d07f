"""Layers that the office laid beside the boundaries: roads, rivers, landmarks, what its maps need.

Every ``*.gpkg`` in ``data/boundaries`` but the towns is one, with the style that QGIS saved in it.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from defusedxml import ElementTree

from geo import boundaries
from geo.boundaries import DEGREES, FOLDER, BoundaryError

TOLERANCE = 0.0005  # degrees, about 50 m, that outlines are simplified by
_TOWNS = "towns.gpkg"
_NAMES = ("名称", "name", "NAME")
_COLOUR, _WIDTH = "#7a8792", 1.2


@dataclass(frozen=True)
class OwnLayer:
    """A layer of the office: its name, its lines and areas (EPSG:4326), and how they are drawn.

    `colour` is of the lines, `width` theirs in pixels, `fill` of the areas, '' for none. Points are
    `landmarks`, which are named and not drawn: name, lon, lat. One without a name is left out.
    """

    name: str
    shapes: gpd.GeoDataFrame
    colour: str
    width: float
    fill: str
    landmarks: pd.DataFrame


@cache
def own_layers(folder: Path = FOLDER) -> tuple[OwnLayer, ...]:
    """The layers of every file in `folder`, cut to the city and its surroundings, by file name.

    Raises `BoundaryError` for a file that cannot be read or has no coordinate system.
    """
    files = [path for path in sorted(folder.glob("*.gpkg")) if path.name != _TOWNS]
    return tuple(layer for path in files for layer in _layers(path))


def _layers(path: Path) -> list[OwnLayer]:
    try:
        names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except pyogrio.errors.DataSourceError as error:
        raise BoundaryError(f"{path.name} 不是能读的 GeoPackage 文件，请重新导出。") from error
    styles = _styles(path)
    return [_layer(path, name, styles.get(name, "")) for name in names if name != "layer_styles"]


def _layer(path: Path, name: str, style: str) -> OwnLayer:
    shapes = gpd.read_file(path, layer=name)
    if shapes.crs is None:
        raise BoundaryError(f"{path.name} 没有写明坐标系，请保存为 WGS-84 或 CGCS2000 后重试。")
    shapes = shapes.to_crs(DEGREES)
    west, south, east, north = boundaries.counties().total_bounds
    width, height = (east - west) / 2, (north - south) / 2
    view = shapely.box(west - width, south - height, east + width, north + height)
    shapes = shapes.clip(view)
    points = shapes.geom_type == "Point"
    drawn = shapes.loc[~points, ["geometry"]]
    simple = drawn.set_geometry(drawn.geometry.simplify(TOLERANCE))
    said = _said(style)
    return OwnLayer(
        name,
        simple[~simple.geometry.is_empty],
        said.get("stroke") or _COLOUR,
        float(said.get("stroke-width") or _WIDTH),
        said.get("fill", ""),
        _landmarks(shapes[points]),
    )


def _landmarks(points: gpd.GeoDataFrame) -> pd.DataFrame:
    """Points with their name, which stands in the first column that is called so."""
    named = next((column for column in _NAMES if column in points), None)
    names = points[named].fillna("").astype(str).str.strip() if named else ""
    frame = pd.DataFrame({"name": names, "lon": points.geometry.x, "lat": points.geometry.y})
    return frame[frame["name"] != ""].reset_index(drop=True)


def _styles(path: Path) -> dict[str, str]:
    """The style (SLD) of each layer of a file, where QGIS saved one with it."""
    asked = "SELECT f_table_name, styleSLD FROM layer_styles ORDER BY useAsDefault"
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as opened:
        try:
            return {str(name): str(style or "") for name, style in opened.execute(asked)}
        except sqlite3.DatabaseError:
            return {}


def _said(style: str) -> dict[str, str]:
    """What a style (SLD) says first of stroke, stroke-width and fill; nothing if it is broken."""
    try:
        root = ElementTree.fromstring(style)
    except ElementTree.ParseError:
        return {}
    said: dict[str, str] = {}
    for element in root.iter():
        said.setdefault(element.get("name", ""), (element.text or "").strip())
    return said
