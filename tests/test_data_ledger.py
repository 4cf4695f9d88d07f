"""The data ledger: every file under data/ is logged with its source, licence and status."""

import csv
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEDGER = ROOT / "data" / "ledger.csv"
STATUSES = {"published", "compiled", "invented", "documentation"}


def ledger() -> list[dict[str, str]]:
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files() -> set[str]:
    """Files under data/ that git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "data"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    return {name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()}


def test_every_file_is_logged():
    unlogged = files() - {row["path"] for row in ledger()}
    assert not unlogged, f"log these files in data/ledger.csv: {sorted(unlogged)}"


def test_every_logged_file_is_there():
    missing = {row["path"] for row in ledger()} - files()
    assert not missing, f"data/ledger.csv lists files that are not there: {sorted(missing)}"


def test_no_file_is_logged_twice():
    paths = [row["path"] for row in ledger()]
    assert len(paths) == len(set(paths))


def test_an_entry_says_where_the_file_comes_from():
    problems = [
        row
        for row in ledger()
        if not (row["source"].strip() and row["licence"].strip() and row["status"] in STATUSES)
    ]
    assert problems == []
