"""One sheet of rows as typed, placed records; the rows that fail as rejects with their reasons."""

from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from geo.coordinates import CRS
from geo.learned_places import NOTHING, Learned
from loaders.kinds import KINDS, Kind
from loaders.reading import named_systems, record_checks, record_placing, vocabulary
from loaders.reading.column_names import WIDE
from loaders.reading.header_matching import Layout
from loaders.reading.record_checks import Problem
from loaders.reading.typed_cells import Source, filled, typed
from loaders.senders.reject_sheets import Returned, returned
from store.errors import MissingCrsError
from store.step_progress import Progress, part, silent

REJECTS = ["file", "sheet", "row", "column", "value", "reason"]


@dataclass(frozen=True)
class Records:
    """Records and rejects of one sheet.

    `accepted` has one row a record: the columns of its snapshot table that a file may have, its
    dates, the names of its place, `venue_id` as the file writes it, and `note`, what a person
    should look at. `rejects` has one row a wrong cell (`REJECTS`); `returned` the rejected rows as
    they were sent. `left_out` are the rows that are no data, such as totals
    (`non_data_rows.LEFT_OUT`), `unknown_words` the words of no vocabulary: type (of the column),
    word, rows. Blank rows are not counted.
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
        """Accepted rows that a person should look at, the notes among their reasons."""
        rows = self.accepted
        blank = pd.Series(None, index=rows.index, dtype="str")
        reason = record_checks.joined(rows.get("reason", blank), rows["note"])
        doubtful = rows["in_review"] if "in_review" in rows else pd.Series(False, index=rows.index)
        return rows.assign(reason=reason)[doubtful | rows["note"].notna()]

    @property
    def derived_ids(self) -> int:
        """Number of records that came without an id and were given one."""
        return int(self.accepted["derived_id"].sum()) if "derived_id" in self.accepted else 0


@dataclass(frozen=True)
class Known:
    """What is known before a sheet is read.

    `crs` is the coordinate system of rows that state none, unless the headers do. `operator` is
    the bank of rows that name none, because a bank sent them. `words` are those that the sender
    uses for ours. `learned` is what people's answers teach the geocoder. `as_at` is the day that
    the sheet speaks for, `today` the day on which it is taken.
    """

    crs: str | None = None
    sender: str | None = None
    operator: str | None = None
    words: vocabulary.Words = field(default_factory=dict)
    learned: Learned = NOTHING
    as_at: date | None = None
    today: date = field(default_factory=date.today)


def records(source: Source, known: Known, progress: Progress = silent) -> Records:
    """Rows of a sheet, read, placed and checked.

    Raises `MissingCrsError` when points come without any coordinate system.
    """
    progress("解析数据", 0.0)
    layout, kind = source.layout, KINDS[source.layout.kind]
    named = named_systems.system(layout.point_headers, source.file)
    known = replace(known, crs=named or known.crs)
    lines, left_out = filled(source)
    rows, problems, unknown = typed(source, lines, known.words, known.crs)
    rows = rows.assign(sender=known.sender, source_file=source.file, source_row=rows.index)
    rows["sender"] = rows["sender"].astype("str")
    if "operator_id" in kind.key and known.operator is not None:
        rows["operator"] = rows["operator"].fillna(known.operator)
    problems += record_checks.to_come(rows, kind, known.today, known.as_at)
    rows = _without(rows, problems)
    rows, more = _of_kind(rows, source, known, part(progress, 0.2, 0.9))
    rows = record_checks.twins(rows, kind)
    problems += [*more, record_checks.repeated(rows, kind, source.sheet)]
    rows = _without(rows, problems)
    rows = record_checks.in_order(rows)
    wrong = pd.concat(problems).rename_axis("row").reset_index()
    shown = wrong.assign(column=wrong["column"].map(layout.written), file=source.file)
    shown = shown.assign(sheet=source.sheet.name).sort_values("row", kind="stable")
    rejects = shown[REJECTS].reset_index(drop=True)
    back = returned(source.file, source.sheet, layout, wrong)
    return Records(
        layout, source.file, known.crs, len(lines), rows, rejects, back, left_out, unknown
    )


def _of_kind(
    rows: pd.DataFrame, source: Source, known: Known, progress: Progress
) -> tuple[pd.DataFrame, list[Problem]]:
    """Rows with the columns of their table, without those that fail, and the problems of these."""
    kind = KINDS[source.layout.kind]
    if kind.wide:
        rows, problems = _observations(rows, source.layout, known.sender)
    elif kind.placed:
        rows, problems = _located(rows, source, known, progress)
    else:
        rows, problems = _reported(rows, kind)
    return record_checks.identified(_without(rows, problems), kind), problems


def _reported(rows: pd.DataFrame, kind: Kind) -> tuple[pd.DataFrame, list[Problem]]:
    """Rows without a place, and the problem of those that came before the month they are of."""
    rows = rows.rename(columns={"county": "county_code", "operator": "operator_id"})
    if "county" in kind.city_wide:
        rows["county_code"] = rows["county_code"].mask(rows["county_code"] == "")
    if not kind.came_on:
        return rows, []
    rows = record_checks.of_a_month(rows, kind.came_on)
    return rows, [record_checks.early(rows, kind.came_on)]


def _located(
    rows: pd.DataFrame, source: Source, known: Known, progress: Progress
) -> tuple[pd.DataFrame, list[Problem]]:
    """Rows with their place, and the problem of those in other cities."""
    rows = rows.rename(columns={"operator": "operator_id"})
    half = rows["lon"].notna() != rows["lat"].notna()
    point = rows["lon"].notna() & rows["lat"].notna()
    rows = _with_systems(rows, source, known, point)
    place = record_placing.placed(rows, progress, known.learned)
    unused = point & place["lon"].isna() & (place["town_code"].isna() | place["inferred"])
    place["in_review"] |= half | unused | (point & rows["crs"].isna())  # the geocoder says why
    place["reason"] = record_checks.joined(place["reason"], rows["mended"])
    reasons = place.loc[place["outside"], "reason"]
    elsewhere = record_checks.problem("address", rows["address"].fillna(rows["name"]), reasons)
    sent = ["lon", "lat", "county", "town", "mended", "point_crs"]
    return rows.drop(columns=sent).join(place), [elsewhere]


def _with_systems(
    rows: pd.DataFrame, source: Source, known: Known, point: pd.Series
) -> pd.DataFrame:
    """Rows with the system of each `point`, and a note where two are named."""
    headers = named_systems.named(source.layout.point_headers)
    stated = rows["crs"].where(point)
    crs, note = named_systems.of_points(stated, rows["point_crs"], headers, known.crs)
    unsaid = point & crs.isna() & note.isna()
    if unsaid.any() and "crs" not in source.layout.columns:
        raise MissingCrsError(
            f"文件“{source.file}”有坐标（如 {rows.loc[unsaid, 'lon'].iloc[0]:.6f}），"
            "但没有写明坐标系。请向报送单位问清后选定坐标系，或在文件里加一列“坐标系”",
            f"--crs {'|'.join(CRS)}",
        )
    return rows.assign(crs=crs, note=record_checks.joined(rows["note"], note))


def _observations(
    rows: pd.DataFrame, layout: Layout, sender: str | None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Rows of one value each, and the problems of those without any.

    The value columns of a wide file are turned into rows, which keep the number of their line. A
    file without a column of counties is of the county that sent it, else of the whole city; a cell
    left blank in such a column says neither.
    """
    unsaid = record_checks.unsaid(rows, layout.columns)
    rows = rows.drop(index=unsaid.index, columns="unit")
    rows = rows.rename(columns={"county": "county_code", "operator": "operator_id"})
    whole = {"county_code": vocabulary.county_of(sender) or "", "operator_id": ""}
    rows = rows.fillna(whole)
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
    empty = record_checks.problem("indicator_id", blank, blank + "各项指标都没有填写")
    return rows, [unsaid, empty]


def _without(rows: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    bad = {row for problem in problems for row in problem.index}
    return rows[~rows.index.isin(bad)].copy()
