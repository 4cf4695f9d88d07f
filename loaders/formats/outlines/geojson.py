"""GeoJSON: a collection of features, one feature, or a bare geometry."""

import json
import re
from typing import Any

import pyproj

from geo.outlines import OutlineError
from loaders.formats.outlines import outline_features
from loaders.formats.outlines.outline_features import Feature

_GEOMETRIES = ("Polygon", "MultiPolygon", "GeometryCollection")
_EPSG = re.compile(r"(?:urn:ogc:def:crs:EPSG:[\d.]*:|EPSG:)(\d{1,6})", re.IGNORECASE)
_CRS84 = re.compile(r"(?:urn:ogc:def:crs:OGC:[\d.]*:|OGC:)CRS84", re.IGNORECASE)


def features(content: bytes) -> list[Feature]:
    """Every feature; without `crs`, as the standard has it (RFC 7946), in WGS-84."""
    try:
        read = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise OutlineError(outline_features.UNREADABLE) from error
    listed = _listed(read)
    if listed is None:
        raise OutlineError(outline_features.UNREADABLE)
    found = [
        outline_features.of_geojson(one.get("properties"), one.get("geometry")) for one in listed
    ]
    return outline_features.converted(found, _named_crs(read.get("crs")))


def _listed(read: object) -> list[dict[str, Any]] | None:
    """The features of a document; None if it is no GeoJSON."""
    if not isinstance(read, dict):
        return None
    if read.get("type") in _GEOMETRIES:
        return [{"geometry": read}]
    listed = read.get("features") if read.get("type") == "FeatureCollection" else [read]
    sound = isinstance(listed, list) and all(
        isinstance(one, dict) and one.get("type") == "Feature" for one in listed
    )
    return listed if sound else None


def _named_crs(crs: object) -> pyproj.CRS:
    """The system that the `crs` of GeoJSON names; WGS-84 where there is none."""
    if crs is None:
        return pyproj.CRS(outline_features.DEGREES)
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name")) if isinstance(properties, dict) else ""
    if _CRS84.fullmatch(name):
        return pyproj.CRS(outline_features.DEGREES)
    code = _EPSG.fullmatch(name)
    if code is None:
        raise outline_features.unknown_crs(name)
    return outline_features.epsg(int(code[1]))
