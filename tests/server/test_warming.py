"""The server's own work, seen from outside: a process, its store, and what it asks of its engine.

A view that asks its engine nothing is served from what was remembered.
"""

import json
import shutil

import anyio
import pytest

from domain.visitors import clerk
from loaders import intake
from queries.scope import CITY
from server import warming
from store.snapshot_store import Store
from tests.support import bank_files
from tests.support.dashboard_server import ROOT, Server
from tests.support.linked_stores import linked_copy
from tests.support.pages import open_page
from tests.support.streamlit_session import Session, connected, run

OBSERVED = ROOT / "tests" / "support" / "observed_server.py"
USUAL = ["overview-city", "coverage-map", "county-ranking", "gap-list", "compare-days"]


@pytest.fixture
def serve():
    """Start a server on a store; it ends with the test."""
    servers = []

    def start(folder, script=OBSERVED, *options):
        servers.append(Server(folder, script, *options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def done(server):
    return json.loads(server.get("/done"))


def opened(server, paths, area=CITY, **chosen):
    """The elements that pages show to somebody who opens them one after the other."""

    async def visit():
        async with connected(server.port) as socket:
            session, shown = Session(socket), []
            for path in paths:
                await session.open(path, area, **chosen)
                assert session.exceptions() == []
                shown.extend(session.shown)
            return shown

    return run(visit)


def demo_marked(elements):
    return any(
        'class="demo-strip"' in one.html.body
        for one in elements
        if one.WhichOneof("type") == "html"
    )


def headings(elements):
    return [one.heading.body for one in elements if one.WhichOneof("type") == "heading"]


def test_the_usual_views_are_answered_before_anyone_asks(serve, demo_store, tmp_path):
    folder = linked_copy(demo_store, tmp_path / "store")
    server = serve(folder)
    assert done(server)["questions"] > 0
    server.until(lambda: done(server)["hidden"] == 3)  # the libraries, the city, its parts
    before = done(server)
    opened(server, USUAL, "灌云县")
    opened(server, [""], operator="邮储银行")
    assert demo_marked(opened(server, USUAL))
    assert done(server)["questions"] == before["questions"]
    assert "failed" not in before
    server.until(lambda: done(server)["collected"] > before["collected"])

    # So are those of a version that another process, here this one, publishes.
    sent, store = bank_files.merchants(tmp_path / "工行"), Store(folder)
    intake.publish(bank_files.assess([sent], store), store, clerk("测试"))
    server.until(lambda: done(server)["hidden"] == before["hidden"] + 2)
    published = done(server)
    assert published["questions"] > before["questions"]
    assert not demo_marked(opened(server, USUAL))
    assert done(server)["questions"] == published["questions"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("venues.parquet", "缺失或损坏"),
        ("manifest.json", "缺失或损坏"),
        ("../../current", "没有这个版本"),
        (None, "还没有数据"),
    ],
)
def test_it_serves_whatever_is_wrong_with_the_store(
    file, said, demo_store, use_store, tmp_path, monkeypatch
):
    """A damaged file, a pointer to nothing, no store at all: pages say what it is."""
    home, failed = tmp_path / "store", []
    if file:
        snapshot = Store(shutil.copytree(demo_store, home)).current()
        (snapshot.path / file).write_text("20260101-000000-00000000\n", encoding="utf-8")
    use_store(home)
    monkeypatch.setattr(warming._log, "exception", lambda *said: failed.append(said))

    async def serve_once():
        async with warming.lifespan(None):
            return warming._in_force()

    in_force = anyio.run(serve_once)
    assert len(failed) == (file in {"venues.parquet", "manifest.json"})
    assert (in_force is None) == (not failed)
    app = open_page("gap_list")
    assert not app.exception
    assert said in "".join(one.value for one in (*app.error, *app.title))


def test_the_dashboard_opens_where_somebody_sits_at_the_machine(serve, tmp_path, monkeypatch):
    address, browser = tmp_path / "address", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {address}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    server = serve(tmp_path / "store", ROOT / "app.py", "server.headless=false")
    server.until(lambda: address.exists() and address.read_text())
    assert address.read_text().strip() == server.url
