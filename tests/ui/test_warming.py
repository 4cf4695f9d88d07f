"""The server's own work, seen from outside: a process, its store, and what it asks of its engine.

A view that asks its engine nothing is served from what was remembered.
"""

import asyncio
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from queries.scope import CITY
from store.snapshot_store import Store
from tests.support import bank_files
from tests.support.dashboard_server import ROOT, Server
from tests.support.streamlit_session import Session, connected

OBSERVED = ROOT / "tests" / "support" / "observed_server.py"
USUAL = ["overview-city", "coverage-map", "county-ranking", "gap-list"]


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


def opened(server, paths, area=CITY):
    """The elements that pages show to somebody who opens them one after the other."""

    async def visit():
        async with connected(server.port) as socket:
            session, shown = Session(socket), []
            for path in paths:
                await session.open(path, area)
                assert session.exceptions() == []
                shown.extend(session.shown)
            return shown

    with ThreadPoolExecutor() as thread:  # Playwright, if it is in this process, has a loop here
        return thread.submit(lambda: asyncio.run(visit())).result()


def alerts(elements):
    return "\n".join(one.alert.body for one in elements if one.WhichOneof("type") == "alert")


def headings(elements):
    return [one.heading.body for one in elements if one.WhichOneof("type") == "heading"]


def test_the_usual_views_are_answered_before_anyone_asks(serve, demo_store):
    server = serve(demo_store)
    assert done(server)["questions"] > 0
    server.until(lambda: done(server)["hidden"] == 2)  # first the city, then its areas
    before = done(server)
    opened(server, USUAL, "灌云县")
    assert "演示数据" in alerts(opened(server, USUAL))
    assert done(server)["questions"] == before["questions"]
    assert "failed" not in before
    server.until(lambda: done(server)["collected"] > before["collected"])


def test_a_version_that_another_process_publishes_is_answered_too(serve, tmp_path):
    server = serve(tmp_path / "store")
    assert "questions" not in done(server)
    assert headings(opened(server, ["gap-list"])) == ["还没有数据"]
    files = bank_files.merchants(tmp_path / "工行")
    subprocess.run(
        [sys.executable, "-m", "loaders", "import", files],
        env={"COVERAGE_STORE": str(tmp_path / "store")},
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    server.until(lambda: done(server)["hidden"] == 3)  # the empty store, the city, its areas
    before = done(server)
    assert "总览" in "".join(headings(opened(server, USUAL)))
    assert done(server)["questions"] == before["questions"]


@pytest.mark.parametrize("damaged", ["venues.parquet", "manifest.json"])
def test_a_damaged_store_starts_and_says_what_is_wrong(serve, demo_store, tmp_path, damaged):
    folder = shutil.copytree(demo_store, tmp_path / "store")
    (Store(folder).current().path / damaged).write_bytes(b"")
    server = serve(folder)
    assert done(server)["failed"] == 1
    assert "缺失或损坏" in alerts(opened(server, ["gap-list"]))


def test_a_pointer_to_nothing_starts_too(serve, tmp_path):
    (tmp_path / "current").write_text("20260101-000000-00000000\n", encoding="utf-8")
    assert "没有数据版本" in alerts(opened(serve(tmp_path), ["gap-list"]))


def test_the_dashboard_opens_where_somebody_sits_at_the_machine(serve, tmp_path, monkeypatch):
    address, browser = tmp_path / "address", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {address}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    server = serve(tmp_path / "store", ROOT / "app.py", "server.headless=false")
    server.until(address.exists)
    assert address.read_text().strip() == server.url
