"""Outlines in an uploaded file, opened without trusting what is in it.

Each suffix has one reader, and bytes that do not look like its format are refused. GDAL alone would
take any of its formats under any suffix, among them lists of other files and addresses that it goes
on to read (OGR VRT). So GDAL only gets the parts of a Shapefile, which can name nothing.
"""

from pathlib import PurePath

import geopandas as gpd
import shapely

from domain.reference import table
from geo import outlines
from geo.outlines import OutlineError
from loaders.formats.outlines import geojson, geopackage, kml, shapefile
from loaders.formats.outlines.outline_features import DEGREES, MOST_BYTES, TOO_LARGE, Feature

READERS = {
    "geojson": geojson.features,
    "json": geojson.features,
    "gpkg": geopackage.features,
    "kml": kml.features,
    "zip": shapefile.features,
}
"""By the suffix of the file."""

_MOST_FEATURES = 5_000
_MOST_VERTICES = 500_000


def read(content: bytes, file: str, crs: str = "wgs84") -> gpd.GeoDataFrame:
    """The outlines in an uploaded file: venue_id, name, note, geometry (EPSG:4326).

    venue_id and name come from the columns that a register of venues has, '' where the file has
    none of them; note says what was mended, '' for nothing. `crs` (one of `coordinates.CRS`) is
    the system that longitudes and latitudes were taken from: a file cannot say GCJ-02.

    Raises `OutlineError` for a file that cannot be read or states no coordinate system, for lines
    and points, and for what `outlines.checked` refuses.
    """
    features = _features(content, file)
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
    headings = {column: _headings(column) for column in ("venue_id", "name")}
    rows = []
    for number, feature in enumerate(features, 1):
        row = {column: _value(feature, names) for column, names in headings.items()}
        what = f"“{file}”里的“{row['name'] or row['venue_id'] or f'第 {number} 个图形'}”"
        if feature.broken:
            raise OutlineError(
                f"{what}读不出：边界没有闭合、顶点太少，或坐标不是数字。请改好后重新导出。"
            )
        shape, note = outlines.checked(feature.shape, what, crs)
        rows.append(row | {"note": note, "geometry": shape})
    return gpd.GeoDataFrame(rows, crs=DEGREES)


def _features(content: bytes, file: str) -> list[Feature]:
    reader = READERS.get(PurePath(file).suffix.lower().lstrip("."))
    if reader is None:
        raise OutlineError(
            f"“{file}”不是能读的图形文件。请上传 GeoJSON、GPKG、KML，或打成 zip 的 Shapefile。"
        )
    try:
        if len(content) > MOST_BYTES:
            raise OutlineError(TOO_LARGE)
        return reader(content)
    except OutlineError as error:
        raise OutlineError(f"“{file}”{error}") from error


def _headings(column: str) -> set[str]:
    """What a register of venues may call `column`, without regard to case."""
    columns = table("columns")
    row = columns[(columns["kind"] == "venues") & (columns["column"] == column)].iloc[0]
    return {name.casefold() for name in (row["column"], row["label"], *row["synonyms"].split(";"))}


def _value(feature: Feature, names: set[str]) -> str:
    """The first attribute of a feature that has one of `names`; '' for none."""
    for name, value in feature.attributes.items():
        if str(name).casefold() in names:
            return "" if value is None else str(value).strip()
    return ""
