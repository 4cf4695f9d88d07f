"""Stores for documents: one with nothing but a bank's file, one whose names mean harm."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from domain.visitors import clerk
from queries.scope import Scope
from store import snapshot_contents, snapshot_store, table_schemas
from store.snapshot_store import Draft
from tests.support.bank_files import merchants, put

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
        put([merchants(folder / "merchants")], home)

    return _once(tmp_path_factory, worker_id, "bare_store", publish)


@pytest.fixture(scope="session")
def hostile_store(demo_store, tmp_path_factory, worker_id):
    """A copy of the demo store in which names and addresses are those of `HOSTILE` in turn."""

    def copy(folder: Path) -> None:
        shutil.copytree(demo_store, folder, dirs_exist_ok=True)
        home = snapshot_store.Store(folder)
        demo = home.current()
        frames = {name: demo.frame(name) for name in table_schemas.SCHEMAS}
        for name in ("venues", "merchants", "clusters"):
            table = frames[name]
            harm = [HOSTILE[row % len(HOSTILE)] for row in range(len(table))]
            harmful = table.columns.intersection(["name", "address", "owner"])
            frames[name] = table.assign(**dict.fromkeys(harmful, harm)).astype(table.dtypes)
        as_of = date.fromisoformat(demo.manifest["as_of"])
        draft = Draft(snapshot_contents.of(frames), as_of=as_of, demo=True)
        home.publish(lambda _: draft, clerk("测试"))

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
