"""Coverage: the rule of each carrier worked by hand, and what holds for any city."""

from datetime import date
from fractions import Fraction
from math import ceil

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import coverage, reference, venues
from tests.support.prepared import prepared
from tests.support.small_city import DAY, PAID, SIGNED, VERIFIED, City, ago, rows

coverage_of = prepared(coverage.coverage)
attainment_of = prepared(coverage.attainment)
city_of = prepared(coverage.city)


def market(eligible, verified, listed=None, **cells):
    """A market of `eligible` stalls, `verified` of the `listed` ones verified."""
    city = City()
    city.venue("V", eligible_count=eligible, **cells)
    city.shops(verified, "V", events=VERIFIED)
    city.shops((eligible if listed is None else listed) - verified, "V")
    return city.verdict("V")


# ---- area type --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("eligible", "verified", "needed"),
    [
        (1, 0, 1),  # one stall: it must be verified
        (1, 1, 0),
        (2, 1, 0),  # all but one
        (9, 7, 1),
        (9, 8, 0),
        (10, 8, 1),  # from ten on, 90 %
        (10, 9, 0),
        (11, 9, 1),  # 9.9 rounds up to 10
        (11, 10, 0),
    ],
)
def test_market_is_covered_at_90_percent_or_when_small_all_but_one(eligible, verified, needed):
    verdict = market(eligible, verified)
    assert verdict["eligible"] == eligible and verdict["verified"] == verified
    assert verdict["needed"] == needed
    assert verdict["covered_verified"] == (needed == 0)


@pytest.mark.parametrize(
    ("verified", "status"), [(9, "covered"), (7, "near"), (6, "short"), (0, "short")]
)
def test_near_is_three_quarters_of_what_is_required(verified, status):
    assert market(10, verified)["status"] == status


def test_one_public_cash_point_not_live_keeps_a_market_from_being_covered():
    city = City()
    city.venue("V", eligible_count=20)
    city.shops(19, "V", events=VERIFIED)
    city.shop("V", cash_point=True, events=SIGNED)
    verdict = city.verdict("V")
    assert verdict["verified"] >= verdict["required"]
    assert (verdict["cash_points"], verdict["cash_points_verified"]) == (1, 0)
    assert not verdict["covered_verified"] and verdict["needed"] == 1
    assert verdict["covered_contracted"]


def test_needed_counts_a_missing_cash_point_among_the_missing_shops():
    city = City()
    city.venue("V", eligible_count=10)
    city.shops(7, "V", events=VERIFIED)
    city.shops(3, "V", cash_point=True)
    assert city.verdict("V")["needed"] == 3  # 9 − 7 shops, but 3 cash points


def test_three_bases_stand_side_by_side():
    city = City()
    city.venue("V", eligible_count=10)
    city.shops(8, "V", events=VERIFIED)
    city.shop("V", events=SIGNED)
    city.shop("V", events=PAID)
    verdict = city.verdict("V")
    assert [verdict[basis] for basis in venues.BASES] == [10, 9, 1]
    assert [verdict[f"covered_{basis}"] for basis in venues.BASES] == [True, True, False]


def test_a_closed_shop_leaves_the_denominator_and_one_that_refused_stays():
    city = City()
    city.venue("V", eligible_count=1)
    city.shops(9, "V", events=VERIFIED)
    city.shop("V", events=[*VERIFIED, ("closed", ago(3))])
    city.shop("V", events=[*SIGNED, ("refused", ago(3))])
    verdict = city.verdict("V")
    assert verdict["eligible"] == verdict["listed"] == 10
    assert verdict["covered_verified"] and verdict["named_missing"] == 1


def test_a_declared_count_smaller_than_the_listed_shops_gives_way():
    verdict = market(5, 8, listed=12)
    assert verdict["eligible"] == 12 and verdict["needed"] == 11 - 8
    assert (verdict["named_missing"], verdict["unnamed_missing"]) == (4, 0)


def test_a_shop_that_two_banks_list_counts_once_and_is_verified_if_either_is():
    city = City()
    city.venue("V", eligible_count=10)
    city.shops(7, "V", events=VERIFIED)
    first = city.shop("V", operator_id="ABC", events=SIGNED)
    city.shop("V", shop_key=first, events=PAID)  # one shop with the one above
    city.shop("V", events=SIGNED)
    verdict = city.verdict("V")
    # 7 + the shop of two records + one signed: 9 shops, 8 of them verified, the tenth unheard of
    assert [verdict[name] for name in ("listed", *venues.BASES)] == [9, 9, 8, 1]
    assert (verdict["eligible"], verdict["needed"], verdict["unnamed_missing"]) == (10, 1, 1)
    city.shop("V", events=VERIFIED)
    assert city.verdict("V")["covered_verified"]


