"""Files written so that a killed process or a power cut leaves the old one or the new one."""

import os
from collections.abc import Iterable
from pathlib import Path

PARTIAL = ".partial"


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside its place, flush it to disk and rename it into place."""
    replace_files([(path, content)])


def replace_files(contents: Iterable[tuple[Path, bytes | memoryview]]) -> None:
    """Write files beside their places, flush them all and rename them into place, in this order.

    Flushed together they cost the disk little more than one.
    """
    places = []
    for path, content in contents:
        path.parent.mkdir(parents=True, exist_ok=True)
        places.append(path)
        _beside(path).write_bytes(content)
    for path in places:
        flush(_beside(path))
    for path in places:
        _beside(path).replace(path)
    for folder in dict.fromkeys(path.parent for path in places):
        flush(folder)


def _beside(path: Path) -> Path:
    return path.with_name(f"{PARTIAL}-{path.name}")


def flush(path: Path) -> None:
    """Flush `path` to disk; Windows cannot flush a folder."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
