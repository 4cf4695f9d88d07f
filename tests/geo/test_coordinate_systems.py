"""Coordinate systems: evidence by hand-made points, and advice only where it is clear."""

import numpy as np
import pandas as pd
import pytest

from geo import coordinate_systems, coordinates, place_names

SEATS = {
    code: seat
    for code, seat in place_names.seats().items()
    if place_names.town_name(code)
    in {"新浦街道", "青口镇", "牛山街道", "伊山镇", "新安镇", "墟沟街道"}
}
NOBODY = pd.DataFrame({"lon": [], "lat": []}, index=pd.Index([], dtype="str"))


def city(count=60, crs="wgs84"):
    """Shops around the seats of six towns, their points in `crs`; and where they truly are."""
    rng = np.random.default_rng(7)
    codes = [list(SEATS)[n % len(SEATS)] for n in range(count)]
    seat = np.array([SEATS[code] for code in codes])
    lon, lat = (seat + rng.normal(0, 0.002, seat.shape)).T
    key = [f"ICBC/{n}" for n in range(count)]
    known = pd.DataFrame({"lon": lon, "lat": lat}, index=key)
    x, y = coordinates.from_wgs84(lon, lat, crs)
    towns = [place_names.town_name(code) for code in codes]
    counties = [place_names.county_name(place_names.county_of(code)) for code in codes]
    address = [county + town for county, town in zip(counties, towns, strict=True)]
    frame = pd.DataFrame({"name": "某店", "address": address, "county": None, "town": None})
    return frame.assign(lon=x, lat=y, key=key), known


@pytest.mark.parametrize("crs", coordinates.CRS)
def test_under_the_true_system_known_shops_stand_where_they_were(crs):
    frame, known = city(crs=crs)
    found = coordinate_systems.fits(frame, known).set_index("crs")
    assert list(found.index) == list(coordinates.CRS)
    assert found.loc[crs, ["rows", "inside", "stated", "known", "overlap"]].to_list() == [
        60, 1, 60, 60, 1,
    ]  # fmt: skip
    assert found.loc[crs, "known_m"] < 0.1
    assert found["overlap"].drop(crs).eq(0).all()
    assert found["known_m"].drop(crs).gt(400).all()
    assert found["median_km"].idxmin() == crs and found.loc[crs, "median_km"] < 0.5


def test_the_text_is_read_for_what_the_points_should_say():
    frame, _ = city(6)
    right = coordinate_systems.fits(frame, NOBODY).iloc[0]
    assert (right["in_county"], right["in_town"]) == (1, 1)
    elsewhere = frame.assign(
        address=frame["address"].to_list()[1:] + frame["address"].to_list()[:1]
    )
    wrong = coordinate_systems.fits(elsewhere, NOBODY).iloc[0]
    assert wrong["in_town"] == 0 and wrong["in_county"] < 0.5
    stated = frame.assign(address=None, county="赣榆区", town="青口镇")
    told = coordinate_systems.fits(stated, NOBODY).iloc[0]
    assert told["stated"] == 6 and told["in_town"] == pytest.approx(1 / 6)
    silent = coordinate_systems.fits(frame.assign(address=None), NOBODY).iloc[0]
    assert silent["stated"] == 0 and np.isnan(silent["in_county"])


@pytest.mark.parametrize("crs", coordinates.CRS)
def test_a_wrong_answer_is_contradicted_by_known_shops(crs):
    frame, known = city(crs=crs)
    found = coordinate_systems.fits(frame, known)
    for chosen in coordinates.CRS:
        advice = coordinate_systems.advice(found, chosen)
        if chosen == crs:
            assert advice is None
            continue
        assert advice.startswith(
            f"选的是 {coordinate_systems.NAMES[chosen]}，但数据更像 {coordinate_systems.NAMES[crs]}"
        )
        metres = found.set_index("crs").loc[chosen, "known_m"]
        assert "60 家以前就有坐标的商户" in advice and f"是 {metres:,.0f} 米" in advice
    assert coordinate_systems.advice(found, None).startswith(
        f"这批点很可能是 {coordinate_systems.NAMES[crs]}："
    )


@pytest.mark.parametrize("chosen", [None, *coordinates.CRS])
def test_seats_alone_cannot_tell_half_a_kilometre(chosen):
    frame, known = city(crs="gcj02")
    assert coordinate_systems.advice(coordinate_systems.fits(frame, NOBODY), chosen) is None
    few = known.head(19)
    assert coordinate_systems.advice(coordinate_systems.fits(frame, few), chosen) is None


def test_known_shops_that_stand_nowhere_near_say_nothing():
    frame, known = city()
    found = coordinate_systems.fits(frame, known.assign(lat=known["lat"] + 0.02))
    assert coordinate_systems.advice(found, "bd09") is None


def test_points_outside_the_city_under_every_system():
    frame, _ = city()
    found = coordinate_systems.fits(frame.assign(lat=frame["lat"] - 3), NOBODY)
    assert "最多只有 0%，请核对经纬度两列" in coordinate_systems.advice(found, "wgs84")
    assert coordinate_systems.advice(found.assign(rows=19), "wgs84") is None


def test_a_large_gap_in_the_stated_county_is_clear_and_a_small_one_is_not():
    found = coordinate_systems.fits(*city())
    told = found.assign(known=0, known_m=np.nan, overlap=np.nan, inside=1.0)
    advice = coordinate_systems.advice(told.assign(in_county=[0.8, 0.97, 0.85]), "wgs84")
    assert "60 个点中，按 GCJ-02 有 97% 落在地址所写的县区，按 WGS-84 只有 80%" in advice
    assert coordinate_systems.advice(told.assign(in_county=[0.9, 0.97, 0.85]), "wgs84") is None
    assert coordinate_systems.advice(told.assign(in_county=[0.5, 0.7, 0.5]), "wgs84") is None


def test_rows_without_a_point_or_a_key_do_no_harm():
    frame, known = city(30)
    broken = frame.head(4).assign(lon=["", None, "东经", 500], key=None)
    rows = pd.concat([frame.assign(lon=frame["lon"].astype(object)), broken])
    found = coordinate_systems.fits(rows, known)
    assert found["rows"].eq(30).all() and found["known"].eq(30).all()
    nothing = coordinate_systems.fits(frame.head(0), known)
    assert len(nothing) == 3 and nothing["rows"].eq(0).all() and nothing["inside"].isna().all()
    assert coordinate_systems.advice(nothing, "bd09") is None


@pytest.mark.parametrize("key", [None, np.nan, "ICBC/无此店"])
def test_points_of_shops_not_known_before_count_for_the_text_only(key):
    frame, known = city(30)
    found = coordinate_systems.fits(frame.assign(key=key), known)
    assert found["rows"].eq(30).all() and found["known"].eq(0).all()
    assert found["in_town"].iloc[0] == 1 and found["known_m"].isna().all()


def test_a_long_file_is_sampled_the_same_way_every_time():
    frame, known = city(5000)
    half = known.iloc[::2]
    found = coordinate_systems.fits(frame, half)
    assert found["rows"].eq(4000).all() and found["known"].eq(2000).all()
    pd.testing.assert_frame_equal(found, coordinate_systems.fits(frame, half))
