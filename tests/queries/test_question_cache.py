"""What is asked of a snapshot is answered once, for whoever asks."""

import threading

import pandas as pd
import pytest

from queries import engine
from queries.engine import remembered


@pytest.fixture
def asked(use_store, tmp_path):
    """The questions that were answered, in order, by `answer`."""
    use_store(tmp_path)
    return []


@pytest.fixture
def answer(asked):
    @remembered
    def answer(snapshot_id, day=""):
        asked.append((snapshot_id, day))
        return pd.DataFrame({"shops": [len(asked)]})

    return answer


def test_the_same_question_is_answered_once(answer, asked):
    assert answer("A").equals(answer("A"))
    assert answer("B", day="1").equals(answer("B", day="1"))
    assert asked == [("A", ""), ("B", "1")]


def test_another_store_is_another_question(answer, asked, use_store, tmp_path):
    answer("A")
    use_store(tmp_path / "other")
    answer("A")
    assert len(asked) == 2


def test_who_changes_a_frame_changes_their_own(answer):
    mine = answer("A")
    mine["shops"] = 0
    mine.loc[0, "shops"] = -1
    assert list(answer("A")["shops"]) == [1]


def test_a_question_that_fails_is_asked_again(use_store, tmp_path):
    use_store(tmp_path)
    failures = [ValueError("broken")]

    @remembered
    def answer(snapshot_id):
        if failures:
            raise failures.pop()
        return 1

    with pytest.raises(ValueError, match="broken"):
        answer("A")
    assert answer("A") == 1


def test_answers_at_hand_do_not_wait_and_nothing_is_answered_twice(use_store, tmp_path):
    use_store(tmp_path)
    begun, go_on, answered = threading.Event(), threading.Event(), []

    @remembered
    def slow(snapshot_id):
        begun.set()
        assert go_on.wait(60)
        answered.append(snapshot_id)
        return snapshot_id

    @remembered
    def quick(snapshot_id):
        return snapshot_id

    assert quick("A") == "A"
    threads = [threading.Thread(target=slow, args=("A",)) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(60)
    assert quick("A") == "A"  # while another question is at work
    go_on.set()
    for thread in threads:
        thread.join()
    assert answered == ["A"]


def test_an_answer_counts_for_its_cells():
    table = pd.DataFrame({"a": range(engine.SMALL), "b": range(engine.SMALL)})
    assert engine._cells(table) == 2 * engine.SMALL
    assert engine._cells({1: table, 2: table}) == 4 * engine.SMALL
    assert engine._cells(None) == engine._cells(table.head(1)) == engine.SMALL
