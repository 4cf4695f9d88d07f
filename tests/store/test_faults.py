"""Publishing under fire: killed at any step, or by two at once, nothing is half published."""

import json
import os
import resource
import shutil
import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.visitors import clerk
from loaders import intake
from loaders.__main__ import main
from store import snapshot_store, store_lock
from store.durable_files import PARTIAL
from store.errors import LedgerError, StaleError, StoreError
from tests.support import publisher
from tests.support.bank_files import AS_AT, ROWS, assess, merchants

NOBODY = 65534  # the account that owns nothing
MOMENTS = 8  # how many of the steps of a publication are tried, spread from the first to the last


@pytest.fixture(scope="module")
def january(tmp_path_factory):
    """A store with one merchant published; tests must not write to it."""
    folder = tmp_path_factory.mktemp("january")
    home = snapshot_store.Store(folder / "store")
    publish(home, merchants(folder / "一月", ROWS[:1]))
    return home.path


@pytest.fixture
def home(tmp_path, january):
    """A store with one merchant published."""
    return snapshot_store.Store(shutil.copytree(january, tmp_path / "store"))


@pytest.fixture(scope="module")
def february(tmp_path_factory, january):
    """What a file with two more merchants would bring to that store."""
    path = merchants(tmp_path_factory.mktemp("february") / "二月")
    return assess([path], snapshot_store.Store(january))


@pytest.fixture(scope="module")
def steps(tmp_path_factory, january, february):
    """How many steps its publication takes."""
    store = shutil.copytree(january, tmp_path_factory.mktemp("steps") / "store")
    process, taken = publisher.begun(publisher.publish, store, february, 0)
    process.join()
    assert process.exitcode == 0
    return taken.recv()


def publish(home, path):
    return intake.publish(assess([path], home), home, clerk("测试"))


def names(snapshot):
    return sorted(snapshot.frame("merchants")["merchant_id"])


def whole(home):
    """Every listed snapshot can be read and holds what its manifest says."""
    for manifest in home.snapshots():
        snapshot = home.snapshot(manifest["id"])
        snapshot.verify()
        assert snapshot.fingerprint() == manifest["content_hash"]
    return True


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_publication_leaves_the_last_one_and_stops_nobody(
    home, tmp_path, february, steps, moment
):
    before = home.current()
    step = 1 + round(moment * (steps - 1) / (MOMENTS - 1))
    process, _ = publisher.begun(publisher.publish, home.path, february, step)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    after = home.current()
    assert after == before or names(after) == ["S1", "S2", "S3"]
    assert names(before) == ["S1"] and whole(home)

    snapshot = publish(home, merchants(tmp_path / "二月"))
    assert home.current() == snapshot and names(snapshot) == ["S1", "S2", "S3"]
    assert snapshot.manifest["parent"] == before.id
    assert len(home.snapshots()) == 2 and whole(home)
    folders = {folder.name for folder in (home.path / "snapshots").iterdir()}
    assert folders == {before.id, snapshot.id}
    assert not [item for item in home.path.rglob("*") if item.name.startswith(PARTIAL)]
    assert {item.name for item in home.path.iterdir()} == {
        "snapshots", "originals", "statements", "current", "publishing.lock",
    }  # fmt: skip


def test_two_publishers_at_once_lose_nothing(home, tmp_path):
    paths = [merchants(tmp_path / f"{n}", [ROWS[n]]) for n in (1, 2)]
    running = [publisher.begun(publisher.bring, home.path, path) for path in paths]
    for process, _ in running:
        process.join()
        assert process.exitcode == 0
    assert names(home.current()) == ["S1", "S2", "S3"]
    parents = [manifest["parent"] for manifest in home.snapshots()]
    ids = [manifest["id"] for manifest in home.snapshots()]
    assert parents == [*ids[1:], None]
    assert len(ids) == 3 and whole(home)


def test_a_dead_holder_of_the_lock_holds_it_no_longer(home, tmp_path):
    holder, held = publisher.begun(publisher.hold, home.path)
    assert held.recv()
    holder.kill()
    holder.join()
    assert names(publish(home, merchants(tmp_path / "二月"))) == ["S1", "S2", "S3"]


def test_a_held_lock_is_said_to_be_held(home, tmp_path, monkeypatch):
    monkeypatch.setattr(store_lock, "_WAIT", 0.0)
    before = home.current()
    with home.held(), pytest.raises(StoreError, match="暂时不能发布"):
        publish(home, merchants(tmp_path / "二月"))
    assert home.current() == before


def test_a_store_that_is_no_folder_says_so(tmp_path):
    (tmp_path / "store").write_text("a file, not a folder")
    home = snapshot_store.Store(tmp_path / "store")
    found = assess([merchants(tmp_path / "一月")], snapshot_store.Store(tmp_path / "none"))
    with pytest.raises(StoreError, match="写不进去"):
        intake.publish(found, home, clerk("测试"))


