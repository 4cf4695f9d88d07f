"""Venues by spells: what held of a venue from one day to another.

Three things change apart from each other: attributes, from the day of the statement that has
another one; the denominator, from the day that it was counted; and the listing, from one life of
the venue to the next. Rows of the register are cut wherever one of them changes.
"""

from collections.abc import Hashable, Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from domain import lives
from store import backend, table_schemas

DENOMINATOR = ("eligible_count", "eligible_source", "eligible_on", "eligible_grade")
LISTED = ("listed_on", "delisted_on")
_ONE_DAY = pd.Timedelta(days=1)


def denominators(accounts: ir.Table, connection: ibis.BaseBackend) -> pd.DataFrame:
    """Denominators as they were stated: the table of that name.

    One without a date is of the day of its statement. Of several for one day the last account
    holds; one that only repeats the one before is left out.
    """
    frame = table_schemas.frame(backend.rows(connection, _stated, accounts))
    frame = frame.sort_values(["venue_id", "stated_on"], ignore_index=True)
    said = frame[["eligible_count", "eligible_grade", "eligible_source"]].astype(object)
    said = said.where(said.notna(), None)
    before = said.groupby(frame["venue_id"]).shift()
    again = (said == before).all(axis=1) & frame["eligible_on"].isna()
    kept: pd.DataFrame = frame[~again].reset_index(drop=True)
    return kept


def _stated(accounts: ir.Table) -> ir.Table:
    stated = accounts.filter(_.eligible_count.notnull())
    stated = stated.mutate(stated_on=ibis.coalesce(stated.eligible_on, stated.as_at))
    last = stated.turn == stated.turn.max().over(ibis.window(group_by=["key", "stated_on"]))
    rows = stated.filter(last).rename(venue="venue_id").rename(venue_id="key")
    return rows.select("eligible_on", *table_schemas.SCHEMAS["denominators"].names)


def listings(accounts: ir.Table, connection: ibis.BaseBackend) -> pd.DataFrame:
    """Lives of the venues on the register: venue_id, life, listed_on and delisted_on."""
    days = table_schemas.frame(backend.rows(connection, _listed, accounts))
    table = days.pivot(index=["record_key", "life"], columns="event", values="day")
    table = table.reindex(columns=["listed", "delisted"]).apply(pd.to_datetime)
    table = table.set_axis(list(LISTED), axis=1).reset_index()
    table = table.rename(columns={"record_key": "venue_id"})
    listed: pd.DataFrame = table.sort_values(["venue_id", "life"])
    return listed


def _listed(accounts: ir.Table) -> ir.Table:
    return lives.of(accounts.mutate(record_key=accounts.key), ["listed"], ["delisted"])


def held(venues: pd.DataFrame, counts: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """`venues` (rows by spells) with the denominators and the listings of their days.

    A row is cut where a denominator or a listing changes within it. The first of each also held
    before.
    """
    empty = table_schemas.empty("venues")
    denominator = dict(list(counts.groupby("venue_id")))
    lists = dict(list(listed.groupby("venue_id")))
    found = [
        row
        for venue in venues.to_dict("records")
        for row in _cut(venue, denominator.get(venue["venue_id"]), lists.get(venue["venue_id"]))
    ]
    return pd.DataFrame(found, columns=list(empty.columns)).astype(empty.dtypes)


def _cut(
    venue: dict[Hashable, Any], counts: pd.DataFrame | None, listed: pd.DataFrame | None
) -> Iterator[dict[Hashable, Any]]:
    """One row of the register for each stretch of days in which nothing changes."""
    ends = set()
    if counts is not None:
        ends |= set(counts["stated_on"].iloc[1:])
    if listed is not None:
        ends |= set(listed["listed_on"].iloc[1:].dropna())
    since, until = venue["since"], venue["until"]
    starts = sorted(
        day for day in ends if not (pd.notna(since) and day <= since) and not (
            pd.notna(until) and day > until
        )
    )  # fmt: skip
    for first, following in zip([since, *starts], [*starts, None], strict=True):
        last = until if following is None else following - _ONE_DAY
        row = venue | {"since": first, "until": last}
        yield (
            row
            | _of_day(counts, "stated_on", DENOMINATOR, first)
            | _of_day(listed, "listed_on", LISTED, first)
        )


def _of_day(
    rows: pd.DataFrame | None, day: str, columns: tuple[str, ...], first: Any
) -> dict[Hashable, Any]:
    """The `columns` of the last of `rows` that began by `first`; of the first of them before."""
    if rows is None:
        return dict.fromkeys(columns)
    begun = rows[rows[day] <= first] if pd.notna(first) else rows.iloc[:0]
    row = (begun if len(begun) else rows).iloc[-1 if len(begun) else 0]
    return {name: row[name] for name in columns}
