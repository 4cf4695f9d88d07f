"""The ledger: what people decided is kept in full, whoever writes and whatever breaks."""

import subprocess
import sys
from pathlib import Path

import pytest

from domain.visitors import clerk
from store import ledger
from store.errors import IntakeError, LedgerError
from tests.support.rival_writers import one_writer_at_a_time

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from pathlib import Path
from domain.visitors import clerk
from store import ledger
book = ledger.default(Path(sys.argv[1]))
for number in range(25):
    book.write("word", f"{sys.argv[2]}-{number}", {"meaning": "F2-12"}, clerk(sys.argv[2]))
"""


@pytest.fixture
def book(tmp_path):
    return ledger.default(tmp_path / "store")


def test_the_last_decision_holds_and_the_earlier_ones_stay(book):
    book.write("place", "m:ICBC/1", {"town_code": "A"}, clerk("甲"))
    book.write("place", "m:ICBC/1", {"town_code": "B"}, clerk("乙"))
    entry = book.latest("place")["m:ICBC/1"]
    assert (entry.body, entry.by) == ({"town_code": "B"}, "乙")
    assert entry.at.tzinfo is not None
    assert [one.body["town_code"] for one in book.history("place")] == ["A", "B"]


def test_the_version_rises_with_every_decision(book):
    assert book.version == 0
    book.write("word", "一", {}, clerk("甲"))
    first = book.version
    book.write_all("word", {"二": {}, "三": {}}, clerk("甲"))
    assert book.version == first + 2


def test_reading_an_unwritten_ledger_leaves_the_disk_alone(book, tmp_path):
    assert book.latest("place") == {} and book.version == 0
    assert list(tmp_path.iterdir()) == []


def test_topics_do_not_mix(book):
    book.write("word", "一", {"meaning": "F1-01"}, clerk("甲"))
    assert book.history("place") == []


def test_several_writers_at_once_lose_nothing(tmp_path):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name], cwd=ROOT)
        for name in "甲乙丙丁"
    ]
    assert [process.wait() for process in writers] == [0] * 4
    entries = ledger.default(tmp_path).history("word")
    assert len({entry.subject for entry in entries}) == len(entries) == 100


def test_what_is_looked_at_before_it_is_written_stays_so_until_then(book):
    one_writer_at_a_time(book)


def test_nothing_is_kept_of_a_step_that_fails_halfway(book):
    book.write("word", "一", {}, clerk("甲"))
    with pytest.raises(IntakeError, match=r"^不行$"), book.exclusive() as inside:
        inside.write("word", "二", {}, clerk("甲"))
        assert len(inside.history("word")) == 2
        raise IntakeError("不行")
    assert list(book.latest("word")) == ["一"]


def test_a_decision_that_cannot_be_kept_is_not_silently_lost(tmp_path):
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(LedgerError, match="没有保存"):
        ledger.default(tmp_path).write("word", "一", {}, clerk("甲"))
