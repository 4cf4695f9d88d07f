"""Boards of areas, departments and banks: one measure, and every venue counted once."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import boards, reference
from tests.support.prepared import prepared
from tests.support.small_city import DAY, VERIFIED, City, rows

ZONES = [None, *reference.table("zones")["zone_id"]]
COUNTIES = [None, *reference.table("counties")["county_code"]]
OWNERS = [None, "", "市商务局", "市文广旅局", "灌云县", "工商银行", "某某公司"]
BANKS = [None, *reference.table("operators")["operator_id"]]

board_of = prepared(boards.board)


def covered(city, venue_id, **cells):
    city.venue(venue_id, eligible_count=1, **cells)
    city.shop(venue_id, events=VERIFIED)


def of(city, kind, attribution="management", day=DAY):
    """Rows of a board by id."""
    found = rows(board_of(city.judged(day), kind, attribution, day))
    return {row["area_id"]: row for row in found}


def test_departments_answer_for_what_they_own_under_any_of_their_names():
    city = City()
    covered(city, "V1", owner="市地方金融监管局")
    city.venue("V2", eligible_count=1, owner="市委金融办（市地方金融管理局）")
    city.venue("V3", eligible_count=1, owner="市商务局")
    found = of(city, "owner")
    assert set(found) == {"U23", "U16"}
    assert (found["U23"]["covered"], found["U23"]["venues"]) == (1, 2)
    assert (found["U23"]["rank"], found["U16"]["rank"]) == (1, 2)
    assert found["U23"]["area"] == "市委金融办（市地方金融管理局）"
    early = of(city, "owner", day=date(2024, 2, 29))
    assert early["U23"]["area"] == "市地方金融监管局", "a unit is called as it was that day"


def test_owners_nobody_knows_are_counted_but_not_ranked():
    city = City()
    covered(city, "V1", owner="某某公司")
    covered(city, "V2", owner=" ")
    covered(city, "V3", owner="灌云县")
    found = of(city, "owner")
    assert found["320723"]["rank"] == 1 and found["320723"]["rank_worst"] == 1
    assert found["某某公司"]["rank"] is None and "对不上" in found["某某公司"]["reason"]
    assert found[""]["area"] == "未填报" and found[""]["rank"] is None


def test_a_county_of_bad_lists_is_ranked_with_wide_bounds():
    city = City()
    covered(city, "V1")
    for number in range(3):
        city.venue(f"X{number}", eligible_count=None)
    city.venue("V2", eligible_count=1, county_code="320723", eligible_grade="C")
    found = of(city, "county")
    assert (found["320706"]["rank"], found["320723"]["rank"]) == (1, 2)
    assert (found["320706"]["low"], found["320706"]["high"]) == (0.25, 1.0)


def test_a_bank_without_venues_is_on_the_board_without_a_rank():
    city = City()
    covered(city, "V1", operator_id="ICBC")
    city.venue("V2", eligible_count=1, operator_id="ABC")
    city.venue("V3", eligible_count=1)
    found = of(city, "operator")
    assert [found[bank]["rank"] for bank in ("ICBC", "ABC")] == [1, 2]
    assert found["PSBC"]["venues"] == 0 and found["PSBC"]["reason"] == "名录中没有场所"
    assert found[""]["venues"] == 1 and found[""]["reason"] == "名录没有填报"


def test_a_department_of_estimates_is_ranked_like_any_other():
    city = City()
    city.venue("V1", eligible_count=1, eligible_grade="C", owner="市商务局")
    row = of(city, "owner")["U16"]
    assert (row["rank"], row["reason"], row["graded_share"]) == (1, "", 0.0)


@given(
    st.lists(
        st.tuples(*(st.sampled_from(each) for each in (COUNTIES, ZONES, OWNERS, BANKS))),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=10)
def test_every_board_adds_up_to_the_city(places):
    city = City()
    for number, (county, zone, owner, bank) in enumerate(places):
        city.venue(
            f"V{number}", eligible_count=1, county_code=county,
            zone_id=zone if county else None, owner=owner, operator_id=bank,
        )  # fmt: skip
    for kinds, attribution in [
        (("county", "zone"), "management"),
        (("county",), "territory"),
        (("owner",), "management"),
        (("operator",), "management"),
    ]:
        counted = sum(
            row["venues"] for kind in kinds for row in of(city, kind, attribution).values()
        )
        unplaced = sum(county is None for county, *_ in places) if "county" in kinds else 0
        assert counted + unplaced == len(places)


@pytest.mark.parametrize("kind", boards.KINDS)
def test_a_board_of_an_empty_register_ranks_nobody(kind):
    found = of(City(), kind)
    assert all(row["rank"] is None for row in found.values())
