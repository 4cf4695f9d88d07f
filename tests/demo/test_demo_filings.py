"""What the demo's units filed and what the cities published: as its CSVs say, and invented."""

import pandas as pd
import pytest

from demo import filed_reports, lifecycles
from domain import owners, reference, rules
from store import snapshot_store


@pytest.fixture(scope="module")
def snapshot(demo_store):
    return snapshot_store.Store(demo_store).current()


@pytest.fixture(scope="module")
def filed(snapshot):
    frame = snapshot.frame("filings").astype({"filed_on": "datetime64[s]"})
    return frame.sort_values("source_row", ignore_index=True)


@pytest.fixture(scope="module")
def published(snapshot):
    return snapshot.frame("province").astype({"month": "datetime64[s]"})


def test_titles_and_evidence_say_that_they_are_invented(filed):
    assert filed["title"].str.endswith(filed_reports.INVENTED).all()
    firsts = filed[filed["kind_id"] == "FIRST"]
    assert len(firsts) == 20
    assert firsts["evidence"].str.fullmatch(r"演示首单第\d+号").all()
    assert firsts["county_code"].isin(reference.table("counties")["county_code"]).all()
    assert filed.loc[filed["kind_id"] != "FIRST", "evidence"].isna().all()


def test_some_units_and_banks_report_every_month_on_time_and_others_do_not(filed):
    reports = filed[filed["kind_id"] == "INFO"].astype({"month": "datetime64[s]"})
    due_day = rules.count("report_due_day")
    due = reports["month"] + pd.DateOffset(months=1) + pd.Timedelta(days=due_day - 1)
    on_time = (reports["filed_on"] <= due).groupby([reports["owner_id"], reports["month"]]).any()
    frame = owners.owners(lifecycles.AS_OF.item())
    obliged = frame.loc[frame["owner_kind"].isin(["unit", "operator"]), "owner_id"]
    assert set(on_time.index.levels[0]) == set(obliged)
    share = on_time.groupby("owner_id").sum() / (len(lifecycles.MONTHS) - 1)
    assert share.max() > 0.95 and share.min() < 0.5


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
    assert set(tasks.index) - set(progress["task_no"]) == {"3", "10", "21", "29"}
    lead = tasks[progress["task_no"]].map(owners.aliases())
    assert (lead.to_numpy() == progress["owner_id"].to_numpy()).all()


def test_renamed_units_sign_with_the_name_of_the_day(filed):
    titles = filed[filed["owner_id"] == "U28"].set_index("filed_on")["title"]
    assert titles[:"2023-08"].str.startswith("人民银行连云港市中心支行").all()
    assert titles["2023-11":].str.startswith("人民银行连云港市分行").all()


def test_nothing_is_filed_in_the_future(filed):
    assert filed["filed_on"].max() <= pd.Timestamp(lifecycles.AS_OF)
    assert filed["filing_id"].is_unique
    assert filed["filed_on"].is_monotonic_increasing


def test_figures_of_the_cities_say_that_they_are_invented(published):
    assert set(published["source"]) == {"演示数据（虚构）"}
    assert set(published["city"]) == set(reference.table("province_cities")["city"])
    assert set(published["measure_id"]) == set(reference.table("province_measures")["measure_id"])


def test_the_cities_publish_every_quarter_and_some_stop(published):
    last = published.groupby("city")["month"].max().dt.strftime("%Y-%m")
    assert set(last) == {"2026-09", "2026-06", "2025-12"}  # up to date, a quarter behind, stale
    wide = published.pivot(index="month", columns=["city", "measure_id"], values="value")
    assert not (wide.diff() < 0).any(axis=None)
    assert pd.to_datetime(published["published_on"]).max() <= pd.Timestamp(lifecycles.AS_OF)
