"""Fixtures that every test may use: one small published demo store."""

import gc
import os
import sys

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from demo import publishing
from domain.visitors import clerk
from loaders import intake
from store import snapshot_store
from tests.support.bank_files import assess

MERCHANTS = 3000
LONG = ["engines", "print", "browser", "deploy", "reports", "ui"]
"""Folders whose files take longest: begun first, so that no worker is left alone with one."""

# A machine that is busy is slow, not wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_collection_modifyitems(items):
    rank = {folder: place for place, folder in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path.parent.name, len(LONG)))


def pytest_collection_finish():
    """Hide the libraries from the garbage collector, which would walk them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory, worker_id):
    """A store with a small published demo, one for all workers; tests must not write to it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "demo_store"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "current").exists():
            publishing.publish(snapshot_store.Store(folder), merchants=MERCHANTS)
    yield folder
    assert snapshot_store.Store(folder).ledger.version == 0, "a test wrote to the shared demo"


@pytest.fixture(scope="session")
def young_store(tmp_path_factory):
    """The first real import of one bank: merchants, and no register of venues yet."""
    folder = tmp_path_factory.mktemp("young")
    path = folder / "工商银行.csv"
    path.write_text(
        "商户编号,运营机构,商户名称,地址,签约日期\n"
        "A1,工商银行,示例一店,连云港市海州区新浦街道解放东路1号,2024-03-05\n"
        "A2,工商银行,示例二店,没有写清的地址,2024-03-06\n",
        encoding="utf-8",
    )
    store = snapshot_store.Store(folder / "store")
    intake.publish(assess([path], store), store, clerk("测试"))
    return store.path


@pytest.fixture(autouse=True)
def own_main(monkeypatch):
    """Give the process its main module back: AppTest leaves the dashboard's script there."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def use_store(monkeypatch):
    """Point the dashboard and the commands at a store folder."""
    return lambda folder: monkeypatch.setenv("COVERAGE_STORE", os.fspath(folder))
