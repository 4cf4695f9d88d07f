"""ZIP files from outside. No other module opens one.

What an archive states of itself is not trusted: its members are unpacked once and counted. They
are only ever read into memory, so no name of a member can lead out of a folder.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

_MOST_MEMBERS = 20_000
_CHUNK = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack any amount in one step
_LARGEST = 1 << 62
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    OverflowError,
)  # fmt: skip


class RefusedZipError(Exception):
    """A ZIP that is not opened: broken, encrypted, or with a name `twice`."""

    def __init__(self, twice: bool = False) -> None:
        super().__init__()
        self.twice = twice


class UntrustedZip:
    """A ZIP: the names of its members, and the true sizes of those measured, which may be read.

    Every method raises `RefusedZipError`.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN as error:
            raise RefusedZipError from error
        members = self._archive.infolist()
        self.names = [one.filename for one in members if not one.is_dir()]
        self.sizes: dict[str, int] = {}
        if len({name.lower() for name in self.names}) < len(self.names):
            raise RefusedZipError(twice=True)
        if len(members) > _MOST_MEMBERS:
            raise RefusedZipError

    def fits(self, most_bytes: int, names: Iterable[str] | None = None) -> bool:
        """Whether members (all, if none are named) unpack to `most_bytes` together at most."""
        for name in self.names if names is None else names:
            self.sizes[name] = 0
            for chunk in self._chunks(name):
                self.sizes[name] += len(chunk)
                most_bytes -= len(chunk)
                if most_bytes < 0:
                    return False
        return True

    def read(self, name: str) -> bytes:
        """A member that was measured, unpacked."""
        return b"".join(self._chunks(name)) if name in self.sizes else b""

    def _chunks(self, name: str) -> Iterator[bytes]:
        """The content of a member, whatever size the archive states for it."""
        member = self._archive.getinfo(name)
        if member.compress_type not in _METHODS:
            raise RefusedZipError
        member.file_size = _LARGEST
        try:
            with self._archive.open(member) as opened:
                while chunk := opened.read(_CHUNK):
                    yield chunk
        except _BROKEN as error:
            raise RefusedZipError from error
