"""Files written so that a killed process or a power cut leaves the old one or the new one."""

import os
from pathlib import Path

PARTIAL = ".partial"


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside its place, flush it to disk and rename it into place."""
    partial = path.with_name(f"{PARTIAL}-{path.name}")
    partial.write_bytes(content)
    flush(partial)
    partial.replace(path)
    flush(path.parent)


def flush(path: Path) -> None:
    """Flush `path` to disk; Windows cannot flush a folder."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
