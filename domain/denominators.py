"""Denominators with their sources: what the register says, what the lists hold, what is used."""

import ibis.expr.types as ir
from ibis import _


def denominators(venues: ir.Table, merchant_states: ir.Table) -> ir.Table:
    """The denominator of each of `venues` (rows of `venue_coverage`) and where it comes from.

    Columns: as_of, venue_id; declared, the register's count, with eligible_source and eligible_on;
    listed, the eligible shops on the banks' lists, each once; adopted, the larger of the two, null
    where unknown; raised, whether the lists hold more than the register says; and `listed_by`, of a
    raised one the ids of the banks whose lists hold its shops, separated by ";", else ''. A venue
    that counts in links has neither count; its `adopted` are the links that it needs.
    """
    by_shops = venues.carrier == "区域型"
    table = venues.select(
        "as_of",
        "venue_id",
        "eligible_source",
        "eligible_on",
        declared=by_shops.ifelse(venues.eligible_count, None),
        listed=by_shops.ifelse(venues.listed, None),
        adopted=venues.eligible,
    )
    table = table.mutate(raised=(_.listed > _.declared).fill_null(False))
    keys = ["as_of", "venue_id"]
    lists = merchant_states.filter(_.eligible, _.venue_id.notnull())
    lists = lists.select(*keys, "operator_id").distinct().semi_join(table.filter(_.raised), keys)
    banks = lists.group_by(keys).agg(listed_by=_.operator_id.collect().sort().join(";"))
    table = table.left_join(banks, keys).drop("as_of_right", "venue_id_right")
    return table.mutate(listed_by=_.listed_by.fill_null("")).order_by(keys)
