"""The server's own work, seen from outside: a process, its store, and what it asks of its engine.

A view that asks its engine nothing is served from what was remembered.
"""

import json
import shutil

import pytest

from domain.visitors import Visitor, clerk
from loaders import intake
from queries.scope import CITY
from store import people
from store.snapshot_store import Store
from tests.support import bank_files
from tests.support.dashboard_server import ROOT, Server
from tests.support.linked_stores import linked_copy
from tests.support.streamlit_session import Session, connected, run
from ui import menu

OBSERVED = ROOT / "tests" / "support" / "observed_server.py"
PAGES = [entry.path for entry in menu.entries()]
HEADER = 'server.trustedUserHeaders={"X-Remote-User": "login"}'


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


def opened(server, paths, area=CITY, headers=None, **chosen):
    """The elements that pages show to somebody who opens them one after the other."""

    async def visit():
        async with connected(server.port, headers=headers) as socket:
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


def test_pages_are_opened_before_anyone_comes(serve, demo_store, tmp_path):
    folder = linked_copy(demo_store, tmp_path / "store")
    server = serve(folder)
    assert done(server)["questions"] > 0
    server.until(lambda: done(server)["hidden"] == 3)  # the libraries, the front page, the parts
    before = done(server)
    opened(server, PAGES, "灌云县")
    opened(server, [""], operator="邮储银行")
    assert demo_marked(opened(server, PAGES))
    assert done(server)["questions"] == before["questions"]
    server.until(lambda: done(server)["collected"] > before["collected"])

    # So are those of a version that another process, here this one, publishes.
    sent, store = bank_files.merchants(tmp_path / "工行"), Store(folder)
    intake.publish(bank_files.assess([sent], store), store, clerk("测试"))
    server.until(lambda: done(server)["hidden"] == before["hidden"] + 2)
    published = done(server)
    assert published["questions"] > before["questions"]
    assert not demo_marked(opened(server, PAGES))
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
def test_it_serves_whatever_is_wrong_with_the_store(file, said, serve, demo_store, tmp_path):
    """A damaged file, a pointer to nothing, no store at all: pages say what it is."""
    home = tmp_path / "store"
    if file:
        snapshot = Store(shutil.copytree(demo_store, home)).current()
        (snapshot.path / file).write_text("20260101-000000-00000000\n", encoding="utf-8")
    shown = opened(serve(home), ["gap-list"])
    assert said in "".join(one.alert.body + one.heading.body for one in shown)


def test_its_visits_need_no_sign_in_and_are_nobodys(serve, demo_store, tmp_path):
    """Where people sign in, too: it prepares what they will see, and leaves no trace of itself."""
    folder = linked_copy(demo_store, tmp_path / "store")
    people.enrol(Store(folder).ledger, Visitor("李", "leader", login="li"), clerk("测试"))
    noted = sorted(folder.glob("visits/*"))  # of the shared demo
    server = serve(folder, OBSERVED, HEADER)
    server.until(lambda: done(server)["hidden"] == 3)
    assert sorted(folder.glob("visits/*")) == noted
    assert "请先登录" in headings(opened(server, ["gap-list"]))
    prepared = done(server)["questions"]
    shown = opened(server, PAGES, headers={"X-Remote-User": "li"})
    assert "请先登录" not in headings(shown) and demo_marked(shown)
    assert done(server)["questions"] == prepared


def test_the_dashboard_opens_where_somebody_sits_at_the_machine(serve, tmp_path, monkeypatch):
    address, browser = tmp_path / "address", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {address}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    server = serve(tmp_path / "store", ROOT / "app.py", "server.headless=false")
    server.until(lambda: address.exists() and address.read_text())
    assert address.read_text().strip() == server.url
