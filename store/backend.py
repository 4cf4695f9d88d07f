"""The engine of queries: DuckDB in this process, or Spark (``COVERAGE_ENGINE=spark``).

Spark runs on this machine, unless ``SPARK_CONF_DIR`` names the folder of a cluster's
configuration: then that applies, and the cluster must have the store under the same path.
"""

import os
import re
import tempfile
import threading
import weakref
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import sqlglot
from cachetools import LRUCache, cached
from cachetools.keys import hashkey
from ibis.backends.duckdb.converter import DuckDBPandasData

from store import store_lock, table_schemas
from store.errors import StoreError

_LOCAL = {  # no port that another machine can reach
    "spark.master": "local[*]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.warehouse.dir": str(Path(tempfile.gettempdir()) / "spark-warehouse"),
}
_ALWAYS = {
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.showConsoleProgress": "false",
}


# Engines merge selections by themselves, and Ibis needs a fifth of its time to do it before them.
ibis.options.sql.fuse_selects = False

_MEMORY = "1500MB"  # of DuckDB, beside that of this process: what 1,000,000 shops take to fold


def connect() -> ibis.BaseBackend:
    """A new connection to the engine that ``COVERAGE_ENGINE`` names, by default DuckDB.

    Raises `StoreError` for an unknown name, or where Spark is asked for and cannot start.
    """
    engines = {"duckdb": ibis.duckdb.connect, "spark": _spark}
    name = os.environ.get("COVERAGE_ENGINE") or "duckdb"
    if name not in engines:
        known = "、".join(engines)
        raise StoreError(f"环境变量 COVERAGE_ENGINE 写的是“{name}”，只能是：{known}")
    return engines[name]()


def in_process() -> ibis.BaseBackend:
    """A connection to DuckDB for tables of this process only.

    A new DuckDB takes longer to start than to answer for a small table, so these share one: each
    has names of its own.
    """
    return ibis.duckdb.from_connection(_shared().cursor())


@cache
def _shared() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def bounded() -> ibis.BaseBackend:
    """A connection for work on more rows than fit in memory: DuckDB then goes on on the disk."""
    connection = connect()
    if connection.name == "duckdb":
        folder = Path(tempfile.gettempdir()) / ibis.util.gen_name("coverage")  # made when needed
        connection.raw_sql(f"SET memory_limit = '{_MEMORY}'")
        connection.raw_sql(f"SET temp_directory = '{folder.as_posix()}'")
        connection.raw_sql("SET preserve_insertion_order = false")
    return connection


def kept(connection: ibis.BaseBackend, table: ir.Table) -> ir.Table:
    """`table` computed once, as a table of the engine for as long as it is used."""
    connection._run_pre_execute_hooks(table)  # which give the engine its in-memory tables
    return _stored(connection, _sql(connection, table), table.schema())


@dataclass(frozen=True)
class _Step:
    """A query of tables that are called `_given(0)` and so on."""

    sql: str
    schema: ibis.Schema
    fixed: ir.Table | None  # with the in-memory tables of the query, if it has any


def rows(
    connection: ibis.BaseBackend, build: Callable[..., ir.Table], *given: ir.Table | Hashable
) -> pa.Table:
    """The rows of the table that `build` makes of tables of the engine and of plain values.

    The query is compiled once in this process for all tables of the same columns and for the same
    values: Ibis takes ten times as long to compile one as DuckDB to answer it for a small table.
    """
    step, sql = _step(connection, build, given)
    if connection.name == "duckdb":
        found = _answered(connection, sql)
    else:
        found = connection.sql(sql, schema=step.schema).to_pyarrow()
    return found.cast(step.schema.to_pyarrow())


def _answered(connection: ibis.BaseBackend, sql: str) -> pa.Table:
    """The rows of a query of DuckDB.

    Its `sql` would bind the query first and look through it for parameters, which takes as long
    as to answer it for a small table.
    """
    found: pa.Table = connection.con._submit(sql, format="arrow").arrow_table()
    return found


def frame(
    connection: ibis.BaseBackend, build: Callable[..., ir.Table], *given: ir.Table | Hashable
) -> pd.DataFrame:
    """What `rows` gives, typed as Ibis does it."""
    found = rows(connection, build, *given)
    return _frame(found, ibis.Schema.from_pyarrow(found.schema))


def _frame(found: pa.Table, schema: ibis.Schema) -> pd.DataFrame:
    columns = {
        name: column.to_pylist() if column.null_count else column.to_pandas()
        for name, column in zip(found.column_names, found.columns, strict=True)
    }
    converted: pd.DataFrame = DuckDBPandasData.convert_table(pd.DataFrame(columns), schema)
    return converted


def made(
    connection: ibis.BaseBackend, build: Callable[..., ir.Table], *given: ir.Table | Hashable
) -> ir.Table:
    """What `rows` gives, as a table of the engine for as long as it is used."""
    step, sql = _step(connection, build, given)
    return _stored(connection, sql, step.schema)


