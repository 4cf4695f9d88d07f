"""Duplicates: pairs that may be one shop, each once under its strongest sign, and no others."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from domain import rules
from geo.geocoding import geocode
from loaders.comparing import duplicates
from loaders.reading.traditional_characters import simplified
from store import table_schemas

NOBODY = table_schemas.empty("merchants")
LON, LAT = 119.22, 34.60
METRE = 1 / 111_000  # degrees of latitude
TEXTS = [
    "operator_id", "merchant_id", "name", "address", "county_code", "town_code", "source_file"
]  # fmt: skip


def shops(*rows, file="来件.xlsx"):
    """Accepted merchants, each a dictionary of what matters; the rest is unlike any other."""
    told = [
        {"operator_id": "ICBC", "merchant_id": f"M{n}", "name": None, "address": None,
         "county_code": None, "town_code": None, "lon": np.nan, "lat": np.nan,
         "source_file": file, "source_row": n + 2} | row
        for n, row in enumerate(rows)
    ]  # fmt: skip
    return pd.DataFrame(told).astype(dict.fromkeys(TEXTS, "str"))


def on_record(*rows):
    known = shops(*rows, file="上月.xlsx")
    key = known["operator_id"].fillna("-") + "/" + known["merchant_id"]
    return known.assign(merchant_key=key)


def at(metres, name, **cells):
    """A shop so many metres north of the corner."""
    return {"name": name, "lon": LON, "lat": LAT + metres * METRE} | cells


def how(found):
    return found["how"].to_list()


def test_one_id_in_two_sheets_is_a_pair():
    rows = shops(
        {"merchant_id": "7", "name": "甲店", "source_file": "一.xlsx"},
        {"merchant_id": "7", "name": "乙店", "source_file": "二.xlsx"},
        {"merchant_id": "7", "name": "甲店", "operator_id": "ABC"},
    )
    (pair,) = duplicates.found(rows, NOBODY).to_dict("records")
    assert pair["how"] == "id"
    assert (pair["source_file"], pair["source_row"], pair["name"]) == ("二.xlsx", 3, "乙店")
    assert (pair["other_file"], pair["other_row"], pair["other_name"]) == ("一.xlsx", 2, "甲店")
    assert pair["key"] == pair["other_key"] == "ICBC/7"


def test_a_shop_on_record_that_is_sent_again_is_no_duplicate():
    same = {"merchant_id": "7", "operator_id": None, **at(0, "海连便利店", address="海连路1号")}
    assert duplicates.found(shops(same), on_record(same)).empty


def test_same_name_and_address_under_another_id_or_bank():
    rows = shops(
        {"name": "海连 便利店", "address": "江苏省连云港市海州区海连中路1号", "operator_id": "ABC"},
        {"name": "海连便利店", "address": "海州区海连中路２号"},
    )
    known = on_record(
        {"merchant_id": "K", "name": "海连便利店。", "address": "海州区 海连中路1号"},
    )
    (pair,) = duplicates.found(rows, known).to_dict("records")
    assert pair["how"] == "name_address" and pair["source_row"] == 2
    assert pair["other_key"] == "ICBC/K" and pair["other_operator_id"] == "ICBC"
    assert pd.isna(pair["other_file"]) and pd.isna(pair["other_row"])
    assert pd.isna(pair["distance_m"])


@pytest.mark.parametrize("address", [None, "连云港市"])
def test_a_name_without_an_address_is_not_enough(address):
    rows = shops(
        {"name": "海连便利店", "address": address}, {"name": "海连便利店", "address": None}
    )
    assert duplicates.found(rows, NOBODY).empty
    both = shops(*[{"name": "海连便利店", "address": address}] * 2)
    assert duplicates.found(both, NOBODY).empty


SIMILAR = [
    ("百合奶茶店", "青口百合奶茶"),
    ("连云港市海州区鲜丰水果店", "鲜丰水果（新浦）"),
    ("苏果超市海昌店", "苏果便利海昌路店"),
    ("海州宾馆", "海州宾馆"),
    ("第2人民医院", "第２人民医院"),
]
DIFFERENT = [
    ("大发超市", "永旺超市"),
    ("连云港大发便利店", "连云港永旺便利店"),
    ("老王饭店", "老王水果店"),
    ("老王饭店", "老李饭店"),
    ("便利店", "便利店"),
    ("水产8号摊海韵", "水产9号摊海韵"),
    ("第一人民医院", "第二人民医院"),
]


@pytest.mark.parametrize(("one", "other"), SIMILAR)
def test_near_and_similar_is_a_pair(one, other):
    found = duplicates.found(shops(at(0, one), at(25, other)), NOBODY)
    assert how(found) == ["near"]
    assert found["distance_m"].iloc[0] == pytest.approx(25, abs=0.5)
    assert found["likeness"].iloc[0] >= rules.number("duplicate_likeness")


@pytest.mark.parametrize(("one", "other"), SIMILAR)
def test_beyond_thirty_metres_a_similar_name_is_another_shop(one, other):
    assert duplicates.found(shops(at(0, one), at(31, other)), NOBODY).empty


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_many_names_share_makes_no_two_shops_alike(one, other):
    assert duplicates.found(shops(at(0, one), at(0, other)), NOBODY).empty


PLACE = "连云港市海州区新浦街道海连中路58号"
ONE_SHOP = [  # names of one shop as two banks write them
    ("苏果超市", "苏果超市（连云港店）"),
    ("苏果超市", "苏果超市(连云港店)"),
    ("鼎鼎香面馆（新浦店）", "鼎鼎香面馆"),
    ("连云港苏果超市", "苏果超市"),
    ("连云港市海州区苏果超市", "苏果超市海州店"),
    ("连云港鼎鼎香餐饮有限公司", "鼎鼎香餐饮"),
    ("鼎鼎香面馆（个体工商户）", "鼎鼎香面馆"),
    ("鼎鼎香面馆(一店)", "鼎鼎香面馆"),
    ("鼎鼎香面馆（一店）", "鼎鼎香面馆【1店】"),
    ("鼎鼎香面馆", "鼎鼎香面馆第二分店"),
    ("鼎鼎香面馆（万达广场店）", "鼎鼎香面馆"),
    ("鼎鼎香面馆（万达店）", "鼎鼎香面馆万达店"),
]
TWO_SHOPS = [
    ("鼎鼎香面馆(一店)", "鼎鼎香面馆(二店)"),
    ("鼎鼎香面馆一店", "鼎鼎香面馆2店"),
    ("鼎鼎香面馆（万达店）", "鼎鼎香面馆（华联店）"),
    ("第一人民医院", "人民医院"),
    ("张记水产", "李记水产"),
    ("便利店（一店）", "便利店"),
]
ONE_PLACE = [
    (PLACE, PLACE),
    (PLACE, "海州区海连中路５８号"),
    ("海连中路58号", "海州区海连中路58号3号门面"),
    (PLACE, "海连中路58号（市政府对面）"),
    ("海州区解放桥农贸市场12号摊", "新浦街道解放桥农贸市场12号"),
    ("海州区通灌南路33号解放桥农贸市场12号", "解放桥农贸市场12号"),
    ("海州区新浦街道万润大厦A座2楼", "万润大厦A座二楼"),
    ("海州区新浦街道五金厂对面", "新浦街道五金厂对面"),
]
TWO_PLACES = [
    (PLACE, "连云港市海州区新浦街道海连中路60号"),
    (PLACE, "海州区海连东路58号"),
    ("海连中路58号3号门面", "海连中路58号5号门面"),
    ("海连中路58-1号", "海连中路58-2号"),
    ("解放桥农贸市场12号摊", "解放桥农贸市场13号摊"),
    ("万润大厦A座2楼", "万润大厦B座2楼"),
    ("万润大厦一楼", "万润大厦二楼"),
    ("海连中路58号万润大厦", "海连中路60号万润大厦"),
    ("海州区新浦街道", "海州区新浦街道"),
    (PLACE, None),
    ("海州区人民路1号", "灌云县人民路1号"),
    ("新浦街道五金厂对面", "朐阳街道五金厂对面"),
]
POINTS = {"none": ((), ()), "first": ((0,), ()), "second": ((), (0,)), "both": ((0,), (9,))}


def placed(name, address, metres):
    """A shop with what the geocoder says of its address, and a point if `metres` has one."""
    found = geocode(pd.DataFrame({"address": [address]})).iloc[0]
    place = {name: found[name] for name in ("county_code", "town_code")}
    return {"name": name, "address": address} | place | (at(*metres, name) if metres else {})


def suspected(one, other):
    """Whether two shops are suspected, sent together, or the second after the first."""
    together = duplicates.found(shops(one, other), NOBODY)
    later = duplicates.found(
        shops(other, file="本月.xlsx").assign(merchant_id="新"), on_record(one)
    )
    assert len(together) == len(later) <= 1
    return len(together) == 1


@pytest.mark.parametrize("points", POINTS)
@pytest.mark.parametrize(("one", "other"), ONE_SHOP)
def test_the_names_of_one_shop_at_one_place_are_a_pair_with_or_without_points(one, other, points):
    here, there = POINTS[points]
    short = PLACE.removeprefix("连云港市")
    assert suspected(placed(one, PLACE, here), placed(other, short, there))


@pytest.mark.parametrize("points", POINTS)
@pytest.mark.parametrize(("one", "other"), TWO_SHOPS)
def test_the_names_of_two_shops_at_one_place_are_none(one, other, points):
    here, there = POINTS[points]
    assert not suspected(placed(one, PLACE, here), placed(other, PLACE + "附近", there))


@pytest.mark.parametrize("metres", [(), (0,)])
@pytest.mark.parametrize(("one", "other"), ONE_PLACE)
def test_where_a_point_is_missing_the_address_says_that_two_are_at_one_place(one, other, metres):
    assert suspected(placed("鼎鼎香面馆", one, metres), placed("鼎鼎香面馆(一店)", other, ()))
    assert suspected(placed("鼎鼎香面馆", one, ()), placed("鼎鼎香面馆(一店)", other, metres))


@pytest.mark.parametrize("name", ["鼎鼎香面馆", "鼎鼎香面馆（连云港店）"])
@pytest.mark.parametrize(("one", "other"), TWO_PLACES)
def test_shops_of_one_name_at_two_addresses_are_two(one, other, name):
    assert not suspected(placed("鼎鼎香面馆 ", one, ()), placed(name + "铺", other, ()))


def test_a_point_far_off_outweighs_an_address_that_is_alike():
    one, other = placed("鼎鼎香面馆", PLACE, (0,)), placed("鼎鼎香面馆(一店)", PLACE, (300,))
    assert not suspected(one, other)


def test_the_name_of_their_market_in_the_address_makes_no_stalls_alike():
    address = "海州区解放桥农贸市场"
    stalls = [placed(f"解放桥{name}水产", address, ()) for name in ("张记", "李记", "海韵")]
    assert duplicates.found(shops(*stalls), NOBODY).empty
    again = placed("海韵水产", address, ())
    (pair,) = duplicates.found(shops(*stalls, again), NOBODY).to_dict("records")
    assert {pair["source_row"], pair["other_row"]} == {4, 5} and pair["how"] == "address"


def test_pairs_of_a_crowd_at_one_address_grow_with_the_shops_and_not_with_their_pairs():
    crowd = [placed("同名水产", "海州区解放桥农贸市场", ())] * 300
    rows = shops(*crowd).assign(name=[f"同名水产{'店' * (n % 2)}" for n in range(300)])
    assert len(duplicates.found(rows, NOBODY)) < 2 * 300


def test_only_what_one_bank_lists_twice_speaks_against_a_bank():
    same = at(0, "鲜丰水果店")
    rows = shops(same, same, same | {"operator_id": "ABC"}, same | {"operator_id": None})
    found = duplicates.found(rows, NOBODY)
    assert len(found) == 3
    assert duplicates.of_one_bank(found)["source_row"].to_list() == [3]


def test_every_pair_stands_once_under_its_strongest_sign():
    same = at(0, "鲜丰水果店", address="海州区海连中路1号")
    rows = shops(
        same | {"merchant_id": "7", "source_file": "一.xlsx"},
        same | {"merchant_id": "7", "source_file": "二.xlsx"},
        same | {"merchant_id": "8"},
        at(10, "鲜丰果蔬", merchant_id="9"),
    )
    found = duplicates.found(rows, NOBODY)
    assert how(found) == ["id", "name_address", "near"]
    assert found["source_row"].to_list() == [3, 4, 5]
    assert (found["other_row"] == 2).all()
    assert list(found.columns) == duplicates.COLUMNS


def test_shops_on_record_are_not_compared_with_each_other():
    known = on_record(at(0, "鲜丰水果店"), at(0, "鲜丰水果店"))
    rows = shops(at(0, "鲜丰水果店", merchant_id="N"))
    assert how(duplicates.found(rows, known)) == ["near"]
    assert duplicates.found(rows.iloc[:0], known).empty


def test_a_crowd_on_one_point_gives_one_pair_a_shop():
    signs = [sign for sign in map(chr, range(0x4E00, 0x5000)) if simplified(sign) == sign]
    names = [f"鲜丰{signs[n % 50]}{signs[50 + n // 50]}号店" for n in range(500)]
    crowd = [at(0, name) for name in names] + [at(0, "同名水产", merchant_id=f"X{n}")
                                               for n in range(500)]  # fmt: skip
    found = duplicates.found(shops(*crowd), NOBODY)
    assert len(found) == 499 and (found["name"] == "同名水产").all()


WORDS = st.text("云丰帆韵百", min_size=1, max_size=5)  # none of them a word of trade


@settings(max_examples=60)
@given(st.lists(st.tuples(WORDS, st.sampled_from([0, 12, 29, 44])), min_size=2, max_size=4))
def test_no_near_pair_is_missed_and_none_is_invented(told):
    # Four shops are too few to share a market's name, so the plain rule holds for every pair.
    rows = shops(*(at(metres, name) for name, metres in told))
    found = duplicates.found(rows, NOBODY)
    pairs = {frozenset(pair) for pair in zip(found["source_row"], found["other_row"], strict=True)}
    groups = {}  # equal name and point: each is paired with the first, which stands for all
    for n, shop in enumerate(told):
        groups.setdefault(shop, []).append(n + 2)
    expected = {frozenset([mine[0], other]) for mine in groups.values() for other in mine[1:]}
    for (name, place), mine in groups.items():
        for (other, there), his in groups.items():
            alike = fuzz.ratio(name, other) / 100 >= rules.number("duplicate_likeness")
            if mine[0] < his[0] and abs(place - there) <= 30 and alike:
                expected.add(frozenset([mine[0], his[0]]))
    assert pairs == expected
