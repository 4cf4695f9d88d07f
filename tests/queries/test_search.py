"""Looking up by name, number and first letters: what is found, in which order, and by whom."""

import json
import shutil

import pyarrow as pa
import pytest

from domain.visitors import Sight, clerk
from presentation import search_hits
from queries import search
from queries.scope import Scope
from store import search_table
from store.snapshot_store import Draft, Store
from tests.support import drafts
from tests.support.stated import JULY, JUNE, Office, shop, venue

XUGOU, YISHAN = "连云区墟沟街道中山路1号", "灌云县伊山镇人民路3号"
QUOTED = "O'Neil 100%_\\店"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Shops of two banks in two counties, and a market in each."""
    told = Office(tmp_path_factory.mktemp("search"))
    told.lists(
        JUNE,
        venue("Q0001", 区域名称="墟沟农贸市场", 地址=XUGOU, 责任银行="农行"),
        venue("Q0002", 区域名称="伊山水果市场", 地址=YISHAN, 责任银行="江苏银行"),
    )
    ours = [
        shop("8001", 商户名称="万家福面馆", 地址=YISHAN, 签约日期="2025-01-05"),
        shop("8002", 商户名称="小万家福超市", 地址=XUGOU, 所属特定区域="Q0001"),
        shop("8003", 商户名称="万家福", 地址=XUGOU),
        shop("8004", 商户名称="ＡＢＣ Coffee（海连店）", 地址=XUGOU),
        shop("8005", 商户名称=QUOTED, 地址=XUGOU),
        shop("8006", 商户名称="墟沟连云老街茶馆", 地址=XUGOU),
        shop("8007", 商户名称="老名字饭店", 地址=XUGOU),
    ]
    told.states(JUNE, *ours)
    told.states(JULY, *ours[:-1], shop("8007", 商户名称="新名字饭店", 地址=XUGOU))
    told.states(JULY, shop("9001", 商户名称="万家福五金", 地址=YISHAN, 所属特定区域="Q0002"),
                sender="江苏银行")  # fmt: skip
    return told


@pytest.fixture
def found(office, use_store):
    """What a search finds, as pairs of kind and name, for a sight."""
    use_store(office.store.path)

    def names(text, sight=Sight(), day=JULY):  # noqa: B008
        hits = search.search(Scope(office.store.current().id, day, sight=sight), text)
        return list(zip(hits["kind"], hits["name"], strict=True))

    return names


def test_the_same_name_comes_before_what_begins_so_and_that_before_what_holds_it(found):
    names = [name for kind, name in found("万家福") if kind == "shop"]
    assert names == ["万家福", "万家福五金", "万家福面馆", "小万家福超市"]


def test_a_number_is_found_whole_and_by_its_beginning(found):
    assert found("8003")[0] == ("shop", "万家福")
    assert found("q0002") == [("venue", "伊山水果市场")]
    assert len(found("800")) == 7


def test_first_letters_find_names_after_names_that_hold_them(found):
    assert ("shop", "万家福面馆") in found("wjf")
    assert found("wjf")[0] == ("shop", "万家福")
    assert [name for _kind, name in found("wlylj")] == []
    assert found("xglyljcg") == [("shop", "墟沟连云老街茶馆")]


@pytest.mark.parametrize(
    "text", ["ａｂｃ　coffee", "abc COFFEE", "（海连店）", "(海连店)", "COFFEE 海连"]
)
def test_width_case_and_blanks_make_no_difference(text, found):
    assert [name for kind, name in found(text) if kind == "shop" and "海连" in name]


@pytest.mark.parametrize("text", ["100%_", "o'neil", "%_\\店", "O'Neil 100%"])
def test_wildcards_and_quotes_are_signs_like_any_other(text, found):
    assert found(text) == [("shop", QUOTED)]


@pytest.mark.parametrize("text", ["%", "_", "100_%", "万%福", "'; DROP TABLE searchable; --"])
def test_a_wildcard_stands_for_nothing_else(text, found):
    assert all(name == QUOTED for _kind, name in found(text))


def test_every_word_must_be_there_and_one_may_be_of_the_place_or_the_bank(found):
    in_county = [("shop", "万家福五金"), ("shop", "万家福面馆")]
    assert found("灌云 万家福") == found("万家福 灌云") == found("gy 万家福") == in_county
    assert found("万家福 江苏银行") == [("shop", "万家福五金")]
    assert found("万家福 墟沟农贸") == [("shop", "小万家福超市")]
    assert found("灌云 不存在") == []


def test_towns_counties_and_venues_come_before_shops(found):
    kinds = [kind for kind, _name in found("墟沟")]
    assert kinds[:2] == ["town", "venue"] and set(kinds[2:]) == {"shop"}
    assert found("灌云")[0] == ("county", "灌云县")
    assert found("工行") == [("bank", "工商银行")]
    assert found("徐圩")[0] == ("zone", "徐圩新区")


def test_a_shop_is_found_by_the_name_that_it_had(found):
    assert found("老名字") == found("新名字") == [("shop", "新名字饭店")]


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "\t\n"])
def test_nothing_typed_finds_nothing(text, found):
    assert found(text) == []


def test_what_is_found_says_where_it_is_and_how_it_stood_on_the_day(office, use_store):
    use_store(office.store.path)
    scope = Scope(office.store.current().id, JULY)
    (row,) = search.search(scope, "8001").to_dict("records")
    assert (row["county_code"], row["operator_id"], row["state"]) == ("320723", "ABC", "contracted")
    (market,) = search.search(scope, "Q0001").to_dict("records")
    assert market["status"] == "unknown" and market["town_code"] == "320703001"


def test_shops_of_one_name_are_told_apart_by_their_street_and_all_of_them_are_counted(
    office, use_store
):
    use_store(office.store.path)
    scope = Scope(office.store.current().id, JULY)
    hits = search_hits.told(search.hits(scope, "8001"))
    assert hits["about"].iloc[0] == "灌云县，伊山镇，人民路3号，农业银行，已签约"
    hits = search.hits(scope, "万家福")
    assert search_hits.counted(hits) == "找到 4 个"
    assert search_hits.counted(hits.head(3)) == "找到 4 个，列出前 3 个"


def test_no_name_of_others_is_found(found):
    bank = found("万家福", Sight("bank", "ABC"))
    assert ("shop", "万家福五金") not in bank and ("shop", "万家福") in bank
    county = found("万家福", Sight("county", "320723"))
    assert county == [("shop", "万家福五金"), ("shop", "万家福面馆")]
    assert found("Q0001", Sight("county", "320723")) == found("8002", Sight("bank", "JSB")) == []
    assert found("墟沟", Sight("bank", "JSB")) == [("town", "墟沟街道")]


def test_a_version_without_the_table_finds_nothing_and_publishing_again_makes_it(
    office, use_store, tmp_path
):
    store = Store(tmp_path / "store")
    shutil.copytree(office.store.path, store.path)
    old = store.current()
    old.table_path("searchable").unlink()
    manifest = old.path / "manifest.json"
    facts = json.loads(manifest.read_text("utf-8"))
    del facts["files"]["searchable.parquet"]
    manifest.write_text(json.dumps(facts), "utf-8")
    use_store(store.path)
    store.current().verify()
    scope = Scope(old.id, JULY)
    assert not search.ready(scope) and search.search(scope, "万家福").empty
    frames = {name: old.frame(name) for name in facts["rows"] if name != "spells"}
    draft = Draft(drafts.content(frames), facts["statements"], as_of=JULY)
    new = store.publish(lambda _: draft, clerk("测试"))
    assert new.id != old.id and new.manifest["content_hash"] == old.manifest["content_hash"]
    assert search.ready(Scope(new.id, JULY))
    assert len(search.search(Scope(new.id, JULY), "万家福")) == 4


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("连云区", "lyq"), ("海州区", "hzq"), ("赣榆区", "gyq"), ("东海县", "dhx"),
        ("灌云县", "gyx"), ("灌南县", "gnx"), ("徐圩新区", "xwxq"), ("墟沟街道", "xgjd"),
        ("朝阳街道", "cyjd"), ("工商银行海州支行", "gsyhhzzh"), ("重庆小面", "cqxm"),
        ("长江路音乐书店", "cjlyysd"), ("乐天玩具", "ltwj"), ("ＫＦＣ 3号店（东门）", "kfc3hddm"),
        ("", ""), ("！？", ""),
    ],
)  # fmt: skip
def test_first_letters_are_as_people_read_the_name(name, letters):
    assert search_table.initials(pa.array([name])).to_pylist() == [letters]


def test_letters_of_names_together_are_those_of_each():
    names = ["银", "行", "重", "庆面馆", "", "长沙"]
    alone = [search_table.initials(pa.array([name]))[0].as_py() for name in names]
    assert search_table.initials(pa.array(names)).to_pylist() == alone
