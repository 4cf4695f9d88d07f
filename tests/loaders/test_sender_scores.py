"""The quality league of senders, worked by hand."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from domain import rules
from loaders.senders import sender_scores
from loaders.senders.sender_scores import UNKNOWN
from store.statement_store import Statement

TODAY = date(2026, 6, 15)
DUE = rules.count("report_due_day")


def sent(sender, day, kind="merchants", rows=100, rejected=0, located=None, duplicates=0, file=""):
    """A statement of one file."""
    accepted = rows - rejected
    counts = {
        "rows": rows, "accepted": accepted, "rejected": rejected, "in_review": 0,
        "located": accepted if located is None else located, "duplicates": duplicates,
    }  # fmt: skip
    return Statement(
        sender, kind, date.fromisoformat(day), False, f"{day}.xlsx", "",
        file or f"{sender}{day}{kind}", {}, None, 0, f"{day}T09:30:00+08:00", "甲", counts,
    )  # fmt: skip


def row(inputs, sender, today=TODAY):
    found = sender_scores.table(inputs, today).set_index("sender")
    return found.loc[sender]


def test_shares_of_all_files_of_a_sender_together():
    files = [
        sent("工商银行", "2026-05-05", rows=100, rejected=20, located=60, duplicates=4),
        sent("工商银行", "2026-06-05", rows=300, rejected=0, located=280, duplicates=0),
    ]
    found = row(files, "工商银行")
    assert (found["files"], found["rows"], found["last_on"]) == (2, 400, date(2026, 6, 5))
    assert found["rejected_share"] == pytest.approx(20 / 400)
    assert found["located_share"] == pytest.approx(340 / 380)
    assert found["duplicates_share"] == pytest.approx(4 / 380)


def test_sheets_of_one_file_are_one_file():
    files = [sent("工商银行", "2026-05-05", file="a", rows=rows) for rows in (10, 20)]
    found = row(files, "工商银行")
    assert (found["files"], found["rows"]) == (1, 30)


@pytest.mark.parametrize(
    ("days", "today", "on_time", "expected"),
    [
        (["2026-04-03", "2026-05-10", "2026-06-11"], "2026-06-15", 2, 3),
        (["2026-04-03"], "2026-06-15", 1, 3),
        (["2026-04-20"], "2026-05-09", 0, 0),  # the first due day is still to come
        (["2026-04-20"], "2026-05-10", 0, 0),  # the due day is not over
        (["2026-04-20"], "2026-05-11", 0, 1),
        (["2026-05-01"], "2026-05-01", 1, 1),  # in before it is due
        (["2026-04-01", "2026-04-09", "2026-04-30"], "2026-05-02", 1, 1),  # twice is not two months
        (["2025-12-31", "2026-01-10"], "2026-02-01", 1, 1),
    ],
)
def test_a_month_is_on_time_up_to_the_due_day_of_the_next(days, today, on_time, expected):
    assert DUE == 10, "the days above are worked for the 10th"
    found = row([sent("农业银行", day) for day in days], "农业银行", date.fromisoformat(today))
    assert (found["months_on_time"], found["months_expected"]) == (on_time, expected)
    share = found["on_time_share"]
    assert share == on_time / expected if expected else pd.isna(share)


def test_the_day_is_that_of_the_place_where_the_file_was_taken_in():
    late = replace(sent("农业银行", "2026-05-10"), taken_at="2026-05-10T23:59:00+08:00")
    assert row([late], "农业银行")["last_on"] == date(2026, 5, 10)


@pytest.mark.parametrize("kind", ["indicators", "filings", "province"])
def test_figures_and_filings_have_no_place_and_only_merchants_have_duplicates(kind):
    figures = sent("中国银行", "2026-06-01", kind=kind, rows=50, located=0)
    found = row([figures], "中国银行")
    assert pd.isna(found["located_share"]) and pd.isna(found["duplicates_share"])
    shops = sent("中国银行", "2026-06-01", located=50, duplicates=10)
    venues = sent("中国银行", "2026-06-01", kind="venues", rows=100, located=100)
    found = row([figures, shops, venues], "中国银行")
    assert found["located_share"] == 150 / 200 and found["duplicates_share"] == 10 / 100


def test_who_is_not_named_and_what_was_not_counted_is_unknown():
    old = sent(None, "2026-05-05")
    found = row([replace(old, counts={"rows": 100, "accepted": 99, "rejected": 1})], UNKNOWN)
    assert found["rows"] == 100 and pd.isna(found["located_share"])


def test_a_file_of_nothing_has_no_share():
    assert pd.isna(row([sent("中国银行", "2026-06-01", rows=0)], "中国银行")["rejected_share"])


def test_on_time_comes_first_then_rejects_then_places_then_duplicates():
    files = [
        sent("丙", "2026-06-05", rejected=1, located=80),
        sent("甲", "2026-06-05", rejected=1, located=90, duplicates=2),
        sent("乙", "2026-06-05", rejected=1, located=90, duplicates=1),
        sent("丁", "2026-06-05", rejected=0, located=10),
        sent("戊", "2026-05-20", rejected=0),  # one month late
        sent("己", "2026-06-12", rejected=0),  # nothing due yet
    ]
    found = sender_scores.table(files, TODAY)
    assert found["sender"].tolist() == ["丁", "乙", "甲", "丙", "戊", "己"]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5, 6]


def test_equals_share_a_rank_and_the_next_rank_is_left_out():
    days = {"甲": "2026-06-05", "乙": "2026-06-08", "丙": "2026-05-20"}
    found = sender_scores.table([sent(name, day) for name, day in days.items()], TODAY)
    ranks = dict(zip(found["sender"], found["rank"], strict=True))
    assert ranks == {"甲": 1, "乙": 1, "丙": 3}


def test_without_files_the_league_is_empty_and_has_its_columns():
    found = sender_scores.table([], TODAY)
    assert found.empty and found.columns.tolist() == sender_scores.COLUMNS


def test_the_rule_is_told_with_the_day_in_force():
    assert f"每月 {DUE} 日" in sender_scores.RULE
