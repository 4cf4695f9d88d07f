"""Intake of files: `assess` shows what they would change, `publish` makes it a snapshot.

`formats` and `reading` turn a file into records, `comparing` sets them beside what is published,
`merging` lays them over it, `decisions` applies what people decided, and `store` puts the result
in force.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from geo import coordinate_systems, learned_places
from loaders import merging, stated_denominators
from loaders.assessment import Assessment, counts
from loaders.comparing import difference, duplicates
from loaders.decisions import manual_entries, place_review, spatial_join
from loaders.kinds import KINDS, PLACED
from loaders.reading.opened_tables import Opened
from loaders.reading.records import Known, Records, records
from loaders.reading.typed_cells import sent_points
from loaders.senders import send_backs, sender_memory
from loaders.senders.sender_memory import Memory
from store import table_schemas
from store.errors import IntakeError, StaleError
from store.ledger import Ledger
from store.snapshot import Snapshot
from store.snapshot_store import Draft, Store
from store.step_progress import Progress, part, silent

_NAMES = [name for name in table_schemas.SCHEMAS if name != "spells"]


def assess(
    opened: Sequence[Opened],
    crs: str | None = None,
    *,
    store: Store,
    sender: str | None = None,
    progress: Progress = silent,
) -> Assessment:
    """Contents of the opened tables, and the changes that publishing them would make.

    Nothing is written. `crs` is that of rows that state none; None: as remembered of `sender`, who
    may have confirmed too that its files list all its records. Later tables of one kind count as
    later. Raises `IntakeError` for a table that cannot be taken in.
    """
    base, ledger = _real(store.current()), store.ledger
    frames = _frames(base)
    answers = ledger.latest(place_review.TOPIC)
    remembered = sender_memory.recall(ledger, sender)
    known = Known(
        frames["venues"][["venue_id", "name"]],
        crs,
        sender,
        sender_memory.operator_of(sender),
        remembered.words,
        learned_places.lessons(place_review.lessons(answers)),
    )
    read = _once(_read(opened, known, remembered, progress))
    sheets = [_settled(sheet, answers) for sheet in read]
    accepted = _by_kind(sheets)
    progress("与现行版本比较", 0.75)
    changes = {
        kind: _changes(kind, rows, frames[kind], sender, _whole(opened, kind, remembered))
        for kind, rows in accepted.items()
    }
    progress("查找重复", 0.85)
    pairs = pd.DataFrame(columns=duplicates.COLUMNS)
    if "merchants" in accepted:
        pairs = duplicates.found(accepted["merchants"], frames["merchants"])
    progress("核对完成", 1.0)
    return Assessment(
        opened=tuple(opened),
        read=tuple(read),
        sheets=tuple(sheets),
        sender=sender,
        base=base.id if base else None,
        changes=changes,
        duplicates=pairs,
        corrections=send_backs.corrections(opened, sheets, ledger),
    )


def _read(
    opened: Sequence[Opened], known: Known, remembered: Memory, progress: Progress
) -> list[Records]:
    """Records of each table; the venues of a register may be named in the tables after it."""
    read: list[Records] = []
    crs = known.crs
    for step, one in enumerate(opened):
        inner = part(progress, 0.7 * step / len(opened), 0.7 * (step + 1) / len(opened))
        kind = one.source.layout.kind
        reading = remembered.readings.get(kind)
        known = replace(known, crs=crs or (reading.crs if reading else None))
        read.append(records(one.source, known, inner))
        if kind == "venues":
            known = known.listing(read[-1].accepted)
    return read


def publish(
    assessment: Assessment, store: Store, created_by: str, progress: Progress = silent
) -> Snapshot:
    """Merge the accepted records into the snapshot in force and publish the result.

    The first real import leaves the demo behind. What people decided is applied. Raises
    `IntakeError` if no row was accepted, and `StaleError` if the snapshot in force is no longer
    the one that the files were compared with.
    """
    if assessment.rows == sum(sheet.rejected for sheet in assessment.sheets):
        raise IntakeError("没有一行可以接收，未发布。请按退回原因改正后重新导入")
    store.keep({one.name: one.original for one in assessment.opened})

    def build(current: Snapshot | None) -> Draft:
        base = _real(current)
        if assessment.base != (base.id if base else None):
            raise StaleError(
                "核对之后有人发布了新的数据版本，差异已经变了，未发布。请重新核对后再发布"
            )
        progress("合并数据", 0.1)
        inputs = _inputs(assessment, base, created_by)
        return _draft(tables_with(assessment, base), inputs, store.ledger)

    return store.publish(build, created_by, progress)


def fold(store: Store, created_by: str, progress: Progress = silent) -> Snapshot:
    """Publish the snapshot in force again with what people decided since.

    Raises `IntakeError` while nothing has been published.
    """

    def build(base: Snapshot | None) -> Draft:
        if base is None:
            raise IntakeError("还没有发布过数据，没有可以更新的版本")
        progress("并入人工核定", 0.1)
        frames = _frames(base)
        draft = _draft(frames, base.manifest["kind_inputs"], store.ledger_of(base))
        return replace(draft, demo=base.manifest["demo"])

    return store.publish(build, created_by, progress)


def roll_back(store: Store, snapshot_id: str, by: str) -> Snapshot:
    """Put an older (or newer) snapshot in force; who did it is written down first."""
    snapshot, current = store.snapshot(snapshot_id), store.current()
    body = {"instead_of": current.id if current else None}
    store.ledger.write("force", snapshot.id, body, by)
    return store.rollback(snapshot.id)


def evidence(opened: Sequence[Opened], store: Store) -> pd.DataFrame | None:
    """How well points that state no coordinate system fit each; None where there are none."""
    points = [sent_points(one.source) for one in opened if one.needs_crs]
    if not points:
        return None
    base = _real(store.current())
    known = base.frame("merchants") if base else table_schemas.empty("merchants")
    known = known.dropna(subset=["lon", "lat"]).set_index("merchant_key")[["lon", "lat"]]
    return coordinate_systems.fits(pd.concat(points, ignore_index=True), known)


def tables_with(assessment: Assessment, base: Snapshot | None = None) -> merging.Frames:
    """Tables of `base` (none: empty ones) with the accepted records merged in; no spells."""
    frames = _frames(base)
    for sheet in assessment.read:
        frames = merging.merged(frames, sheet)
    return frames


def _frames(base: Snapshot | None) -> merging.Frames:
    """Tables of a snapshot as the files have them, empty where it has none yet.

    What outlines and entries by hand gave is derived anew each time. The first denominators are
    those of its venues.
    """
    if base is None:
        return {name: table_schemas.empty(name) for name in _NAMES}
    frames = {name: base.frame(name) for name in _NAMES}
    day = datetime.fromisoformat(base.manifest["created_at"]).date()
    return spatial_join.apart(manual_entries.apart(stated_denominators.seeded(frames, day)))


def _real(snapshot: Snapshot | None) -> Snapshot | None:
    """`snapshot`, unless it is the demo: that never mixes with real data."""
    return None if snapshot is None or snapshot.manifest["demo"] else snapshot


def _settled(sheet: Records, answers: place_review.Answers) -> Records:
    kind, rows = KINDS[sheet.layout.kind], sheet.accepted
    if not (kind.placed and answers):
        return sheet
    keyed = rows.set_index(merging.keys(rows, kind).rename(None))
    return replace(sheet, accepted=place_review.settled(keyed, kind, answers).set_axis(rows.index))


def _once(read: list[Records]) -> list[Records]:
    """The sheets without the records that stand in a later sheet again: those are left out."""
    later: dict[str, dict[str, Records]] = {}
    result = []
    for sheet in reversed(read):
        kind = KINDS[sheet.layout.kind]
        if kind.figures:
            result.append(sheet)
            continue
        known = later.setdefault(kind.name, {})
        key = merging.keys(sheet.accepted, kind)
        again = key.isin(list(known))
        why = [f"与“{known[one].returned.title}”里的同一条重复，以那里的为准" for one in key[again]]
        known |= dict.fromkeys(key, sheet)
        result.append(sheet.without(again, why) if why else sheet)
    return result[::-1]


def _by_kind(sheets: Sequence[Records]) -> dict[str, pd.DataFrame]:
    """Accepted records of each kind, with the key of their table, the last of each key."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for sheet in sheets:
        kind, rows = KINDS[sheet.layout.kind], sheet.accepted
        if kind.placed:
            rows = merging.keyed(rows, kind)
        parts.setdefault(kind.name, []).append(rows)
    return {kind: pd.concat(rows, ignore_index=True) for kind, rows in parts.items()}


