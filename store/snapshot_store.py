"""Snapshots: immutable published states of all data, and the pointer to the one in force.

Layout of a store::

    snapshots/<id>/manifest.json, merchants.parquet, venues.parquet, …
    originals/<sha256>.xlsx   every source file of a snapshot, unchanged
    statements/…              what the files state (see `store.statement_store`)
    ledger.db                 decisions of people (see `store.ledger`)
    visits/…                  when who was last here (see `store.visits`)
    current                   one line: the id of the snapshot in force
    publishing.lock           held while someone publishes

A snapshot is written beside its place, flushed to disk and renamed into place; then `current` is
replaced. At whatever step a publisher is killed, readers see the old snapshot or the new one, each
complete. Readers never wait.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import Any

import ibis
import pyarrow.compute as pc
import pyarrow.parquet as pq

from domain import reference, rules
from domain.visitors import Visitor
from store import backend, day_tables, ledger, store_lock, table_schemas
from store.durable_files import PARTIAL, flush, replace_file
from store.errors import StoreError
from store.file_hashes import sha256
from store.ledger import Ledger
from store.snapshot import Snapshot
from store.statement_store import Stated, Statement, Statements
from store.step_progress import Progress, silent

_MEMORY = "1GB"  # for working out the day tables; what takes more goes to the disk


@dataclass(frozen=True)
class Draft:
    """What to publish: the tables of `content`, as `snapshot_contents.of` makes it.

    `statements` are the ids of those in force, `as_of` the last day that they speak for; None: the
    last day of the events.
    """

    content: Snapshot
    statements: Sequence[str] = ()
    as_of: date | None = None
    demo: bool = False
    ledger_version: int = 0


@dataclass(frozen=True)
class Store:
    """A folder of snapshots."""

    path: Path

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of decisions of this store."""
        return ledger.default(self.path)

    def ledger_of(self, snapshot: Snapshot) -> Ledger:
        """The ledger for decisions on the records of `snapshot`, of its own for the demo."""
        return replace(self.ledger, realm="demo ") if snapshot.manifest["demo"] else self.ledger

    @cached_property
    def statements(self) -> Statements:
        """The statements of this store."""
        return Statements(self.path)

    def original(self, digest: str) -> bytes | None:
        """A source file of a snapshot by its SHA-256; None if it is not kept.

        Raises `StoreError` if it is not as it came.
        """
        path = next((self.path / "originals").glob(f"{digest}.*"), None)
        if path is None:
            return None
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise StoreError(f"原件“{path.name}”已损坏，与收到时的不一样。请从备份恢复")
        return content

    def keep(self, originals: Mapping[str, bytes]) -> None:
        """Keep source files under their SHA-256 and the suffix of their name.

        `originals` maps names such as ``<sha256>.xlsx`` to contents; existing files are not written
        again. Raises `StoreError` if the disk cannot be written.
        """
        folder = self.path / "originals"
        with store_lock.writing(self.path), store_lock.held(self.path):
            self._sweep()
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in originals.items():
                if not (folder / name).exists():
                    replace_file(folder / name, content)

    def keep_statements(self, stated: Iterable[Stated]) -> list[Statement]:
        """Keep statements with their rows and their wrong cells, and return them as they are kept.

        They are in force only once a snapshot says so. Raises `StoreError` if the disk cannot be
        written.
        """
        with store_lock.writing(self.path), store_lock.held(self.path):
            return self.statements.keep(stated)

    def forget(self, statements: Iterable[Statement]) -> None:
        """Remove those of `statements` that no snapshot is made of, and originals of theirs alone.

        Somebody else may have published the same file meanwhile: then it stays.
        """
        with store_lock.writing(self.path), store_lock.held(self.path):
            used = {one for facts in self.snapshots() for one in facts["statements"]}
            gone = [one for one in statements if one.id not in used]
            self.statements.drop(gone)
            kept = self.statements.all()
            if len(kept) < len(self.statements.files()):  # one that cannot be read may need them
                return
            for digest in {one.digest for one in gone} - {one.digest for one in kept}:
                for path in (self.path / "originals").glob(f"{digest}.*"):
                    path.unlink()

    def in_force(self, snapshot: Snapshot | None) -> list[Statement]:
        """The statements that `snapshot` is made of."""
        return self.statements.of(snapshot.manifest["statements"]) if snapshot else []

    def snapshots(self) -> list[dict[str, Any]]:
        """Manifests of all snapshots that can be read, newest first."""
        manifests = []
        for path in self.folders():
            with suppress(StoreError):
                manifests.append(Snapshot(path).manifest)
        return sorted(manifests, key=lambda manifest: manifest["created_at"], reverse=True)

    def damaged(self) -> list[str]:
        """Ids of the snapshots that cannot be read, or do not have our manifest format."""
        readable = {manifest["id"] for manifest in self.snapshots()}
        return sorted(path.name for path in self.folders() if path.name not in readable)

    def pointed(self) -> str | None:
        """What ``current`` says, whether or not that is a snapshot; None where it says nothing."""
        try:
            text = (self.path / "current").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        return text.strip() or None

    def current(self) -> Snapshot | None:
        """The snapshot in force; None in a store without any.

        Raises `StoreError` where there are snapshots and ``current`` names none of them.
        """
        name, folders = self.pointed(), {path.name: path for path in self.folders()}
        if name in folders:
            return Snapshot(folders[name])
        if name is None and not folders:
            return None
        said = "读不出来" if name is None else f"写的是“{name}”，没有这个版本"
        newest = self.newest_sound()
        advice = (
            f"最新的一个完好版本是 {newest}，请在“数据导入”的“数据版本”里退回到它，"
            f"或运行 python -m loaders rollback {newest}"
            if newest
            else "里面没有完好的版本，请从备份恢复"
        )
        raise StoreError(
            f"数据目录“{self.path}”里有 {len(folders)} 个数据版本，但不知道哪个在用"
            f"（文件 current {said}）。{advice}"
        )

    def newest_sound(self) -> str | None:
        """Id of the newest snapshot whose files are all as they were published."""
        ids = (str(manifest["id"]) for manifest in self.snapshots())
        return next(filter(self._is_sound, ids), None)

    def _is_sound(self, snapshot_id: str) -> bool:
        with suppress(StoreError):
            self.snapshot(snapshot_id).verify()
            return True
        return False

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Snapshot by id. Raises `StoreError` if there is none."""
        names = [path.name for path in self.folders()]
        if snapshot_id not in names:
            known = "、".join(sorted(names, reverse=True)) or "（无）"
            raise StoreError(f"没有数据版本“{snapshot_id}”。现有版本：{known}")
        return Snapshot(self.path / "snapshots" / snapshot_id)

    def rollback(self, snapshot_id: str) -> Snapshot:
        """Put another snapshot in force; none is deleted.

        Raises `StoreError` if there is no such snapshot, if it is damaged, or if the disk cannot be
        written.
        """
        snapshot = self.snapshot(snapshot_id)
        snapshot.verify()
        with store_lock.writing(self.path), store_lock.held(self.path):
            self._point_to(snapshot)
        return snapshot

    def publish(
        self,
        build: Callable[[Snapshot | None], Draft],
        by: Visitor,
        progress: Progress = silent,
    ) -> Snapshot:
        """Publish the draft that `build` makes from the snapshot in force.

        `build` runs while the lock is held, so of two publishers the second builds on the first.
        If a snapshot has the same content from the same files, it is put in force and nothing is
        written. Raises `StoreError` if the disk cannot be written or the lock is held too long,
        and `NotAllowedError` where `by` may not publish.
        """
        self.ledger.require(by, "publish", "发布数据版本")
        with store_lock.writing(self.path), store_lock.held(self.path, progress):
            self._sweep()
            base = self.current()
            self._recall(base)
            draft = build(base)
            progress("核对版本", 0.5)
            digest = draft.content.fingerprint()
            snapshot = self._holding(digest, draft, base)
            if snapshot is None:
                manifest = _manifest(draft, digest, by, base)
                manifest["id"] = self._free(manifest["id"])
                snapshot = self._write(draft.content, manifest, progress)
            progress("切换版本", 0.95)
            self._point_to(snapshot)
            progress("完成", 1.0)
        return snapshot

    def folders(self) -> list[Path]:
        """The folders of all snapshots, damaged ones among them."""
        root = self.path / "snapshots"
        if not root.is_dir():
            return []
        return [path for path in root.iterdir() if path.is_dir() and path.name[0] != "."]

    def _holding(self, digest: str, draft: Draft, base: Snapshot | None) -> Snapshot | None:
        """The sound snapshot with this content and these files, preferably the one in force."""
        same = [
            manifest["id"]
            for manifest in self.snapshots()
            if manifest["content_hash"] == digest
            and manifest["demo"] == draft.demo
            and manifest["statements"] == sorted(draft.statements)
            and manifest["rules_version"] == rules.VERSION
            and self._is_sound(manifest["id"])
            and all(map(self.snapshot(manifest["id"]).has, day_tables.LATER))
        ]
        if base is not None and base.id in same:
            return base
        return self.snapshot(same[0]) if same else None

    def _free(self, name: str) -> str:
        """`name`, numbered if it exists: one content may be published twice in a second."""
        taken = {path.name for path in self.folders()}
        names = chain([name], (f"{name}-{number}" for number in count(2)))
        return next(free for free in names if free not in taken)

    def _write(self, content: Snapshot, manifest: dict[str, Any], progress: Progress) -> Snapshot:
        root = self.path / "snapshots"
        partial = root / f"{PARTIAL}-{manifest['id']}"
        partial.mkdir(parents=True)
        try:
            for step, name in enumerate(table_schemas.SCHEMAS):
                progress("写入数据", 0.6 + 0.2 * step / len(table_schemas.SCHEMAS))
                path = content.table_path(name)
                flush(Path(shutil.copyfile(path, partial / path.name)))
            progress("算出各日数据", 0.8)
            fresh = Snapshot(partial, published=False)
            _work_out(fresh, date.fromisoformat(manifest["as_of"]))
            manifest["files"] = {path.name: sha256(path) for path in sorted(partial.iterdir())}
            path = partial / "manifest.json"
            path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2), encoding="utf-8")
            flush(path)
            flush(partial)
        except OSError:  # a full disk needs the room back
            shutil.rmtree(partial, ignore_errors=True)
            raise
        progress("归档版本", 0.9)
        final = root / manifest["id"]
        partial.rename(final)
        flush(root)
        return Snapshot(final)

    def _recall(self, base: Snapshot | None) -> None:
        """Raise where the ledger is damaged or lacks decisions that `base` was made with."""
        self.ledger.verify()
        if base is None or self.ledger.version >= base.manifest["ledger_version"]:
            return
        known = self.ledger.version
        before = [one["id"] for one in self.snapshots() if one["ledger_version"] <= known]
        otherwise = f"先退回到没有用到它们的版本 {before[0]}，再" if before else "从空的数据目录"
        raise StoreError(
            f"决定台账只到第 {known} 条，现行版本用到了第 {base.manifest['ledger_version']} 条："
            "台账丢了、被清空了，或者换成了旧的。没有发布，现行版本没有变。请从备份恢复台账"
            f"（默认是数据目录里的 ledger.db）后重试；实在找不回来的，{otherwise}重新导入"
        )

    def _point_to(self, snapshot: Snapshot) -> None:
        """Write ``current``; on a full disk over the old one, which takes no room."""
        path, text = self.path / "current", f"{snapshot.id}\n".encode()
        if path.is_dir():
            path.rename(self.path / f"{PARTIAL}-current-{datetime.now(UTC):%Y%m%d%H%M%S%f}")
        try:
            replace_file(path, text)
        except OSError:
            if not path.is_file():
                raise
            with path.open("r+b") as file:
                file.write(text)
                file.truncate()
                os.fsync(file.fileno())

    def _sweep(self) -> None:
        """Remove partial files of a killed publisher. Call with the lock held."""
        for partial in (self.path / "snapshots").glob(f"{PARTIAL}*"):
            shutil.rmtree(partial)
        for place in (PARTIAL, f"originals/{PARTIAL}", f"statements/**/{PARTIAL}"):
            for partial in self.path.glob(f"{place}*"):
                shutil.rmtree(partial) if partial.is_dir() else partial.unlink()

    def clock_warning(self) -> str:
        """What to say where the clock is behind the newest snapshot; '' where it is not."""
        now = datetime.now(UTC)
        newest = max(
            (datetime.fromisoformat(facts["created_at"]) for facts in self.snapshots()), default=now
        )
        if newest <= now:
            return ""
        return (
            f"服务器的时钟（{now.astimezone():%Y-%m-%d %H:%M}）比最新的数据版本"
            f"（{newest.astimezone():%Y-%m-%d %H:%M}）还早。请先把时钟校准再发布，"
            "否则发布时间、截止日和版本的先后都不可靠"
        )

    def held(self) -> AbstractContextManager[None]:
        """The lock, for who must not see a publication half done."""
        return store_lock.held(self.path)


def default() -> Store:
    """The store that ``COVERAGE_STORE`` names, else ``data/store``."""
    return Store(Path(os.environ.get("COVERAGE_STORE") or reference.DATA / "store"))


def _work_out(snapshot: Snapshot, as_of: date) -> None:
    """Write `day_tables.WORKED_OUT` beside the facts of `snapshot`."""
    spill = {"memory_limit": _MEMORY, "temp_directory": f"{snapshot.path}.spill"}
    connection = snapshot.facts(ibis.duckdb.connect(**spill))
    for name, build in day_tables.WORKED_OUT.items():
        path = snapshot.table_path(name)
        backend.write(connection, path, *build(connection, as_of))
        flush(path)


def _manifest(draft: Draft, digest: str, by: Visitor, base: Snapshot | None) -> dict[str, Any]:
    now = datetime.now(UTC).astimezone()
    paths = {name: draft.content.table_path(name) for name in table_schemas.SCHEMAS}
    last = draft.as_of or pc.max(pq.read_table(paths["events"])["day"]).as_py()
    return {
        "id": f"{now:%Y%m%d-%H%M%S}-{digest[:8]}" + ("-demo" if draft.demo else ""),
        "created_at": now.isoformat(),
        "created_by": by.name,
        "login": by.login,
        "address": by.address,
        "demo": draft.demo,
        "statements": sorted(draft.statements),
        "rows": {name: pq.read_metadata(path).num_rows for name, path in paths.items()},
        "rules_version": rules.VERSION,
        "ledger_version": draft.ledger_version,
        "content_hash": digest,
        "as_of": min(last or date.max, date.today()).isoformat(),
        "parent": base.id if base else None,
    }
