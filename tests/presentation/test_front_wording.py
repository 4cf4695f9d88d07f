"""The words of the front page: who is furthest behind, by how much, and what it takes."""

import pytest

from presentation import front_wording, venue_listings
from queries import plans
from queries.scope import Scope
from tests.support.stated import JUNE, Office, shop, venue

NAN = float("nan")


@pytest.fixture
def scope(tmp_path, use_store):
    """Ten venues of 海州区: one covered, two counted that take 2 and 3 shops, seven uncounted."""
    office = Office(tmp_path)
    use_store(office.store.path)
    counts = {"V1": "2", "V2": "3", "V3": "4"}
    numbers = [f"V{one}" for one in range(1, 11)]
    office.lists(JUNE, *(venue(one, 应覆盖商户数=counts.get(one, "")) for one in numbers))
    seen = {"签约日期": "2025-01-10", "最近巡检日期": "2025-06-20", "特定区域": "V1"}
    office.states(JUNE, shop("1", **seen), shop("2", **seen), sender="工商银行")
    return Scope(office.store.current().id, JUNE)


def test_the_way_to_the_due_line_is_the_cheapest_and_says_what_nobody_counted(scope):
    # due are 73.5 % of 10 venues: 8, so 7 more than the one; 2 + 3 shops cover two of them
    assert plans.to_due(scope) == plans.ToDue(more=7, units=5, uncounted=5)


def test_the_worst_areas_are_named_with_their_distance_and_an_unknown_one_is_not_called_so(scope):
    areas = venue_listings.worst_first(scope)
    text = front_wording.worst(areas, 0.9)
    assert text == "最落后：海州区 10.0%，差 80.0 点（7 个场所）"
    assert front_wording.worst(areas, 0.1) == ""


@pytest.mark.parametrize("more, units, uncounted, said", [
    (4, 52, 0, "差 4 个（52 家）"), (13, 82, 4, "差 13 个（82 家，4 个待核）"),
    (2, 0, 2, "差 2 个（2 个待核）"), (0, 0, 0, "已达到"), (NAN, NAN, NAN, "未知"),
])  # fmt: skip
def test_what_an_area_lacks_is_said_in_venues_then_shops(more, units, uncounted, said):
    assert front_wording.owed(more, units, uncounted) == said


@pytest.mark.parametrize("share, said", [
    (1 / 3, "56.7"), (0.5625, "33.75"), (0.9, "0"), (1.0, "0"), (NAN, "未知"),
])  # fmt: skip
def test_the_distance_agrees_with_the_shares_that_are_shown(share, said):
    assert front_wording.below(share, 0.9) == said


def test_the_areas_are_the_same_worst_first_on_the_page_and_on_the_wall(scope):
    areas = venue_listings.worst_first(scope)
    known = areas["share"].notna()
    assert areas.loc[known, "more"].to_list() == [7]
    assert areas.loc[~known, ["more", "units", "uncounted"]].isna().all(axis=None)
