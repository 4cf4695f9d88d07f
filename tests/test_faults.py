"""Publishing under fire: killed at any step, or by two at once, nothing is half published."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from loaders import intake, store, tables
from tests.bank_files import ROWS, merchants

ROOT = Path(__file__).resolve().parents[1]
MOMENTS = 8  # how many of the steps of a publication are tried, spread from the first to the last


def publisher(home, path, *step):
    command = [sys.executable, "-m", "tests.publisher", str(home.path), str(path), *map(str, step)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process):
    out, err = process.communicate()
    return process.returncode, out, err


@pytest.fixture
def home(tmp_path):
    """A store with one merchant published."""
    home = store.Store(tmp_path / "store")
    publish(home, merchants(tmp_path / "一月", ROWS[:1]))
    return home


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """How many steps a publication of two more merchants takes."""
    folder = tmp_path_factory.mktemp("steps")
    home = store.Store(folder / "store")
    publish(home, merchants(folder / "一月", ROWS[:1]))
    code, out, err = ended(publisher(home, merchants(folder / "二月")))
    assert code == 0, err
    return int(out)


def publish(home, path):
    return intake.publish(intake.assess([path], store=home), home, "测试")


def names(snapshot):
    return sorted(snapshot.frame("merchants")["merchant_id"])


def whole(home):
    """Every listed snapshot can be read and holds what its manifest says."""
    for manifest in home.snapshots():
        snapshot = home.snapshot(manifest["id"])
        content = {name: tables.arrow(name, snapshot.frame(name)) for name in tables.SCHEMAS}
        assert tables.fingerprint(content) == manifest["content_hash"]
    return True


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_publication_leaves_the_last_one_and_stops_nobody(home, tmp_path, steps, moment):
    before = home.current()
    path = merchants(tmp_path / "二月")
    step = 1 + round(moment * (steps - 1) / (MOMENTS - 1))
    code, _, err = ended(publisher(home, path, step))
    assert code == -signal.SIGKILL, err
    after = home.current()
    assert after == before or names(after) == ["S1", "S2", "S3"]
    assert names(before) == ["S1"] and whole(home)

    snapshot = publish(home, path)
    assert home.current() == snapshot and names(snapshot) == ["S1", "S2", "S3"]
    assert snapshot.manifest["parent"] == before.id
    assert len(home.snapshots()) == 2 and whole(home)
    folders = {folder.name for folder in (home.path / "snapshots").iterdir()}
    assert folders == {before.id, snapshot.id}
    assert {item.name for item in home.path.iterdir()} == {
        "snapshots", "current", "publishing.lock",
    }  # fmt: skip


def test_two_publishers_at_once_lose_nothing(home, tmp_path):
    paths = [merchants(tmp_path / f"{n}", [ROWS[n]]) for n in (1, 2)]
    running = [publisher(home, path) for path in paths]
    for process in running:
        code, _, err = ended(process)
        assert code == 0, err
    assert names(home.current()) == ["S1", "S2", "S3"]
    parents = [manifest["parent"] for manifest in home.snapshots()]
    ids = [manifest["id"] for manifest in home.snapshots()]
    assert parents == [*ids[1:], None]
    assert len(ids) == 3 and whole(home)


def test_a_dead_holder_of_the_lock_holds_it_no_longer(home, tmp_path):
    hold = (
        "import sys; from pathlib import Path; from loaders.store import Store\n"
        "with Store(Path(sys.argv[1]))._lock(): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(home.path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    assert names(publish(home, merchants(tmp_path / "二月"))) == ["S1", "S2", "S3"]


def test_a_held_lock_is_said_to_be_held(home, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_WAIT_FOR_LOCK", 0.0)
    before = home.current()
    with home._lock(), pytest.raises(store.StoreError, match="暂时不能发布"):
        publish(home, merchants(tmp_path / "二月"))
    assert home.current() == before


def test_a_store_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "store").write_text("a file, not a folder")
    home = store.Store(tmp_path / "store")
    found = intake.assess([merchants(tmp_path / "一月")], store=store.Store(tmp_path / "none"))
    with pytest.raises(OSError, match="store"):
        intake.publish(found, home, "测试")
