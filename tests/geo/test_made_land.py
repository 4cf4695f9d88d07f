"""Points off the coarse coast: made land is kept for a person to check, the open sea is refused."""

import pandas as pd
import pytest

from geo.geocoding import geocode


def place(lon, lat, **more):
    return geocode(pd.DataFrame([{"lon": lon, "lat": lat, "crs": "wgs84"} | more])).iloc[0]


@pytest.mark.parametrize(
    ("lon", "lat", "county", "town"),
    [
        (119.60, 34.60, "连云区", "徐圩街道"),
        (119.33, 34.77, "连云区", "海州湾街道"),
        (119.21, 34.93, "赣榆区", "海头镇"),
        (119.30, 35.08, "赣榆区", "柘汪镇"),
    ],
)
def test_a_point_on_made_land_is_kept_with_the_nearest_place_for_a_person(lon, lat, county, town):
    row = place(lon, lat)
    assert (row.county, row.town, row.method) == (county, town, "point")
    assert (row.lon, row.lat) == (lon, lat)
    assert row.inferred and row.review
    assert row.confidence <= 0.5
    assert "海岸外" in row.reason and "推定" in row.reason


def test_a_text_of_that_county_makes_it_sure():
    row = place(119.60, 34.60, address="连云区徐圩港区")
    assert (row.county, row.review, row.lon) == ("连云区", False, 119.60)


def test_a_text_of_a_far_county_is_still_a_contradiction():
    row = place(119.60, 34.60, address="赣榆区柘汪镇")
    assert row.review and "赣榆区" in row.reason and "连云区" in row.reason


@pytest.mark.parametrize(
    ("lon", "lat"), [(119.9, 34.9), (119.66, 34.62), (119.40, 35.12), (119.85, 34.48)]
)
def test_the_open_sea_and_the_coast_of_another_city_are_refused(lon, lat):
    row = place(lon, lat)
    assert pd.isna(row.county) and pd.isna(row.lon)
    assert row.review and "不在连云港市内" in row.reason


def test_an_inland_point_across_the_border_is_refused():
    row = place(118.77, 34.12)
    assert pd.isna(row.county) and pd.isna(row.lon)
    assert row.outside and "沭阳县" in row.reason
