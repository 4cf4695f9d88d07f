"""Outlines of venues and clusters, as people upload or draw them.

An upload is GeoJSON, GeoPackage, KML or a zipped Shapefile. Whatever it holds becomes polygons in
WGS-84, or an `OutlineError` that quotes the file and the feature and says what to do.
"""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from domain.reference import table
from geo import boundaries, containment, coordinates, uploads
from geo.errors import OutlineError
from geo.uploads import SUFFIXES

__all__ = ["MENDED", "SUFFIXES", "OutlineError", "checked", "drawn", "read", "text"]

SMALLEST_M2, LARGEST_M2 = 50.0, 400e6  # a kiosk; the largest development zone and half of it again
MENDED = "边界自相交，已自动修正，请核对形状"

_DEGREES = "EPSG:4326"
_MOST_FEATURES = 5_000
_MOST_VERTICES = 2_000  # of one outline, straight lines told by their ends
_MOST_VERTICES_OF_FILE = 500_000
_MENDABLE_VERTICES, _MENDABLE_CROSSINGS = 200, 100  # mending takes the square of the crossings
_SLACK = 5e-6  # degrees, about 0.5 m: how far a line may be from the corners that are left out
_STEP = 1e-5  # degrees, about 1 m
_POLYGONS = ("Polygon", "MultiPolygon")


def read(content: bytes, file: str, crs: str = "wgs84") -> gpd.GeoDataFrame:
    """The outlines in an uploaded file: venue_id, name, note, geometry (EPSG:4326).

    venue_id and name come from the columns that a register of venues has, '' where the file has
    none of them; note says what was mended, '' for nothing. `crs` (one of `coordinates.CRS`) is
    the system that longitudes and latitudes were taken from: a file cannot say GCJ-02.

    Raises `OutlineError` for a file that cannot be read or states no coordinate system, for lines
    and points, and for what `checked` refuses.
    """
    features = uploads.features(content, file)
    if not features:
        raise OutlineError(f"“{file}”里没有图形，请在软件里画好场所的边界再导出。")
    if len(features) > _MOST_FEATURES:
        raise OutlineError(
            f"“{file}”里有 {len(features):,} 个图形，一次最多 {_MOST_FEATURES:,} 个，请分开上传。"
        )
    vertices = int(shapely.get_num_coordinates([one.shape for one in features]).sum())
    if vertices > _MOST_VERTICES_OF_FILE:
        raise OutlineError(
            f"“{file}”里共有 {vertices:,} 个顶点，一次最多 {_MOST_VERTICES_OF_FILE:,} 个，"
            "请在软件里简化图形，或分开上传。"
        )
    names = {column: _names(column) for column in ("venue_id", "name")}
    rows = []
    for number, one in enumerate(features, 1):
        told = {column: _told(one.said, known) for column, known in names.items()}
        what = f"“{file}”里的“{told['name'] or told['venue_id'] or f'第 {number} 个图形'}”"
        if one.broken:
            raise OutlineError(
                f"{what}读不出：边界没有闭合、顶点太少，或坐标不是数字。请改好后重新导出。"
            )
        shape, note = checked(one.shape, what, crs)
        rows.append(told | {"note": note, "geometry": shape})
    return gpd.GeoDataFrame(rows, crs=_DEGREES)


def drawn(vertices: Sequence[tuple[float, float]]) -> shapely.Geometry:
    """The outline whose corners are `vertices` (lon, lat in WGS-84), in the order of drawing.

    Raises `OutlineError` with fewer than three corners, and for what `checked` refuses. Lines that
    cross are not mended: whoever draws can see them and take the last corner back.
    """
    if len(set(vertices)) < 3:
        raise OutlineError(f"画了 {len(set(vertices))} 个点，至少要 3 个不同的点才能围成一块。")
    shape, note = checked(shapely.Polygon(vertices), "画的轮廓")
    if note:
        raise OutlineError("画的轮廓边线互相交叉，请撤回最后几个点，按顺序沿边界点一圈。")
    return shape


