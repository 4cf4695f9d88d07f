"""The fields that a template of a document may name, read from ``data/templates/fields.csv``."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from domain.reference import DATA

_OWN = Path(__file__).parents[2] / "data" / "templates"
TEMPLATES = next(folder for folder in (DATA / "templates", _OWN) if folder.is_dir())
"""Those in the data of the city, else the dashboard's own."""
KINDS = {"text": "文字", "sentences": "段落", "picture": "图", "table": "表", "column": "列"}


@dataclass(frozen=True)
class Field:
    """A field: its kind (`KINDS`), what it stands for, and the columns if it is a table."""

    kind: str
    meaning: str
    columns: tuple[str, ...] = ()


@cache
def fields(document: str) -> dict[str, Field]:
    """Fields of the templates of `document` (brief) by name, in the order of the list."""
    rows = _rows(document)
    columns = [row["field"].split(".", 1) for row in rows if row["kind"] == "column"]
    return {
        row["field"]: Field(
            row["kind"],
            row["meaning"],
            tuple(column for table, column in columns if table == row["field"]),
        )
        for row in rows
        if row["kind"] != "column"
    }


def listed(document: str) -> pd.DataFrame:
    """The fields as the page and the README show them: how to write it, kind, meaning."""
    return pd.DataFrame(
        {
            "写法": _written(row["field"], row["kind"]),
            "种类": KINDS[row["kind"]],
            "含义": row["meaning"],
        }
        for row in _rows(document)
    )


def _rows(document: str) -> list[dict[str, str]]:
    with (TEMPLATES / "fields.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["document"] == document]


def _written(field: str, kind: str) -> str:
    """The field as a template writes it."""
    if kind == "table":
        return "{%tr for row in " + field + " %} … {%tr endfor %}"
    if kind == "sentences":
        return "{%p for sentence in " + field + " %} … {%p endfor %}"
    return "{{ row." + field.split(".")[1] + " }}" if kind == "column" else "{{ " + field + " }}"
