"""Difference: what becomes of every record, counts that add up, and the odd ones first."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.comparing import difference, oddities
from loaders.comparing.difference import Sent
from loaders.kinds import KINDS
from store import table_schemas

TODAY = date(2025, 11, 20)
HAIZHOU, LIANYUN, GANYU = "320706", "320703", "320707"


def shop(number, bank="ICBC", **cells):
    key = f"{bank}/{number}"
    row = {
        "merchant_key": key, "merchant_id": str(number), "operator_id": bank, "name": f"店{number}",
        "address": f"海州区海连路{number}号", "county_code": HAIZHOU, "source_file": "来件.xlsx",
        "source_row": number,
    }  # fmt: skip
    return row | cells


def table(kind, rows):
    """Rows as the table of a snapshot has them; what they do not say is null."""
    frame = pd.DataFrame(rows, columns=table_schemas.SCHEMAS[kind].names)
    return frame.astype(table_schemas.empty(kind).dtypes)


def change(base, fresh, kind="merchants", whole=True):
    """Changes by a file of `fresh` to `base`: its rows in place of those of the same key."""
    was, sent = table(kind, base), table(kind, fresh)
    keys = list(KINDS[kind].table_key)
    now = pd.concat([was, sent]).drop_duplicates(keys, keep="last")
    return difference.between(was, now, kind, files(was, sent, kind, whole))


def files(was, sent, kind, whole=True):
    about = KINDS[kind]
    return Sent(difference.keyed(sent, about).index, difference.keyed(was, about).index, whole)


def one(before, after, kind="merchants"):
    """The row of one record, sent again with other cells."""
    (row,) = change([before], [after], kind).to_dict("records")
    return row


def odd(base, fresh, kind="merchants", whole=True, today=TODAY):
    return oddities.odd(change(base, fresh, kind, whole), kind, today)


def what(found, subject=None):
    return found.loc[found["subject"].eq(subject) | (subject is None), "what"].to_list()


# ---- record by record -------------------------------------------------------------------------


def test_every_record_is_new_changed_removed_or_the_same():
    was = table("merchants", [shop(1), shop(2), shop(3), shop(5)])
    sent = table("merchants", [shop(1), shop(2, name="新名"), shop(4)])
    now = pd.concat([sent, table("merchants", [shop(3)])])
    found = difference.between(was, now, "merchants", files(was, sent, "merchants"))
    found = found.set_index("key")
    assert found["change"].to_dict() == {
        "ICBC/1": "same", "ICBC/2": "changed", "ICBC/3": "same", "ICBC/4": "new",
        "ICBC/5": "removed",
    }  # fmt: skip
    assert found.index[found["sent"]].to_list() == ["ICBC/1", "ICBC/2", "ICBC/4"]
    assert found.index[found["gone"]].to_list() == ["ICBC/3"]
    assert set(found["change"]) == set(difference.CHANGE)


def test_a_file_of_changes_only_makes_nothing_gone():
    found = change([shop(1), shop(2)], [shop(1)], whole=False)
    assert found["change"].to_list() == ["same", "same"]
    assert not found["gone"].any()
    assert found.set_index("key")["sent"].to_dict() == {"ICBC/1": True, "ICBC/2": False}


def test_of_two_rows_with_one_key_the_last_holds():
    found = change([shop(1)], [shop(1, name="甲"), shop(1, name="乙")])
    assert found["what"].to_list() == ["名称：“店1” → “乙”"]


def test_a_first_import_is_all_new_and_an_empty_one_changes_nothing():
    assert change([], [shop(1)])["change"].to_list() == ["new"]
    assert change([shop(1)], [])["change"].to_list() == ["same"]
    assert change([], []).empty


CHANGES = [
    ("merchants", {"name": "甲店"}, {"name": "乙店"}, "名称：“甲店” → “乙店”"),
    ("merchants", {"address": "A"}, {"address": "B"}, "地址：“A” → “B”"),
    ("merchants", {}, {"county_code": GANYU}, "县区：海州区 → 赣榆区"),
    (
        "merchants",
        {"county_code": None},
        {"county_code": GANYU},
        "县区：（空） → 赣榆区",
    ),
    (
        "merchants",
        {"town_code": "320703001"},
        {"town_code": "320703003"},
        "乡镇街道：墟沟街道 → 连云街道",
    ),
    (
        "merchants",
        {"scenario_id": "F7-01"},
        {"scenario_id": "F7-02"},
        "场景：",
    ),
    ("merchants", {"venue_id": "V1"}, {"venue_id": "V2"}, "特定区域：V1 → V2"),
    ("merchants", {"public_cash_point": False}, {"public_cash_point": True}, "公共收银点：否 → 是"),
    ("venues", {"kind_id": "K01"}, {"kind_id": "K02"}, "类别：特色小镇 → 特色乡村"),
    ("venues", {"eligible_count": 1200}, {"eligible_count": 80}, "应覆盖商户数：1,200 → 80"),
    (
        "venues",
        {"eligible_count": 5, "eligible_grade": "A"},
        {"eligible_count": 5, "eligible_grade": "C"},
        "分母等级：A → C",
    ),
    ("venues", {"owner": "甲局"}, {"owner": "乙局"}, "主管部门：“甲局” → “乙局”"),
    ("venues", {"operator_id": "ICBC"}, {"operator_id": "ABC"}, "责任银行：工商银行 → 农业银行"),
    ("indicators", {"value": 12.5}, {"value": 1000}, "数值：12.5 → 1,000"),
    (
        "clusters",
        {"owners": "320706"},
        {"owners": "320706;U16"},
        "责任单位：海州区 → 海州区、市商务局",
    ),
    ("clusters", {"kind_id": None}, {"kind_id": "K05"}, "类别：（空） → 农贸市场"),
    ("clusters", {"is_first": False}, {"is_first": True}, "首创首单：否 → 是"),
    (
        "clusters",
        {"plaque_on": pd.Timestamp("2025-06-01")},
        {"plaque_on": pd.Timestamp("2025-07-01")},
        "挂牌日期：2025-06-01 → 2025-07-01",
    ),
    ("filings", {"owner_id": "U05"}, {"owner_id": "ICBC"}, "报送单位：市教育局 → 工商银行"),
    ("filings", {"kind_id": "INFO"}, {"kind_id": "TEAM"}, "材料类型：信息 → 工作专班"),
    (
        "filings",
        {"month": pd.Timestamp("2026-05-01")},
        {"month": pd.Timestamp("2026-06-01")},
        "所属月份：2026-05 → 2026-06",
    ),
    ("filings", {"task_no": "5"}, {"task_no": None}, "对应任务：5 → （空）"),
    ("province", {"value": 310.5}, {"value": 320}, "数值：310.5 → 320"),
    ("province", {"source": "简报"}, {"source": "年报"}, "来源：“简报” → “年报”"),
]
BLANK = {
    "merchants": shop(1),
    "venues": {"venue_id": "V1", "name": "某场所"},
    "scenarios": {"scenario_key": "ICBC/1", "name": "挂号", "operator_id": "ICBC"},
    "indicators": {
        "month": pd.Timestamp("2025-10-01"), "county_code": HAIZHOU, "operator_id": "ICBC",
        "indicator_id": "transactions",
    },
    "clusters": {"cluster_id": "J1", "name": "某聚集区", "owners": "U16"},
    "filings": {"filing_id": "B1", "owner_id": "U05", "kind_id": "INFO", "title": "某篇"},
    "province": {
        "month": pd.Timestamp("2025-10-01"), "city": "南京市", "measure_id": "wallets",
        "source": "简报",
    },
}  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after", "told"), CHANGES)
def test_what_changed_is_told_old_and_new(kind, before, after, told):
    row = one(BLANK[kind] | before, BLANK[kind] | after, kind)
    assert row["change"] == "changed" and row["what"].startswith(told)
    assert row["attributes"] == next(
        name for name in after if (BLANK[kind] | before).get(name) != after[name]
    )


SILENT = [
    ("merchants", {"name": "甲（店）"}, {"name": "甲 店"}),
    ("merchants", {"address": "海连路１号"}, {"address": "海连路1号"}),
    ("merchants", {"lon": 119.2, "lat": 34.6}, {"lon": 119.2005, "lat": 34.6005}),
    ("filings", {"title": "校园卡 上线"}, {"title": "校园卡上线。"}),
    ("province", {"value": 1.0, "source": "简 报"}, {"value": 1.0, "source": "简报"}),
]


@pytest.mark.parametrize(("kind", "before", "after"), SILENT)
def test_punctuation_and_small_moves_are_no_change(kind, before, after):
    row = one(BLANK[kind] | before, BLANK[kind] | after, kind)
    assert (row["change"], row["what"], row["attributes"]) == ("same", "", "")


def test_several_changes_are_told_together_with_how_far_the_point_moved():
    here, there = {"lon": 119.2, "lat": 34.6}, {"lon": 119.2, "lat": 34.62}
    row = one(shop(1, **here), shop(1, name="乙店", county_code=GANYU, **there))
    assert row["what"] == "名称：“店1” → “乙店”；县区：海州区 → 赣榆区；坐标移动 2.2 公里"
    assert row["attributes"] == "name;county_code;point"
    assert row["moved_m"] == pytest.approx(2219, abs=2)
    assert (row["county_before"], row["county_code"]) == (HAIZHOU, GANYU)


def test_indicators_meet_by_their_four_columns():
    base = [
        BLANK["indicators"] | {"month": pd.Timestamp(month), "operator_id": bank, "value": 1.0}
        for month, bank in [("2025-09-01", "ICBC"), ("2025-10-01", "ICBC"), ("2025-10-01", "ABC")]
    ]
    wide = BLANK["indicators"] | {"county_code": "", "value": 3.0}
    found = change(base, [wide], "indicators", whole=False)
    found = found.set_index("key")["change"].to_dict()
    assert found == {
        "2025-10//ICBC/transactions": "new",
        "2025-09/320706/ICBC/transactions": "same",
        "2025-10/320706/ICBC/transactions": "same",
        "2025-10/320706/ABC/transactions": "same",
    }


FACTS = [
    ("merchants", {"county_code": GANYU}, {"county_code": HAIZHOU}, "moved"),
    ("merchants", {"venue_id": "V1"}, {"venue_id": None}, "venue"),
    ("merchants", {"name": "甲"}, {"name": "乙"}, "corrected"),
    ("venues", {"eligible_count": 5}, {"eligible_count": 8}, "raised"),
    ("venues", {"eligible_count": 5}, {"eligible_count": 4}, "lowered"),
    ("venues", {}, {"delisted_on": pd.Timestamp("2025-07-15")}, "delisted"),
    (
        "venues",
        {"listed_on": pd.Timestamp("2025-01-01"), "delisted_on": pd.Timestamp("2025-07-15")},
        {"listed_on": pd.Timestamp("2025-08-10"), "delisted_on": None},
        "listed;corrected",
    ),
]


@pytest.mark.parametrize(("kind", "before", "after", "facts"), FACTS)
def test_what_changed_is_known_by_its_sort(kind, before, after, facts):
    assert one(BLANK[kind] | before, BLANK[kind] | after, kind)["facts"] == facts


# ---- totals -----------------------------------------------------------------------------------


def test_totals_by_hand():
    base = [shop(n) for n in range(1, 5)] + [shop(5, county_code=None)]
    fresh = [shop(1, county_code=GANYU), shop(2, name="新名"), shop(6, county_code=GANYU), shop(5)]
    counts = difference.totals(change(base, fresh), "county_code").set_index("county_code")
    columns = ["before", "new", "removed", "moved_in", "moved_out", "after", "changed", "gone"]
    assert list(counts.columns) == [*columns, "moved", "corrected"]
    assert counts.loc[HAIZHOU].to_list() == [4, 0, 0, 1, 1, 4, 2, 2, 1, 1]
    assert counts.loc[GANYU].to_list() == [0, 1, 0, 1, 0, 2, 1, 0, 1, 0]
    unknown = counts[counts.index.isna()]
    assert unknown[columns].to_numpy().tolist() == [[1, 0, 0, 0, 1, 0, 0, 0]]


SHOPS = st.lists(
    st.builds(
        shop,
        st.integers(1, 8),
        st.sampled_from(["ICBC", "ABC", None]),
        county_code=st.sampled_from([HAIZHOU, GANYU, None]),
        address=st.sampled_from(["甲路1号", "乙路2号", None]),
    ),
    max_size=8,
)


@settings(max_examples=50)
@given(SHOPS, SHOPS, st.booleans(), st.sampled_from(["county_code", "operator_id"]))
def test_totals_add_up_and_every_record_stands_once(base, fresh, whole, by):
    base = list({row["merchant_key"]: row for row in base}.values())
    changes = change(base, fresh, whole=whole)
    keys = {row["merchant_key"] for row in base + fresh}
    assert sorted(changes["key"]) == sorted(keys)
    counts = difference.totals(changes, by)
    came = counts["before"] + counts["new"] + counts["moved_in"]
    assert (came - counts["removed"] - counts["moved_out"] == counts["after"]).all()
    assert counts["before"].sum() == len(base)
    assert counts["after"].sum() == len(keys)  # what is gone stays


# ---- odd ones ---------------------------------------------------------------------------------


def test_a_bank_and_a_county_that_lost_a_fifth():
    base = [shop(n) for n in range(10)] + [shop(n, "ABC", county_code=GANYU) for n in range(10)]
    fresh = base[:8] + base[10:19]
    found = odd(base, fresh)
    assert found["subject"].to_list() == ["operator", "county"]
    assert found["key"].to_list() == ["ICBC", HAIZHOU]
    assert found["what"][0] == (
        "工商银行的商户原有 10 条，2 条未再报送（共 20%），发布后为 10 条，请核对报送是否齐全"
    )
    assert found["what"][1].startswith("海州区的商户原有 10 条")


def test_the_graver_comes_first_then_the_larger():
    base = [shop(n) for n in range(10)] + [shop(n, "ABC") for n in range(10)]
    base += [shop(n, "BOC") for n in range(40)]
    fresh = base[:7] + base[10:14] + base[20:59] + [shop(39, "BOC", county_code=GANYU)]
    found = odd(base, fresh)
    assert found["key"].to_list() == ["ABC", "ICBC", "BOC/39"]


def test_a_shop_that_moved_county_and_many_that_did_so_together():
    base = [shop(n) for n in range(60)]
    fresh = [*base[:59], shop(59, county_code=GANYU)]
    found = odd(base, fresh)
    assert what(found) == ["商户“店59”（ICBC/59）从海州区改到赣榆区，请核对地址"]
    assert found["key"].to_list() == ["ICBC/59"]
    found = odd(base, base[:50] + [row | {"county_code": GANYU} for row in base[50:]])
    assert what(found, "county") == ["有 10 条商户从海州区改到赣榆区，请核对地址和坐标系"]
    assert len(what(found, "record")) == 10


def venue(count, **cells):
    return BLANK["venues"] | {"eligible_count": count, "county_code": HAIZHOU} | cells


def test_a_denominator_that_shrank_names_the_deadline_that_is_near():
    found = odd([venue(120)], [venue(90)], "venues")
    (told,) = what(found)
    assert "应覆盖商户数从 120 家减少到 90 家（减少 25%）" in told
    assert "距 T06“基本实现应用场景特定区域全覆盖”2025-12-31 到期还有 41 天" in told
    far = odd([venue(120)], [venue(90)], "venues", today=date(2026, 1, 1))
    assert "到期" not in what(far)[0]
    assert far["weight"][0] < found["weight"][0]
    assert odd([venue(90)], [venue(120)], "venues").empty


def test_a_file_in_which_many_shops_changed_address():
    base = [shop(n) for n in range(10)]
    moved = [row | {"address": "别处"} for row in base]
    found = odd(base, moved[:3] + base[3:] + [shop(99)])
    assert what(found, "file") == [
        "文件“来件.xlsx”里原有的 10 条记录中，3 条改了地址（30%），请核对行与行是否错位"
    ]
    assert odd(base, moved[:2] + base[2:]).empty
    assert what(odd(base[:9], moved[:9]), "file") == []


def test_a_bank_whose_count_doubled():
    base = [shop(n) for n in range(10)]
    found = odd(base, base + [shop(n) for n in range(10, 20)])
    assert what(found) == ["工商银行的商户从 10 条增加到 20 条（2.0 倍），请核对是否重复报送"]
    assert odd(base, base + [shop(n) for n in range(10, 19)]).empty
    assert odd([shop(1)], [shop(1), shop(2)]).empty


def value(month, number, **cells):
    return BLANK["indicators"] | {"month": pd.Timestamp(month), "value": float(number)} | cells


def test_an_indicator_that_jumps_by_ten_may_be_in_another_unit():
    base = [value("2025-08-01", 900), value("2025-09-01", 1000), value("2025-09-01", 5,
            operator_id="ABC")]  # fmt: skip
    found = odd(base, [value("2025-10-01", 0.1)], "indicators", whole=False)
    assert what(found) == [
        "指标“2025-10 海州区 工商银行 交易笔数”从上一期 1,000 减少到 0.1"
        "（相差 10,000 倍），请核对单位是元还是万元"
    ]
    corrected = odd(base, [value("2025-09-01", 10_000)], "indicators")
    assert "从原报 1,000 增加到 10,000（相差 10 倍）" in what(corrected)[0]
    assert odd(base, [value("2025-10-01", 9_999)], "indicators").empty
    assert odd(base, [value("2025-10-01", 0)], "indicators").empty
    everyone = value("2025-10-01", 50_000, operator_id="", county_code="")
    assert odd(base, [everyone], "indicators").empty
    cities = BLANK["province"] | {"value": 1.0}
    far = odd([cities], [cities | {"value": 10_000}], "province")
    assert what(far) == [
        "公布数“2025-10 南京市 钱包数”从原报 1 增加到 10,000（相差 10,000 倍），"
        "请核对单位是万元还是亿元"
    ]
    assert change(base, [everyone], "indicators")["name"].str.contains("全市 全部机构").any()


@pytest.mark.parametrize("kind", BLANK)
def test_where_nothing_changes_nothing_is_odd(kind):
    number = {"value": 1.0} if kind in ("indicators", "province") else {}
    found = odd([BLANK[kind] | number], [BLANK[kind] | number], kind)
    assert found.empty and list(found.columns) == ["weight", "what", "subject", "key"]
    assert odd([], [], kind).empty


def test_clusters_and_filings_that_are_lost_are_said_by_place_not_by_bank():
    clusters = [BLANK["clusters"] | {"cluster_id": f"J{n}", "county_code": GANYU} for n in range(9)]
    assert what(odd(clusters, clusters[:2], "clusters")) == [
        "赣榆区的聚集区原有 9 条，7 条未再报送（共 78%），发布后为 9 条，请核对报送是否齐全"
    ]
    filings = [BLANK["filings"] | {"filing_id": f"B{n}"} for n in range(9)]
    assert what(odd(filings, filings[:2], "filings"))[0].startswith("全市的材料原有 9 条")


def test_filings_are_called_by_their_unit_and_title():
    found = change([], [BLANK["filings"]], "filings")
    assert found["name"].to_list() == ["市教育局 某篇"]
