"""Intake of files: `assess` shows what they would change, `publish` makes it a snapshot.

`formats` and `reading` turn a sheet into a statement, `folding` makes tables of all statements in
force, `decisions` applies what people decided, and `store` puts the result in force. So a snapshot
follows from its statements and the ledger, whatever came before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa

from domain.visitors import Visitor
from geo import coordinate_systems
from loaders import accounts, folding, lost_zeros, stated_sheets
from loaders.assessment import Assessment
from loaders.comparing import candidate, contradictions, difference, duplicates
from loaders.comparing.difference import Sent
from loaders.decisions import dispute_effects, manual_entries, place_review, spatial_join
from loaders.folding import Frames
from loaders.kinds import KINDS, PLACED
from loaders.reading import named_systems, record_checks
from loaders.reading.opened_tables import Opened
from loaders.reading.records import Records
from loaders.reading.typed_cells import sent_points
from loaders.senders import send_backs, sender_memory
from loaders.senders.sender_memory import Memory
from store import snapshot_contents, table_schemas
from store.errors import IntakeError, LedgerError, StaleError, UnconfirmedError
from store.ledger import Ledger
from store.snapshot import Snapshot
from store.snapshot_store import Draft, Store
from store.statement_store import Statement, in_force
from store.step_progress import Progress, silent


def assess(
    opened: Sequence[Opened],
    crs: str | None = None,
    *,
    store: Store,
    sender: str | None = None,
    progress: Progress = silent,
) -> Assessment:
    """Contents of the opened tables, and the changes that publishing them would make.

    Nothing is written. `crs` is that of rows that state none; None: as remembered of `sender`.
    Raises `IntakeError` for a table that cannot be taken in, also where its headers name another
    system than `crs`, and `UnconfirmedError` for one of which nobody said what day it speaks for.
    """
    for one in opened:
        named_systems.system(one.source.layout.point_headers, one.source.file, crs)
    base, ledger = _real(store.current()), store.ledger
    answers = ledger.latest(place_review.TOPIC)
    remembered = sender_memory.recall(ledger, sender)
    found = stated_sheets.statements(opened, store.ledger, sender, crs, progress)
    statements, read = [one for one, _ in found], [sheet for _, sheet in found]
    _apart(statements)
    progress("与现行版本比较", 0.75)
    before = _tables(base)
    known = store.in_force(base)
    holding = in_force(known, statements)
    fresh = {
        one.id: stated_sheets.rows(sheet, one.id)
        for one, sheet in zip(statements, read, strict=True)
    }
    alike = [one for one in holding if one.kind in {mine.kind for mine in statements}]
    numbers = accounts.numbers(alike, store.statements, fresh)
    sheets = [_numbered(sheet, numbers[sheet.layout.kind]) for sheet in read]
    register = _register(before, sheets)
    sheets = [_settled(_linked(sheet, register), answers) for sheet in sheets]
    accepted = _by_kind(sheets)
    contradicted = contradictions.found(statements, holding, store.statements, fresh)
    sheets = [
        contradictions.noted(sheet, one, contradicted)
        for sheet, one in zip(sheets, statements, strict=True)
    ]
    drafted = draft(holding, store, ledger, fresh)
    earlier = [one for one in known if one.sender == sender]
    sent = {
        kind: _sent(kind, rows, before[kind], sender, _whole(opened, kind, remembered, earlier))
        for kind, rows in accepted.items()
    }
    changes, effects = candidate.compared(base, before, drafted, sent)
    progress("查找重复", 0.85)
    pairs = pd.DataFrame(columns=duplicates.COLUMNS)
    if "merchants" in accepted:
        pairs = duplicates.found(accepted["merchants"], before["merchants"])
    progress("核对完成", 1.0)
    return Assessment(
        opened=tuple(opened),
        read=tuple(read),
        sheets=tuple(sheets),
        statements=tuple(statements),
        replaced=tuple(old for old in known if any(one.replaces(old) for one in statements)),
        sender=sender,
        base=base.id if base else None,
        draft=drafted,
        changes=changes,
        consequences=effects,
        duplicates=pairs,
        contradicted=contradicted,
        corrections=send_backs.corrections(opened, sheets, ledger),
        lost=dispute_effects.lost(drafted.content, ledger),
    )


def publish(
    assessment: Assessment, store: Store, by: Visitor, progress: Progress = silent
) -> Snapshot:
    """Put the statements of the files in force with the others, and publish the result.

    The first real import leaves the demo behind. What people decided is applied, also what they
    decided since the assessment; without such a decision its draft is published. Raises
    `IntakeError` if no row was accepted, and `StaleError` if the snapshot in force is no longer
    the one that the files were compared with.
    """
    store.ledger.require(by, "publish", "发布导入的文件")
    if assessment.rows == sum(sheet.rejected for sheet in assessment.sheets):
        raise IntakeError("没有一行可以接收，未发布。请按退回原因改正后重新导入")
    now = datetime.now(UTC).astimezone().isoformat()
    pairs = duplicates.of_one_bank(assessment.duplicates)
    pairs = pairs.drop_duplicates(["source_file", "source_row"])
    twice = pairs.groupby("source_file").size()
    stated = [
        replace(
            one,
            taken_at=now,
            taken_by=by.name,
            counts={**one.counts, "duplicates": int(twice.get(one.file, 0))},
        )
        for one in assessment.statements
    ]
    store.keep({one.name: one.original for one in assessment.opened})
    fresh = [one for one in stated if not store.statements.has(one)]
    taken = store.keep_statements(map(stated_sheets.kept, stated, assessment.read))

    def build(current: Snapshot | None) -> Draft:
        base = _real(current)
        if assessment.base != (base.id if base else None):
            raise StaleError(
                "核对之后有人发布了新的数据版本，差异已经变了，未发布。请重新核对后再发布"
            )
        progress("合并数据", 0.1)
        drafted = assessment.draft
        if len(fresh) == len(stated) and store.ledger.version == drafted.ledger_version:
            return drafted  # nothing was decided since, and no file is kept under another name
        return draft(in_force(store.in_force(base), taken), store, store.ledger)

    try:
        return store.publish(build, by, progress)
    except BaseException:
        store.forget(fresh)
        raise


def withdraw(
    store: Store, statement_id: str, reason: str, by: Visitor, progress: Progress = silent
) -> Snapshot:
    """Publish the snapshot in force without one statement; the reason is written down first.

    What it had replaced holds again, as if it had never come. Raises `IntakeError` if it is not in
    force, or no reason is given.
    """
    if not reason.strip():
        raise IntakeError("撤回要写明理由，没有撤回")

    def build(current: Snapshot | None) -> Draft:
        known = store.in_force(_real(current))
        kept = [one for one in known if one.id != statement_id]
        if len(kept) == len(known):
            names = "、".join(f"{one.id}（{one.title}）" for one in known) or "（无）"
            raise IntakeError(f"没有在用的报送“{statement_id}”，没有撤回。在用的有：{names}")
        store.ledger.write("withdrawn", statement_id, {"reason": reason.strip()}, by)
        kept += _replaced_by(statement_id, kept, store)
        progress("合并数据", 0.1)
        return draft(kept, store, store.ledger)

    return store.publish(build, by, progress)


def _replaced_by(statement_id: str, kept: Sequence[Statement], store: Store) -> list[Statement]:
    """The statements that a withdrawn one replaced when it came; none if a part of it stays."""
    (gone,) = store.statements.of([statement_id])
    if gone.part or any((one.subject, one.part) == (gone.subject, False) for one in kept):
        return []
    there = {path.name for path in store.folders()}
    before = store.current()
    while before is not None and gone.id in before.manifest["statements"]:
        parent = before.manifest["parent"]
        before = store.snapshot(parent) if parent in there else None
    return [one for one in store.in_force(_real(before)) if gone.replaces(one)]


def fold(store: Store, by: Visitor, progress: Progress = silent) -> Snapshot:
    """Publish the snapshot in force again with what people decided since.

    Raises `IntakeError` while nothing has been published.
    """

    def build(base: Snapshot | None) -> Draft:
        if base is None:
            raise IntakeError("还没有发布过数据，没有可以更新的版本")
        progress("并入人工核定", 0.1)
        again = draft(store.in_force(base), store, store.ledger_of(base))
        return replace(again, demo=base.manifest["demo"])

    return store.publish(build, by, progress)


def rebuild(store: Store, by: Visitor, progress: Progress = silent) -> Snapshot:
    """Read the originals of the statements in force again, and publish what they give.

    Each is read as it was then. The content hash is that in force, unless a table was damaged or
    this program reads differently. Raises `StoreError` where an original is missing.
    """
    base = _real(store.current())
    if base is None:
        raise IntakeError("还没有发布过数据，没有可以重做的版本")
    again = []
    statements = store.in_force(base)
    for step, statement in enumerate(statements):
        progress(f"重读 {statement.file}", 0.5 * step / len(statements))
        sheet = stated_sheets.again(statement, store)
        fresh = statement.identified(stated_sheets.rows(sheet, ""))  # as a rule the same
        again.append(stated_sheets.kept(fresh, sheet))
    taken = store.keep_statements(again)
    return store.publish(lambda _: draft(taken, store, store.ledger), by, progress)


def roll_back(store: Store, snapshot_id: str, by: Visitor) -> tuple[Snapshot, str]:
    """Put an older (or newer) snapshot in force, and write down who did it.

    That works whatever else is damaged. Where the ledger cannot be written, the text says why.
    """
    store.ledger.require(by, "roll_back", f"退回到版本 {snapshot_id}")
    before = store.pointed()
    snapshot = store.rollback(snapshot_id)
    try:
        store.ledger.write("force", snapshot.id, {"instead_of": before}, by)
    except LedgerError as error:
        return snapshot, f"已经退回，但没有记下是谁退回的：{error}"
    return snapshot, ""


def evidence(opened: Sequence[Opened], store: Store) -> pd.DataFrame | None:
    """How well points that state no coordinate system fit each; None where there are none."""
    points = [sent_points(one.source) for one in opened if one.needs_crs]
    if not points:
        return None
    base = _real(store.current())
    known = base.frame("merchants") if base else table_schemas.empty("merchants")
    known = known.dropna(subset=["lon", "lat"]).set_index("merchant_key")[["lon", "lat"]]
    return coordinate_systems.fits(pd.concat(points, ignore_index=True), known)


def _real(snapshot: Snapshot | None) -> Snapshot | None:
    """`snapshot`, unless it is the demo: that never mixes with real data."""
    return None if snapshot is None or snapshot.manifest["demo"] else snapshot


def _tables(base: Snapshot | None) -> Frames:
    """The tables of records and figures of a snapshot; empty ones without any."""
    return {name: base.frame(name) if base else table_schemas.empty(name) for name in KINDS}


def _apart(statements: Sequence[Statement]) -> None:
    """Raise `UnconfirmedError` where one table of an upload would replace another of it."""
    for place, one in enumerate(statements):
        for other in statements[:place]:
            if one.replaces(other):
                raise UnconfirmedError(
                    f"“{other.title}”和“{one.title}”都是{one.sender} {one.as_at} 的全部"
                    f"{KINDS[one.kind].label}，后一份会替换前一份。分开报的，请按部分报送导入；"
                    "是更正的，请只导入更正后的一份",
                    option="--part",
                )


def _register(tables: Frames, read: Iterable[Records]) -> pd.DataFrame:
    """Venues that rows may name: those on record and those that come with them."""
    fresh = [sheet.accepted for sheet in read if sheet.layout.kind == "venues"]
    both = pd.concat([part_[["venue_id", "name"]] for part_ in (tables["venues"], *fresh)])
    return both.drop_duplicates("venue_id", keep="last")


def _numbered(sheet: Records, numbers: pa.Table) -> Records:
    kind, rows = KINDS[sheet.layout.kind], sheet.accepted
    if not numbers.num_rows:
        return sheet
    return replace(
        sheet, accepted=lost_zeros.noted(rows, accounts.whose(rows, kind), kind, numbers)
    )


def _linked(sheet: Records, register: pd.DataFrame) -> Records:
    kind, rows = KINDS[sheet.layout.kind], sheet.accepted
    if not kind.in_venue:
        return sheet
    return replace(sheet, accepted=record_checks.linked(rows, register))


def _settled(sheet: Records, answers: place_review.Answers) -> Records:
    kind, rows = KINDS[sheet.layout.kind], sheet.accepted
    if not (kind.placed and answers):
        return sheet
    keyed = rows.set_index(accounts.keys(rows, kind).rename(None))
    return replace(sheet, accepted=place_review.settled(keyed, kind, answers).set_axis(rows.index))


def _by_kind(sheets: Sequence[Records]) -> dict[str, pd.DataFrame]:
    """Accepted records of each kind, with the key of their table, the last of each key."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for sheet in sheets:
        kind, rows = KINDS[sheet.layout.kind], sheet.accepted
        if kind.placed:
            rows = rows.assign(**{kind.key_column: accounts.keys(rows, kind)})
        parts.setdefault(kind.name, []).append(rows)
    return {kind: pd.concat(rows, ignore_index=True) for kind, rows in parts.items()}


