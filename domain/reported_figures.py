"""Monthly figures that counties and banks report, of months that are complete (T04, T11).

The sum of a month that some have not reported yet is too small, and is left out.
"""

from datetime import date

import pandas as pd

OBLIGED, ENROLLED = "units_obliged", "units_enrolled"
INSTANCES = "instances"
GROWTH = {
    "场景数（已上线实例）": (INSTANCES,),
    "钱包量（个人和对公）": ("wallets_personal", "wallets_corporate"),
    "活跃度（活跃钱包）": ("active_wallets",),
    "交易规模（笔数）": ("transactions",),
}
"""The four series of T04. Amounts of different kinds are never added: payments are counted."""

_KEY = ["month", "county_code", "operator_id"]


def growth(indicators: pd.DataFrame, instances: pd.DataFrame) -> pd.DataFrame:
    """Monthly values of the series of `GROWTH`: name, month, value, complete, before.

    `indicators` are rows of the snapshot, `instances` live ones by day (as_of, instances).
    `complete`: every county and bank that reported the same month of the year before has reported.
    """
    month = pd.to_datetime(instances["as_of"]).dt.to_period("M").dt.to_timestamp()
    live = instances.assign(month=month, complete=True).groupby("month").last()
    live = live.rename(columns={INSTANCES: "value"})
    added = once(indicators)
    parts = []
    for name, columns in GROWTH.items():
        known = [
            live if column == INSTANCES else _sums(added[added["indicator_id"] == column])
            for column in columns
        ]
        value, complete = (
            pd.concat([part[cell] for part in known], axis=1, join="inner")
            for cell in ("value", "complete")
        )
        part = pd.DataFrame(
            {"value": value.sum(axis=1).astype(float), "complete": complete.all(axis=1)}
        )
        parts.append(part.rename_axis("month").reset_index().assign(name=name))
    return with_year_before(pd.concat(parts, ignore_index=True))


def with_year_before(series: pd.DataFrame) -> pd.DataFrame:
    """`series` (name, month, value) with `before`, the value of the same month a year before."""
    before = series.assign(month=series["month"] + pd.DateOffset(years=1))
    before = before.rename(columns={"value": "before"})[["name", "month", "before"]]
    return series.merge(before, on=["name", "month"], how="left")


def rising(series: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Newest complete month of each series against a year before.

    `series` are rows of `growth`, those after `as_of` are left out. Columns: name, month, value,
    before, rising (null where the same month of the year before is unknown).
    """
    known = series[series["complete"] & (series["month"] <= pd.Timestamp(as_of))]
    last = known.sort_values("month").drop_duplicates("name", keep="last")
    table = last[["name", "month", "value", "before"]].reset_index(drop=True)
    up = (table["value"] > table["before"]).astype("boolean")
    return table.assign(rising=up.mask(table["before"].isna()))


def once(figures: pd.DataFrame, by: str = "county_code") -> pd.DataFrame:
    """The rows of `figures` that may be added up: a whole counts only where its parts are missing.

    In each month and indicator the figure of the city ('' as county_code) gives way to those of
    counties, that of all banks ('' as operator_id) to those of banks. What is split by counties
    alone and what is split by banks alone are the same whole twice: those split `by` stay.
    """
    of = ["month", "indicator_id"]
    county, bank = figures["county_code"] != "", figures["operator_id"] != ""
    parts = (
        (county & ~bank, county & bank, [*of, "county_code"]),
        (bank & ~county, county & bank, [*of, "operator_id"]),
        (~county & ~bank, county | bank, of),
    )
    twice = pd.concat([_gives_way(figures, *one) for one in parts], axis=1).any(axis=1)
    left = figures[~twice]
    county, bank = county[left.index], bank[left.index]
    split, other = (county, bank) if by == "county_code" else (bank, county)
    return left[~_gives_way(left, other & ~split, split & ~other, of)]


def _gives_way(
    figures: pd.DataFrame, whole: pd.Series, part: pd.Series, of: list[str]
) -> pd.Series:
    """Which rows are a `whole` of which there is a `part` that is the same in the columns `of`."""
    place = pd.MultiIndex.from_frame(figures[of])
    return whole & place.isin(place[part])


def _sums(rows: pd.DataFrame) -> pd.DataFrame:
    """One indicator by month: value; complete, whether all who reported a year before are in it."""
    value = rows.groupby("month")["value"].sum()
    due = rows.assign(month=rows["month"] + pd.DateOffset(years=1))[_KEY]
    matched = due.merge(rows[_KEY], on=_KEY, how="left", indicator=True)
    absent = matched.loc[matched["_merge"] == "left_only", "month"]
    return pd.DataFrame({"value": value, "complete": ~value.index.isin(absent)})


def enrolment(indicators: pd.DataFrame) -> pd.DataFrame:
    """Units obliged and enrolled, where both are known: month, county_code, `OBLIGED`, `ENROLLED`.

    The whole city ('') is kept only for months that no county reports both of.
    """
    units = indicators[indicators["indicator_id"].isin([OBLIGED, ENROLLED])]
    pairs = units.pivot_table(index=_KEY, columns="indicator_id", values="value", aggfunc="sum")
    pairs = pairs.reindex(columns=[OBLIGED, ENROLLED]).dropna().reset_index()
    added = once(pairs.assign(indicator_id=ENROLLED)).groupby(["month", "county_code"])
    return added[[OBLIGED, ENROLLED]].sum().reset_index()


def newest_whole(enrolment: pd.DataFrame, day: date) -> pd.DataFrame:
    """Rows of `enrolment` of the newest complete month up to `day`, or none.

    A month is complete with every county that reported in any month up to the day, or with a figure
    of the whole city.
    """
    known = enrolment[enrolment["month"] <= pd.Timestamp(day)]
    counties = known.loc[known["county_code"] != "", "county_code"].nunique()
    reported = known.groupby("month")["county_code"].transform("nunique")
    whole = known[(reported == counties) | (known["county_code"] == "")]
    return whole[whole["month"].eq(whole["month"].max())]
