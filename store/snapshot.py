"""One published state of all data: a folder of Parquet files with a manifest."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from store import backend, day_tables, table_schemas
from store.errors import StoreError

_FACTS = {  # keys of every manifest
    *("id", "created_at", "created_by", "demo", "kind_inputs"),
    *("rows", "rules_version", "content_hash", "as_of", "statements"),
}


@dataclass(frozen=True)
class Snapshot:
    """One published state in the folder `path`.

    Every method raises `StoreError` for a damaged file.
    """

    path: Path

    @property
    def id(self) -> str:
        """Id of the snapshot, the name of its folder."""
        return self.path.name

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Sources of the data, number of rows, rules version, content hash and last day."""
        path = self.path / "manifest.json"
        try:
            facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise self._damaged(path) from error
        lacks = _FACTS - facts.keys() if isinstance(facts, dict) else _FACTS
        if lacks == {"statements"}:
            raise StoreError(
                f"“{self.id}”是 0.4 版以前的数据版本，这一版读不了。请把数据目录换成新的空目录，"
                "再运行 python -m loaders adopt 旧数据目录，由原件重建"
            )
        if lacks or facts["id"] != self.id:
            raise StoreError(
                f"“{self.id}”不是本看板发布的数据版本。请把它从数据目录里移走，或从备份恢复"
            )
        return facts

    def table_path(self, name: str) -> Path:
        """Parquet file of table `name`."""
        return self.path / f"{name}.parquet"

    def frame(self, name: str) -> pd.DataFrame:
        """Table `name`, read into memory."""
        path = self.table_path(name)
        try:
            return table_schemas.frame(pq.read_table(path))
        except (OSError, pa.ArrowException) as error:
            raise self._damaged(path) from error

    def connect(self) -> ibis.BaseBackend:
        """A connection to the engine in use, with all tables as views over their Parquet files.

        Also `table_schemas.EVER` and `day_tables.WORKED_OUT`.
        """
        connection = self.facts(backend.connect())
        self._view(connection, day_tables.WORKED_OUT)
        return connection

    def facts(self, connection: ibis.BaseBackend) -> ibis.BaseBackend:
        """`connection` with the tables of `SCHEMAS` and `EVER`: others are worked out from them."""
        self._view(connection, table_schemas.SCHEMAS)
        for name, before in table_schemas.BEFORE.items():
            both = f"SELECT * FROM {name} UNION ALL SELECT * FROM {before}"
            ever = table_schemas.EVER[name]
            connection.raw_sql(f"CREATE OR REPLACE TEMPORARY VIEW {ever} AS {both}")
        return connection

    def _view(self, connection: ibis.BaseBackend, names: Iterable[str]) -> None:
        for name in names:
            path = self.table_path(name)
            try:
                pq.read_schema(path)  # each engine has errors of its own for a damaged file
            except (OSError, pa.ArrowException) as error:
                raise self._damaged(path) from error
            connection.read_parquet(str(path), table_name=name)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Raise the `StoreError` of the damaged file, if there is one, when a query inside fails.

        An engine reads the pages of a file only when needed, and has errors of its own.
        """
        try:
            yield
        except Exception:
            for name in (*table_schemas.SCHEMAS, *day_tables.WORKED_OUT):
                self.frame(name)
            raise

    def _damaged(self, path: Path) -> StoreError:
        return StoreError(
            f"数据版本“{self.id}”的文件“{path.name}”缺失或损坏，读不出来。"
            "请从备份恢复这个文件，或退回到别的数据版本"
        )
