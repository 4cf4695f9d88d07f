"""The Excel workbook of a scope: every table on a sheet of its own, with native charts."""

from datetime import UTC, datetime

from excel import table_sheets
from excel.workbook_writer import Book
from presentation import labels, wording
from presentation.columns import kind_of
from queries.scope import Scope, area_name
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents.workbook_charts import CHARTS
from reports.documents.workbook_tables import TABLES, Table
from store import snapshot_store

CODE = "查证代码：{code}，在看板“口径说明”页输入，可查各数的计算办法和名单"


def workbook(scope: Scope) -> bytes:
    """The workbook of `scope` as an XLSX file.

    Raises `ValueError` for a scope narrowed to a field or a bank, which has no code.
    """
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    title = f"{area_name(scope)}数字人民币场景覆盖数据表"
    created = datetime.fromisoformat(manifest["created_at"]).astimezone(UTC).replace(tzinfo=None)
    book = Book(title, created)
    for name, table in TABLES.items():
        about = table.scope(scope)
        stamp = stamp_of(about, manifest)
        heading = title if name == "总览" else f"{area_name(about)}：{name}"
        lines = [
            (f"{heading}（{labels.chinese_day(scope.as_of)}）", "title"),
            (stamp, "stamp"),
            (CODE.format(code=document_codes.code(about)), "stamp"),
            *((sentence, "note") for sentence in (table.say(about) if table.say else [])),
        ]
        _write(book, name, table, scope, (stamp, lines))
    return book.content()


def _write(
    book: Book, name: str, table: Table, scope: Scope, head: tuple[str, list[tuple[str, str]]]
) -> None:
    """One sheet; where there are no rows, its headings and a sentence that says so."""
    frame = table.frame(scope)
    sheet = table_sheets.add(book, name, *head, kind_of)
    sentences = wording.overall(scope) if name == "总览" else []
    sheet.table(frame, table.total, sentences if len(frame) else [table.empty])
    if len(frame) and name in CHARTS:
        CHARTS[name](book, sheet, frame)
