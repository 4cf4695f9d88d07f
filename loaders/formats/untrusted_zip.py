"""ZIP files from outside. No other module opens one.

What an archive states of itself is not trusted: its members are unpacked once and counted. They
are only ever read into memory, so no name of a member can lead out of a folder.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator

_CHUNK = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack any amount in one step
_LARGEST = 1 << 62
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    OverflowError,
)  # fmt: skip


class RefusedZipError(Exception):
    """A ZIP that is not opened; `why` is broken (or encrypted), large, or twice (a name)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class UntrustedZip:
    """The members of a ZIP that are `wanted`; `sizes` maps their names to their true sizes.

    Raises `RefusedZipError`, also for more than `most_bytes` of them or `most_members` of all.
    """

    def __init__(
        self,
        content: bytes,
        most_bytes: int,
        most_members: int = 20_000,
        wanted: Callable[[str], bool] = lambda name: True,
    ) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN as error:
            raise RefusedZipError("broken") from error
        members = self._archive.infolist()
        names = [one.filename for one in members if not one.is_dir() and wanted(one.filename)]
        if len(members) > most_members:
            raise RefusedZipError("large")
        if len({name.lower() for name in names}) < len(names):
            raise RefusedZipError("twice")
        self.sizes: dict[str, int] = {}
        left = most_bytes
        for name in names:
            self.sizes[name] = 0
            for chunk in self._chunks(name):
                self.sizes[name] += len(chunk)
                left -= len(chunk)
                if left < 0:
                    raise RefusedZipError("large")

    def read(self, name: str) -> bytes:
        """A member, unpacked."""
        whole = io.BytesIO()
        whole.writelines(self._chunks(name))
        return whole.getvalue()

    def _chunks(self, name: str) -> Iterator[bytes]:
        """The content of a member, whatever size the archive states for it."""
        member = self._archive.getinfo(name)
        if member.compress_type not in _METHODS:
            raise RefusedZipError("broken")
        member.file_size = _LARGEST
        try:
            with self._archive.open(member) as opened:
                while chunk := opened.read(_CHUNK):
                    yield chunk
        except _BROKEN as error:
            raise RefusedZipError("broken") from error
