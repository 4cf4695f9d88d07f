"""Histories of the demo that a store has to get right, as ``data/demo/histories.csv`` names them.

================  ==================================================================================
signed_otherwise  a shop of the bank: its first statement with a signing has a wrong day, the next
                  the right one
reopened          a shop of the bank that closed and signed again
moved             a shop of the bank that stood in another county before the statement of that day
corrected_file    the bank's file of that day named no payment and was sent again
late              the bank's file of that day came after that of the month that follows
renamed           the bank had other headers before the statement of that day
silent            the bank has sent nothing since
listed_again      the venue was delisted and listed again
================  ==================================================================================

Of a bank, the shop is the first of its file on a street, out of any cluster, that is used to the
last day (and, to move, has a point). Where the city is too small to have one, the history is left
out.
"""

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from demo import lifecycles
from demo.street_places import facts
from loaders.reading.record_placing import PLACE

SIGNED_WRONGLY = np.timedelta64(9, "D")  # so much too early
OPEN, SHUT = np.timedelta64(200, "D"), np.timedelta64(95, "D")  # of a first life, and between two
LIVES = OPEN + 3 * SHUT  # opened so long ago, a shop has time for both
SOON, CORRECTED, LATE = 5, 12, 40  # days from the end of a month until its file is taken


@cache
def days() -> dict[tuple[str, str], tuple[date | None, date | None]]:
    """Days on which each history begins and ends, by its name and its subject."""
    table = facts("histories").astype(object)
    columns = ("history", "subject", "begins_on", "ends_on")
    rows = zip(*(table[name] for name in columns), strict=True)
    return {(name, subject): (_day(first), _day(last)) for name, subject, first, last in rows}


def months(bank: str) -> list[date]:
    """The ends of the months of which a bank sends a file."""
    silent, _ = days().get(("silent", bank), (None, None))
    return [on for on in lifecycles.MONTH_ENDS if silent is None or on < silent]


def has(history: str, bank: str, on: date) -> bool:
    """Whether a history of a bank begins on a day."""
    return days().get((history, bank), (None, None))[0] == on


def still_before(history: str, bank: str, on: date) -> bool:
    """Whether a bank has a history that begins after a day."""
    first, _ = days().get((history, bank), (None, None))
    return first is not None and on < first


def relived(happened: pd.DataFrame, shops: pd.DataFrame) -> pd.DataFrame:
    """Events of the shops, with a second life of the one that `reopened`."""
    bank = next(subject for history, subject in days() if history == "reopened")
    opened = happened[happened["event"] == "opened"].set_index("row")["day"]
    old = opened.index[opened <= lifecycles.AS_OF - LIVES]
    rows = shops.index[_steady(shops) & (shops["operator_id"] == bank)].intersection(old)
    if rows.empty:
        return happened
    row = rows[0]
    closed = opened[row] + OPEN
    signed = closed + SHUT
    between = happened["day"].between(closed, signed) & (happened["row"] == row)
    again = pd.DataFrame(
        {"row": row, "event": ["closed", "contracted", "opened"], "day": [closed, signed, signed]}
    )
    events: pd.DataFrame = pd.concat([happened[~between], again.astype(happened.dtypes)])
    return events.reset_index(drop=True)


def signed_otherwise(bank: str, shops: pd.DataFrame, known: pd.DataFrame, on: date) -> pd.DataFrame:
    """The days `known` of the `shops` of a bank's lines as its statement of a day has them."""
    first = np.flatnonzero(_steady(shops))[:1]
    signed = known["contracted_on"].to_numpy(copy=True)
    fresh = first[signed[first] >= np.datetime64(on.replace(day=1))]
    if ("signed_otherwise", bank) not in days() or fresh.size == 0:
        return known
    signed[fresh] -= SIGNED_WRONGLY
    return known.assign(contracted_on=signed)


def before_move(bank: str, rows: pa.Table, shops: pd.DataFrame) -> pa.Table:
    """Accepted `rows` of the bank with the earlier place of its shop that moved county.

    It is that of the next shop in another county. `shops` are those of the rows.
    """
    placed = rows["lon"].is_valid().to_numpy() & rows["county_code"].is_valid().to_numpy()
    here = np.flatnonzero(_steady(shops) & placed)
    county = rows["county_code"].to_numpy()
    there = here[county[here] != county[here[:1]]] if len(here) else here
    if ("moved", bank) not in days() or there.size == 0:
        return rows
    source = np.arange(len(rows))
    source[here[0]] = there[0]
    for name in ("address", *PLACE):
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(name), rows[name].take(pa.array(source)))
    return rows


def listings(venues: pd.DataFrame, on: date) -> pd.DataFrame:
    """Days of the register as its edition of a day states them: listed_on and delisted_on."""
    listed, delisted = venues["listed_on"].copy(), venues["delisted_on"].copy()
    delisted[delisted > np.datetime64(on)] = None
    for (history, subject), (left, back) in days().items():
        venue = venues["venue_id"] == subject
        if history == "listed_again" and back is not None and back <= on:
            listed[venue] = np.datetime64(back)
        elif history == "listed_again" and left is not None and left <= on:
            delisted[venue] = np.datetime64(left)
    return pd.DataFrame({"listed_on": listed, "delisted_on": delisted})


def files(bank: str, on: date) -> list[tuple[str, int, bool]]:
    """Files that a bank sends for a day: remark in the name, days it took, whether it is wrong."""
    if has("corrected_file", bank, on):
        return [("", SOON, True), ("（更正）", CORRECTED, False)]
    return [("", LATE if has("late", bank, on) else SOON, False)]


def _day(value: pd.Timestamp) -> date | None:
    return None if pd.isna(value) else value.date()


def _steady(shops: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether shops stand on a street, out of any cluster, and are used to the last day."""
    steady = (shops["venue"] < 0) & (shops["site"] < 0) & (shops["fate"] == lifecycles.KEPT)
    return steady.to_numpy()