def _whole(
    opened: Sequence[Opened], kind: str, remembered: Memory, earlier: Iterable[Statement]
) -> bool:
    """Whether the tables of `kind` list all the sender's records today.

    A send-back never does, nor does a list of a day before the last of the sender's `earlier` ones.
    """
    ours = [one for one in opened if one.source.layout.kind == kind]
    readings = [remembered.reading(one.source.layout) for one in ours]
    if not all(one and one.whole for one in readings) or any(one.answers for one in ours):
        return False
    last = max((one.as_at for one in earlier if one.kind == kind), default=date.min)
    return any(one.as_at is not None and one.as_at >= last for one in ours)


def _sent(
    kind: str, rows: pd.DataFrame, table: pd.DataFrame, sender: str | None, whole: bool
) -> Sent:
    """The records that the files hold, and those on record that the sender sent before."""
    about = KINDS[kind]
    keys = difference.keyed(rows, about).index
    if about.figures:
        return Sent(keys, keys, whole=False)
    theirs = table["sender"] == (sender or "")
    if "operator_id" in table:
        bank = sender_memory.operator_of(sender)
        theirs |= table["sender"].isna() & (table["operator_id"] == (bank or ""))
    mine = table.loc[theirs.fillna(False).astype(bool), about.key_column]
    return Sent(keys, pd.Index(mine), whole)


