"""Stores for documents: one with nothing but a bank's file, one whose names mean harm."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from loaders import intake
from queries.scope import Scope
from store import snapshot_store
from tests.support.bank_files import assess, merchants

HOSTILE = [
    "<b>粗</b>", "{{ x }}", "=1+1", "#let x = 1", "甲&乙", '"引号"', "笑脸😀店", "控制\x0b符",
    "长" * 300, '=HYPERLINK("http://a.example","点")', "@SUM(A1)", "+86", "-1",
]  # fmt: skip
"""Names that some format would take for more than text."""


@pytest.fixture(scope="session")
def bare_store(tmp_path_factory, worker_id):
    """A store that holds three merchants of one bank, and no register of venues."""

    def publish(folder: Path) -> None:
        home = snapshot_store.Store(folder)
        intake.publish(assess([merchants(folder / "merchants")], home), home, "测试")

    return _once(tmp_path_factory, worker_id, "bare_store", publish)


@pytest.fixture(scope="session")
def hostile_store(demo_store, tmp_path_factory, worker_id):
    """A copy of the demo store in which names and addresses are those of `HOSTILE` in turn."""

    def copy(folder: Path) -> None:
        shutil.copytree(demo_store, folder, dirs_exist_ok=True)
        for name in ("venues", "merchants", "clusters"):
            path = snapshot_store.Store(folder).current().table_path(name)
            table = pq.read_table(path)
            for column in {"name", "address", "owner"} & set(table.column_names):
                harm = [HOSTILE[row % len(HOSTILE)] for row in range(len(table))]
                kind = table.schema.field(column).type
                place = table.column_names.index(column)
                table = table.set_column(place, column, pa.array(harm, kind))
            pq.write_table(table, path)

    return _once(tmp_path_factory, worker_id, "hostile_store", copy)


def _once(
    factory: pytest.TempPathFactory, worker_id: str, name: str, make: Callable[[Path], None]
) -> snapshot_store.Store:
    """The store `name`, made by the first worker of a run that asks for it."""
    base = factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / name
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            folder.mkdir()
            make(folder)
    return snapshot_store.Store(folder)


def scope(home: snapshot_store.Store, area_id: str = "") -> Scope:
    """The scope of a document on the version in force, on its own day."""
    manifest = home.current().manifest
    return Scope(manifest["id"], date.fromisoformat(manifest["as_of"]), area_id)
