"""What somebody who watches over the server is told."""

import json
import shutil
from urllib.error import HTTPError

import pytest

from store.snapshot_store import Store
from tests.support.dashboard_server import Server
from tests.support.guarded_dashboard import small_dashboard


@pytest.fixture
def server(demo_store, tmp_path):
    folder = shutil.copytree(demo_store, tmp_path / "store")
    header = 'server.trustedUserHeaders={"X-Remote-User": "login"}'
    server = Server(folder, small_dashboard(tmp_path), header)
    yield server
    server.stop()


def asked(server):
    try:
        return 200, json.loads(server.get("/healthz", {"Accept": "text/html"}))
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_it_says_whether_the_version_in_force_can_be_read(server):
    """To everybody, for it tells nothing else; and each time anew."""
    snapshot = Store(server.store).current()
    assert asked(server) == (200, {"status": "ok", "snapshot": snapshot.id})

    table = snapshot.table_path("venues")
    sound = table.read_bytes()
    table.write_bytes(sound[:-1])
    ill = {"status": "unavailable", "reason": "version_damaged", "snapshot": snapshot.id}
    assert asked(server) == (503, ill)
    table.write_bytes(sound)
    assert asked(server)[0] == 200

    (server.store / "current").write_text("20260101-000000-00000000\n")
    ill = {"status": "unavailable", "reason": "store_unreadable", "snapshot": None}
    assert asked(server) == (503, ill)

    shutil.rmtree(server.store)
    assert asked(server) == (200, {"status": "ok", "snapshot": None})
