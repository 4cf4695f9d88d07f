"""Pace: where the target should stand on a day, and the phase that day lies in."""

from datetime import date

import pandas as pd

from domain import reference, rules


def due_share(as_of: date) -> float:
    """Share of covered venues due on `as_of` (应达线): the target of T06 times the elapsed share.

    Linear from the morning of `pace_start` to the evening of `pace_due`; zero before, the whole
    target (`county_covered_share`) after.
    """
    start, due = rules.day("pace_start"), rules.day("pace_due")
    elapsed = ((as_of - start).days + 1) / ((due - start).days + 1)
    return rules.number("county_covered_share") * min(max(elapsed, 0.0), 1.0)


def first_day() -> date:
    """The day on which the plan begins: the first of its phases."""
    return date.fromisoformat(reference.table("phases")["start"].min())


def month_ends(since: date, until: date) -> tuple[date, ...]:
    """Month ends from `since` on, then `until`, which closes the list."""
    ends = pd.date_range(since, until, freq="ME").date
    return (*(day for day in ends if day < until), until)


def phase(as_of: date) -> pd.Series | None:
    """Row of the reference table ``phases`` that `as_of` lies in; None before the first."""
    phases = reference.table("phases")
    day = as_of.isoformat()
    begun = phases["start"] <= day
    lasting = (phases["end"] == "") | (phases["end"] >= day)
    found = phases[begun & lasting]
    return None if found.empty else found.iloc[0]
