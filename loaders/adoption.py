"""Adoption of a store of version 0.4: originals become statements, the ledger comes along."""

import json
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from domain.visitors import Visitor
from loaders import intake, stated_sheets
from loaders.reading import opened_tables
from loaders.reading.records import Records
from loaders.senders import sender_memory
from store.errors import IntakeError, UnconfirmedError
from store.snapshot import Snapshot
from store.snapshot_store import Store
from store.statement_store import Statement, in_force
from store.step_progress import Progress, silent


def adopt(
    store: Store, folder: Path, days: Mapping[str, date], by: Visitor, progress: Progress = silent
) -> Snapshot:
    """Publish what the version in force in `folder` was made of, statement by statement.

    `days` are the days that files speak for, by file name, where they do not say so themselves.
    Each file is read as it was confirmed then. Raises `IntakeError` where `store` has a version
    already or `folder` is no store of 0.4, `UnconfirmedError` naming every file of unknown day.
    """
    store.ledger.require(by, "publish", "接收旧数据目录")
    if store.current() is not None:
        raise IntakeError(f"数据目录“{store.path}”里已有数据版本。请换一个新的空目录再接收旧数据")
    inputs = _inputs(folder)
    _copy_ledger(folder, store)
    taken: list[tuple[Statement, Records]] = []
    undated: list[str] = []
    for step, one in enumerate(inputs):
        progress(f"重读 {one['file']}", 0.6 * step / len(inputs))
        taken += _taken(one, folder, store, days, undated)
    if undated:
        names = "、".join(f"“{name}”" for name in dict.fromkeys(undated))
        raise UnconfirmedError(
            f"这些文件没有写明数据截止到哪一天：{names}。"
            "请逐个写明，如 --as-at 农行六月.xlsx=2025-06-30，再重新运行"
        )
    originals = (path for path in (folder / "originals").iterdir() if path.name[0] != ".")
    store.keep({path.name: path.read_bytes() for path in originals})
    kept = store.keep_statements(stated_sheets.kept(one, sheet) for one, sheet in taken)
    statements = in_force((), kept)
    return store.publish(lambda _: intake.draft(statements, store, store.ledger), by, progress)


def _inputs(folder: Path) -> list[dict[str, Any]]:
    """The files that the version in force in `folder` was made of, oldest first."""
    try:
        name = (folder / "current").read_text(encoding="utf-8").strip()
        manifest = json.loads((folder / "snapshots" / name / "manifest.json").read_text("utf-8"))
        inputs: list[dict[str, Any]] = manifest["kind_inputs"]
        demo = manifest["demo"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IntakeError(
            f"“{folder}”不是 0.4 版的数据目录，或里面的文件读不出来（{error}）。请核对路径"
        ) from error
    if demo:
        raise IntakeError(f"“{folder}”里在用的是演示数据，没有要接收的。请先退回到真实版本")
    return inputs


def _copy_ledger(folder: Path, store: Store) -> None:
    """Take the decisions along, unless the ledger is a database of its own."""
    old, file = folder / "ledger.db", store.path / "ledger.db"
    if not old.exists() or store.ledger.url != f"sqlite:///{file}" or file.exists():
        return
    store.path.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(old)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)


def _taken(
    one: Mapping[str, Any], folder: Path, store: Store, days: Mapping[str, date], undated: list[str]
) -> list[tuple[Statement, Records]]:
    """The statements that an input makes; a file of unknown day is added to `undated`."""
    original = next((folder / "originals").glob(f"{one['sha256']}.*"), None)
    if original is None:
        raise IntakeError(f"“{one['file']}”的原件不在“{folder / 'originals'}”里，请从备份恢复")
    sender = one.get("sender")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / one["file"]
        path.write_bytes(original.read_bytes())
        opened = opened_tables.opened(
            [path],
            one["kind"],
            known=sender_memory.recall(store.ledger, sender),
            sender=sender,
            only={path.name: [one["sheet"]]} if "sheet" in one else None,
        )
    found = []
    for table in opened:
        found_day = table.found_day.day if table.found_day else None
        day = days.get(one["file"]) or table.as_at or found_day
        if day is None:
            undated.append(one["file"])
            continue
        dated = replace(table, as_at=day)
        (stated,) = stated_sheets.statements([dated], store.ledger, sender, one.get("crs"))
        made, sheet = stated
        made = replace(made, taken_at=one["imported_at"], taken_by=one["uploaded_by"])
        found.append((made, sheet))
    return found
