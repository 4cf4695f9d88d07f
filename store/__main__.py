"""Commands for whoever keeps the store: check, back up, restore, make room; tokens of the API."""

import argparse
import getpass
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from domain.visitors import ROLES, Visitor, clerk
from store import backup, command_line, people, pruning, snapshot_store, soundness, store_lock
from store.errors import IntakeError, StoreError

_MONTH = timedelta(days=31)
_SHOWN = 8  # characters of a token's SHA-256 that tell it from others


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 if it did what was asked and found nothing wrong, else 1."""
    return command_line.run(_parser(), arguments)


def _check(options: argparse.Namespace) -> dict[str, Any]:
    store = snapshot_store.default()
    found = soundness.faults(store)
    answer = {
        "store": str(store.path),
        "sound": not found,
        "current": store.pointed(),
        "snapshots": len(store.folders()),
        "statements": len(store.statements.files()),
        "faults": [asdict(fault) for fault in found],
        "left_over": soundness.left_over(store),
    }
    if found:
        raise command_line.FailedError(answer)
    return answer


def _backup(options: argparse.Namespace) -> dict[str, Any]:
    return backup.backup(snapshot_store.default(), options.file)


def _restore(options: argparse.Namespace) -> dict[str, Any]:
    return backup.restore(options.file, snapshot_store.default())


def _prune(options: argparse.Namespace) -> dict[str, Any]:
    store = snapshot_store.default()
    before = datetime.now(UTC) - options.keep_months * _MONTH
    names = pruning.prunable(store, before)
    if names and not options.yes:
        for name in names:
            print(name, file=sys.stderr)
        print(
            f"要删除以上 {len(names)} 个数据版本，删掉就找不回来。输入 yes 确认：", file=sys.stderr
        )
        if sys.stdin.readline().strip() != "yes":
            raise StoreError("没有确认，一个也没有删")
    pruning.prune(store, names)
    return {"removed": names, "kept": len(store.folders())}


def _unlock(options: argparse.Namespace) -> dict[str, Any]:
    store_lock.clear(snapshot_store.default().path)
    return {"unlocked": True}


def _token(options: argparse.Namespace) -> dict[str, Any]:
    who = people.claimed(options.name, options.role, options.unit, "")
    if who is None:
        known = "、".join(people.units(options.role).values())
        raise IntakeError(
            f"“{ROLES[options.role]}”没有“{options.unit}”这个单位，没有发令牌。有的是：{known}",
            option="--unit",
        )
    token = people.issue(snapshot_store.default().ledger, who, _here())
    about = {"name": who.name, "role": who.role, "unit": who.unit}
    return about | {"token": token, "digest": people.digest(token)}


def _revoke(options: argparse.Namespace) -> dict[str, Any]:
    ledger = snapshot_store.default().ledger
    found = {
        digest: entry.body for digest, entry in people.tokens(ledger).items() if entry.body["role"]
    }
    asked = [digest for digest in found if digest.startswith(options.digest)]
    if len(asked) != 1:
        names = (f"{digest[:_SHOWN]}（{body['name']}）" for digest, body in found.items())
        raise IntakeError(
            f"在用的令牌里，校验码以“{options.digest}”开头的有 {len(asked)} 个，没有收回。"
            f"在用的有：{'、'.join(names) or '（无）'}"
        )
    people.revoke(ledger, asked[0], _here())
    return {"revoked": asked[0], "name": found[asked[0]]["name"]}


def _here() -> Visitor:
    """Whoever runs the command."""
    name = getpass.getuser()
    return clerk(name, name)


def _months(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}”不是月数，请写 1 或更大的整数")
    return int(text)


def _parser() -> command_line.Parser:
    parser = command_line.Parser(prog="python -m store", description="数据目录的检查、备份和清理")
    commands = parser.add_subparsers(required=True, metavar="命令")

    command = commands.add_parser("check", help="逐个核对全部文件；有不完好的，退出码为 1")
    command.set_defaults(run=_check)

    command = commands.add_parser("backup", help="备份成一个文件，发布可以照常进行")
    command.add_argument("file", type=Path, metavar="FILE")
    command.set_defaults(run=_backup)

    command = commands.add_parser("restore", help="由备份恢复到空的数据目录")
    command.add_argument("file", type=Path, metavar="FILE")
    command.set_defaults(run=_restore)

    command = commands.add_parser("prune", help="删除几个月以前发布、现在不用的数据版本")
    command.add_argument("--keep-months", type=_months, required=True, metavar="N")
    command.add_argument("--yes", action="store_true", help="不再询问")
    command.set_defaults(run=_prune)

    command = commands.add_parser("unlock", help="清除坏了的发布锁；先确认没有人正在发布")
    command.set_defaults(run=_unlock)

    command = commands.add_parser("token", help="发一个数据接口的令牌；只在这里显示一次")
    command.add_argument("--name", required=True, metavar="姓名", help="谁用，或者哪个系统用")
    command.add_argument("--role", choices=ROLES, required=True, help="角色")
    command.add_argument("--unit", default="", metavar="单位", help="单位的名称或编号")
    command.set_defaults(run=_token)

    command = commands.add_parser("revoke", help="收回一个令牌")
    command.add_argument("digest", metavar="校验码", help="令牌的 SHA-256，或者它的开头几位")
    command.set_defaults(run=_revoke)
    return parser


if __name__ == "__main__":
    sys.exit(main())
