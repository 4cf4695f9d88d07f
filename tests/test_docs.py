"""The documents for engineers: what they name exists, and what exists they name."""

import re
from pathlib import Path

import pytest

from loaders import __main__ as loaders_command
from reports import __main__ as reports_command

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ["README.md", "README.en.md", "CONTRIBUTING.md", *sorted(
    str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")
)]  # fmt: skip
ROOMS = {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"}
PATH = re.compile(r"`([\w./-]+)`")
LINK = re.compile(r"\]\(([\w./-]+)\)")
VARIABLE = re.compile(r"COVERAGE_[A-Z]+")
NOT_SHIPPED = {"store/", "store/current", "data/store/", "data/boundaries/towns.gpkg"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def paths(name: str) -> set[str]:
    """Paths of files and folders of the tree that a document names in code marks."""
    named = {path for path in PATH.findall(text(name)) if path.split("/")[0] in ROOMS}
    return {path for path in named if "/" in path} - NOT_SHIPPED


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_that_a_document_names_exists(name):
    assert [path for path in sorted(paths(name)) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_a_file(name):
    folder = (ROOT / name).parent
    assert [link for link in LINK.findall(text(name)) if not (folder / link).exists()] == []


def test_there_are_recipes_for_what_changes_often_and_each_names_a_test():
    recipes = re.split(r"^## ", text("docs/recipes.md"), flags=re.MULTILINE)[1:]
    assert len(recipes) >= 20
    assert [recipe.splitlines()[0] for recipe in recipes if "`tests/" not in recipe] == []


def test_the_readme_names_every_room():
    missing = [room for room in sorted(ROOMS) if not re.search(rf"\b{room}/", text("README.md"))]
    assert missing == []


@pytest.mark.parametrize("command", [loaders_command, reports_command], ids=["loaders", "reports"])
def test_every_command_and_option_is_in_the_readme(command, capsys):
    room = command.__name__.partition(".")[0]
    with pytest.raises(SystemExit):
        command.main(["--help"])
    names = re.findall(r"^    ([a-z]+)\b", capsys.readouterr().out, flags=re.MULTILINE)
    assert names
    for name in names:
        with pytest.raises(SystemExit):
            command.main([name, "--help"])
        options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
        line = re.search(rf"^    python -m {room} {name}\b.*$", text("README.md"), re.MULTILINE)
        assert line, name
        assert [option for option in sorted(options) if option not in line[0]] == [], name


def test_every_variable_of_the_environment_is_in_the_readme():
    read = set()
    for room in ROOMS - {"tests", "bench", "docs", "data"}:
        for path in (ROOT / room).rglob("*.py"):
            read |= set(VARIABLE.findall(path.read_text(encoding="utf-8")))
    assert read
    assert read <= set(VARIABLE.findall(text("README.md")))
