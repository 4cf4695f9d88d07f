"""Command lines: JSON on stdout, or exit code 1 and a Chinese message on stderr."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from store.errors import IntakeError


def run(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    disk_failed: Callable[[argparse.Namespace, OSError], str],
) -> int:
    """Exit code of the command that `arguments` (None: those of the process) name.

    Each command of `parser` has the default ``run``, a function of its options that returns what
    is printed as JSON. `disk_failed` words an `OSError`; an `IntakeError` is a message already.
    """
    options = parser.parse_args(arguments)
    try:
        answer = options.run(options)
    except IntakeError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(disk_failed(options, error), file=sys.stderr)
        return 1
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0
