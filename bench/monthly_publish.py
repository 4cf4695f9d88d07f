"""Publishing a bank's file of a month: 20,000 shops, with 42 earlier months in the store.

``python -m bench.monthly_publish``. The earlier months are the same shops, each month's payments
later; their statements are put straight into the store, as the fold finds them.
"""

import csv
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bench.import_times import BANK, HEADER, clean
from domain.visitors import clerk
from loaders import intake
from loaders.assessment import Assessment
from loaders.reading import opened_tables
from store import snapshot_store

SHOPS = 20_000
MONTHS = [day.date() for day in pd.date_range("2023-03-31", "2026-09-30", freq="ME")]
LAST_PAYMENT = HEADER.index("最近交易日期")
SENDER = "中国工商银行连云港分行"


def run() -> None:
    """Print how long reading the newest month's file, and publishing it, takes."""
    print(f"# a month's file of {SHOPS:,} shops; {len(MONTHS) - 1} months in the store")
    with tempfile.TemporaryDirectory() as folder:
        home = snapshot_store.Store(Path(folder) / "store")
        *earlier, newest = MONTHS
        intake.publish(_assessed(Path(folder), earlier[-1], home), home, clerk(BANK))
        _fill(home, earlier[:-1])
        started = time.perf_counter(), time.process_time()
        assessment = _assessed(Path(folder), newest, home)
        read = time.perf_counter(), time.process_time()
        intake.publish(assessment, home, clerk(BANK))
        done = time.perf_counter(), time.process_time()
    for title, since, until in (("read and compared", started, read), ("published", read, done)):
        wall, cpu = (b - a for a, b in zip(since, until, strict=True))
        print(f"{title:20}{wall:8.1f} s wall{cpu:8.1f} s of processor")


def _assessed(folder: Path, month: date, home: snapshot_store.Store) -> Assessment:
    """The file of one month, read and compared with what is published."""
    path = folder / f"商户明细{month:%Y%m}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADER, *_rows(month)])
    opened = opened_tables.opened([path], sender=SENDER, as_at=month)
    return intake.assess(opened, store=home, sender=SENDER)


def _rows(month: date) -> Iterator[list]:
    for number in range(SHOPS):
        row = clean(number)
        paid = month - timedelta(days=random.Random(f"{number} {month}").randrange(60))
        row[LAST_PAYMENT] = paid.isoformat()
        yield row


def _fill(home: snapshot_store.Store, months: list[date]) -> None:
    """Put the statements of `months` into the store, made from the one that is there."""
    (first,) = home.in_force(home.current())
    stated = home.path / "statements"
    rows = pq.read_table(stated / first.kind / f"{first.id}.parquet")
    rejects = pq.read_table(stated / "rejects" / f"{first.id}.parquet")
    made = []
    for month in months:
        on = rows.schema.get_field_index("paid_on")
        paid = pa.array([month - timedelta(days=day % 60) for day in range(len(rows))])
        table = rows.set_column(on, rows.schema.field(on), paid)
        one = replace(first, as_at=month, digest=f"{month:%Y%m%d}").identified(table)
        ids = pa.array([one.id] * len(table))
        at = table.schema.get_field_index("statement")
        made.append((one, table.set_column(at, table.schema.field(at), ids), rejects))
    force = [first, *home.keep_statements(made)]
    home.publish(lambda _: intake.draft(force, home, home.ledger), clerk(BANK))


if __name__ == "__main__":
    run()
