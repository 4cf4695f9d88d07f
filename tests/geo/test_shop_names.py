"""The name of a shop never decides its county; that of a branch or a public body may."""

import pandas as pd
import pytest

from geo.geocoding import geocode
from geo.learned_places import lessons

# names of shops that are called after a place, each with an address without a county
SHOPS = {
    "灌云豆丹馆": "瀛洲路18号",
    "东海大酒店": "解放东路12号",
    "灌南汤沟酒专卖": "新浦大街9号",
    "连岛海鲜城": "苍梧路3号2楼",
    "高公岛紫菜专卖": "",
    "赣榆煎饼铺": "通灌北路1号",
    "东海县羊肉汤": "连云港市解放中路",
    "班庄板栗店": "民主路",
    "东海水晶店": "海宁路",
    "新浦饭店": "牛山北路",
    "海州书店": "",
    "石桥镇便民超市": "朝阳路8号",
    "徐圩新区烧烤": "",
    "灌云县板浦香肠有限公司": "海棠北路",
    "赣榆菜鸟驿站": "",
    "灌云农商行解放路支行": "",
    "东海舞蹈培训学校": "瀛洲路20号",
    "东海加油站": "解放东路1号",
    "灌云口腔医院": "苍梧路9号",
    "海州古城店": "",
}

# names of branches and public bodies, each with the county that they state
BODIES = {
    "赣榆农商行连云支行": "连云区",
    "灌云农商行海州支行": "海州区",
    "东海农商银行新浦支行": "海州区",
    "赣榆农商银行墟沟支行": "连云区",
    "东海农村商业银行股份有限公司灌云支行": "灌云县",
    "赣榆农商行金山支行": "赣榆区",
    "东海农商行石梁河支行": "东海县",
    "工商银行海州解放路支行": "海州区",
    "江苏银行连云港新浦支行营业室": "海州区",
    "赣榆农商行营业部": "赣榆区",
    "灌云豆丹馆(海州店)": "海州区",
    "灌云豆丹馆海州二店": "海州区",
    "东海水晶城赣榆分店": "赣榆区",
    "东海县人民医院海州分院": "海州区",
    "重庆小面（墟沟店）": "连云区",
    "中国石化连云港赣榆石桥加油站": "赣榆区",
    "东海县石湖乡卫生院": "东海县",
    "灌南县公安局": "灌南县",
    "灌南县中医院": "灌南县",
    "东海县妇幼保健院": "东海县",
    "农行赣榆县支行": "赣榆区",
    "江苏东海农村商业银行驼峰支行": "东海县",
    "中国人寿灌南支公司": "灌南县",
    "灌云人家(新浦万达店)": "海州区",
    "灌云县农村信用合作联社板浦信用社": "海州区",
}
UNNAMED = ["苏宁易购(通灌北路店)", "大润发(连云港店)", "好又多(东海路店)", "便民超市"]


def placed(names, addresses="", **more):
    frame = pd.DataFrame({"name": names, "address": addresses, **more})
    return geocode(frame).set_axis(list(names))


def test_the_name_of_a_shop_gives_no_county_and_says_why():
    rows = placed(list(SHOPS), list(SHOPS.values()))
    assert rows["county"].isna().all() and rows["town"].isna().all()
    assert rows["review"].all() and (rows["method"] == "none").all()
    for reason, address in zip(rows["reason"], SHOPS.values(), strict=True):
        assert ("没有地址" in reason) == (not address)
        assert "店名里的地名不能定县区" in reason


def test_a_village_that_the_named_county_has_not_outranks_even_a_branch():
    row = placed(["灌云农商行赣榆支行"], "薛团村12号").iloc[0]
    assert pd.isna(row["county"]) and row["review"]
    assert "薛团村" in row["reason"] and "赣榆区" in row["reason"]


def test_a_person_who_settles_it_sees_what_the_name_suggests():
    frame = pd.DataFrame({"name": ["东海大酒店"]})
    assert geocode(frame, disputed=True).iloc[0][["county", "review"]].tolist() == ["东海县", True]


def test_a_branch_is_in_the_last_place_it_names_and_a_public_body_in_its_own():
    rows = placed(list(BODIES))
    assert dict(rows["county"]) == BODIES
    assert not rows["review"].any()
    assert (rows["confidence"] < 0.9).all()


def test_a_name_without_a_place_of_its_own_says_nothing():
    rows = placed(UNNAMED)
    assert rows["county"].isna().all() and not rows["review"].any()


@pytest.mark.parametrize(("name", "town"), [("灌云豆丹馆", True), ("赣榆海鲜", False)])
def test_a_point_outranks_the_name_of_a_shop(name, town):
    row = placed([name], "解放路5号", lon=119.13, lat=34.84, crs="wgs84").iloc[0]
    assert row["county"] == "赣榆区"
    assert not row["review"]
    assert row["method"] == ("point" if town else "point+name")


def test_an_answer_for_the_same_road_outranks_the_name_of_a_shop():
    answers = pd.DataFrame(
        [{"address": "瀛洲路20号", "name": "", "county_code": "320706", "town_code": "320706010"}]
    )
    frame = pd.DataFrame([{"name": "灌云豆丹馆", "address": "瀛洲路18号"}])
    row = geocode(frame, learned=lessons(answers)).iloc[0]
    assert (row["county"], row["method"], row["inferred"]) == ("海州区", "learned", True)
