"""What people's answers teach the geocoder about neighbouring addresses and landmarks."""

import pandas as pd
import pytest

from domain.reference import labels
from geo import learned_places
from geo.geocoding import geocode
from geo.place_names import seats

TOWNS = labels("towns", "name", "town_code")


def taught(*answers):
    """Lessons of answers given as (address, name, town)."""
    rows = [(a, n, TOWNS[t][:6], TOWNS[t]) for a, n, t in answers]
    columns = ["address", "name", "county_code", "town_code"]
    return learned_places.lessons(pd.DataFrame(rows, columns=columns))


def place(lessons, address, name="", **cells):
    """Place of one record."""
    frame = pd.DataFrame([{"address": address, "name": name, "crs": "wgs84", **cells}])
    return geocode(frame, learned=lessons).iloc[0]


ONE = (("海州区海连中路58号", "", "新浦街道"),)


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("海州区海连中路60号", "新浦街道"),
        ("海州区海连中路78号", "新浦街道"),
        ("海州区海连中路79号", None),  # more than 20 numbers away
        ("海州区海连东路58号", None),  # another road
        ("东海县海连中路58号", None),  # the text states another county
        ("海州区朐阳街道海连中路58号", "朐阳街道"),  # the text names a town
    ],
)
def test_an_answer_places_its_neighbours(address, town):
    found = place(taught(*ONE), address)
    assert (found["town"] if pd.notna(found["town"]) else None) == town


def test_what_was_learned_is_marked_and_never_sure():
    found = place(taught(*ONE), "海州区海连中路60号")
    assert found["method"] == "learned"
    assert found["inferred"]
    assert found["confidence"] < 0.75
    assert "海连中路58号" in found["reason"]


def test_without_a_county_in_the_text_it_is_less_sure():
    lessons = taught(*ONE)
    bare, stated = place(lessons, "海连中路60号"), place(lessons, "海州区海连中路60号")
    assert bare["town"] == "新浦街道"
    assert bare["confidence"] < stated["confidence"]


@pytest.mark.parametrize(
    ("number", "town"),
    [
        (5, "新浦街道"),
        (12, None),  # between 10 and 60, which disagree
        (50, None),
        (75, "朐阳街道"),
        (95, "朐阳街道"),
    ],
)
def test_answers_on_both_sides_must_agree(number, town):
    lessons = taught(
        ("海州区海连中路2号", "", "新浦街道"),
        ("海州区海连中路10号", "", "新浦街道"),
        ("海州区海连中路60号", "", "朐阳街道"),
        ("海州区海连中路90号", "", "朐阳街道"),
    )
    found = place(lessons, f"海州区海连中路{number}号")
    assert (found["town"] if pd.notna(found["town"]) else None) == town


def test_contradicting_answers_teach_nothing():
    lessons = taught(("海州区海连中路58号", "", "新浦街道"), ("海州区海连中路58号", "", "朐阳街道"))
    assert pd.isna(place(lessons, "海州区海连中路58号")["town"])


@pytest.mark.parametrize(
    ("address", "name", "town"),
    [
        ("海州区万达广场二楼", "", "新浦街道"),
        ("海州区", "万达广场", "新浦街道"),
        ("东海县万达广场", "", None),
        ("海州区农贸市场", "", None),
    ],
)
def test_a_landmark_places_others_in_it(address, name, town):
    lessons = taught(
        ("海州区通灌南路万达广场一楼", "甲店", "新浦街道"),
        ("海州区农贸市场", "乙店", "新浦街道"),
    )
    found = place(lessons, address, name)
    assert (found["town"] if pd.notna(found["town"]) else None) == town


def test_a_landmark_and_a_road_that_disagree_teach_nothing():
    lessons = taught(*ONE, ("海州区万达广场", "", "朐阳街道"))
    assert pd.isna(place(lessons, "海州区海连中路60号万达广场")["town"])


def test_a_point_that_rules_the_town_out_outranks_the_lesson():
    lon, lat = seats()[TOWNS["板浦镇"]]
    found = place(taught(*ONE), "海州区海连中路60号", lon=lon, lat=lat)
    assert found["town"] == "板浦镇"
    assert found["method"] == "point+county"


def test_a_point_in_the_same_town_makes_the_lesson_surer():
    lon, lat = seats()[TOWNS["新浦街道"]]
    alone = place(taught(*ONE), "海州区海连中路60号")
    found = place(taught(*ONE), "海州区海连中路60号", lon=lon, lat=lat)
    assert (found["town"], found["method"]) == ("新浦街道", "point+learned")
    assert found["confidence"] > alone["confidence"]


def test_a_text_that_a_person_must_look_at_stays_so():
    lessons = taught(*ONE)
    found = place(lessons, "海州区海连中路60号", lon=119.45, lat=34.74)
    assert found["review"]
    assert found["method"] != "learned"


def test_nothing_learned_changes_nothing():
    frame = pd.DataFrame(
        {"address": ["海州区海连中路60号", "海州区新浦街道"], "name": ["甲", "乙"]}
    )
    pd.testing.assert_frame_equal(geocode(frame), geocode(frame, learned=taught(*ONE[:0])))


@pytest.mark.parametrize(
    ("address", "house"),
    [
        ("连云港市海州区通灌南路58号万达广场", ("通灌南路", 58)),
        ("高新区花果山大道8-2号", ("花果山大道", 8)),
        ("市民路5号", ("市民路", 5)),
        ("海州区大桥村12号", None),
        ("海连中路", None),
    ],
)
def test_road_and_number_of_an_address(address, house):
    assert learned_places.house(address) == house
