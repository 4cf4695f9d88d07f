"""Change: which venues came and went, and the facts that need a decision."""

import pandas as pd

from domain import change, coverage
from tests.support.small_city import DAY, VERIFIED, City, ago, rows

BEFORE = ago(30)


def moving_city():
    city = City()
    city.venue("NEW", eligible_count=1)
    city.shop("NEW", events=[("inspected", ago(3))])
    city.venue("GONE", eligible_count=1)
    city.shop("GONE", events=[("inspected", ago(190))])
    city.venue("SAME", eligible_count=1)
    city.shop("SAME", events=(*VERIFIED[:2], ("inspected", ago(60))))
    city.venue("LATE", eligible_count=1, listed_on=ago(5))
    city.shop("LATE", events=[("inspected", ago(200)), ("paid", ago(4))])
    city.venue("LEFT", eligible_count=1, delisted_on=ago(5))
    city.shop("LEFT", events=[("inspected", ago(40))])
    city.venue("DARK", eligible_count=None)
    return city


def test_changes_are_venues_newly_covered_or_lapsed():
    city = moving_city()
    found = rows(change.changes(city.judged(BEFORE), city.judged(DAY)))
    assert [(row["venue_id"], row["change"]) for row in found] == [
        ("LATE", "covered"),
        ("NEW", "covered"),
        ("GONE", "lapsed"),
    ]


def decisions(city, due=0.9, in_review=0, unlocated=0):
    before, after = city.judged(BEFORE), city.judged(DAY)
    areas = coverage.attainment(after, "management", [DAY]).to_pandas()
    intake = {"in_review": in_review, "unlocated": unlocated}
    changes = change.changes(before, after).to_pandas()
    return change.decisions(areas, after.to_pandas(), changes, intake, due)


def test_decisions_are_computed_facts_with_names():
    found = decisions(moving_city(), in_review=1234, unlocated=5).set_index("kind")
    assert found.loc["进度落后", "subject"] == "海州区"
    assert found.loc["进度落后", "figure"] == "达标率 60.0%，应达 90.0%"
    assert "5 个场所中 2 个未达标" in found.loc["进度落后", "why"]
    assert found.loc["应覆盖数待核", ["subject", "figure"]].to_list() == ["DARK号", "1 个场所"]
    assert found.loc["退出达标", "subject"] == "GONE号"
    assert found.loc["待复核", "figure"] == "1,234 家"
    assert found.loc["未定位", "figure"] == "5 家"
    assert "整类空白" not in found.index


def test_a_kind_at_zero_needs_a_decision():
    city = moving_city()
    city.venue("PARK", kind="产业园区", eligible_count=5)
    found = decisions(city).set_index("kind")
    assert found.loc["整类空白", ["subject", "figure"]].to_list() == ["海州区", "产业园区"]


def test_a_long_list_is_cut_after_three_names():
    city = City()
    for number in range(4):
        city.venue(f"V{number}", eligible_count=None)
    found = decisions(city, due=0).set_index("kind")
    assert found.loc["应覆盖数待核", "subject"] == "V0号、V1号、V2号等"


def test_where_all_is_well_there_is_nothing_to_decide():
    city = City()
    city.venue("V", eligible_count=1)
    city.shop("V", events=[("inspected", ago(60))])
    found = decisions(city)
    assert found.empty and list(found.columns) == ["kind", "subject", "figure", "why"]
    assert isinstance(found, pd.DataFrame)
