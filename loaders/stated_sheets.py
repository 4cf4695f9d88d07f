"""Sheets as the statements that they make: read with what is known of their sender, and kept."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from geo import learned_places
from loaders.assessment import counts
from loaders.decisions import place_review
from loaders.kinds import KINDS
from loaders.reading import opened_tables
from loaders.reading.opened_tables import Opened
from loaders.reading.records import Known, Records, records
from loaders.senders import sender_memory
from store.errors import StoreError, UnconfirmedError
from store.ledger import Ledger
from store.snapshot_store import Store
from store.statement_store import Stated, Statement
from store.step_progress import Progress, part, silent


def statements(
    opened: Sequence[Opened],
    ledger: Ledger,
    sender: str | None = None,
    crs: str | None = None,
    progress: Progress = silent,
) -> list[tuple[Statement, Records]]:
    """What each table states, not taken by anybody yet, and its records.

    `crs` is that of rows that state none; None: as remembered of `sender`. Raises `IntakeError`
    for a table that cannot be taken in, and `UnconfirmedError` for one of which nobody said what
    day it speaks for.
    """
    version = ledger.version
    found = read(opened, ledger, sender, crs, progress)
    return [
        (statement(one, sheet, sender, version), sheet)
        for one, sheet in zip(opened, found, strict=True)
    ]


def kept(one: Statement, sheet: Records) -> Stated:
    """A statement with its rows and its wrong cells as they are kept."""
    return one, rows(sheet, one.id), rejects(sheet)


def read(
    opened: Sequence[Opened],
    ledger: Ledger,
    sender: str | None,
    crs: str | None,
    progress: Progress,
    *,
    today: date | None = None,
) -> list[Records]:
    """Records of each table, read with what `ledger` knows of the sender, as on `today`."""
    answers = ledger.latest(place_review.TOPIC)
    remembered = sender_memory.recall(ledger, sender)
    known = Known(
        sender=sender,
        operator=sender_memory.operator_of(sender),
        words=remembered.words,
        learned=learned_places.lessons(place_review.lessons(answers)),
        today=today or date.today(),
    )
    read: list[Records] = []
    for step, one in enumerate(opened):
        inner = part(progress, 0.7 * step / len(opened), 0.7 * (step + 1) / len(opened))
        reading = remembered.reading(one.source.layout)
        system = crs or (reading.crs if reading else None)
        read.append(records(one.source, replace(known, crs=system, as_at=one.as_at), inner))
    return read


def statement(one: Opened, sheet: Records, sender: str | None, version: int) -> Statement:
    """The statement that a table makes, not taken by anybody yet."""
    if one.as_at is None:
        raise UnconfirmedError(
            f"文件“{one.title}”没有写明数据截止到哪一天。请填写数据截止日期后再导入",
            option="--as-at 2025-06-30",
        )
    numbers = counts(sheet)
    statement = Statement(
        sender=sender,
        kind=sheet.layout.kind,
        as_at=one.as_at,
        part=one.part or sender is None,
        file=sheet.file,
        sheet=sheet.layout.sheet,
        digest=one.digest,
        columns=sender_memory.columns(sheet.layout),
        crs=sheet.crs,
        ledger_version=version,
        taken_at="",
        taken_by="",
        counts={
            name: numbers[name] for name in ("rows", "accepted", "rejected", "in_review", "located")
        },
    )
    return statement.identified(rows(sheet, ""))


def rows(sheet: Records, statement_id: str) -> pa.Table:
    """Accepted rows of a sheet as its statement keeps them."""
    schema = KINDS[sheet.layout.kind].stated
    rows = sheet.accepted.assign(statement=statement_id)
    columns = [
        pa.array(rows[field.name], from_pandas=True).cast(field.type)
        if field.name in rows
        else pa.nulls(len(rows), field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def rejects(sheet: Records) -> pa.Table:
    """Wrong cells of a sheet as its statement keeps them."""
    rejects = sheet.rejects.assign(row=sheet.rejects["row"].astype("int64"))
    return pa.Table.from_pandas(rejects, preserve_index=False)


def again(statement: Statement, store: Store) -> Records:
    """The records of a statement, read anew from its original."""
    original = store.original(statement.digest)
    if original is None:
        raise StoreError(
            f"报送“{statement.title}”的原件不在数据目录里，没有重做。请从备份恢复 originals 目录"
        )
    ledger = replace(store.ledger, until=statement.ledger_version)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / statement.file
        path.write_bytes(original)
        found = opened_tables.opened(
            [path], statement.kind, sender=statement.sender, only={path.name: [statement.sheet]},
            guess=True,
        )  # fmt: skip
        opened = [opened_tables.read_as(one, statement.columns) for one in found]
    (one,) = (replace(one, as_at=statement.as_at) for one in opened)
    taken_on = datetime.fromisoformat(statement.taken_at).date()
    (sheet,) = read([one], ledger, statement.sender, statement.crs, silent, today=taken_on)
    return sheet
