"""The snapshot that files or decisions would make, compared with the one in force."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import date

import pandas as pd

from loaders.comparing import consequences, difference, rank_changes, state_changes
from loaders.comparing.consequences import Consequences
from loaders.comparing.difference import Sent
from loaders.comparing.state_changes import Versions
from store import backend, table_schemas
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
        now = drafted.content.frame(kind)
        changes[kind] = difference.between(tables[kind], now, kind, one, happened)
    return changes, effects


def effects(base: Snapshot, drafted: Draft) -> tuple[Consequences, pd.DataFrame]:
    """What publishing `drafted` would change in the figures, and in the ranks of the areas."""
    with _both(base, drafted) as versions:
        return consequences.consequences(versions), rank_changes.ranks(versions)


def _followed(base: Snapshot | None, drafted: Draft) -> tuple[pd.DataFrame, Consequences]:
    """What became of the events, and what follows for the figures."""
    with _both(base, drafted) as versions:
        return state_changes.happened(versions), consequences.consequences(versions)


@contextmanager
def _both(base: Snapshot | None, drafted: Draft) -> Iterator[Versions]:
    """The snapshot in force and the one that would be, in one engine."""
    last = min(drafted.as_of or date.max, date.today())
    schemas = table_schemas.SCHEMAS
    if base is None:
        connection, day = backend.connect(), None
        empty = {name: schema.empty_table() for name, schema in schemas.items()}
        was = {name: backend.named(connection, table) for name, table in empty.items()}
    else:
        connection, day = base.facts(backend.connect()), date.fromisoformat(base.manifest["as_of"])
        was = {name: backend.called(name, schemas[name]) for name in schemas}
    files = {f"drafted_{name}": drafted.content.table_path(name) for name in schemas}
    backend.view_files(connection, files)
    now = {name: backend.called(f"drafted_{name}", schemas[name]) for name in schemas}
    with base.reading() if base else nullcontext():
        yield Versions(connection, was, now, day, last)
