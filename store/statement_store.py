"""Statements: what one sheet of one sender says of one kind of record, as at a day.

Layout in a store::

    statements/<id>.json               the statement: who says it, of what day, how it was read
    statements/<kind>/<id>.parquet     its accepted rows, read, placed and checked
    statements/rejects/<id>.parquet    its wrong cells

A statement is never changed. Which ones are in force stands in the manifest of each snapshot.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
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
from store.file_hashes import known_json, known_sha256

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
    rejected, in_review and located; `hashes` are those of its files, once it is kept.
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
    hashes: Mapping[str, str] = field(default_factory=dict)
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

    def keep(self, stated: Iterable[Stated]) -> list[Statement]:
        """Write statements with their rows and wrong cells, and return them as they are kept.

        One that is kept already, and sound, is left alone.
        """
        taken: list[Statement] = []
        replace_files(chain.from_iterable(self._files(one, taken) for one in stated))
        return taken

    def _files(
        self, stated: Stated, taken: list[Statement]
    ) -> Iterator[tuple[Path, bytes | memoryview]]:
        """Files of a statement that is not kept yet, the one that makes it one last."""
        statement, *tables = stated
        folder = self.home / _FOLDER
        if self.has(statement):
            (known,) = self.of([statement.id])
            with suppress(StoreError):
                self.verify(known)
                taken.append(known)
                return
        hashes = {}
        for name, table in zip((statement.kind, "rejects"), tables, strict=True):
            sink = pa.BufferOutputStream()
            pq.write_table(table, sink, compression="zstd")
            content = sink.getvalue()
            hashes[name] = hashlib.sha256(content).hexdigest()
            yield folder / name / f"{statement.id}.parquet", content
        taken.append(replace(statement, hashes=hashes))
        body = asdict(taken[-1]) | {"as_at": statement.as_at.isoformat()}
        yield (
            folder / f"{statement.id}.json",
            json.dumps(body, ensure_ascii=False, indent=1).encode(),
        )

    def all(self) -> list[Statement]:
        """Every statement kept that can be read, by day, then by sender, kind and file."""
        found = []
        for path in self.files():
            with suppress(StoreError):
                found.append(self._read(path))
        return sorted(found, key=order)

    def files(self) -> list[Path]:
        """The file of every statement that makes it one."""
        return sorted((self.home / _FOLDER).glob("[!.]*.json"))

    def of(self, ids: Iterable[str]) -> list[Statement]:
        """The statements of these ids. Raises `StoreError` where one is missing or damaged."""
        return sorted((self._read(self.home / _FOLDER / f"{one}.json") for one in ids), key=order)

    def rows(
        self,
        connection: ibis.BaseBackend,
        statements: Sequence[Statement],
        fresh: Mapping[str, pa.Table],
    ) -> ir.Table:
        """Rows of `statements`, at least one and all of one kind.

        `fresh` are those of statements that are not kept yet, by id. Raises `StoreError` where a
        file is missing or damaged.
        """
        new = [fresh[one.id] for one in statements if one.id in fresh]
        parts = [backend.named(connection, rows) for rows in new]
        paths = [self._sound(one, one.kind) for one in statements if one.id not in fresh]
        if paths:
            parts.append(backend.parquet(connection, paths))
        return backend.viewed(connection, _together, *parts)

    def verify(self, statement: Statement) -> None:
        """Raise the `StoreError` of a file that is not as it was written, if there is one."""
        for name in (statement.kind, "rejects"):
            self._sound(statement, name)

    def rejects(self, statement: Statement) -> pd.DataFrame:
        """Wrong cells of a statement: file, sheet, row, column, value, reason."""
        found: pd.DataFrame = pq.read_table(self._sound(statement, "rejects")).to_pandas()
        return found

    def _sound(self, statement: Statement, name: str) -> Path:
        """The file of a statement in folder `name`, which is as it was written."""
        path = self.home / _FOLDER / name / f"{statement.id}.parquet"
        try:
            if known_sha256(path) == statement.hashes.get(name):
                return path
        except OSError as error:
            raise self._damaged(path) from error
        raise self._damaged(path)

    def has(self, statement: Statement) -> bool:
        """Whether a statement is kept already."""
        return (self.home / _FOLDER / f"{statement.id}.json").exists()

    def drop(self, statements: Iterable[Statement]) -> None:
        """Remove statements that came into force nowhere."""
        for one in statements:
            (self.home / _FOLDER / f"{one.id}.json").unlink(missing_ok=True)
            for name in (one.kind, "rejects"):
                (self.home / _FOLDER / name / f"{one.id}.parquet").unlink(missing_ok=True)

    def _read(self, path: Path) -> Statement:
        try:
            body = known_json(path)
            return Statement(**(body | {"as_at": date.fromisoformat(body["as_at"])}))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise self._damaged(path) from error

    def _damaged(self, path: Path) -> StoreError:
        return StoreError(
            f"报送“{path.stem}”的文件缺失或损坏（{path}），读不出来。请从备份恢复这个文件"
        )


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