def checked(
    shape: shapely.Geometry | None, what: str, crs: str = "wgs84"
) -> tuple[shapely.Geometry, str]:
    """`shape` as a sound polygon in WGS-84 to 1 m, and what was mended of it ('' for nothing).

    `crs` is the system of its longitudes and latitudes. Raises `OutlineError`, naming `what`, for
    no shape, lines or points, what is not in degrees, a tangle, more corners than an outline needs,
    a shape outside the city, and one smaller than `SMALLEST_M2` or larger than `LARGEST_M2`.
    """
    if shape is None or shape.is_empty:
        raise OutlineError(f"{what}是空的，请画好边界再上传。")
    if shape.geom_type not in _POLYGONS:
        raise OutlineError(f"{what}是{_kind(shape)}，不是面。请画成闭合的面（多边形）再上传。")
    _require_degrees(shape, what)
    sound, note = _sound(_shifted(shapely.force_2d(shape), crs), what)
    if not shapely.intersects(boundaries.counties().geometry.to_numpy(), sound).any():
        raise OutlineError(
            f"{what}不在本市范围内（{_corner(shape)}），请检查坐标系，以及经度、纬度是否写反。"
        )
    area = float(containment.area_m2(np.array([sound], dtype=object))[0])
    if not SMALLEST_M2 <= area <= LARGEST_M2:
        size = f"{area:,.0f} 平方米" if area < 1e6 else f"{area / 1e6:,.1f} 平方公里"
        raise OutlineError(
            f"{what}有 {size}，场所应在 {SMALLEST_M2:.0f} 平方米到 "
            f"{LARGEST_M2 / 1e6:.0f} 平方公里之间，请检查图形和坐标系。"
        )
    return sound, note


def _require_degrees(shape: shapely.Geometry, what: str) -> None:
    """Raise `OutlineError` unless every corner has a longitude and a latitude."""
    corners = shapely.get_coordinates(shape)
    if not np.isfinite(corners).all():
        raise OutlineError(f"{what}有的顶点没有坐标，请重新导出。")
    if (np.abs(corners) > (180, 90)).any():
        raise OutlineError(
            f"{what}的坐标不是经纬度（{_corner(shape)}），请检查坐标系，以及经度、纬度是否写反。"
        )


def _corner(shape: shapely.Geometry) -> str:
    west, south, _, _ = shape.bounds
    return f"西南角 {west:.4f}，{south:.4f}" if max(-west, west, -south, south) < 1e9 else "数太大"


def _sound(shape: shapely.Geometry, what: str) -> tuple[shapely.Geometry, str]:
    """`shape` without the corners that it does not need, mended if its lines cross, and a note."""
    valid = shape.is_valid
    if not valid:
        _require_mendable(shape, what)
        shape = _polygons(shapely.make_valid(shape))
    sound = _polygons(shapely.set_precision(shapely.simplify(shape, _SLACK), _STEP))
    vertices = shapely.get_num_coordinates(sound)
    if vertices > _MOST_VERTICES:
        raise OutlineError(
            f"{what}简化到半米后仍有 {vertices:,} 个顶点，一个轮廓最多 {_MOST_VERTICES:,} 个，"
            "请在软件里简化，或只沿外边界重新画一圈。"
        )
    return sound, "" if valid else MENDED


def _require_mendable(shape: shapely.Geometry, what: str) -> None:
    """Raise `OutlineError` for a tangle: nobody could tell what place was meant."""
    vertices = shapely.get_num_coordinates(shape)
    crossings = _crossings(shape) if vertices <= _MENDABLE_VERTICES else None
    if crossings is None:
        said = f"边线互相交叉，又有 {vertices:,} 个顶点"
    elif crossings > _MENDABLE_CROSSINGS:
        said = f"边线互相交叉 {crossings:,} 处"
    else:
        return
    raise OutlineError(f"{what}{said}，无法自动修正。请沿场所的边界按顺序重新画一圈。")


def _crossings(shape: shapely.Geometry) -> int:
    """How many times two lines of the rings cross."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.stack([corners[:-1], corners[1:]], axis=1)[ring[:-1] == ring[1:]]
    lines = shapely.linestrings(steps)
    first, second = shapely.STRtree(lines).query(lines, predicate="crosses")
    return int((first < second).sum())


def text(shape: shapely.Geometry) -> str:
    """`shape` as it is stored: GeoJSON."""
    return shapely.to_geojson(shape)


def _names(column: str) -> set[str]:
    """What a register of venues may call `column`, without regard to case."""
    columns = table("columns")
    row = columns[(columns["kind"] == "venues") & (columns["column"] == column)].iloc[0]
    return {name.casefold() for name in (row["column"], row["label"], *row["synonyms"].split(";"))}


def _told(said: dict[str, Any], names: set[str]) -> str:
    """What a feature says under any of `names`; '' for nothing."""
    for name, value in said.items():
        if str(name).casefold() in names:
            return "" if value is None else str(value).strip()
    return ""


def _shifted(shape: shapely.Geometry, crs: str) -> shapely.Geometry:
    if crs == "wgs84":
        return shape

    def move(points: np.ndarray) -> np.ndarray:
        return np.column_stack(coordinates.to_wgs84(points[:, 0], points[:, 1], crs))

    return shapely.transform(shape, move)


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a shape; mending leaves lines where a ring touched itself."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in _POLYGONS]
    if len(parts) == 1:
        return parts[0]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _kind(shape: shapely.Geometry) -> str:
    names = {"Point": "点", "LineString": "线", "MultiPoint": "点", "MultiLineString": "线"}
    return names.get(shape.geom_type, "点、线、面的组合")
