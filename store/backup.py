"""A backup of a store in one archive, and the way back from it.

The archive is a tar: the files of the store under their own paths, ``ledger.json`` with every
decision, ``current``, and last ``contents.json`` with the SHA-256 of each member. Snapshots,
statements and originals are never changed once they are written, so people may publish meanwhile:
the archive holds what was in force when it was begun.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from store.durable_files import PARTIAL, flush, replace_file
from store.errors import StoreError
from store.file_hashes import sha256
from store.snapshot_store import Store

_FOLDERS = ("snapshots", "originals", "statements")
_CONTENTS, _LEDGER, _CURRENT = "contents.json", "ledger.json", "current"


def backup(store: Store, path: Path) -> dict[str, Any]:
    """Write everything that `store` keeps to the archive `path`; returns what it holds.

    Raises `StoreError` if the version in force is not known or damaged.
    """
    with store.held():
        current = store.current()
        if current is None:
            raise StoreError(f"数据目录“{store.path}”里还没有数据版本，没有要备份的")
        current.verify()
        files = list(_files(store.path))
        entries = store.ledger.entries()
    hashes = {}
    beside = path.with_name(f"{PARTIAL}-{path.name}")
    try:
        with tarfile.open(beside, "w") as archive:
            for file in files:
                name = file.relative_to(store.path).as_posix()
                hashes[name] = sha256(file)
                archive.add(file, name, recursive=False)
            for name, content in (
                (_LEDGER, json.dumps(entries, ensure_ascii=False).encode()),
                (_CURRENT, f"{current.id}\n".encode()),
            ):
                hashes[name] = hashlib.sha256(content).hexdigest()
                _add(archive, name, content)
            _add(archive, _CONTENTS, json.dumps(hashes, indent=1).encode())
        flush(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return {
        "file": str(path),
        "current": current.id,
        "content_hash": current.manifest["content_hash"],
        "files": len(files),
        "decisions": len(entries),
        "sha256": sha256(path),
    }


def restore(path: Path, store: Store) -> dict[str, Any]:
    """Put back what the archive `path` holds, into a store that is empty.

    Nothing is in force before everything is there as it was. Raises `StoreError` for a store or a
    ledger with anything in it, and for an archive that is damaged or not ours.
    """
    if store.folders() or store.pointed() or store.ledger.version:
        raise StoreError(
            f"数据目录“{store.path}”或它的决定台账不是空的，没有恢复。"
            "请用 COVERAGE_STORE 指定一个新的空目录，再恢复到那里"
        )
    try:
        with tarfile.open(path) as archive:
            names = [member.name for member in archive if member.isfile()]
            hashes: dict[str, str] = json.loads(_content(archive, _CONTENTS))
            if set(names) != {*hashes, _CONTENTS} or not all(map(_ours, names)):
                raise ValueError("清单与内容不一致")
            for name, known in hashes.items():
                content = _content(archive, name)
                if hashlib.sha256(content).hexdigest() != known:
                    raise ValueError(f"“{name}”已损坏")
                if name not in {_LEDGER, _CURRENT}:
                    replace_file(store.path / name, content)
            entries = json.loads(_content(archive, _LEDGER))
            current = _content(archive, _CURRENT).decode().strip()
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError, EOFError) as error:
        raise StoreError(
            f"“{path}”不是完好的备份（{error}），没有恢复。请换一份备份；"
            f"已经写出的文件在“{store.path}”，可以删掉"
        ) from error
    store.ledger.put_back(entries)
    snapshot = store.rollback(current)
    facts = snapshot.manifest
    return {"current": snapshot.id, "content_hash": facts["content_hash"], "files": len(hashes)}


def _files(folder: Path) -> Iterator[Path]:
    """Files that a store keeps, without those that somebody was writing."""
    for name in _FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            parts = path.relative_to(folder).parts
            if path.is_file() and not any(part.startswith(".") for part in parts):
                yield path


def _ours(name: str) -> bool:
    """Whether a member of an archive may be written into a store."""
    parts = PurePosixPath(name).parts
    if name in {_CONTENTS, _LEDGER, _CURRENT}:
        return True
    return len(parts) > 1 and parts[0] in _FOLDERS and not any(one[0] == "." for one in parts)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    with file:
        return file.read()
