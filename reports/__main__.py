"""Commands for scripts: the coverage of one day as JSON, a set of documents, and its verification.

A request that cannot be met exits 1 with a Chinese message on stderr.
"""

import argparse
import json
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from domain import pace
from domain.visitors import clerk
from queries.day_report import report
from queries.scope import Scope, areas_by_name
from store import command_line, snapshot_store
from store.errors import IntakeError
from store.snapshot import Snapshot


class RequestError(IntakeError):
    """The command's arguments ask for something that does not exist."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 if it did what was asked, else 1."""
    return command_line.run(_parser(), arguments, _disk_failed)


def _disk_failed(options: argparse.Namespace, error: OSError) -> str:
    if "place" in options:
        return f"读不出“{options.place}”：{error.strerror}"
    return f"写不进“{options.out}”：{error.strerror}。请换一个文件夹，或腾出空间"


def _coverage(options: argparse.Namespace) -> dict[str, Any]:
    snapshot, as_of = _asked(options)
    with snapshot.reading():
        return report(snapshot.connect(), snapshot.manifest, as_of, options.tiers)


def _build(options: argparse.Namespace) -> Any:
    # Here, for the libraries of documents take longer to load than `coverage` to answer.
    from reports import document_codes, document_set, set_list

    snapshot, as_of = _asked(options)
    scope = Scope(snapshot.id, as_of, _area(options.county), tiers=options.tiers)
    folder = _folder(options.out)
    files = document_set.build(
        scope, document_set.PARTS, lambda stage, _: print(stage, file=sys.stderr)
    )
    try:
        document_set.write(files, folder)
    except OSError as error:
        raise _unwritable(options.out, error) from error
    print(f"共 {len(files)} 个文件，查证代码 {document_codes.code(scope)}", file=sys.stderr)
    return json.loads(files[set_list.LIST])


def _verify(options: argparse.Namespace) -> dict[str, Any]:
    """What became of the files of a set; exit code 1 unless every one is unchanged."""
    from reports import set_files, verification

    place = Path(options.place)
    if not place.exists():
        raise RequestError(f"没有文件夹或压缩包“{options.place}”")
    files = set_files.of_folder(place) if place.is_dir() else set_files.unpacked(place.read_bytes())
    found = verification.verify(
        files, clerk("命令行"), lambda stage, _: print(stage, file=sys.stderr)
    )
    answer = {
        "全部未改动": found.unchanged,
        "说明": found.limits,
        "文件": [
            {"文件": one.path, "结果": verification.STATES[one.state], "何处": one.where}
            for one in found.findings
        ],
    }
    if not found.unchanged:
        raise command_line.FailedError(answer)
    return answer


def _folder(text: str) -> Path:
    """The folder to write to, made if need be; it is tried before the work begins."""
    if not text:
        raise RequestError("没有写明文件夹。请在 --out 后面写文件夹的名字")
    try:
        Path(text).mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=text).close()
    except OSError as error:
        raise _unwritable(text, error) from error
    return Path(text)


def _unwritable(folder: str, error: OSError) -> RequestError:
    return RequestError(f"写不进文件夹“{folder}”（{error.strerror}）。请换一个文件夹，或腾出空间")


def _area(text: str | None) -> str:
    """Id of the county or zone called, or numbered, `text`; '' for none."""
    if text is None:
        return ""
    areas = areas_by_name()
    area_id = areas.get(text, text)
    if area_id not in areas.values():
        known = "、".join(f"{code} {name}" for name, code in areas.items())
        raise RequestError(f"没有县区或功能板块“{text}”。可以写：{known}")
    return area_id


def _asked(options: argparse.Namespace) -> tuple[Snapshot, date]:
    """The snapshot and the day that the options name, one that the snapshot has data of."""
    snapshot = _snapshot(options.snapshot)
    latest = date.fromisoformat(snapshot.manifest["as_of"])
    first = min(pace.first_day(), latest)
    as_of = _day(options.as_of) if options.as_of else latest
    if as_of < first:
        raise RequestError(
            f"截止日 {as_of} 早于试点开始的 {first}，那一天还没有数据。请写晚一些的日子"
        )
    if as_of > latest:
        raise RequestError(
            f"截止日 {as_of} 晚于数据版本“{snapshot.id}”的截止日 {latest}，那一天还没有数据。"
            "请写一个不晚于它的日子"
        )
    return snapshot, as_of


def _snapshot(snapshot_id: str | None) -> Snapshot:
    """The snapshot asked for, or the one in force."""
    if snapshot_id:
        return snapshot_store.default().snapshot(snapshot_id)
    current = snapshot_store.default().current()
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


def _parser() -> command_line.Parser:
    shared = command_line.Parser(add_help=False)
    shared.add_argument("--as-of", metavar="DATE", help="截止日，如 2026-10-31；不写则用数据截止日")
    shared.add_argument("--snapshot", metavar="ID", help="数据版本；不写则用现行版本")
    shared.add_argument(
        "--tiers",
        choices=["headline", "all"],
        default="headline",
        help="名录范围：headline 为 A1、A2（主口径，默认），all 为全部名录",
    )
    parser = command_line.Parser(prog="python -m reports", description="报表命令")
    commands = parser.add_subparsers(required=True, metavar="命令")
    command = commands.add_parser(
        "coverage", parents=[shared], help="县区、功能板块覆盖情况与排名，三种口径"
    )
    command.set_defaults(run=_coverage)
    command = commands.add_parser(
        "build", parents=[shared], help="一套报告：通报、一页纸、数据表、汇报和图"
    )
    command.add_argument("--out", metavar="DIR", required=True, help="写到哪个文件夹")
    command.add_argument("--county", metavar="CODE", help="只做一个县区或功能板块，如 320706")
    command.set_defaults(run=_build)
    command = commands.add_parser("verify", help="核对一套报告：哪些文件未改动，哪些改了、改在何处")
    command.add_argument("place", metavar="DIR", help="一套报告的文件夹，或它的 zip")
    command.set_defaults(run=_verify)
    return parser


if __name__ == "__main__":
    sys.exit(main())
