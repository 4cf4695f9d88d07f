"""Snapshots as earlier versions of the dashboard published them: with less in them."""

import json
import os
import shutil
from pathlib import Path

import pyarrow.parquet as pq

from store.snapshot import Snapshot

YOUNGER_TABLES = ("denominators", "clusters", "cluster_members", "filings", "province")
YOUNGER_COLUMNS = {
    "merchants": ("joined_by", "also_in", "shop_key"),
    "venues": ("outline", "spans"),
}
"""What version 0.2.0 did not know."""


def older(snapshot: Snapshot, folder: os.PathLike) -> Snapshot:
    """A copy of `snapshot` under `folder` without what version 0.2.0 did not know."""
    copy = Snapshot(Path(shutil.copytree(snapshot.path, folder / snapshot.id)))
    for name in YOUNGER_TABLES:
        copy.table_path(name).unlink()
    for name, columns in YOUNGER_COLUMNS.items():
        path = copy.table_path(name)
        pq.write_table(pq.read_table(path).drop_columns(list(columns)), path)
    rows = {name: n for name, n in copy.manifest["rows"].items() if name not in YOUNGER_TABLES}
    facts = snapshot.manifest | {"rows": rows, "content_hash": "of fewer tables"}
    text = json.dumps(facts, ensure_ascii=False)
    (copy.path / "manifest.json").write_text(text, encoding="utf-8")
    return Snapshot(copy.path)
