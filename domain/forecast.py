"""Forecast: the month in which a series will reach its goal, with an interval.

A random walk with drift (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed.,
section 5.2), sampled where it is known: a change over k months has mean k·drift and variance k·s².
So the drift is the whole change divided by the n months it took, s² is the mean of
(change − k·drift)²/k with one degree of freedom less, and after h months the value lies within
y + h·drift ± z·s·√(h·(1 + h/n)). Months are those of the calendar: a day counts as the elapsed
part of its month, and a missing month makes the change over it take longer.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain import rules

_FEWEST = 4  # changes needed to estimate a standard deviation
_ROUNDING = 1e-9
_FURTHEST = 120  # months: nothing is forecast beyond ten years


@dataclass(frozen=True)
class Reach:
    """Month in which a goal is likely reached, and the earliest and latest of the 95 % interval.

    None where the goal is not reached within ten years, or the series is too short.
    """

    earliest: date | None
    likely: date | None
    latest: date | None


def reach(series: pd.Series, goal: float) -> Reach:
    """When `series` (indexed by day, ascending, at most one value a day) will reach `goal`.

    Only values of the `forecast_months` before the last known day are used.
    """
    known = series.dropna()
    days, values = pd.DatetimeIndex(known.index), known.to_numpy(dtype=float)
    month = (days.year * 12 + days.month - 1 + days.day / days.days_in_month).to_numpy()
    recent = month >= month[-1:] - rules.count("forecast_months") - _ROUNDING
    month, values = month[recent], values[recent]
    took, changes = np.diff(month), np.diff(values)
    if len(changes) < _FEWEST:
        return Reach(None, None, None)
    drift = changes.sum() / took.sum()
    variance = ((changes - took * drift) ** 2 / took).sum() / (len(changes) - 1)
    ends = np.floor(month[-1] + _ROUNDING) + np.arange(1, _FURTHEST + 1)  # of the months to come
    ahead = ends - month[-1]
    middle = values[-1] + ahead * drift
    spread = np.sqrt(variance * ahead * (1 + ahead / took.sum())) * rules.number("forecast_z")
    lines = (middle + spread, middle, middle - spread)
    return Reach(*(_month(ends, line >= goal - _ROUNDING) for line in lines))


def _month(ends: NDArray[np.float64], reached: NDArray[np.bool_]) -> date | None:
    """End of the first month in which the goal is reached; `ends` counts months from year 0."""
    if not reached.any():
        return None
    year, month = divmod(int(ends[reached.argmax()]) - 1, 12)
    return (pd.Timestamp(year, month + 1, 1) + pd.offsets.MonthEnd()).date()
