"""Series: one monthly indicator, the breaks in its level, and its growth between breaks.

Indicators of different kinds (消费、缴费、对公、发放) are never added up: a function takes one.
"""

import numpy as np
import pandas as pd

from domain import reported_figures, rules

STOCK = "期末数"  # kind of an indicator counted at the end of a month
_RUN = 5  # steps in the running median
_YEAR = 12


def monthly(figures: pd.DataFrame, by: str = "") -> pd.DataFrame:
    """Each indicator by month, and by county_code or operator_id where `by` says so.

    Columns: month, indicator_id, `by`, value and reports, the number of figures in the sum: the
    banks of a county, the counties of a bank. A whole is not added to its parts
    (`reported_figures.once`).
    """
    added = reported_figures.once(figures, by or "county_code")
    keys = ["month", "indicator_id", *filter(None, [by])]
    months = added.groupby(keys, as_index=False)
    return months.agg(value=("value", "sum"), reports=("value", "size"))


def judged(months: pd.DataFrame, kind: str = "") -> pd.DataFrame:
    """One series with its breaks and growth: month, value, reports, broken, growth, yearly.

    `months` has month (its first day, one row each), value and reports. `broken`: the step to this
    month differs from the usual pace (times the months it took) by `series_break_factor` or more,
    either way; a stock (`kind` 期末数), which rarely shrinks, also breaks where it falls by
    `series_fall_share` from one month to the next. `growth` on the month before and `yearly` on
    the same month of the year before are shares; null where that month is missing or zero, where
    a break lies between, or where the number of reports differs.
    """
    table = months.sort_values("month", ignore_index=True)
    periods = pd.PeriodIndex(table["month"], freq="M")
    # More than one where months are missing.
    apart = pd.Series(periods.year * 12 + periods.month, table.index).diff()
    fell = table["value"] <= table["value"].shift() * (1 - rules.number("series_fall_share"))
    fell &= (apart == 1) & (kind == STOCK)
    table = table.assign(broken=_broken(table["value"], apart) | fell)
    return table.assign(growth=_growth(table, 1), yearly=_growth(table, _YEAR))


def _broken(values: pd.Series, apart: pd.Series) -> pd.Series:
    """Whether each step (log of the ratio to the figure before) differs from the usual pace.

    The pace is the running median of the steps, each divided by the months it took: one outlier
    does not change it (Tukey 1977, Exploratory Data Analysis, ch. 7). It is zero where fewer than
    three steps are known. So steady growth is no break, and a wrong month is two, one into it and
    one out. A fall to zero is a break, and so is the rise from it, but not the first figure.
    """
    positive = values.where(values > 0)
    steps = np.log(positive / positive.shift())
    pace = (steps / apart).rolling(_RUN, center=True, min_periods=3).median().fillna(0.0)
    limit = np.log(rules.count("series_break_factor")) - 1e-9
    above = values > 0
    before, begun = above.shift(fill_value=False), above.cummax().shift(fill_value=False)
    broken: pd.Series = ((steps - pace * apart).abs() >= limit) | (begun & (above != before))
    return broken


def _growth(table: pd.DataFrame, months: int) -> pd.Series:
    """Growth of each value on the one `months` before; null where the two cannot be compared."""
    place = pd.Series(table.index, pd.PeriodIndex(table["month"], freq="M"))
    earlier = place.reindex(place.index - months).to_numpy()
    known = ~np.isnan(earlier)
    at = np.where(known, earlier, 0).astype(int)
    values, reports = table["value"].to_numpy(float), table["reports"].to_numpy()
    breaks = table["broken"].cumsum().to_numpy()
    comparable = known & (values[at] > 0) & (reports == reports[at]) & (breaks == breaks[at])
    growth = np.full(len(table), np.nan)
    growth[comparable] = values[comparable] / values[at][comparable] - 1
    return pd.Series(growth, table.index)
