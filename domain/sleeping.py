"""Sleeping shops: signed or opened, and nobody has paid there for long."""

import ibis.expr.types as ir
from ibis import _

from domain import rules


def with_sleeping(states: ir.Table, events: ir.Table) -> ir.Table:
    """Merchants on their days with `sleeping`: contracted, and no payment in `sleeping_days`.

    `states` comes from `states.on_days` and `events` has record_key, event and day. Only eligible
    merchants are ever contracted, so a closed shop does not sleep.
    """
    paid = events.filter(_.event == "paid").select("record_key", "day")
    days = states.select("as_of").distinct()
    age = (days.as_of.epoch_days() - paid.day.epoch_days()).name("age")
    recent = days.cross_join(paid).select("as_of", "record_key", age)
    recent = recent.filter(_.age >= 0, _.age <= rules.value("sleeping_days"))
    recent = recent.select("as_of", "record_key", awake=True).distinct()
    keyed = states.mutate(record_key="m:" + states.merchant_key)
    table = keyed.left_join(recent, ["as_of", "record_key"])
    table = table.mutate(sleeping=table.contracted & table.awake.isnull())
    return table.drop("record_key", "awake", "as_of_right", "record_key_right")


def by_operator(states: ir.Table, events: ir.Table) -> ir.Table:
    """Contracted and sleeping merchants of each operator: as_of, operator_id, sleeping_share."""
    counts = (
        with_sleeping(states, events)
        .group_by("as_of", "operator_id")
        .agg(contracted=_.count(where=_.contracted), sleeping=_.count(where=_.sleeping))
    )
    share = counts.sleeping / counts.contracted.nullif(0)
    return counts.mutate(sleeping_share=share).order_by("as_of", "operator_id")
