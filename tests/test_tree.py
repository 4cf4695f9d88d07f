"""The tree: what a stranger may rely on when looking for the place of a line."""

import re
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE_FILES = {"__init__.py", "__main__.py", "conftest.py"}


def python_files() -> list[Path]:
    """Python files that git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    paths = [Path(name) for name in listing.stdout.split("\0") if name]
    return [path for path in paths if (ROOT / path).is_file()]


def test_a_file_name_says_its_subject_once_in_the_whole_tree():
    # A page's script has the name of its folder of parts, so names are those of files alone.
    names = Counter(path.name for path in python_files() if path.name not in PACKAGE_FILES)
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_no_module_has_a_name_that_says_nothing():
    names = {part for path in python_files() for part in path.with_suffix("").parts}
    assert names & {"utils", "helpers", "services", "core", "config", "common", "misc"} == set()


def test_no_package_shadows_coverage():
    # coverage.py, the measuring tool, would find ours instead.
    assert not (ROOT / "coverage").exists() and not (ROOT / "coverage.py").exists()


def test_what_runs_after_a_page_asks_again_who_is_there():
    # A part that runs alone and a file that is made on demand know nothing of the page's script.
    bare = {
        path.name: re.findall(r"st\.(?:fragment|dialog|download_button)\b", path.read_text("utf-8"))
        for path in (ROOT / one for one in python_files() if one.parts[0] in {"pages", "ui"})
    }
    found = {name: calls for name, calls in bare.items() if calls}
    assert found == {
        "frame.py": ["st.fragment"],
        "page_downloads.py": ["st.download_button"],
    }


def test_streamlit_finds_no_folder_of_pages_beside_its_script():
    # It would guess pages by itself: the first deep link after a start ended in "Page not found".
    assert not (ROOT / "ui" / "pages").exists()