def draft(
    statements: Sequence[Statement],
    store: Store,
    ledger: Ledger,
    fresh: Mapping[str, pa.Table] | None = None,
) -> Draft:
    """The tables of `statements` with what people decided.

    `fresh` are the rows of the statements that are not kept yet. The version of the ledger is read
    first, so it is never too new.
    """
    version, answers = ledger.version, ledger.latest(place_review.TOPIC)
    decided = spatial_join.decisions(ledger)
    rulings = dispute_effects.upheld(ledger)
    told = folding.folded(statements, store.statements, fresh, rulings)
    frames = manual_entries.folded(told.frames, ledger)
    events = folding.also(told.events, manual_entries.inspections(ledger))
    for kind in PLACED:
        for name in (kind.name, table_schemas.BEFORE.get(kind.name)):
            if name:
                rows = frames[name].set_index(frames[name][kind.key_column].rename(None))
                rows = place_review.settled(rows, kind, answers, past=name != kind.name)
                frames[name] = rows.reset_index(drop=True)
    frames = spatial_join.told_apart(frames, decided)
    events = folding.also(events, dispute_effects.happened(frames["merchants"], rulings))
    return Draft(
        snapshot_contents.of(spatial_join.joined(frames, events, decided), events, told.spoken),
        [one.id for one in statements],
        last_day(statements),
        ledger_version=version,
    )


def last_day(statements: Iterable[Statement]) -> date | None:
    """The latest day that the merchants' statements speak for, without any that of all others."""
    days = [(one.kind == "merchants", one.as_at) for one in statements]
    return max(days)[1] if days else None
