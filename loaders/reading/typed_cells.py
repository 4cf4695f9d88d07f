"""The cells of a table, typed: every column of its kind, and what could not be read."""

from dataclasses import dataclass, replace
from itertools import zip_longest

import pandas as pd

from loaders.formats.cell_sheet import Sheet
from loaders.kinds import KINDS, Kind
from loaders.reading import (
    cell_parsing,
    counts,
    day_parsing,
    named_systems,
    non_data_rows,
    point_columns,
    record_checks,
    units,
    vocabulary,
)
from loaders.reading.column_names import POINTS, WIDE
from loaders.reading.header_matching import Layout
from loaders.reading.record_checks import Problem
from store.errors import EmptyFileError

_Readers = dict[str, tuple[cell_parsing.Reader, str]]

_BY_COLUMN: _Readers = {
    **{kind.id_column: (cell_parsing.code, "str") for kind in KINDS.values()},
    **dict.fromkeys(("address", "county", "town"), (cell_parsing.place, "str")),
}
_CITY_WIDE: _Readers = {  # of columns in which 全市, 全部 or the like may stand
    "county": (vocabulary.county_or_city, "str"),
    "operator": (vocabulary.operator_or_all, "str"),
}
_BY_TYPE: _Readers = {  # of every other column
    "text": (cell_parsing.wording, "str"),
    "number": (cell_parsing.number, "float64"),
    "integer": (counts.count, "Int64"),
    "boolean": (cell_parsing.boolean, "boolean"),
    "date": (day_parsing.day, "date"),
    "month": (day_parsing.month, "date"),
    **{kind: (reader, "str") for kind, reader in vocabulary.READERS.items()},
}

POINT_COLUMNS = frozenset(
    ("operator", "merchant_id", "name", "address", "county", "town", "lon", "lat", "lonlat")
)
"""Columns of a file that bear on how well its points fit a coordinate system."""


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
    source: Source, lines: list[int], words: vocabulary.Words, crs: str | None = None
) -> tuple[pd.DataFrame, list[Problem], pd.DataFrame]:
    """Every column of the kind, typed, null where the file lacks it; problems; unknown words.

    The index is the number of the row that a person sees. `note` starts with what is to be
    reviewed in the cells themselves. A point written in one cell is given as lon and lat;
    `point_crs` is the system of one that was in metres, and `mended` says what was put right.
    `crs` is the system of points that state none.
    """
    layout, kind = source.layout, KINDS[source.layout.kind]
    numbers = pd.Index(lines) + 1
    columns = list(zip_longest(*(source.sheet.rows[line] for line in lines), fillvalue=""))
    blank = [""] * len(lines)
    title = units.above(source.sheet.rows[: layout.header_row + 1 - layout.header_rows])
    values = {"note": cell_parsing.nothing(numbers, "str")}
    problems, unknown, points = [], [_counted("", [])], {}
    for column in [*kind.types, *(c for c in layout.columns if c.startswith(WIDE))]:
        type_ = kind.types.get(column, "number")
        reader, dtype = _reader(kind, column, type_)
        if column not in layout.columns:
            values[column] = cell_parsing.nothing(numbers, dtype)
            continue
        place = layout.columns[column]
        cells = pd.Series(columns[place] if place < len(columns) else blank, numbers, dtype=object)
        if column in POINTS:
            points[column] = cells
            continue
        reader = vocabulary.with_words(type_, reader, words)
        values[column], reasons = cell_parsing.column(cells, reader, dtype)
        unknown.append(_unknown_words(type_, cells[reasons.index], words))
        if type_ == "integer":
            loose = counts.about(cells, values[column], kind.labels[column])
            values["note"] = record_checks.joined(values["note"], loose.reindex(numbers))
        if column in kind.reviewed:
            values["note"] = record_checks.joined(values["note"], reasons.reindex(numbers))
            continue
        if column.startswith(WIDE) or column == "value":
            divided = {line + 1 for line, at in source.sheet.divided if at == place}
            header = layout.written(column)
            unfit = units.converted(values, cells, column, header, title, divided=divided)
            reasons = pd.concat([reasons, unfit.drop(reasons.index, errors="ignore")])
        if column in kind.required:
            unfilled = values[column].isna() & ~numbers.isin(reasons.index)
            reasons = pd.concat([reasons, record_checks.reason(unfilled, "没有填写，此列必填")])
        problems.append(record_checks.problem(column, cells, reasons))
    values.pop("lonlat", None)
    if "lon" in kind.types:
        stated = named_systems.stated(values["crs"], layout.point_headers)
        found = point_columns.read(points, numbers, stated, crs)
        values |= {"lon": found.lon, "lat": found.lat, "point_crs": found.crs}
        values |= {"mended": found.mended, "note": record_checks.joined(values["note"], found.note)}
        for column, reasons in found.reasons.items():
            problems.append(record_checks.problem(column, points[column], reasons))
    return pd.DataFrame(values), problems, pd.concat(unknown, ignore_index=True)


def _reader(kind: Kind, column: str, type_: str) -> tuple[cell_parsing.Reader, str]:
    """How the cells of a column are read, and the dtype of their values."""
    if column in kind.city_wide:
        return _CITY_WIDE[column]
    if kind.figures and column == "unit":
        return units.unit, "str"
    return _BY_COLUMN.get(column) or _BY_TYPE[type_]


def _unknown_words(type_: str, cells: pd.Series, words: vocabulary.Words) -> pd.DataFrame:
    """Words of cells of a type that could not be read: type, word, rows."""
    single = vocabulary.SEVERAL.get(type_, type_)
    if single not in vocabulary.NAMES:
        return _counted("", [])
    short = (cell for cell in cells if not cell_parsing.is_long(cell))
    unread = [vocabulary.unread(type_, cell, words) for cell in short]
    return _counted(single, [word for cell_words in unread for word in cell_words])


def _counted(type_: str, words: list[str]) -> pd.DataFrame:
    counts = pd.Series(words, dtype=object).value_counts(sort=False)
    return pd.DataFrame({"type": type_, "word": counts.index.astype("str"), "rows": counts.array})


def sent_points(source: Source) -> pd.DataFrame:
    """Points as they were sent, unplaced: key, name, address, county, town, lon, lat.

    The key is that of the merchants table, null where a row has no id of its own.
    """
    lines, _ = filled(source)
    places = source.layout.columns.items()
    columns = {column: place for column, place in places if column in POINT_COLUMNS}
    source = replace(source, layout=replace(source.layout, columns=columns))
    rows, *_ = typed(source, lines, {})
    rows = rows.dropna(subset=["lon", "lat"])
    blank = cell_parsing.nothing(rows.index, "str")
    key = rows.get("operator", blank).fillna("-") + "/" + rows.get("merchant_id", blank)
    return rows.assign(key=key)[["key", "name", "address", "county", "town", "lon", "lat"]]
