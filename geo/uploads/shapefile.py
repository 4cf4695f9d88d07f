"""A zipped Shapefile: its parts are taken out of the zip, and nothing else that lies in it."""

import zipfile
import zlib
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import pyogrio
from pyogrio.errors import DataSourceError

from geo.errors import OutlineError
from geo.uploads.feature import Feature, converted, no_crs, too_large, unreadable

_MOST_UNZIPPED = 200_000_000
_PARTS = ("shp", "shx", "dbf")  # that a Shapefile cannot do without
_FURTHER_PARTS = ("prj", "cpg")
_MAGIC = b"\x00\x00\x27\x0a" + bytes(20)  # the file code, and what is not in use
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def features(content: bytes, file: str) -> list[Feature]:
    """Every feature of the Shapefile in a zip."""
    parts = _unpacked(content, file)
    if not parts["shp"].startswith(_MAGIC):
        raise unreadable(file)
    with TemporaryDirectory() as folder:
        for suffix, part in parts.items():
            (Path(folder) / f"outline.{suffix}").write_bytes(part)
        try:
            frame = pyogrio.read_dataframe(Path(folder) / "outline.shp", on_invalid="ignore")
        except DataSourceError as error:
            raise unreadable(file) from error
    if len(frame) and frame.crs is None:
        raise no_crs(file)
    told = frame.drop(columns="geometry").astype(object)
    told = told.where(told.notna(), None).to_dict("records")
    shapes = frame.geometry.to_numpy(dtype=object)
    found = [Feature(said, shape) for said, shape in zip(told, shapes, strict=True)]
    return converted(found, frame.crs)


def _unpacked(content: bytes, file: str) -> dict[str, bytes]:
    """The parts of the one Shapefile in a zip, by their suffix; all else in it is passed over."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if _is_part(one.filename)]
            if sum(one.file_size for one in members) > _MOST_UNZIPPED:
                raise too_large(file)
            suffixes = [PurePath(one.filename).suffix.lower()[1:] for one in members]
            _complete(suffixes, file)
            return {
                suffix: archive.read(one) for suffix, one in zip(suffixes, members, strict=True)
            }
    except _ZIP_ERRORS as error:
        raise unreadable(file) from error


def _is_part(name: str) -> bool:
    path = PurePath(name)
    part = path.suffix.lower()[1:] in (*_PARTS, *_FURTHER_PARTS)
    return part and not path.name.startswith("._")  # what macOS adds beside every file


def _complete(suffixes: list[str], file: str) -> None:
    """Raise `OutlineError` unless the parts are those of one Shapefile."""
    if len(set(suffixes)) < len(suffixes):
        raise OutlineError(f"“{file}”里不止一个 Shapefile，请每个单独打包上传。")
    missing = [f".{one}" for one in _PARTS if one not in suffixes]
    if missing:
        raise OutlineError(
            f"“{file}”里缺少 {'、'.join(missing)} 文件。"
            "Shapefile 的 .shp、.shx、.dbf、.prj 请一起打包后重新上传。"
        )
