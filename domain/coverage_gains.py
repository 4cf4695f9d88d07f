"""Progress: the gain in the share of covered venues since a day, with its interval."""

from datetime import date

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _
from numpy.typing import NDArray

from domain import rules

_PAIRS = ("both", "gained", "lapsed", "neither", "newly")


def since(as_of: date) -> date:
    """First day of the period of progress: `progress_months` before `as_of`."""
    return (pd.Timestamp(as_of) - pd.DateOffset(months=rules.count("progress_months"))).date()


def pairs(before: ir.Table, after: ir.Table) -> ir.Table:
    """Venues of two days by `area_id`, counted by whether they were and are covered.

    `before` and `after` are rows of `venue_coverage`, one day each, with area_id. Columns: area_id;
    both, gained, lapsed, neither, of the venues in the register on both days (covered before, now;
    verified basis); newly, the gained and the covered ones that were not in the register before.
    """
    keys = ["area_id", "venue_id"]
    was = before.select(*keys, was=_.covered_verified)
    table = was.outer_join(after.select(*keys, now=_.covered_verified), keys)
    table = table.mutate(area_id=table.area_id.coalesce(table.area_id_right))
    return (
        table.filter(_.area_id.notnull())
        .group_by("area_id")
        .agg(
            both=_.count(where=_.was & _.now),
            gained=_.count(where=~_.was & _.now),
            lapsed=_.count(where=_.was & ~_.now),
            neither=_.count(where=~_.was & ~_.now),
            newly=_.count(where=_.now & ~_.was.fill_null(False)),
        )
        .order_by("area_id")
    )


def progress(before: pd.DataFrame, after: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The board of progress: areas ranked on both days, by the change of their share.

    `before` and `after` are rows of `ranking`, one day each, `pairs` those of `pairs`. Columns:
    those of `after`, `<column>_before`, those of `pairs`; change (a share, may be negative), its
    interval change_low and change_high, `sure` (the interval leaves out zero), rank and tied by the
    change, and `small`, true if the area was small on either day.
    """
    was = before[["area_id", "venues", "covered", "share", "low", "high", "rank", "small"]]
    frame = after.merge(was, on="area_id", suffixes=("", "_before"))
    frame = frame.dropna(subset=["rank", "rank_before"]).merge(pairs, on="area_id", how="left")
    frame = frame.fillna(dict.fromkeys(_PAIRS, 0)).astype(dict.fromkeys(_PAIRS, "int64"))
    change = (frame["share"] - frame["share_before"]).round(9)
    low, high = _difference(frame, _correlation(frame))
    frame = frame.assign(
        change=change,
        change_low=np.minimum(low, change),
        change_high=np.maximum(high, change),
        sure=(low > 0) | (high < 0),
        rank=change.rank(method="min", ascending=False).astype("Int64"),
        tied=change.duplicated(keep=False),
        small=frame["small"] | frame["small_before"],
    )
    return frame.sort_values(["rank", "area_id"], ignore_index=True)


def _difference(frame: pd.DataFrame, r: NDArray[np.float64]) -> tuple[pd.Series, pd.Series]:
    """Interval of the difference of two shares whose estimates correlate by `r`.

    Hybrid score interval: the Wilson limits of either share, squared and added (Newcombe 1998,
    Stat. Med. 17: 873–890, method 10; for pairs 17: 2635–2650, method 10).
    """
    change = frame["share"] - frame["share_before"]
    fell, rose = frame["share"] - frame["low"], frame["high"] - frame["share"]
    fell_before = frame["share_before"] - frame["low_before"]
    rose_before = frame["high_before"] - frame["share_before"]
    below = fell**2 - 2 * r * fell * rose_before + rose_before**2
    above = rose**2 - 2 * r * rose * fell_before + fell_before**2
    return change - np.sqrt(below.clip(0)), change + np.sqrt(above.clip(0))


def _correlation(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Correlation of the two shares: phi of the venues in both registers, with its correction.

    Most venues are the same on both days, so the shares are far from independent. Venues in only
    one register add nothing to the covariance: phi is scaled by the part that both have.
    """
    both, gained, lapsed, neither = (frame[name].astype(float) for name in _PAIRS[:4])
    paired = both + gained + lapsed + neither
    product = both * neither - gained * lapsed
    cross = np.where(product > 0, np.maximum(product - paired / 2, 0), product)
    margins = (both + gained) * (lapsed + neither) * (both + lapsed) * (gained + neither)
    phi = np.divide(cross, np.sqrt(margins), out=np.zeros(len(frame)), where=margins > 0)
    return phi * paired / np.sqrt(frame["venues"] * frame["venues_before"])
