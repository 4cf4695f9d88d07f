"""A store that is damaged: what `check` names, what publishing refuses, and the way back."""

import io
import json
import shutil
import sqlite3
import tarfile

import pytest

from domain.visitors import clerk
from loaders import intake
from loaders.__main__ import main as loaders
from store import backup, soundness
from store.__main__ import main as command
from store.errors import IntakeError, StaleError, StoreError
from store.snapshot_store import Store
from tests.support.bank_files import ROWS, assess, merchants

HARMS = {
    "missing": lambda path, other: path.unlink(),
    "empty": lambda path, other: path.write_bytes(b""),
    "cut": lambda path, other: path.write_bytes(path.read_bytes()[:-9]),
    "swapped": lambda path, other: shutil.copy(other, path),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A store of two versions with a decision between them; tests must not write to it."""
    folder = tmp_path_factory.mktemp("sound")
    store = Store(folder / "store")
    for count in (1, 2):
        found = assess([merchants(folder / f"{count}月", ROWS[:count])], store)
        intake.publish(found, store, clerk("测试"))
        store.ledger.write("same_shop", f"甲|{count}", {"same": False}, clerk("测试"))
    return store.path


@pytest.fixture
def store(sound, tmp_path, use_store):
    """A copy of `sound`, and the store of every command."""
    home = Store(shutil.copytree(sound, tmp_path / "store"))
    use_store(home.path)
    return home


def versions(store):
    return [facts["id"] for facts in store.snapshots()]


def files(sound):
    """One file of each sort that a store keeps, under its path, with another to swap it for."""
    store = Store(sound)
    new, old = (f"snapshots/{name}" for name in versions(store))
    stated = [f"statements/merchants/{one.id}.parquet" for one in store.statements.all()]
    kept = sorted(f"originals/{path.name}" for path in (sound / "originals").iterdir())
    return {
        "a table": (f"{new}/merchants.parquet", f"{old}/merchants.parquet"),
        "another table": (f"{new}/events.parquet", f"{new}/venues.parquet"),
        "a worked out table": (f"{new}/merchants_on.parquet", f"{old}/merchants_on.parquet"),
        "the manifest": (f"{new}/manifest.json", f"{old}/manifest.json"),
        "a statement": (stated[0], stated[1]),
        "an original": (kept[0], kept[1]),
        "the ledger": ("ledger.db", None),
        "current": ("current", None),
    }


SORTS = (
    "a table", "another table", "a worked out table", "the manifest", "a statement", "an original",
    "the ledger", "current",
)  # fmt: skip


def harmed(store, sound, sort, harm):
    name, other = files(sound)[sort]
    if harm == "swapped" and other is None:  # for something that is none of ours
        (store.path / name).write_text("20200101-000000-00000000")
    else:
        HARMS[harm](store.path / name, sound / (other or ""))
    return name


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("sort", SORTS)
def test_what_is_damaged_is_named(store, sound, sort, harm, capsys):
    name = harmed(store, sound, sort, harm)
    assert command(["check"]) == 1
    answer = json.loads(capsys.readouterr().out)
    said = json.dumps(answer["faults"], ensure_ascii=False)
    part = "ledger" if sort == "the ledger" else name.rpartition("/")[2].partition(".")[0]
    named = part in said or (harm, sort) == ("missing", "an original")
    assert not answer["sound"] and named and "请" in said


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("sort", SORTS)
def test_nothing_is_lost_by_publishing_on_damage(store, sound, sort, harm, tmp_path):
    """Either the publication is refused with what to do, or it holds all that was there before."""
    harmed(store, sound, sort, harm)
    before = set(versions(store))
    try:
        found = assess([merchants(tmp_path / "3月", ROWS[:3])], store)
        snapshot = intake.publish(found, store, clerk("测试"))
    except IntakeError as error:
        assert "请" in str(error) and set(versions(store)) == before
        return
    assert sort in {"an original", "a worked out table"}, "published on damage"
    assert len(snapshot.frame("merchants")) == 3
    assert snapshot.manifest["ledger_version"] == 2


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("sort", SORTS)
def test_there_is_always_a_way_back(store, sound, sort, harm, capsys):
    new, old = versions(store)
    harmed(store, sound, sort, harm)
    assert loaders(["rollback", old]) == 0
    assert store.current().id == old
    if "snapshots" in files(sound)[sort][0]:
        assert loaders(["rollback", new]) == 1 and "请" in capsys.readouterr().err
        assert store.current().id == old


def test_a_version_that_nobody_points_to_is_not_forgotten(store, tmp_path, capsys):
    newest = versions(store)[0]
    (store.path / "current").unlink()
    with pytest.raises(StoreError, match=f"2 个数据版本.*{newest}.*rollback"):
        assess([merchants(tmp_path / "3月", ROWS[:3])], store)
    (store.path / "current").mkdir()
    assert loaders(["rollback", newest]) == 0 and store.current().id == newest


def test_an_odd_manifest_of_an_old_version_stops_nobody(store, tmp_path):
    new, old = versions(store)
    path = store.snapshot(old).path / "manifest.json"
    for odd in ({"created_at": 7}, {"as_of": "昨天"}, {"rows": []}, {"statements": None}):
        path.write_text(json.dumps(store.snapshot(new).manifest | {"id": old} | odd), "utf-8")
        assert versions(store) == [new] and store.damaged() == [old]
    found = assess([merchants(tmp_path / "3月", ROWS[:3])], store)
    assert len(intake.publish(found, store, clerk("测试")).frame("merchants")) == 3


def test_a_lost_ledger_stops_publishing_and_says_where_to_go_back_to(store):
    (store.path / "ledger.db").unlink()
    with pytest.raises(StoreError, match=r"决定台账只到第 0 条.*用到了第 1 条.*先退回到"):
        intake.fold(store, clerk("测试"))


def test_a_broken_lock_is_named_and_can_be_cleared(store):
    (store.path / "publishing.lock").write_bytes(b"garbage" * 99)
    with pytest.raises(StoreError, match=r"锁文件.*python -m store unlock"):
        intake.fold(store, clerk("测试"))
    assert command(["unlock"]) == 0
    assert intake.fold(store, clerk("测试")) == store.current()


def test_a_statement_of_a_failed_publication_is_not_kept(store, tmp_path):
    found = assess([merchants(tmp_path / "3月", ROWS[:3])], store)
    (store.path / "ledger.db").unlink()
    known = {path for path in store.path.rglob("*") if path.parent.name != "snapshots"}
    with pytest.raises(StoreError):
        intake.publish(found, store, clerk("测试"))
    assert {path for path in store.path.rglob("*") if path.parent.name != "snapshots"} == known


def test_a_statement_that_somebody_else_published_meanwhile_stays(store, tmp_path):
    path = merchants(tmp_path / "3月", ROWS[:3])
    late, early = assess([path], store), assess([path], store)
    known = intake.publish(early, store, clerk("甲"))
    with pytest.raises(StaleError):
        intake.publish(late, store, clerk("乙"))
    assert not soundness.faults(store) and len(known.frame("merchants")) == 3


def test_what_a_killed_publisher_left_is_no_fault_and_is_swept_away(store, capsys):
    partial = store.path / "originals" / ".partial-1.csv"
    partial.write_bytes(b"x")
    assert command(["check"]) == 0
    assert json.loads(capsys.readouterr().out)["left_over"] == ["originals/.partial-1.csv"]
    store.keep({})
    assert not partial.exists()


def test_damage_of_what_is_not_in_force_hurts_nobody(store, tmp_path):
    gone, *_ = store.in_force(store.current())
    intake.withdraw(store, gone.id, "报错了", clerk("测试"))
    (store.path / "statements" / "merchants" / f"{gone.id}.parquet").write_bytes(b"x")
    (store.path / "statements" / f"{gone.id}.json").write_bytes(b"x")
    assert gone.id not in [one.id for one in store.statements.all()]
    found = assess([merchants(tmp_path / "3月", ROWS[:3])], store)
    assert len(intake.publish(found, store, clerk("测试")).frame("merchants")) == 3


def test_rebuilding_mends_a_damaged_statement(store):
    one, *_ = store.in_force(store.current())
    (store.path / "statements" / "merchants" / f"{one.id}.parquet").write_bytes(b"x")
    content = store.current().manifest["content_hash"]
    assert intake.rebuild(store, clerk("测试")).manifest["content_hash"] == content
    assert not soundness.faults(store)


def test_rebuilding_makes_a_sound_version_of_a_damaged_one(store):
    before = store.current()
    before.table_path("merchants").write_bytes(b"x")
    again = intake.rebuild(store, clerk("测试"))
    assert again.manifest["content_hash"] == before.manifest["content_hash"]
    assert again.id != before.id and len(again.frame("merchants")) == 2


def test_a_backup_brings_everything_back(store, tmp_path, use_store):
    answer = backup.backup(store, tmp_path / "备份.tar")
    other = Store(tmp_path / "other")
    assert backup.restore(tmp_path / "备份.tar", other)["content_hash"] == answer["content_hash"]
    assert not soundness.faults(other)
    assert other.ledger.history("same_shop") == store.ledger.history("same_shop")
    assert versions(other) == versions(store)
    other.ledger.write("same_shop", "甲|3", {"same": True}, clerk("测试"))
    assert other.ledger.version == store.ledger.version + 1
    with pytest.raises(StoreError, match="不是空的"):
        backup.restore(tmp_path / "备份.tar", other)


@pytest.mark.parametrize("at", [0.2, 0.6, 0.99])
def test_a_damaged_backup_puts_nothing_in_force(store, tmp_path, at):
    path = tmp_path / "备份.tar"
    backup.backup(store, path)
    with tarfile.open(path) as archive:
        files = [one for one in archive if one.size and one.name != "contents.json"]
    hit = files[int(len(files) * at)]
    place = hit.offset_data + hit.size // 2
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content[: place + 1] if at == 0.99 else content)
    other = Store(tmp_path / "other")
    with pytest.raises(StoreError, match="不是完好的备份"):
        backup.restore(path, other)
    assert other.pointed() is None and other.ledger.version == 0


def test_old_versions_are_removed_once_that_is_confirmed(store, tmp_path, monkeypatch, capsys):
    found = assess([merchants(tmp_path / "3月", ROWS[:3])], store)
    intake.publish(found, store, clerk("测试"))
    *kept, oldest = versions(store)
    path = store.snapshot(oldest).path / "manifest.json"
    facts = json.loads(path.read_text("utf-8")) | {"created_at": "2020-01-01T08:00:00+08:00"}
    path.write_text(json.dumps(facts), "utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert command(["prune", "--keep-months", "6"]) == 1 and len(versions(store)) == 3
    assert command(["prune", "--keep-months", "6", "--yes"]) == 0 and versions(store) == kept
    assert not soundness.faults(store)


def test_a_clock_that_went_back_is_said(store):
    assert store.clock_warning() == ""
    path = store.current().path / "manifest.json"
    facts = json.loads(path.read_text("utf-8")) | {"created_at": "2120-01-01T08:00:00+08:00"}
    path.write_text(json.dumps(facts), "utf-8")
    assert "时钟" in store.clock_warning() and "2120-01-01" in store.clock_warning()


def test_a_ledger_that_is_no_database_is_named(store):
    with sqlite3.connect(store.path / "ledger.db") as connection:
        connection.execute("DROP TABLE entries")
    with pytest.raises(StoreError, match="决定台账只到第 0 条"):
        intake.fold(store, clerk("测试"))
