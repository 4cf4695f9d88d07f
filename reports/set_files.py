"""The files of a set as they come back: in a folder, in a ZIP, or one by one.

Whoever had them may have changed them, so a ZIP goes through the guard for those from outside, and
names are only compared, never used as paths.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from loaders.formats.untrusted_zip import RefusedZipError, UntrustedZip, beside
from reports.set_list import LIST
from store.errors import FileUnreadableError

LARGEST = 400_000_000  # bytes of all files together
_COPY = re.compile(r"\s*\(\d+\)$")  # what a browser adds to the name of a second download


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files in the ZIP `content` by path. Raises `FileUnreadableError`."""
    try:
        archive = UntrustedZip(content)
        if not archive.fits(LARGEST):
            raise FileUnreadableError("压缩包展开后太大，没有打开")
        files = {name: archive.read(name) for name in archive.names if not beside(name)}
    except RefusedZipError as error:
        raise FileUnreadableError("压缩包打不开：已经损坏，或者加了密码") from error
    if not any(PurePosixPath(name).name == LIST for name in files):
        files = {_from_windows(name): content for name, content in files.items()}
    return _from_list(files)


def of_folder(folder: Path) -> dict[str, bytes]:
    """The files in `folder` by path. Raises `OSError`, and `FileUnreadableError` for too much."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    if sum(path.stat().st_size for path in paths) > LARGEST:
        raise FileUnreadableError(f"文件夹“{folder}”里的文件太多或太大，没有读")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def placed(uploads: Iterable[tuple[str, bytes]], hashes: Mapping[str, str]) -> dict[str, bytes]:
    """`uploads`, names and contents, as files of a set whose list has `hashes` by path.

    A file that was taken away alone has the name of the set before its own, and no folder. Figures
    of two shapes have one name: the hash tells them apart while they are unchanged.
    """
    files: dict[str, bytes] = {}
    for name, content in uploads:
        stem, dot, ending = name.rpartition(".")
        plain = _COPY.sub("", stem) + dot + ending
        digest = hashlib.sha256(content).hexdigest()
        fitting = [path for path in hashes if _may_be(plain, PurePosixPath(path).name)]
        fitting = sorted(fitting, key=lambda path: hashes[path] != digest)
        place = next((path for path in fitting if path not in files), name)
        while place in files:
            place += "（又一份）"
        files[place] = content
    return files


def _may_be(name: str, own: str) -> bool:
    return name == own or name.endswith(f"_{own}")


def _from_windows(name: str) -> str:
    """A name that Windows packed in Chinese without saying so."""
    with suppress(UnicodeError):
        return name.encode("cp437").decode("gbk")
    return name


def _from_list(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files under the folder that the list stands in, which a packer may have put around."""
    lists = [PurePosixPath(name) for name in files if PurePosixPath(name).name == LIST]
    around = f"{lists[0].parent.as_posix()}/" if lists and lists[0].parent.name else ""
    return {name.removeprefix(around): content for name, content in files.items()}
