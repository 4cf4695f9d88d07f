"""DuckDB and Spark give the same results, for every indicator of ``domain/``."""

import importlib
import inspect
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import domain
from demo import publishing
from domain.visitors import Sight
from loaders import folding
from queries import engine as engines
from queries import search
from queries.scope import Scope
from reports import __main__ as command
from store import backend, snapshot_store, table_schemas
from store.errors import StoreError
from store.snapshot import Snapshot
from tests.support.engines import ENGINES, columns, every_case, opened, running_spark, written
from tests.support.indicators import INDICATORS, Data
from tests.support.small_city import DAY, ago
from tests.support.stated import told_all

ROOT = Path(__file__).resolve().parents[2]
MERCHANTS = 300
DAYS = {
    "small_city": (ago(200), ago(40), DAY),
    "demo": (date(2025, 12, 31), date(2026, 9, 30)),
}


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory):
    """A hand-made city and a generated one, each published once."""
    city = written(every_case(), tmp_path_factory.mktemp("small_city"))
    generated = snapshot_store.Store(tmp_path_factory.mktemp("engines"))
    return {"small_city": city, "demo": publishing.publish(generated, merchants=MERCHANTS)}


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """A Spark of this test's own, started once."""
    with running_spark(tmp_path_factory.mktemp("spark")) as settings:
        yield settings


@pytest.fixture(scope="module")
def data(snapshots, spark, tmp_path_factory):
    """The tables of each snapshot on DuckDB and on Spark, read from the same files."""
    return {
        name: [
            Data(opened(snapshot, engine), DAYS[name], tmp_path_factory.mktemp(engine))
            for engine in ENGINES
        ]
        for name, snapshot in snapshots.items()
    }


@pytest.mark.parametrize("city", DAYS)
@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.name)
def test_both_engines_give_the_same_rows(indicator, city, data):
    here, there = (indicator.build(tables) for tables in data[city])
    assert here.schema() == there.schema()
    expected, found = columns(here), columns(there)
    for name, cells in expected.items():
        exact = not here[name].type().is_floating()
        assert found[name] == (cells if exact else pytest.approx(cells, abs=1e-9)), name
    assert city == "small_city" or any(expected.values())


@pytest.mark.parametrize(
    ("table", "key"),
    [("merchants", "merchant_key"), ("venues", "venue_id"), ("areas", "area_id")],
)
def test_pages_get_the_same_frames(table, key, data):
    here, there = (getattr(tables, table) for tables in data["demo"])
    frames = [one.order_by("as_of", key).to_pandas() for one in (here, there)]
    pd.testing.assert_frame_equal(*frames, rtol=0, atol=1e-9)


def test_a_search_finds_the_same_on_either_engine(snapshots, spark, monkeypatch):
    snapshot, found = snapshots["demo"], []
    monkeypatch.setenv("COVERAGE_STORE", str(snapshot.path.parents[1]))
    day = date.fromisoformat(snapshot.manifest["as_of"])
    sights = [Sight(), Sight("bank", "ICBC"), Sight("county", "320723"), Sight("department", "U16")]
    for name in ENGINES:
        monkeypatch.setenv("COVERAGE_ENGINE", name)
        engines.engine.cache_clear()
        found.append(
            {
                (text, sight): search.hits(Scope(snapshot.id, day, sight=sight), text)
                for text in ("店", "gy", "海州 市场", "Q0001", "%'\\")
                for sight in sights
            }
        )
    engines.engine.cache_clear()
    for asked, here in found[0].items():
        pd.testing.assert_frame_equal(here.fillna(""), found[1][asked].fillna(""), obj=str(asked))
    assert len(found[0]["店", Sight()]) == search.FOUND


def test_the_small_city_has_every_state_status_and_carrier(data):
    here, _ = data["small_city"]
    assert set(columns(here.merchants)["state"]) == {
        "target", "contracted", "opened", "verified", "active", "suspended", "refused", "closed",
        None,
    }  # fmt: skip
    found = columns(here.venues)
    assert set(found["status"]) == {"covered", "near", "short", "unknown"}
    assert set(found["carrier"]) == {"区域型", "机构型", "线路型", "线上型"}