def test_a_shop_listed_twice_does_not_swell_the_denominator():
    city = City()
    city.venue("V", eligible_count=1)
    first = city.shop("V", events=VERIFIED)
    city.shop("V", shop_key=first, events=[*VERIFIED, ("closed", ago(9))])
    verdict = city.verdict("V")
    assert (verdict["eligible"], verdict["listed"], verdict["covered_verified"]) == (1, 1, True)


def test_a_cash_point_is_live_if_any_record_of_it_is():
    city = City()
    city.venue("V", eligible_count=2)
    first = city.shop("V", cash_point=True, events=SIGNED)
    city.shop("V", shop_key=first, events=VERIFIED)
    city.shop("V")
    verdict = city.verdict("V")
    assert (verdict["cash_points"], verdict["cash_points_verified"]) == (1, 1)
    assert verdict["covered_verified"]


def test_shops_that_nobody_listed_are_missing_without_a_name():
    verdict = market(30, 10, listed=12)
    assert (verdict["named_missing"], verdict["unnamed_missing"]) == (2, 18)


@pytest.mark.parametrize("declared", [None, 0])
def test_an_unknown_denominator_is_its_own_class_and_not_zero(declared):
    city = City()
    city.venue("V", eligible_count=declared)
    if declared is None:
        city.shops(3, "V", events=VERIFIED)
    verdict = city.verdict("V")
    assert verdict["denominator"] == verdict["status"] == "unknown"
    unknown = ("eligible", "required", "needed", "unnamed_missing")
    assert [verdict[name] for name in unknown] == [None] * 4
    assert not any(verdict[f"covered_{basis}"] for basis in venues.BASES)
    assert verdict["grade"] == ""


def test_required_is_exact_for_every_size():
    table = ibis.memtable({"eligible": range(1, 5001)}).mutate(carrier=ibis.literal("区域型"))
    found = table.mutate(required=venues.required(table.eligible)).to_pandas()
    exact = [max(n - 1, 1) if n < 10 else ceil(Fraction(9, 10) * n) for n in found["eligible"]]
    assert found["required"].to_list() == exact


# ---- links ------------------------------------------------------------------------------------


def test_a_hospital_needs_all_four_links():
    city = City()
    city.venue("H", kind="医院")
    city.shop("H", scenario_id="F4-05", events=VERIFIED)
    city.shop("H", scenario_id="F4-05", events=VERIFIED)  # the same link twice counts once
    city.shop("H", scenario_id="F4-06", events=VERIFIED)
    city.instance("H", "F4-07", VERIFIED)
    city.shop("H", scenario_id="F2-12", events=VERIFIED)  # not a link of a hospital
    verdict = city.verdict("H")
    assert (verdict["eligible"], verdict["verified"], verdict["needed"]) == (4, 3, 1)
    assert not verdict["covered_verified"] and verdict["status"] == "near"
    city.instance("H", "F4-08", VERIFIED)
    assert city.verdict("H")["covered_verified"]


def test_a_line_needs_its_link_whatever_its_shops():
    city = City()
    city.venue("L", kind="客运站")
    city.shops(5, "L", scenario_id="F2-12", events=VERIFIED)
    assert city.verdict("L")["verified"] == 0
    city.shop("L", scenario_id="F2-08", events=VERIFIED)
    assert city.verdict("L")["covered_verified"]


def test_a_bus_company_needs_one_verified_line_for_its_link():
    city = City()
    city.venue("BUS", kind="客运站", links="F2-06")
    for events in (SIGNED, SIGNED, VERIFIED):  # three lines, of which one takes e-CNY and was seen
        city.instance("BUS", "F2-06", events)
    city.instance("BUS", "F2-08", VERIFIED)  # a coach line is not what is asked of it
    verdict = city.verdict("BUS")
    assert (verdict["eligible"], verdict["verified"], verdict["needed"]) == (1, 1, 0)
    assert verdict["covered_verified"]


@pytest.mark.parametrize(("days", "covered"), [(90, True), (91, False)])
def test_an_online_platform_is_verified_by_payments_within_90_days(days, covered):
    city = City()
    city.venue("O", kind="线上缴费平台")
    city.instance("O", "F3-01", [*VERIFIED, ("paid", ago(days))])
    assert city.verdict("O")["covered_verified"] == covered


