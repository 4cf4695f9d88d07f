"""Command lines: JSON on stdout, or exit code 1 and a Chinese message on stderr."""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from store import snapshot_store, unexpected_errors
from store.errors import IntakeError

LOG = "errors.log"


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is a message on stderr and exit code 1, like any other here."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command, and where its use is explained."""
        self.exit(1, f"命令写得不对（{message}）。用法见 {self.prog} --help\n")


class FailedError(Exception):
    """A command that found something wrong: `answer` is printed, and the exit code is 1."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer


def _disk_failed(_: argparse.Namespace, error: OSError) -> str:
    return f"读写文件失败：{error}。请检查路径、磁盘空间和权限"


def run(
    parser: Parser,
    arguments: Sequence[str] | None,
    disk_failed: Callable[[argparse.Namespace, OSError], str] = _disk_failed,
) -> int:
    """Exit code of the command that `arguments` (None: those of the process) name.

    Each command of `parser` has the default ``run``, a function of its options that returns what
    is printed as JSON. `disk_failed` words an `OSError`; an `IntakeError` is a message already. Any
    other error is a fault of ours: its trace goes to the file `LOG` of the store.
    """
    options = parser.parse_args(arguments)
    code = 0
    log = snapshot_store.default().path / LOG
    _log_to(log)
    try:
        answer = options.run(options)
    except FailedError as error:
        answer, code = error.answer, 1
    except IntakeError as error:
        print(f"{error}（可用 {error.option}）" if error.option else error, file=sys.stderr)
        return 1
    except OSError as error:
        print(disk_failed(options, error), file=sys.stderr)
        return 1
    except Exception as error:
        log.parent.mkdir(parents=True, exist_ok=True)
        print(unexpected_errors.told(error), file=sys.stderr)
        return 1
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return code


def _log_to(path: Path) -> None:
    """Keep what is logged out of stderr, in a file that is there once anything is."""
    logging.raiseExceptions = False  # a log that cannot be written must not speak English either
    logging.basicConfig(handlers=[logging.FileHandler(path, encoding="utf-8", delay=True)])
