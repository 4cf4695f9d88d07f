"""Statements: what one sheet of one sender says of one kind of record, as at a day.

Layout in a store::

    statements/<id>.json               the statement: who says it, of what day, how it was read
    statements/<kind>/<id>.parquet     its accepted rows, read, placed and checked
    statements/rejects/<id>.parquet    its wrong cells

A statement is never changed. Which ones are in force stands in the manifest of each snapshot.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from store import backend, table_schemas
from store.durable_files import replace_files
from store.errors import StoreError

STATES = {"in_force": "在用", "withdrawn": "已撤回", "replaced": "已被替换"}
"""What may become of a statement, and what to call it."""

_FOLDER = "statements"
_SIGNS = 20  # hexadecimal digits of an id


@dataclass(frozen=True)
class Statement:
    """One sheet of one sender about one kind of record.

    `as_at` is the day that it speaks for. A `part` adds to what its sender states for that day; any
    other statement is the whole, and replaces the whole that was stated before. `columns` are the
    headers and our columns, `crs` the coordinate system of points that state none, and
    `ledger_version` that of the decisions under which it was read. `counts` are rows, accepted,
    rejected, in_review and located.
    """

    sender: str | None
    kind: str
    as_at: date
    part: bool
    file: str
    sheet: str
    digest: str
    columns: Mapping[str, str]
    crs: str | None
    ledger_version: int
    taken_at: str
    taken_by: str
    counts: Mapping[str, int] = field(default_factory=dict)
    id: str = ""

    @property
    def subject(self) -> tuple[str | None, str, date]:
        """Sender, kind and day: a whole replaces the earlier whole of the same."""
        return self.sender, self.kind, self.as_at

    @property
    def title(self) -> str:
        """What a person calls it: the file, and the sheet where there is one."""
        return f"{self.file} {self.sheet}".strip()

    def replaces(self, other: "Statement") -> bool:
        """Whether `other` no longer holds once this is in force."""
        if self.subject != other.subject or self.part != other.part or self.id == other.id:
            return False
        same_sheet = (self.digest, self.sheet) == (other.digest, other.sheet)
        return same_sheet or not (self.part or self.digest == other.digest)

    def identified(self, rows: pa.Table) -> "Statement":
        """The statement with its id: a hash of what it says, `rows` among it, and nothing else."""
        told = (self.sender, self.kind, self.as_at.isoformat(), self.part, self.digest, self.sheet)
        digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode())
        for name in rows.schema.names:
            digest.update(name.encode())
            for data in table_schemas.canonical(rows[name]):
                digest.update(data)
        return replace(self, id=digest.hexdigest()[:_SIGNS])


Stated = tuple[Statement, pa.Table, pa.Table]
"""A statement with its accepted rows and its wrong cells."""


@dataclass(frozen=True)
class Statements:
    """The statements that a store keeps, in force or not."""

    home: Path

    def keep(self, stated: Iterable[Stated]) -> None:
        """Write statements with their rows and wrong cells; those kept already are left alone."""
        replace_files(chain.from_iterable(self._files(*one) for one in stated))

    def _files(
        self, statement: Statement, rows: pa.Table, rejects: pa.Table
    ) -> Iterator[tuple[Path, bytes | memoryview]]:
        """Files of a statement that is not kept yet, the one that makes it one last."""
        folder = self.home / _FOLDER
        facts = folder / f"{statement.id}.json"
        if facts.exists():
            return
        for name, table in ((statement.kind, rows), ("rejects", rejects)):
            sink = pa.BufferOutputStream()
            pq.write_table(table, sink, compression="zstd")
            yield folder / name / f"{statement.id}.parquet", sink.getvalue()
        body = asdict(statement) | {"as_at": statement.as_at.isoformat()}
        yield facts, json.dumps(body, ensure_ascii=False, indent=1).encode()

    def all(self) -> list[Statement]:
        """Every statement kept, by day, then by sender, kind and file."""
        found = [self._read(path) for path in (self.home / _FOLDER).glob("[!.]*.json")]
        return sorted(found, key=order)

    def of(self, ids: Iterable[str]) -> list[Statement]:
        """The statements of these ids. Raises `StoreError` where one is missing or damaged."""
        return sorted((self._read(self.home / _FOLDER / f"{one}.json") for one in ids), key=order)

    def rows(
        self, connection: ibis.BaseBackend, kind: str, fresh: Mapping[str, pa.Table]
    ) -> ir.Table:
        """Rows of all statements about `kind` that are kept, in force or not.

        Also those of `fresh`, by id, that are not kept yet. There must be one of either.
        """
        folder = self.home / _FOLDER / kind
        new = (rows for one, rows in fresh.items() if not (folder / f"{one}.parquet").exists())
        parts = [backend.named(connection, rows) for rows in new]
        if any(folder.glob("*.parquet")):
            parts.append(backend.parquet(connection, str(folder / "*.parquet")))
        return backend.viewed(connection, _together, *parts)

    def rejects(self, ids: Iterable[str]) -> pd.DataFrame:
        """Wrong cells of the statements `ids`: file, sheet, row, column, value, reason."""
        paths = [self.home / _FOLDER / "rejects" / f"{one}.parquet" for one in ids]
        frames: list[pd.DataFrame] = [pq.read_table(path).to_pandas() for path in paths]
        return pd.concat(frames, ignore_index=True)

    def _read(self, path: Path) -> Statement:
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            return Statement(**(body | {"as_at": date.fromisoformat(body["as_at"])}))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"报送“{path.stem}”的文件缺失或损坏（{path}），读不出来。"
                "请从备份恢复，或用 python -m loaders rebuild 由原件重做"
            ) from error


def _together(*parts: ir.Table) -> ir.Table:
    """Rows of tables of which one may have columns that were not kept when another was written."""
    types = {name: type_ for part in parts for name, type_ in part.schema().items()}
    return ibis.union(*(
        part.mutate(**{n: ibis.null(t) for n, t in types.items() if n not in part.columns})
        .select(*types)
        for part in parts
    ))  # fmt: skip


def order(statement: Statement) -> tuple[Any, ...]:
    """Place of a statement among others: by day, the whole before its parts, then by name."""
    one = statement
    return (one.as_at, one.part, one.sender or "", one.kind, one.file, one.sheet, one.id)


def in_force(known: Iterable[Statement], fresh: Iterable[Statement]) -> list[Statement]:
    """Statements that hold once `fresh` have come, one after the other, to those `known`."""
    holding = {one.id: one for one in known}
    for one in fresh:
        holding = {key: old for key, old in holding.items() if not one.replaces(old)}
        holding[one.id] = one
    return sorted(holding.values(), key=order)


def standing(statement: Statement, force: Collection[str], withdrawn: Collection[str]) -> str:
    """What became of a statement: one of `STATES`, given the ids in force and those withdrawn."""
    if statement.id in force:
        return "in_force"
    return "withdrawn" if statement.id in withdrawn else "replaced"