def test_an_institution_is_never_of_unknown_denominator():
    city = City()
    city.venue("H", kind="医院", eligible_grade="")
    verdict = city.verdict("H")
    assert (verdict["denominator"], verdict["grade"], verdict["eligible"]) == ("known", "A", 4)
    assert verdict["unnamed_missing"] == 4


# ---- denominators and the register ------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "declared_on", "counts_as"),
    [
        ("A", ago(183), "A"),
        ("A", ago(184), "B"),
        ("A", None, "B"),
        ("B", ago(900), "B"),
        ("C", ago(1), "C"),
        ("", ago(1), ""),
    ],
)
def test_a_register_is_an_a_for_half_a_year(grade, declared_on, counts_as):
    verdict = market(10, 9, eligible_grade=grade, eligible_on=declared_on)
    assert verdict["grade"] == counts_as


def test_a_venue_is_in_the_register_from_its_listing_to_the_day_before_its_delisting():
    city = City()
    listed, delisted = ago(100), ago(50)
    city.venue("V", eligible_count=1, listed_on=listed, delisted_on=delisted)
    days = (ago(101), listed, ago(51), delisted)
    assert {row["as_of"] for row in rows(city.judged(*days))} == {listed, ago(51)}


def test_many_days_at_once_equal_one_day_at_a_time():
    city = City()
    city.venue("V", eligible_count=4)
    city.venue("H", kind="医院")
    for age in (500, 300, 100):
        city.shop("V", events=[("inspected", ago(age))])
        city.instance("H", "F4-05", [("paid", ago(age))])
    days = [ago(age) for age in (550, 450, 250, 30, 0)]
    assert rows(city.judged(*days)) == [row for day in days for row in rows(city.judged(day))]


def test_a_register_without_a_single_merchant_is_judged():
    city = City()
    city.venue("V", eligible_count=3)
    assert city.verdict("V")["needed"] == 2


# ---- merchants --------------------------------------------------------------------------------


def test_merchants_are_counted_in_three_bases_by_any_column():
    city = City()
    city.shops(2, None, events=VERIFIED)
    city.shop(None, events=PAID, county_code="320703")
    city.shop(None, county_code=None)
    city.shop(None, events=[*VERIFIED, ("closed", ago(1))])
    found = {row["county_code"]: row for row in rows(
        coverage_of(city.merchants_on(), ["county_code"])
    )}  # fmt: skip
    assert [found["320706"][name] for name in ("eligible", "verified", "active")] == [2, 2, 0]
    assert found["320703"]["active_share"] == 1
    assert found[None]["contracted_share"] == 0


def test_merchants_of_one_shop_count_once_for_an_area_and_once_for_each_bank():
    city = City()
    first = city.shop(events=SIGNED)
    city.shop(shop_key=first, operator_id="ABC", events=VERIFIED)
    (whole,) = rows(coverage_of(city.merchants_on(), ["county_code"]))
    assert (whole["eligible"], whole["contracted"], whole["verified"]) == (1, 1, 1)
    banks = rows(coverage_of(city.merchants_on(), ["operator_id"]))
    assert [(row["operator_id"], row["eligible"], row["verified"]) for row in banks] == [
        ("ABC", 1, 1),
        ("ICBC", 1, 0),
    ]


def test_a_shop_listed_in_two_counties_counts_in_that_of_its_first_eligible_record():
    city = City()
    first = city.shop(events=[*VERIFIED, ("closed", ago(9))], county_code="320703")
    city.shop(shop_key=first, operator_id="ABC", events=SIGNED, county_code="320706")
    city.shop(shop_key=first, operator_id="BOC", events=VERIFIED, county_code="320722")
    city.shop(shop_key=first, operator_id="CCB", events=SIGNED, county_code=None)
    (row,) = rows(coverage_of(city.merchants_on(), ["county_code"]))
    assert (row["county_code"], row["eligible"], row["verified"]) == ("320706", 1, 1)
    banks = rows(coverage_of(city.merchants_on(), ["operator_id", "county_code"]))
    assert {(row["operator_id"], row["county_code"]): row["eligible"] for row in banks} == {
        ("ABC", "320706"): 1, ("BOC", "320722"): 1, ("CCB", None): 1, ("ICBC", "320703"): 0,
    }  # fmt: skip


