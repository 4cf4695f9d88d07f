"""Stores for documents: one with nothing but a bank's file, one whose names mean harm.

And a set of documents of the demo.
"""

import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from domain.visitors import clerk
from queries.scope import Scope
from store import snapshot_store, table_schemas
from store.snapshot_store import Draft
from tests.support import drafts, fingerprints
from tests.support.bank_files import merchants, put
from tests.support.linked_stores import linked_copy

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

    return snapshot_store.Store(_once(tmp_path_factory, worker_id, "bare_store", publish))


@pytest.fixture(scope="session")
def hostile_store(demo_store, tmp_path_factory, worker_id):
    """A copy of the demo store in which names and addresses are those of `HOSTILE` in turn."""

    def copy(folder: Path) -> None:
        linked_copy(demo_store, folder)
        home = snapshot_store.Store(folder)
        demo = home.current()
        frames = {name: demo.frame(name) for name in table_schemas.SCHEMAS}
        for name in ("venues", "merchants", "clusters"):
            table = frames[name]
            harm = [HOSTILE[row % len(HOSTILE)] for row in range(len(table))]
            harmful = table.columns.intersection(["name", "address", "owner"])
            frames[name] = table.assign(**dict.fromkeys(harmful, harm)).astype(table.dtypes)
        as_of = date.fromisoformat(demo.manifest["as_of"])
        draft = Draft(drafts.content(frames), as_of=as_of, demo=True)
        home.publish(lambda _: draft, clerk("测试"))

    return snapshot_store.Store(_once(tmp_path_factory, worker_id, "hostile_store", copy))


@pytest.fixture(scope="session")
def zone_set(demo_store, tmp_path_factory, worker_id):
    """The files of `fingerprints.built` on the demo, and what was told of their progress."""

    def build(folder: Path) -> None:
        steps = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COVERAGE_STORE", str(demo_store))
            demo = scope(snapshot_store.default())
            files = fingerprints.built(
                demo.snapshot_id, demo.as_of, lambda *step: steps.append(step)
            )
        (folder / "set.pickle").write_bytes(pickle.dumps((files, steps)))

    folder = _once(tmp_path_factory, worker_id, "zone_set", build)
    return pickle.loads((folder / "set.pickle").read_bytes())


def _once(
    factory: pytest.TempPathFactory, worker_id: str, name: str, make: Callable[[Path], None]
) -> Path:
    """The folder `name`, made by the first worker of a run that asks for it."""
    base = factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / name
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            folder.mkdir()
            make(folder)
    return folder


def scope(home: snapshot_store.Store, area_id: str = "") -> Scope:
    """The scope of a document on the version in force, on its own day."""
    manifest = home.current().manifest
    return Scope(manifest["id"], date.fromisoformat(manifest["as_of"]), area_id)
