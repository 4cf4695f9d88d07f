"""Places of a file of addresses, as ``python -m loaders geocode`` writes them."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import pandas as pd

from geo import geocoding
from loaders.formats import opened_files
from loaders.formats.cell_sheet import Cell
from loaders.kinds import KINDS
from loaders.reading import angles, cell_parsing, header_matching
from loaders.reading.traditional_characters import simplified
from store.errors import HeaderError
from store.step_progress import Progress, silent

ANSWER = [name for name in geocoding.COLUMNS if name not in ("review", "outside")]
EVIDENCE = ("name", "address", "lon", "lat", "lonlat", "crs")
"""The only columns that are looked at: a county that the file states is not an answer."""

_ANGLES = {"lon": angles.degrees, "lat": angles.degrees}
_PAIR = (angles.longitude, angles.latitude)
_DECIMALS = 7  # about 1 cm


def geocoded(path: Path, crs: str | None, progress: Progress = silent) -> pd.DataFrame:
    """The rows of a file, as texts and in their order, and `ANSWER` beside them.

    An input column that has the name of an answer column is renamed ``input_<name>``. `crs` is
    that of rows that state none. Raises `IntakeError` for a file that cannot be read.
    """
    progress("读取文件", 0.0)
    header, rows = _table(path)
    positions = _positions(header, path.name)
    evidence = pd.DataFrame(index=rows.index)
    for column, place in positions.items():
        evidence[column] = _read(rows[place], _ANGLES.get(column))
    if "address" in evidence:
        evidence["address"] = evidence["address"].map(simplified)
    if "lonlat" in evidence:
        lon, lat = (_read(rows[positions["lonlat"]], reader) for reader in _PAIR)
        evidence = evidence.assign(lon=lon, lat=lat).drop(columns="lonlat")
    if crs and "lon" in evidence:
        stated = evidence.get("crs", pd.Series("", index=rows.index))
        evidence["crs"] = stated.mask(stated.map(cell_parsing.is_blank), crs)
    progress("定位", 0.2)
    found = geocoding.geocode(evidence)[ANSWER]
    found = found.round({"lon": _DECIMALS, "lat": _DECIMALS, "confidence": 3})
    renamed = [f"input_{name}" if name in ANSWER else name for name in header]
    progress("完成", 1.0)
    return pd.concat([rows.map(_text).set_axis(renamed, axis=1), found], axis=1)


def _table(path: Path) -> tuple[list[str], pd.DataFrame]:
    """Header texts, and the rows below: every line that is there, blank cells included."""
    sheet, top = header_matching.table(opened_files.sheets(path), list(KINDS), path.name)
    lines = [row for row in sheet.rows[top:] if row]
    columns = [list(column) for column in zip_longest(*lines, fillvalue="")]
    rows = pd.DataFrame(dict(enumerate(columns)), dtype=object).iloc[1:].reset_index(drop=True)
    return [_text(column[0]).strip() for column in columns], rows


def _positions(header: Sequence[str], file: str) -> dict[str, int]:
    found = header_matching.positions(header, "merchants")
    positions = {column: found[column] for column in EVIDENCE if column in found}
    pointed = {"lon", "lat"} <= set(positions) or "lonlat" in positions
    if not {"name", "address"} & set(positions) and not pointed:
        written = "、".join(f"“{name}”" for name in header)
        raise HeaderError(
            f"文件“{file}”里没有名称、地址或经纬度列，表头是：{written}。请写明其中之一"
        )
    return positions


def _read(cells: pd.Series, reader: cell_parsing.Reader | None) -> pd.Series:
    """Cells as texts, or as degrees where they can be read as such."""
    texts = cells.map(_text)
    if reader is None:
        return texts
    values, _ = cell_parsing.column(cells, reader, "float64")
    return values.astype(object).where(values.notna(), texts)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell_parsing.text(cell)