HISTORIES = st.sampled_from(
    [(), SIGNED, VERIFIED, PAID, (*VERIFIED, ("closed", ago(2))), (*PAID, ("suspended", ago(1)))]
)
LISTED = st.tuples(st.sampled_from(["320706", "320703", None]), HISTORIES, st.integers(0, 4))


@given(st.lists(LISTED, min_size=1, max_size=12))
@settings(max_examples=10)
def test_counties_add_up_to_the_city_however_often_shops_are_listed(drawn):
    city = City()
    first: dict[int, str] = {}
    for county, events, shop in drawn:
        key = city.shop(shop_key=first.get(shop), events=events, county_code=county)
        first.setdefault(shop, key)
    merchants = city.merchants_on()
    (whole,) = rows(coverage_of(merchants, []))
    counties = rows(coverage_of(merchants, ["county_code"]))
    for name in ("eligible", *venues.BASES):
        assert sum(row[name] for row in counties) == whole[name]


def test_a_share_of_nobody_is_null():
    city = City()
    city.shop(None, events=[("closed", ago(1))])
    (row,) = rows(coverage_of(city.merchants_on(), []))
    assert row["eligible"] == 0 and row["verified_share"] is None


# ---- areas ------------------------------------------------------------------------------------


def two_places():
    """One covered market in Haizhou proper, one short in the ETDZ (which lies in Lianyun)."""
    city = City()
    city.venue("V1", eligible_count=1)
    city.shop("V1", events=VERIFIED)
    city.venue("V2", eligible_count=3, county_code="320703", zone_id="ETDZ")
    return city


def attained(city, attribution, *days):
    days = days or (DAY,)
    table = attainment_of(city.judged(*days), attribution, days)
    return {row["area_id"]: row for row in rows(table)}


def test_a_zone_has_its_venues_under_management_and_its_county_under_territory():
    management, territory = (attained(two_places(), name) for name in ("management", "territory"))
    assert (management["ETDZ"]["venues"], management["320703"]["venues"]) == (1, 0)
    assert territory["320703"]["venues"] == 1 and "ETDZ" not in territory
    assert management["320703"]["share_verified"] is None
    assert management["ETDZ"]["needed"] == 2


def test_all_areas_are_there_in_the_order_of_the_reference_even_without_a_register():
    counties = reference.table("counties")["county_code"].to_list()
    zones = reference.table("zones")["zone_id"].to_list()
    found = attained(City(), "management")
    assert list(found) == counties + zones
    assert all(row["venues"] == 0 for row in found.values())
    (whole,) = rows(city_of(City().judged(), [DAY]))
    assert whole["venues"] == 0 and whole["share_verified"] is None


def full_county(covered, short, unknown=0):
    city = City()
    for number in range(covered + short + unknown):
        known = number < covered + short
        city.venue(f"V{number:02}", eligible_count=1 if known else None)
        if number < covered:
            city.shop(f"V{number:02}", events=VERIFIED)
    return city


@pytest.mark.parametrize(("covered", "short", "is_attained"), [(9, 1, True), (8, 2, False)])
def test_a_county_is_basically_covered_at_90_percent(covered, short, is_attained):
    row = attained(full_county(covered, short), "management")["320706"]
    assert row["attained"] == is_attained


def test_a_kind_at_zero_keeps_a_county_from_being_covered():
    city = full_county(19, 0)
    city.venue("M", kind="旅游景区", eligible_count=1)
    row = attained(city, "management")["320706"]
    assert row["share_verified"] == 0.95 and not row["attained"]
    assert (row["kinds_at_zero"], row["zero_kinds"]) == (1, "旅游景区")


def test_a_kind_that_is_wholly_unknown_is_not_at_zero():
    city = full_county(19, 0)
    city.venue("M", kind="旅游景区", eligible_count=None)
    row = attained(city, "management")["320706"]
    assert row["kinds_at_zero"] == 0 and row["unknown"] == 1


def test_a_venue_without_a_place_counts_for_the_city_alone():
    city = full_county(1, 0)
    city.venue("X", eligible_count=1, county_code=None)
    (whole,) = rows(city_of(city.judged(), [DAY]))
    assert whole["venues"] == 2
    assert sum(row["venues"] for row in attained(city, "territory").values()) == 1


def test_the_city_and_every_area_have_a_row_on_every_day():
    days = [date(2026, 4, 30), date(2026, 5, 31), DAY]
    judged = two_places().judged(*days)
    assert [row["venues"] for row in rows(city_of(judged, days))] == [2, 2, 2]
    assert len(rows(attainment_of(judged, "management", days))) == len(days) * (6 + 4)


