"""Pace: where a target should stand on a day, and the phase that day lies in."""

from datetime import date

import pandas as pd

from domain import reference, rules


def due_share(as_of: date) -> float:
    """Where T06 should stand on `as_of`: its target times the elapsed share of its time.

    Linear from `pace_start` to `pace_due`; 0 before, the whole target after.
    """
    start, due = rules.value("pace_start"), rules.value("pace_due")
    elapsed = ((as_of - start).days + 1) / ((due - start).days + 1)
    return rules.value("county_covered_share") * min(max(elapsed, 0.0), 1.0)


def phase(as_of: date) -> pd.Series | None:
    """The row of ``phases`` that `as_of` lies in; None before the first."""
    day = as_of.isoformat()
    table = reference.table("phases")
    inside = table[(table["start"] <= day) & ((table["end"] >= day) | (table["end"] == ""))]
    return None if inside.empty else inside.iloc[0]
