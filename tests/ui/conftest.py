"""Stores that the tests of pages read: of several versions, of a first import, of old software."""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit import config

from domain.visitors import clerk
from queries import attainment
from queries.scope import Scope
from store import snapshot_store, table_schemas, unexpected_errors
from tests.support import drafts

DAY = date(2025, 6, 30)
PUBLISHED_AT = "2025-07-05T09:30:00+00:00"


@pytest.fixture(autouse=True)
def nothing_unexpected(caplog):
    """Fail where a page made a sentence of an error that has no name."""
    yield
    logged = [one for one in caplog.get_records("call") if one.name == unexpected_errors.__name__]
    assert [one.getMessage() for one in logged] == []


@pytest.fixture
def trusted_header():
    """The proxy of the office names who comes, as the login."""
    before = config.get_option("server.trustedUserHeaders")
    config.set_option("server.trustedUserHeaders", {"X-Remote-User": "login"})
    yield
    config.set_option("server.trustedUserHeaders", before)


@pytest.fixture(scope="session")
def corrected(demo_store, tmp_path_factory):
    """The demo, and before it a version of June 2025 that lacks what came in late of one market.

    Returns the folder, the id of the older version, and the market's id.
    """
    demo = snapshot_store.Store(demo_store).current()
    scope = Scope(demo.id, DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        venues = attainment.venues(scope)
    covered = venues["covered_verified"] & (venues["carrier"] == "区域型")
    market = venues.loc[covered, "venue_id"].iloc[0]
    frames = {name: demo.frame(name) for name in table_schemas.SCHEMAS if name != "spells"}
    shops = frames["merchants"]
    its_shops = shops.loc[shops["venue_id"] == market, "shop_key"]
    late = "m:" + shops.loc[shops["shop_key"].isin(its_shops), "merchant_key"]  # of every bank
    events = frames["events"]
    events = events[events["day"] <= pd.Timestamp(DAY)]
    checks = events["event"].isin(["inspected", "paid"])
    events = events[~(checks & events["record_key"].isin(late))]
    store = snapshot_store.Store(tmp_path_factory.mktemp("corrected"))
    shutil.copytree(Path(demo_store) / "statements", store.path / "statements")
    stated = demo.manifest["statements"]
    content = drafts.content(frames | {"events": events})
    old = store.publish(
        lambda _: snapshot_store.Draft(content, stated, demo=True),
        clerk("测试"),
    )
    manifest = old.path / "manifest.json"
    facts = json.loads(manifest.read_text("utf-8")) | {"created_at": PUBLISHED_AT}
    manifest.write_text(json.dumps(facts), "utf-8")
    shutil.copytree(demo.path, store.path / "snapshots" / demo.id)
    store.rollback(demo.id)
    return store.path, old.id, market


@pytest.fixture(scope="session")
def older_store(demo_store, tmp_path_factory):
    """A store whose snapshot is laid out as that of version 0.4: it knows no statements."""
    store = snapshot_store.Store(tmp_path_factory.mktemp("older"))
    demo = snapshot_store.Store(demo_store).current()
    copy = Path(shutil.copytree(demo.path, store.path / "snapshots" / demo.id))
    newer = ("statements", "files")
    facts = {name: fact for name, fact in demo.manifest.items() if name not in newer}
    facts["kind_inputs"] = []
    (copy / "manifest.json").write_text(json.dumps(facts), "utf-8")
    (store.path / "current").write_text(demo.id, encoding="utf-8")
    return store.path
