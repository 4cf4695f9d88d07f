"""Working days: neither a weekend nor a public holiday, or made up for one.

The reference table ``holidays`` has the days that the State Council's notices free or make up. Of a
year without rows only weekends are known, and the public holidays of a fixed date (国务院令第795号,
since 2025): 1 January, 1 and 2 May, 1 to 3 October.
"""

from datetime import date, timedelta
from functools import cache

from domain import reference

FREE, WORKED = "放假", "上班"
_FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}  # month and day
_DAY = timedelta(days=1)


def working(day: date) -> bool:
    """Whether `day` is a working day."""
    free = day.weekday() >= 5 or (day.month, day.day) in _FIXED
    return _sorts().get(day, FREE if free else WORKED) == WORKED


def after(start: date, count: int) -> date:
    """The `count`-th working day after `start`, which does not count itself."""
    day = start
    for _ in range(count):
        day += _DAY
        while not working(day):
            day += _DAY
    return day


def between(start: date, end: date) -> int:
    """Number of working days after `start` up to and with `end`; 0 where it is earlier."""
    return sum(working(start + _DAY * step) for step in range(1, (end - start).days + 1))


def unknown_years(start: date, end: date) -> list[int]:
    """Years from `start` to `end` of which no notice is on record: only fixed holidays count."""
    known = {day.year for day in _sorts()}
    return [year for year in range(start.year, end.year + 1) if year not in known]


@cache
def _sorts() -> dict[date, str]:
    days = reference.labels("holidays", "day", "sort")
    return {date.fromisoformat(day): sort for day, sort in days.items()}
