"""A zipped Shapefile: only its .shp, .shx, .dbf and .prj are read.

GDAL reads the shapes alone. What encoding a .cpg or a .dbf states is often wrong (`dbf_table`).
"""

import warnings
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from loaders.formats.outlines import dbf_table, outline_features
from loaders.formats.outlines.outline_features import Feature
from loaders.formats.untrusted_zip import RefusedZipError, UntrustedZip, beside
from store.errors import FileUnreadableError

_MOST_UNZIPPED = 200_000_000
_SHAPES = ("shp", "shx")
_PARTS = (*_SHAPES, "dbf")  # that a Shapefile cannot do without
_SYSTEM = "prj"
_MAGIC = b"\x00\x00\x27\x0a" + bytes(20)  # the file code, and what is not in use


def features(content: bytes) -> list[Feature]:
    """Every feature of the Shapefile in a zip."""
    parts = _unpacked(content)
    if not parts["shp"].startswith(_MAGIC):
        raise FileUnreadableError(outline_features.UNREADABLE)
    rows, drawn = dbf_table.rows(parts["dbf"]), _shapes(parts)
    if len(rows) != len(drawn):
        raise FileUnreadableError(
            f"里 .shp 有 {len(drawn)} 个图形，.dbf 有 {len(rows)} 条记录，对不上。"
            "请在软件里重新导出，再一起打包。"
        )
    found = [
        Feature(row, shape, broken)
        for row, (shape, broken) in zip(rows, drawn, strict=True)
        if row is not None
    ]
    if not found:
        return []
    if not parts.get(_SYSTEM, b"").strip():
        raise FileUnreadableError(outline_features.NO_CRS)
    system = outline_features.of_wkt(outline_features.text(parts[_SYSTEM]))
    return outline_features.converted(found, system)


def _shapes(parts: dict[str, bytes]) -> list[tuple[shapely.Geometry | None, bool]]:
    """Each shape, None where there is none, and whether its corners make none."""
    with TemporaryDirectory() as folder:
        for suffix in _SHAPES:
            (Path(folder) / f"outline.{suffix}").write_bytes(parts[suffix])
        try:
            with warnings.catch_warnings(action="ignore"):  # of measures, which we leave out
                _, _, stored, _ = pyogrio.raw.read(Path(folder) / "outline.shp", columns=[])
        except (DataSourceError, DataLayerError, FeatureError) as error:
            raise FileUnreadableError(outline_features.UNREADABLE) from error
    shapes = shapely.from_wkb(np.array(stored, dtype=object), on_invalid="ignore")
    return [
        (shape, shape is None and wkb is not None)
        for shape, wkb in zip(shapes, stored, strict=True)
    ]


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of the one Shapefile in a zip, by their suffix."""
    try:
        archive = UntrustedZip(content)
        parts = [name for name in archive.names if _is_part(name)]
        if not archive.fits(_MOST_UNZIPPED, parts):
            raise FileUnreadableError(outline_features.TOO_LARGE)
        members = {_suffix(name): name for name in parts}
        if len(members) < len(parts):
            raise FileUnreadableError("里不止一个 Shapefile，请每个单独打包上传。")
        missing = [f".{one}" for one in _PARTS if one not in members]
        if missing:
            raise FileUnreadableError(
                f"里缺少 {'、'.join(missing)} 文件。"
                "Shapefile 的 .shp、.shx、.dbf、.prj 请一起打包后重新上传。"
            )
        return {suffix: archive.read(name) for suffix, name in members.items()}
    except RefusedZipError as error:
        raise FileUnreadableError(outline_features.UNREADABLE) from error


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()[1:]


def _is_part(name: str) -> bool:
    return _suffix(name) in (*_PARTS, _SYSTEM) and not beside(name)
