"""Cities of the province compared by published figures (T07).

The figures are entered by hand, each with its source and the day it was published. Months differ
between sources, so a comparison is always of one month. A figure may be published again with
another value: both are kept, and on each day the newest published by then holds.
"""

from datetime import date

import pandas as pd

from domain import reference, rules
from domain.city import CITY

_STANDING = [
    *("measure_id", "measure", "unit", "value", "month", "rank", "rank_worst", "cities"),
    *("age_days", "stale", "source", "published_on"),
]


def comparison(figures: pd.DataFrame, measure_id: str, as_of: date) -> pd.DataFrame:
    """All cities on one measure in one month, best first; empty without a figure of the own city.

    `figures` are rows of the snapshot's table; those published after `as_of` are left out. The
    month compared is the newest of the own city. A city without a figure of that month is shown
    with its newest earlier one, which is not ranked (`same_month` false); but where that is higher
    already it counts as ahead, because all measures are totals that only grow.

    Columns: city, month, value, source, published_on, same_month; rank; rank_worst, the rank if
    every city without a figure of the month were ahead; age_days since publication; stale, more
    than `province_stale_days` old.
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
    ahead = pd.Series([(older > figure).sum() for figure in value], table.index)
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
    """Standing of the own city, one row per measure of ``province_measures.csv``.

    Columns: measure_id, measure, unit, value, month, rank, rank_worst, cities (with a figure of the
    month), age_days, stale, source, published_on. A measure without an own figure has nulls.
    """
    rows = []
    for measure in reference.records("province_measures"):
        table = comparison(figures, measure["measure_id"], as_of)
        own = table[table["city"] == CITY.name]
        facts = own.iloc[0].to_dict() if len(own) else {}
        cities = int(table["same_month"].sum()) if len(own) else 0
        rows.append(facts | measure | {"cities": cities})
    counts = dict.fromkeys(["rank", "rank_worst", "cities", "age_days"], "Int64")  # null, not NaN
    return pd.DataFrame(rows).reindex(columns=_STANDING).astype(counts)
