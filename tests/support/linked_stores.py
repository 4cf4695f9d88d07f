"""Copies of a published store in no time, for tests that write to theirs."""

import os
import shutil
from pathlib import Path

_NEVER_CHANGED = {"snapshots", "statements", "originals"}
"""Folders whose files are replaced or removed, never written into: two stores may share them."""


def linked_copy(store: Path, home: Path) -> Path:
    """A copy of `store` at `home` that may be published to, but whose files no test may damage."""

    def copy(source: str, target: str) -> None:
        part = Path(source).relative_to(store).parts[0]
        (os.link if part in _NEVER_CHANGED else shutil.copy2)(source, target)

    return Path(shutil.copytree(store, home, copy_function=copy, dirs_exist_ok=True))
