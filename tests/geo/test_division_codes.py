"""The county and town columns of a file: codes of every length, names, and what is neither."""

import pandas as pd
import pytest

from geo.geocoding import geocode
from loaders.reading.cell_parsing import CellError
from loaders.reading.vocabulary import county_or_city

# cell of a county column → county, town, zone, words of the reason
KNOWN = {
    "320706": ("海州区", None, None, ""),
    "320706.0": ("海州区", None, None, ""),
    320703: ("连云区", None, None, ""),
    320722.0: ("东海县", None, None, ""),
    "３２０７２３": ("灌云县", None, None, ""),
    "320707000000": ("赣榆区", None, None, ""),
    "320707100": ("赣榆区", "青口镇", None, ""),
    "320707100000": ("赣榆区", "青口镇", None, ""),
    "320706001002": ("海州区", "朐阳街道", None, ""),
    "320721": ("赣榆区", None, None, "赣榆县"),
    "320721000000": ("赣榆区", None, None, "赣榆县"),
    "320721100": ("赣榆区", None, None, "只认出前 6 位"),
    "320705": ("海州区", None, None, "新浦区"),
    "320771": ("连云区", None, "ETDZ", "开发区"),
    "320772": ("海州区", None, "HITECH", "高新"),
    "320706999": ("海州区", None, None, "只认出前 6 位"),
    "海州区（含高新区）": ("海州区", None, None, ""),
    "开发区": ("连云区", None, "ETDZ", ""),
}
UNKNOWN = {
    "320702": "没有认出",
    "320799": "没有认出",
    "999999": "没有认出",
    "320302": "徐州市鼓楼区",
    "320704": "云台区",
    "320700": "全市",
    "市区": "没有具体到县区",
    "市本级": "没有具体到县区",
    "全市": "没有具体到县区",
    "连云港市": "没有具体到县区",
    "HaiZhou": "没有认出",
    "城北片": "没有认出",
}


def stated(cells, **more):
    frame = pd.DataFrame({"county_hint": pd.Series(list(cells), dtype=object)} | more)
    return geocode(frame).astype(object)


def test_a_code_or_a_name_gives_its_place_and_a_withdrawn_one_says_so():
    rows = stated(KNOWN, address="解放路1号")
    places = rows[["county", "town", "zone_id"]].where(rows.notna(), None)
    assert places.to_numpy().tolist() == [list(known[:3]) for known in KNOWN.values()]
    assert not rows["review"].any()
    for reason, (*_, words) in zip(rows["reason"], KNOWN.values(), strict=True):
        assert words in reason and bool(words) == bool(reason)


def test_what_is_not_understood_is_said_and_goes_to_a_person():
    rows = stated(UNKNOWN, address="解放路1号")
    assert rows["county"].isna().all() and rows["review"].all()
    for cell, reason in zip(UNKNOWN, rows["reason"], strict=True):
        assert cell in reason and UNKNOWN[cell] in reason


def test_an_address_counts_beside_a_column_that_is_not_understood():
    rows = stated(["HaiZhou", "320702"], address="海州区新浦街道解放路")
    assert rows["county"].tolist() == ["海州区", "海州区"]
    assert rows["review"].tolist() == [False, True]  # a code may name another county


@pytest.mark.parametrize(
    ("cell", "town"), [("320707100", "青口镇"), ("新浦", "新浦街道"), ("青口镇", "青口镇")]
)
def test_the_town_column_takes_codes_and_names(cell, town):
    frame = pd.DataFrame([{"county_hint": "", "town_hint": cell, "address": "解放路"}])
    assert geocode(frame)["town"].item() == town


@pytest.mark.parametrize("cell", ["-", "无", "", None])
def test_a_blank_cell_says_nothing(cell):
    assert stated([cell], address="解放路")["reason"].item() == ""


def test_the_county_column_of_figures_takes_withdrawn_codes():
    assert county_or_city("320721") == "320707"
    with pytest.raises(CellError, match="320702"):
        county_or_city("320702")
