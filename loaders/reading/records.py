"""One sheet of rows as typed, placed records; the rows that fail as rejects with their reasons."""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

import pandas as pd

from geo.learned import NOTHING, Learned
from loaders.errors import EmptyFileError, MissingCrsError
from loaders.formats.files import Sheet
from loaders.progress import Progress, part, silent
from loaders.reading import (
    angles,
    checks,
    headers,
    leftovers,
    parsing,
    placing,
    points,
    units,
    vocabulary,
)
from loaders.reading.checks import Problem
from loaders.reading.headers import WIDE, Layout
from loaders.senders.rejects import Returned, returned

REJECTS = ["file", "sheet", "row", "column", "value", "reason"]

_READERS: dict[str, tuple[parsing.Reader, str]] = {  # by column, else by type
    "merchant_id": (parsing.code, "str"),
    "scenario_no": (parsing.code, "str"),
    "venue_id": (parsing.code, "str"),
    "lon": (angles.degrees, "float64"),
    "lat": (angles.degrees, "float64"),
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
    a wrong cell (`REJECTS`); `returned` the rejected rows as they were sent. `left_out` are the
    rows that are no data, such as totals (`leftovers.LEFT_OUT`), `unknown_words` those that stand
    for nothing we know: type (of the column), word, rows. Rows that are wholly blank are not rows.
    """

    layout: Layout
    file: str
    crs: str | None
    rows: int
    accepted: pd.DataFrame
    rejects: pd.DataFrame
    returned: Returned
    left_out: pd.DataFrame
    unknown_words: pd.DataFrame

    @property
    def rejected(self) -> int:
        """Number of rows rejected, however many cells of each are wrong."""
        return len(self.returned)

    @property
    def in_review(self) -> pd.DataFrame:
        """Accepted rows that a person should look at: `accepted`, with all that is to be said."""
        rows = self.accepted
        blank = pd.Series(None, index=rows.index, dtype="str")
        reason = checks.joined(rows.get("reason", blank), rows["note"])
        doubtful = rows["in_review"] if "in_review" in rows else pd.Series(False, index=rows.index)
        return rows.assign(reason=reason)[doubtful | rows["note"].notna()]

    @property
    def derived_ids(self) -> int:
        """Number of records that came without an id and were given one."""
        return int(self.accepted["derived_id"].sum()) if "derived_id" in self.accepted else 0


@dataclass(frozen=True)
class Known:
    """What is known before a sheet is read.

    `register` (venue_id, name) are the venues that a row may name. `crs` is the coordinate system
    of rows that state none. `operator` is the bank of rows that name none, because a bank sent
    them. `words` are those that the sender uses for ours. `learned` is what people's answers teach
    the geocoder.
    """

    register: pd.DataFrame
    crs: str | None = None
    sender: str | None = None
    operator: str | None = None
    words: vocabulary.Words = field(default_factory=dict)
    learned: Learned = NOTHING

    def listing(self, venues: pd.DataFrame) -> "Known":
        """The same with the accepted `venues` on the register too."""
        listed = pd.concat([self.register, venues[["venue_id", "name"]]])
        return replace(self, register=listed.drop_duplicates("venue_id", keep="last"))


@dataclass(frozen=True)
class Source:
    """Where rows come from: the file's name, the sheet, and how its table is laid out."""

    file: str
    sheet: Sheet
    layout: Layout


def records(source: Source, known: Known, progress: Progress = silent) -> Records:
    """Rows of a sheet, read, placed and checked.

    Raises `MissingCrsError` when points come without any coordinate system.
    """
    progress("解析数据", 0.0)
    layout = source.layout
    lines, left_out = _filled(source)
    rows, problems, unknown = _typed(source, lines, known.words)
    rows = rows.assign(sender=known.sender, source_file=source.file, source_row=rows.index)
    rows["sender"] = rows["sender"].astype("str")
    if "operator" in rows and known.operator is not None and layout.kind != "venues":
        rows["operator"] = rows["operator"].fillna(known.operator)
    problems += checks.to_come(rows, date.today())
    rows = _without(rows, problems)
    if layout.kind == "indicators":
        rows, more = _observations(rows, layout)
    else:
        rows, more = _located(rows, source, known, part(progress, 0.2, 0.9))
        rows = checks.identified(_without(rows, [more]), layout.kind)
    problems += [more, checks.repeated(rows, layout.kind, source.sheet)]
    rows = _without(rows, problems)
    if layout.kind in ("merchants", "scenarios"):
        rows = checks.linked(checks.in_order(rows), known.register)
    rejects = _rejects(problems, source)
    back = _returned(source, problems)
    return Records(
        layout, source.file, known.crs, len(lines), rows, rejects, back, left_out, unknown
    )


def sent_points(source: Source) -> pd.DataFrame:
    """Points as they were sent, unplaced: key, name, address, county, town, lon, lat.

    The key is that of the merchants table, null where a row has no id of its own.
    """
    lines, _ = _filled(source)
    rows, *_ = _typed(source, lines, {})
    rows = rows.dropna(subset=["lon", "lat"])
    own = rows["merchant_id"] if "merchant_id" in rows else parsing.nothing(rows.index, "str")
    bank = rows["operator"] if "operator" in rows else parsing.nothing(rows.index, "str")
    rows = rows.assign(key=bank.fillna("-") + "/" + own)
    return rows[["key", "name", "address", "county", "town", "lon", "lat"]]


def _filled(source: Source) -> tuple[list[int], pd.DataFrame]:
    """Positions of the rows that are data, and the rows below the header that are none."""
    lines, left_out = leftovers.filled(source.sheet, source.layout)
    if not lines:
        top = source.layout.header_row + 1
        raise EmptyFileError(f"文件“{source.file}”只有表头（第 {top} 行），下面没有数据")
    return lines, left_out


def _typed(
    source: Source, lines: list[int], words: vocabulary.Words
) -> tuple[pd.DataFrame, list[Problem], pd.DataFrame]:
    """Every column of the kind, typed, null where the file lacks it; problems; unknown words.

    The index is the number of the row that a person sees. `note` starts with what is to be
    reviewed in the cells themselves. A point written in one cell is given as lon and lat.
    """
    layout = source.layout
    numbers = pd.Index(lines) + 1
    columns = list(zip_longest(*(source.sheet.rows[line] for line in lines), fillvalue=""))
    readers = _CITY_READERS if layout.kind == "indicators" else _READERS
    known = headers.columns(layout.kind)
    types = dict(zip(known["column"], known["type"], strict=True))
    needed = set(known.loc[known["required"] == "1", "column"])
    values = {"note": parsing.nothing(numbers, "str")}
    problems, unknown = [], [_counted("", pd.Series(dtype=object))]
    for column in [*types, *(c for c in layout.columns if c.startswith(WIDE))]:
        by_type = types.get(column, "number")
        reader, dtype = readers.get(column) or readers[by_type]
        if column not in layout.columns:
            values[column] = parsing.nothing(numbers, dtype)
            continue
        place = layout.columns[column]
        cells = columns[place] if place < len(columns) else [""] * len(numbers)
        cells = pd.Series(list(cells), index=numbers, dtype=object)
        if by_type in words:
            reader = vocabulary.taught(reader, words[by_type])
        values[column], reasons = parsing.column(cells, reader, dtype)
        if by_type in vocabulary.NAMES:
            unknown.append(_counted(by_type, cells[reasons.index]))
        if column in _TO_REVIEW.get(layout.kind, ()):
            values["note"] = checks.joined(values["note"], reasons.reindex(numbers))
            continue
        if column == "lonlat":
            reasons = points.paired(values, cells)
        elif column.startswith(WIDE) or (layout.kind, column) == ("indicators", "value"):
            more = units.converted(values, cells, column, layout.written(column))
            reasons = pd.concat([reasons, more.drop(reasons.index, errors="ignore")])
        if column in needed:
            unfilled = values[column].isna() & ~numbers.isin(reasons.index)
            reasons = pd.concat([reasons, checks.reason(unfilled, "没有填写，此列必填")])
        problems.append(checks.problem(column, cells, reasons))
    values.pop("lonlat", None)
    if "lon" in values:
        values["note"] = points.turned(values)
    return pd.DataFrame(values), problems, pd.concat(unknown, ignore_index=True)


def _counted(type_: str, cells: pd.Series) -> pd.DataFrame:
    """Words that could not be read as of a type: type, word, rows."""
    counts = cells.map(parsing.text).value_counts(sort=False)
    return pd.DataFrame({"type": type_, "word": counts.index.astype("str"), "rows": counts.array})


def _located(
    rows: pd.DataFrame, source: Source, known: Known, progress: Progress
) -> tuple[pd.DataFrame, Problem]:
    """Rows with their place, and the problem of those in other cities."""
    rows = rows.rename(columns={"operator": "operator_id"})
    half = rows["lon"].notna() != rows["lat"].notna()
    point = rows["lon"].notna() & rows["lat"].notna()
    if point.any() and known.crs is None and "crs" not in source.layout.columns:
        raise MissingCrsError(
            f"文件“{source.file}”有坐标（如 {rows.loc[point, 'lon'].iloc[0]:.6f}），"
            "但没有写明坐标系。请向报送单位问清，在页面上选“坐标系”"
            "（命令行用 --crs wgs84|gcj02|bd09），"
            "或在文件里加一列“坐标系”"
        )
    rows["crs"] = rows["crs"].fillna(known.crs) if known.crs else rows["crs"]
    place = placing.placed(rows, progress, known.learned)
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


def _returned(source: Source, problems: list[Problem]) -> Returned:
    """The sender's own cells of the rejected rows, and the reasons."""
    wrong = pd.concat(problems).rename_axis("row").reset_index()
    return returned(source.file, source.sheet, source.layout, wrong)
