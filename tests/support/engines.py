"""DuckDB and a small local Spark, and snapshots opened on either."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow.parquet as pq
import pytest

from domain import states
from store import backend, table_schemas
from store.file_hashes import sha256
from store.snapshot import Snapshot
from store.table_schemas import BEFORE
from tests.support.small_city import DAY, LONG_AGO, PAID, SCHEMAS, SIGNED, VERIFIED, City, ago

ENGINES = ("duckdb", "spark")
SETTINGS = {  # two threads and little of everything: the tables of tests are small
    "spark.master": "local[2]",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@contextmanager
def running_spark(folder: os.PathLike) -> Iterator[os.PathLike]:
    """Spark with `SETTINGS` for every connection made meanwhile, which `folder` holds."""
    settings = SETTINGS | {"spark.sql.warehouse.dir": os.fspath(folder / "warehouse")}
    lines = [f"{name} {value}" for name, value in settings.items()]
    (folder / "spark-defaults.conf").write_text("\n".join(lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", os.fspath(folder))
        patch.setenv("COVERAGE_ENGINE", "spark")
        first = backend.connect()
    yield folder
    first.disconnect()


def opened(snapshot: Snapshot, engine: str) -> ibis.BaseBackend:
    """The tables of `snapshot` on `engine`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_ENGINE", engine)
        return snapshot.facts(backend.connect())


def columns(table: ir.Table) -> dict[str, list]:
    """The cells of `table` by column, whole numbers as text.

    Rows keep the order that the expression promises; where it promises none, any will do.
    """
    if not isinstance(table.op(), ops.Sort):
        table = table.order_by(
            [name for name, kind in table.schema().items() if not kind.is_floating()]
        )
    return in_text(table).to_pyarrow().to_pydict()


def in_text(table: ir.Table) -> ir.Table:
    """`table` with its whole numbers as text.

    Spark's way to Python makes floats of whole numbers among nulls, too short for a map cell.
    """
    whole = {name: "string" for name, kind in table.schema().items() if kind.is_integer()}
    return table.cast(whole)


def written(city: City, folder: os.PathLike) -> Snapshot:
    """`city` as a snapshot in `folder`, with its own few columns only; other tables are empty."""
    tables = {name: city.table(name).to_pyarrow() for name in SCHEMAS}
    tables["spells"] = states.spells(city.table("events")).to_pyarrow()
    for name, before in BEFORE.items():
        tables[before] = tables[name].schema.empty_table()
    for name, schema in table_schemas.SCHEMAS.items():
        pq.write_table(tables.get(name, schema.empty_table()), folder / f"{name}.parquet")
    rows = {name: tables[name].num_rows if name in tables else 0 for name in table_schemas.SCHEMAS}
    manifest = {
        "id": folder.name, "created_at": f"{DAY}T12:00:00+08:00", "created_by": "测试",
        "demo": False, "rows": rows, "rules_version": "", "ledger_version": 0,
        "content_hash": "", "as_of": DAY.isoformat(), "statements": [],
        "files": {path.name: sha256(path) for path in folder.iterdir()},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Snapshot(folder)


def every_case() -> City:
    """A city with every carrier, state, status of a venue and kind of unknown."""
    city = City()
    ended = {state: (*PAID, (state, ago(3))) for state in ("suspended", "refused", "closed")}
    events = {
        "target": (),
        "contracted": SIGNED,
        "opened": (*SIGNED, ("opened", ago(500))),
        "verified": VERIFIED,
        "lapsed": (*SIGNED, ("opened", ago(590)), ("inspected", ago(400)), ("inspected", ago(185))),
        "active": PAID,
        "barred": (*PAID, ("ineligible", ago(1))),
        "back": (*PAID, ("closed", ago(100)), ("contracted", ago(90)), ("paid", ago(90))),
        "same_day": (*SIGNED, ("paid", ago(2)), ("closed", ago(2))),
        "newcomer": (("contracted", ago(10)), ("opened", ago(10)), ("paid", ago(9))),
        **ended,
    }
    for number, (case, happened) in enumerate(events.items()):
        target = ago(10) if case == "newcomer" else LONG_AGO
        for venue_id in ("MARKET", "MALL", "PARK", None):
            city.shop(venue_id, cash_point=number % 5 == 0, target=target, events=happened)
    city.venue("MARKET", eligible_count=30)
    city.venue("MALL", "知名商圈", eligible_count=None, county_code="320703", zone_id="ETDZ")
    city.venue("PARK", "产业园区", eligible_count=0, county_code=None)
    city.venue("SMALL", eligible_count=3, eligible_on=ago(400))
    city.shops(2, "SMALL", events=VERIFIED)
    city.venue("FULL", eligible_count=9, eligible_grade="C", county_code="320722")
    city.shops(8, "FULL", events=PAID, county_code="320722")
    city.shop("FULL", cash_point=True, events=VERIFIED, county_code="320722")
    city.venue("UNSIGNED", eligible_count=2, county_code="320722")
    city.venue("GONE", eligible_count=5, delisted_on=ago(30))
    city.venue("YOUNG", eligible_count=5, listed_on=ago(10))
    for venue_id, live in (("HOSPITAL", 3), ("CLINIC", 4)):
        city.venue(venue_id, "医院", county_code="320723")
        for scenario_id in ("F4-05", "F4-06", "F4-07", "F4-08")[:live]:
            city.instance(venue_id, scenario_id, events=VERIFIED)
    city.venue("STATION", "客运站", county_code="320724")
    city.shop("STATION", scenario_id="F2-08", events=ended["suspended"])
    city.venue("ONLINE", "线上缴费平台", county_code="320724")
    city.instance("ONLINE", "F3-01", events=VERIFIED)
    city.venue("PAYING", "线上缴费平台", county_code="320724", zone_id="HITECH")
    city.instance("PAYING", "F3-01", events=PAID)
    city.venue("OTHER", "自报区域", eligible_count=4, eligible_grade="B", eligible_on=None)
    return city
