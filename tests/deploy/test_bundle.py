"""An office without internet installs the archive, starts it by its units, and changes versions."""

import asyncio
import configparser
import os
import shlex
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy import make_bundle
from tests.support.dashboard_server import ROOT, Server
from tests.support.streamlit_session import Session, connected

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
NOWHERE = "http://127.0.0.1:9"  # where nobody listens
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:8501/oauth2callback"
cookie_secret = "a cookie secret for the tests only"
client_id = "dashboard"
client_secret = "of the tests"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
"""


class Office:
    """A machine without a way out, on which the archive is installed under `folder`."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "opt" / "coverage"
        self.home = folder / "var" / "lib" / "coverage"
        for path in (self.place, self.home / "backups"):
            path.mkdir(parents=True)
        self.settings = self.place / "environment"
        text = (ROOT / "deploy" / "environment.example").read_text("utf-8")
        self.settings.write_text(self._here(text), "utf-8")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "PYTHON": sys.executable,
            "PIP_INDEX_URL": NOWHERE,
            "PIP_FIND_LINKS": NOWHERE,
            "http_proxy": NOWHERE,
            "https_proxy": NOWHERE,
        }

    def run(self, *command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        """What came of a command."""
        return subprocess.run(
            command, env=self.environment, capture_output=True, encoding="utf-8", **options
        )

    def unit(self, name: str, instance: str = "") -> tuple[list[str], Path, dict[str, str]]:
        """Command, folder and environment of a unit of systemd, as systemd reads them."""
        unit = configparser.RawConfigParser()
        unit.optionxform = str
        unit.read(ROOT / "deploy" / name, "utf-8")
        service = {
            key: self._here(value.replace("%i", instance).replace("%%", "%").replace("$$", "$"))
            for key, value in unit["Service"].items()
        }
        lines = Path(service["EnvironmentFile"]).read_text("utf-8").splitlines()
        settings = dict(shlex.split(line)[0].split("=", 1) for line in lines if line[0] != "#")
        command = shlex.split(service["ExecStart"])
        return command, Path(service["WorkingDirectory"]), self.environment | settings

    def _here(self, text: str) -> str:
        for path, place in (("/opt/coverage", self.place), ("/var/lib/coverage", self.home)):
            text = text.replace(path, str(place))
        return text


class Service(Server):
    """The dashboard as its unit starts it."""

    def __init__(self, office: Office) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        command, folder, environment = office.unit("coverage@.service", str(self.port))
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.until(self._answers)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The archive for this machine's Python alone."""
    targets = [target for target in make_bundle.LINUX if target.python == PYTHON]
    return make_bundle.build(tmp_path_factory.mktemp("dist"), targets)


@pytest.fixture(scope="module")
def office(tmp_path_factory, archive):
    """An office where it is installed and in use."""
    office = Office(tmp_path_factory.mktemp("office"))
    shutil.unpack_archive(archive, office.place)
    (folder,) = office.place.glob("coverage-*")
    installed = office.run("sh", folder / "install.sh")
    assert installed.returncode == 0, installed.stderr
    switched = office.run("sh", folder / "switch.sh")
    assert switched.returncode == 0, switched.stderr
    return office


def shown(office):
    """Titles and sentences of the page that somebody sees who opens the dashboard."""

    async def visit(port):
        async with connected(port) as socket:
            session = Session(socket)
            await session.open("")
            assert session.exceptions() == []
            return [one.markdown.body or one.heading.body for one in session.shown]

    service = Service(office)
    try:
        with ThreadPoolExecutor() as thread:  # Playwright, if it is in this process, has a loop
            texts = thread.submit(lambda: asyncio.run(visit(service.port))).result()
    finally:
        service.stop()
    return " ".join(texts)


def test_an_office_without_internet_installs_it_and_opens_a_page(office):
    assert "还没有数据" in shown(office)


def test_with_an_identity_provider_it_asks_who_is_there(office):
    secrets = office.home / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(SECRETS, "utf-8")
    try:
        assert "请先登录" in shown(office)
    finally:
        secrets.unlink()
