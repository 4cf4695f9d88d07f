"""Features of an uploaded file, whatever its format.

The message of an `OutlineError` of a reader follows on the name of the file.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError
from shapely.errors import GEOSException

from geo.outlines import OutlineError

DEGREES = "EPSG:4326"
MOST_BYTES = 20_000_000
TOO_LARGE = "太大，轮廓文件不应超过 20 MB，请只导出场所的边界。"  # packed or unpacked
UNREADABLE = "打不开：内容损坏，或不是它的后缀所说的格式。请在软件里打开检查后重新导出。"
NO_CRS = (
    "没有写明坐标系。Shapefile 请连同 .prj 一起打包，"
    "其他格式请保存为 WGS-84 或 CGCS2000 后重新上传。"
)


@dataclass(frozen=True)
class Feature:
    """One feature: its attributes, and its shape in WGS-84 (None where there is none).

    It is `broken` where its corners make no shape.
    """

    attributes: dict[str, Any]
    shape: shapely.Geometry | None
    broken: bool = False


def of_geojson(properties: object, geometry: object) -> Feature:
    """The feature of a GeoJSON geometry, in the coordinate system of its file."""
    attributes = properties if isinstance(properties, dict) else {}
    if not isinstance(geometry, dict):
        return Feature(attributes, None)
    try:
        return Feature(attributes, shapely.from_geojson(json.dumps(geometry)))
    except (GEOSException, RecursionError):
        return Feature(attributes, None, broken=True)


def converted(features: list[Feature], crs: pyproj.CRS) -> list[Feature]:
    """Features of the system `crs`, with their shapes in WGS-84."""
    shapes = np.array([one.shape for one in features], dtype=object)
    degrees = gpd.GeoSeries(shapes, crs=crs).to_crs(DEGREES).to_numpy(dtype=object)
    return [replace(one, shape=shape) for one, shape in zip(features, degrees, strict=True)]


def epsg(code: int) -> pyproj.CRS:
    """The system of that number in the register of EPSG, if it is one of places on the ground."""
    try:
        crs = pyproj.CRS.from_epsg(code)
    except CRSError as error:
        raise unknown_crs(f"EPSG:{code}") from error
    if not (crs.is_geographic or crs.is_projected):
        raise unknown_crs(f"EPSG:{code}")
    return crs


def unknown_crs(name: str) -> OutlineError:
    """The error for a file of an unknown coordinate system."""
    return OutlineError(f"写的坐标系“{name}”认不出，请保存为 WGS-84 或 CGCS2000 后重新上传。")