# ---- what holds for any city ------------------------------------------------------------------

COUNTIES = st.sampled_from(["320706", "320703", "320722", None])
ZONES = st.sampled_from([None, None, "ETDZ", "HITECH"])
VENUES = st.tuples(
    st.sampled_from(["农贸市场", "旅游景区", "医院", "线上缴费平台"]),
    st.none() | st.integers(0, 14),
    COUNTIES,
    ZONES,
    st.lists(st.tuples(HISTORIES, st.booleans()), max_size=6),
)


def any_city(drawn):
    city = City()
    for number, (kind, eligible, county, zone, shops) in enumerate(drawn):
        place = {"county_code": county, "zone_id": zone if county else None}
        city.venue(f"V{number}", kind=kind, eligible_count=eligible, **place)
        links = city.rows["venues"][-1]["links"].split(";")
        for position, (events, cash_point) in enumerate(shops):
            scenario = links[position % len(links)] or "F2-12"
            city.shop(
                f"V{number}", events=events, cash_point=cash_point, scenario_id=scenario, **place
            )
    return city


@given(st.lists(VENUES, min_size=1, max_size=8))
@settings(max_examples=10)
def test_figures_of_any_city_are_consistent(drawn):
    city = any_city(drawn)
    venues = city.judged()
    for row in rows(venues):
        assert row["active"] <= row["verified"] <= row["contracted"] <= row["listed"]
        if row["denominator"] == "known":
            assert row["listed"] <= row["eligible"] and row["required"] <= row["eligible"]
            assert (row["needed"] == 0) == row["covered_verified"]
            assert row["needed"] <= row["named_missing"] + row["unnamed_missing"]
            assert row["named_missing"] + row["unnamed_missing"] == (
                row["eligible"] - row["verified"]
            )
        else:
            assert not row["covered_verified"]
    (whole,) = rows(city_of(venues, [DAY]))
    placed = venues.filter(venues.county_code.notnull())
    (located,) = rows(city_of(placed, [DAY]))
    for attribution in ("territory", "management"):
        areas = rows(attainment_of(venues, attribution, [DAY]))
        for name in ("venues", "covered_contracted", "covered_verified", "covered_active",
                     "unknown", "needed"):  # fmt: skip
            assert sum(area[name] for area in areas) == located[name] <= whole[name]
        assert all(area["covered_verified"] <= area["venues"] for area in areas)
    merchants = city.merchants_on()
    (everyone,) = rows(coverage_of(merchants, [])) or [{"eligible": 0, "verified": 0}]
    by_county = rows(coverage_of(merchants, ["county_code"]))
    for name in ("eligible", "verified"):
        assert sum(row[name] for row in by_county) == everyone[name]
    assert everyone["verified"] <= everyone["eligible"]


@given(st.lists(st.tuples(*[st.integers(0, 25)] * 3), min_size=1, max_size=8))
@settings(max_examples=10)
def test_another_verified_shop_never_lowers_coverage(markets):
    city = City()
    for number, (declared, verified, unverified) in enumerate(markets):
        for name, more in (("before", 0), ("after", 1)):
            venue = city.venue(f"{number}{name}", eligible_count=1 + declared)
            city.shops(verified + more, venue, events=VERIFIED)
            city.shops(unverified, venue)
    verdicts = {row["venue_id"]: row for row in rows(city.judged())}
    for number in range(len(markets)):
        before, after = verdicts[f"{number}before"], verdicts[f"{number}after"]
        share = Fraction(before["verified"], before["eligible"])
        assert Fraction(after["verified"], after["eligible"]) >= share
        assert after["covered_verified"] >= before["covered_verified"]
        assert after["needed"] <= before["needed"]


@given(
    st.lists(st.tuples(COUNTIES, ZONES), min_size=1, max_size=12),
    st.sampled_from(["320706", "320703", "ETDZ"]),
)
@settings(max_examples=10)
def test_the_rows_of_an_area_are_those_that_it_counts(places, area_id):
    city = City()
    for number, (county, zone) in enumerate(places):
        place = {"county_code": county, "zone_id": zone if county else None}
        city.venue(f"V{number}", eligible_count=1, **place)
    venues = city.judged()
    inside = venues.filter(coverage.in_area(venues, area_id, "management"))
    (area,) = [
        row for row in rows(attainment_of(venues, "management", [DAY])) if row["area_id"] == area_id
    ]
    assert len(rows(inside)) == area["venues"]
