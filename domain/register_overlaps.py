"""Overlaps in the register: shops in several venues, and shops listed by several records."""

import ibis
import ibis.expr.types as ir
from ibis import _

from domain.venues import shop_of


def in_several(states: ir.Table) -> ir.Table:
    """Eligible shops that belong to several venues, one row each: the columns of its first record.

    `states` are merchants from `states.on_days`. The shop counts in `venue_id` alone; `also_in`
    are the other venues whose outline contains it or that a record of it names, separated by ';'.
    """
    claimed = states.filter(_.eligible, _.also_in.notnull(), _.venue_id.notnull())
    first = ibis.window(group_by=["as_of", shop_of(claimed)], order_by=claimed.merchant_key)
    table = claimed.mutate(place=ibis.row_number().over(first))
    return table.filter(_.place == 0).drop("place").order_by("as_of", "venue_id", "merchant_key")


def listed_again(states: ir.Table) -> ir.Table:
    """Eligible records of shops with several records: the columns of `states`, and `shop`.

    Ordered by shop, the record whose key is the shop's first.
    """
    eligible = states.filter(_.eligible)
    table = eligible.mutate(shop=shop_of(eligible))
    records = table.count().over(ibis.window(group_by=["as_of", "shop"]))
    table = table.mutate(records=records).filter(_.records > 1).drop("records")
    return table.order_by("as_of", "shop", "merchant_key")
