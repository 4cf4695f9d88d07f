"""The page of the register: its parts, its awkward cases, its decisions."""

import json
import shutil

import pytest
import shapely
from shapely.geometry import box

from domain.visitors import clerk
from loaders import intake
from loaders.decisions import outline_decisions, same_shops
from store.snapshot_store import Store
from tests.support import bank_files
from tests.support.pages import open_page, press, text_of

X, Y = 119.20, 34.60
ADDRESS = "海州区新浦街道海连中路"
VENUES = [
    ["区域编号", "名称", "类别", "地址", "县区", "应覆盖商户数"],
    ["V1", "示例市场", "农贸市场", f"{ADDRESS}1号", "海州区", 1],
    ["V2", "示例商圈", "知名商圈", f"{ADDRESS}2号", "海州区", 5],
    ["V3", "空市场", "农贸市场", f"{ADDRESS}4号", "海州区", 3],
    ["V4", "未知市场", "农贸市场", f"{ADDRESS}5号", "海州区", ""],
]
SHOPS = ["商户编号", "运营机构", "商户名称", "地址", "经度", "纬度", "坐标系", "特定区域"]
ROWS = [
    ["S1", "工行", "示例面馆", f"{ADDRESS}31号", X, Y, "WGS84", "V1"],
    ["S2", "工行", "示例布店", f"{ADDRESS}32号", X, Y + 0.0005, "WGS84", "V1"],
    ["S3", "农行", "示例面馆", f"{ADDRESS}31号", X, Y, "WGS84", ""],
    ["S4", "农行", "王大姐水饺馆", f"{ADDRESS}33号", X + 0.02, Y, "WGS84", ""],
    ["S5", "建行", "王大姐水饺馆", f"{ADDRESS}35号", X + 0.02, Y, "WGS84", ""],
]
PARTS = ["名录", "画轮廓", "特殊情形", "重复门店"]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("register")
    store = Store(folder / "store")
    paths = [
        bank_files.write(folder / "名录", VENUES, "csv-utf8"),
        bank_files.merchants(folder / "银行", ROWS, SHOPS),
    ]
    intake.publish(bank_files.assess(paths, store), store, clerk("测试"))
    around = shapely.to_geojson(box(X - 0.001, Y - 0.001, X + 0.001, Y + 0.001))
    outline_decisions.keep(store.ledger, {"v:V2": around}, "商圈.geojson", clerk("王工"))
    intake.fold(store, clerk("王工"))
    return store.path


@pytest.fixture
def office(published, tmp_path, use_store):
    """A copy of the store that a test may write to."""
    store = Store(tmp_path / "store")
    shutil.copytree(published, store.path)
    use_store(store.path)
    return store


def opened(part, person="王工"):
    app = open_page("venue_register")
    if person:
        app.text_input(key="person").set_value(person)
    app.segmented_control(key="register_part").set_value(part).run()
    assert not app.exception and not app.error
    return app


def table(app, *headings):
    """The table on the page that has all the headings."""
    return next(one.value for one in app.dataframe if set(headings) <= set(one.value.columns))


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_on_the_demo(part, demo_store, use_store):
    use_store(demo_store)
    opened(part, person="")


def test_the_register_says_what_stands_in_it_and_narrows(office):
    app = opened("名录")
    assert "在册的特定区域有 **4** 个；总指标只算 A1、A2 类 **4** 个" in text_of(app)
    app.selectbox(key="register_kind").select("知名商圈").run()
    rows = table(app, "层级", "轮廓")
    assert rows["特定区域"].to_list() == ["示例商圈"]
    assert rows.loc[0, ["层级", "轮廓", "主管部门", "达标情况"]].to_list()[:3] == [
        "A2",
        "有",
        "市商务局",
    ]


def test_each_awkward_case_has_its_list_and_its_answer(office):
    app = opened("特殊情形")
    said = text_of(app)
    for words in ("只在“计入”的那一个场所里算一次", "一个场所只算在一个县区", "不当作零"):
        assert words in said
    claimed = table(app, "计入", "还落在")
    assert list(claimed["名称"]) == ["示例面馆", "示例布店"]
    assert set(claimed["计入"]) == {"示例市场"} and set(claimed["还落在"]) == {"示例商圈"}
    more = table(app, "名册数", "名单数", "采用数", "名单多于名册")
    counts = more.loc[0, ["特定区域", "名册数", "名单数", "采用数"]].to_list()
    assert counts == ["示例市场", 1, 2, 2]
    note = "名册1家（未写来源），名单2家（农业银行、工商银行报送），采用2家"
    assert more.loc[0, "名单多于名册"] == note
    answers = [one.value for one in app.dataframe if {"特定区域", "怎么算"} <= set(one.value)]
    said = {tuple(row) for one in answers for row in one[["特定区域", "怎么算"]].to_numpy()}
    assert ("空市场", "还差 2 家，都没有名单") in said
    assert ("未知市场", "计入名录，不判定，不算达标") in said


