"""What was read of files before: read again only once a file's size or time of change is another.

By their hashes the store notices that a file is not as it was written.
"""

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits. Raises `OSError` if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def known_sha256(path: Path) -> str:
    """SHA-256 of a file, as `sha256`."""
    digest: str = _known(sha256, path, *_state(path))
    return digest


def known_json(path: Path) -> Any:
    """What a file of JSON says, shared by all who ask: do not write to it.

    Raises `OSError` if it cannot be read, ``ValueError`` if it is no JSON.
    """
    return _known(_json, path, *_state(path))


def _state(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns


@lru_cache(maxsize=5_000)
def _known(read: Callable[[Path], Any], path: Path, _size: int, _changed: int) -> Any:
    return read(path)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
