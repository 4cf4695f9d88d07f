"""Damaged files of every kind are read, or refused by a named error (`python -m tests.fuzz`)."""

from tests.fuzz import outcomes, sound_files


def test_a_damaged_file_is_read_or_refused_by_name():
    known = {outcomes.READ, outcomes.REFUSED}
    found = list(outcomes.outcomes(sound_files.files(), 200, seed=1))
    assert [one for one in found if one.what not in known] == []
    assert {one.what for one in found} == known


def test_sound_files_are_read():
    for kind, content in sound_files.files().items():
        assert outcomes.outcome(kind, content) == outcomes.READ, kind
