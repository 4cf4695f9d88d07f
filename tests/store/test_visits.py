"""Visits: when somebody was last here, across windows, processes and idle times."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import rules
from store.visits import Visits

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
IDLE = timedelta(minutes=rules.count("idle_minutes"))
MINUTE = timedelta(minutes=1)


def files(visits):
    return {path: path.stat().st_mtime_ns for path in visits.home.rglob("*.json")}


def test_the_first_visit_knows_of_none_and_the_next_day_of_the_first(tmp_path):
    visits = Visits(tmp_path)
    assert visits.noted("王工", NINE) is None
    assert visits.noted("王工", NINE + timedelta(days=1)) == NINE
    assert visits.noted("李工", NINE + timedelta(days=1)) is None


def test_a_visit_goes_on_in_any_window_and_process_until_nothing_happens_for_long(tmp_path):
    first = NINE + timedelta(days=3)
    Visits(tmp_path).noted("王工", NINE)
    for minutes in range(0, 240, 10):  # four hours of work, each time as another process
        assert Visits(tmp_path).noted("王工", first + minutes * MINUTE) == NINE
    last = first + 230 * MINUTE
    assert Visits(tmp_path).noted("王工", last + IDLE - MINUTE) == NINE
    ended = last + IDLE - MINUTE
    assert Visits(tmp_path).noted("王工", ended + IDLE) == ended


def test_a_rerun_writes_nothing(tmp_path):
    visits = Visits(tmp_path)
    visits.noted("王工", NINE)
    before = files(visits)
    for second in range(1, 200, 20):
        visits.noted("王工", NINE + timedelta(seconds=second))
    assert files(visits) == before


def test_the_name_stands_nowhere_in_the_store(tmp_path):
    Visits(tmp_path).noted("wang|王工", NINE)
    (path,) = tmp_path.rglob("*.json")
    assert "wang" not in str(path) + path.read_text("utf-8")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"seen": 5, "before": null}', "\0"])
def test_a_damaged_file_is_a_first_visit(tmp_path, content):
    visits = Visits(tmp_path)
    visits.noted("王工", NINE)
    (path,) = tmp_path.rglob("*.json")
    path.write_text(content)
    assert visits.noted("王工", NINE + MINUTE) is None
    assert visits.noted("王工", NINE + timedelta(days=1)) == NINE + MINUTE


def test_a_store_that_cannot_be_written_hinders_nobody(tmp_path):
    (tmp_path / "visits").write_text("a file where the folder should be")
    assert Visits(tmp_path).noted("王工", NINE) is None
