"""Commands for scripts: import files, geocode a file, publish the demo, list and roll back.

Each prints JSON on stdout. A request that cannot be met exits 1 with a Chinese message on stderr
and has changed nothing.
"""

import argparse
import getpass
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from demo import publishing
from domain.visitors import Visitor, clerk
from geo.coordinates import CRS
from loaders import address_files, adoption, intake
from loaders.assessment import Assessment, counts
from loaders.comparing import difference
from loaders.kinds import KINDS
from loaders.reading import opened_tables
from loaders.reading.records import Records
from loaders.senders import send_backs, sender_memory
from store import command_line, snapshot_store
from store.errors import IntakeError, StaleError, UnconfirmedError
from store.statement_store import Statement, standing

_VENUE = ["venue_id", "name", "county_code", "revised", "by_time", "verified", "required"]
_STEM = 40  # characters of a file's name that go into the name of its send-back


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 if it did what was asked, else 1."""
    return command_line.run(_parser(), arguments)


def _here() -> Visitor:
    """Whoever runs a command works at the machine of the office itself."""
    name = getpass.getuser()
    return clerk(name, name)


def _import(options: argparse.Namespace) -> dict[str, Any]:
    here = snapshot_store.default()
    before = here.current()
    if warning := here.clock_warning():
        print(warning, file=sys.stderr)
    sender = sender_memory.named(options.sender) if options.sender else None
    opened = opened_tables.opened(
        options.files,
        options.kind,
        known=sender_memory.recall(here.ledger, sender),
        sender=sender,
        as_at=options.as_at,
        part=options.part,
    )
    questions = [question for one in opened for question in one.questions]
    if questions:
        raise UnconfirmedError(
            "；".join(questions) + "。这要由人来定：请在页面“数据导入”里核对一次，以后就记住了"
            "（数据截止日期也可以用 --as-at 2025-06-30 写明）"
        )
    snapshot = before
    while True:
        assessment = intake.assess(
            opened, options.crs, store=here, sender=sender, progress=_progress
        )
        rejects_file = _rejects_file(assessment, here)  # before publishing: nothing may fail after
        if not assessment.counts()["accepted"]:
            break
        try:
            snapshot = intake.publish(assessment, here, _here(), _progress)
            break
        except StaleError:  # someone published meanwhile: assess against the new snapshot
            continue
    effects = assessment.consequences
    return assessment.counts() | {
        "snapshot_id": snapshot.id if snapshot else None,
        "published": snapshot != before,
        "rejects_file": rejects_file,
        "statements": [_one_statement(one) for one in assessment.statements],
        "replaced": [_one_statement(one) for one in assessment.replaced],
        "changes": {kind: _changes(rows) for kind, rows in assessment.changes.items()},
        "figures": _plain(effects.days) if effects else [],
        "venues": _plain(effects.venues[_VENUE]) if effects else [],
        "duplicates": _plain(assessment.duplicates),
        "contradicted": _plain(assessment.contradicted),
        "derived_ids": sum(sheet.derived_ids for sheet in assessment.sheets),
        "left_out": assessment.left_out.to_dict("records"),
        "corrections": list(assessment.corrections),
        "lost_disputes": list(assessment.lost),
        "files": [
            _one_file(sheet) | {"notes": list(one.notes)}
            for one, sheet in zip(assessment.opened, assessment.sheets, strict=True)
        ],
    }


def _one_statement(one: Statement) -> dict[str, Any]:
    names = ("id", "sender", "kind", "as_at", "part", "file", "sheet", "taken_at", "taken_by")
    return {name: getattr(one, name) for name in names} | {"as_at": one.as_at.isoformat()}


def _changes(changes: pd.DataFrame) -> dict[str, Any]:
    """Records by what becomes of them, in all and by county and bank."""
    return {
        "counts": difference.counted(changes),
        "by_county": _plain(difference.totals(changes, "county_code")),
        "by_operator": _plain(difference.totals(changes, "operator_id")),
    }


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON: days as texts, null where unknown."""
    texts = rows.map(lambda cell: cell.isoformat() if isinstance(cell, date) else cell)
    plain: list[dict[str, Any]] = json.loads(texts.to_json(orient="records", force_ascii=False))
    return plain


def _statements(options: argparse.Namespace) -> list[dict[str, Any]]:
    here = snapshot_store.default()
    current = here.current()
    if current is None:
        return []
    in_force, demo = set(current.manifest["statements"]), current.manifest["demo"]
    withdrawn = here.ledger.latest("withdrawn")
    return [
        _one_statement(one)
        | {
            "state": standing(one, in_force, withdrawn),
            "reason": withdrawn[one.id].body["reason"] if one.id in withdrawn else None,
        }
        for one in here.statements.all()
        if publishing.made(one) == demo
    ]


def _withdraw(options: argparse.Namespace) -> dict[str, Any]:
    here = snapshot_store.default()
    return intake.withdraw(here, options.id, options.reason, _here(), _progress).manifest


def _rebuild(options: argparse.Namespace) -> dict[str, Any]:
    here = snapshot_store.default()
    before = here.current()
    after = intake.rebuild(here, _here(), _progress)
    hashes = {"content_hash": after.manifest["content_hash"]}
    if before is not None:
        hashes["content_hash_before"] = before.manifest["content_hash"]
    return hashes | {"snapshot_id": after.id, "same": len(set(hashes.values())) == 1}


def _adopt(options: argparse.Namespace) -> dict[str, Any]:
    days = dict(options.as_at or [])
    here = snapshot_store.default()
    return adoption.adopt(here, options.folder, days, _here(), _progress).manifest


