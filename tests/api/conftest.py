"""The interface, served over HTTP from a copy of the demo store, and tokens for it."""

import json
import socket
import threading
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from api.routes import ROUTES
from domain.visitors import Visitor, clerk
from store import people, snapshot_store
from tests.support.linked_stores import linked_copy

OFFICE = Visitor("接口测试", "office")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Interface:
    """The served interface with a token of the office."""

    port: int
    token: str

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    def ask(self, path: str, token: str | None = None, method: str = "GET", **headers) -> Answer:
        """The answer to a request below the root, with the office's token unless another is given.

        An empty `token` sends none.
        """
        token = self.token if token is None else token
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            named["Authorization"] = f"Bearer {token}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request(method, f"/api/v1/{path}", headers=named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def rows(self, path: str) -> list[dict[str, Any]]:
        """All rows of a list, page by page."""
        found, following = [], path
        while following:
            answer = self.ask(following.removeprefix("/api/v1/"))
            assert answer.status == 200, answer.body.decode()
            found += answer.json["items"]
            following = answer.json["next"]
        return found


@pytest.fixture(scope="session")
def api_store(demo_store, tmp_path_factory):
    """A copy of the demo, whose ledger the tests may write to."""
    return linked_copy(demo_store, tmp_path_factory.mktemp("api") / "store")


@pytest.fixture
def ledger(api_store, use_store):
    """The ledger of the store that is served."""
    use_store(api_store)
    return snapshot_store.default().ledger


@pytest.fixture(scope="session")
def port():
    """The port of a server of the interface."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=ROUTES), log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture
def token(ledger):
    """A token of the office."""
    return people.issue(ledger, OFFICE, clerk("测试"))


@pytest.fixture
def interface(port, token):
    """The served interface."""
    return Interface(port, token)
