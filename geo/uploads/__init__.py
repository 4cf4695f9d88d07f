"""Files of outlines as people upload them, opened without trusting what is in them.

Each suffix has one reader, and bytes that do not look like its format are refused. GDAL alone would
take any of its formats under any suffix, among them lists of other files and addresses that it goes
on to read (OGR VRT). So JSON, KML and GeoPackage are read with the standard library; only the parts
of a Shapefile, which can name nothing, are left to GDAL.
"""

from pathlib import PurePath

from geo.errors import OutlineError
from geo.uploads import geojson, geopackage, kml, shapefile
from geo.uploads.feature import MOST_BYTES, Feature, too_large

__all__ = ["SUFFIXES", "Feature", "features"]

_READERS = {
    "geojson": geojson.features,
    "json": geojson.features,
    "gpkg": geopackage.features,
    "kml": kml.features,
    "zip": shapefile.features,
}
SUFFIXES = tuple(_READERS)


def features(content: bytes, file: str) -> list[Feature]:
    """Every feature of an uploaded file, in its order.

    Raises `OutlineError` for a suffix that is not one of `SUFFIXES`, a file that is too large, one
    that is not what its suffix says, and one of no known coordinate system.
    """
    suffix = PurePath(file).suffix.lower().lstrip(".")
    if suffix not in SUFFIXES:
        raise OutlineError(
            f"“{file}”不是能读的图形文件。请上传 GeoJSON、GPKG、KML，或打成 zip 的 Shapefile。"
        )
    if len(content) > MOST_BYTES:
        raise too_large(file)
    return _READERS[suffix](content, file)
