"""Tables of constants in a query: the same object for the same rows."""

from collections.abc import Hashable, Iterable
from functools import lru_cache

import ibis
import ibis.expr.types as ir

KEPT = 500


def constants(rows: Iterable[tuple[Hashable, ...]], **schema: str) -> ir.Table:
    """The `rows` as a table with the columns and types of `schema`.

    Ibis gives every in-memory table a name of its own, so that queries that differ in nothing else
    would each be compiled.
    """
    return _table(tuple(rows), tuple(schema.items()))


@lru_cache(KEPT)
def _table(rows: tuple[tuple[Hashable, ...], ...], schema: tuple[tuple[str, str], ...]) -> ir.Table:
    return ibis.memtable(list(rows), schema=dict(schema))
