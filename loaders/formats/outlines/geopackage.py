"""GeoPackage, read with sqlite3. Views, virtual tables and computed columns are skipped."""

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import shapely
from shapely.errors import GEOSException

from loaders.formats.outlines import outline_features
from loaders.formats.outlines.outline_features import Feature
from store.errors import FileUnreadableError

_LAYERS = """
select layer.table_name, layer.column_name, system.organization, system.organization_coordsys_id
from gpkg_geometry_columns layer
join sqlite_master stored on stored.name = layer.table_name and stored.type = 'table'
left join gpkg_spatial_ref_sys system on system.srs_id = layer.srs_id
where stored.sql not like 'create virtual%'
"""
_ENVELOPES = (0, 32, 48, 48, 64)  # bytes, by the code in the flags (OGC 12-128r18, 2.1.3)


def features(content: bytes) -> list[Feature]:
    """Features of all tables; views and virtual tables, which can compute, are skipped."""
    if not content.startswith(b"SQLite format 3\0"):
        raise FileUnreadableError(outline_features.UNREADABLE)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "outline.gpkg"
        path.write_bytes(content)
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as opened:
                opened.execute("pragma trusted_schema = off")
                opened.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, outline_features.MOST_BYTES)
                layers = opened.execute(_LAYERS).fetchall()
                return [one for layer in layers for one in _rows(opened, layer)]
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise FileUnreadableError(outline_features.UNREADABLE) from error


def _rows(
    opened: sqlite3.Connection, layer: tuple[str, str, str | None, int | None]
) -> list[Feature]:
    name, column, organization, code = layer
    stored = opened.execute(f"pragma table_info({_quoted(name)})")  # without computed columns
    titles = [one[1] for one in stored]
    if column not in titles:
        return []
    selected = opened.execute(f"select {', '.join(map(_quoted, titles))} from {_quoted(name)}")
    features = []
    for row in selected:
        attributes = dict(zip(titles, row, strict=True))
        features.append(_of_blob(attributes, attributes.pop(column)))
    if not features:
        return []
    if str(organization).upper() != "EPSG" or code is None:
        raise FileUnreadableError(outline_features.NO_CRS)
    return outline_features.converted(features, outline_features.epsg(code))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _of_blob(attributes: dict[str, Any], blob: object) -> Feature:
    """A feature of a GeoPackage geometry: a header that states its length, then WKB."""
    if blob is None:
        return Feature(attributes, None)
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return Feature(attributes, None, broken=True)
    envelope = blob[3] >> 1 & 0b111
    if envelope >= len(_ENVELOPES):
        return Feature(attributes, None, broken=True)
    try:
        return Feature(attributes, shapely.from_wkb(blob[8 + _ENVELOPES[envelope] :]))
    except GEOSException:
        return Feature(attributes, None, broken=True)
