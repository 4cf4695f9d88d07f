"""Tables by day: what holds on a day, worked out from the facts and the spells of a snapshot.

Those of `WORKED_OUT` are written once, when a snapshot is published: every month end and the last
day, on which nearly all questions are asked. They follow from the other tables and from the rules
of that day, so they are no part of the content hash.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from domain import clusters, pace, states
from domain.venues import venue_coverage
from store import backend, search_table, table_schemas

_FACTS = {view: name for name, view in table_schemas.EVER.items()}

Question = tuple[Any, ...]
"""What `backend.rows` is given: a function that builds a table, and what it builds it of."""


def days(as_of: date) -> tuple[date, ...]:
    """Month ends from the start of the plan to `as_of`, which closes the list."""
    return pace.month_ends(pace.first_day(), as_of)


def calendar(connection: ibis.BaseBackend, on: Sequence[date]) -> ir.Table:
    """Days as a table of the engine, so that a query is compiled once for any: as_of."""
    return backend.named(connection, pa.table({"as_of": pa.array(on, pa.date32())}))


def _table(name: str) -> ir.Table:
    """A table or view of the facts, whose columns the engine need not be asked for."""
    return backend.called(name, table_schemas.SCHEMAS[_FACTS.get(name, name)])


def merchants(connection: ibis.BaseBackend, on: Sequence[date]) -> Question:
    """Every merchant with its state on each day."""
    ever, spells = _table("merchants_ever"), _table("spells")
    return states.on_days, ever, spells, calendar(connection, on)


def scenarios(connection: ibis.BaseBackend, on: Sequence[date]) -> Question:
    """Every scenario instance with its state on each day."""
    ever, spells = _table("scenarios_ever"), _table("spells")
    return states.on_days, ever, spells, calendar(connection, on), "scenarios"


def venues(connection: ibis.BaseBackend, on: Sequence[date], ids: tuple[str, ...] = ()) -> Question:
    """Every venue with its coverage on each day; of `ids` alone where there are any."""
    records = [_table(name) for name in ("venues_ever", "merchants_ever", "scenarios_ever")]
    return _venues, ids, calendar(connection, on), _table("spells"), *records


def _venues(ids: tuple[str, ...], on: ir.Table, spells: ir.Table, *records: ir.Table) -> ir.Table:
    register, shops, instances = (_of_venues(one, ids) for one in records)
    return venue_coverage(
        register,
        states.on_days(shops, spells, on),
        states.on_days(instances, spells, on, "scenarios"),
        on,
    )


def cluster_counts(connection: ibis.BaseBackend, on: Sequence[date]) -> Question:
    """Shops of every cluster on each day, counted."""
    facts = [_table(name) for name in ("cluster_members", "merchants_ever", "spells")]
    return _counted, *facts, calendar(connection, on)


def _counted(members: ir.Table, shops: ir.Table, spells: ir.Table, on: ir.Table) -> ir.Table:
    own = shops.semi_join(members, "merchant_key")
    return clusters.counts(members, states.on_days(own, spells, on))


def _of_venues(records: ir.Table, ids: tuple[str, ...] = ()) -> ir.Table:
    """The records in a venue, or in those of `ids`."""
    return records.filter(records.venue_id.isin(ids) if ids else records.venue_id.notnull())


def _in_order(*question: Any) -> ir.Table:
    """Rows of a question by place, as in the snapshot's own tables, so that engines skip parts."""
    build, *given, order = question
    return build(*given).order_by(order)


WORKED_OUT: dict[str, Callable[[ibis.BaseBackend, date], Question]] = {
    "merchants_on": lambda connection, as_of: (
        _in_order,
        *merchants(connection, [as_of]),
        ("county_code", "town_code", "merchant_key"),
    ),
    "scenarios_on": lambda connection, as_of: (
        _in_order,
        *scenarios(connection, days(as_of)),
        ("as_of", "scenario_key"),
    ),
    "venues_on": lambda connection, as_of: venues(connection, days(as_of)),
    "cluster_counts": lambda connection, as_of: cluster_counts(connection, days(as_of)),
    "searchable": lambda connection, _: search_table.question(connection),
}
"""The tables of a snapshot that are worked out, from its others and its last day.

Merchants are those of the last day alone, all others of each of `days`; what is `searchable` has no
day.
"""
LATER = frozenset({"searchable"})
"""Those of `WORKED_OUT` that versions published by older software lack."""
