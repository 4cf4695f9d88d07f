"""Outlines of venues and clusters, as people upload or draw them.

An upload is GeoJSON, GeoPackage, KML or a zipped Shapefile. Whatever it holds becomes polygons in
WGS-84, or an `OutlineError` that quotes the file and the feature and says what to do.
"""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from domain.reference import table
from geo import boundaries, coordinates, membership

SUFFIXES = ("geojson", "json", "gpkg", "kml", "zip")
SMALLEST_M2, LARGEST_M2 = 50.0, 400e6  # a kiosk; the largest development zone and half of it again
MENDED = "边界自相交，已自动修正，请核对形状"

_DEGREES = "EPSG:4326"
_MOST_BYTES = 20_000_000
_MOST_UNZIPPED = 200_000_000
_MOST_FEATURES = 5_000
_STEP = 1e-6  # degrees, about 0.1 m: finer than anyone draws
_POLYGONS = ("Polygon", "MultiPolygon")


class OutlineError(ValueError):
    """An outline that cannot be used; the message quotes it and says what to do."""


def read(content: bytes, file: str, crs: str = "wgs84") -> gpd.GeoDataFrame:
    """The outlines in an uploaded file: venue_id, name, note, geometry (EPSG:4326).

    venue_id and name come from the columns that a register of venues has, '' where the file has
    none of them; note says what was mended, '' for nothing. `crs` (one of `coordinates.CRS`) is
    the system that longitudes and latitudes were taken from: a file cannot say GCJ-02.

    Raises `OutlineError` for a file that cannot be read or states no coordinate system, for lines
    and points, and for what `checked` refuses.
    """
    suffix = _suffix(content, file)
    with TemporaryDirectory() as folder:  # GDAL tells formats by the names of files
        path = Path(folder) / f"outline.{suffix}"
        path.write_bytes(content)
        layers = [_layer(path, file, name) for name in _layers(path, file)]
    features = pd.concat(layers, ignore_index=True) if layers else pd.DataFrame()
    if features.empty:
        raise OutlineError(f"“{file}”里没有图形，请在软件里画好场所的边界再导出。")
    if len(features) > _MOST_FEATURES:
        raise OutlineError(
            f"“{file}”里有 {len(features):,} 个图形，一次最多 {_MOST_FEATURES:,} 个，请分开上传。"
        )
    shapes, notes = [], []
    for number, row in enumerate(features.itertuples(index=False), 1):
        label = row.name or row.venue_id or f"第 {number} 个图形"
        shape, note = checked(_shifted(row.geometry, crs), f"“{file}”里的“{label}”")
        shapes.append(shape)
        notes.append(note)
    found = features[["venue_id", "name"]].assign(note=notes)
    return gpd.GeoDataFrame(found, geometry=shapes, crs=_DEGREES)


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


def checked(shape: shapely.Geometry | None, what: str) -> tuple[shapely.Geometry, str]:
    """`shape` as a sound polygon to 0.1 m, and what was mended of it ('' for nothing).

    Raises `OutlineError`, naming `what`, for no shape, lines or points, a shape that is outside
    the city, and one smaller than `SMALLEST_M2` or larger than `LARGEST_M2`.
    """
    if shape is None or shape.is_empty:
        raise OutlineError(f"{what}是空的，请画好边界再上传。")
    if shape.geom_type not in _POLYGONS:
        raise OutlineError(f"{what}是{_kind(shape)}，不是面。请画成闭合的面（多边形）再上传。")
    if not np.isfinite(shape.bounds).all():
        raise OutlineError(f"{what}有的顶点没有坐标，请重新导出。")
    note = "" if shape.is_valid else MENDED
    sound = _polygons(shapely.make_valid(shapely.force_2d(shape)))
    sound = _polygons(shapely.set_precision(sound, _STEP))
    if not sound.intersects(boundaries.counties().union_all()):
        west, south, _, _ = shape.bounds
        raise OutlineError(
            f"{what}不在本市范围内（西南角 {west:.4f}，{south:.4f}），"
            "请检查坐标系，以及经度、纬度是否写反。"
        )
    area = float(membership.area_m2(np.array([sound], dtype=object))[0])
    if not SMALLEST_M2 <= area <= LARGEST_M2:
        size = f"{area:,.0f} 平方米" if area < 1e6 else f"{area / 1e6:,.1f} 平方公里"
        raise OutlineError(
            f"{what}有 {size}，场所应在 {SMALLEST_M2:.0f} 平方米到 "
            f"{LARGEST_M2 / 1e6:.0f} 平方公里之间，请检查图形和坐标系。"
        )
    return sound, note


def text(shape: shapely.Geometry) -> str:
    """`shape` as it is stored: GeoJSON."""
    return shapely.to_geojson(shape)


def _suffix(content: bytes, file: str) -> str:
    """The suffix of a file that may be read."""
    suffix = PurePath(file).suffix.lower().lstrip(".")
    if suffix not in SUFFIXES:
        raise OutlineError(
            f"“{file}”不是能读的图形文件。请上传 GeoJSON、GPKG、KML，或打成 zip 的 Shapefile。"
        )
    if len(content) > _MOST_BYTES or (
        suffix == "zip" and _unzipped(content, file) > _MOST_UNZIPPED
    ):
        raise OutlineError(f"“{file}”太大，轮廓文件不应超过 20 MB，请只导出场所的边界。")
    return suffix


def _layers(path: Path, file: str) -> list[str]:
    try:
        return [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except DataSourceError as error:
        raise _unreadable(file) from error


def _unzipped(content: bytes, file: str) -> int:
    """Bytes that a zip holds when it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(one.file_size for one in archive.infolist())
    except zipfile.BadZipFile as error:
        raise _unreadable(file) from error


def _unreadable(file: str) -> OutlineError:
    return OutlineError(
        f"“{file}”打不开：内容损坏，或不是它的后缀所说的格式。请在软件里打开检查后重新导出。"
    )


def _layer(path: Path, file: str, layer: str) -> pd.DataFrame:
    """Features of one layer: venue_id, name, geometry in WGS-84."""
    try:
        frame = pyogrio.read_dataframe(path, layer=layer)
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(file) from error
    if "geometry" not in frame:
        return pd.DataFrame({"venue_id": [], "name": [], "geometry": []})
    if len(frame) and frame.crs is None:
        raise OutlineError(
            f"“{file}”没有写明坐标系。Shapefile 请连同 .prj 一起打包，"
            "其他格式请保存为 WGS-84 或 CGCS2000 后重新上传。"
        )
    shapes = frame.geometry.to_crs(_DEGREES) if len(frame) else frame.geometry
    names = {column: _told(frame, column) for column in ("venue_id", "name")}
    return pd.DataFrame(names | {"geometry": shapes.to_numpy(dtype=object)})


def _told(frame: pd.DataFrame, column: str) -> pd.Series:
    """What the features say under any name of `column` in a register of venues; '' for nothing."""
    columns = table("columns")
    row = columns[(columns["kind"] == "venues") & (columns["column"] == column)].iloc[0]
    names = {row["column"], row["label"], *row["synonyms"].split(";")}
    known = {name.casefold() for name in names}
    for one in frame.columns:
        if str(one).casefold() in known:
            said = frame[one].astype(object)
            return said.where(said.notna(), "").astype(str).str.strip()
    return pd.Series("", index=frame.index)


def _shifted(shape: shapely.Geometry | None, crs: str) -> shapely.Geometry | None:
    if shape is None or crs == "wgs84":
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
