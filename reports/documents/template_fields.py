"""The fields that a template of a document may name, read from ``data/templates/fields.csv``."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from domain.reference import DATA

_OWN = Path(__file__).parents[2] / "data" / "templates"
TEMPLATES = next(folder for folder in (DATA / "templates", _OWN) if folder.is_dir())
"""Those that the city's data bring, or the dashboard's own."""
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
    columns = rows[rows["kind"] == "column"]["field"].str.split(".", n=1, expand=True)
    return {
        row.field: Field(
            row.kind,
            row.meaning,
            tuple(columns.loc[columns[0] == row.field, 1]) if row.kind == "table" else (),
        )
        for row in rows[rows["kind"] != "column"].itertuples()
    }


def listed(document: str) -> pd.DataFrame:
    """The fields as the page and the README show them: how to write it, kind, meaning."""
    rows = _rows(document)
    return pd.DataFrame(
        {
            "写法": [_written(row.field, row.kind) for row in rows.itertuples()],
            "种类": rows["kind"].map(KINDS),
            "含义": rows["meaning"],
        }
    )


def _rows(document: str) -> pd.DataFrame:
    rows = pd.read_csv(TEMPLATES / "fields.csv", dtype=str, keep_default_na=False)
    return rows[rows["document"] == document].reset_index(drop=True)


def _written(field: str, kind: str) -> str:
    """How a template names the field."""
    if kind == "table":
        return "{%tr for row in " + field + " %} … {%tr endfor %}"
    if kind == "sentences":
        return "{%p for sentence in " + field + " %} … {%p endfor %}"
    return "{{ row." + field.split(".")[1] + " }}" if kind == "column" else "{{ " + field + " }}"
