"""A process of its own, with limits of memory and time, in which a file from outside is read.

A small file can take any memory and any time, and a library in C or Rust can end its process. A
fresh interpreter imports the module of one function, calls it, and answers; what goes in and out
are pickles that our own code made.
"""

import importlib
import logging
import os
import pickle
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from store.errors import FileUnreadableError, IntakeError

MOST_MEMORY = 3 << 29
"""Bytes of the process: 300,000 rows of 20 columns take 1.2 GB as a web page, 1.1 GB as CSV."""

SECONDS, SECONDS_A_MB = 20, 0.5
"""Processor time for any file, and more by its size: a web page, the slowest, takes half of it."""

_PATIENCE = 4  # a machine that is busy is slow: seconds by the clock for one of processor time
_ROOT = Path(__file__).resolve().parents[2]
_AGAIN = "请在软件里打开检查，另存一份后重新上传"
_BROKEN = f"打不开：内容损坏，或展开后太大。{_AGAIN}"

_TIMES_UP = (-9, -24)  # killed by the clock, or by the system after its processor time (SIGXCPU)

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


def read(function: Callable[[bytes], Result], content: bytes) -> Result:
    """What `function`, which stands in a module, makes of the content of a file.

    Raises `FileUnreadableError` where it takes too long or too much memory, ends its process, or
    fails without a name; the message follows on the name of the file. Named errors are raised here
    as they were there.
    """
    seconds = round(SECONDS + SECONDS_A_MB * len(content) / 1e6)
    command = [sys.executable, "-P", "-m", __name__, str(seconds)]
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    # Threads take address space, and a large machine would start one for each of its cores.
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    environment = os.environ | single | {"PYTHONPATH": paths}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        clock = threading.Timer(seconds * _PATIENCE, process.kill)
        clock.start()
        try:
            how, answer = _answer(process, (function.__module__, function.__name__, content))
        finally:
            clock.cancel()
            process.kill()
    if how == "done":
        result: Result = answer
        return result
    if how == "named":
        raise answer
    if how == "ended" and answer in _TIMES_UP:
        raise FileUnreadableError(f"读了 {seconds} 秒还没有读完，没有采用。{_AGAIN}")
    _log.error("%s.%s %s: %s", function.__module__, function.__name__, how, answer)
    raise FileUnreadableError(_BROKEN)


def _answer(process: subprocess.Popen[bytes], question: tuple[str, str, bytes]) -> tuple[str, Any]:
    """How the process answered, and its answer; its exit code where it ended before."""
    try:
        with process.stdin as pipe:  # type: ignore[union-attr]
            pickle.dump(question, pipe)
        how, answer = pickle.load(process.stdout)  # type: ignore[arg-type]
    except (OSError, EOFError, pickle.UnpicklingError):
        return "ended", process.wait()
    return how, answer


def limit(seconds: int, memory: int = MOST_MEMORY) -> None:
    """Limit this process; Windows, where only the clock holds, has no such limits."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def _main(seconds: int) -> None:
    limit(seconds)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    module, name, content = pickle.load(sys.stdin.buffer)
    try:
        outcome = "done", getattr(importlib.import_module(module), name)(content)
    except IntakeError as error:
        outcome = "named", error
    except MemoryError:
        sys.exit(1)
    except BaseException:  # a panic of a library in Rust is no Exception
        outcome = "failed", traceback.format_exc()
    with answers:
        pickle.dump(outcome, answers)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
