"""The cities of the province side by side (T07), from figures that somebody published.

The figures are entered by hand, each with its source and the day it was published. Months differ
between sources, so a comparison is always of one month. A figure may be published again with
another value: both are kept, and a day knows the newest that was published by then.
"""

from datetime import date

import pandas as pd

from domain import reference, rules
from domain.city import CITY


def comparison(figures: pd.DataFrame, measure_id: str, as_of: date) -> pd.DataFrame:
    """All cities on one measure in one month, best first.

    Columns: city, month, value, source, published_on, same_month, rank, rank_worst, age_days,
    stale.
    `figures` are rows of the snapshot's table; those published after `as_of` are not known yet.
    The month compared is the newest that the own city has. A city without a figure of that month
    is shown with its newest earlier one, which is not ranked (`same_month` false); but where that
    is higher already it counts as ahead, for all measures are totals that only grow. `rank_worst`
    is the rank if every city without a figure of the month were ahead. `age_days` counts from
    publication, `stale` marks more than `province_stale_days`. Empty without an own figure.
    """
    known = figures[
        (figures["measure_id"] == measure_id) & (figures["published_on"] <= pd.Timestamp(as_of))
    ]
    own = known.loc[known["city"] == CITY.name, "month"]
    cities = reference.table("province_cities")[["city"]]
    if own.empty:
        return cities.iloc[:0].assign(month=None, value=None, rank=None)
    month = own.max()
    latest = known[known["month"] <= month].sort_values(["month", "published_on"])
    latest = latest.groupby("city").tail(1)
    table = cities.merge(latest, on="city", how="left")
    same = table["month"] == month
    value, older = table["value"].where(same), table["value"].where(~same)
    behind = value.rank(method="min", ascending=False)
    ahead = pd.Series([(older > one).sum() for one in value], table.index)
    rank = behind + ahead
    age = (pd.Timestamp(as_of) - table["published_on"]).dt.days
    unknown = int((~same).sum())
    return table.assign(
        same_month=same,
        rank=rank.astype("Int64"),
        rank_worst=(behind + unknown).astype("Int64"),
        age_days=age.astype("Int64"),
        stale=(age > rules.count("province_stale_days")).fillna(False),
    ).sort_values(["rank", "value"], ascending=[True, False], ignore_index=True)


def standing(figures: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Where the own city stands, one row a measure of ``province_measures.csv``.

    Columns: measure_id, measure, unit, value, month, rank, rank_worst, cities (with a figure of the
    month), age_days, stale, source, published_on. A measure without an own figure has nulls.
    """
    rows = []
    for measure in reference.table("province_measures").itertuples():
        table = comparison(figures, measure.measure_id, as_of)
        about = {"measure_id": measure.measure_id, "measure": measure.measure, "unit": measure.unit}
        own = table[table["city"] == CITY.name]
        found = own.iloc[0].to_dict() if len(own) else {}
        cities = int(table["same_month"].sum()) if len(own) else 0
        rows.append(found | about | {"cities": cities})
    columns = ["measure_id", "measure", "unit", "value", "month", "rank", "rank_worst", "cities",
               "age_days", "stale", "source", "published_on"]  # fmt: skip
    counts = dict.fromkeys(["rank", "rank_worst", "cities", "age_days"], "Int64")  # null, not NaN
    return pd.DataFrame(rows).reindex(columns=columns).astype(counts)
