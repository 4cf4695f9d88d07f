"""What the statements of a version say of one record: who told what of it, in which row."""

import ibis.expr.types as ir
import pandas as pd

from loaders import accounts
from loaders.kinds import KINDS
from loaders.senders import sender_memory
from store import backend, table_schemas
from store.snapshot import Snapshot
from store.snapshot_store import Store


def told(store: Store, snapshot: Snapshot, kind: str, key: str) -> pd.DataFrame:
    """Rows of the statements of `snapshot` about the record of `kind` with `key`, by their day.

    Columns: as_at, and those of `Kind.stated`. Raises `StoreError` where a statement is missing or
    damaged.
    """
    bank = key.split("/", maxsplit=1)[0]
    ours = [
        one
        for one in store.in_force(snapshot)
        if one.kind == kind
        and (kind != "merchants" or sender_memory.operator_of(one.sender) in (None, bank))
    ]
    connection = backend.connect()
    for about, rows in accounts.of_statements(ours, store.statements, {}, connection):
        return table_schemas.frame(backend.rows(connection, _of_record, rows, about.name, key))
    return pd.DataFrame(columns=["as_at", *KINDS[kind].stated.names])


def _of_record(rows: ir.Table, kind: str, key: str) -> ir.Table:
    names = ["as_at", *KINDS[kind].stated.names]
    own = rows.filter(rows.key == key).order_by("turn")
    return own.select([name for name in names if name in own.columns])