@contextmanager
def little_room():
    """No file may grow beyond a few bytes, as on a disk that is all but full.

    It ends within the test: the report of the tests may go to a file too.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_publishes_nothing_and_gives_the_room_back(home, tmp_path):
    before = home.current()
    found = assess([merchants(tmp_path / "二月")], home)
    said = r"磁盘.*没有发布，现行版本没有变.*清出磁盘空间"
    with little_room(), pytest.raises(StoreError, match=said):
        intake.publish(found, home, clerk("测试"))
    assert home.current() == before and whole(home)
    assert [folder.name for folder in (home.path / "snapshots").iterdir()] == [before.id]


def test_a_full_disk_loses_no_decision_in_silence(home):
    home.ledger.write("word", "工商银行|scenario|菜场", {"meaning": "F2-12"}, clerk("甲"))
    with little_room(), pytest.raises(LedgerError, match="没有保存"):
        home.ledger.write("word", "工商银行|scenario|超市", {"meaning": "F2-01"}, clerk("乙"))
    assert list(home.ledger.latest("word")) == ["工商银行|scenario|菜场"]


def test_after_the_disk_has_room_again_the_same_files_are_published(home, tmp_path):
    found = assess([merchants(tmp_path / "二月")], home)
    with little_room(), pytest.raises(StoreError):
        intake.publish(found, home, clerk("测试"))
    assert names(intake.publish(found, home, clerk("测试"))) == ["S1", "S2", "S3"]


@pytest.fixture
def read_only(january):
    """A store that can be read but not written, even where the tests run as the system's owner."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    home = snapshot_store.Store(shutil.copytree(january, folder / "store"))
    merchants(folder / "一月", ROWS[:1])
    home.ledger.write("word", "工商银行|scenario|菜场", {"meaning": "F2-12"}, clerk("甲"))
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    found = assess([folder / "一月.csv"], home)  # reading starts a process, which is the owner's
    owner = os.geteuid()
    if owner == 0:
        os.seteuid(NOBODY)
    yield home, found
    os.seteuid(owner)
    for path in paths:
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_store_is_read_and_says_that_it_cannot_be_written(read_only):
    read_only, found = read_only
    assert len(read_only.current().frame("merchants")) == 1
    assert read_only.ledger.latest("word")["工商银行|scenario|菜场"].by == "甲"
    with pytest.raises(StoreError, match=r"没有写入权限|暂时不能发布"):
        intake.publish(found, read_only, clerk("测试"))
    with pytest.raises(LedgerError, match="没有保存"):
        read_only.ledger.write("word", "工商银行|scenario|菜场", {"meaning": ""}, clerk("乙"))
    with pytest.raises(StoreError):
        read_only.rollback(read_only.current().id)


def test_what_was_compared_with_an_older_version_is_not_published(home, tmp_path):
    found = assess([merchants(tmp_path / "二月", ROWS[1:2])], home)
    publish(home, merchants(tmp_path / "三月", ROWS[2:]))
    with pytest.raises(StaleError, match="重新核对"):
        intake.publish(found, home, clerk("测试"))
    assert names(home.current()) == ["S1", "S3"]


def test_the_file_is_kept_as_it_came(home, tmp_path):
    path = merchants(tmp_path / "二月")
    last = home.in_force(publish(home, path))[-1]
    assert home.original(last.digest) == path.read_bytes()
    assert last.taken_by == "测试"


@pytest.mark.parametrize(
    "url", ["garbage", "postgresql://u:secret@h/db", "sqlite:////proc/no/x.db"]
)
def test_a_ledger_that_cannot_be_used_is_said_before_anything_is_published(
    tmp_path, monkeypatch, use_store, capsys, url
):
    use_store(tmp_path / "store")
    monkeypatch.setenv("COVERAGE_LEDGER", url)
    path = merchants(tmp_path / "一月", [*ROWS, ["S9", "工行", "", "", "", "", "", "", ""]])
    assert main(["import", str(path), "--as-at", AS_AT.isoformat()]) == 1
    said = capsys.readouterr().err
    assert "决定台账" in said and "Traceback" not in said and "secret" not in said
    assert snapshot_store.default().current() is None


def test_a_long_file_name_is_no_fault(tmp_path, use_store, capsys):
    use_store(tmp_path / "store")
    path = tmp_path / ("1." + "商" * 70)
    path.write_bytes(merchants(tmp_path / "一月", [*ROWS, ["S9", "工行"]]).read_bytes())
    assert main(["import", str(path), "--as-at", AS_AT.isoformat()]) == 0
    assert Path(json.loads(capsys.readouterr().out)["rejects_file"]).is_file()


def test_the_command_writes_down_who_went_back(tmp_path, use_store, home, capsys):
    use_store(home.path)
    first = home.current()
    publish(home, merchants(tmp_path / "二月"))
    assert main(["rollback", first.id]) == 0
    assert [entry.subject for entry in home.ledger.history("force")] == [first.id]


def test_an_answer_is_never_written_over_its_question(tmp_path, capsys):
    path = merchants(tmp_path / "一月")
    before = path.read_bytes()
    assert main(["geocode", str(path), "--out", str(path)]) == 1
    assert "就是来件本身" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_name_in_gbk_bytes_is_read(tmp_path):
    path = merchants(tmp_path / "一月")
    strange = path.with_name(os.fsdecode("商户名单".encode("gbk") + b".csv"))
    path.rename(strange)
    assert (
        assess([strange], snapshot_store.Store(tmp_path / "none")).sheets[0].file == "商户名单.csv"
    )
