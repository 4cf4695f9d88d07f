"""A store that is told things one statement at a time, for tests of what holds when."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from domain import coverage, states
from domain.venues import venue_coverage
from loaders import intake
from loaders.assessment import Assessment
from loaders.reading import opened_tables
from loaders.reading.opened_tables import Opened
from queries.day_report import report
from store import backend
from store.snapshot import Snapshot
from store.snapshot_store import Store
from tests.support.bank_files import published

BANK = "农业银行"
REGISTER = "市商务局"
OTHER = "江苏银行"
JUNE, JULY, AUGUST = date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31)


@dataclass
class Office:
    """A store and the files that come to it."""

    folder: Path
    files: int = 0

    @property
    def store(self) -> Store:
        return Store(self.folder / "store")

    def file(self, rows: list[dict[str, str]], name: str = "") -> Path:
        """A CSV of `rows`, header to cell; a header that no row has is not in the file."""
        self.files += 1
        folder = self.folder / str(self.files)
        folder.mkdir(parents=True)
        path = folder / f"{name or '报送'}.csv"
        header = list(dict.fromkeys(column for row in rows for column in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def states(
        self,
        day: date,
        *rows: dict[str, str],
        sender: str = BANK,
        part: bool = False,
        kind: str = "merchants",
        name: str = "",
    ) -> Snapshot:
        """`sender` states `rows` as at `day`; the snapshot that this gives."""
        opened = self._opened(day, *rows, sender=sender, part=part, kind=kind, name=name)
        return published(opened, self.store, sender)

    def assesses(
        self,
        day: date,
        *rows: dict[str, str],
        sender: str = BANK,
        kind: str = "merchants",
        **options: Any,
    ) -> Assessment:
        """What publishing `rows`, as `sender` states them at `day`, would change."""
        opened = self._opened(day, *rows, sender=sender, kind=kind, **options)
        return intake.assess(opened, store=self.store, sender=sender)

    def _opened(
        self,
        day: date,
        *rows: dict[str, str],
        sender: str,
        kind: str,
        part: bool = False,
        name: str = "",
    ) -> list[Opened]:
        path = self.file([_filled(row, kind) for row in rows], name)
        return opened_tables.opened([path], kind, sender=sender, as_at=day, part=part)

    def lists(self, day: date, *rows: dict[str, str], sender: str = REGISTER) -> Snapshot:
        """The register as `sender` states it at `day`."""
        return self.states(day, *rows, sender=sender, kind="venues")

    def events(self, shop: str = "1") -> set[tuple[str, str]]:
        """Events of a shop: event and day."""
        rows = self.store.current().frame("events")
        rows = rows[rows["record_key"] == f"m:ABC/{shop}"]
        return set(zip(rows["event"], rows["day"].dt.strftime("%Y-%m-%d"), strict=True))

    def on(self, day: date) -> dict[str, Any]:
        """The shops of `BANK` that are on record on `day`, by number."""
        rows = self.by_day(day)
        return {key[1]: row for key, row in rows.items() if len(key) == 2 and row.state is not None}

    def by_day(self, *days: date) -> dict[tuple[Any, ...], Any]:
        """What holds of each shop on each of `days`: by day and number, and bank if another."""
        con = self.store.current().connect()
        table = states.on_days(con.table("merchants_ever"), con.table("spells"), days)
        found = {}
        for row in table.to_pandas().astype(object).itertuples(index=False):
            own = () if row.operator_id == "ABC" else (row.sender,)
            found[row.as_of.date(), row.merchant_id, *own] = row
        return found

    def city(self, *days: date) -> list[dict[str, Any]]:
        """The counts of the whole register on each of `days`: rows of `coverage.city`."""
        con = self.store.current().connect()
        shops, instances = (
            backend.made(con, states.on_days, con.table(f"{kind}_ever"), con.table("spells"), days,
                         kind)
            for kind in ("merchants", "scenarios")
        )  # fmt: skip
        register = con.table("venues_ever")
        venues = backend.made(con, venue_coverage, register, shops, instances, days)
        rows = backend.rows(con, coverage.city, venues, days).to_pylist()
        return sorted(rows, key=lambda row: row["as_of"])

    def report(self, day: date) -> dict:
        """The coverage report of `day`, of all tiers."""
        current = self.store.current()
        return report(current.connect(), current.manifest, day, "all")

    @property
    def hash(self) -> str:
        return self.store.current().manifest["content_hash"]


def shop(number: str = "1", **cells: str) -> dict[str, str]:
    """A row of a bank's list."""
    return {"商户编号": number} | cells


def venue(number: str = "V1", **cells: str) -> dict[str, str]:
    """A row of a register."""
    return {"区域编号": number} | cells


def _filled(row: dict[str, str], kind: str) -> dict[str, str]:
    number = next(iter(row.values()))
    given = {
        "merchants": {"商户名称": f"店{number}", "地址": "海州区新浦街道海连中路1号"},
        "venues": {
            "区域名称": f"市场{number}", "类别": "农贸市场", "地址": "海州区新浦街道解放中路2号",
        },
    }  # fmt: skip
    return given[kind] | row


HAIZHOU, GANYU = "海州区新浦街道海连中路1号", "赣榆区青口镇黄海路3号"
HEADER = dict.fromkeys(("签约日期", "注销日期", "拒绝日期", "末笔交易日期", "应覆盖"), "")
HISTORIES = {  # number of the shop: what its bank states of it in June, July and August
    "1 signing corrected": ({"签约日期": "2025-06-10"}, {"签约日期": "2025-06-12"}, {}),
    "2 closed by mistake": (
        {"签约日期": "2025-06-10", "注销日期": "2025-06-20"}, {"签约日期": "2025-06-10"}, {},
    ),
    "3 closed and reopened": (
        {"签约日期": "2024-01-10", "注销日期": "2025-06-20"}, {"签约日期": "2025-07-15"},
        {"签约日期": "2025-07-11"},
    ),
    "4 refused, then signed": ({"拒绝日期": "2025-06-10"}, {"签约日期": "2025-07-05"}, {}),
    "5 paid early in June": ({"签约日期": "2025-06-01", "末笔交易日期": "2025-06-05"}, None, {}),
    "6 listed late": (None, {}, {}),
    "7 should, not, should": ({"应覆盖": "是"}, {"应覆盖": "否"}, {"应覆盖": "是"}),
    "8 moved": ({"地址": HAIZHOU}, {"地址": GANYU}, {}),
    "9 moved on a day": ({"地址": HAIZHOU}, {"地址": GANYU, "迁址日期": "2025-07-10"}, {}),
    "10 twice": ({"商户名称": "甲豆制品摊"}, {"商户名称": "甲豆制品摊"}, None),
}  # fmt: skip


def told_all(folder: Path) -> Office:
    """An office that was told all of `HISTORIES`, the old months after the new ones."""
    office = Office(folder)
    for month, day in reversed(list(enumerate((JUNE, JULY, AUGUST)))):
        rows = [
            shop(number.split()[0], **HEADER | accounts[month])
            for number, accounts in HISTORIES.items()
            if accounts[month] is not None
        ]
        office.states(day, *rows, shop("10", **HEADER, 商户名称="乙便利店"))
    closed = {"签约日期": "2025-06-10", "注销日期": "2025-06-20"}
    office.states(JUNE, shop("1", **closed), sender=OTHER)
    office.states(JULY, shop("1", 签约日期="2025-06-10"), sender=OTHER)
    return office
