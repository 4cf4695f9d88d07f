"""Outlines in an uploaded file, opened without trusting what is in it.

Each suffix has one reader, and bytes that do not look like its format are refused. GDAL alone would
take any of its formats under any suffix, among them lists of other files and addresses that it goes
on to read (OGR VRT). So GDAL only gets the shapes of a Shapefile, which can name nothing.
"""

import math
import re
from collections.abc import Collection, Sequence
from pathlib import PurePath
from typing import Any

import geopandas as gpd
import shapely

from geo import outlines
from geo.outlines import OutlineError
from loaders.formats import reading_process
from loaders.formats.mended_cells import mended_text
from loaders.formats.outlines import geojson, geopackage, kml, shapefile
from loaders.formats.outlines.outline_features import DEGREES, MOST_BYTES, TOO_LARGE, Feature
from loaders.reading import cell_parsing, column_names
from loaders.reading.cell_parsing import CellError
from loaders.reading.column_names import Header
from store.errors import FileUnreadableError

READERS = {
    "geojson": geojson.features,
    "json": geojson.features,
    "gpkg": geopackage.features,
    "kml": kml.features,
    "kmz": kml.zipped_features,
    "zip": shapefile.features,
}
"""By the suffix of the file."""

_MOST_FEATURES = 5_000
_MOST_VERTICES = 500_000
_COLUMNS = ("venue_id", "name")
_SHORTEST_CUT = 9  # bytes of a heading that a Shapefile, which has room for ten, may have cut
_CUT = re.compile("\ufffd?(?:_?\\d{1,2})?\\Z")  # half a character, and a number where it is twice
_HAN = re.compile("[\u4e00-\u9fff]")


def read(content: bytes, file: str, crs: str = "wgs84") -> gpd.GeoDataFrame:
    """The outlines in an uploaded file: venue_id, name, told, note, geometry (EPSG:4326).

    venue_id and name come from the columns that a register of venues has, '' where the file has
    none of them; told is what its other columns then say in Chinese. note says what was mended, ''
    for nothing. `crs` (one of `coordinates.CRS`) is
    the system that longitudes and latitudes were taken from: a file cannot say GCJ-02. The
    attribute ``left_out`` of the frame lists what lay beside the polygons, in words.

    Raises `OutlineError` for a file that cannot be read, states no coordinate system or has no
    polygon, and for what `outlines.checked` refuses.
    """
    return of_features(_features(content, file), file, crs)


def of_features(features: Sequence[Feature], file: str, crs: str = "wgs84") -> gpd.GeoDataFrame:
    """The same, of the features that the reader of a file found in it."""
    if not features:
        raise OutlineError(f"“{file}”里没有图形，请在软件里画好场所的边界再导出。")
    if len(features) > _MOST_FEATURES:
        raise OutlineError(
            f"“{file}”里有 {len(features):,} 个图形，一次最多 {_MOST_FEATURES:,} 个，请分开上传。"
        )
    vertices = int(shapely.get_num_coordinates([one.shape for one in features]).sum())
    if vertices > _MOST_VERTICES:
        raise OutlineError(
            f"“{file}”里共有 {vertices:,} 个顶点，一次最多 {_MOST_VERTICES:,} 个，"
            "请在软件里简化图形，或分开上传。"
        )
    rows, left_out = [], []
    drawn = any(outlines.has_polygons(one.shape) for one in features)
    for number, feature in enumerate(features, 1):
        row = _named(feature)
        name = f"“{row['name'] or row['venue_id'] or f'第 {number} 个图形'}”"
        if feature.broken:
            raise OutlineError(
                f"“{file}”里的{name}读不出：边界没有闭合、顶点太少，或坐标不是数字。"
                "请改好后重新导出。"
            )
        if drawn and not outlines.has_polygons(feature.shape):
            left_out.append(f"{name}是{outlines.kind(feature.shape)}")
            continue
        shape, note = outlines.checked(feature.shape, f"“{file}”里的{name}", crs)
        rows.append(row | {"note": note, "geometry": shape})
    found = gpd.GeoDataFrame(rows, crs=DEGREES)
    found.attrs["left_out"] = left_out
    return found


def _features(content: bytes, file: str) -> list[Feature]:
    reader = READERS.get(PurePath(file).suffix.lower().lstrip("."))
    if reader is None:
        raise OutlineError(
            f"“{file}”不是能读的图形文件。请上传 GeoJSON、GPKG、KML、KMZ，或打成 zip 的 Shapefile。"
        )
    try:
        if len(content) > MOST_BYTES:
            raise FileUnreadableError(TOO_LARGE)
        return reading_process.read(reader, content)
    except FileUnreadableError as error:
        raise OutlineError(f"“{file}”{error}") from error


def _named(feature: Feature) -> dict[str, str]:
    """venue_id, name and told of a feature, '' for none.

    A heading that was cut may stand for both; it then is the first that has no other. The number
    of a feature stands for one that its attributes do not name: programs count features with it.
    """
    stated = {mended_text(str(name)): _text(value) for name, value in feature.attributes.items()}
    row: dict[str, str] = {}
    for meant in (_whole, _cut):
        for heading, text in stated.items():
            columns = meant(heading)
            for column in _COLUMNS:
                if column not in row and column in columns:
                    row[column] = text
                    break
    row = {column: row.get(column, "") for column in _COLUMNS}
    if not any(row.values()):
        row["venue_id"] = _text(feature.number)
    told = [] if any(row.values()) else [text for text in stated.values() if _HAN.search(text)]
    return {"venue_id": _id(row["venue_id"]), "name": row["name"], "told": "、".join(told)}


def _whole(heading: str) -> Collection[str | None]:
    """The column of a register of venues that a heading names."""
    return (column_names.known(Header(heading, (heading,)), "venues", {}),)


def _cut(heading: str) -> Collection[str | None]:
    """The columns that may be meant by what a Shapefile left of a heading."""
    left = _CUT.sub("", heading)
    cut = "\ufffd" in heading or len(left.encode("utf-8", "replace")) >= _SHORTEST_CUT
    return column_names.beginning(left, "venues") if cut else ()


def _text(value: Any) -> str:
    """An attribute as people write it: a whole number without its point, nothing for no number."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return mended_text(str(value).encode("utf-8", "replace").decode()).strip()


def _id(text: str) -> str:
    """An id as the cells of a table are read; one that Excel cut short is left as it is."""
    try:
        return cell_parsing.code(text) or ""
    except CellError:
        return text
