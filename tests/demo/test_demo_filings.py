"""What the demo's units filed and what the cities published: as its CSVs say, and invented."""

import numpy as np
import pandas as pd
import pytest

from demo import filed_reports, lifecycles, province_figures, street_places
from domain import owners, reference, rules

SEED = 7


@pytest.fixture(scope="module")
def filed():
    return filed_reports.filings(np.random.default_rng(SEED))


@pytest.fixture(scope="module")
def published():
    return province_figures.province(np.random.default_rng(SEED))


def test_one_seed_files_the_same(filed, published):
    again = filed_reports.filings(np.random.default_rng(SEED))
    pd.testing.assert_frame_equal(filed, again)
    pd.testing.assert_frame_equal(published, province_figures.province(np.random.default_rng(SEED)))


def test_titles_and_evidence_say_that_they_are_invented(filed):
    assert filed["title"].str.endswith(filed_reports.INVENTED).all()
    firsts = filed[filed["kind_id"] == "FIRST"]
    assert len(firsts) == filed_reports.FIRSTS
    assert firsts["evidence"].str.fullmatch(r"演示首单第\d+号").all()
    assert firsts["county_code"].isin(reference.table("counties")["county_code"]).all()
    assert (filed.loc[filed["kind_id"] != "FIRST", "evidence"] == "").all()


def test_units_and_banks_report_as_they_are_used_to(filed):
    reports = filed[filed["kind_id"] == "INFO"]
    due_day = rules.count("report_due_day")
    due = reports["month"] + pd.DateOffset(months=1) + pd.Timedelta(days=due_day - 1)
    on_time = (reports["filed_on"] <= due).groupby([reports["owner_id"], reports["month"]]).any()
    months = len(lifecycles.MONTHS) - 1  # the last one is not due yet
    asked = street_places.facts("filers").set_index("owner_id")
    assert set(on_time.index.levels[0]) == set(asked.index)
    settled = on_time[on_time.index.get_level_values("month") < pd.Timestamp("2026-10-01")]
    share = settled.groupby("owner_id").sum() / months
    missing = 1 - settled.groupby("owner_id").size() / months
    assert (share - asked["on_time"]).abs().max() < 0.25
    assert (share - asked["on_time"]).abs().mean() < 0.06
    assert (missing - asked["missing"]).abs().mean() < 0.06


def test_members_of_the_leading_group_and_banks_report_every_month():
    frame = owners.owners(lifecycles.AS_OF.item())
    obliged = frame.loc[frame["owner_kind"].isin(["unit", "operator"]), "owner_id"]
    assert set(street_places.facts("filers")["owner_id"]) == set(obliged)


def test_some_plans_come_late_and_a_few_never(filed):
    plans = filed[filed["kind_id"] == "PLAN"].set_index("owner_id")["filed_on"]
    frame = owners.owners(lifecycles.AS_OF.item())
    asked = frame[frame["owner_kind"].isin(["county", "zone", "unit"])]["owner_id"]
    late = plans > pd.Timestamp("2023-03-31")
    assert 0 < late.sum() < (~late).sum()
    assert 0 < len(set(asked) - set(plans.index)) <= 5


def test_every_thing_that_the_notice_asks_for_was_filed_by_some(filed):
    assert set(reference.table("target_items")["filing_kind"]) <= set(filed["kind_id"])


def test_of_most_tasks_there_is_progress_of_some_none(filed):
    tasks = reference.table("tasks").set_index("task_no")["lead_unit"]
    progress = filed[filed["kind_id"] == "PROGRESS"]
    assert set(tasks.index) - set(progress["task_no"]) == set(filed_reports.SILENT_TASKS)
    lead = tasks[progress["task_no"]].map(owners.aliases())
    assert (lead.to_numpy() == progress["owner_id"].to_numpy()).all()


def test_renamed_units_sign_with_the_name_of_the_day(filed):
    names = filed[filed["owner_id"] == "U28"].set_index("filed_on")["owner"]
    assert set(names[:"2023-08"]) == {"人民银行连云港市中心支行"}
    assert set(names["2023-11":]) == {"人民银行连云港市分行"}


def test_nothing_is_filed_in_the_future(filed):
    assert filed["filed_on"].max() <= pd.Timestamp(lifecycles.AS_OF)
    assert filed["filing_id"].is_unique
    assert filed["filed_on"].is_monotonic_increasing


def test_figures_of_the_cities_say_that_they_are_invented(published):
    assert set(published["source"]) == {"演示数据（虚构）"}
    assert set(published["city"]) == set(reference.table("province_cities")["city"])
    assert set(published["measure_id"]) == set(reference.table("province_measures")["measure_id"])


def test_figures_of_the_cities_end_as_the_file_says(published):
    asked = street_places.facts("province").set_index("city")
    last = published.groupby("city")["month"].max().dt.strftime("%Y-%m")
    assert last.to_dict() == asked["last_month"].to_dict()
    assert last.nunique() == 3  # up to date, one quarter behind, stale
    wide = published.pivot(index="month", columns=["city", "measure_id"], values="value")
    assert not (wide.diff() < 0).any(axis=None)
    own = wide.loc["2026-09-01", "连云港市"]
    assert own["scenarios"] == asked.loc["连云港市", "scenarios"]
    assert published["published_on"].max() <= pd.Timestamp(lifecycles.AS_OF)
