"""GeoJSON: a collection of features, one feature, or a bare geometry."""

import json
import re
from dataclasses import replace
from typing import Any

import pyproj

from loaders.formats.outlines import outline_features
from loaders.formats.outlines.outline_features import Feature
from store.errors import FileUnreadableError

_GEOMETRIES = ("Polygon", "MultiPolygon", "GeometryCollection")
_EPSG = re.compile(r"(?:.*EPSG(?:.*\D)?)?(\d{4,6})(?!\d).{0,12}", re.IGNORECASE | re.DOTALL)
_DEGREES = re.compile(r".*CRS:?84|(?:GCS_)?WGS[ _-]?(?:19)?84|CGCS ?2000", re.IGNORECASE)
_LONGEST_NAME = 200


def features(content: bytes) -> list[Feature]:
    """Every feature; without `crs`, as the standard has it (RFC 7946), in WGS-84."""
    try:
        read = json.loads(outline_features.text(content))
    except (ValueError, RecursionError) as error:
        raise FileUnreadableError(outline_features.UNREADABLE) from error
    listed = _listed(read)
    if listed is None:
        raise FileUnreadableError(outline_features.UNREADABLE)
    found = [
        replace(
            outline_features.of_geojson(one.get("properties"), one.get("geometry")),
            number=one.get("id"),
        )
        for one in listed
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
    """The system that the `crs` of GeoJSON names by name, number or link; WGS-84 without one."""
    if crs is None:
        return pyproj.CRS(outline_features.DEGREES)
    stated = crs.get("properties") if isinstance(crs, dict) else crs
    if isinstance(stated, dict):
        stated = next((stated[key] for key in ("name", "code", "href") if key in stated), "")
    name = str(stated).strip()[:_LONGEST_NAME]
    if _DEGREES.fullmatch(name):
        return pyproj.CRS(outline_features.DEGREES)
    code = _EPSG.fullmatch(name)
    if code is None:
        raise outline_features.unknown_crs(name)
    return outline_features.epsg(int(code[1]))
