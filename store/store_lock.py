"""Writing into a store: one publisher at a time, and what a disk that cannot be written means."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pyarrow as pa

from store.errors import StoreError
from store.step_progress import Progress, silent

FILE = "publishing.lock"
_WAIT = 600.0  # seconds
_DISK = {  # errno: what it means, what to do
    errno.ENOSPC: ("磁盘满了", "请清出磁盘空间"),
    errno.EDQUOT: ("磁盘配额用完了", "请清出磁盘空间"),
    errno.EFBIG: ("文件超过磁盘允许的大小", "请清出磁盘空间"),
    errno.EROFS: ("磁盘是只读的", "请改成可写的磁盘"),
    errno.EACCES: ("没有写入权限", "请给运行看板的账号开通写入权限"),
    errno.EPERM: ("没有写入权限", "请给运行看板的账号开通写入权限"),
}


@contextmanager
def writing(folder: Path, name: str = "数据目录") -> Iterator[None]:
    """Errors of the disk translated into a `StoreError` for the user; what is in force stays."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        code = getattr(error, "errno", None) or 0
        why, advice = _DISK.get(code, (str(error), "请检查这个目录所在的磁盘"))
        raise StoreError(
            f"{name}“{folder}”写不进去（{why}），没有发布，现行版本没有变。{advice}后重试"
        ) from error


def disk_error(error: Exception) -> OSError:
    """An engine's own error of the disk as the system's."""
    code = next((code for code in _DISK if os.strerror(code) in str(error)), 0)
    return OSError(code, str(error))


@contextmanager
def held(folder: Path, progress: Progress = silent) -> Iterator[None]:
    """The lock of the store in `folder`, for one publisher at a time.

    SQLite's exclusive lock is the operating system's file lock on every platform: it ends with the
    process, even a killed one, and is never stale. Raises `StoreError` if it is held too long, or
    if its file is broken.
    """
    progress("等待其他发布完成", 0.0)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(closing(sqlite3.connect(path, timeout=_WAIT)))
            connection.execute("PRAGMA journal_mode = MEMORY")  # a full disk has no room for a file
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            text = f"数据目录“{folder}”暂时不能发布（{error}），请稍后再试"
            raise StoreError(text) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"锁文件“{path}”坏了（{error}），等多久也发布不了。请确认没有人正在发布，"
                "再运行 python -m store unlock"
            ) from error
        yield


def clear(folder: Path) -> None:
    """Remove the file of the lock; the next publisher makes a new one."""
    with writing(folder):
        (folder / FILE).unlink(missing_ok=True)
