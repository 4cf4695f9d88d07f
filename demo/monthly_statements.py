"""Statements of every month: what each bank, and the office, had stated by then.

The last file of a sender is written and read like any file. What it stated before is made from the
rows that were accepted of it, so that a shop is placed once: the records known by then, with the
days that lay behind them.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from demo import bank_sheets, histories, lifecycles, venue_list
from demo.bank_sheets import Habits
from demo.generator import City
from store.statement_store import Stated, Statement

AUTHOR = "演示数据"
_FIRST_ROW = 2  # of a file, below the headers
_CAME_ON = {  # day from which the office knows a record
    "clusters": "declared_on",
    "filings": "filed_on",
    "province": "published_on",
}
_OTHER_ROW = re.compile(r"第 (\d+) 行")

Said = Mapping[str, NDArray[Any]]
"""Cells that are not those of the last file, by column, one for each line of the last file."""


@dataclass(frozen=True)
class LastFile:
    """The last file of a sender about one kind: statement, accepted rows and wrong cells."""

    statement: Statement
    rows: pa.Table
    rejects: pa.Table

    @cached_property
    def line(self) -> NDArray[np.int64]:
        """Line of the file, from 0, of each accepted row."""
        line: NDArray[np.int64] = self.rows["source_row"].to_numpy().astype(np.int64)
        return line - _FIRST_ROW

    def having(self, column: str, values: pd.Series) -> "LastFile":
        """The file with the values, one a line, of a column that no file has."""
        place = self.rows.schema.get_field_index(column)
        cells = pa.array(values.to_numpy(dtype=object)[self.line], pa.string(), from_pandas=True)
        return replace(self, rows=self.rows.set_column(place, self.rows.field(place), cells))

    def by_line(self, column: str) -> NDArray[Any]:
        """Days of an accepted column by line; NaT on lines that were not accepted."""
        days = np.full(self.statement.counts["rows"], lifecycles.NEVER)
        days[self.line] = self.rows[column].to_numpy()
        return days

    def stated(self, made: Statement, told: NDArray[np.bool_], said: Said) -> Stated:
        """What the sender stated in `made`: the lines `told`, with what was `said` of them then.

        Of other columns, days after that of the statement were not known yet.
        """
        number = np.cumsum(told) + _FIRST_ROW - 1
        kept = told[self.line]
        line, count = self.line[kept], int(kept.sum())
        own: dict[str, Any] = {name: values[line] for name, values in said.items()}
        own |= {"source_row": number[line], "source_file": made.file}
        columns = []
        for field in self.rows.schema:
            cells = own.get(field.name)
            if cells is None:
                column = self.rows[field.name].filter(pa.array(kept))
                columns.append(_known(column, made.as_at))
            elif isinstance(cells, str):
                columns.append(pa.repeat(cells, count))
            else:
                columns.append(pa.array(cells, from_pandas=True).cast(field.type))
        rows = _of(pa.table(columns, schema=self.rows.schema), "")
        rejects = self._rejects(made.file, told, number)
        counts = _counts(rows, rejects, int(told.sum()))
        statement = replace(made, counts=counts).identified(rows)
        return statement, _of(rows, statement.id), rejects

    def made(self, on: date, file: str, wait: int) -> Statement:
        """A statement of this kind for another day, `wait` days later in the office."""
        taken = f"{on + timedelta(wait)}T09:00:00+08:00"
        other = replace(self.statement, taken_at=taken, taken_by=AUTHOR)
        if file == other.file:
            return other
        return replace(other, as_at=on, file=file, digest=hashlib.sha256(file.encode()).hexdigest())

    @cached_property
    def _wrong(self) -> list[dict[str, Any]]:
        wrong: list[dict[str, Any]] = self.rejects.to_pylist()
        return wrong

    def _rejects(self, file: str, told: NDArray[np.bool_], number: NDArray[np.int64]) -> pa.Table:
        """Wrong cells of the lines `told`, which have another row `number` in `file`."""

        def row(old: int) -> int:
            return int(number[old - _FIRST_ROW])

        wrong = [
            cell
            | {"file": file, "row": row(cell["row"])}
            | {"reason": _OTHER_ROW.sub(lambda m: f"第 {row(int(m[1]))} 行", cell["reason"])}
            for cell in self._wrong
            if told[cell["row"] - _FIRST_ROW]
        ]
        return pa.Table.from_pylist(wrong, self.rejects.schema)


def of_banks(
    shops: pd.DataFrame,
    happened: pd.DataFrame,
    sent: Sequence[tuple[Habits, NDArray[np.int64], LastFile]],
) -> Iterator[Stated]:
    """Statements of the banks about their merchants, month by month, by what `happened` to them.

    `sent` has each bank with the rows of `shops` that the lines of its last file are about.
    """
    count = len(shops)
    theirs = [shops[["venue", "site", "fate"]].iloc[shop] for _, shop, _ in sent]
    del shops  # names and places are in the files
    before = [
        histories.before_move(bank.operator_id, last.rows, own.iloc[last.line])
        for (bank, _, last), own in zip(sent, theirs, strict=True)
    ]
    for on, days in lifecycles.monthly(happened, count):
        for (bank, shop, last), own, earlier in zip(sent, theirs, before, strict=True):
            if on in histories.months(bank.operator_id):
                moves = histories.still_before("moved", bank.operator_id, on)
                then = replace(last, rows=earlier) if moves else last
                yield from _of_bank(bank, own, days.iloc[shop], then, on)


def _of_bank(
    bank: Habits, shops: pd.DataFrame, days: pd.DataFrame, last: LastFile, on: date
) -> Iterator[Stated]:
    """Statements of a bank for one day, of the `days` known then of the `shops` of its lines."""
    told = (days["target_on"] <= np.datetime64(on)).to_numpy()
    if not told.any():
        return
    days = histories.signed_otherwise(bank.operator_id, shops, days, on)
    said = {str(name): values.to_numpy() for name, values in days.items()}
    for remark, wait, wrong in histories.files(bank.operator_id, on):
        made = last.made(on, bank.file(on, remark), wait)
        if histories.still_before("renamed", bank.operator_id, on):
            own = bank_sheets.headers("merchants", made.columns.values(), bank.dialect + 1)
            made = replace(made, columns={header: column for column, header in own.items()})
        unpaid = {"paid_on": np.full(len(told), lifecycles.NEVER)} if wrong else {}
        yield last.stated(made, told, said | unpaid)


def of_office(city: City, files: Mapping[str, LastFile]) -> Iterator[Stated]:
    """Statements of the office, month by month, from its last file of each kind."""
    scenarios = lifecycles.monthly(city.scenario_events, len(city.instances))
    clusters = lifecycles.monthly(city.cluster_events, len(city.clusters))
    for (on, instances), (_, seen) in zip(scenarios, clusters, strict=True):
        register = venue_list.edition(city.venues, city.denominators, on)
        figures = city.series[city.series["month"] == np.datetime64(on.replace(day=1))]
        said = {
            "venues": register.assign(**histories.listings(city.venues, on)),
            "scenarios": instances,
            "clusters": seen[["inspected_on"]],
            "indicators": figures[["month", "value"]],
        }
        known = {
            "venues": city.venues["listed_on"].to_numpy(),
            "scenarios": instances["target_on"].to_numpy(),
            **{kind: files[kind].by_line(day) for kind, day in _CAME_ON.items()},
        }
        for kind, last in files.items():
            lines = last.statement.counts["rows"]
            told = known.get(kind, np.full(lines, np.datetime64(on))) <= np.datetime64(on)
            made = last.made(on, bank_sheets.office_file(kind, on), histories.SOON)
            cells = said.get(kind, pd.DataFrame())
            if told.any():
                yield last.stated(made, told, {str(name): cells[name].to_numpy() for name in cells})


def _known(column: pa.ChunkedArray, on: date) -> pa.ChunkedArray:
    """A column without the days after a day."""
    if not pa.types.is_date(column.type):
        return column
    return pc.if_else(pc.less_equal(column, pa.scalar(on, column.type)), column, None)


def _of(rows: pa.Table, statement_id: str) -> pa.Table:
    """Rows as those of a statement."""
    place = rows.schema.get_field_index("statement")
    ids = pa.repeat(statement_id, len(rows))
    return rows.set_column(place, rows.schema.field(place), ids)


def _counts(rows: pa.Table, rejects: pa.Table, lines: int) -> dict[str, int]:
    """Numbers of a statement, as `loaders.assessment.counts` has them."""
    doubtful = rows["note"].is_valid()
    if "in_review" in rows.schema.names:
        doubtful = pc.or_(doubtful, rows["in_review"].fill_null(False))
    located = "method" in rows.schema.names
    return {
        "rows": lines,
        "accepted": len(rows),
        "rejected": len(pc.unique(rejects["row"])),
        "in_review": pc.sum(doubtful).as_py() or 0,
        "located": pc.sum(rows["county_code"].is_valid()).as_py() if located else 0,
    }
