"""A server of the dashboard, or of another script, in a process of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPResponse
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENDING = 30.0  # seconds that a server may take to end, as in deploy/coverage@.service
_SHARE = 3_000
_FIRST = 20_000 + _SHARE * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 4)
_PORTS = cycle(range(_FIRST, _FIRST + _SHARE))


def free_port() -> int:
    """A port of this machine that nobody listens on, and that is given to nobody else meanwhile.

    Tests that run side by side have a share each, below the ports that the system gives away.
    """
    while True:
        port = next(_PORTS)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


class Server:
    """One running server on a port of this machine, a free one unless told, with its own store.

    `options` are Streamlit's, such as ``runner.postScriptGC=true``. `launcher` is the module that
    stands for Streamlit's command.
    """

    def __init__(
        self,
        store: Path,
        script: Path = ROOT / "app.py",
        *options: str,
        launcher: str = "streamlit",
        port: int | None = None,
    ) -> None:
        self.port = port or free_port()
        self.store = store
        self.url = f"http://127.0.0.1:{self.port}"
        options = ("server.headless=true", f"server.port={self.port}", *options)
        self.process = subprocess.Popen(
            [sys.executable, "-m", launcher, "run", str(script), *(f"--{o}" for o in options)],
            cwd=ROOT,
            env={**os.environ, "COVERAGE_STORE": str(store)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.until(self._answers)

    def replace_store(self, store: Path) -> None:
        """Go on with a copy of another store, as after a restore from a backup."""
        shutil.rmtree(self.store, ignore_errors=True)
        shutil.copytree(store, self.store)

    def get(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """The body of the answer to a request for `path`."""
        with self.ask("GET", path, headers) as answer:
            return answer.read()

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> HTTPResponse:
        """The answer to a request. Raises `urllib.error.HTTPError` where it is a refusal."""
        request = urllib.request.Request(self.url + path, body, headers or {}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return opener.open(request, timeout=120)

    def until(self, condition: Callable[[], bool], seconds: float = 300.0) -> None:
        """Wait until `condition` holds, while the server runs."""
        end = time.monotonic() + seconds
        while not condition():
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)
                raise RuntimeError("the server has ended")
            if time.monotonic() > end:
                raise TimeoutError

    def _answers(self) -> bool:
        """Whether it is ready: it listens before that, and answers when it is."""
        try:
            return self.get("/_stcore/health") == b"ok"
        except OSError:
            return False

    def stop(self) -> None:
        """End the process, as a system's service manager does: killed if it does not by itself."""
        self.process.terminate()
        try:
            self.process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
