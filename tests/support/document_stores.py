"""Stores for documents: one with nothing but a bank's file, one whose names mean harm."""

import os
import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from loaders import intake
from queries.scope import Scope
from store import snapshot_store
from tests.support.bank_files import assess, merchants

HOSTILE = [
    "<b>粗</b>", "{{ x }}", "=1+1", "#let x = 1", "甲&乙", '"引号"', "笑脸😀店", "控制\x0b符",
    "长" * 300, '=HYPERLINK("http://a.example","点")', "@SUM(A1)", "+86", "-1",
]  # fmt: skip
"""Names that some format would take for more than text."""


def bare(folder: Path) -> snapshot_store.Store:
    """A store that holds three merchants of one bank, and no register of venues."""
    home = snapshot_store.Store(folder / "store")
    intake.publish(assess([merchants(folder / "merchants")], home), home, "测试")
    return home


def hostile(demo: os.PathLike, folder: Path) -> snapshot_store.Store:
    """A copy of the `demo` store in which names and addresses are those of `HOSTILE` in turn."""
    home = snapshot_store.Store(Path(shutil.copytree(demo, folder / "hostile")))
    for name in ("venues", "merchants", "clusters"):
        path = home.current().table_path(name)
        table = pq.read_table(path)
        for column in {"name", "address", "owner"} & set(table.column_names):
            harm = [HOSTILE[row % len(HOSTILE)] for row in range(len(table))]
            kind = table.schema.field(column).type
            place = table.column_names.index(column)
            table = table.set_column(place, column, pa.array(harm, kind))
        pq.write_table(table, path)
    return home


def scope(home: snapshot_store.Store, area_id: str = "") -> Scope:
    """The scope of a document on the version in force, on its own day."""
    manifest = home.current().manifest
    return Scope(manifest["id"], date.fromisoformat(manifest["as_of"]), area_id)