def test_a_shop_listed_twice_counts_once_and_a_person_takes_it_apart(office):
    app = opened("重复门店")
    again = table(app, "报送银行", "记录数")
    assert again.loc[0, ["名称", "报送银行", "记录数", "计入"]].to_list() == [
        "示例面馆", "农业银行、工商银行", 2, "示例市场",
    ]  # fmt: skip
    pairs = table(app, "为什么疑似", "对方名称")
    assert list(pairs["名称"]) == ["王大姐水饺馆"]
    same_shops.answer(office.ledger, [("ABC/S4", "CCB/S5")], same=True, by=clerk("王工"))
    same_shops.answer(office.ledger, [("ABC/S3", "ICBC/S1")], same=False, by=clerk("王工"))
    app.run()
    answers = table(app, "对象", "怎么算", "经办人").set_index("怎么算")["对象"]
    assert answers["是同一家"] == "王大姐水饺馆（ABC/S4） 与 王大姐水饺馆（CCB/S5）"
    assert "有 2 项门店决定已经保存，还没有发布" in text_of(app)
    press(app, "发布为新版本")
    again = table(app, "报送银行", "记录数")
    assert list(again["名称"]) == ["王大姐水饺馆"]
    keys = office.current().frame("merchants").set_index("merchant_id")["shop_key"]
    assert keys.to_dict() == {
        "S1": "ICBC/S1", "S2": "ICBC/S2", "S3": "ABC/S3", "S4": "ABC/S4", "S5": "ABC/S4",
    }  # fmt: skip


def test_an_outline_is_uploaded_previewed_kept_and_withdrawn(office):
    app = opened("画轮廓")
    app.segmented_control(key="outline_how").set_value("上传文件").run()
    shape = box(X + 0.019, Y - 0.001, X + 0.021, Y + 0.001)
    west, east = box(*shape.bounds[:2], X + 0.02, Y + 0.001), box(X + 0.02, *shape.bounds[1:])
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": shapely.geometry.mapping(part),
        }
        for name, part in (("空市场", west), ("空 市场", east), ("没有的", shape))
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    app.get("file_uploader")[0].upload("市场.geojson", content.encode(), "application/json").run()
    assert not app.exception and not app.error
    shown = table(app, "图形", "轮廓内门店")
    assert list(shown["是谁的轮廓"]) == ["空市场（V3）", "空市场（V3）", "对不上名录，不保存"]
    assert shown.loc[2, "轮廓内门店"] == 2
    press(app, "保存对上的 1 个轮廓")
    entry = office.ledger.latest(outline_decisions.TOPIC)["v:V3"]
    assert (entry.body["source"], entry.by) == ("市场.geojson", "王工")
    kept = shapely.from_geojson(entry.body["outline"])
    assert kept.symmetric_difference(shape).area < 1e-10, "two pieces of one venue are one outline"
    press(app, "发布为新版本")
    shops = office.current().frame("merchants").set_index("merchant_id")
    assert list(shops.loc[["S4", "S5"], "venue_id"]) == ["V3", "V3"]

    app.segmented_control(key="outline_how").set_value("在图上画")
    app.selectbox(key="outline_of").select("空市场（V3）").run()
    press(app, "撤回现有轮廓")
    assert office.ledger.latest(outline_decisions.TOPIC)["v:V3"].body["outline"] is None
    assert "已撤回" in "".join(one.value for one in app.success)


def test_an_older_version_is_shown_and_decisions_are_about_the_one_in_force(office):
    app = open_page("venue_register")
    app.radio(key="knowledge").set_value("当时公布").run()
    rows = table(app, "层级", "轮廓")
    assert set(rows["轮廓"]) == {"没有"}, "the first version had no outline yet"
    app.segmented_control(key="register_part").set_value("画轮廓").run()
    assert not app.exception and not app.error
    assert "总是按现行版本办理" in text_of(app)
    app.selectbox(key="outline_of").select("示例商圈（V2）").run()
    assert "已有轮廓" in text_of(app)


@pytest.mark.parametrize("heading", ["名称", "MC"])
def test_an_outline_of_a_venue_that_is_not_listed_is_given_to_nobody_unasked(heading, office):
    app = opened("画轮廓")
    app.selectbox(key="outline_of").select("空市场（V3）")
    app.segmented_control(key="outline_how").set_value("上传文件").run()
    square = shapely.geometry.mapping(box(X, Y, X + 0.002, Y + 0.002))
    named = {"type": "Feature", "properties": {heading: "没有的广场"}, "geometry": square}
    content = json.dumps(named).encode()
    app.get("file_uploader")[0].upload("a.geojson", content, "application/json").run()
    assert list(table(app, "图形")["是谁的轮廓"]) == ["对不上名录，不保存"]
    assert "没有的广场" in app.warning[0].value
    app.checkbox[0].check().run()
    assert list(table(app, "图形")["是谁的轮廓"]) == ["空市场（V3）"]
    bare = json.dumps(square).encode()
    app.get("file_uploader")[0].upload("b.geojson", bare, "application/json").run()
    assert list(table(app, "图形")["是谁的轮廓"]) == ["空市场（V3）"]
    assert not app.warning and not app.exception


def test_a_bad_upload_is_said_in_a_sentence(office):
    app = opened("画轮廓")
    app.segmented_control(key="outline_how").set_value("上传文件").run()
    app.get("file_uploader")[0].upload("坏.kml", b"nothing", "application/xml").run()
    assert not app.exception
    assert "打不开" in app.error[0].value


def test_nothing_can_be_decided_by_nobody(office):
    app = opened("重复门店", person="")
    assert all(one.disabled for one in app.button if "同一家" in one.label)
    assert "经办人" in text_of(app)
