"""Places of a file of addresses, as ``python -m loaders geocode`` writes them."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import pandas as pd

from geo import geocoding
from geo.coordinates import crs_code
from loaders.formats import opened_files
from loaders.formats.cell_sheet import Cell
from loaders.kinds import KINDS
from loaders.reading import (
    cell_parsing,
    header_matching,
    named_systems,
    point_columns,
    record_checks,
)
from loaders.reading.column_names import POINTS
from loaders.reading.traditional_characters import simplified
from store.errors import HeaderError
from store.step_progress import Progress, silent

ANSWER = [name for name in geocoding.COLUMNS if name not in ("review", "outside")]
_TEXTS = ("name", "address")
_DECIMALS = 7  # about 1 cm


def geocoded(
    path: Path, crs: str | None, progress: Progress = silent
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows of a file, as texts and in their order, with `ANSWER` beside them; and its notes.

    Only name, address and point are looked at: a county that the file states is not an answer. An
    input column that has the name of an answer column is renamed ``input_<name>``. `crs` is that
    of rows that state none. Raises `IntakeError` for a file that cannot be read.
    """
    progress("读取文件", 0.0)
    header, rows = _table(path)
    places = _positions(header, path.name)
    evidence = {name: rows[places[name]].map(_text) for name in _TEXTS if name in places}
    if "address" in evidence:
        evidence["address"] = evidence["address"].map(simplified)
    sent = {name: rows[places[name]] for name in POINTS if name in places}
    said = cell_parsing.nothing(rows.index, "str")
    headers = [header[places[name]] for name in sent]
    if sent:
        default = named_systems.system(headers, path.name, crs) or crs
        cells = rows[places["crs"]].map(_system) if "crs" in places else said
        stated = named_systems.stated(cells, headers)
        points = point_columns.read(sent, rows.index, stated, default)
        system, against = named_systems.of_points(
            cells, points.crs, named_systems.named(headers), default
        )
        evidence |= {"lon": points.lon, "lat": points.lat, "crs": system}
        for note in (*points.reasons.values(), points.note, against, points.mended):
            said = record_checks.joined(said, note.reindex(rows.index))
    progress("定位", 0.2)
    found = geocoding.geocode(pd.DataFrame(evidence, index=rows.index))[ANSWER]
    found["reason"] = record_checks.joined(
        said, found["reason"].mask(found["reason"] == "")
    ).fillna("")
    found = found.round({"lon": _DECIMALS, "lat": _DECIMALS, "confidence": 3})
    renamed = [f"input_{name}" if name in ANSWER else name for name in header]
    progress("完成", 1.0)
    answers = pd.concat([rows.map(_text).set_axis(renamed, axis=1), found], axis=1)
    return answers, named_systems.note(headers, None)


def _table(path: Path) -> tuple[list[str], pd.DataFrame]:
    """Header texts, and the rows below: every line that is there, blank cells included."""
    sheet, top = header_matching.table(opened_files.sheets(path), list(KINDS), path.name)
    lines = [row for row in sheet.rows[top:] if row]
    columns = [list(column) for column in zip_longest(*lines, fillvalue="")]
    rows = pd.DataFrame(dict(enumerate(columns)), dtype=object).iloc[1:].reset_index(drop=True)
    return [_text(column[0]).strip() for column in columns], rows


def _positions(header: Sequence[str], file: str) -> dict[str, int]:
    places = header_matching.positions(header, "merchants")
    pointed = {"lon", "lat"} <= set(places) or "lonlat" in places
    if not set(_TEXTS) & set(places) and not pointed:
        written = "、".join(f"“{name}”" for name in header)
        raise HeaderError(
            f"文件“{file}”里没有名称、地址或经纬度列，表头是：{written}。请写明其中之一"
        )
    return places


def _system(cell: Cell) -> str | None:
    """Code of the coordinate system in a cell, None if it is blank, '' if it is not known."""
    return None if cell_parsing.is_blank(cell) else crs_code(_text(cell)) or ""


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell_parsing.text(cell)
