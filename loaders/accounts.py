"""Accounts: what one statement says of one record, with its key and its place among others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from loaders import lost_zeros
from loaders.kinds import KINDS, Kind
from store import backend
from store.statement_store import Statement, Statements

_ROWS = 1 << 32  # more than a statement has
_ORDER = pa.schema(
    [("statement", pa.string()), ("place", pa.int64()), ("as_at", pa.date32()),
     ("columns_sent", pa.string()), ("part", pa.bool_())]
)  # fmt: skip
_TWIN_SIGNS = 4  # of the hash of a name that tells two shops of one number apart


def keys(accepted: pd.DataFrame, kind: Kind) -> pd.Series:
    """Keys that accepted rows have in the table of `kind`.

    An id is its bank's own, or its sender's where no bank is named.
    """
    if "operator_id" not in kind.key:
        return accepted[kind.key_column]
    return whose(accepted, kind) + "/" + accepted[kind.id_column]


def whose(accepted: pd.DataFrame, kind: Kind) -> pd.Series:
    """Whose number accepted rows have: see `source_of`."""
    if "operator_id" not in kind.key:
        return pd.Series("", index=accepted.index)
    return accepted["operator_id"].fillna(accepted["sender"]).fillna("-")


def of_statements(
    statements: Sequence[Statement],
    kept: Statements,
    fresh: Mapping[str, pa.Table],
    connection: ibis.BaseBackend,
) -> Iterator[tuple[Kind, ir.Table]]:
    """Rows of all statements, by kind, with key, turn, as_at, columns_sent and part."""
    for kind, sent, numbers in _numbered(statements, kept, fresh, connection):
        rows = sent
        if numbers.num_rows:
            known = backend.named(connection, numbers)
            rows = backend.viewed(connection, lost_zeros.renumbered, sent, known, kind.name)
        rows = backend.viewed(connection, _with_key, rows, kind.name)
        twins: list[str] = []
        if _by_bank(kind):
            twins = backend.rows(connection, _twins, rows)["key"].to_pylist()
        elif kind.apart:
            twins = backend.rows(connection, _borrowed, rows, kind.name)["key"].to_pylist()
        yield kind, backend.viewed(connection, _keyed, rows, tuple(sorted(twins)), kind.name)


def numbers(
    statements: Sequence[Statement], kept: Statements, fresh: Mapping[str, pa.Table]
) -> dict[str, pa.Table]:
    """By kind, the numbers in statements that lost their zeros (`lost_zeros.NUMBERS`)."""
    found = _numbered(statements, kept, fresh, backend.connect())
    return {kind.name: numbers for kind, _, numbers in found}


def _numbered(
    statements: Sequence[Statement],
    kept: Statements,
    fresh: Mapping[str, pa.Table],
    connection: ibis.BaseBackend,
) -> Iterator[tuple[Kind, ir.Table, pa.Table]]:
    """Rows of all statements, by kind, with turn and whose, and the numbers that lost zeros."""
    for kind in KINDS.values():
        ours = [one for one in statements if one.kind == kind.name]
        if not ours:
            continue
        places = [
            (one.id, place, one.as_at, f";{';'.join(sorted(set(one.columns.values())))};", one.part)
            for place, one in enumerate(ours)
        ]
        columns = zip(_ORDER.names, zip(*places, strict=True), strict=True)
        order = backend.named(connection, pa.table(dict(columns), _ORDER))
        stated = kept.rows(connection, ours, fresh)
        rows = backend.viewed(connection, _ordered, stated, order, kind.name)
        told = lost_zeros.NUMBERS.empty_table()
        if kind.placed:
            alike = backend.rows(connection, lost_zeros.alike, rows, kind.name)
            told = lost_zeros.numbers(alike.to_pandas())
        yield kind, rows, told


def _ordered(rows: ir.Table, order: ir.Table, kind: str) -> ir.Table:
    """Rows with the `turn` of each, and `whose` number it has."""
    new = {
        name: ibis.null(ibis.dtype(type_))
        for name, type_ in zip(KINDS[kind].stated.names, KINDS[kind].stated.types, strict=True)
        if name not in rows.columns
    }
    rows = rows.mutate(**new).join(order, "statement")
    return rows.mutate(
        turn=rows.place * _ROWS + rows.source_row, whose=source_of(rows, KINDS[kind])
    )


def _with_key(rows: ir.Table, kind: str) -> ir.Table:
    """Rows with the `key` that their cells give in the table of `kind`."""
    if _by_bank(KINDS[kind]):
        return rows.mutate(key=rows.whose + "/" + rows[KINDS[kind].id_column])
    cells = [rows[name].cast("string").fill_null("") for name in KINDS[kind].table_key]
    return rows.mutate(key=ibis.literal("|").join(cells))


def _twins(rows: ir.Table) -> ir.Table:
    """Keys that stood for two shops in one statement."""
    return rows.filter(rows.twin.fill_null(False)).select("key").distinct()


def _borrowed(rows: ir.Table, kind: str) -> ir.Table:
    """Keys, each with its sender, of records whose number another sender had given before.

    Two departments may both number from 1. Records of another name that also differ in a column of
    `Kind.apart` are two; of the same name, or of another name alone, they are one.
    """
    about = KINDS[kind]
    name = about.named_by[-1]
    last = {column: rows[column].argmax(rows.turn) for column in (name, *about.apart)}
    theirs = rows.group_by("key", "sender").agg(first=rows.turn.min(), **last)
    first = theirs.group_by(number="key").agg(
        **{f"{column}_first": theirs[column].argmin(theirs.first) for column in last}
    )
    both = theirs.join(first, theirs.key == first.number)
    differs = ibis.or_(*(both[column] != both[f"{column}_first"] for column in about.apart))
    others = both.filter((both[name] != both[f"{name}_first"]) & differs)
    return others.select(key=_of_sender(others))


def _of_sender(rows: ir.Table) -> ir.StringValue:
    return rows.key + "#" + rows.sender.fill_null("").hexdigest("md5").substr(0, _TWIN_SIGNS)


def _keyed(rows: ir.Table, twins: Sequence[str], kind: str) -> ir.Table:
    """Rows whose `key` tells those apart that have one of `twins`.

    Such a number stands for as many shops as have names of their own; `twin` says so of each row.
    Of other kinds it stands for the record of its first sender, and one for each of the others.
    """
    about = KINDS[kind]
    if _by_bank(about):
        rows = rows.mutate(twin=rows.key.isin(twins) if twins else ibis.literal(False))
        sign = rows.name.hexdigest("md5").substr(0, _TWIN_SIGNS)
        return rows.mutate(key=ibis.ifelse(rows.twin, rows.key + "#" + sign, rows.key))
    if not twins:
        return rows
    (number,) = about.table_key
    twin = _of_sender(rows).isin(twins)
    key = ibis.ifelse(twin, _of_sender(rows), rows.key)
    return rows.mutate(twin=twin, key=key, **{number: key})


def _by_bank(kind: Kind) -> bool:
    return "operator_id" in kind.key and kind.placed


def source_of(rows: Any, kind: Kind) -> Any:
    """The bank of rows, or their sender where none is named: an id is its bank's own."""
    if not _by_bank(kind):
        return ibis.literal("")
    return ibis.coalesce(rows.operator_id, rows.sender, "-")
