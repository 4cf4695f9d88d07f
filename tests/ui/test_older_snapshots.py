"""A snapshot that an earlier version published has every table, and can be built upon."""

import shutil

from loaders import intake
from store import snapshot_store, table_schemas
from tests.support.older import YOUNGER_COLUMNS, YOUNGER_TABLES


def test_its_frames_have_what_is_younger_empty_or_null(older_store):
    snapshot = snapshot_store.Store(older_store).current()
    for name in YOUNGER_TABLES:
        frame = snapshot.frame(name)
        assert frame.empty and list(frame) == table_schemas.SCHEMAS[name].names
    for name, columns in YOUNGER_COLUMNS.items():
        assert snapshot.frame(name)[list(columns)].isna().all(axis=None)


def test_it_is_published_again_with_every_table(older_store, tmp_path):
    before = snapshot_store.Store(older_store).current()
    into = snapshot_store.Store(tmp_path)
    shutil.copytree(before.path, tmp_path / "snapshots" / before.id)
    (tmp_path / "current").write_text(before.id, encoding="utf-8")
    after = intake.fold(into, "测试")
    assert set(after.manifest["rows"]) == set(table_schemas.SCHEMAS)
    assert after.manifest["rows"]["merchants"] == before.manifest["rows"]["merchants"]