def _stored(connection: ibis.BaseBackend, sql: str, schema: ibis.Schema) -> ir.Table:
    """The rows of a query, as a table of the engine for as long as it is used."""
    if connection.name != "duckdb":
        table: ir.Table = connection.sql(sql, schema=schema).cache()
        return table
    name = ibis.util.gen_name("made")
    connection.con.execute(f"CREATE TEMP TABLE {name} ({_columns(schema)})")
    connection.con.execute(f"INSERT INTO {name} {sql}")
    return _while_used(name, schema, connection)


@cache
def _columns(schema: ibis.Schema) -> str:
    """The columns with their types, as DuckDB has them."""
    defined = schema.to_sqlglot_column_defs("duckdb")
    return ", ".join(one.sql("duckdb") for one in defined)


def write(
    connection: ibis.BaseBackend,
    path: Path,
    build: Callable[..., ir.Table],
    *given: ir.Table | Hashable,
) -> None:
    """Write what `rows` gives as a Parquet file, in the order that `build` gives the rows.

    DuckDB need not have all of them in memory. Raises `OSError` where its disk is full.
    """
    if connection.name != "duckdb":
        table_schemas.write(rows(connection, build, *given), path)
        return
    _, sql = _step(connection, build, given)
    file = sqlglot.exp.Literal.string(str(path)).sql("duckdb")
    form = f"FORMAT parquet, COMPRESSION {table_schemas.COMPRESSION}"
    try:
        connection.con.execute(
            f"COPY ({sql}) TO {file} ({form}, ROW_GROUP_SIZE {table_schemas.ROW_GROUP})"
        )
    except duckdb.IOException as error:
        raise store_lock.disk_error(error) from error


def on_disk(
    connection: ibis.BaseBackend, build: Callable[..., ir.Table], *given: ir.Table | Hashable
) -> ir.Table:
    """What `made` gives, of more rows than fit in memory: a file for as long as it is used.

    Raises `StoreError` where the disk of temporary files cannot be written.
    """
    if connection.name != "duckdb":
        return made(connection, build, *given)
    step, _ = _step(connection, build, given)
    name = ibis.util.gen_name("coverage")
    path = Path(tempfile.gettempdir()) / f"{name}.parquet"
    with store_lock.writing(path.parent, "临时目录"):
        write(connection, path, build, *given)
    view_files(connection, {name: path})
    table = _while_used(name, step.schema, connection, "VIEW")
    weakref.finalize(table.op(), path.unlink, missing_ok=True)
    return table


def viewed(
    connection: ibis.BaseBackend, build: Callable[..., ir.Table], *given: ir.Table | Hashable
) -> ir.Table:
    """What `rows` gives, as a view of the engine, worked out whenever it is read."""
    step, sql = _step(connection, build, given)
    name = ibis.util.gen_name("viewed")
    connection.raw_sql(f"CREATE TEMPORARY VIEW {name} AS {sql}")
    return _while_used(name, step.schema, connection, "VIEW", given)


def named(connection: ibis.BaseBackend, table: pa.Table) -> ir.Table:
    """A table of this process as one of the engine."""
    name = ibis.util.gen_name("named")
    if connection.name != "duckdb":
        return connection.create_view(name, ibis.memtable(table))
    connection.con.register(name, table)
    return _while_used(name, ibis.Schema.from_pyarrow(table.schema), connection, "NAME")


def parquet(connection: ibis.BaseBackend, paths: Sequence[Path]) -> ir.Table:
    """The rows of Parquet files of one folder; later ones may have columns that earlier lack."""
    if connection.name == "duckdb":
        return connection.read_parquet(list(map(str, paths)), union_by_name=True)
    names = ",".join(path.name for path in paths)
    return connection.read_parquet(f"{paths[0].parent}/{{{names}}}", mergeSchema=True)


def view_files(connection: ibis.BaseBackend, paths: Mapping[str, Path]) -> None:
    """Views of the engine over Parquet files, by name.

    Ibis would ask for the columns of each, which takes longer than to make it.
    """
    if connection.name != "duckdb":
        for name, path in paths.items():
            connection.read_parquet(str(path), table_name=name)
        return
    files = {
        name: sqlglot.exp.Literal.string(str(path)).sql("duckdb") for name, path in paths.items()
    }
    views = [
        f"CREATE OR REPLACE TEMPORARY VIEW {name} AS SELECT * FROM read_parquet({file})"
        for name, file in files.items()
    ]
    connection.raw_sql(";".join(views))


def call(connection: ibis.BaseBackend, name: str, table: ir.Table) -> None:
    """Have `table`, which is small, at hand as the table `name` of this connection."""
    sort = "TABLE" if connection.name == "duckdb" else "VIEW"
    connection.raw_sql(f"CREATE TEMPORARY {sort} {name} AS {_sql(connection, table)}")


