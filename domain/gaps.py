"""Gaps: missing shops and links by name, and the order of venues with the fewest signings."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from domain.venues import shop_of

ACTIONS = {"target": "签约", "refused": "再次上门", "contracted": "开通", "suspended": "恢复"}
_NEAREST = ("验证", "恢复", "开通", "签约", "再次上门")  # actions, the least effort first


def missing(states: ir.Table, venues: ir.Table, operator_id: str = "") -> ir.Table:
    """Eligible shops of the uncovered `venues` that are not yet verified, by name, each once.

    `states` are merchants on the days of `venues`, which are rows of `venue_coverage`. A shop that
    several banks list is missing while none of its records is verified, and is shown under its
    most advanced record; with `operator_id` under that of this bank, if it has one. In an online
    venue a merchant is missing until it has a payment.

    Columns: those of the merchant, `venue` (its name), `needed` (of its venue) and `action`, the
    next step from its state. Public cash points come first, because no venue is covered without
    them; then the venues that need the fewest.
    """
    short = venues.filter(~_.covered_verified).select(
        "as_of", "venue_id", "carrier", "needed", venue=_.name
    )
    table = states.filter(_.eligible).join(short, ["as_of", "venue_id"])
    table = table.mutate(
        shop=shop_of(table),
        live=ibis.ifelse(table.carrier == "线上型", table.paid, table.verified),
        action=ibis.cases(
            *((table.state == state, action) for state, action in ACTIONS.items()), else_="验证"
        ),
    )
    return _once(table, operator_id).order_by(
        "as_of",
        _.public_cash_point.fill_null(False).desc(),
        _.needed.asc(nulls_first=False),
        "venue_id",
        "merchant_key",
    )


def _once(table: ir.Table, operator_id: str) -> ir.Table:
    """One row per shop with no live record, represented by its most advanced record."""
    shop = ["as_of", "venue_id", "shop"]
    whole = table.group_by(shop).agg(
        any_live=table.live.any(), any_cash_point=table.public_cash_point.fill_null(False).any()
    )
    table = table.join(whole.filter(~_.any_live), shop)
    if operator_id:
        table = table.filter(table.operator_id == operator_id)
    furthest = ibis.cases(
        *((table.action == action, place) for place, action in enumerate(_NEAREST)), else_=0
    )
    first = ibis.window(group_by=shop, order_by=[furthest, table.merchant_key])
    table = table.mutate(
        place=ibis.row_number().over(first), public_cash_point=table.any_cash_point
    )
    return table.filter(_.place == 0).drop(
        "place", "shop", "live", "carrier", "any_live", "any_cash_point"
    )


def missing_links(
    venues: ir.Table, merchant_states: ir.Table, scenario_states: ir.Table
) -> ir.Table:
    """Required links that are not live in the uncovered `venues`, by name.

    One row per link: the columns of `venues` (rows of `venue_coverage`), `scenario_id`, and
    `recorded`, whether that venue has an eligible merchant or scenario for the link.
    """
    short = venues.filter(~_.covered_verified & (_.links != ""))
    links = short.mutate(scenario_id=_.links.split(";").unnest())
    columns = ("as_of", "venue_id", "scenario_id", "eligible", "verified", "paid")
    records = ibis.union(merchant_states.select(columns), scenario_states.select(columns))
    kept = records.filter(_.eligible).group_by("as_of", "venue_id", "scenario_id")
    best = kept.agg(verified_link=_.verified.any(), paid_link=_.paid.any())
    keys = ["as_of", "venue_id", "scenario_id"]
    table = links.left_join(best, keys).drop(*(f"{name}_right" for name in keys))
    live = ibis.ifelse(table.carrier == "线上型", table.paid_link, table.verified_link)
    table = table.mutate(recorded=table.verified_link.notnull())
    return table.filter(~live.fill_null(False)).drop("verified_link", "paid_link").order_by(*keys)


def plan(venues: ir.Table) -> ir.Table:
    """Uncovered `venues` with a known denominator, in the order that closes the most per signing.

    Every venue counts the same, so the one that needs the fewest comes first, and of equals the
    one with the smaller id. Columns: those of `venues`; `signings` and `venues_closed`, cumulative
    along that order on each day.

    No other choice closes more. Say n signings close k venues: a shop counts in one venue only, so
    those k need at least the sum of what each needs (`needed` is the fewest units that cover a
    venue, its public cash points among them). That sum is no less than the sum of the k smallest
    needs, which is what the first k of this order take: n signings close them as well.
    """
    order = ["needed", "venue_id"]
    short = venues.filter((_.needed > 0).fill_null(False))
    so_far = ibis.window(group_by="as_of", order_by=order, preceding=(None, 0))
    return short.mutate(
        signings=_.needed.sum().over(so_far), venues_closed=_.count().over(so_far)
    ).order_by("as_of", *order)


def within(plan: pd.DataFrame, signings: int) -> int:
    """Venues that `signings` more merchants close, in the order of one day's `plan`."""
    return int((plan["signings"] <= signings).sum())
