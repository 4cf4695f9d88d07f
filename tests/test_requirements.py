"""The pins are in step with the direct dependencies: `make lock` makes them of pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {
    "requirements.txt": [],
    "requirements-spark.txt": ["spark"],
    "requirements-city.txt": ["postgres"],
    "requirements-dev.txt": ["postgres", "dev", "spark"],
    "requirements-bench.txt": ["postgres", "dev", "spark", "bench"],
}
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)


def direct(extras: list[str]) -> dict[str, str]:
    """Names and versions of the direct dependencies and of those of `extras`."""
    stated = [*PROJECT["dependencies"]]
    for extra in extras:
        stated += PROJECT["optional-dependencies"][extra]
    pins = [PIN.match(one) for one in stated]
    assert all(pins), "every direct dependency is pinned with =="
    return {pin[1]: pin[2] for pin in pins}


def blocks(file: str) -> dict[str, str]:
    """What a requirements file says of each package: its pin, hashes and who brings it."""
    text = (ROOT / file).read_text(encoding="utf-8")
    starts = [match.start() for match in PIN.finditer(text)]
    parts = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    return {PIN.match(part)[1]: part for part in parts}


@pytest.mark.parametrize("file", EXTRAS)
def test_every_direct_dependency_has_its_pin(file):
    pins = {name: PIN.match(block)[2] for name, block in blocks(file).items()}
    wanted = direct(EXTRAS[file])
    assert {name: pins.get(name) for name in wanted} == wanted, "run `make lock`"


@pytest.mark.parametrize("file", EXTRAS)
def test_every_other_package_is_brought_by_one_that_is_there(file):
    found = blocks(file)
    lost = []
    for name, block in found.items():
        by = {line.strip("# ").removeprefix("via ") for line in block.splitlines() if "#" in line}
        brought = any(one in found or one.startswith("lianyungang-ecny-coverage") for one in by)
        if name not in direct(EXTRAS[file]) and not brought:
            lost.append(name)
    assert lost == [], "run `make lock`"


@pytest.mark.parametrize("file", EXTRAS)
def test_every_pin_has_its_hashes_and_names_no_host(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    assert "://" not in text and "--find-links" not in text
    assert [name for name, block in blocks(file).items() if "--hash=sha256:" not in block] == []


def test_what_runs_the_dashboard_is_the_same_everywhere():
    runs = blocks("requirements.txt")
    for file in EXTRAS:
        pins = blocks(file)
        assert {name: PIN.match(pins[name])[2] for name in runs} == {
            name: PIN.match(block)[2] for name, block in runs.items()
        }
