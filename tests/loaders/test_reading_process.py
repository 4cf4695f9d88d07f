"""A file is read in a process of its own: whatever the reader does, the server goes on."""

import os
import resource
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from loaders.formats import opened_files, reading_process
from store.errors import FileUnreadableError, ProtectedFileError


def length(content):
    print("what a library prints is no answer")
    return len(content)


def process(_content):
    return os.getpid()


def parent(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("PPid:")).split()[1])


def prepared(_content):
    return os.getppid()


def limits(_content):
    return resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)


def threads(_content):
    return len(list(Path(f"/proc/{os.getppid()}/task").iterdir()))


def first_to_meet(content):
    Path(os.fsdecode(content)).write_text("here")
    return os.getpid()


def second_to_meet(content):
    Path(os.fsdecode(content)).read_text()
    return os.getpid()


def siblings(_content):
    """Processes of the prepared one beside this, zombies among them."""
    server = os.getppid()
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [int(child) for child in children if int(child) != os.getpid()]


def killing(_content):
    os.kill(os.getppid(), signal.SIGKILL)
    return "read"


def killing_and_ending(_content):
    os.kill(os.getppid(), signal.SIGKILL)
    os.abort()


def locked(_content):
    raise ProtectedFileError("设了密码")


def endless(_content):
    while True:
        pass


def waiting(_content):
    signal.pause()


def greedy(_content):
    return bytes(2 * reading_process.MOST_MEMORY)


def ending(_content):
    os.abort()


def leaving(_content):
    sys.exit(0)


def failing(content):
    return content.index(b"not there")


def unspeakable(_content):
    return lambda: None


@pytest.fixture(params=["forked", "fresh"])
def either_way(request, monkeypatch):
    """Whether the system can fork, as Windows cannot."""
    if request.param == "fresh":
        monkeypatch.delattr(os, "fork")


@pytest.mark.usefixtures("either_way")
def test_the_result_comes_back_from_another_process():
    assert reading_process.read(length, bytes(3_000_000)) == 3_000_000
    assert reading_process.read(process, b"") != os.getpid()


@pytest.mark.usefixtures("either_way")
def test_a_named_error_is_raised_as_it_was():
    with pytest.raises(ProtectedFileError, match="设了密码"):
        reading_process.read(locked, b"")


def refused(reader, content, caplog):
    with pytest.raises(FileUnreadableError, match="打不开：内容损坏，或展开后太大。请"):
        reading_process.read(reader, content)
    assert reader.__name__ in caplog.text


@pytest.mark.parametrize("reader", [greedy, ending, leaving, failing, unspeakable])
@pytest.mark.parametrize("content", [b"", bytes(3_000_000)])
def test_what_ends_or_fails_is_said_in_a_sentence_and_logged(reader, content, caplog):
    refused(reader, content, caplog)


@pytest.mark.parametrize("reader", [greedy, ending, failing])
def test_a_fresh_interpreter_says_so_too(reader, monkeypatch, caplog):
    monkeypatch.delattr(os, "fork")
    refused(reader, b"", caplog)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("reader", [endless, waiting])
def test_what_takes_too_long_is_stopped_and_said(reader, monkeypatch):
    monkeypatch.setattr(reading_process, "SECONDS", 1)
    with pytest.raises(FileUnreadableError, match="读了 1 秒还没有读完，没有采用"):
        reading_process.read(reader, b"")


def test_two_files_are_read_at_once(tmp_path):
    os.mkfifo(tmp_path / "meeting")
    meeting = os.fsencode(tmp_path / "meeting")
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(reading_process.read, first_to_meet, meeting)
        second = threads.submit(reading_process.read, second_to_meet, meeting)
    assert first.result() != second.result()


def test_one_process_is_prepared_for_all_files_and_has_one_thread_and_no_limit():
    opened_files.sheets(opened_files.SentFile("来件.csv", b"a,b\n1,2\n"))
    server = reading_process.read(prepared, b"")
    (memory, _), (seconds, _) = reading_process.read(limits, b"")
    assert memory > reading_process.MOST_MEMORY
    assert seconds == reading_process.SECONDS
    assert reading_process.read(prepared, b"") == server
    assert parent(server) == os.getpid()
    assert reading_process.read(threads, b"") == 1
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        assert resource.prlimit(server, limit) == resource.getrlimit(limit)


def test_the_prepared_process_outlives_every_end_of_a_reader(caplog):
    server = reading_process.read(prepared, b"")
    for reader in (ending, greedy, leaving, unspeakable):
        refused(reader, b"", caplog)
    assert reading_process.read(prepared, b"") == server


def test_a_prepared_process_that_was_killed_is_started_again():
    before = reading_process.read(prepared, b"")
    os.kill(before, signal.SIGKILL)
    after = reading_process.read(prepared, b"")
    assert after != before
    assert reading_process.read(prepared, b"") == after
    assert not Path(f"/proc/{before}").exists()


def test_a_file_is_read_to_its_end_though_the_prepared_process_is_killed_meanwhile(caplog):
    assert reading_process.read(killing, b"") == "read"
    assert reading_process.read(length, b"abc") == 3
    refused(killing_and_ending, b"", caplog)
    assert reading_process.read(length, b"abc") == 3


def ended(pid):
    """Wait until a process has ended, for a minute at most."""
    try:
        waiting = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    poll = select.poll()
    poll.register(waiting, select.POLLIN)
    found = poll.poll(60_000)
    os.close(waiting)
    return bool(found)


def test_readers_leave_no_zombies(caplog):
    readers = [reading_process.read(process, b"") for _ in range(3)]
    refused(ending, b"", caplog)
    assert all(map(ended, readers))
    # The one that reads this is the only child then: the others were buried before it was forked.
    assert reading_process.read(siblings, b"") == []


PARENT = """
import os, signal, sys
from loaders.formats import reading_process
from tests.loaders.test_reading_process import prepared
print("main module")
print(reading_process.read(prepared, b""), flush=True)
if sys.argv[1] == "killed":
    signal.pause()
"""


@pytest.mark.parametrize("how", ["killed", "at its end"])
def test_the_prepared_process_ends_with_its_parent_and_never_runs_its_main_module(how, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(PARENT)
    command = [sys.executable, "-W", "error", str(script), how]
    root = os.fspath(Path(__file__).parents[2])
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": root},
    ) as script_process:
        assert script_process.stdout.readline() == "main module\n"
        server = int(script_process.stdout.readline())
        if how == "killed":
            script_process.kill()
        assert script_process.stdout.read() == ""
        assert "ResourceWarning" not in script_process.stderr.read()
    assert ended(server)