def called(name: str, schema: pa.Schema) -> ir.Table:
    """The table `name` of an engine, whose columns are known."""
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


def _while_used(
    name: str,
    schema: ibis.Schema,
    connection: ibis.BaseBackend,
    sort: str = "TABLE",
    given: Sequence[Any] = (),
) -> ir.Table:
    """The table `name` of the engine, dropped once nothing uses it; it uses those `given`."""
    table = ops.DatabaseTable(name, schema, connection, ops.Namespace())
    end = weakref.finalize(table, _drop, weakref.ref(connection), sort, name, given)
    end.atexit = False  # the engine ends with the process
    return table.to_expr()


def _drop(
    connection: Callable[[], ibis.BaseBackend | None], sort: str, name: str, _: Sequence[Any]
) -> None:
    if (engine := connection()) is None:
        return
    if sort == "NAME":  # of a table of this process
        engine.con.unregister(name)
    else:
        engine.raw_sql(f"DROP {sort} {name}")


def _step(
    connection: ibis.BaseBackend, build: Callable[..., ir.Table], given: Sequence[Any]
) -> tuple[_Step, str]:
    """The query of `build`, and its SQL for the tables that are `given`."""
    parts = [one.schema() if isinstance(one, ir.Table) else one for one in given]
    step = _compiled(connection, build, *parts)
    if step.fixed is not None:
        connection._run_pre_execute_hooks(step.fixed)
    sql = step.sql
    for place, one in enumerate(given):
        if isinstance(one, ir.Table):
            sql = re.sub(rf"\b{_given(place)}\b", one.op().name, sql)
    return step, sql


def _alike(connection: ibis.BaseBackend, *parts: Hashable) -> Hashable:
    return hashkey(connection.name, *parts)


@cached(LRUCache(1_000), key=_alike, condition=threading.Condition())
def _compiled(
    connection: ibis.BaseBackend, build: Callable[..., ir.Table], *parts: ibis.Schema | Hashable
) -> _Step:
    table = build(
        *(
            ibis.table(one, name=_given(place)) if isinstance(one, ibis.Schema) else one
            for place, one in enumerate(parts)
        )
    )
    fixed = table if table.op().find(ops.InMemoryTable) else None
    return _Step(connection.compile(table), table.schema(), fixed)


def _unbound(connection: ibis.BaseBackend, table: ir.Table) -> Hashable:
    """What two tables have in common whose queries are the same, without their connections."""
    bound = table.op().find(ops.DatabaseTable)
    return hashkey(connection.name, (table.unbind() if bound else table).op())


@cached(LRUCache(200), key=_unbound, condition=threading.Condition())
def _sql(connection: ibis.BaseBackend, table: ir.Table) -> str:
    """The query of `table`: the next version of the data is asked as this one was."""
    return str(connection.compile(table))


def _given(place: int) -> str:
    return f"given_{place}"


class Prepared:
    """A table's query, compiled once and run with any texts in place of some that stand for them.

    Ibis takes several times as long to compile a query as DuckDB to answer it.
    """

    def __init__(self, connection: ibis.BaseBackend, table: ir.Table) -> None:
        self._connection = connection
        self._table = table  # its in-memory tables are in the engine for as long as it lives
        self.schema = table.schema()
        self._sql = _sql(connection, table)
        connection._run_pre_execute_hooks(table)

    def rows(self, texts: Mapping[str, str]) -> pd.DataFrame:
        """The rows, with each key of `texts`, a literal like <name>, replaced by its value."""
        dialect = self._connection.dialect
        literals = {
            f"'{stands_for}'": sqlglot.exp.Literal.string(text).sql(dialect)
            for stands_for, text in texts.items()
        }
        sql = re.sub(r"'<\w+>'", lambda found: literals.get(found[0], found[0]), self._sql)
        if self._connection.name != "duckdb":
            rows: pd.DataFrame = self._connection.sql(sql, schema=self.schema).to_pandas()
            return rows
        return _frame(_answered(self._connection, sql), self.schema)


def _spark() -> ibis.BaseBackend:
    """A new session of the one Spark, so that the views of two snapshots stay apart."""
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise StoreError(
            "COVERAGE_ENGINE 要求用 Spark，但没有安装 PySpark。"
            "请运行 pip install -r requirements-spark.txt，或去掉这个环境变量改用 DuckDB"
        ) from error
    settings: dict[str, Any] = _ALWAYS | ({} if "SPARK_CONF_DIR" in os.environ else _LOCAL)
    try:
        session = SparkSession.builder.config(map=settings).getOrCreate()
    except (PySparkException, Py4JError) as error:
        raise StoreError(
            f"Spark 没有启动（{str(error).splitlines()[0]}）。"
            "请安装 Java 17（Debian：apt-get install openjdk-17-jre-headless）；"
            "设置了 SPARK_CONF_DIR 的，请检查其中的配置"
        ) from error
    return ibis.pyspark.connect(session.newSession())
