"""A process of its own, with limits of memory and time, in which a file from outside is read.

A small file can take any memory and any time, and a library in C or Rust can end its process. To
import the readers takes longer than to read most files: so one process that has imported them, and
never sees a file, forks another for each. (The like in multiprocessing imports the main module,
which under Streamlit is the script of a page.) Windows cannot fork, so a fresh interpreter reads
each file there. What goes in and out are pickles that our own code made.
"""

import atexit
import gc
import importlib
import logging
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TypeVar

from store.errors import FileUnreadableError, IntakeError

MOST_MEMORY = 1_270_000_000
"""Bytes that reading may take: 300,000 rows of 20 columns, 0.9 GB as a web page, 0.8 GB as CSV."""

SECONDS, SECONDS_A_MB = 20, 0.5
"""Processor time for any file, and more by its size: a web page, the slowest, takes half of it."""

_PATIENCE = 4  # a machine that is busy is slow: seconds by the clock for one of processor time
_ROOT = Path(__file__).resolve().parents[2]
_AGAIN = "请在软件里打开检查，另存一份后重新上传"
_BROKEN = f"打不开：内容损坏，或展开后太大。{_AGAIN}"

_TIMES_UP = (-9, -14, -24)  # by the clock (SIGKILL, SIGALRM), or of processor time (SIGXCPU)

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


def read(function: Callable[[bytes], Result], content: bytes) -> Result:
    """What `function`, which stands in a module, makes of the content of a file.

    Raises `FileUnreadableError` where it takes too long or too much memory, ends its process, or
    fails without a name; the message follows on the name of the file. Named errors are raised here
    as they were there.
    """
    seconds = round(SECONDS + SECONDS_A_MB * len(content) / 1e6)
    ask = _ask_forked if hasattr(os, "fork") else _ask_fresh
    how, answer = ask((function.__module__, function.__name__, content), seconds)
    if how == "done":
        result: Result = answer
        return result
    if how == "named":
        raise answer
    if how == "ended" and answer in _TIMES_UP:
        raise FileUnreadableError(f"读了 {seconds} 秒还没有读完，没有采用。{_AGAIN}")
    _log.error("%s.%s %s: %s", function.__module__, function.__name__, how, answer)
    raise FileUnreadableError(_BROKEN)


class _Prepared:
    """The prepared process of this one: started when it is first asked, again if it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None

    def request(self, what: str, *ends: socket.socket) -> subprocess.Popen[bytes]:
        """Ask for a process at the far ends of sockets; they are closed where it cannot answer."""
        with self._lock:
            if not self._process or not self._requests or self._process.poll() is not None:
                self._process, self._requests = self._started()
            with suppress(OSError):
                socket.send_fds(self._requests, [what.encode()], [end.fileno() for end in ends])
            return self._process

    def end(self) -> None:
        """End it, as it also would when the process that asks is gone."""
        if self._process and self._requests:
            self._requests.close()
            self._process.wait()

    def _started(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        if self._requests:
            self._requests.close()
        requests, far = socket.socketpair()
        with far:
            number, nothing = far.fileno(), subprocess.DEVNULL
            command, environment = _command("serve", number)
            process = subprocess.Popen(
                command,
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                pass_fds=[number],
                env=environment,
            )
        return process, requests


_prepared = _Prepared()
atexit.register(_prepared.end)


def _ask_forked(question: tuple[str, str, bytes], seconds: int) -> tuple[str, Any]:
    """How a process of the prepared one answered, and its answer or its exit code."""
    for _ in range(2):  # the prepared process may just have ended
        channel, reader = socket.socketpair()
        ending, watcher = socket.socketpair()
        with channel, ending:
            with reader, watcher:
                prepared = _prepared.request(f"{seconds} {question[0]}", reader, watcher)
            answer = _answer(channel.makefile("wb"), channel.makefile("rb"), question)
            if answer:
                return answer
            if code := ending.recv(10):
                return "ended", int(code)
        prepared.kill()
        prepared.wait()
    return "ended", "without a code"


def _ask_fresh(question: tuple[str, str, bytes], seconds: int) -> tuple[str, Any]:
    """The same of a fresh interpreter."""
    command, environment = _command("read", seconds)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        clock = threading.Timer(seconds * _PATIENCE, process.kill)
        clock.start()
        try:
            answer = _answer(process.stdin, process.stdout, question)  # type: ignore[arg-type]
            return answer or ("ended", process.wait())
        finally:
            clock.cancel()
            process.kill()


def _command(task: str, number: int) -> tuple[list[str], dict[str, str]]:
    """The command line and the environment of this module as a process."""
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    # Threads take address space, and a fork would lose them.
    single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    single["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    command = [sys.executable, "-P", "-m", __name__, task, str(number)]
    return command, os.environ | single | {"PYTHONPATH": paths}


def _answer(
    to: IO[bytes], back: IO[bytes], question: tuple[str, str, bytes]
) -> tuple[str, Any] | None:
    """How a process answered, and its answer; None where it ended before."""
    try:
        with back:
            with to:
                pickle.dump(question, to)
            how, answer = pickle.load(back)
    except (OSError, EOFError, pickle.UnpicklingError):
        return None
    return how, answer


def limit(seconds: int, memory: int = MOST_MEMORY) -> None:
    """Limit the processor time of this process, and what memory it takes from here on.

    Windows has no such limits, and only Linux says how much memory the process has already.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _serve(number: int) -> None:
    """Fork a process for each request at socket `number`, until the process that asks ends."""
    requests = socket.socket(fileno=number)
    woken, waker = socket.socketpair()
    for end in (woken, waker):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno())
    watchers: dict[int, int] = {}
    while True:
        ready, *_ = select.select([requests, woken], [], [])
        if woken in ready:
            woken.recv(1_000)
            _tell(watchers)
            continue
        what, ends, *_ = socket.recv_fds(requests, 1_000, 2)
        if not what:
            return
        channel, watcher = ends
        others = [requests.fileno(), watcher, *watchers.values()]
        watchers[_forked(what, channel, others)] = watcher
        os.close(channel)


def _tell(watchers: dict[int, int]) -> None:
    """Bury the processes that have ended, and say how each did to who watches it."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            watcher = watchers.pop(ended[0])
            with suppress(OSError):  # nobody watches one that has answered
                os.write(watcher, str(os.waitstatus_to_exitcode(ended[1])).encode())
            os.close(watcher)


def _forked(what: bytes, channel: int, others: list[int]) -> int:
    """The id of a process that answers at `channel` and ends, whatever becomes of it."""
    seconds, module = what.decode().split()
    with suppress(Exception):  # the child fails in the same way, and says how
        importlib.import_module(module)
    gc.freeze()
    child = os.fork()
    if child:
        return child
    try:
        for end in others:
            os.close(end)
        signal.alarm(int(seconds) * _PATIENCE)
        limit(int(seconds))
        _reply(os.fdopen(channel, "rb", closefd=False), os.fdopen(channel, "wb"))
    finally:
        os._exit(1)


def _read_fresh(seconds: int) -> None:
    limit(seconds)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _reply(sys.stdin.buffer, answers)


def _reply(questions: IO[bytes], answers: IO[bytes]) -> None:
    module, name, content = pickle.load(questions)
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
    {"serve": _serve, "read": _read_fresh}[sys.argv[1]](int(sys.argv[2]))
