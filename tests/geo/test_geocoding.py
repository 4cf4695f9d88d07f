"""Addresses, names and points are placed, doubted or rejected, and say why."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from domain.reference import table
from geo.geocoding import COLUMNS, METHODS, geocode

# address → county, town; None where it must not be said. None of these needs review.
PLACED = {
    # in full
    "江苏省连云港市海州区新浦街道解放中路12号": ("海州区", "新浦街道"),
    "连云港市连云区连云街道中山东路": ("连云区", "连云街道"),
    "连云区海州湾街道西墅路": ("连云区", "海州湾街道"),
    "海州区海州街道幸福路": ("海州区", "海州街道"),
    "江苏省连云港市海州区幸福路街道": ("海州区", "幸福路街道"),
    "灌南新安镇人民东路8号": ("灌南县", "新安镇"),
    "张店镇": ("灌南县", "张店镇"),
    "墟沟办事处": ("连云区", "墟沟街道"),
    # former names
    "江苏省连云港市新浦区苍梧路59号": ("海州区", None),
    "连云港市新浦区新浦街道": ("海州区", "新浦街道"),
    "赣榆县石桥镇": ("赣榆区", "石桥镇"),
    "东海县牛山镇和平东路": ("东海县", "牛山街道"),
    "东海县牛山乡西双湖": ("东海县", None),
    "花果山乡": ("海州区", "花果山街道"),
    "连云区墟沟镇大巷": ("连云区", "墟沟街道"),
    "灌云县板浦镇南马路": ("海州区", "板浦镇"),
    "东海县浦南乡太平村": ("海州区", "浦南镇"),
    "连云港市云台区朝阳乡西庄村": ("连云区", "朝阳街道"),
    "连云港市云台区云台乡": ("海州区", "云台街道"),
    "市云台区朝阳乡沙河口": ("连云区", "朝阳街道"),
    "江苏省东海县（今连云港市东海县平明镇）": ("东海县", "平明镇"),
    "灌云县图河乡": ("灌云县", "图河镇"),
    "赣榆县欢墩镇": ("赣榆区", None),
    "赣榆县大岭乡": ("赣榆区", None),
    "赣榆县城南乡": ("赣榆区", None),
    "横山公路南辰乡政府": ("东海县", None),
    "灌云县穆圩乡穆圩街": ("灌云县", None),
    "东海县平明镇（原张湾乡）": ("东海县", "平明镇"),
    "连云港市海州区（原新浦区）解放路": ("海州区", None),
    # left-out suffixes
    "墟沟海棠中路": ("连云区", "墟沟街道"),
    "连云港赣榆柘汪镇": ("赣榆区", "柘汪镇"),
    "连云港市海州新浦": ("海州区", None),
    "灌云东王集工业集中区玉龙路6号": ("灌云县", "东王集镇"),
    "赣榆青口": ("赣榆区", "青口镇"),
    "赣榆区柘汪临港产业区": ("赣榆区", "柘汪镇"),
    "圩丰许庄村": ("灌云县", "圩丰镇"),
    "猴嘴": ("连云区", "猴嘴街道"),
    "连岛海滨浴场": ("连云区", "连岛街道"),
    "连云港市海州西大街34号": ("海州区", None),
    # blanks, widths, brackets
    "ＡＢＣ连云港市　海州区（新浦）解放中路１２号": ("海州区", None),
    "连云港市 赣榆区\t柘汪镇\n1号": ("赣榆区", "柘汪镇"),
    "[连云港市]东海县-石湖乡": ("东海县", "石湖乡"),
    # roads named after counties, towns and cities
    "连云港市海州区灌云路5号": ("海州区", None),
    "灌云县东海路": ("灌云县", None),
    "海州区通灌南路108": ("海州区", None),
    "赣榆区青口镇青口路": ("赣榆区", "青口镇"),
    "赣榆区青口路12号": ("赣榆区", None),
    "海州板浦路": ("海州区", None),
    "灌南县新东北路": ("灌南县", None),
    "海州区朝阳东路20号": ("海州区", None),
    "海州区幸福路32号": ("海州区", None),
    "连云港市灌云县南京中路西苑中路交叉口": ("灌云县", None),
    "连云港市海州区日照路": ("海州区", None),
    # farms, salt works, parks and zones
    "连云港市南郊云台农场": ("海州区", "云台农场"),
    "东辛农场": ("连云区", "东辛农场"),
    "东海县岗埠农场": ("海州区", "岗埠农场"),
    "灌西盐场": ("灌云县", "灌西盐场"),
    "灌云县五图河农场": ("灌云县", "五图河农场"),
    "东海高新区": ("东海县", "江苏东海高新技术开发区"),
    "赣榆经济开发区": ("赣榆区", "赣榆经济开发区"),
    "徐圩新区港前大道": ("连云区", None),
    "连云港经济技术开发区黄海大道": ("连云区", None),
    "海州区高新区晨光路2号": ("海州区", None),
    # what only looks like a town
    "赣榆区海头村": ("赣榆区", None),
    "灌云县伊山宾馆": ("灌云县", None),
    "东海县洪庄小学": ("东海县", None),
    "东海白塔埠机场": ("东海县", None),
    "海州区锦屏山西侧": ("海州区", None),
    "赣榆海州湾旅游度假区": ("赣榆区", None),
    "伊山镇东海水晶店": ("灌云县", "伊山镇"),
    # villages
    "东海县薛团村": ("东海县", "洪庄镇"),
    "海州区网疃村果园队": ("海州区", "朐阳街道"),
}

# addresses that give no county, each with a word of its reason ('' where there is nothing to say)
UNPLACED = {
    "": "",
    "无": "",
    "-": "",
    "连云港市": "只写到连云港市",
    "连云港东海路": "只写到连云港市",
    "连云港路5号": "",
    "青口路12号": "",
    "板浦路5号": "",
    "徐州路12号": "",
    "上海路": "",
    "海州湾生物科技园": "",
    "云台": "",
    "温州商城2楼": "",
    "北京烤鸭店": "",
    "苏州工业园区职业技术学院连云港分院": "只写到连云港市",
    "南京师范大学连云港华杰学校": "只写到连云港市",
    "江苏省南京师范大学连云港华杰学校": "只写到连云港市",
    "大石桥镇": "",
    "薛团村": "没有县区",
    "李庄村": "不止一个",
}

ELSEWHERE = [
    "南京市鼓楼区中山路1号",
    "南京市江宁区东海路",
    "南京江宁东海路12号",
    "南京市鼓楼区连云港路",
    "江苏省徐州市泉山区",
    "徐州市新沂市墨河街道",
    "新沂市墨河街道",
    "沭阳县沭城街道",
    "盐城市响水县陈家港镇",
    "睢宁县李集镇",
    "山东省日照市东港区",
    "山东省日照",
    "临沂市临沭县石门镇",
    "辽宁省阜新市海州区",
    "阜新海州区解放大街",
    "上海浦东新区张江",
    "上海市金山区金山卫镇",
    "北京市房山区",
    "宿迁市宿城区",
    "淄博市张店区",
]

# texts that a person must look at: county kept or None, and words of the reason
DOUBTED = {
    "灌云县新集镇": ("灌云县", ["灌云县", "新集镇", "灌南县"]),
    "赣榆区青口镇与宋庄镇交界": ("赣榆区", ["青口镇", "宋庄镇"]),
    "海州区连云区交界": ("海州区", ["海州区", "连云区"]),
    "南京市某某公司,连云港市海州区解放路": (None, ["南京市"]),
    "鼓楼区中山路": (None, ["鼓楼区"]),
}


def place(**columns):
    """The one row that geocoding makes of one record."""
    return geocode(pd.DataFrame([columns])).iloc[0]


def none(value):
    return None if pd.isna(value) else value


def places(**columns):
    """The rows that geocoding makes of many records, by the texts of the first column."""
    frame = pd.DataFrame(columns)
    return geocode(frame).set_index(frame.iloc[:, 0])


def test_an_address_is_placed():
    rows = places(address=list(PLACED))
    assert {text: (none(row.county), none(row.town)) for text, row in rows.iterrows()} == PLACED
    wrong = rows["outside"] | rows["review"] | ~rows["confidence"].between(0.5, 1, "neither")
    assert rows.index[wrong].to_list() == []


def test_an_address_that_names_no_place_is_not_placed():
    rows = places(address=list(UNPLACED))
    assert rows["county_code"].isna().all()
    assert (rows["method"] == "none").all()
    assert not rows["outside"].any() and not rows["confidence"].any()
    wrong = {
        text: reason
        for (text, word), reason in zip(UNPLACED.items(), rows["reason"], strict=True)
        if word not in reason or bool(word) != bool(reason)
    }
    assert wrong == {}


def test_an_address_of_another_city_is_rejected_by_name():
    rows = places(address=ELSEWHERE)
    good = rows["outside"] & rows["county_code"].isna() & rows["reason"].str.contains("外地")
    assert rows.index[~good].to_list() == []


def test_a_doubtful_address_goes_to_review_with_its_answers():
    rows = places(address=list(DOUBTED))
    assert {text: none(county) for text, county in rows["county"].items()} == {
        text: county for text, (county, _) in DOUBTED.items()
    }
    good = rows["review"] & ~rows["outside"] & rows["town"].isna()
    assert rows.index[~good].to_list() == []
    missing = {
        text: [word for word in DOUBTED[text][1] if word not in reason]
        for text, reason in rows["reason"].items()
    }
    assert {text: words for text, words in missing.items() if words} == {}


def test_a_moved_town_says_where_it_belonged():
    assert place(address="灌云县板浦镇").reason == "“板浦镇”曾属灌云县，现属海州区"


def test_a_place_named_by_its_zone_belongs_to_the_zone():
    assert place(address="连云港市高新区").zone_id == "HITECH"
    assert place(address="连云港市开发区").zone_id == "ETDZ"
    assert place(address="徐圩新区").zone_id == "XUWEI"
    assert place(address="猴嘴街道").zone_id == "ETDZ"
    assert pd.isna(place(address="赣榆区青口镇").zone_id)


# names without an address → county, town
NAMES = {
    "东海县石湖乡卫生院": ("东海县", "石湖乡"),
    "江苏省板浦高级中学": ("海州区", None),
    "江苏省白塔高级中学": ("东海县", None),
    "灌南县李集小学": ("灌南县", None),
    "连云港市厉庄高级中学": ("赣榆区", None),
    "连云港市中云中学": ("连云区", None),
    "东辛农场中心小学(东方路)": ("连云区", "东辛农场"),
    "江苏省新海高中": ("海州区", None),
    "赣榆区欢墩中学": ("赣榆区", None),
    "四队中学": ("灌云县", None),
    "连云港市岗埠中学": ("海州区", None),
    "灌云县板浦中学": ("海州区", None),
    "灌南县长茂中学": ("灌南县", None),
    "大润发(连云港店)": (None, None),
    "新海鲜酒楼": (None, None),
    "北京烤鸭店": (None, None),
    "海宁中学": (None, None),
}


def test_a_name_without_an_address_is_text_too():
    rows = places(name=list(NAMES), address="")
    assert {text: (none(row.county), none(row.town)) for text, row in rows.iterrows()} == NAMES
    assert not rows["outside"].any()


def test_an_address_outranks_the_name():
    row = place(name="赣榆海鲜大酒店", address="连云港市海州区海连中路1号")
    assert row.county == "海州区"
    assert not row.review


def test_a_name_that_contradicts_the_address_is_a_reason_to_be_unsure():
    row = place(name="赣榆区青口镇超市", address="东海县幸福路")
    assert row.county == "东海县"
    assert row.review
    assert "赣榆区" in row.reason
    assert "东海县" in row.reason


def test_the_name_may_give_the_town_that_the_address_leaves_out():
    assert place(name="石桥镇卫生院", address="赣榆县").town == "石桥镇"
    assert place(name="小林头村卫生室", address="赣榆区").town == "塔山镇"


def test_a_name_of_elsewhere_with_an_address_here_is_here():
    row = place(name="上海海事职业技术学院", address="连云港市灌云县南京中路9层")
    assert row.county == "灌云县"
    assert not row.review


def test_the_county_and_town_columns_of_a_file_stand_before_the_address():
    assert place(county_hint="海州", town_hint="新浦", address="解放路1号").town == "新浦街道"
    assert place(county_hint="320706", address="解放路1号").county == "海州区"
    assert place(county_hint="开发区", address="黄海大道1号").zone_id == "ETDZ"
    row = place(county_hint="海州区", address="连云区墟沟街道")
    assert row.review
    assert "海州区" in row.reason
    assert "连云区" in row.reason


# --- points -----------------------------------------------------------------------------------

QINGKOU = {"lon": 119.13, "lat": 34.84, "crs": "wgs84"}
XINPU = {"lon": 119.17, "lat": 34.61, "crs": "wgs84"}


def test_a_point_alone_gives_its_county_and_infers_its_town():
    row = place(**QINGKOU)
    assert (row.county, row.town, row.method) == ("赣榆区", "青口镇", "point")
    assert row.inferred
    assert not row.review
    assert row.confidence < 0.8


def test_a_point_is_stored_in_wgs84():
    row = place(lon=119.1821, lat=34.6119, crs="百度")
    assert (row.lon, row.lat) != (119.1821, 34.6119)
    assert row.lon == pytest.approx(119.170, abs=0.003)


def test_a_point_that_agrees_makes_the_town_surer():
    text, both = place(address="赣榆区青口镇"), place(address="赣榆区青口镇", **QINGKOU)
    assert (both.town, both.method, both.inferred) == ("青口镇", "point+town", False)
    assert both.confidence > text.confidence


def test_text_for_the_county_and_a_point_for_the_town():
    row = place(address="赣榆区黄海路", **QINGKOU)
    assert (row.county, row.town, row.method) == ("赣榆区", "青口镇", "point+county")
    assert row.inferred


def test_a_point_settles_which_village_is_meant():
    row = place(address="网疃村果园队", lon=119.1484, lat=34.5706, crs="wgs84")
    assert (row.town, row.method, row.inferred) == ("朐阳街道", "point+village", False)


def test_text_and_point_in_different_counties_go_to_review_with_both():
    row = place(address="赣榆区青口镇", **XINPU)
    assert row.review
    assert row.county == "赣榆区"
    assert pd.isna(row.town)
    assert "赣榆区" in row.reason
    assert "海州区" in row.reason


def test_a_town_far_from_the_point_is_not_believed():
    row = place(address="赣榆区柘汪镇", **QINGKOU)
    assert row.review
    assert row.county == "赣榆区"
    assert pd.isna(row.town)
    assert "柘汪镇" in row.reason
    assert "青口镇" in row.reason


def test_a_point_across_the_coarse_border_does_not_contradict():
    row = place(address="连云区猴嘴街道", lon=119.2267, lat=34.6645, crs="wgs84")
    assert (row.county, row.town, row.review) == ("连云区", "猴嘴街道", False)
    assert row.confidence < 0.8


def test_a_point_near_a_border_is_less_sure_of_its_county():
    row = place(lon=119.2267, lat=34.6645, crs="wgs84")
    assert row.confidence <= 0.65
    assert "边界" in row.reason


@pytest.mark.parametrize(
    ("lon", "lat", "word"),
    [(118.77, 34.12, "沭阳县"), (118.81, 34.96, "临沭县"), (119.3, 35.2, "岚山区")],
)
def test_a_point_in_another_city_says_which(lon, lat, word):
    row = place(name="超市", lon=lon, lat=lat, crs="wgs84")
    assert pd.isna(row.county_code)
    assert np.isnan(row.lon)
    assert word in row.reason


def test_a_point_far_away_contradicts_the_text():
    row = place(address="海州区新浦街道", lon=117.2, lat=34.26, crs="wgs84")
    assert row.review
    assert row.county == "海州区"
    assert np.isnan(row.lon)
    assert "连云港市外" in row.reason


def test_an_address_elsewhere_with_a_point_here_is_reviewed_not_rejected():
    row = place(address="南京市鼓楼区中山路1号", **XINPU)
    assert row.review
    assert not row.outside
    assert "南京市" in row.reason
    assert "海州区" in row.reason


AWAY = {"lon": 117.2, "lat": 34.26, "crs": "wgs84"}
ALSO_HERE = [
    {"address": "{}，连云港市海州区"}, XINPU, {"county_hint": "海州区"},
    {"town_hint": "新浦街道"}, {"county_hint": "海州区"} | AWAY, {"county_hint": "海州区"} | XINPU,
]  # fmt: skip


@pytest.mark.parametrize(
    "address", ["徐州市云龙区解放路1号", "盐城响水县人民路2号", "沭阳县沭城街道"]
)
@pytest.mark.parametrize("says", ALSO_HERE)
def test_an_address_elsewhere_has_no_county_whatever_else_says_this_city(says, address):
    row = says | {"address": says.get("address", "{}").format(address)}
    found = place(**row)
    assert found.review and not found.outside and found.method == "outside"
    assert pd.isna(found.county) and pd.isna(found.town) and pd.isna(found.zone_id)
    assert "外地" in found.reason
    assert geocode(pd.DataFrame([row]), disputed=True).iloc[0].county == "海州区"


@pytest.mark.parametrize("address", ["徐州路12号", "温州商城2楼", "北京烤鸭店", "解放路1号"])
def test_a_word_of_another_city_in_a_local_address_disputes_nothing(address):
    assert place(address=address, county_hint="海州区").county == "海州区"


def test_swapped_coordinates_are_never_taken_in_silence():
    row = place(address="海州区新浦街道", lon=34.61, lat=119.17, crs="wgs84")
    assert row.review
    assert row.town == "新浦街道"
    assert np.isnan(row.lon)
    assert "对调" in row.reason


@pytest.mark.parametrize(
    ("lon", "lat", "word"),
    [(0, 0, "坐标为 0"), (119.2, None, "不全"), ("东", "北", "不是数字"), (500, 34, "超出范围")],
)
def test_an_unusable_point_is_named_and_the_text_still_counts(lon, lat, word):
    row = place(address="海州区", lon=lon, lat=lat, crs="wgs84")
    assert row.county == "海州区"
    assert np.isnan(row.lon)
    assert word in row.reason


def test_a_point_of_unknown_system_gives_the_county_if_all_three_agree():
    row = place(lon=119.13, lat=34.84, crs="")
    assert (row.county, row.method) == ("赣榆区", "point")
    assert pd.isna(row.town)
    assert np.isnan(row.lon)
    assert "没有写明坐标系" in row.reason


def test_a_point_of_unknown_system_near_a_border_gives_nothing():
    row = place(lon=119.2267, lat=34.6645, crs="不详")
    assert pd.isna(row.county_code)
    assert "没有写明坐标系" in row.reason


def test_labelled_records_nearby_settle_an_inferred_town():
    far = {"lon": 119.13, "lat": 34.80, "crs": "wgs84"}
    known = pd.DataFrame(
        {"lon": [119.13, 119.131, 119.129], "lat": [34.8, 34.801, 34.799], "town_code": "320707114"}
    )
    row = geocode(pd.DataFrame([far]), known=known).iloc[0]
    assert (row.town, row.inferred) == ("宋庄镇", True)
    assert row.confidence > geocode(pd.DataFrame([far])).iloc[0].confidence
    elsewhere = known.assign(town_code="320706010")  # of another county: not believed
    assert geocode(pd.DataFrame([far]), known=elsewhere).iloc[0].county == "赣榆区"


def test_an_official_town_layer_makes_a_point_exact(tmp_path):
    layer = gpd.GeoDataFrame(
        {"town_code": ["320707114", "320707100"]},
        geometry=[box(119.0, 34.7, 119.2, 34.85), box(119.0, 34.85, 119.2, 34.95)],
        crs="EPSG:4326",
    )
    layer.to_file(tmp_path / "towns.geojson")
    row = geocode(pd.DataFrame([QINGKOU]), folder=tmp_path).iloc[0]
    assert (row.town, row.inferred) == ("宋庄镇", False)
    assert row.confidence >= 0.9
    stated = pd.DataFrame([{"address": "赣榆区青口镇", **QINGKOU}])
    row = geocode(stated, folder=tmp_path).iloc[0]
    assert row.review
    assert "宋庄镇" in row.reason


# --- the frame --------------------------------------------------------------------------------


def test_the_columns_and_the_index_are_kept_and_the_input_untouched():
    frame = pd.DataFrame({"address": ["海州区", None, "赣榆区"]}, index=[5, 3, 9])
    before = frame.copy()
    result = geocode(frame)
    assert list(result.columns) == COLUMNS
    assert result.index.tolist() == [5, 3, 9]
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame({"address": []}),
        pd.DataFrame({"address": pd.Series([], dtype="str")}),
    ],
)
def test_no_records_give_no_places_of_the_same_types(frame):
    result = geocode(frame)
    assert result.empty
    assert result.dtypes.equals(geocode(pd.DataFrame({"address": ["海州区"]})).dtypes)


@pytest.mark.parametrize("cell", [None, float("nan"), pd.NA, 123, 0.5, True, "", "　"])
def test_a_cell_that_is_no_text_says_nothing(cell):
    row = place(name=cell, address=cell, county_hint=cell, town_hint=cell, crs=cell)
    assert row.method == "none"


PIECES = [
    *table("counties")["name"], *table("counties")["short_name"], *table("towns")["name"][::7],
    *table("zones")["name"], "连云港市", "江苏省", "南京市", "徐州", "路", "街道", "12号", "村",
    *table("former_places")["name"], "(", *table("villages")["name"][::60], "东海路", "原",
    "　", "a", "",
]  # fmt: skip
texts = st.one_of(st.none(), st.text(max_size=12), st.lists(st.sampled_from(PIECES), max_size=6))
records = st.fixed_dictionaries(
    {
        "name": texts.map(lambda t: None if t is None else "".join(t)),
        "address": texts.map(lambda t: None if t is None else "".join(t)),
        "lon": st.one_of(st.none(), st.floats(118.2, 120.0), st.floats(allow_infinity=True)),
        "lat": st.one_of(st.none(), st.floats(33.8, 35.3), st.floats(allow_infinity=True)),
        "crs": st.sampled_from(["wgs84", "gcj02", "百度", "", None]),
    }
)


@given(st.lists(records, min_size=1, max_size=20))
def test_what_is_said_of_a_record_is_always_consistent(rows):
    result = geocode(pd.DataFrame(rows))
    counties = dict(zip(table("towns")["town_code"], table("towns")["county_code"], strict=True))
    named = result["county_code"].notna()
    assert (result["method"].isin(METHODS)).all()
    assert (named == ~result["method"].isin(["none", "outside"])).all()
    assert (result["confidence"].between(0, 1)).all()
    assert (named == (result["confidence"] > 0)).all()
    assert not (result["outside"] & named).any()
    assert not (result["inferred"] & result["town_code"].isna()).any()
    assert not (result["inferred"] & result["lon"].isna()).any()
    assert (result["lon"].isna() == result["lat"].isna()).all()
    towns = result[result["town_code"].notna()]
    assert (towns["town_code"].map(counties) == towns["county_code"]).all()
    assert (result.loc[result["review"] | result["outside"], "reason"] != "").all()


@given(st.lists(records, min_size=2, max_size=6))
def test_each_record_is_placed_by_itself(rows):
    together = geocode(pd.DataFrame(rows))
    alone = pd.concat([geocode(pd.DataFrame([row])) for row in rows], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


def test_every_town_is_found_by_its_full_address():
    towns = table("towns").query("matched == '1'")
    rows = geocode(
        pd.DataFrame({"address": "江苏省连云港市" + towns["county"] + towns["name"] + "人民路1号"})
    )
    columns = ["county_code", "town_code"]
    assert towns[(rows[columns] != towns[columns]).any(axis=1)]["name"].to_list() == []


def test_every_town_of_a_million_rows_would_be_worked_on_in_parts():
    towns = table("towns").query("matched == '1'")
    frame = pd.DataFrame(
        {"address": (towns["county"] + towns["name"]).sample(45_000, replace=True)}
    )
    result = geocode(frame)
    assert result.index.equals(frame.index)
    assert (result["county"] + result["town"] == frame["address"]).all()
