"""Rows of one day that say different things of one record.

They stand in two sheets of an upload, or in one that comes and one that goes on to hold beside it.
The last in the order of statements holds, whose names may decide that: so a person is told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from loaders import accounts
from loaders.kinds import KINDS, Kind
from loaders.reading import record_checks
from loaders.reading.records import Records
from loaders.record_versions import SEEN
from store import backend, table_schemas
from store.statement_store import Statement, Statements

COLUMNS = ["statement", "file", "sheet", "row", "reason"]


def found(
    coming: Sequence[Statement],
    holding: Sequence[Statement],
    kept: Statements,
    fresh: Mapping[str, pa.Table],
) -> pd.DataFrame:
    """Rows of the statements `coming` that others of the same sender and day contradict: `COLUMNS`.

    `holding` are those in force once they have come. The reason names what differs, the file, the
    sheet and the row of the other, and which of the two holds. Blank cells say nothing, and what is
    observed again and again (inspections, payments) contradicts nothing.
    """
    subjects = Counter(one.subject for one in holding)
    asked = {one.subject for one in coming if subjects[one.subject] > 1}
    ours = [one for one in holding if one.subject in asked]
    by_id = {one.id: one for one in ours}
    connection = backend.connect()
    told = [pd.DataFrame(columns=COLUMNS)]
    for kind, rows in accounts.of_statements(ours, kept, fresh, connection):
        again = table_schemas.frame(backend.rows(connection, _again, rows, kind.name))
        told.append(_told(again, kind, by_id))
    found = pd.concat(told, ignore_index=True)
    return found[found["statement"].isin([one.id for one in coming])].reset_index(drop=True)


def noted(sheet: Records, statement: Statement, contradicted: pd.DataFrame) -> Records:
    """A sheet whose rows among `contradicted` (see `found`) have the reason as a note."""
    own = contradicted[contradicted["statement"] == statement.id].drop_duplicates("row")
    if own.empty:
        return sheet
    rows = sheet.accepted
    note = rows["source_row"].map(own.set_index("row")["reason"]).astype("str")
    return replace(sheet, accepted=rows.assign(note=record_checks.joined(rows["note"], note)))


def _said(kind: Kind) -> dict[str, str]:
    """Columns in which two rows may contradict each other, and their labels."""
    once = [column for event, column in kind.events.items() if event not in SEEN]
    return {column: kind.labels[column] for column in once} | dict(kind.compared)


def _again(rows: ir.Table, kind: str) -> ir.Table:
    """The rows of the records that several statements of one day tell of."""
    told = rows.group_by("key", "as_at").agg(several=rows.statement.nunique())
    again = rows.semi_join(told.filter(told.several > 1), ["key", "as_at"])
    said = [name for name in _said(KINDS[kind]) if name in rows.columns]
    return again.select("key", "as_at", "turn", "statement", "source_file", "source_row", *said)


def _told(again: pd.DataFrame, kind: Kind, by_id: Mapping[str, Statement]) -> pd.DataFrame:
    """What is said of the rows that contradict another of their record and day: `COLUMNS`."""
    record, said = ["key", "as_at"], [name for name in _said(kind) if name in again]
    again = again.sort_values("turn", ignore_index=True)
    differs = again.groupby(record)[said].transform("nunique") > 1
    again = again[differs.any(axis=1)]
    turns = again.groupby(record)["turn"]
    holds = again["turn"] == turns.transform("last")
    other = turns.transform("last").mask(holds, turns.shift()).astype("int64")
    against = again.set_index("turn").loc[other]
    labels = differs.loc[again.index].rename(columns=_said(kind))
    reasons = [
        f"与“{by_id[told].title}”第 {row} 行的{'、'.join(labels.columns[what])}不同，"
        f"以{'这' if holding else '那'}一行为准；不是同一天的数据，请分开导入，"
        "写明各自的数据截止日期"
        for told, row, holding, what in zip(
            against["statement"], against["source_row"], holds, labels.to_numpy(bool), strict=True
        )
    ]
    sheets = [by_id[told].sheet for told in again["statement"]]
    rows = again.rename(columns={"source_file": "file", "source_row": "row"})
    return rows.assign(sheet=sheets, reason=reasons)[COLUMNS]
