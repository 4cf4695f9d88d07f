"""The Excel workbook of a scope: a contents sheet, and flat tables that a pivot can read."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd

from domain.city import CITY
from excel import table_sheets
from excel.workbook_writer import Book
from presentation import labels, wording
from presentation.columns import kind_of
from queries.scope import Scope, area_name
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents import workbook_charts
from reports.documents.workbook_tables import TABLES
from store import snapshot_store

CODE = "查证代码：{code}，在看板“口径说明”页输入，可查各数的计算办法和名单"
CONTENTS = "目录"
_VERSION = "数据版本 {id}，规则 {rules_version}，内容校验码 {content_hash}。"
_DEMO = "本文件的数都是程序生成的演示数据，不是真实情况。"
_OWN = "名单只列本单位范围内的场所、门店和聚集区；县区板块、各月、目标和任务是完整的数。"
_READING = [
    "其余各表第一行是标题，可以筛选、做透视表，也可以用 Power Query 按表名读取。",
    "空着的格是未知或不适用，不当作零；为什么空着，看同一行的备注、情况一类的文字栏。",
    "达标率、占比是比例（1 为 100%）；带“（百分点）”的是两个比例之差乘以 100。",
    "区域型场所按商户家数计，其他场所按规定环节项数计，相加前先按“载体”分开。",
]


def workbook(scope: Scope) -> bytes:
    """The workbook of `scope` as an XLSX file.

    Raises `ValueError` for a scope narrowed to a field or a bank, which has no code.
    """
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    title = f"{area_name(scope)}数字人民币场景覆盖数据表"
    created = datetime.fromisoformat(manifest["created_at"]).astimezone(UTC).replace(tzinfo=None)
    stamp = stamp_of(scope, manifest)
    book = Book(title, created, author=CITY.dashboard, comments=stamp)
    frames = {name: table.frame(scope) for name, table in TABLES.items()}
    lines = [
        (f"{title}（{labels.chinese_day(scope.as_of)}）", "title"),
        (stamp, "stamp"),
        (CODE.format(code=document_codes.code(scope)), "stamp"),
    ]
    contents = table_sheets.add(book, CONTENTS, stamp, lines, kind_of)
    contents.table(_contents(scope, frames), below=_sentences(scope, manifest))
    for row, name in enumerate(TABLES, start=contents.top + 1):
        contents.link(row, 0, name)
    for name, table in TABLES.items():
        sheet = table_sheets.add(book, name, stamp_of(table.scope(scope), manifest), [], table.kind)
        sheet.table(frames[name], table.keep)
        if len(frames[name]):
            workbook_charts.draw(book, name, sheet, frames[name], table.scope(scope))
    return book.content()


def _contents(scope: Scope, frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The sheets with what each holds; where there are no rows, why."""
    return pd.DataFrame(
        {
            "表": list(TABLES),
            "内容": [
                table.holds if len(frames[name]) else table.holds + table.empty
                for name, table in TABLES.items()
            ],
            "范围": [area_name(table.scope(scope)) for table in TABLES.values()],
            "行数": [len(frame) for frame in frames.values()],
            "查证代码": [document_codes.code(table.scope(scope)) for table in TABLES.values()],
        }
    )


def _sentences(scope: Scope, manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """What the tables say in short, what their figures mean, and how they are read."""
    said = [
        sentence
        for table in TABLES.values()
        if table.say
        for sentence in table.say(table.scope(scope))
    ]
    version = _VERSION.format(**manifest)
    parts = {
        "主要情况": [*wording.overall(scope), *said],
        "口径": [*([_DEMO] if manifest["demo"] else []), version, *wording.notes(scope)],
        "怎样用这些表": [*([] if scope.sight.whole else [_OWN]), *_READING],
    }
    return [
        line
        for heading, sentences in parts.items()
        for line in ((heading, "subtitle"), *((sentence, "note") for sentence in sentences))
    ]
