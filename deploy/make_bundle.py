"""The archive from which an office without internet installs the dashboard: ``make bundle``.

It holds the application, the wheels of all its packages for every target, a requirements file with
the hashes of just these wheels, and `install.py`, which asks no network. The packages are those of
``requirements-city.txt``: sign-in and PostgreSQL are there for whoever turns them on.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name, parse_wheel_filename
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PINS = "requirements-city.txt"
SOURCES = {"fontmeta"}  # published without a wheel; pure Python, so one wheel serves every target
NOT_NEEDED = ("tests/", "bench/", ".ci/", ".github/", "docs/*.png", ".pre-commit-config.yaml")
AT_THE_TOP = ("install.py", "install.sh", "install.bat", "switch.sh", "安装说明.txt")


@dataclass(frozen=True)
class Target:
    """A system and a version of Python (``3.11``) that the archive serves.

    `platforms` are the tags of wheels that fit, `markers` what requirements may ask about it.
    """

    python: str
    platforms: tuple[str, ...]
    markers: dict[str, str]

    def wants(self, package: Requirement) -> bool:
        """Whether the package is installed on this target, with its first or its latest Python."""
        asked = self.markers | {"python_version": self.python}
        return package.marker is None or any(
            package.marker.evaluate(asked | {"python_full_version": f"{self.python}.{patch}"})
            for patch in (0, 99)
        )


PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_CPYTHON = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
# glibc 2.28 and later: Kylin V10, UOS 20, Debian 10, RHEL 8.
_LINUX = tuple(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1))
_LINUX_MARKERS = _CPYTHON | {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
}
_WINDOWS_MARKERS = _CPYTHON | {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
}
LINUX = tuple(
    Target(python, (*_LINUX, "manylinux2014_x86_64", "linux_x86_64"), _LINUX_MARKERS)
    for python in PYTHONS
)
WINDOWS = tuple(Target(python, ("win_amd64",), _WINDOWS_MARKERS) for python in PYTHONS)


@dataclass(frozen=True)
class Pin:
    """A package with its version, and the SHA-256 of each of its published files."""

    package: Requirement
    hashes: tuple[str, ...]

    @property
    def key(self) -> tuple[NormalizedName, Version]:
        """Name and version as names of wheels have them; a name may have several versions."""
        (pinned,) = self.package.specifier
        return canonicalize_name(self.package.name), Version(pinned.version)

    def line(self, hashes: Iterable[str]) -> str:
        """A line of a requirements file."""
        return " ".join([str(self.package), *(f"--hash=sha256:{one}" for one in hashes)]) + "\n"


def build(folder: Path, targets: Iterable[Target] = (*LINUX, *WINDOWS)) -> Path:
    """Write the archive for `targets` into `folder`; returns its path.

    The same commit and wheels make the same bytes. Raises `CalledProcessError` where a package has
    no wheel for a target, or one whose hash is not known.
    """
    made_at = int(_git("log", "-1", "--format=%ct"))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"coverage-{version}.zip"
    with tempfile.TemporaryDirectory() as work:
        wheels = Path(work) / "wheels"
        pins = _pins((ROOT / PINS).read_text("utf-8"))
        _fetch(pins, targets, wheels, made_at)
        with zipfile.ZipFile(archive, "w") as writing:
            for name, content in _contents(pins, wheels):
                member = zipfile.ZipInfo(
                    f"coverage-{version}/{name}",
                    datetime.fromtimestamp(made_at, UTC).timetuple()[:6],
                )
                packed = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                writing.writestr(member, content, packed)
    return archive


def _pins(text: str) -> list[Pin]:
    """The packages of a requirements file with hashes."""
    lines = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    parts = [line.split("--hash=sha256:") for line in lines if line.strip()]
    return [Pin(Requirement(name), tuple(map(str.strip, hashes))) for name, *hashes in parts]


def _fetch(pins: list[Pin], targets: Iterable[Target], wheels: Path, made_at: int) -> None:
    """Collect the wheels of `pins` for all targets.

    pip takes tags from its options but markers from the machine that it runs on, so it is given
    the packages that a target wants, without their markers.
    """
    built = [pin for pin in pins if pin.package.name in SOURCES]
    _pip(built, "wheel", "--no-binary", ":all:", "--wheel-dir", wheels, SOURCE_DATE_EPOCH=made_at)
    for target in targets:
        wanted = [pin for pin in pins if pin not in built and target.wants(pin.package)]
        tags = (f"--platform={platform}" for platform in target.platforms)
        fits = (*tags, f"--python-version={target.python}", "--implementation=cp")
        _pip(wanted, "download", "--only-binary", ":all:", *fits, "--dest", wheels)


def _pip(pins: list[Pin], command: str, *options: str | Path, **variables: int) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for pin in pins:
            unmarked = Requirement(str(pin.package))
            unmarked.marker = None
            file.write(Pin(unmarked, pin.hashes).line(pin.hashes))
        file.flush()
        subprocess.run(
            [sys.executable, "-m", "pip", command, "--quiet", "--no-deps", "--require-hashes",
             "--requirement", file.name, *options],
            env={**os.environ, **{name: str(value) for name, value in variables.items()}},
            check=True,
        )  # fmt: skip


def _contents(pins: list[Pin], wheels: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents of what stands in the archive."""
    for name in AT_THE_TOP:
        yield name, _content(ROOT / "deploy" / name)
    without = [f":(exclude){path}" for path in NOT_NEEDED]
    for name in _git("ls-files", "-z", "--", ".", *without).rstrip("\0").split("\0"):
        yield f"app/{name}", _content(ROOT / name)
    hashes: dict[tuple[NormalizedName, Version], list[str]] = {}
    for wheel in sorted(wheels.iterdir()):
        content = wheel.read_bytes()
        name, version, *_ = parse_wheel_filename(wheel.name)
        hashes.setdefault((name, version), []).append(hashlib.sha256(content).hexdigest())
        yield f"wheels/{wheel.name}", content
    lines = [pin.line(hashes[pin.key]) for pin in pins if pin.key in hashes]
    yield "requirements.txt", "".join(lines).encode()


def _content(path: Path) -> bytes:
    """What a file holds, with the line ends and the mark of UTF-8 that Windows looks for."""
    content = path.read_bytes()
    if path.suffix == ".bat":
        return content.replace(b"\n", b"\r\n")
    if path.name == "安装说明.txt":
        return content.decode().replace("\n", "\r\n").encode("utf-8-sig")
    return content


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    ).stdout


if __name__ == "__main__":
    bundle = build(ROOT / "dist")
    print(f"{bundle}\t{bundle.stat().st_size / 1e6:.0f} MB")
