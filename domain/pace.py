"""Pace: the share of a target that is due on a day (应达线), and the phases of the plan."""

from datetime import date
from math import ceil

import pandas as pd

from domain import reference, rules


def due_share(as_of: date) -> float:
    """Share of covered venues due on `as_of` (T06): `due` of `county_covered_share`."""
    start, last = rules.day("pace_start"), rules.day("pace_due")
    return due(rules.number("county_covered_share"), start, last, as_of)


def due(goal: float, start: date, last: date, as_of: date) -> float:
    """Part of `goal` due on `as_of`: linear from the morning of `start` to the evening of `last`.

    Zero before, the whole goal after.
    """
    elapsed = ((as_of - start).days + 1) / ((last - start).days + 1)
    return goal * min(max(elapsed, 0.0), 1.0)


def still_needed(covered: float, venues: float, share: float) -> int:
    """How many more of the `venues` have to be covered to reach `share`.

    Rounded first, because 0.07 × 100 exceeds 7.
    """
    return max(ceil(round(share * venues, 9)) - int(covered), 0)


def first_day() -> date:
    """First day of the plan: the start of its first phase."""
    return date.fromisoformat(reference.table("phases")["start"].min())


def month_ends(since: date, until: date) -> tuple[date, ...]:
    """Month ends from `since` on, then `until`."""
    ends = pd.date_range(since, until, freq="ME").date
    return (*(day for day in ends if day < until), until)


def phase(as_of: date) -> pd.Series | None:
    """Row of the reference table ``phases`` that `as_of` lies in; None before the first."""
    phases = reference.table("phases")
    day = as_of.isoformat()
    begun = phases["start"] <= day
    lasting = (phases["end"] == "") | (phases["end"] >= day)
    current = phases[begun & lasting]
    return None if current.empty else current.iloc[0]
