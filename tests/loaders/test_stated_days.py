"""The day that a table speaks for, as its title or its file's name says it."""

from datetime import date

import pytest

from loaders.reading import opened_tables
from loaders.senders.sender_memory import Memory, Reading, columns
from tests.support.bank_files import HEADER, ROWS, write

MARCH, JUNE = date(2024, 3, 31), date(2024, 6, 30)
BANK = "工商银行"


def opened(folder, title="", name="来件", known=None):
    rows = [[title], HEADER, *ROWS] if title else [HEADER, *ROWS]
    path = write(folder, rows, "csv-utf8")
    path = path.rename(path.with_name(f"{name}.csv"))
    (one,) = opened_tables.opened([path], "merchants", sender=BANK, known=known)
    return one


@pytest.mark.parametrize(
    ("title", "day"),
    [("2024年1-3月商户明细", MARCH), ("2024年1月至3月", MARCH), ("2024 年 1 月 — 3 月", MARCH),
     ("2023年12月～2024年3月", MARCH), ("2024.01-2024.03", MARCH), ("2024-01至2024-03", MARCH),
     ("统计期间：2024年1月1日至2024年3月31日", MARCH), ("2024年3月1-31日", MARCH),
     ("2024.1.1-3.31", MARCH), ("截至2024年1-3月", MARCH), ("2024/1/1-2024/3/31", MARCH),
     ("2024年6月商户明细 填表日期：2024年7月5日", JUNE), ("2024年6月", JUNE),
     ("2024年6月30日", JUNE), ("2024-06-30", JUNE), ("2024.6", JUNE)],
)  # fmt: skip
def test_a_title_s_range_ends_with_its_last_day(title, day, tmp_path):
    found = opened(tmp_path, title).found_day
    assert (found.day, found.where, found.others) == (day, "title", ())


@pytest.mark.parametrize(
    ("name", "day"),
    [("农行202401-202403", MARCH), ("农行20240101-20240331", MARCH), ("20240101-0331", MARCH),
     ("农行2024年1-3月", MARCH), ("农行2024-06", JUNE), ("农行2024_06_30", JUNE),
     ("农行202406_01", JUNE), ("农行2024年6月-1", JUNE), ("农行2024年6月(20240630)", JUNE)],
)  # fmt: skip
def test_a_file_s_name_says_the_last_day_too(name, day, tmp_path):
    found = opened(tmp_path, name=name).found_day
    assert (found.day, found.where, found.others) == (day, "name", ())


@pytest.mark.parametrize("title", ["2024年12家支行", "2024.6月15日", "2024年13月", "全部商户"])
def test_what_is_no_day_is_none(title, tmp_path):
    assert opened(tmp_path, title).found_day is None


@pytest.mark.parametrize(
    "name", ["农行2024年6月_20240705", "农行202406-07", "农行20240630和20240705"]
)
def test_two_days_that_are_no_range_are_asked_about_however_known_the_sender(name, tmp_path):
    layout = opened(tmp_path).source.layout
    known = Memory((Reading("merchants", columns(layout), None, True, "name"),))
    assert opened(tmp_path, name="农行202406", known=known).as_at == JUNE
    one = opened(tmp_path, name=name, known=known)
    assert one.as_at is None
    (question,) = one.questions
    assert "像是 2024-06-30，也可能是 2024-07-" in question
