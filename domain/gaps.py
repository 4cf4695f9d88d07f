"""Gaps: which shops are missing, and the shortest way to more covered venues."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

ACTIONS = {"target": "签约", "refused": "再次上门", "contracted": "开通", "suspended": "恢复"}


def missing(states: ir.Table, venues: ir.Table) -> ir.Table:
    """Named eligible merchants, not verified, of the uncovered area-type venues of `venues`.

    One row a merchant with its venue, state and the `action` that is due; public cash points
    come first, then the venues that need the fewest.
    """
    short = venues.filter(~_.covered_verified & (_.named_missing > 0))
    short = short.select("as_of", "venue_id", "needed", venue="name")
    shops = states.filter(_.eligible & ~_.verified)
    table = shops.join(short, ["as_of", "venue_id"])
    action = ibis.cases(
        *((table.state == state, action) for state, action in ACTIONS.items()), else_="验证"
    )
    table = table.mutate(action=action)
    order = [
        ibis.desc("public_cash_point"),
        _.needed.asc(nulls_first=False),
        "venue_id",
        "merchant_key",
    ]
    return table.order_by(order)


def plan(venues: ir.Table) -> ir.Table:
    """Uncovered venues with a known denominator in the order that closes the most per signing.

    Ascending in `needed` (every venue counts the same, so the cheapest first is optimal);
    `signings` and `venues_closed` add up along the order.
    """
    short = venues.filter((_.needed > 0).fill_null(False))
    order = ibis.window(order_by=["needed", "venue_id"], rows=(None, 0))
    return short.mutate(
        signings=_.needed.sum().over(order), venues_closed=_.count().over(order)
    ).order_by(["needed", "venue_id"])


def within(plan: pd.DataFrame, signings: int) -> int:
    """Venues that `signings` more shops close, in the order of `plan`."""
    return int((plan["signings"] <= signings).sum())
