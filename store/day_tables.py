"""Tables by day: what holds on a day, worked out from the facts and the spells of a snapshot.

Those of `WORKED_OUT` are written once, when a snapshot is published: every month end and the last
day, on which nearly all questions are asked. They follow from the other tables and from the rules
of that day, so they are no part of the content hash.
"""

from collections.abc import Callable, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import clusters, pace, states
from domain.venues import venue_coverage
from store import backend


def days(as_of: date) -> tuple[date, ...]:
    """Month ends from the start of the plan to `as_of`, which closes the list."""
    return pace.month_ends(pace.first_day(), as_of)


def merchants(connection: ibis.BaseBackend, on: Sequence[date]) -> ir.Table:
    """Every merchant with its state on each day."""
    return states.on_days(connection.table("merchants_ever"), connection.table("spells"), on)


def scenarios(connection: ibis.BaseBackend, on: Sequence[date]) -> ir.Table:
    """Every scenario instance with its state on each day."""
    spells = connection.table("spells")
    return states.on_days(connection.table("scenarios_ever"), spells, on, "scenarios")


def venues(connection: ibis.BaseBackend, on: Sequence[date]) -> ir.Table:
    """Every venue with its coverage on each day."""
    ever = connection.table("merchants_ever")
    instances = scenarios(connection, on)
    return venue_coverage(
        connection.table("venues_ever"),
        _of_few(connection, ever.filter(_.venue_id.notnull()), on),
        instances.filter(_.venue_id.notnull()),
        on,
    )


def cluster_counts(connection: ibis.BaseBackend, on: Sequence[date]) -> ir.Table:
    """Shops of every cluster on each day, counted."""
    members = connection.table("cluster_members")
    shops = connection.table("merchants_ever").semi_join(members, "merchant_key")
    return clusters.counts(members, _of_few(connection, shops, on))


def _of_few(connection: ibis.BaseBackend, shops: ir.Table, on: Sequence[date]) -> ir.Table:
    """A small part of the merchants with their states on many days.

    Their spells are picked out first: an engine would multiply all spells by the days before it
    leaves any out.
    """
    few = backend.kept(connection, shops)
    keys = few.select(record_key=states.PREFIXES["merchants"] + few.merchant_key)
    spells = backend.kept(connection, connection.table("spells").semi_join(keys, "record_key"))
    return states.on_days(few, spells, on)


WORKED_OUT: dict[str, Callable[[ibis.BaseBackend, date], ir.Table]] = {
    "merchants_on": lambda connection, as_of: merchants(connection, [as_of]).order_by(
        "county_code",
        "town_code",
        "merchant_key",  # for pruning, as in the snapshot's own tables
    ),
    "scenarios_on": lambda connection, as_of: scenarios(connection, days(as_of)).order_by(
        "as_of", "scenario_key"
    ),
    "venues_on": lambda connection, as_of: venues(connection, days(as_of)),
    "cluster_counts": lambda connection, as_of: cluster_counts(connection, days(as_of)),
}
"""The tables of a snapshot that are worked out, from its others and its last day.

Merchants are those of the last day alone, all others of each of `days`.
"""