def _one_file(sheet: Records) -> dict[str, Any]:
    understood = sheet.layout.headers
    used = understood.dropna(subset="column")
    return {
        "file": sheet.file,
        "sheet": sheet.layout.sheet,
        "header_row": sheet.layout.header_row + 1,
        "kind": sheet.layout.kind,
        "crs": sheet.crs,
        "columns": dict(zip(used["header"], used["column"], strict=True)),
        "by_likeness": used.loc[used["how"] == "close", "header"].tolist(),
        "unused": understood.loc[understood["column"].isna(), "header"].tolist(),
        "derived_ids": sheet.derived_ids,
    } | counts(sheet)


def _rejects_file(assessment: Assessment, here: snapshot_store.Store) -> str | None:
    if assessment.rejects.empty:
        return None
    first = assessment.opened[0]
    stem = Path(first.source.file).stem[:_STEM]
    path = here.path / "rejects" / f"{stem}-{first.digest[:8]}-退回.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(send_backs.send_back(assessment, here.ledger, _here()))
    return str(path)


def _geocode(options: argparse.Namespace) -> dict[str, Any]:
    if options.out.exists() and options.out.samefile(options.file):
        raise IntakeError(f"“{options.out}”就是来件本身，没有写。请把结果写到另一个文件")
    answers, notes = address_files.geocoded(options.file, options.crs, _progress)
    answers.to_csv(options.out, index=False, encoding="utf-8", lineterminator="\n")
    methods = answers["method"].value_counts().sort_index()
    located = methods.to_dict()
    return {
        "rows": len(answers),
        "out": str(options.out),
        "located_by": located,
        "notes": list(notes),
    }


def _demo(options: argparse.Namespace) -> dict[str, Any]:
    return publishing.publish(snapshot_store.default(), options.merchants, options.seed).manifest


def _snapshots(options: argparse.Namespace) -> list[dict[str, Any]]:
    here = snapshot_store.default()
    in_force = here.pointed()
    return [manifest | {"current": manifest["id"] == in_force} for manifest in here.snapshots()]


def _rollback(options: argparse.Namespace) -> dict[str, Any]:
    snapshot, unrecorded = intake.roll_back(snapshot_store.default(), options.id, _here())
    if unrecorded:
        print(unrecorded, file=sys.stderr)
    return snapshot.manifest


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2025-06-30 这样") from error


def _file_day(text: str) -> tuple[str, date]:
    file, _, day = text.rpartition("=")
    return file, _day(day)


def _progress(stage: str, share: float) -> None:
    """Print the stage over the one before, where stderr is a terminal."""
    if sys.stderr.isatty():
        print(f"\r{share:4.0%} {stage}\033[K", end="", file=sys.stderr, flush=True)


def _parser() -> command_line.Parser:
    parser = command_line.Parser(prog="python -m loaders", description="数据导入命令")
    commands = parser.add_subparsers(required=True, metavar="命令")

    command = commands.add_parser("import", help="导入并发布 CSV、XLSX、XLS 文件")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.add_argument("--kind", choices=KINDS, help="文件种类；不写则按表头识别")
    command.add_argument("--sender", metavar="NAME", help="报送单位；按已确认的列名对照读取")
    command.add_argument("--crs", choices=CRS, help="没有写明坐标系的行按此坐标系")
    command.add_argument(
        "--as-at", type=_day, metavar="DATE", help="数据截止日期，如 2025-06-30；不写则按文件里写的"
    )
    command.add_argument(
        "--part", action="store_true", help="只是一部分：与同一单位同一天的报送并存，不替换"
    )
    command.set_defaults(run=_import)

    command = commands.add_parser("statements", help="列出各次报送，以及是否在用")
    command.set_defaults(run=_statements)

    command = commands.add_parser("withdraw", help="撤回一次报送，并发布没有它的数据版本")
    command.add_argument("id", metavar="ID")
    command.add_argument("--reason", required=True, metavar="TEXT", help="撤回的理由")
    command.set_defaults(run=_withdraw)

    command = commands.add_parser("adopt", help="接收 0.4 版数据目录里的原件和决定台账")
    command.add_argument("folder", type=Path, metavar="FOLDER")
    command.add_argument(
        "--as-at",
        type=_file_day,
        action="append",
        metavar="FILE=DATE",
        help="没有写明日期的文件的数据截止日期，可写多次",
    )
    command.set_defaults(run=_adopt)

    command = commands.add_parser("rebuild", help="由原件重做现行版本，并核对内容校验码")
    command.set_defaults(run=_rebuild)

    command = commands.add_parser("geocode", help="给文件里的地址、坐标配上县区和乡镇街道")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--out", type=Path, required=True, metavar="OUT.csv")
    command.add_argument("--crs", choices=CRS, help="没有写明坐标系的行按此坐标系")
    command.set_defaults(run=_geocode)

    command = commands.add_parser("demo", help="发布演示数据")
    command.add_argument("--merchants", type=int, metavar="N", default=publishing.MERCHANTS)
    command.add_argument("--seed", type=int, metavar="S", default=publishing.SEED)
    command.set_defaults(run=_demo)

    command = commands.add_parser("snapshots", help="列出数据版本，新的在前")
    command.set_defaults(run=_snapshots)

    command = commands.add_parser("rollback", help="把某个数据版本切换为现行版本")
    command.add_argument("id", metavar="ID")
    command.set_defaults(run=_rollback)
    return parser


if __name__ == "__main__":
    sys.exit(main())
