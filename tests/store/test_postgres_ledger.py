"""The ledger on a PostgreSQL server: kept, numbered and refused as in its own file."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.visitors import Visitor, clerk
from store import backup
from store.errors import LedgerError, NotAllowedError
from store.ledger import Ledger
from store.snapshot_store import Store
from tests.support import postgres_server
from tests.support.rival_writers import one_writer_at_a_time

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from domain.visitors import clerk
from store.ledger import Ledger
book, name = Ledger(sys.argv[1]), sys.argv[2]
sys.stdin.readline()
for number in range(25):
    book.write_all("word", {f"{name}-{number}-{part}": {} for part in range(4)}, clerk(name))
"""
OLDER_TABLE = """
CREATE TABLE entries (
    id SERIAL PRIMARY KEY, topic TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
    by TEXT NOT NULL, at TEXT NOT NULL
)
"""
OLDER_ENTRY = """
INSERT INTO entries (topic, subject, body, by, at)
VALUES ('word', '菜场', '{"meaning": "F2-12"}', '甲', '2025-01-31T08:00:00+00:00')
"""


@pytest.fixture(scope="module")
def server():
    with postgres_server.running() as server:
        yield server


@pytest.fixture
def url(server):
    return server.new_database()


@pytest.fixture
def older(url):
    """The address of a database that a version without sign-in wrote."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(OLDER_TABLE)
        connection.exec_driver_sql(OLDER_ENTRY)
    engine.dispose()
    return url


def test_the_last_decision_holds_and_the_earlier_ones_stay(url):
    book = Ledger(url)
    assert book.latest("place") == {} and book.version == 0
    book.write("place", "m:ICBC/1", {"town_code": "A"}, clerk("甲"))
    book.write("place", "m:ICBC/1", {"town_code": "乙’\0"}, Visitor("乙", "office", "", "b", "::1"))
    again = Ledger(url)
    assert [one.body["town_code"] for one in again.history("place")] == ["A", "乙’\0"]
    last = again.latest("place")["m:ICBC/1"]
    assert (last.by, last.login, last.address) == ("乙", "b", "::1")
    assert again.since(1, ["place"]) == 1
    assert Ledger(url, until=1).latest("place")["m:ICBC/1"].body == {"town_code": "A"}


def test_writers_in_several_processes_lose_nothing_and_change_nothing_that_was_read(url):
    # They begin together in a database without the table, so they meet in making it, too.
    command = [sys.executable, "-c", WRITER, url]
    writers = [
        subprocess.Popen([*command, name], cwd=ROOT, stdin=subprocess.PIPE, text=True)
        for name in "甲乙丙丁"
    ]
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.close()
    entries = []
    while any(writer.poll() is None for writer in writers):
        # A version of data holds the decisions up to a number: none may come below it later.
        seen, entries = entries, Ledger(url).history("word")
        assert entries[: len(seen)] == seen
    assert [writer.returncode for writer in writers] == [0] * 4
    entries = Ledger(url).history("word")
    assert len({entry.subject for entry in entries}) == len(entries) == 400
    # Whoever writes several decisions at once writes them next to each other.
    owners = [entry.by for entry in entries]
    assert all(len(set(owners[at : at + 4])) == 1 for at in range(0, 400, 4))


def test_what_is_looked_at_before_it_is_written_stays_so_until_then(url):
    one_writer_at_a_time(Ledger(url))


def test_what_somebody_has_no_right_to_is_refused_and_written_down(url):
    book = Ledger(url)
    bank = Visitor("丙", "bank", "ICBC", "icbc", "10.0.0.7")
    with pytest.raises(NotAllowedError):
        book.write("figure", "南京|2025-01|wallets", {"value": 1}, bank)
    assert book.history("figure") == []
    (refused,) = book.history("refused")
    assert (refused.login, refused.address, refused.body["unit"]) == ("icbc", "10.0.0.7", "ICBC")


def test_a_ledger_of_an_older_version_is_read_as_it_is_and_completed_when_written(older):
    book = Ledger(older)
    (entry,) = book.history("word")
    assert (entry.by, entry.login, entry.body) == ("甲", "", {"meaning": "F2-12"})
    with ThreadPoolExecutor(2) as threads:
        for name in "乙丙":
            threads.submit(Ledger(older).write, "word", name, {}, Visitor(name, "office", "", "l"))
    assert [one.login for one in book.history("word")] == ["", "l", "l"] and book.version == 3


def test_a_backup_goes_from_a_file_to_a_server_and_the_numbers_go_on(
    url, demo_store, tmp_path, monkeypatch
):
    source = Store(demo_store)
    held = source.ledger.version
    answer = backup.backup(source, tmp_path / "备份.tar")
    monkeypatch.setenv("COVERAGE_LEDGER", url)
    other = Store(tmp_path / "恢复")
    assert backup.restore(tmp_path / "备份.tar", other)["content_hash"] == answer["content_hash"]
    assert other.ledger.entries()[:held] == source.ledger.entries()[:held]
    before = other.ledger.version
    other.ledger.write("word", "一", {}, clerk("甲"))
    assert other.ledger.version == before + 1


def test_a_server_that_is_gone_is_said_without_the_password(tmp_path):
    book = Ledger(f"postgresql://coverage:geheim@/coverage?host={tmp_path}")
    with pytest.raises(LedgerError, match="没有保存") as failure:
        book.write("word", "一", {}, clerk("甲"))
    assert "geheim" not in str(failure.value)
