"""Which venue a shop stands in, which records are one shop, and that it can all be taken back."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import box

from domain.visitors import clerk
from geo import boundaries
from geo import outlines as geo_outlines
from loaders import intake
from loaders.decisions import outline_decisions, same_shops, spatial_join
from loaders.decisions.spatial_join import Decisions
from store import backend, table_schemas
from store.ledger import Entry
from store.snapshot_store import Store
from tests.support import bank_files

X, Y = 119.20, 34.60  # in 海州区


def square(size, x=X, y=Y):
    """GeoJSON of a square around a point, `size` degrees from its middle to its sides."""
    return geo_outlines.text(box(x - size, y - size, x + size, y + size))


def venue(venue_id, outline=None, **cells):
    return {
        "venue_id": venue_id,
        "outline": outline,
        "county_code": "320706",
        "method": "human",
    } | cells


def shop(key, lon=X, lat=Y, venue_id=None, **cells):
    bank, _, number = key.partition("/")
    return {
        "merchant_key": key, "merchant_id": number, "operator_id": bank, "name": f"{number}店",
        "address": f"海州区{number}号", "lon": lon, "lat": lat, "venue_id": venue_id,
        "method": "point",
    } | cells  # fmt: skip


def frame(name, rows):
    empty = table_schemas.empty(name)
    return pd.DataFrame(rows, columns=empty.columns).astype(empty.dtypes)


def event(key, name, day):
    return {"record_key": f"m:{key}", "event": name, "day": pd.Timestamp(day)}


LAST_DAY = (event("ICBC/0", "target", "2025-12-31"),)


def frames(venues=(), shops=(), clusters=(), events=LAST_DAY, before=()):
    told = {"venues": venues, "merchants": shops, "clusters": clusters, "events": events}
    told |= {"venues_before": (), "merchants_before": before}
    return {name: frame(name, list(rows)) for name, rows in told.items()}


def said(subjects, number=1):
    """Ledger entries, one a subject, the later ones newer."""
    return {
        subject: Entry(place, "", subject, body, "甲", None)
        for place, (subject, body) in enumerate(subjects.items(), number)
    }


def joined_of(data, decided=None):
    """What `spatial_join.joined` makes of `frames`."""
    told = table_schemas.arrow("events", data["events"])
    data = spatial_join.told_apart(data, decided)
    return spatial_join.joined(data, backend.named(backend.connect(), told), decided)


def shops_of(joined):
    rows = joined["merchants"].set_index("merchant_key")
    columns = ["venue_id", "joined_by", "also_in"]
    return {
        key: tuple(None if pd.isna(cell) else cell for cell in row)
        for key, row in zip(rows.index, rows[columns].itertuples(index=False), strict=True)
    }


def test_a_shop_joins_the_smallest_outline_that_holds_it():
    data = frames(
        [venue("BIG", square(0.01)), venue("MID", square(0.004)), venue("SMALL", square(0.001)),
         venue("NONE")],
        [shop("ICBC/1"), shop("ICBC/2", lon=X + 0.002), shop("ICBC/3", lon=X + 0.02),
         shop("ICBC/4", lon=np.nan, lat=np.nan)],
    )  # fmt: skip
    assert shops_of(joined_of(data)) == {
        "ICBC/1": ("SMALL", "outline", "MID;BIG"),
        "ICBC/2": ("MID", "outline", "BIG"),
        "ICBC/3": (None, None, None),
        "ICBC/4": (None, None, None),
    }


def test_outlines_that_overlap_share_no_shop():
    data = frames(
        [venue("A", square(0.002)), venue("B", square(0.003, x=X + 0.003))],
        [shop("ICBC/1", lon=X + 0.001), shop("ICBC/2", lon=X + 0.004)],
    )
    assert shops_of(joined_of(data)) == {
        "ICBC/1": ("A", "outline", "B"),
        "ICBC/2": ("B", "outline", None),
    }


def test_a_stated_venue_wins_and_the_outlines_around_are_told():
    data = frames(
        [venue("A", square(0.002)), venue("B")],
        [shop("ICBC/1", venue_id="B"), shop("ICBC/2", venue_id="A")],
    )
    assert shops_of(joined_of(data)) == {
        "ICBC/1": ("B", "stated", "A"),
        "ICBC/2": ("A", "stated", None),
    }


@pytest.mark.parametrize(
    ("delisted", "is_in"),
    [("2025-01-01", "LARGE"), ("2025-12-31", "LARGE"), ("2026-01-01", "SMALL"), (None, "SMALL")],
)
def test_a_venue_in_force_on_the_last_day_goes_before_a_delisted_one(delisted, is_in):
    small = venue("SMALL", square(0.001), delisted_on=delisted and pd.Timestamp(delisted))
    data = frames([small, venue("LARGE", square(0.002))], [shop("ICBC/1")])
    assert shops_of(joined_of(data))["ICBC/1"][0] == is_in


def test_joining_leaves_its_input_as_it_was():
    data = frames([venue("A", square(0.002))], [shop("ICBC/1"), shop("ICBC/2", venue_id="A")])
    before = {name: rows.copy() for name, rows in data.items()}
    joined_of(data)
    for name, rows in data.items():
        pd.testing.assert_frame_equal(rows, before[name])


def test_on_a_past_day_a_shop_is_in_the_venue_around_the_place_it_had_then():
    moved = shop("ICBC/1", until=pd.Timestamp("2025-06-30"))
    data = frames(
        [venue("A", square(0.002)), venue("B", square(0.002, x=X + 0.02))],
        [shop("ICBC/1", lon=X + 0.02, since=pd.Timestamp("2025-07-01"))],
        before=[moved],
    )
    joined = joined_of(data)
    assert shops_of(joined)["ICBC/1"] == ("B", "outline", None)
    assert joined["merchants_before"]["venue_id"].tolist() == ["A"]
    assert joined["merchants_before"]["shop_key"].tolist() == ["ICBC/1"]


def test_a_drawn_outline_replaces_what_is_there():
    data = frames([venue("A", square(0.002)), venue("B")], [shop("ICBC/1", lon=X + 0.02)])
    decided = Decisions(
        outlines=said({
            "v:A": {"outline": square(0.002, x=X + 0.02), "source": "手绘"},
            "v:UNHEARD": {"outline": square(0.1), "source": "手绘"},
        })
    )  # fmt: skip
    joined = joined_of(data, decided)
    assert shops_of(joined)["ICBC/1"][0] == "A"


# ---- two counties -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def border():
    """A square across the border of 海州区 (320706) and a neighbour, and the two shares."""
    counties = boundaries.counties().set_index("county_code").geometry
    common = counties["320706"].boundary.intersection(counties["320703"].buffer(1e-5))
    longest = max(shapely.get_parts(common), key=shapely.length)
    shape = longest.interpolate(0.5, normalized=True).buffer(0.01)
    parts = {code: shape.intersection(counties[code]).area for code in ("320706", "320703")}
    return geo_outlines.text(shape), parts


def test_a_venue_across_two_counties_tells_both_and_counts_for_the_stated_one(border):
    outline, parts = border
    data = frames([venue("A", outline), venue("B", square(0.002))])
    venues = joined_of(data)["venues"].set_index("venue_id")
    told = dict(part.split(":") for part in venues.loc["A", "spans"].split(";"))
    total = sum(parts.values())
    for code, share in told.items():
        assert float(share) == pytest.approx(parts[code] / total, abs=0.01)
    assert sum(map(float, told.values())) == pytest.approx(1, abs=0.011)
    assert pd.isna(venues.loc["B", "spans"])
    assert venues.loc["A", "county_code"] == "320706"


def test_a_venue_without_a_county_counts_where_more_of_it_lies(border):
    outline, parts = border
    data = frames([venue("A", outline, county_code=None, method="none", name="某园")])
    joined = joined_of(data)
    (row,) = joined["venues"].to_dict("records")
    assert row["county_code"] == max(parts, key=parts.get) and row["method"] == "outline"
    assert boundaries.county_of([row["lon"]], [row["lat"]])[0] == row["county_code"]


# ---- one shop, several records ----------------------------------------------------------------

ALIKE = {"name": "张记面馆", "address": "海州区解放路1号"}


def keys_of(shops, answers=None):
    found = same_shops.shop_keys(frame("merchants", shops), said(answers or {}))
    return [key.rpartition("/")[2] for key in found]


def test_two_banks_records_with_one_name_and_address_are_one_shop():
    other = {"name": "张记 面馆", "address": "江苏省连云港市海州区解放路1号"}
    assert keys_of([shop("ICBC/2", **ALIKE), shop("ABC/1", **other)]) == ["1", "1"]


def test_a_bank_s_own_records_are_shops_of_their_own():
    rows = [shop("ICBC/1", **ALIKE), shop("ICBC/2", **ALIKE), shop("ABC/0", **ALIKE)]
    assert keys_of(rows) == ["0", "2", "0"]


def test_without_an_address_a_name_says_nothing():
    rows = [shop("ICBC/1", **ALIKE | {"address": None}), shop("ABC/0", **ALIKE | {"address": None})]
    assert keys_of(rows) == ["1", "0"]


def test_people_join_and_separate_and_the_newest_answer_goes_first():
    rows = [shop("ABC/1", **ALIKE), shop("BOC/2", **ALIKE), shop("CCB/3", **ALIKE), shop("ICBC/4")]
    yes, no = {"same": True}, {"same": False}
    assert keys_of(rows, {"CCB/3|ICBC/4": yes}) == ["1", "1", "1", "1"]
    assert keys_of(rows, {"ABC/1|BOC/2": no}) == ["1", "2", "1", "4"]
    assert keys_of(rows, {"BOC/2|CCB/3": yes, "ABC/1|BOC/2": no}) == ["1", "2", "2", "4"]
    assert keys_of(rows, {"ABC/1|ICBC/9": yes}) == ["1", "1", "1", "4"]


def test_a_shop_of_two_records_counts_in_one_venue():
    data = frames(
        [venue("A"), venue("B"), venue("C", square(0.002))],
        [shop("ABC/1", venue_id="A", **ALIKE), shop("BOC/2", venue_id="B", **ALIKE),
         shop("CCB/3", **ALIKE), shop("ICBC/4")],
    )  # fmt: skip
    joined = joined_of(data)
    assert shops_of(joined) == {
        "ABC/1": ("A", "stated", "C"),
        "BOC/2": ("A", "overruled", "B;C"),
        "CCB/3": ("A", "same_shop", "C"),
        "ICBC/4": ("C", "outline", None),
    }
    no = {f"ABC/1|{key}": {"same": False} for key in ("BOC/2", "CCB/3")}
    parted = joined_of(data, Decisions(same_shop=said(no)))
    assert shops_of(parted)["BOC/2"] == ("B", "stated", "C")
    assert shops_of(parted)["CCB/3"] == ("B", "same_shop", "C")


@pytest.mark.parametrize(
    ("events", "is_in"),
    [
        ([("contracted", "2025-01-01")], "A"),
        ([("contracted", "2025-01-01"), ("closed", "2025-02-01")], "B"),
        ([("contracted", "2025-01-01"), ("refused", "2025-02-01")], "B"),
        ([("opened", "2025-01-01"), ("suspended", "2025-02-01")], "B"),
        ([("closed", "2025-01-01"), ("contracted", "2025-02-01")], "A"),  # signed again
        ([("suspended", "2025-01-01"), ("paid", "2025-02-01")], "A"),
    ],
)
def test_a_record_that_ended_says_nothing_of_a_shop_that_lives(events, is_in):
    rows = [shop("ABC/1", venue_id="A", **ALIKE), shop("BOC/2", venue_id="B", **ALIKE)]
    told = [event("ABC/1", *one) for one in events] + [event("BOC/2", "paid", "2025-03-01")]
    joined = joined_of(frames([venue("A"), venue("B")], rows, events=told))
    assert [row[0] for row in shops_of(joined).values()] == [is_in, is_in]


def test_a_record_that_ended_tells_where_a_shop_was_if_no_other_does():
    rows = [shop("ABC/1", venue_id="A", **ALIKE), shop("BOC/2", **ALIKE)]
    told = [event("ABC/1", "closed", "2025-02-01"), event("BOC/2", "paid", "2025-03-01")]
    joined = joined_of(frames([venue("A")], rows, events=told))
    assert shops_of(joined)["BOC/2"] == ("A", "same_shop", None)


def test_pairs_in_doubt_are_asked_about_until_somebody_answers():
    near = {"name": "王大姐水饺馆"}
    rows = [shop("ABC/1", **near), shop("ABC/2", **near), shop("BOC/3", **ALIKE, lon=X + 0.01),
            shop("CCB/4", **ALIKE, lon=X + 0.01)]  # fmt: skip
    shops = frame("merchants", rows)
    shops = shops.assign(shop_key=same_shops.shop_keys(shops, {}).astype("str"))
    pairs = same_shops.doubtful(shops, {})
    assert [set(pair) for pair in zip(pairs["key"], pairs["other_key"], strict=True)] == [
        {"ABC/1", "ABC/2"}
    ]
    assert same_shops.doubtful(shops, said({"ABC/1|ABC/2": {"same": False}})).empty


@pytest.mark.parametrize(
    ("venue_id", "name", "is_of"),
    [
        ("V1", "", "V1"),
        ("", "示例 市场", "V1"),
        ("示例市场", "", "V1"),
        ("V2", "示例市场", "V2"),
        ("", "双名", None),
        ("V9", "没有的", None),
    ],
)
def test_an_uploaded_outline_finds_its_venue_by_id_or_by_name(venue_id, name, is_of):
    named = [("V1", "示例市场"), ("V2", "双名"), ("V3", "双名")]
    venues = frame("venues", [venue(key, name=name) for key, name in named])
    found = pd.DataFrame({"venue_id": [venue_id], "name": [name]})
    told = outline_decisions.matched(found, venues).iloc[0]
    assert (None if pd.isna(told) else told) == is_of


def test_a_shop_of_two_records_and_no_venue_stays_without():
    data = frames([venue("A")], [shop("ABC/1", **ALIKE), shop("BOC/2", **ALIKE)])
    joined = joined_of(data)
    assert joined["merchants"]["venue_id"].isna().all()
    assert list(joined["merchants"]["shop_key"]) == ["ABC/1", "ABC/1"]


# ---- members of clusters ----------------------------------------------------------------------


def test_members_lie_within_the_outline_or_else_in_the_venue():
    def cluster(name, outline=None, venue_id=None):
        return {"cluster_id": name, "outline": outline, "venue_id": venue_id,
                "county_code": "320706", "method": "human"}  # fmt: skip

    data = frames(
        [venue("A")],
        [shop("ICBC/1", venue_id="A"), shop("ICBC/2", lon=X + 0.02, venue_id="A"), shop("ICBC/3")],
        [cluster("DRAWN", square(0.002), "A"), cluster("NAMED", None, "A"), cluster("BARE")],
    )
    members = joined_of(data)["cluster_members"]
    assert members.groupby("cluster_id")["merchant_key"].agg(sorted).to_dict() == {
        "DRAWN": ["ICBC/1", "ICBC/3"],
        "NAMED": ["ICBC/1", "ICBC/2"],
    }
    drawn = Decisions(outlines=said({"c:NAMED": {"outline": square(1e-4), "source": "手绘"}}))
    members = joined_of(data, drawn)["cluster_members"].set_index("cluster_id")
    assert sorted(members.loc["NAMED", "merchant_key"]) == ["ICBC/1", "ICBC/3"]


# ---- through files, ledger and publishing -----------------------------------------------------

SHOPS = ["商户编号", "运营机构", "商户名称", "地址", "经度", "纬度", "坐标系", "特定区域"]
ADDRESS = "海州区新浦街道海连中路"


def take(store, folder, venue_cell="", lon=X):
    venues = [["区域编号", "名称", "类别", "地址", "县区"],
              ["V1", "示例市场", "农贸市场", f"{ADDRESS}1号", "海州区"],
              ["V2", "示例商圈", "知名商圈", f"{ADDRESS}2号", "海州区"]]  # fmt: skip
    row = ["S1", "工行", "示例面馆", f"{ADDRESS}3号", lon, Y, "WGS84", venue_cell]
    paths = [
        bank_files.write(folder / "名录", venues, "csv-utf8"),
        bank_files.merchants(folder / "工行", [row], SHOPS),
    ]
    day = bank_files.AS_AT + timedelta(days=len(store.snapshots()))
    bank_files.put(paths, store, as_at=day)


def test_an_outline_from_the_ledger_joins_the_shop_at_the_next_publishing(tmp_path):
    store = Store(tmp_path / "store")
    take(store, tmp_path)
    outline_decisions.keep(store.ledger, {"v:V1": square(0.001)}, "手绘", clerk("王工"))
    assert pd.isna(store.current().frame("merchants").loc[0, "venue_id"])
    version = store.current().manifest["ledger_version"]
    assert store.ledger.since(version, [outline_decisions.TOPIC]) == 1
    intake.fold(store, clerk("王工"))
    current = store.current()
    version = current.manifest["ledger_version"]
    assert store.ledger.since(version, [outline_decisions.TOPIC]) == 0
    row = current.frame("merchants").iloc[0]
    assert (row["venue_id"], row["joined_by"], row["shop_key"]) == ("V1", "outline", "ICBC/S1")
    assert shapely.from_geojson(current.frame("venues").set_index("venue_id").loc["V1", "outline"])

    take(store, tmp_path)  # the blank cell of a later file neither keeps nor loses the shop
    assert store.current().frame("merchants").loc[0, "joined_by"] == "outline"
    take(store, tmp_path, lon=X + 0.01)  # the shop has moved out
    assert pd.isna(store.current().frame("merchants").loc[0, "venue_id"])
    take(store, tmp_path)
    take(store, tmp_path, venue_cell="V2")  # the bank says otherwise
    row = store.current().frame("merchants").iloc[0]
    assert (row["venue_id"], row["joined_by"], row["also_in"]) == ("V2", "stated", "V1")

    outline_decisions.withdraw(store.ledger, "v:V1", clerk("王工"))
    intake.fold(store, clerk("王工"))
    assert store.current().frame("venues")["outline"].isna().all()
    assert pd.isna(store.current().frame("merchants").loc[0, "also_in"])


def test_what_an_outline_gave_is_no_change_of_a_later_file(tmp_path):
    store = Store(tmp_path / "store")
    take(store, tmp_path)
    outline_decisions.keep(store.ledger, {"v:V1": square(0.001)}, "手绘", clerk("王工"))
    intake.fold(store, clerk("王工"))
    path = tmp_path / "工行.csv"
    changes = bank_files.assess([path], store).changes["merchants"]
    assert list(changes["change"]) == ["same"]


def test_an_outline_drawn_and_withdrawn_leaves_the_data_as_they_were(tmp_path):
    store = Store(tmp_path / "store")
    rows = [["区域编号", "名称", "类别", "地址", "县区", "经度", "纬度", "坐标系"],
            ["V1", "某市场", "农贸市场", "", "", "", "", ""],
            ["V2", "某商圈", "知名商圈", "", "", "121.4", "31.2", "WGS84"]]  # fmt: skip
    path = bank_files.write(tmp_path / "名录", rows, "csv-utf8")
    bank_files.put([path], store)
    before = store.current()
    assert before.frame("venues")["county_code"].isna().all()
    drawn = {"v:V1": square(0.001), "v:V2": square(0.002)}
    outline_decisions.keep(store.ledger, drawn, "手绘", clerk("王工"))
    placed = intake.fold(store, clerk("王工")).frame("venues")
    assert placed["county_code"].tolist() == ["320706"] * 2
    for subject in drawn:
        outline_decisions.withdraw(store.ledger, subject, clerk("王工"))
    after = intake.fold(store, clerk("王工"))
    pd.testing.assert_frame_equal(after.frame("venues"), before.frame("venues"))
    assert after.manifest["content_hash"] == before.manifest["content_hash"]
