"""Pages of other sites, and names that were made to point here."""

import socket
import threading
from contextlib import ExitStack
from urllib.error import HTTPError

import pytest
from websockets.exceptions import InvalidStatus

from tests.support.dashboard_server import ROOT, Server
from tests.support.streamlit_session import connected, run

ELSEWHERE = ["http://evil.example", "null", "http://localhost:{port}", "http://127.0.0.1:1", None]


class Listener:
    """Stands for the way out of the house, and remembers what was asked of it."""

    def __init__(self):
        self.asked = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            with caller:
                self.asked.append(caller.recv(100))

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture(scope="module")
def outside():
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def server(outside, tmp_path_factory):
    with pytest.MonkeyPatch.context() as environment:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
            environment.setenv(name, outside.url)
        environment.delenv("NO_PROXY", raising=False)
        environment.delenv("no_proxy", raising=False)
        server = Server(tmp_path_factory.mktemp("empty") / "store", ROOT / "app.py")
    yield server
    server.stop()


def greeted(server, *args, **kwargs):
    """The protocol that the server agrees on with somebody who asks for a session."""

    async def ask():
        async with connected(server.port, *args, **kwargs) as session:
            return session.subprotocol

    return run(ask)


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_page_of_another_site_opens_no_session_and_nothing_is_asked_outside(
    server, outside, origin
):
    with pytest.raises(InvalidStatus) as refused:
        greeted(server, origin=origin and origin.format(port=server.port))
    assert refused.value.response.status_code == 403
    assert "已拒绝" in refused.value.response.body.decode()
    assert outside.asked == []


def test_the_listener_would_have_heard_a_request(outside):
    listener = Listener()
    with socket.create_connection(("127.0.0.1", int(listener.url.rsplit(":")[-1]))) as caller:
        caller.sendall(b"GET http://example.org/ HTTP/1.1\r\n\r\n")
        caller.recv(1)
    assert listener.asked
    listener.close()


def test_its_own_page_opens_a_session(server):
    assert greeted(server) == "streamlit"


def test_foreign_sockets_that_are_held_open_stop_nobody(server, outside):
    """Twenty ask for a session of their own and never read the answer; others are answered."""
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13", "Origin: http://evil.example", "", "",
    ]  # fmt: skip
    with ExitStack() as held:
        for _ in range(20):
            caller = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            caller.sendall("\r\n".join(lines).encode())
        assert server.get("/_stcore/health") == b"ok"
        assert greeted(server) == "streamlit"
    assert outside.asked == []


@pytest.mark.parametrize("origin", [{}, {"Origin": "http://evil.example"}])
def test_a_name_that_was_made_to_point_here_is_not_served(server, origin):
    """A page of evil.example that a browser finds at 127.0.0.1 sends its own name as host."""
    with pytest.raises(HTTPError) as page:
        server.get("/", {"Host": "evil.example", **origin})
    with page.value:
        assert page.value.code == 421


def test_a_form_of_another_site_is_refused(server):
    with pytest.raises(HTTPError) as refused:
        server.get("/_stcore/health", {"Origin": "http://evil.example"})
    with refused.value:
        assert refused.value.code == 403
