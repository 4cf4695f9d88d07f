"""Features of an uploaded file, whatever its format.

The message of a `FileUnreadableError` of a reader follows on the name of the file.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import ProjError
from shapely.errors import GEOSException

from store.errors import FileUnreadableError

DEGREES = "EPSG:4326"
MOST_BYTES = 20_000_000
TOO_LARGE = "太大，轮廓文件不应超过 20 MB，请只导出场所的边界。"  # packed or unpacked
UNREADABLE = "打不开：内容损坏，或不是它的后缀所说的格式。请在软件里打开检查后重新导出。"
NO_CRS = (
    "没有写明坐标系。Shapefile 请连同 .prj 一起打包，"
    "其他格式请保存为 WGS-84 或 CGCS2000 后重新上传。"
)

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BARE = ("Point", "MultiPoint", "LineString", "MultiLineString")


@dataclass(frozen=True)
class Feature:
    """One feature: its attributes, and its shape in WGS-84 (None where there is none).

    It is `broken` where its corners make no shape. `number` is the id that it has beside its
    attributes, None without one.
    """

    attributes: dict[str, Any]
    shape: shapely.Geometry | None
    broken: bool = False
    number: Any = None


def text(content: bytes) -> str:
    """A text file in UTF-8, UTF-16 or GBK, whatever it says of itself."""
    encodings = ("utf-16",) if content.startswith(_UTF_16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadableError(UNREADABLE)


def of_geojson(properties: object, geometry: object) -> Feature:
    """The feature of a GeoJSON geometry, in the coordinate system of its file."""
    attributes = properties if isinstance(properties, dict) else {}
    if not isinstance(geometry, dict):
        return Feature(attributes, None)
    try:
        return Feature(attributes, shapely.from_geojson(json.dumps(_flat(geometry))))
    except (GEOSException, RecursionError):
        kind = geometry.get("type")
        if kind in _BARE:  # is left out anyway
            return Feature(attributes, shapely.from_wkt(f"{kind} EMPTY"))
        return Feature(attributes, None, broken=True)


def _flat(stated: Any) -> Any:
    """A GeoJSON geometry with two numbers to a corner: heights and measures are left out."""
    if isinstance(stated, dict):
        return {key: _flat(part) for key, part in stated.items()}
    if not isinstance(stated, list):
        return stated
    corner = bool(stated) and not isinstance(stated[0], (list, dict))
    return stated[:2] if corner else [_flat(part) for part in stated]


def converted(features: list[Feature], crs: pyproj.CRS) -> list[Feature]:
    """Features of the system `crs`, with their shapes in WGS-84."""
    shapes = shapely.force_2d(np.array([one.shape for one in features], dtype=object))
    try:
        turn = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True).transform
        degrees = shapely.transform(shapes, turn, interleaved=False)
    except ProjError as error:
        raise unknown_crs(crs.name) from error
    return [replace(one, shape=shape) for one, shape in zip(features, degrees, strict=True)]


def epsg(code: int) -> pyproj.CRS:
    """The system of that number in the register of EPSG, if it is one of places on the ground."""
    try:
        return _on_the_ground(pyproj.CRS.from_epsg(code), f"EPSG:{code}")
    except ProjError as error:
        raise unknown_crs(f"EPSG:{code}") from error


def of_wkt(written: str) -> pyproj.CRS:
    """The system that a .prj describes, if it is one of places on the ground."""
    try:
        crs = pyproj.CRS.from_wkt(written)
    except ProjError as error:
        raise unknown_crs(written) from error
    return _on_the_ground(crs, crs.name)


def _on_the_ground(crs: pyproj.CRS, name: str) -> pyproj.CRS:
    if not (crs.is_geographic or crs.is_projected):
        raise unknown_crs(name)
    return crs


def unknown_crs(name: str) -> FileUnreadableError:
    """The error for a file of an unknown coordinate system."""
    shown = " ".join(name.split())[:40]
    return FileUnreadableError(
        f"写的坐标系“{shown}”认不出，请保存为 WGS-84 或 CGCS2000 后重新上传。"
    )
