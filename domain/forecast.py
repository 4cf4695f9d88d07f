"""Forecast: when a monthly series will reach its goal, with an interval from the series itself.

A random walk with drift (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed.,
section 5.2): the drift is the mean monthly change, and after h months the value lies within
y + h·drift ± z·s·√(h·(1 + h/(n − 1))), where s is the standard deviation of the n changes.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from domain import rules

_FEWEST = 4  # changes from which a standard deviation says something
_FURTHEST = 120  # months; what lies beyond ten years is no forecast


@dataclass(frozen=True)
class Reach:
    """Month in which a goal is likely reached, and the earliest and latest of the 95 % interval.

    None where the series does not get there within ten years, or says too little.
    """

    earliest: date | None
    likely: date | None
    latest: date | None


def reach(series: pd.Series, goal: float) -> Reach:
    """When `series` (one value a month, indexed by day, ascending) will reach `goal`.

    Of the series, the last `forecast_months` changes are used. Days are month ends.
    """
    values = series.dropna().to_numpy(dtype=float)[-(rules.value("forecast_months") + 1) :]
    changes = np.diff(values)
    if len(changes) < _FEWEST:
        return Reach(None, None, None)
    steps = np.arange(1, _FURTHEST + 1)
    middle = values[-1] + steps * changes.mean()
    spread = changes.std(ddof=1) * np.sqrt(steps * (1 + steps / (len(changes) - 1)))
    reach_of = rules.value("wilson_z") * spread
    last = pd.Timestamp(series.dropna().index[-1])
    return Reach(
        _month(last, middle + reach_of >= goal),
        _month(last, middle >= goal),
        _month(last, middle - reach_of >= goal),
    )


def _month(last: pd.Timestamp, there: np.ndarray) -> date | None:
    """End of the first month that is `there`."""
    if not there.any():
        return None
    return (last + pd.offsets.MonthEnd(int(there.argmax()) + 1)).date()
