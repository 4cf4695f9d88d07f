"""The cells of a table, typed: every column of its kind, and what could not be read."""

from dataclasses import dataclass
from itertools import zip_longest

import pandas as pd

from loaders.formats.cell_sheet import Sheet
from loaders.reading import (
    angles,
    cell_parsing,
    header_matching,
    non_data_rows,
    point_columns,
    record_checks,
    units,
    vocabulary,
)
from loaders.reading.header_matching import WIDE, Layout
from loaders.reading.record_checks import Problem
from store.errors import EmptyFileError

_Readers = dict[str, tuple[cell_parsing.Reader, str]]

_BY_COLUMN: _Readers = {
    "merchant_id": (cell_parsing.code, "str"),
    "scenario_no": (cell_parsing.code, "str"),
    "venue_id": (cell_parsing.code, "str"),
    "cluster_id": (cell_parsing.code, "str"),
    "filing_id": (cell_parsing.code, "str"),
    "lon": (angles.degrees, "float64"),
    "lat": (angles.degrees, "float64"),
}
_BY_TYPE: _Readers = {  # of every other column
    "text": (cell_parsing.wording, "str"),
    "number": (cell_parsing.number, "float64"),
    "integer": (cell_parsing.integer, "Int64"),
    "boolean": (cell_parsing.boolean, "boolean"),
    "date": (cell_parsing.day, "date"),
    "month": (cell_parsing.month, "date"),
    **{kind: (reader, "str") for kind, reader in vocabulary.READERS.items()},
}
_OF_KIND: dict[str, _Readers] = {  # columns that are read otherwise in one kind of file
    "indicators": {
        "county": (vocabulary.county_or_city, "str"),
        "operator": (vocabulary.operator_or_all, "str"),
        "unit": (units.unit, "str"),
    },
    "filings": {"county": (vocabulary.county_or_none, "str")},
}
_TO_REVIEW = {"merchants": {"scenario_id"}}  # wrong cells that a person settles, not the sender


@dataclass(frozen=True)
class Source:
    """Where rows come from: the file's name, the sheet, and how its table is laid out."""

    file: str
    sheet: Sheet
    layout: Layout


def filled(source: Source) -> tuple[list[int], pd.DataFrame]:
    """Positions of the rows that are data, and the rows below the header that are none."""
    lines, left_out = non_data_rows.filled(source.sheet, source.layout)
    if not lines:
        top = source.layout.header_row + 1
        raise EmptyFileError(f"文件“{source.file}”只有表头（第 {top} 行），下面没有数据")
    return lines, left_out


def typed(
    source: Source, lines: list[int], words: vocabulary.Words
) -> tuple[pd.DataFrame, list[Problem], pd.DataFrame]:
    """Every column of the kind, typed, null where the file lacks it; problems; unknown words.

    The index is the number of the row that a person sees. `note` starts with what is to be
    reviewed in the cells themselves. A point written in one cell is given as lon and
    lat, one written the wrong way round is put right, which `turned` tells.
    """
    layout = source.layout
    numbers = pd.Index(lines) + 1
    columns = list(zip_longest(*(source.sheet.rows[line] for line in lines), fillvalue=""))
    readers = _BY_COLUMN | _OF_KIND.get(layout.kind, {})
    known = header_matching.columns(layout.kind)
    types = dict(zip(known["column"], known["type"], strict=True))
    needed = set(known.loc[known["required"] == "1", "column"])
    title = units.above(source.sheet.rows[: layout.header_row + 1 - layout.header_rows])
    values = {"note": cell_parsing.nothing(numbers, "str")}
    problems, unknown = [], [_counted("", [])]
    for column in [*types, *(c for c in layout.columns if c.startswith(WIDE))]:
        by_type = types.get(column, "number")
        reader, dtype = readers.get(column) or _BY_TYPE[by_type]
        if column not in layout.columns:
            values[column] = cell_parsing.nothing(numbers, dtype)
            continue
        place = layout.columns[column]
        cells = columns[place] if place < len(columns) else [""] * len(numbers)
        cells = pd.Series(list(cells), index=numbers, dtype=object)
        reader = vocabulary.told(by_type, reader, words)
        values[column], reasons = cell_parsing.column(cells, reader, dtype)
        spoken = vocabulary.SEVERAL.get(by_type, by_type)
        if spoken in vocabulary.NAMES:
            strange = [vocabulary.unread(by_type, cell, words) for cell in cells[reasons.index]]
            unknown.append(_counted(spoken, strange))
        if column in _TO_REVIEW.get(layout.kind, ()):
            values["note"] = record_checks.joined(values["note"], reasons.reindex(numbers))
            continue
        if column == "lonlat":
            reasons = point_columns.paired(values, cells)
        elif column.startswith(WIDE) or column == "value":
            more = units.converted(values, cells, column, layout.written(column), title)
            reasons = pd.concat([reasons, more.drop(reasons.index, errors="ignore")])
        if column in needed:
            unfilled = values[column].isna() & ~numbers.isin(reasons.index)
            reasons = pd.concat([reasons, record_checks.reason(unfilled, "没有填写，此列必填")])
        problems.append(record_checks.problem(column, cells, reasons))
    values.pop("lonlat", None)
    if "lon" in values:
        values["turned"] = point_columns.turned(values)
    return pd.DataFrame(values), problems, pd.concat(unknown, ignore_index=True)


def _counted(type_: str, words: list[list[str]]) -> pd.DataFrame:
    """Words of cells that could not be read as of a type: type, word, rows."""
    flat = pd.Series([word for cell in words for word in cell], dtype=object)
    counts = flat.value_counts(sort=False)
    return pd.DataFrame({"type": type_, "word": counts.index.astype("str"), "rows": counts.array})


def sent_points(source: Source) -> pd.DataFrame:
    """Points as they were sent, unplaced: key, name, address, county, town, lon, lat.

    The key is that of the merchants table, null where a row has no id of its own.
    """
    lines, _ = filled(source)
    rows, *_ = typed(source, lines, {})
    rows = rows.dropna(subset=["lon", "lat"])
    own = rows["merchant_id"] if "merchant_id" in rows else cell_parsing.nothing(rows.index, "str")
    bank = rows["operator"] if "operator" in rows else cell_parsing.nothing(rows.index, "str")
    rows = rows.assign(key=bank.fillna("-") + "/" + own)
    return rows[["key", "name", "address", "county", "town", "lon", "lat"]]
