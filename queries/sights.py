"""Rows with names are for those whom they concern; everybody else gets the figures alone.

A county or zone is concerned with what lies in it or counts for it, a bank with its own shops and
the venues that it answers for or has shops in, a department with its venues and their shops. Rows
of others keep their figures and lose what names them, so that sums are the same for everybody; the
lists of pages, documents and the API leave such rows out.
"""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir
import pandas as pd

from domain import owners
from domain.visitors import Sight

CONCEALED = "（不列名）"
_PLACE = ("lon", "lat", "outline")

Tables = Callable[[str], ir.Table]


def venues(table: Tables, sight: Sight) -> ir.Table:
    """Ids of the venues that `sight` names."""
    ever = table("venues_ever")
    if sight.role == "county":
        ever = ever.filter((ever.county_code == sight.unit) | (ever.zone_id == sight.unit))
    elif sight.role == "bank":
        shops = table("merchants_ever")
        shops = shops.filter(shops.operator_id == sight.unit, shops.venue_id.notnull())
        ever = ever.filter(ever.operator_id == sight.unit)
        return ibis.union(ever.select("venue_id"), shops.select("venue_id"), distinct=True)
    else:
        ever = ever.filter(ever.owner.isin(_called(sight.unit)))
    return ever.select("venue_id").distinct()


def shops(table: Tables, sight: Sight) -> ir.Table:
    """Keys of the merchants that `sight` names."""
    ever = table("merchants_ever")
    return ever.filter(own(ever, table, sight)).select("merchant_key").distinct()


def own(rows: ir.Table, table: Tables, sight: Sight) -> ir.BooleanValue:
    """Whether `sight` names merchants of the bank, place and venue that `rows` have."""
    if sight.role == "bank":
        return (rows.operator_id == sight.unit).fill_null(False)
    inside = rows.venue_id.isin(venues(table, sight).venue_id)
    if sight.role == "county":
        inside |= (rows.county_code == sight.unit) | (rows.zone_id == sight.unit)
    return inside.fill_null(False)


def narrowed(frame: pd.DataFrame, own_venues: pd.Series, own_shops: pd.Series) -> pd.DataFrame:
    """`frame` with the names of those shops and venues only that are among the own ones.

    A row is of the shop in `merchant_key`, where it has one, else of the venue in `venue_id`;
    `venue` is the name of its venue. A frame without these columns has no names.
    """
    if "venue_id" not in frame and "merchant_key" not in frame:
        return frame
    if "venue_id" in frame:
        others = frame["venue_id"].notna() & ~frame["venue_id"].isin(own_venues)
        frame = concealed(frame, others, "venue")
    if "merchant_key" in frame:
        others = frame["merchant_key"].notna() & ~frame["merchant_key"].isin(own_shops)
    return concealed(frame, others, "name", "address", "merchant_id", *_PLACE)


def concealed(frame: pd.DataFrame, others: pd.Series, *columns: str) -> pd.DataFrame:
    """`frame` without what `columns` say of the rows that `others` marks.

    A text that was there becomes `CONCEALED`, a place is blank.
    """
    found = [name for name in columns if name in frame]
    return frame.assign(
        **{
            name: frame[name].mask(others)
            if name in _PLACE
            else frame[name].mask(others & frame[name].notna(), CONCEALED)
            for name in found
        }
    )


def _called(unit: str) -> list[str]:
    """Every name that a unit has or had, as the register writes its department."""
    return [name for name, owner in owners.aliases().items() if owner == unit]
