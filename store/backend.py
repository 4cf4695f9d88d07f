"""The engine of queries: DuckDB in this process, or Spark (``COVERAGE_ENGINE=spark``).

Spark runs on this machine, unless ``SPARK_CONF_DIR`` names the folder of a cluster's
configuration: then that applies, and the cluster must have the store under the same path.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import sqlglot
from ibis.backends.duckdb.converter import DuckDBPandasData

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


_MEMORY = "1GB"  # of DuckDB, beside that of this process


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


def bounded() -> ibis.BaseBackend:
    """A connection for work on more rows than fit in memory: DuckDB then goes on on the disk."""
    connection = connect()
    if connection.name == "duckdb":
        folder = Path(tempfile.gettempdir()) / ibis.util.gen_name("coverage")  # made when needed
        connection.raw_sql(f"SET memory_limit = '{_MEMORY}'")
        connection.raw_sql(f"SET temp_directory = '{folder.as_posix()}'")
        connection.raw_sql("SET preserve_insertion_order = false")
    return connection


def kept(connection: ibis.BaseBackend, table: ir.Table) -> ir.CachedTable:
    """`table` computed once and kept by the engine until it is released or collected."""
    if connection.name == "pyspark":
        # Ibis registers the in-memory tables of an expression in Spark for a view, but not for a
        # cache.
        name = ibis.util.gen_name("kept")
        connection.create_view(name, table)
        connection.drop_view(name)
    return table.cache()


class Prepared:
    """A table's query, compiled once and run with any texts in place of some that stand for them.

    Ibis takes several times as long to compile a query as DuckDB to answer it.
    """

    def __init__(self, connection: ibis.BaseBackend, table: ir.Table) -> None:
        self._connection = connection
        self._table = table  # its in-memory tables are in the engine for as long as it lives
        self.schema = table.schema()
        self._sql: str = connection.compile(table)
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
        found = self._connection.con.sql(sql).to_arrow_table()
        columns = {  # as Ibis does it, without reading the query again
            name: column.to_pylist() if column.null_count else column.to_pandas()
            for name, column in zip(found.column_names, found.columns, strict=True)
        }
        converted: pd.DataFrame = DuckDBPandasData.convert_table(pd.DataFrame(columns), self.schema)
        return converted


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
