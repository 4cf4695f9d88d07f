"""A town is given only where its name can mean no other, and stands for the place itself."""

import pandas as pd
import pytest

from geo.geocoding import geocode

# buildings called after a town: address → county
BUILDINGS = {
    "白塔商务楼": "东海县",
    "浦南世纪城3号楼": "海州区",
    "海州区浦南世纪城": "海州区",
    "墟沟科技大厦": "连云区",
    "猴嘴阳光花园5号": "连云区",
}
TOWNS = {
    "墟沟海棠中路": "墟沟街道",
    "板浦城南路3号": "板浦镇",
    "板浦镇世纪城": "板浦镇",
    "灌云县南云台林场": "南云台林场",
}


def place(**columns):
    return geocode(pd.DataFrame([columns])).iloc[0]


@pytest.mark.parametrize("town", ["新安镇", "杨集镇", "李集镇"])
def test_a_town_that_another_city_has_too_needs_its_county(town):
    row = place(address=f"{town}人民中路1号")
    assert pd.isna(row.county) and pd.isna(row.town)
    assert row.review and "也有" in row.reason
    assert place(address=f"连云港市{town}").town == town


def test_a_point_or_a_column_settles_it():
    assert place(address="新安镇", lon=119.36, lat=34.09, crs="wgs84").town == "新安镇"
    assert place(address="新安镇", county_hint="灌南").town == "新安镇"


def test_a_building_called_after_a_town_gives_the_county_only():
    rows = geocode(pd.DataFrame({"address": list(BUILDINGS)}))
    assert rows["county"].tolist() == list(BUILDINGS.values())
    assert rows["town"].isna().all()


def test_a_road_or_a_farm_in_a_town_gives_the_town():
    rows = geocode(pd.DataFrame({"address": list(TOWNS)}))
    assert rows["town"].tolist() == list(TOWNS.values())


def test_a_point_at_the_edge_of_a_wide_town_does_not_contradict_it():
    row = place(address="赣榆区沙河镇沙河服务区", lon=119.0165, lat=34.80175, crs="wgs84")
    assert (row.town, row.review) == ("沙河镇", False)
