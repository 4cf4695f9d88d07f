"""A zipped Shapefile: only its .shp, .shx, .dbf, .prj and .cpg are read."""

from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import pyogrio
from pyogrio.errors import DataSourceError

from geo.outlines import OutlineError
from loaders.formats.outlines import outline_features
from loaders.formats.outlines.outline_features import Feature
from loaders.formats.untrusted_zip import RefusedZipError, UntrustedZip

_MOST_UNZIPPED = 200_000_000
_PARTS = ("shp", "shx", "dbf")  # that a Shapefile cannot do without
_FURTHER_PARTS = ("prj", "cpg")
_MAGIC = b"\x00\x00\x27\x0a" + bytes(20)  # the file code, and what is not in use


def features(content: bytes) -> list[Feature]:
    """Every feature of the Shapefile in a zip."""
    parts = _unpacked(content)
    if not parts["shp"].startswith(_MAGIC):
        raise OutlineError(outline_features.UNREADABLE)
    with TemporaryDirectory() as folder:
        for suffix, part in parts.items():
            (Path(folder) / f"outline.{suffix}").write_bytes(part)
        try:
            frame = pyogrio.read_dataframe(Path(folder) / "outline.shp", on_invalid="ignore")
        except DataSourceError as error:
            raise OutlineError(outline_features.UNREADABLE) from error
    if len(frame) and frame.crs is None:
        raise OutlineError(outline_features.NO_CRS)
    columns = frame.drop(columns="geometry").astype(object)
    rows = columns.where(columns.notna(), None).to_dict("records")
    shapes = frame.geometry.to_numpy(dtype=object)
    found = [Feature(*pair) for pair in zip(rows, shapes, strict=True)]
    return outline_features.converted(found, frame.crs)


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of the one Shapefile in a zip, by their suffix."""
    try:
        archive = UntrustedZip(content)
        parts = [name for name in archive.names if _is_part(name)]
        if not archive.fits(_MOST_UNZIPPED, parts):
            raise OutlineError(outline_features.TOO_LARGE)
        members = {_suffix(name): name for name in parts}
        if len(members) < len(parts):
            raise OutlineError("里不止一个 Shapefile，请每个单独打包上传。")
        missing = [f".{one}" for one in _PARTS if one not in members]
        if missing:
            raise OutlineError(
                f"里缺少 {'、'.join(missing)} 文件。"
                "Shapefile 的 .shp、.shx、.dbf、.prj 请一起打包后重新上传。"
            )
        return {suffix: archive.read(name) for suffix, name in members.items()}
    except RefusedZipError as error:
        raise OutlineError(outline_features.UNREADABLE) from error


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()[1:]


def _is_part(name: str) -> bool:
    hidden = PurePath(name).name.startswith("._")  # what macOS adds beside every file
    return _suffix(name) in (*_PARTS, *_FURTHER_PARTS) and not hidden
