"""ZIP files from outside. No other module opens one.

What an archive states of itself is not trusted: its members are unpacked once and counted. They
are only ever read into memory, so no name of a member can lead out of a folder.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePath

_MOST_MEMBERS = 20_000
_CHUNK = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack any amount in one step
_UTF_8 = 0x800  # flag of a name
_HEADER = 30  # bytes of a member's own header, before its name


def beside(name: str) -> bool:
    """Whether a member is what macOS adds beside every file."""
    return PurePath(name).name.startswith("._")


class RefusedZipError(Exception):
    """A ZIP that is not opened: broken, encrypted, or with a name `twice`."""

    def __init__(self, twice: bool = False) -> None:
        super().__init__()
        self.twice = twice


class UntrustedZip:
    """A ZIP: the names of its members, and the true sizes of those measured, which may be read.

    Names have ``/`` between folders, whatever the program that packed them wrote.
    Every method raises `RefusedZipError`.
    """

    def __init__(self, content: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = [one for one in archive.infolist() if not one.filename.endswith("/")]
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise RefusedZipError from error
        self._content = content
        self._members = {one.filename.replace("\\", "/"): one for one in members}
        self.names = list(self._members)
        self.sizes: dict[str, int] = {}
        if len({name.lower() for name in self.names}) < len(members):
            raise RefusedZipError(twice=True)
        if len(members) > _MOST_MEMBERS or "" in self._members:
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
        """A member that was measured, unpacked; b'' where there is none."""
        if name not in self.sizes:
            return b""
        content = b"".join(self._chunks(name))
        if zlib.crc32(content) != self._members[name].CRC:
            raise RefusedZipError
        return content

    def _chunks(self, name: str) -> Iterator[bytes]:
        """The content of a member, whatever size the archive states for it."""
        member = self._members[name]
        header = self._content[member.header_offset : member.header_offset + _HEADER]
        if (
            not header.startswith(b"PK\3\4")
            or len(header) < _HEADER
            or member.flag_bits & 1
            or member.compress_type not in _METHODS
        ):
            raise RefusedZipError
        begins = member.header_offset + _HEADER
        named, further = struct.unpack("<HH", header[26:])
        start = begins + named + further
        encoding = "utf-8" if member.flag_bits & _UTF_8 else "cp437"
        own_name = self._content[begins : begins + named].decode(encoding, "replace")
        if own_name != member.orig_filename:  # some readers go by this one
            raise RefusedZipError
        packed: bytes | memoryview = memoryview(self._content)[start : start + member.compress_size]
        if member.compress_type == zipfile.ZIP_STORED:
            yield bytes(packed)
            return
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            while chunk := inflate.decompress(packed, _CHUNK):
                yield chunk
                packed = inflate.unconsumed_tail
        except zlib.error as error:
            raise RefusedZipError from error
