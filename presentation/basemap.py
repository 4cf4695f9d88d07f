"""Base map: outlines of counties, towns and areas, simplified for drawing."""

from functools import cache

import geopandas as gpd
import pandas as pd
import shapely
from shapely import Point, maximum_inscribed_circle
from shapely.geometry.base import BaseGeometry

from domain import reference
from geo import boundaries, own_layers


@cache
def counties() -> gpd.GeoDataFrame:
    """County polygons, simplified (about 50 m); shared, so do not write to it."""
    frame = boundaries.counties()
    return frame.set_geometry(frame.geometry.simplify(0.0005))


@cache
def towns() -> gpd.GeoDataFrame:
    """Town cells, or the official towns, simplified; shared, so do not write to it."""
    frame = boundaries.towns()
    return frame.set_geometry(frame.geometry.simplify(0.0008))


@cache
def areas() -> gpd.GeoDataFrame:
    """The areas of the boards, none over another: counties without the zones cut out of them.

    A zone is the union of its towns' cells. Columns: area_id, geometry, label_at (where its name
    has most room). Shared, so do not write to it.
    """
    shown = counties().rename(columns={"county_code": "area_id"})[["area_id", "geometry"]]
    cells = boundaries.towns()
    zones = cells[cells["zone_id"].fillna("") != ""].dissolve("zone_id").reset_index()
    zones = zones.rename(columns={"zone_id": "area_id"})[["area_id", "geometry"]]
    zones = zones.set_geometry(zones.geometry.simplify(0.0008))
    shown = shown.set_geometry(shown.geometry.difference(zones.union_all()))
    both = gpd.GeoDataFrame(pd.concat([shown, zones], ignore_index=True), crs=shown.crs)
    return both.assign(label_at=both.geometry.map(_roomy_point))


@cache
def surroundings() -> gpd.GeoDataFrame:
    """The land around the city by city, this one among it, simplified (about 2 km).

    Columns: city ('' where the reference has no name for it), geometry. What is none of it is sea.
    """
    frame = boundaries.cities_around()
    shapes = shapely.coverage_simplify(frame.geometry.to_numpy(), 0.03)
    return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs).set_precision(1e-3))


@cache
def names() -> pd.DataFrame:
    """Names on the base map: name, kind, lon, lat, and the zoom level that they are shown from.

    Kinds: the cities around, the sea and its bays, seats of towns, and landmarks, which are the
    points of the office's own layers.
    """
    cities = surroundings()
    named = cities[cities["city"] != ""]
    west, south, east, north = boundaries.counties().total_bounds
    view = shapely.box(west - 0.1, south - 0.12, east + 0.1, north + 0.05)
    own = boundaries.counties().union_all().buffer(0.06)
    at = named.geometry.intersection(view.difference(own)).representative_point()
    around = pd.DataFrame({"name": named["city"], "kind": "city", "lon": at.x, "lat": at.y})
    waters = reference.table("waters").astype({"lon": float, "lat": float})
    seats = reference.table("towns").query("seat_lon != ''")
    seats = seats.assign(kind="seat", lon=seats["seat_lon"], lat=seats["seat_lat"])
    parts = [
        around.assign(zoom=0),
        waters.assign(zoom=0),
        seats.assign(zoom=11.5),
        landmarks().assign(kind="landmark", zoom=9.75),
    ]
    every = pd.concat([part[["name", "kind", "lon", "lat", "zoom"]] for part in parts])
    return every.astype({"lon": float, "lat": float}).reset_index(drop=True)


def landmarks() -> pd.DataFrame:
    """Landmarks of the office's own layers: name, lon, lat."""
    none = pd.DataFrame({"name": "", "lon": 0.0, "lat": 0.0}, index=[])
    return pd.concat([none, *(layer.landmarks for layer in own_layers.own_layers())])


def area(area_id: str) -> gpd.GeoDataFrame:
    """The county or zone `area_id` as a layer of one row; of none where it has no polygon."""
    return areas()[areas()["area_id"] == area_id]


def _roomy_point(shape: BaseGeometry) -> Point:
    """The point of `shape` that is furthest from its edges, for a label."""
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    return Point(maximum_inscribed_circle(largest, tolerance=0.002).coords[0])
