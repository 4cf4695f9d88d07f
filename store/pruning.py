"""Removal of old snapshots that nothing points to any more; what they were made of stays."""

import shutil
from collections.abc import Iterable
from datetime import datetime

from store import store_lock
from store.durable_files import PARTIAL
from store.snapshot_store import Store


def prunable(store: Store, before: datetime) -> list[str]:
    """Ids of the snapshots published before a time, oldest first.

    The one in force stays, and the one that it was made of.
    """
    current = store.current()
    kept = {current.id, current.manifest["parent"]} if current else set()
    return [
        facts["id"]
        for facts in reversed(store.snapshots())
        if facts["id"] not in kept and datetime.fromisoformat(facts["created_at"]) < before
    ]


def prune(store: Store, names: Iterable[str]) -> None:
    """Remove snapshots, each in one step. Raises `StoreError` if the disk cannot be written."""
    with store_lock.writing(store.path), store.held():
        for name in names:
            gone = store.path / "snapshots" / f"{PARTIAL}-{name}"
            (store.path / "snapshots" / name).rename(gone)
            shutil.rmtree(gone)