def public_functions():
    """Public functions of ``domain/`` that take or give an Ibis table."""
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        for name, function in inspect.getmembers(importlib.import_module(module.name)):
            if inspect.isfunction(function) and function.__module__ == module.name:
                hints = map(str, inspect.get_annotations(function).values())
                if name[0] != "_" and any(
                    "ibis.expr.types.relations.Table" in hint for hint in hints
                ):
                    yield function


def test_no_indicator_is_left_out():
    compared = {indicator.function for indicator in INDICATORS}
    missing = [function for function in public_functions() if function not in compared]
    assert not missing, "add them to INDICATORS of tests/support/indicators.py"


def test_one_name_a_question():
    names = [indicator.name for indicator in INDICATORS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("damage", ["lost", "cut"])
def test_a_damaged_file_is_named_on_either_engine(engine, damage, snapshots, spark, tmp_path):
    whole = snapshots["demo"]
    broken = Snapshot(shutil.copytree(whole.path, tmp_path / whole.id))
    path = broken.table_path("spells")
    path.unlink() if damage == "lost" else path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StoreError, match=r"文件“spells\.parquet”缺失或损坏"):
        opened(broken, engine)


def test_two_snapshots_stay_apart_on_one_spark(data, snapshots):
    counts = [data[city][1].table("merchants").count().to_pyarrow().as_py() for city in DAYS]
    assert counts[0] != counts[1] == snapshots["demo"].manifest["rows"]["merchants"]


@pytest.mark.parametrize("name", ["Spark", "postgres"])
def test_an_unknown_engine_is_named_with_those_there_are(name, monkeypatch):
    monkeypatch.setenv("COVERAGE_ENGINE", name)
    with pytest.raises(StoreError, match=f"“{name}”，只能是：duckdb、spark"):
        backend.connect()


def test_without_pyspark_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("COVERAGE_ENGINE", "spark")
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(StoreError, match=r"pip install -r requirements-spark\.txt"):
        backend.connect()


# ---- the command ---------------------------------------------------------------------------------


def test_the_report_is_the_same(snapshots, spark, use_store, monkeypatch, capsys):
    use_store(snapshots["demo"].path.parents[1])
    monkeypatch.setenv("SPARK_CONF_DIR", os.fspath(spark))
    reports = []
    for engine in ENGINES:
        monkeypatch.setenv("COVERAGE_ENGINE", engine)
        assert command.main(["coverage", "--as-of", "2026-09-30"]) == 0
        answer = capsys.readouterr().out
        reports.append(json.loads(answer, parse_float=lambda text: round(float(text), 9)))
    assert reports[0] == reports[1]
    assert reports[0]["city"]["venues"] > 0


def test_without_java_it_says_what_to_install(snapshots):
    """In a process of its own: this one has a Spark."""
    answer = subprocess.run(
        [sys.executable, "-m", "reports", "coverage"],
        cwd=ROOT,
        env=os.environ
        | {
            "COVERAGE_STORE": os.fspath(snapshots["demo"].path.parents[1]),
            "COVERAGE_ENGINE": "spark",
            "JAVA_HOME": "/nowhere",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "请安装 Java 17" in answer.stderr and "Traceback" not in answer.stderr


def test_the_fold_is_the_same(spark, tmp_path_factory, monkeypatch):
    office = told_all(tmp_path_factory.mktemp("told"))
    statements = office.store.in_force(office.store.current())
    found = []
    for engine in ENGINES:
        monkeypatch.setenv("COVERAGE_ENGINE", engine)
        told = folding.folded(statements, office.store.statements)
        found.append(told.frames | {"events": table_schemas.frame(told.events.to_pyarrow())})
    for name, here in found[0].items():
        keys = list(table_schemas.KEYS[name])
        frames = [frame.sort_values(keys, ignore_index=True) for frame in (here, found[1][name])]
        pd.testing.assert_frame_equal(*frames)