def _whole(opened: Sequence[Opened], kind: str, remembered: Memory) -> bool:
    """Whether the tables of `kind` list all the sender's records; a send-back never does."""
    reading = remembered.readings.get(kind)
    mine = [one for one in opened if one.source.layout.kind == kind]
    return bool(reading and reading.whole) and not any(one.answers for one in mine)


def _changes(
    kind: str, rows: pd.DataFrame, table: pd.DataFrame, sender: str | None, whole: bool
) -> pd.DataFrame:
    """Changes of the records that the sender sent before or sends now."""
    if KINDS[kind].figures:
        return difference.between(table, rows, kind, whole=False)
    key = KINDS[kind].key_column
    mine = (table["sender"] == (sender or "")) | table[key].isin(rows[key])
    if "operator_id" in table:
        bank = sender_memory.operator_of(sender)
        mine |= table["sender"].isna() & (table["operator_id"] == (bank or ""))
    return difference.between(table[mine.fillna(False)], rows, kind, whole)


def _draft(frames: merging.Frames, inputs: list[dict[str, Any]], ledger: Ledger) -> Draft:
    """The tables with what people decided; the version is read first, so it is never too new."""
    version, answers = ledger.version, ledger.latest(place_review.TOPIC)
    decided = spatial_join.decisions(ledger)
    frames = manual_entries.folded(frames, ledger)
    for kind in PLACED:
        rows = frames[kind.name]
        rows = rows.set_index(rows[kind.key_column].rename(None))
        frames[kind.name] = place_review.settled(rows, kind, answers).reset_index(drop=True)
    return Draft(spatial_join.joined(frames, decided), inputs, ledger_version=version)


def _inputs(assessment: Assessment, base: Snapshot | None, by: str) -> list[dict[str, Any]]:
    """Every file that the snapshot is made of, oldest first; a file sent again counts once."""
    now = datetime.now(UTC).astimezone().isoformat()
    pairs = duplicates.of_one_bank(assessment.duplicates)
    pairs = pairs.drop_duplicates(["source_file", "source_row"])
    twice = pairs.groupby("source_file").size()
    fresh = []
    for one, sheet in zip(assessment.opened, assessment.sheets, strict=True):
        numbers = counts(sheet)
        fresh.append(
            {"file": sheet.file, "sheet": sheet.layout.sheet, "sha256": one.digest}
            | {"kind": sheet.layout.kind, "sender": assessment.sender, "crs": sheet.crs}
            | {name: numbers[name] for name in ("rows", "accepted", "rejected", "in_review")}
            | {"located": numbers["located"], "duplicates": int(twice.get(sheet.file, 0))}
            | {"imported_at": now, "uploaded_by": by}
        )
    known = {(one["sha256"], one["kind"]) for one in fresh}
    earlier = base.manifest["kind_inputs"] if base else []
    return [one for one in earlier if (one["sha256"], one["kind"]) not in known] + fresh
