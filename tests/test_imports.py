"""The tree: imports go one way, streamlit stays in its place, nothing shadows coverage.py."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = {
    "domain": set(),
    "geo": {"domain"},
    "loaders": {"domain", "geo"},
    "reports": {"domain", "geo", "loaders"},
    "ui": {"domain", "geo", "loaders", "reports"},
    "app_pages": {"domain", "ui", "reports"},
    "app.py": {"ui"},
}
OURS = {name for name in ALLOWED if name != "app.py"}
SOURCES = [ROOT / "app.py", *sorted(path for name in OURS for path in (ROOT / name).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path):
    part = path.relative_to(ROOT).parts[0]
    assert imported(path) & OURS <= ALLOWED[part] | {part}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_streamlit_stands_only_in_the_interface(path):
    part = path.relative_to(ROOT).parts[0]
    assert part in {"app.py", "app_pages", "ui"} or not imported(path) & {
        "streamlit",
        "streamlit_folium",
    }


def test_no_package_shadows_coverage():
    assert not (ROOT / "coverage").exists() and not (ROOT / "coverage.py").exists()


def test_no_folder_has_the_name_that_streamlit_discovers_by_itself():
    # With a folder `pages`, the first deep link after a start ends in "Page not found".
    assert not (ROOT / "pages").exists()
