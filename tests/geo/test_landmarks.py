"""Well-known places give their county, and only where they can be meant."""

import pandas as pd

from geo.geocoding import geocode

# address → county, town
KNOWN = {
    "花果山风景区": ("海州区", None),
    "连云港市花果山": ("海州区", None),
    "江苏省连云港市孔雀沟": ("海州区", None),
    "渔湾": ("海州区", None),
    "连岛大沙湾": ("连云区", "连岛街道"),
    "大伊山景区东门": ("灌云县", None),
    "西双湖公园": ("东海县", None),
    "连云港站": ("海州区", None),
    "连云港东站出站口": ("连云区", None),
    "赣榆站": ("赣榆区", None),
    "东海县站": ("东海县", None),
    "花果山国际机场航站楼2楼": ("灌云县", None),
    "江苏海洋大学苍梧校区一食堂": ("海州区", None),
    "连云港师专": ("海州区", None),
    "连云港职业技术学院": ("海州区", None),
    "南京医科大学康达学院": ("海州区", None),
    "连云港市第一人民医院": ("海州区", None),
    "连云港市东方医院门诊": ("连云区", None),
    "连云港港墟沟作业区": ("连云区", None),
    "徐圩港区六港池": ("连云区", "徐圩街道"),
    "灌河港口堆沟作业区": ("灌南县", "堆沟港镇"),
    "海头中心渔港": ("赣榆区", "海头镇"),
    "连云新城商务大厦": ("连云区", None),
    "青口农贸市场": ("赣榆区", None),
    "连云港苏宁广场1楼": ("海州区", None),
}
# addresses that only look like one, or that leave the county open
OPEN = [
    "花果山大道8号", "花果山", "连云港市花果山大酒店", "连云港站前路12号", "大渔湾村",
    "苏宁广场5楼",
    "连云港万达广场", "新城吾悦广场", "东方医院", "第一人民医院", "江苏海洋大学东港校区",
    "连云港港城大道12号", "人民医院",
]  # fmt: skip


def places(addresses, **more):
    rows = geocode(pd.DataFrame({"address": addresses} | more))
    rows = rows.astype(object).where(rows.notna(), None)
    return rows.set_axis(list(addresses))


def test_a_well_known_place_gives_its_county_and_says_so():
    rows = places(list(KNOWN))
    found = zip(rows["county"], rows["town"], strict=True)
    assert dict(zip(rows.index, found, strict=True)) == KNOWN
    assert not rows["review"].any()
    assert (rows["confidence"] < 0.8).all()
    landmarks = rows[rows["method"] == "landmark"]
    assert len(landmarks) >= len(KNOWN) - 2  # 赣榆站 may be read by the name of its county
    assert landmarks["reason"].str.contains("在").all()


def test_a_name_of_several_places_or_of_something_else_decides_nothing():
    assert places(OPEN)["county"].isna().all()


def test_the_county_that_is_stated_outranks_the_place():
    rows = places(["东海县花果山", "连云港东站附近海州区解放路", "灌南县第一人民医院"])
    assert rows["county"].tolist() == ["东海县", "海州区", "灌南县"]


def test_two_places_in_two_counties_go_to_review():
    (row,) = places(["连云港站与连云港东站之间"]).itertuples()
    assert row.county is None and row.review
    assert "连云港站" in row.reason and "连云港东站" in row.reason


def test_a_point_confirms_it_or_is_right():
    point = {"lon": 119.17, "lat": 34.61, "crs": "wgs84"}
    rows = places(["连云港站", "连云港东站"], **point)
    assert rows["county"].tolist() == ["海州区", "海州区"]
    assert rows["method"].tolist() == ["point+landmark", "point"]
    assert rows["review"].tolist() == [False, True]


def test_a_public_body_may_be_one_and_a_shop_called_after_it_is_a_guess():
    rows = geocode(pd.DataFrame({"name": ["江苏海洋大学", "孔雀沟农家乐"]}))
    assert rows["county"].fillna("").tolist() == ["海州区", ""]
    assert rows["review"].tolist() == [False, True]
