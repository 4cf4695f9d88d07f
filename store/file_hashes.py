"""Hashes of files, by which the store notices that one is not as it was written."""

import hashlib
from functools import lru_cache
from pathlib import Path


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits. Raises `OSError` if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def known_sha256(path: Path) -> str:
    """SHA-256 of a file, read again only once its size or the time of its change is another."""
    state = path.stat()
    return _known(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=1_000)
def _known(path: Path, _size: int, _changed: int) -> str:
    return sha256(path)
