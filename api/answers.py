"""Rows written as JSON, CSV or GeoJSON, a page of them at a time, each under its stamp."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import shapely

from api.answer_columns import Kind
from api.questions import Question
from api.resources import Resource
from excel.cell_text import text
from queries.stamps import stamp_of

NONE = "—"  # what pages show where there is nothing
_LIVE = tuple("=+-@＝＋－＠\t\n")  # how cells begin that a spreadsheet would work out
_CELLS: dict[Kind, Callable[[Any], Any]] = {
    "id": str,
    "text": str,
    "integer": int,
    "number": float,
    "share": float,
    "flag": bool,
    "day": lambda day: pd.Timestamp(day).date().isoformat(),
    "month": lambda day: f"{day:%Y-%m}",
    "moment": str,
}


def written(
    resource: Resource, question: Question, form: str, rows: pd.DataFrame, following: str | None
) -> bytes:
    """The page of `rows` that `question` wants, as `form`; `following` is where the next page is.

    In CSV the stamp is the last column.
    """
    first = (question.page - 1) * question.size
    shown = rows.iloc[first : first + question.size]
    columns = [_cells(shown[name], column.kind) for name, column in resource.columns.items()]
    stamp = stamp_of(question.scope, question.snapshot.manifest, question.basis)
    if form == "csv":
        return _csv([*resource.columns, "stamp"], [*columns, [stamp] * len(shown)])
    items = [dict(zip(resource.columns, row, strict=True)) for row in zip(*columns, strict=True)]
    about = {
        "stamp": stamp,
        "snapshot_id": question.scope.snapshot_id,
        "as_of": question.scope.as_of.isoformat(),
        "demo": question.snapshot.manifest["demo"],
        "page": question.page,
        "size": question.size,
        "total": len(rows),
        "next": following,
    }
    if form == "geojson" and resource.places:
        return _json(
            {"type": "FeatureCollection"}
            | about
            | {"features": _features(resource.places(shown), items)}
        )
    return _json(about | {"items": items})


def _cells(column: pd.Series, kind: Kind) -> list[Any]:
    """The cells of a column, None where there is nothing."""
    cell = _CELLS[kind]
    return [None if pd.isna(value) or value == NONE else cell(value) for value in column]


def _features(places: Sequence[Any], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "geometry": None if place is None else json.loads(shapely.to_geojson(place)),
            "properties": item,
        }
        for place, item in zip(places, items, strict=True)
    ]


def _csv(names: list[str], columns: list[list[Any]]) -> bytes:
    """UTF-8 with a mark that spreadsheets look for; no text of it is worked out as a formula."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(names)
    rows.writerows(zip(*([_inert(value) for value in column] for column in columns), strict=True))
    return file.getvalue().encode("utf-8-sig")


def _inert(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return value
    clean = text(value)
    return f"'{clean}" if clean.startswith(_LIVE) else clean


def _json(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()
