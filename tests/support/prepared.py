"""Indicators asked of many small tables: compiled by Ibis once, answered by DuckDB each time."""

from collections.abc import Callable, Hashable
from functools import cache, wraps

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def in_memory(answer: pa.Table, schema: ibis.Schema) -> ir.Table:
    """An answer as a table that can be asked again."""
    return ibis.memtable(answer.cast(schema.to_pyarrow()), schema=schema)


def prepared(build: Callable[..., ir.Table]) -> Callable[..., ir.Table]:
    """`build`, a function of tables and of plain values, as one that answers in memory.

    Ibis takes ten times as long to compile a question as DuckDB to answer it, so the SQL is kept:
    for tables of the same columns and for the same values it is the same.
    """

    @cache
    def compiled(given: tuple[Hashable, ...]) -> tuple[str, ibis.Schema]:
        answer = build(
            *(
                ibis.table(one, name=_name(place)) if isinstance(one, ibis.Schema) else one
                for place, one in enumerate(given)
            )
        )
        for fixed in answer.op().find(ops.InMemoryTable):
            _engine().register(fixed.name, fixed.data.to_pyarrow(fixed.schema))
        return ibis.to_sql(answer, dialect="duckdb"), answer.schema()

    @wraps(build)
    def answer(*given: ir.Table | Hashable) -> ir.Table:
        sql, schema = compiled(tuple(map(_told_apart_by, given)))
        for place, one in enumerate(given):
            if isinstance(one, ir.Table):
                _engine().register(_name(place), cells(one))
        return in_memory(_engine().sql(sql).to_arrow_table(), schema)

    return answer


def _name(place: int) -> str:
    return f"given_{place}"


def _told_apart_by(given: ir.Table | Hashable) -> Hashable:
    """The schema of a table, and of a list its values."""
    if isinstance(given, ir.Table):
        return given.schema()
    return tuple(given) if isinstance(given, list) else given


def cells(table: ir.Table) -> pa.Table:
    """The rows of a table, at hand where it is in memory."""
    held = table.op()
    in_hand = isinstance(held, ops.InMemoryTable)
    return held.data.to_pyarrow(held.schema) if in_hand else table.to_pyarrow()
