"""One published state of all data: a folder of Parquet files with a manifest."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from store import backend, day_tables, table_schemas
from store.errors import StoreError
from store.file_hashes import known_json, known_sha256

_TEXTS = ("id", "created_at", "created_by", "rules_version", "content_hash", "as_of")


@dataclass(frozen=True)
class Snapshot:
    """One state in the folder `path`; one that is not `published` yet has no manifest.

    Every method raises `StoreError` for a damaged file.
    """

    path: Path
    published: bool = True

    @property
    def id(self) -> str:
        """Id of the snapshot, the name of its folder."""
        return self.path.name

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What it was published as: statements, rows and hash of each table, last day and so on."""
        path = self.path / "manifest.json"
        try:
            facts: dict[str, Any] = known_json(path)
        except (OSError, ValueError) as error:
            raise self._damaged(path) from error
        if isinstance(facts, dict) and "kind_inputs" in facts:
            raise StoreError(
                f"“{self.id}”是旧版看板的数据版本，这一版读不了。请把数据目录换成新的空目录，"
                "再运行 python -m loaders adopt 旧数据目录，由原件重建"
            )
        if not _well_formed(facts) or facts["id"] != self.id:
            raise StoreError(
                f"“{self.id}”不是本看板发布的数据版本，或者它的 manifest.json 被改过。"
                "请把它从数据目录里移走，或从备份恢复"
            )
        return facts

    def table_path(self, name: str) -> Path:
        """Parquet file of table `name`."""
        return self.path / f"{name}.parquet"

    def frame(self, name: str) -> pd.DataFrame:
        """Table `name`, read into memory."""
        path = self.sound(name)
        try:
            return table_schemas.frame(pq.read_table(path))
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(path) from error

    def fingerprint(self) -> str:
        """Hash of what its tables hold: see `table_schemas.fingerprint`."""
        return table_schemas.fingerprint(
            {name: self.table_path(name) for name in table_schemas.SCHEMAS}
        )

    def connect(self) -> ibis.BaseBackend:
        """A connection to the engine in use, with all tables as views over their Parquet files.

        Also `table_schemas.EVER`, and of `day_tables.WORKED_OUT` those that it has.
        """
        connection = self.facts(backend.connect())
        self._view(connection, self._worked_out())
        return connection

    def has(self, name: str) -> bool:
        """Whether it was published with table `name`."""
        return self.table_path(name).name in self.manifest["files"]

    def _worked_out(self) -> list[str]:
        """The tables of `day_tables.WORKED_OUT` that it was published with or must have."""
        names = day_tables.WORKED_OUT
        return [name for name in names if name not in day_tables.LATER or self.has(name)]

    def facts(self, connection: ibis.BaseBackend) -> ibis.BaseBackend:
        """`connection` with the tables of `SCHEMAS` and `EVER`: others are worked out from them."""
        self._view(connection, table_schemas.SCHEMAS)
        for name, before in table_schemas.BEFORE.items():
            both = f"SELECT * FROM {name} UNION ALL SELECT * FROM {before}"
            ever = table_schemas.EVER[name]
            connection.raw_sql(f"CREATE OR REPLACE TEMPORARY VIEW {ever} AS {both}")
        return connection

    def _view(self, connection: ibis.BaseBackend, names: Iterable[str]) -> None:
        backend.view_files(connection, {name: self.sound(name) for name in names})

    def verify(self) -> None:
        """Raise the `StoreError` of a file that is not as it was published, if there is one."""
        for name in (*table_schemas.SCHEMAS, *self._worked_out()):
            self.sound(name)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Raise the `StoreError` of the damaged file, if there is one, when a query inside fails.

        A file may be damaged after it was opened, and an engine has errors of its own.
        """
        try:
            yield
        except Exception:
            self.verify()
            raise

    def sound(self, name: str) -> Path:
        """The file of table `name`, which is as it was published; read once while it is unchanged.

        A snapshot that is just being written has no manifest yet, and is believed.
        """
        path = self.table_path(name)
        if not self.published:
            return path
        try:
            found = known_sha256(path)
        except OSError as error:
            raise self._damaged(path) from error
        if found != self.manifest["files"].get(path.name):
            raise self._damaged(path)
        return path

    def _damaged(self, path: Path) -> StoreError:
        return StoreError(
            f"数据版本“{self.id}”的文件“{path.name}”缺失或损坏，与发布时的不一样。"
            "请从备份恢复这个文件，或在“数据导入”的“数据版本”里退回到别的版本"
        )


def _well_formed(facts: Any) -> bool:
    """Whether a manifest has everything that is asked of it, each of its type."""
    try:
        texts = all(isinstance(facts[name], str) for name in _TEXTS)
        dated = datetime.fromisoformat(facts["created_at"]).tzinfo is not None
        date.fromisoformat(facts["as_of"])
        counts = [facts["ledger_version"], *(facts["rows"][name] for name in table_schemas.SCHEMAS)]
        named = [*facts["statements"], *facts["files"].values()]
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return (
        texts
        and dated
        and isinstance(facts["demo"], bool)
        and all(type(one) is int for one in counts)
        and all(isinstance(one, str) for one in named)
    )
