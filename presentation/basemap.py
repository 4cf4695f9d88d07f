"""Base map: outlines of counties, towns and areas, simplified for drawing."""

from functools import cache

import geopandas as gpd
import pandas as pd
from shapely import Point, maximum_inscribed_circle
from shapely.geometry.base import BaseGeometry

from geo import boundaries


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
    """The areas of the boards: counties, and zones on top as the union of their towns' cells.

    Columns: area_id, geometry, label_at (where its name has most room). Shared: do not write to it.
    """
    shown = counties().rename(columns={"county_code": "area_id"})[["area_id", "geometry"]]
    cells = boundaries.towns()
    zones = cells[cells["zone_id"].fillna("") != ""].dissolve("zone_id").reset_index()
    zones = zones.rename(columns={"zone_id": "area_id"})[["area_id", "geometry"]]
    zones = zones.set_geometry(zones.geometry.simplify(0.0008))
    free = shown.geometry.difference(zones.union_all())  # a county's name keeps off the zones
    shown = shown.assign(label_at=free.map(_roomy_point))
    zones = zones.assign(label_at=zones.geometry.map(_roomy_point))
    return gpd.GeoDataFrame(pd.concat([shown, zones], ignore_index=True), crs=shown.crs)


def area(area_id: str) -> gpd.GeoDataFrame:
    """The county or zone `area_id` as a layer of one row; of none where it has no polygon."""
    return areas()[areas()["area_id"] == area_id]


def _roomy_point(shape: BaseGeometry) -> Point:
    """The point of `shape` that is furthest from its edges, for a label."""
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    return Point(maximum_inscribed_circle(largest, tolerance=0.002).coords[0])
