"""A file is read in a process of its own: whatever the reader does, the server goes on."""

import os
import sys

import pytest

from loaders.formats import reading_process
from store.errors import FileUnreadableError, ProtectedFileError


def length(content):
    print("what a library prints is no answer")
    return len(content)


def process(_content):
    return os.getpid()


def locked(_content):
    raise ProtectedFileError("设了密码")


def endless(_content):
    while True:
        pass


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


def test_the_result_comes_back_from_another_process():
    assert reading_process.read(length, bytes(3_000_000)) == 3_000_000
    assert reading_process.read(process, b"") != os.getpid()


def test_a_named_error_is_raised_as_it_was():
    with pytest.raises(ProtectedFileError, match="设了密码"):
        reading_process.read(locked, b"")


@pytest.mark.parametrize("reader", [greedy, ending, leaving, failing, unspeakable])
@pytest.mark.parametrize("content", [b"", bytes(3_000_000)])
def test_what_ends_or_fails_is_said_in_a_sentence_and_logged(reader, content, caplog):
    with pytest.raises(FileUnreadableError, match="打不开：内容损坏，或展开后太大。请"):
        reading_process.read(reader, content)
    assert reader.__name__ in caplog.text


def test_what_takes_too_long_is_stopped_and_said(monkeypatch):
    monkeypatch.setattr(reading_process, "SECONDS", 1)
    with pytest.raises(FileUnreadableError, match="读了 1 秒还没有读完，没有采用"):
        reading_process.read(endless, b"")
