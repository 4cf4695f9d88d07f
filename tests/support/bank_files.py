"""Files as a bank would send them, written by code in every format that is read."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
import xlwt

from domain.visitors import clerk
from loaders import intake, stated_sheets
from loaders.assessment import Assessment
from loaders.reading import opened_tables
from loaders.reading.opened_tables import Opened
from loaders.reading.records import Records
from store.snapshot import Snapshot
from store.snapshot_store import Draft, Store
from store.statement_store import in_force

FORMATS = ("csv-utf8", "csv-gbk", "xlsx", "xls")

HEADER = [
    "商户编号", "银行", "商户名称", "经营地址", "经度", "纬度", "坐标系", "签约日期", "巡检日期",
]  # fmt: skip
_PLACES = [  # name, address, lon, lat, crs
    ["海连便利店", "海州区新浦街道海连中路1号", "", "", ""],
    ["墟沟小吃", "连云区墟沟街道中华西路2号", "", "", ""],
    ["青口布店", "赣榆区青口镇黄海路3号", "119.1225", "34.8409", "WGS84"],
]
ROWS = [
    ["S1", "工行", *_PLACES[0], "2024-03-05", "2026-06-01"],
    ["S2", "中国工商银行连云港分行", *_PLACES[1], "2024.3.5", ""],
    ["S3", "工行", *_PLACES[2], "20240305", ""],
]


def write(path: Path, rows: list[list], form: str, title: str = "商户") -> Path:
    """Write `rows` (the header among them) as one of `FORMATS`; returns the path with suffix."""
    path = path.with_suffix("." + form.partition("-")[0])
    if form == "xlsx":
        options = {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
        with xlsxwriter.Workbook(path, options) as book:
            sheet = book.add_worksheet(title)
            for line, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(line, column, cell)
    elif form == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet(title)
        dates = xlwt.easyxf(num_format_str="yyyy-mm-dd")
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                style = (dates,) if isinstance(cell, date) else ()
                if cell != "":
                    sheet.write(line, column, cell, *style)
        book.save(str(path))
    else:
        encoding = {"csv-utf8": "utf-8", "csv-gbk": "gbk"}[form]
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
    return path


def merchants(path: Path, rows: list[list] = ROWS, header: list[str] = HEADER) -> Path:
    """A merchants file in UTF-8 CSV."""
    return write(path, [header, *rows], "csv-utf8")


AS_AT = date(2026, 6, 30)


def assess(paths: list[Path], home: Store, kind: str | None = None, **options) -> Assessment:
    """What files of a sender would bring to a store, read as the command line reads them."""
    opened, crs, sender = _opened(paths, kind, **options)
    return intake.assess(opened, crs, store=home, sender=sender)


def read(path: Path, home: Store, kind: str | None = None, **options) -> Records:
    """The records of a file's one sheet as they are read, compared with nothing."""
    opened, crs, sender = _opened([path], kind, **options)
    ((_, sheet),) = stated_sheets.statements(opened, home.ledger, sender, crs)
    return sheet


def _opened(
    paths: list[Path],
    kind: str | None,
    crs: str | None = None,
    sender: str | None = None,
    as_at: date | None = AS_AT,
) -> tuple[list[Opened], str | None, str | None]:
    return opened_tables.opened(paths, kind, sender=sender, as_at=as_at), crs, sender


def put(paths: list[Path], home: Store, kind: str | None = None, **options) -> Snapshot:
    """Files of a sender in force with the rest, as publishing their assessment puts them."""
    opened, crs, sender = _opened(paths, kind, **options)
    return published(opened, home, sender, crs)


def published(
    opened: list[Opened], home: Store, sender: str | None = None, crs: str | None = None
) -> Snapshot:
    """What `opened` tables state, in force with the rest, as publishing an assessment puts it.

    Without what the assessment is for, the comparison that people look at: that takes as long as
    all the rest.
    """
    stated = stated_sheets.statements(opened, home.ledger, sender, crs)
    taken_at = datetime.now(UTC).astimezone().isoformat()
    home.keep({one.name: one.original for one in opened})
    taken = home.keep_statements(
        stated_sheets.kept(replace(one, taken_at=taken_at, taken_by="测试"), sheet)
        for one, sheet in stated
    )

    def build(base: Snapshot | None) -> Draft:
        known = [] if base is None or base.manifest["demo"] else home.in_force(base)
        return intake.draft(in_force(known, taken), home, home.ledger)

    return home.publish(build, clerk("测试"))
