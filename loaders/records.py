"""One sheet of rows as typed, placed records; the rows that fail as rejects with their reasons."""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

import pandas as pd

from loaders import checks, headers, parsing, placing, vocabulary
from loaders.checks import Problem
from loaders.errors import EmptyFileError, MissingCrsError
from loaders.files import Sheet
from loaders.headers import WIDE, Layout
from loaders.progress import Progress, part, silent

REJECTS = ["file", "sheet", "row", "column", "value", "reason"]

_READERS: dict[str, tuple[parsing.Reader, str]] = {  # by column, else by type
    "merchant_id": (parsing.code, "str"),
    "scenario_no": (parsing.code, "str"),
    "venue_id": (parsing.code, "str"),
    "text": (parsing.text, "str"),
    "number": (parsing.number, "float64"),
    "integer": (parsing.integer, "Int64"),
    "boolean": (parsing.boolean, "boolean"),
    "date": (parsing.day, "date"),
    "month": (parsing.month, "date"),
    **{kind: (reader, "str") for kind, reader in vocabulary.READERS.items()},
}
_CITY_READERS = _READERS | {
    "county": (vocabulary.county_or_city, "str"),
    "operator": (vocabulary.operator_or_all, "str"),
}
_TO_REVIEW = {"merchants": {"scenario_id"}}  # wrong cells that a person settles, not the sender


@dataclass(frozen=True)
class Records:
    """What one sheet gave.

    `accepted` has one row a record: the columns of its snapshot table that the file can tell, its
    dates, the names of its place, and `note`, what a person should look at. `rejects` has one row
    a wrong cell (`REJECTS`); `returned` the sender's own cells of the rejected rows, then the
    line number and the reasons. Rows that are wholly blank are not rows.
    """

    layout: Layout
    file: str
    crs: str | None
    rows: int
    accepted: pd.DataFrame
    rejects: pd.DataFrame
    returned: pd.DataFrame

    @property
    def rejected(self) -> int:
        """Number of rows rejected, however many cells of each are wrong."""
        return len(self.returned)

    @property
    def derived_ids(self) -> int:
        """Number of records that came without an id and were given one."""
        return int(self.accepted["derived_id"].sum()) if "derived_id" in self.accepted else 0


@dataclass(frozen=True)
class Source:
    """Where rows come from: the file's name, the sheet, and how its table is laid out."""

    file: str
    sheet: Sheet
    layout: Layout


def records(
    source: Source, crs: str | None, register: pd.DataFrame, progress: Progress = silent
) -> Records:
    """Rows of a sheet, read, placed and checked.

    `crs` is that of rows that do not state one. `register` (venue_id, name) are the venues that a
    row may name. Raises `MissingCrsError` when points come without any coordinate system.
    """
    progress("解析数据", 0.0)
    layout, lines = source.layout, _filled(source)
    rows, problems = _typed(source, lines)
    rows = rows.assign(source_file=source.file, source_row=rows.index)
    problems += checks.to_come(rows, date.today())
    rows = _without(rows, problems)
    if layout.kind == "indicators":
        rows, more = _observations(rows, layout)
    else:
        rows, more = _located(rows, source, crs, part(progress, 0.2, 0.9))
        rows = checks.identified(_without(rows, [more]), layout.kind)
    problems += [more, checks.repeated(rows, layout.kind, source.sheet)]
    rows = _without(rows, problems)
    if layout.kind in ("merchants", "scenarios"):
        rows = checks.linked(checks.in_order(rows), register)
    rejects = _rejects(problems, source)
    returned = _returned(source, rejects)
    return Records(layout, source.file, crs, len(lines), rows, rejects, returned)


def _filled(source: Source) -> list[int]:
    """Positions of the rows below the header that are not blank."""
    top = source.layout.header_row + 1
    filled = [
        top + place
        for place, row in enumerate(source.sheet.rows[top:])
        if any(not isinstance(cell, str) or cell.strip() for cell in row)
    ]
    if not filled:
        raise EmptyFileError(f"文件“{source.file}”只有表头（第 {top} 行），下面没有数据")
    return filled


