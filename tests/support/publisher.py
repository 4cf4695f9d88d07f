"""A publisher that is killed: imports a file into a store, and dies where it is told to.

``python -m tests.support.publisher STORE FILE [STEP]``: STEP counts the reports of progress and
the calls that change the disk, in the order in which they happen; at that one the process kills
itself with SIGKILL, as a power cut would. Without STEP it prints the number of steps.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from loaders import intake
from store import snapshot_store
from store.errors import StaleError
from tests.support.bank_files import assess

fatal = int(sys.argv[3]) if len(sys.argv) > 3 else None
steps: list[str] = []


def step(name: str) -> None:
    steps.append(name)
    if len(steps) == fatal:
        os.kill(os.getpid(), signal.SIGKILL)


def counted(function: Callable, name: str) -> Callable:
    def wrapper(*arguments: object, **options: object) -> object:
        result = function(*arguments, **options)
        step(name)
        return result

    return wrapper


if __name__ == "__main__":
    home = snapshot_store.Store(Path(sys.argv[1]))
    os.fsync = counted(os.fsync, "fsync")
    Path.rename = counted(Path.rename, "rename")
    Path.replace = counted(Path.replace, "replace")
    while True:
        try:
            found = assess([Path(sys.argv[2])], home)
            intake.publish(found, home, "测试", lambda stage, share: step(stage))
            break
        except StaleError:
            continue
    print(len(steps))
