"""Filings: what is owed each month, what came in time, who has to be reminded."""

from datetime import date

import pandas as pd
import pytest

from domain import filings, owners
from tests.support.sent_filings import sent

DAY = date(2023, 8, 12)
KNOWN = owners.owners(DAY)


@pytest.mark.parametrize(
    ("month", "due"),
    [((2023, 4), (2023, 5, 10)), ((2023, 12), (2024, 1, 10)), ((2024, 1), (2024, 2, 10))],
)
def test_a_month_is_due_on_the_tenth_of_the_next(month, due):
    assert filings.due_on(date(*month, 1)) == date(*due)


def test_whole_months_are_owed_from_the_rollout_on():
    assert filings.months(date(2023, 4, 30)) == []
    assert filings.months(date(2023, 6, 1)) == [date(2023, 4, 1), date(2023, 5, 1)]


def test_reports_are_on_time_late_missing_or_still_open():
    reports = filings.reporting(
        sent(
            ("U16", "INFO", "2023-04-01", "2023-05-10"),  # on the day
            ("U16", "INFO", "2023-05-01", "2023-06-11"),  # a day late
            ("U16", "INFO", "2023-05-01", "2023-06-09"),  # but one came before
            ("U16", "INFO", "2023-06-01", "2023-07-20"),
            ("U16", "PLAN", "2023-07-01", "2023-08-01"),  # no piece of news
            ("U16", "INFO", "2023-07-01", "2023-08-13"),  # not yet, on this day
            ("320706", "INFO", "2023-04-01", "2023-05-01"),  # a county owes none
        ),
        KNOWN,
        DAY,
    )
    mine = reports[reports["owner_id"] == "U16"]
    assert mine["state"].to_list() == ["on_time", "on_time", "late", "missing"]
    assert mine["pieces"].to_list() == [1, 2, 1, 0]
    assert len(reports) == (30 + 12) * 4
    first = sent(("320706", "INFO", "2023-07-01", "2023-08-01"))
    early = filings.reporting(first, KNOWN, date(2023, 8, 10))
    assert set(early["month"]) == {pd.Timestamp("2023-07-01")}  # none is owed before anyone reports
    assert set(early["state"]) == {"open"}


def test_expected_received_and_on_time_by_owner():
    reports = filings.reporting(
        sent(
            ("U16", "INFO", "2023-04-01", "2023-05-10"),
            ("U16", "INFO", "2023-06-01", "2023-07-20"),
        ),
        KNOWN,
        DAY,
    )
    mine = filings.by_owner(reports).set_index("owner_id").loc["U16"]
    assert mine[["expected", "received", "on_time", "missing"]].to_list() == [4, 2, 1, 2]
    assert mine["on_time_share"] == 0.25
    assert mine["missing_months"] == "2023-07、2023-05"
    assert filings.by_owner(reports)["owner_id"].iloc[-1] == "U16"  # those in arrears come first


def test_without_a_month_owed_nobody_owes():
    reports = filings.reporting(sent(), KNOWN, date(2023, 4, 30))
    assert reports.empty and filings.by_owner(reports).empty and filings.reminders(reports).empty


def test_the_reminder_lists_who_has_not_sent_last_months():
    reports = filings.reporting(sent(("U16", "INFO", "2023-07-01", "2023-08-01")), KNOWN, DAY)
    asked = filings.reminders(reports)
    assert len(asked) == 41 and "U16" not in set(asked["owner_id"])
    assert set(asked["month"]) == {pd.Timestamp("2023-07-01")}


def test_a_renamed_unit_keeps_its_filings_under_its_new_name():
    day = date(2024, 6, 20)
    reports = filings.reporting(
        sent(("U28", "INFO", "2023-04-01", "2023-05-01")), owners.owners(day), day
    )
    mine = filings.by_owner(reports).set_index("owner_id").loc["U28"]
    assert mine["owner"] == "人民银行连云港市分行" and mine["received"] == 1


# ---- documents and events --------------------------------------------------------------------


def test_every_item_is_asked_of_those_the_notice_names():
    asked = filings.owed(KNOWN)
    counts = asked.groupby(["target_id", "item"]).size().to_dict()
    assert counts == {
        ("T01", "试点工作实施方案"): 6 + 4 + 30,
        ("T02", "市实施方案与任务清单"): 1,
        ("T02", "银行工作专班"): 12,
        ("T02", "银行业务培训"): 12,
        ("T03", "启动仪式"): 1,
        ("T03", "领域实施方案"): 30,
        ("T14", "政银企对接会"): 1,
        ("T14", "体验中心揭牌"): 1,
        ("T14", "业务专线"): 12,
    }


def test_an_item_is_met_by_the_first_filing_of_its_kind():
    asked = filings.owed(KNOWN).query("target_id == 'T01'")
    known = sent(
        ("320706", "PLAN", None, "2023-04-02"),
        ("320706", "PLAN", None, "2023-03-30"),
        ("U16", "TEAM", None, "2023-03-30"),
        ("U17", "PLAN", None, "2023-09-01"),
    )
    items = filings.delivered(asked, known, DAY)
    met = items.dropna(subset="filed_on")
    assert met["owner_id"].to_list() == ["320706"]
    assert met["filed_on"].iloc[0] == pd.Timestamp("2023-03-30")
