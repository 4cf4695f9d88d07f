"""Providers of sign-in for tests: real servers of OpenID Connect, and settings that name them."""

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.dashboard_server import free_port

SECRET = "only-for-tests-0123456789-abcdefghij"
WANG = {"sub": "wang", "email": "wang@office.example", "login": "wang"}


_CERTIFIED = Path(__file__).resolve().parents[1] / "server" / "provider"


def settings(folder: Path, public: str, provider: str, more: str = "") -> str:
    """The option that names a file of secrets, for a dashboard that people open at `public`."""
    file = folder / "secrets.toml"
    file.write_text(
        f"""
        [auth]
        redirect_uri = "{public}/oauth2callback"
        cookie_secret = "{SECRET}"
        client_id = "kanban"
        client_secret = "{SECRET}"
        server_metadata_url = "{provider}/.well-known/openid-configuration"
        {more}
        """,
        encoding="utf-8",
    )
    return f"secrets.files={file}"


@contextmanager
def quick_provider() -> Iterator[str]:
    """The address of a provider at which `WANG` signs in with one click."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    with running([*command, "--user-claims", json.dumps(WANG)], f"http://127.0.0.1:{port}") as url:
        yield url


@contextmanager
def certified_provider(folder: Path, callback: str) -> Iterator[str]:
    """The address of a certified provider, installed in `folder`, that sends people to `callback`.

    Anybody signs in there, with any password.
    """
    port = free_port()
    home = shutil.copytree(_CERTIFIED, folder / "provider")
    subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"], cwd=home, check=True, capture_output=True
    )
    command = ["node", "provider.js", str(port), callback, SECRET]
    with running(command, f"http://127.0.0.1:{port}", cwd=home) as url:
        yield url


@contextmanager
def running(command: list[str], url: str, cwd: Path | None = None) -> Iterator[str]:
    """`url` while the provider that `command` starts listens there."""
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        end = time.monotonic() + 120
        while True:
            with suppress(OSError), opener.open(f"{url}/.well-known/openid-configuration"):
                break
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
                raise RuntimeError(f"{command[0]} has ended")
            if time.monotonic() > end:
                raise TimeoutError(f"{command[0]} does not listen at {url}")
        yield url
    finally:
        process.terminate()
        process.wait()
