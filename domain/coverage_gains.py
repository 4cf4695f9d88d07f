"""Progress: the change of the share of covered venues since a day, and what bounds it."""

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from domain import rules

_PAIRS = ("newly", "lapsed")


def since(as_of: date) -> date:
    """First day of the period of progress: `progress_months` before `as_of`."""
    return (pd.Timestamp(as_of) - pd.DateOffset(months=rules.count("progress_months"))).date()


def pairs(before: ir.Table, after: ir.Table) -> ir.Table:
    """Venues of two days by `area_id` that are newly covered or have lapsed (verified basis).

    `before` and `after` are rows of `venue_coverage`, one day each, with area_id. Columns: area_id;
    newly, covered now and not before, or not in the register then; lapsed, in the register on both
    days and no longer covered.
    """
    keys = ["area_id", "venue_id"]
    was = before.select(*keys, was=_.covered_verified)
    table = was.outer_join(after.select(*keys, now=_.covered_verified), keys)
    table = table.mutate(area_id=table.area_id.coalesce(table.area_id_right))
    return (
        table.filter(_.area_id.notnull())
        .group_by("area_id")
        .agg(
            newly=_.count(where=_.now & ~_.was.fill_null(False)),
            lapsed=_.count(where=_.was & ~_.now),
        )
        .order_by("area_id")
    )


def progress(before: pd.DataFrame, after: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The board of progress: areas ranked on both days, by the change of their share.

    `before` and `after` are rows of `ranking`, one day each, `pairs` those of `pairs`. Columns:
    those of `after`, `<column>_before`, those of `pairs`; change (a share, may be negative); its
    bounds change_low and change_high, whatever the venues of unknown denominator were and are;
    `sure`, whether the bounds agree on its direction; rank and tied by the change, and `small`,
    true if the area was small on either day.
    """
    was = before[["area_id", "venues", "covered", "share", "low", "high", "rank", "small"]]
    frame = after.merge(was, on="area_id", suffixes=("", "_before"))
    frame = frame.dropna(subset=["rank", "rank_before"]).merge(pairs, on="area_id", how="left")
    frame = frame.fillna(dict.fromkeys(_PAIRS, 0)).astype(dict.fromkeys(_PAIRS, "int64"))
    change = (frame["share"] - frame["share_before"]).round(9)
    low = (frame["low"] - frame["high_before"]).round(9)
    high = (frame["high"] - frame["low_before"]).round(9)
    frame = frame.assign(
        change=change,
        change_low=low,
        change_high=high,
        sure=np.sign(low) == np.sign(high),
        rank=change.rank(method="min", ascending=False).astype("Int64"),
        tied=change.duplicated(keep=False),
        small=frame["small"] | frame["small_before"],
    )
    return frame.sort_values(["rank", "area_id"], ignore_index=True)
