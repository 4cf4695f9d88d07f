"""Review queue of records whose place is in question, and people's answers to it.

An answer is an entry of the ledger's topic ``place``. It holds what was known of the record when
it was given, what was chosen, and the place the record had before. It holds for every later import
of the record, until a person gives another. If what is sent of the record changes, the answer still
holds, and the record comes back into the queue, which says what changed. A record answered to be in
another city has no place here and counts nowhere, but stays on record, and its reason says who
found so and when.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from pyarrow import dataset

from domain.states import ELSEWHERE
from domain.visitors import Visitor
from geo import grid
from geo.place_names import county_name, town_name
from loaders.decisions.decision_basis import (
    BY_HAND,
    Row,
    about_others,
    about_place,
    changed,
    joined,
    row_dicts,
    sent,
)
from loaders.decisions.place_candidates import Candidate
from loaders.kinds import KINDS, PLACED, Kind
from loaders.reading import record_placing
from store import table_schemas
from store.ledger import Entry, Ledger
from store.snapshot import Snapshot

TOPIC = "place"
WITHDRAWN, UNCLEAR = "withdrawn", "unclear"

_PLACE = [name for name in record_placing.PLACE if not name.startswith("h3_")]
_BEFORE = [name for name in _PLACE if name not in ("in_review", "reason")]
_LISTED = ["name", "address", "operator_id", "field_id", "source_file", "source_row"]
_PIECES = dataset.ParquetFileFormat(
    default_fragment_scan_options=dataset.ParquetFragmentScanOptions(
        pre_buffer=False, use_buffered_stream=True
    )
)
"""How a file is read without holding more of it than what it is looked through for."""
_UNSURE = 0.6  # confidence of a place that text and point, or address and name, dispute
_SEEN = "人工看过，位置仍不清楚"
_FAULT = re.compile("坐标未采用|人工核定后")

Answers = Mapping[str, Entry]


def doubtful(snapshot: Snapshot) -> dict[str, pd.DataFrame]:
    """Records of `snapshot`, by kind, that are in review, without a place, or settled by hand.

    Of all columns those that the queue is made of. Read piece by piece, for most records are sure.
    """
    field = pc.field
    asked = field("in_review") | field("county_code").is_null() | field("method").isin(BY_HAND)
    frames = {}
    for kind in PLACED:
        stored = dataset.dataset(snapshot.sound(kind.name), format=_PIECES)
        columns = [
            name for name in (kind.key_column, *_LISTED, *_PLACE) if name in kind.schema.names
        ]
        found = stored.to_table(columns, asked, batch_readahead=1, use_threads=False)
        frames[kind.name] = table_schemas.frame(found)
    return frames


def queue(frames: Mapping[str, pd.DataFrame], answers: Answers) -> pd.DataFrame:
    """Records with a question of place that nobody has answered yet, those alike together.

    Indexed by record key. Columns: kind, name, address, operator_id, field_id, source_file,
    source_row, the place that holds now, `question` (what is unclear about the place), `alike`
    (the same without the names in it) and the point as sent (sent_lon, sent_lat; WGS-84, null
    where none was kept).
    """
    bodies = {subject: entry.body for subject, entry in answers.items()}
    parts = []
    for kind, table in frames.items():
        keys = KINDS[kind].prefix + table[KINDS[kind].key_column]
        rows = table.set_index(keys.rename(None)).assign(kind=kind)
        rows = rows[_in_question(rows)]
        open_ = [not _answered(row, bodies.get(row["record"])) for row in row_dicts(rows)]
        parts.append(rows[np.array(open_, dtype=bool)])
    names = ["kind", *_LISTED, *_PLACE]
    found = pd.concat([part.reindex(columns=names) for part in parts])
    questions = [joined(about_place(row["reason"])) or "没有写明位置" for row in row_dicts(found)]
    found["question"] = pd.Series(questions, index=found.index, dtype="str")
    nowhere = (np.nan, np.nan)
    points = [sent(row, bodies.get(row["record"])) or nowhere for row in row_dicts(found)]
    found[["sent_lon", "sent_lat"]] = np.array(points, dtype="float64").reshape(-1, 2)
    found["alike"] = found["question"].str.replace(r"“[^”]*”", "“…”", regex=True)
    found["_unknown"] = found["county_code"].isna()
    order = ["_unknown", "alike", "operator_id", "county_code", "address", "name"]
    return found.sort_values(order, kind="stable").drop(columns="_unknown")


def answer(ledger: Ledger, records: pd.DataFrame, by: Visitor, to: Mapping[str, Candidate]) -> None:
    """Write down where each of `records` (rows of `queue`) is: its candidate in `to`.

    All answers are kept, or none. A later answer supersedes an earlier one.
    """
    bodies = {}
    for row in row_dicts(records.loc[list(to)]):
        evidence = {name: row[name] for name in ("name", "address", "operator_id")}
        evidence |= {"lon": row["sent_lon"], "lat": row["sent_lat"]}
        before = {name: row[name] for name in _BEFORE} | {"question": row["question"]}
        chosen = to[row["record"]]
        point = (row["sent_lon"], row["sent_lat"]) if chosen.keep_point else (None, None)
        place = chosen.body() | {"answer_lon": point[0], "answer_lat": point[1]}
        bodies[row["record"]] = evidence | place | {"before": before}
    ledger.write_all(TOPIC, bodies, by)


def withdraw(ledger: Ledger, subjects: Collection[str], by: Visitor) -> None:
    """Take back the last answer to each of `subjects`: the one before it holds again, if any."""
    standing: dict[str, list[dict[str, Any]]] = {subject: [] for subject in subjects}
    before: dict[str, dict[str, Any]] = {}  # the last place that no answer had given
    for entry in ledger.history(TOPIC):
        given, body = standing.get(entry.subject), entry.body
        if given is None:
            continue
        if body["before"]["method"] not in BY_HAND:
            before[entry.subject] = body["before"]
        if body.get("undoes"):
            given.pop()
        else:
            given.append(body)
    bodies = {}
    for subject, given in standing.items():
        if len(given) > 1:
            bodies[subject] = given[-2] | {"undoes": True}
        elif given:
            left = {"choice": WITHDRAWN, "before": before.get(subject, given[0]["before"])}
            bodies[subject] = given[0] | left | {"undoes": True}
    ledger.write_all(TOPIC, bodies, by)


def settled(
    rows: pd.DataFrame, kind: Kind, answers: Answers, *, past: bool = False
) -> pd.DataFrame:
    """`rows` of the table of `kind` with the places that people settled.

    Of rows that held in the `past` only those that say what the answer was given for: where a
    record was before it moved is another question.

    The index is the key of the table. Columns are those of `record_placing.PLACE` as far as the
    table has them, name and address; names county and town are kept in step where they stand
    beside. Notes that are not about the place stay, and stay in review.
    """
    prefix = kind.prefix
    known = [subject.removeprefix(prefix) for subject in answers if subject.startswith(prefix)]
    mask = rows.index.isin(known)
    if past and mask.any():
        asked = row_dicts(rows[mask].set_index(prefix + rows.index[mask]))
        mask[mask] = [not changed(row, answers[row["record"]].body) for row in asked]
    if not mask.any():
        return rows
    part = rows[mask].set_index(prefix + rows.index[mask])
    places = [_place(row, answers[row["record"]]) for row in row_dicts(part)]
    fresh = pd.DataFrame(places, index=rows.index[mask], columns=_PLACE)
    fresh = fresh.astype(rows[_PLACE].dtypes)
    fresh = pd.concat([fresh, grid.cells(fresh["lon"], fresh["lat"])], axis=1)
    fresh["county"] = fresh["county_code"].map(county_name, na_action="ignore")
    fresh["town"] = fresh["town_code"].map(town_name, na_action="ignore")
    result = rows.copy()
    for name in (name for name in fresh if name in rows):
        result.loc[mask, name] = fresh[name].astype(rows[name].dtype).array
    return result


def pending(frames: Mapping[str, pd.DataFrame], answers: Answers) -> int:
    """Number of records whose answers are not in force yet."""
    count = 0
    for kind, table in frames.items():
        rows = table.set_index(KINDS[kind].key_column)
        now = settled(rows, KINDS[kind], answers)[_PLACE]
        same = (now == rows[_PLACE]) | (now.isna() & rows[_PLACE].isna())
        count += int((~same.fillna(False).all(axis=1)).sum())
    return count


def lessons(answers: Answers) -> pd.DataFrame:
    """Places of the answers: address, name, county_code, town_code, for `geo.learned_places`.

    Only towns that a person settled: none that a nearest seat suggested, none withdrawn.
    """
    columns = ["address", "name", "county_code", "town_code"]
    nowhere = (WITHDRAWN, UNCLEAR, ELSEWHERE)
    bodies = [e.body for e in answers.values() if e.body["choice"] not in nowhere]
    sure = [[body[name] for name in columns] for body in bodies if not body["inferred"]]
    return pd.DataFrame(sure, columns=columns, dtype="str")


def _in_question(rows: pd.DataFrame) -> pd.Series:
    """Whether it is the place that is in question, and not something else about the record."""
    disputed = (rows["confidence"] <= _UNSURE) & ~rows["inferred"].fillna(False).astype(bool)
    faulty = rows["reason"].str.contains(_FAULT).fillna(False).astype(bool)
    review = rows["in_review"].fillna(False).astype(bool)
    unknown = rows["county_code"].isna() & (rows["method"] != ELSEWHERE)
    return (review & (disputed | faulty)) | unknown


def _answered(row: Row, body: dict[str, Any] | None) -> bool:
    return body is not None and body["choice"] != WITHDRAWN and not changed(row, body)


def _place(row: Row, answered: Entry) -> Row:
    body = answered.body
    if body["choice"] == WITHDRAWN:
        return _unsettled(row, body)
    news = changed(row, body)
    if body["choice"] == UNCLEAR:
        own = _unsettled(row, body)
        sentences = [own["reason"], *([] if news else [_SEEN])]
        return own | {"reason": joined(sentences), "in_review": own["in_review"] or not news}
    notes = about_others(row["reason"])
    names = ("county_code", "town_code", "zone_id", "confidence", "inferred")
    away = body["choice"] == ELSEWHERE
    said = f"不在本市（{answered.by}，{answered.at.astimezone():%Y-%m-%d} 核定）" if away else ""
    return {name: body[name] for name in names} | {
        "lon": body["answer_lon"],
        "lat": body["answer_lat"],
        "method": ELSEWHERE if away else "human",
        "in_review": bool(notes or news),
        "reason": joined([said, news, *notes]),
    }


def _unsettled(row: Row, body: dict[str, Any]) -> Row:
    """Place of a record without any answer: the one it had before, if it holds a settled one."""
    own: Row = {name: row[name] for name in _PLACE}
    if row["method"] in BY_HAND:
        before = body["before"]
        reason = joined([before["question"], *about_others(row["reason"])])
        own |= {name: before[name] for name in _BEFORE}
        return own | {"in_review": True, "reason": reason}
    if _SEEN not in about_place(row["reason"]):
        return own
    kept = [one for one in about_place(row["reason"]) if one != _SEEN]
    return own | {"reason": joined(kept + about_others(row["reason"]))}
