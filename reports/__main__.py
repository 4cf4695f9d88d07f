"""Commands for scripts: the coverage of one day as JSON on stdout.

A request that cannot be met exits 1 with a Chinese message on stderr.
"""

import argparse
import json
import sys
from datetime import date

from loaders import store
from loaders.errors import StoreError
from loaders.snapshot import Snapshot
from reports.coverage import report


class RequestError(ValueError):
    """The command's arguments ask for something that does not exist."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 if it did what was asked, else 1."""
    options = _parser().parse_args(arguments)
    try:
        snapshot = _snapshot(options.snapshot)
        as_of = _day(options.as_of or snapshot.manifest["as_of"])
        connection = snapshot.connect()
    except (RequestError, StoreError) as error:
        print(error, file=sys.stderr)
        return 1
    answer = report(connection, snapshot.manifest, as_of, options.tiers)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def _snapshot(snapshot_id: str | None) -> Snapshot:
    """The snapshot asked for, or the one in force."""
    if snapshot_id:
        return store.default().snapshot(snapshot_id)
    current = store.default().current()
    if current is None:
        raise RequestError(
            "还没有发布过数据。请先运行 python -m loaders import 文件，"
            "或运行 python -m loaders demo 生成演示数据"
        )
    return current


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RequestError(f"截止日“{text}”不是有效日期，请写成 2026-10-31 的样子") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reports", description="报表命令")
    commands = parser.add_subparsers(required=True, metavar="命令")
    command = commands.add_parser("coverage", help="县区、功能板块覆盖情况与排名，三种口径")
    command.add_argument(
        "--as-of", metavar="DATE", help="截止日，如 2026-10-31；不写则用数据截止日"
    )
    command.add_argument("--snapshot", metavar="ID", help="数据版本；不写则用现行版本")
    command.add_argument(
        "--tiers",
        choices=["headline", "all"],
        default="headline",
        help="名录范围：headline 为 A1、A2（主口径，默认），all 为全部名录",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
