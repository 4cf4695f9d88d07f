"""Working days, counted by hand on the calendar of the State Council's notices."""

from datetime import date

import pytest

from domain import working_days


@pytest.mark.parametrize(
    ("start", "count", "day"),
    [
        ("2026-11-26", 10, "2026-12-10"),  # a Thursday; two weekends between
        ("2026-09-30", 1, "2026-10-08"),  # the National Day takes seven days
        ("2026-09-30", 3, "2026-10-10"),  # Thursday, Friday, and a Saturday that is worked
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday made up for the Spring Festival
        ("2026-02-14", 1, "2026-02-24"),
        ("2023-04-28", 2, "2023-05-05"),
        ("2023-04-28", 3, "2023-05-06"),  # a Saturday that is worked
    ],
)
def test_holidays_do_not_count_and_days_made_up_do(start, count, day):
    first, last = date.fromisoformat(start), date.fromisoformat(day)
    assert working_days.after(first, count) == last
    assert working_days.between(first, last) == count


def test_nothing_lies_between_a_day_and_itself_or_an_earlier_one():
    day = date(2026, 11, 26)
    assert working_days.between(day, day) == 0
    assert working_days.between(day, date(2026, 11, 2)) == 0


def test_a_year_without_rows_counts_weekends_and_fixed_holidays_and_says_so():
    assert working_days.after(date(2031, 9, 30), 1) == date(2031, 10, 6)  # a Monday
    assert working_days.after(date(2031, 10, 6), 1) == date(2031, 10, 7)
    assert working_days.after(date(2031, 4, 30), 1) == date(2031, 5, 5)  # Thursday and Friday free
    assert not working_days.working(date(2032, 1, 1))
    assert working_days.unknown_years(date(2026, 12, 20), date(2031, 1, 5)) == [
        2027, 2028, 2029, 2030, 2031,
    ]  # fmt: skip
    assert working_days.unknown_years(date(2023, 1, 1), date(2026, 12, 31)) == []
