"""Pace: where the target should stand, and which phase a day lies in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import pace


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2023, 3, 31), 0),
        (date(2023, 4, 1), 0.9 / 1006),  # the first of 1,006 days
        (date(2024, 8, 15), 0.9 * 503 / 1006),  # half-way
        (date(2025, 12, 31), 0.9),
        (date(2026, 10, 31), 0.9),
    ],
)
def test_due_share_rises_evenly_to_the_target_and_stays(day, share):
    assert pace.due_share(day) == pytest.approx(share)


@given(st.dates(date(2022, 1, 1), date(2027, 1, 1)))
def test_due_share_never_falls(day):
    assert 0 <= pace.due_share(day) <= pace.due_share(day + timedelta(days=1)) <= 0.9


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2023, 1, 1), "试点准备"),
        (date(2023, 12, 31), "推广启动"),
        (date(2024, 1, 1), "增量扩面"),
        (date(2025, 12, 31), "总结深化"),
        (date(2026, 10, 31), "巩固维持（方案期后）"),
    ],
)
def test_phase_of_a_day(day, phase):
    assert pace.phase(day)["phase"] == phase


def test_there_is_no_phase_before_the_first():
    assert pace.phase(date(2022, 12, 31)) is None
