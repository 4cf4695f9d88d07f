"""The words of the front page: who is furthest behind, by how much, and what it takes."""

from dataclasses import replace
from datetime import date

import pytest

from presentation import front_wording, labels, venue_listings
from queries import plans
from queries.scope import Scope
from tests.support.stated import JUNE, Office, shop, venue
from ui.overview import area_panel

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
    assert text == "最落后：海州区 10.0%，差 7 个场所"
    assert front_wording.worst(areas, 0.1) == ""


@pytest.mark.parametrize("more, units, uncounted, said", [
    (4, 52, 0, "4 个（补 52 家）"), (13, 82, 4, "13 个（补 82 家，待核 4 个）"),
    (2, 0, 2, "2 个（待核 2 个）"), (0, 0, 0, "已达到"), (NAN, NAN, NAN, "未知"),
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


def test_signing_alone_that_cannot_reach_the_line_says_what_else_it_takes(scope):
    units, text = front_wording.way(scope)
    assert units == 5
    assert text == (
        "补 5 家，能算的 2 个场所全达标，也只到 30.0%；要到应达线 73.5%，7 个待核的还要有 "
        "5 个达标，先核定应覆盖数。其中 5 家名单上没有店名，要先摸底"
    )


def test_the_cause_counts_what_is_open_what_is_short_and_at_which_step(scope):
    assert front_wording.cause(scope) == (
        "主因：7 个场所应覆盖数待核；2 个场所差 5 家，其中名单上没有 5 家"
    )


@pytest.fixture
def counted(tmp_path, use_store):
    """Three venues of 海州区: one covered, one that lacks a signing, one without any list."""
    office = Office(tmp_path)
    use_store(office.store.path)
    office.lists(JUNE, *(venue(one, 应覆盖商户数="3") for one in ("V1", "V2", "V3")))
    seen = {"签约日期": "2025-01-10", "最近巡检日期": "2025-06-20"}
    verified = [shop(f"1{one}", 特定区域="V1", **seen) for one in range(3)]
    others = shop("20", 特定区域="V2", **seen), shop("21", 特定区域="V2", 签约日期="2025-06-01")
    office.states(JUNE, *verified, *others, shop("22", 特定区域="V2"), sender="工商银行")
    return Scope(office.store.current().id, JUNE)


def test_the_way_to_the_line_is_named_with_the_venue_that_has_no_list(counted):
    # all three have to be covered for 73.5 %; of three shops two have to be verified
    units, text = front_wording.way(counted)
    assert (units, plans.to_due(counted)) == (3, plans.ToDue(2, 3, 0))
    assert text == (
        "最少补 3 家，2 个未达标的补上 2 个，就到应达线 73.5%。"
        "其中市场V3 2 家名单上没有店名，要先摸底"
    )
    assert front_wording.cause(counted) == (
        "主因：2 个场所差 3 家，其中签了未验证 1 家、名单上没有 2 家"
    )


def test_what_banks_owe_adds_up_from_the_lists_that_are_shown(counted):
    listed = int(venue_listings.short(counted)["named_missing"].sum())
    owed = int(area_panel.owed(counted)["owed"].sum())
    assert owed == listed == 2
    assert f"共 {owed} 家" in front_wording.owed_note(counted)


def test_an_area_that_reached_the_line_is_told_no_way_to_it(counted):
    early = replace(counted, as_of=date(2023, 1, 1))
    assert front_wording.way(early) == (0, "")
    assert front_wording.cause(early) == ""


def test_a_difference_in_points_agrees_with_the_shares_beside_it():
    assert labels.points(141 / 205, 119 / 205) == "+10.73 个百分点"
    assert labels.points(0.5, 0.6) == "-10.0 个百分点"
    assert labels.points(None, 0.6) is None