def _typed(source: Source, lines: list[int]) -> tuple[pd.DataFrame, list[Problem]]:
    """Every column of the kind, typed; null where the file lacks it.

    The index is the number of the row that a person sees. `note` starts with what is to be
    reviewed in the cells themselves.
    """
    layout = source.layout
    numbers = pd.Index(lines) + 1
    columns = list(zip_longest(*(source.sheet.rows[line] for line in lines), fillvalue=""))
    readers = _CITY_READERS if layout.kind == "indicators" else _READERS
    known = headers.columns(layout.kind)
    types = dict(zip(known["column"], known["type"], strict=True))
    needed = set(known.loc[known["required"] == "1", "column"])
    values = {"note": parsing.nothing(numbers, "str")}
    problems = []
    for column in [*types, *(c for c in layout.columns if c.startswith(WIDE))]:
        by_type = types.get(column, "number")
        reader, dtype = readers.get(column) or readers[by_type]
        if column not in layout.columns:
            values[column] = parsing.nothing(numbers, dtype)
            continue
        place = layout.columns[column]
        cells = columns[place] if place < len(columns) else [""] * len(numbers)
        cells = pd.Series(list(cells), index=numbers, dtype=object)
        values[column], reasons = parsing.column(cells, reader, dtype)
        if column in _TO_REVIEW.get(layout.kind, ()):
            values["note"] = checks.joined(values["note"], reasons.reindex(numbers))
            continue
        if column in needed:
            unfilled = values[column].isna() & ~numbers.isin(reasons.index)
            reasons = pd.concat([reasons, checks.reason(unfilled, "没有填写，此列必填")])
        problems.append(checks.problem(column, cells, reasons))
    return pd.DataFrame(values), problems


def _located(
    rows: pd.DataFrame, source: Source, crs: str | None, progress: Progress
) -> tuple[pd.DataFrame, Problem]:
    """Rows with their place, and the problem of those in other cities."""
    rows = rows.rename(columns={"operator": "operator_id"})
    half = rows["lon"].notna() != rows["lat"].notna()
    point = rows["lon"].notna() & rows["lat"].notna()
    if point.any() and crs is None and "crs" not in source.layout.columns:
        raise MissingCrsError(
            f"文件“{source.file}”有坐标（如 {rows.loc[point, 'lon'].iloc[0]:.6f}），"
            "但没有写明坐标系。请向报送单位问清，在页面上选“坐标系”"
            "（命令行用 --crs wgs84|gcj02|bd09），"
            "或在文件里加一列“坐标系”"
        )
    rows["crs"] = rows["crs"].fillna(crs) if crs else rows["crs"]
    place = placing.placed(rows, progress)
    place["in_review"] |= half | (point & rows["crs"].isna())  # the geocoder gives the reason
    elsewhere = checks.outside(rows, place)
    return rows.drop(columns=["lon", "lat", "county", "town"]).join(place), elsewhere


def _observations(rows: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, Problem]:
    """Rows of one value each, and the problem of those without any.

    The value columns of a wide file are turned into rows, which keep the number of their line.
    """
    rows = rows.rename(columns={"county": "county_code", "operator": "operator_id"})
    rows = rows.fillna({"county_code": "", "operator_id": ""})
    wide = [column for column in layout.columns if column.startswith(WIDE)]
    if wide:
        names = ["month", "county_code", "operator_id", "note", "source_file", "source_row"]
        long = rows[names + wide].melt(names, wide, "indicator_id", "value").dropna(subset="value")
        long["indicator_id"] = long["indicator_id"].str.removeprefix(WIDE)
        wordless = rows.loc[~rows.index.isin(long["source_row"])]
        rows = long.set_index("source_row", drop=False).rename_axis(None)
    else:
        wordless = rows.iloc[:0]
    blank = pd.Series("", index=wordless.index, dtype="str")
    return rows, checks.problem("indicator_id", blank, blank + "各项指标都没有填写")


def _without(rows: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    """Rows that have no problem."""
    bad = {row for problem in problems for row in problem.index}
    return rows[~rows.index.isin(bad)].copy()


def _rejects(problems: list[Problem], source: Source) -> pd.DataFrame:
    known = pd.concat(problems).rename_axis("row").reset_index()
    known["column"] = known["column"].map(source.layout.written)
    known = known.assign(file=source.file, sheet=source.sheet.name)
    return known.sort_values("row", kind="stable", ignore_index=True)[REJECTS]


def _returned(source: Source, rejects: pd.DataFrame) -> pd.DataFrame:
    """The sender's own cells of the rejected rows, in the sender's columns, and the reasons."""
    texts = rejects["column"] + "：" + rejects["reason"]
    reasons = texts.groupby(rejects["row"]).agg("；".join)
    lines = [source.layout.header_row, *(row - 1 for row in reasons.index)]
    cells = zip_longest(*(source.sheet.rows[line] for line in lines), fillvalue="")
    header, *rows = zip(*cells, strict=True)
    mine = pd.DataFrame(rows, columns=[str(cell) for cell in header], dtype=object)
    mine.insert(len(header), "原行号", reasons.index, allow_duplicates=True)
    mine.insert(len(header) + 1, "退回原因", reasons.to_numpy(), allow_duplicates=True)
    return mine
