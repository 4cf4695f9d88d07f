"""A walk through everything that a store keeps: which files are not as they were written."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from store.durable_files import PARTIAL
from store.errors import LedgerError, StoreError
from store.snapshot import Snapshot
from store.snapshot_store import Store
from store.statement_store import Statement


@dataclass(frozen=True)
class Fault:
    """What is wrong with a part of the store, and what to do."""

    part: str
    said: str


def faults(store: Store) -> list[Fault]:
    """Everything that is wrong with `store`; nothing is changed.

    Files are compared with the hashes that were kept of them, tables and statements also with those
    of their content; so this reads the whole store.
    """
    return [
        *_in_force(store),
        *(fault for path in store.folders() for fault in _of_snapshot(Snapshot(path), store)),
        *(fault for path in store.statements.files() for fault in _of_statement(path, store)),
        *_of_originals(store.path / "originals"),
        *_of_ledger(store),
    ]


def left_over(store: Store) -> list[str]:
    """Files that a killed publisher did not finish; the next one sweeps them away."""
    found = sorted(store.path.rglob(f"{PARTIAL}*"))
    return [path.relative_to(store.path).as_posix() for path in found]


def _in_force(store: Store) -> Iterator[Fault]:
    try:
        store.current()
    except StoreError as error:
        yield Fault("current", str(error))


def _of_snapshot(snapshot: Snapshot, store: Store) -> Iterator[Fault]:
    part = f"snapshots/{snapshot.id}"
    try:
        facts = snapshot.manifest
        snapshot.verify()
        if snapshot.fingerprint() != facts["content_hash"]:
            yield Fault(part, "内容与发布时的校验码不一致。请从备份恢复这个版本")
        for one in store.in_force(snapshot):
            if not facts["demo"] and store.original(one.digest) is None:  # those are not kept
                yield Fault(part, f"原件“{one.file}”不在数据目录里。请从备份恢复")
    except StoreError as error:
        yield Fault(part, str(error))
    except (OSError, pa.ArrowException, KeyError) as error:
        yield Fault(part, f"读不出来（{error}）。请从备份恢复这个版本")


def _of_statement(path: Path, store: Store) -> Iterator[Fault]:
    part = f"statements/{path.name}"
    try:
        (statement,) = store.statements.of([path.stem])
        store.statements.verify(statement)
        if _identity(statement, path) != path.stem:
            yield Fault(part, "内容与编号不一致。请从备份恢复这份报送")
    except StoreError as error:
        yield Fault(part, str(error))
    except (OSError, pa.ArrowException) as error:
        yield Fault(part, f"读不出来（{error}）。请从备份恢复这份报送")


def _identity(statement: Statement, path: Path) -> str:
    """The id that a statement's rows give."""
    rows = pq.read_table(path.parent / statement.kind / f"{statement.id}.parquet")
    at = rows.schema.get_field_index("statement")
    unnamed = pa.array([""] * len(rows), rows.schema.field(at).type)
    return statement.identified(rows.set_column(at, rows.schema.field(at), unnamed)).id


def _of_originals(folder: Path) -> Iterator[Fault]:
    for path in sorted(folder.glob("[!.]*")):
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem:
            yield Fault(f"originals/{path.name}", "与收到时的不一样。请从备份恢复这个原件")


def _of_ledger(store: Store) -> Iterator[Fault]:
    try:
        store.ledger.verify()
        known = store.ledger.version
    except LedgerError as error:
        yield Fault("ledger", str(error))
        return
    needed = max((facts["ledger_version"] for facts in store.snapshots()), default=0)
    if known < needed:
        yield Fault(
            "ledger", f"决定台账只到第 {known} 条，数据版本用到了第 {needed} 条。请从备份恢复台账"
        )
