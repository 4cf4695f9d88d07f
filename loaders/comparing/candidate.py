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


def compared(
    base: Snapshot | None,
    tables: Mapping[str, pd.DataFrame],
    drafted: Draft,
    sent: Mapping[str, Sent],
) -> tuple[dict[str, pd.DataFrame], Consequences]:
    """What publishing `drafted` would change: records by kind, and the figures.

    `tables` are those of `base` by kind, empty without it; `sent` says what files hold of each kind
    that is compared.
    """
    content = snapshot_contents.of(drafted.frames)
    now = {name: ibis.memtable(table) for name, table in content.items()}
    last = min(drafted.as_of or date.max, date.today())
    if base is None:
        schemas = table_schemas.SCHEMAS
        was = {name: ibis.memtable(schema.empty_table()) for name, schema in schemas.items()}
        days: tuple[date | None, date] = None, last
    else:
        connection = base.connect()
        was = {name: connection.table(name) for name in table_schemas.SCHEMAS}
        days = date.fromisoformat(base.manifest["as_of"]), last
    with base.reading() if base else nullcontext():
        happened = state_changes.happened(was, now, *days)
        effects = consequences.consequences(was, now, *days)
    changes = {
        kind: difference.between(
            tables[kind], table_schemas.frame(content[kind]), kind, one, happened
        )
        for kind, one in sent.items()
    }
    return changes, effects
