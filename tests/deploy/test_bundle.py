"""An office without internet installs the archive, starts it by its units, and changes versions."""

import asyncio
import configparser
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest
from packaging.requirements import Requirement

from deploy import make_bundle
from tests.support.dashboard_server import ROOT, Server
from tests.support.streamlit_session import Session, connected

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
NOWHERE = "http://127.0.0.1:9"  # where nobody listens


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

        self.units = folder / "units"
        self.units.mkdir()
        for unit in (ROOT / "deploy").glob("coverage*"):
            (self.units / unit.name).write_text(self._here(unit.read_text("utf-8")), "utf-8")

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """What came of a command."""
        return subprocess.run(
            command, env=self.environment, capture_output=True, encoding="utf-8", check=False
        )

    def unit(self, name: str, instance: str = "") -> tuple[list[str], Path, dict[str, str]]:
        """Command, folder and environment of a unit of systemd, as systemd reads them."""
        unit = configparser.RawConfigParser()
        unit.optionxform = str
        unit.read(self.units / name, "utf-8")
        service = {
            key: value.replace("%i", instance).replace("%%", "%").replace("$$", "$")
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
    archive = make_bundle.build(tmp_path_factory.mktemp("dist"), targets)
    yield archive
    archive.unlink()  # pytest keeps its folders, and this is large


@pytest.fixture(scope="module")
def office(tmp_path_factory, archive):
    """An office where it is installed and in use."""
    folder = tmp_path_factory.mktemp("office")
    office = Office(folder)
    shutil.unpack_archive(archive, office.place)
    (version,) = office.place.glob("coverage-*")
    installed = office.run("sh", version / "install.sh")
    assert installed.returncode == 0, installed.stderr
    switched = office.run("sh", version / "switch.sh")
    assert switched.returncode == 0, switched.stderr
    yield office
    shutil.rmtree(folder)


@pytest.fixture
def data(office, demo_store):
    """The demo in the office's store, for one test."""
    store = office.home / "store"
    shutil.copytree(demo_store, store)
    yield store
    shutil.rmtree(store)


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
    example = (ROOT / "deploy" / "secrets.example.toml").read_text("utf-8")
    secrets = office.home / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    filled = {"统一登录的网址": "127.0.0.1:9", "32 位以上的随机字符": "0123456789" * 4}
    for blank, text in filled.items():
        assert blank in example
        example = example.replace(blank, text)
    secrets.write_text(example, "utf-8")
    try:
        assert "请先登录" in shown(office)
    finally:
        secrets.unlink()


def test_a_package_that_is_not_as_it_was_is_not_installed(office, tmp_path):
    (folder,) = office.place.glob("coverage-*")
    (tmp_path / "wheels").mkdir()
    wheel = next((folder / "wheels").glob("toolz-*"))
    (tmp_path / "wheels" / wheel.name).write_bytes(wheel.read_bytes() + b" ")
    lines = (folder / "requirements.txt").read_text("utf-8").splitlines()
    pin = next(line for line in lines if line.startswith("toolz=="))
    (tmp_path / "requirements.txt").write_text(pin, "utf-8")
    shutil.copy(folder / "install.py", tmp_path)
    done = office.run(sys.executable, tmp_path / "install.py")
    assert done.returncode == 1 and "没有装上" in done.stdout
    assert not list((tmp_path / "venv").rglob("toolz"))


def test_systemd_finds_nothing_wrong_with_the_units(office):
    units = [office.units / name for name in ("coverage@8501.service", "coverage-backup.timer")]
    checked = office.run("systemd-analyze", "verify", "--man=no", *units)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_daily_backup_brings_everything_back(office, data, tmp_path):
    command, folder, environment = office.unit("coverage-backup.service")
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    (backup,) = (office.home / "backups").iterdir()
    assert backup.stem in "1234567"
    python = office.place / "current" / "venv" / "bin" / "python"
    restored = subprocess.run(
        [python, "-m", "store", "restore", backup],
        cwd=folder,
        env=environment | {"COVERAGE_STORE": str(tmp_path / "store")},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    current = (data / "current").read_text("utf-8").strip()
    assert json.loads(restored.stdout)["current"] == current


def test_another_version_takes_over_only_if_it_finds_the_data_sound_and_gives_back(office, data):
    current = office.place / "current"
    older = current.resolve()
    newer = office.place / "newer"
    newer.mkdir()
    for part in ("app", "venv"):
        (newer / part).symlink_to(older / part)
    shutil.copy(older / "switch.sh", newer)

    table = next(data.glob("snapshots/*/merchants.parquet"))
    content = table.read_bytes()
    table.write_bytes(content[:-1])
    refused = office.run("sh", newer / "switch.sh")
    assert refused.returncode != 0 and "merchants.parquet" in refused.stdout + refused.stderr
    assert current.resolve() == older

    table.write_bytes(content)
    for version in (newer, older):
        assert office.run("sh", version / "switch.sh").returncode == 0
        assert current.resolve() == version


def test_windows_runs_the_same_commands_as_linux(office):
    name = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    started, saved = (
        ElementTree.parse(ROOT / "deploy" / file).getroot()
        for file in ("windows_dashboard.xml", "windows_backup.xml")
    )
    command, _, _ = office.unit("coverage@.service", "8501")
    assert started.find(f".//{name}Arguments").text.split() == command[1:]
    assert started.find(f".//{name}ExecutionTimeLimit").text == "PT0S", "for ever"
    assert "-m store backup" in saved.find(f".//{name}Arguments").text
    for task in (started, saved):
        path = re.search(r"app\\(deploy\\\w+\.bat)", "".join(task.itertext()))[1]
        assert (office.place / "current" / "app" / path.replace("\\", "/")).is_file()


def test_the_archive_holds_the_application_and_what_it_needs_and_no_tests(archive):
    with zipfile.ZipFile(archive) as opened:
        names = {name.partition("/")[2] for name in opened.namelist()}
        guide = opened.read(next(name for name in opened.namelist() if "安装说明" in name))
    assert {"app/app.py", "app/data/reference/rules.toml", "install.bat", "switch.sh"} <= names
    assert {name.split("/")[1] for name in names if "/" in name}.isdisjoint({"tests", "bench"})
    assert not any(name.endswith(".png") for name in names)
    for target in (*make_bundle.LINUX, *make_bundle.WINDOWS):
        assert target.python in guide.decode("utf-8-sig")


def test_a_package_is_taken_for_the_systems_that_its_marker_names():
    (linux, *_), (windows, *_, latest) = make_bundle.LINUX, make_bundle.WINDOWS
    colours = Requirement('colorama==0.4.6 ; sys_platform == "win32"')
    older = Requirement('tomli==2.0 ; python_full_version < "3.12"')
    late = Requirement('later==1.0 ; python_full_version >= "3.11.4"')
    assert [target.wants(colours) for target in (linux, windows, latest)] == [False, True, True]
    assert [target.wants(older) for target in (linux, windows, latest)] == [True, True, False]
    assert linux.wants(late)
