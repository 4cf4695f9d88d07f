"""The snapshot that files would make, compared with the one in force."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date

import ibis
import pandas as pd

from loaders.comparing import consequences, difference, state_changes
from loaders.comparing.consequences import Consequences
from loaders.comparing.difference import Sent
from store import snapshot_contents, table_schemas
from store.snapshot import Snapshot
from store.snapshot_store import Draft

Changes = dict[str, pd.DataFrame]


def compared(
    base: Snapshot | None,
    tables: Mapping[str, pd.DataFrame],
    drafted: Draft,
    sent: Mapping[str, Sent],
) -> tuple[Changes, Consequences | None]:
    """What publishing `drafted` would change: records by kind, and the figures.

    `tables` are those of `base` by kind, empty without it; `sent` says what files hold of each kind
    that is compared. There are no consequences where no kind counts in coverage.
    """
    happened, effects = None, None
    if sent.keys() & set(table_schemas.HELD):
        happened, effects = _followed(base, drafted)
    changes = {}
    for kind, one in sent.items():
        now = table_schemas.frame(table_schemas.arrow(kind, drafted.frames[kind]))
        changes[kind] = difference.between(tables[kind], now, kind, one, happened)
    return changes, effects


def _followed(base: Snapshot | None, drafted: Draft) -> tuple[pd.DataFrame, Consequences]:
    """What became of the events, and what follows for the figures."""
    content = snapshot_contents.of(dict(drafted.frames))
    now = {name: ibis.memtable(table) for name, table in content.items()}
    last = min(drafted.as_of or date.max, date.today())
    if base is None:
        schemas = table_schemas.SCHEMAS
        was = {name: ibis.memtable(schema.empty_table()) for name, schema in schemas.items()}
        day = None
    else:
        connection = base.connect()
        was = {name: connection.table(name) for name in table_schemas.SCHEMAS}
        day = date.fromisoformat(base.manifest["as_of"])
    with base.reading() if base else nullcontext():
        happened = state_changes.happened(was, now, day, last)
        return happened, consequences.consequences(was, now, day, last)
