"""Outlines of venues and clusters: sound polygons in WGS-84."""

from collections.abc import Sequence

import numpy as np
import shapely

from geo import boundaries, containment, coordinates

SMALLEST_M2, LARGEST_M2 = 50.0, 400e6  # a kiosk; the largest development zone and half of it again
MENDED = "边界自相交，已自动修正，请核对形状"
MERGED = "几块互相重叠，已合为一块，请核对形状"
PARTLY = "图形里的点、线没有采用"

_MOST_VERTICES = 2_000  # after simplifying
_MENDABLE_VERTICES, _MENDABLE_CROSSINGS = 200, 100  # mending takes the square of the crossings
_SLACK = 5e-6  # degrees, about 0.5 m: how far a line may be from the corners that are left out
_STEP = 1e-5  # degrees, about 1 m
_OTHERS = {"Point": "点", "LineString": "线", "MultiPoint": "点", "MultiLineString": "线"}


class OutlineError(ValueError):
    """An outline that cannot be used; the message quotes it and says what to do."""


def drawn(vertices: Sequence[tuple[float, float]]) -> shapely.Geometry:
    """The outline whose corners are `vertices` (lon, lat in WGS-84), in the order of drawing.

    Raises `OutlineError` with fewer than three corners, and for what `checked` refuses. Lines that
    cross are not mended: they are in sight, and the last corner can be taken back.
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

    Parts that overlap are joined; of a collection only the polygons are taken. `crs` is the system
    of its longitudes and latitudes. Raises `OutlineError`, naming `what`, for
    no shape, lines or points, what is not in degrees, too many crossings or corners, a shape
    outside the city, and one smaller than `SMALLEST_M2` or larger than `LARGEST_M2`.
    """
    parts = _parts(shape)
    if shape is None or shape.is_empty:
        raise OutlineError(f"{what}是空的，请画好边界再上传。")
    if not parts:
        raise OutlineError(f"{what}是{kind(shape)}，不是面。请画成闭合的面（多边形）再上传。")
    bare = not all(map(has_polygons, shapely.get_parts(shape)))
    shape = shapely.multipolygons(parts)
    _require_degrees(shape, what)
    degrees = shapely.transform(
        shapely.force_2d(shape),
        lambda xy: np.column_stack(coordinates.to_wgs84(xy[:, 0], xy[:, 1], crs)),
    )
    sound, note = _sound(degrees, what)
    note = "；".join(filter(None, (note, PARTLY if bare else "")))
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


def has_polygons(shape: shapely.Geometry | None) -> bool:
    """Whether `shape` is a polygon, or has one among its parts."""
    return bool(_parts(shape))


def kind(shape: shapely.Geometry | None) -> str:
    """What `shape` is that is no polygon, in words."""
    if shape is None or (shape.is_empty and shape.geom_type not in _OTHERS):
        return "空的"
    return _OTHERS.get(shape.geom_type, "点、线的组合")


def _sound(shape: shapely.Geometry, what: str) -> tuple[shapely.Geometry, str]:
    """`shape` without the corners that it does not need, mended if its lines cross, and a note."""
    parts = _parts(shape)
    note = "" if shape.is_valid else MERGED if all(part.is_valid for part in parts) else MENDED
    simple = [shapely.simplify(_mended(part, what), _SLACK) for part in parts]
    _require_few(simple, what)  # joining takes the square of the corners
    sound = _joined(_parts(shapely.set_precision(_joined(simple), _STEP)))
    _require_few([sound], what)
    return sound, note


def _require_few(shapes: Sequence[shapely.Geometry], what: str) -> None:
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    if vertices > _MOST_VERTICES:
        raise OutlineError(
            f"{what}简化到半米后仍有 {vertices:,} 个顶点，一个轮廓最多 {_MOST_VERTICES:,} 个，"
            "请在软件里简化，或只沿外边界重新画一圈。"
        )


def _mended(part: shapely.Geometry, what: str) -> shapely.Geometry:
    """A polygon whose lines do not cross: what they enclose, without what is a hole."""
    if part.is_valid:
        return part
    _require_mendable(part, what)
    return _joined(_parts(shapely.make_valid(part, method="structure", keep_collapsed=False)))


def _require_mendable(shape: shapely.Geometry, what: str) -> None:
    """Raise `OutlineError` for a polygon with so many crossings that its area is ambiguous."""
    vertices = shapely.get_num_coordinates(shape)
    crossings = _crossings(shape) if vertices <= _MENDABLE_VERTICES else None
    if crossings is None:
        fault = f"边线互相交叉，又有 {vertices:,} 个顶点"
    elif crossings > _MENDABLE_CROSSINGS:
        fault = f"边线互相交叉 {crossings:,} 处"
    else:
        return
    raise OutlineError(f"{what}{fault}，无法自动修正。请沿场所的边界按顺序重新画一圈。")


def _crossings(shape: shapely.Geometry) -> int:
    rings = shapely.get_rings(shape)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    steps = np.stack([corners[:-1], corners[1:]], axis=1)[ring[:-1] == ring[1:]]
    lines = shapely.linestrings(steps)
    first, second = shapely.STRtree(lines).query(lines, predicate="crosses")
    return int((first < second).sum())


def text(shape: shapely.Geometry) -> str:
    """`shape` as it is stored: GeoJSON."""
    return str(shapely.to_geojson(shape))


def _parts(shape: shapely.Geometry | None) -> list[shapely.Geometry]:
    """The single polygons of a shape that are not empty, however deep in its collections."""
    if shape is None or shape.is_empty:
        return []
    if shape.geom_type == "Polygon":
        return [shape]
    if shape.geom_type not in ("MultiPolygon", "GeometryCollection"):
        return []
    return [part for one in shapely.get_parts(shape) for part in _parts(one)]


def _joined(parts: Sequence[shapely.Geometry]) -> shapely.Geometry:
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)
