"""The review queue: what is asked, what a person may answer, and what an answer does for good."""

import shutil
from datetime import date, timedelta

import pandas as pd
import pytest

from domain import reference
from domain.visitors import clerk
from loaders import intake
from loaders.decisions import place_review
from loaders.decisions.place_candidates import ELSEWHERE, UNCLEAR, candidates, chosen
from loaders.kinds import KINDS
from queries import day_report
from store.snapshot_store import Store
from tests.support import bank_files

HEADER = ["商户编号", "运营机构", "商户名称", "地址", "经度", "纬度", "坐标系", "特定区域"]
IN_GANYU = (119.1225, 34.8409)  # near 青口镇
IN_HAIZHOU = (119.17, 34.59)
DISPUTED = ["D1", "工行", "示例粮油店", "海州区新浦街道海连中路58号", *IN_GANYU, "WGS84", ""]
ALIKE = ["D2", "工行", "示例副食店", "海州区新浦街道海连中路70号", *IN_GANYU, "WGS84", ""]
PLAIN = ["P1", "工行", "示例文具店", "海州区新浦街道解放中路1号", "", "", "", ""]
ODD_VENUE = ["V1", "工行", "示例布店", "海州区新浦街道解放中路3号", "", "", "", "没有的市场"]
NOWHERE = ["N1", "工行", "示例钟表店", "没有写清的地址", "", "", "", ""]
D1, D2 = "m:ICBC/D1", "m:ICBC/D2"


class Office:
    """A store that a file comes into every day, and the person who answers."""

    def __init__(self, folder):
        self.folder, self.store = folder, Store(folder / "store")
        self.day = bank_files.AS_AT

    def take(self, *rows, header=HEADER):
        path = bank_files.merchants(self.folder / "工行", list(rows), header)
        bank_files.put([path], self.store, as_at=self.day)
        self.day += timedelta(days=1)

    def fold(self):
        intake.fold(self.store, clerk("测试"))

    @property
    def answers(self):
        return self.store.ledger.latest(place_review.TOPIC)

    @property
    def frames(self):
        return place_review.doubtful(self.store.current())

    def queue(self):
        return place_review.queue(self.frames, self.answers)

    def pending(self):
        return place_review.pending(self.frames, self.answers)

    def answer(self, key, choice, by="甲"):
        asked = self.queue()
        rows = (asked if key in asked.index else place_review.queue(self.frames, {})).loc[[key]]
        offered = {one.choice: one for one in [*candidates(rows)[key], ELSEWHERE, UNCLEAR]}
        place_review.answer(self.store.ledger, rows, clerk(by), {key: offered[choice]})

    def settle(self, key, county, town):
        rows = self.queue().loc[[key]]
        place_review.answer(self.store.ledger, rows, clerk("甲"), chosen(rows, county, town))

    def withdraw(self, key, by="甲"):
        place_review.withdraw(self.store.ledger, [key], clerk(by))

    def report(self, day=date(2026, 6, 30)):
        current = self.store.current()
        return day_report.report(current.connect(), current.manifest, day, "all")

    def shop(self, number="D1"):
        shops = self.store.current().frame("merchants")
        row = shops[shops["merchant_id"] == number].iloc[0]
        return row.astype(object).where(row.notna(), None)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


@pytest.fixture(scope="module")
def disputed_store(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("disputed"))
    office.take(DISPUTED)
    return office.store.path


@pytest.fixture
def disputed(disputed_store, office):
    """The shop in dispute came to the office yesterday."""
    shutil.copytree(disputed_store, office.store.path)
    office.day += timedelta(days=1)


def test_only_questions_of_place_are_asked(office):
    office.take(PLAIN, DISPUTED, ODD_VENUE, NOWHERE)
    asked = office.queue()
    assert list(asked.index) == [D1, "m:ICBC/N1"]
    assert "海州区" in asked.loc[D1, "question"] and "赣榆区" in asked.loc[D1, "question"]


def test_those_alike_stand_together(office):
    other = ["D3", "农行", *DISPUTED[2:]]
    office.take(DISPUTED, other, ALIKE)
    assert list(office.queue()["operator_id"]) == ["ABC", "ICBC", "ICBC"]
    assert office.queue()["alike"].nunique() == 1


@pytest.mark.usefixtures("disputed")
def test_text_and_point_are_offered_and_a_duplicate_answer_is_not(office):
    offered = candidates(office.queue())[D1]
    assert [one.choice for one in offered] == ["text", "point", "now"]
    assert [one.county_code for one in offered] == ["320706", "320707", "320706"]
    assert offered[0].label == "按地址：海州区新浦街道"
    assert "乡镇推断：" in offered[1].label
    places = {(one.county_code, one.town_code) for one in offered}
    assert len(places) == len(offered)


@pytest.mark.usefixtures("disputed")
def test_an_answer_by_address_drops_the_point_that_it_contradicts(office):
    office.answer(D1, "text")
    assert office.queue().empty
    assert office.shop()["method"] != "human"  # until it is published
    office.fold()
    shop = office.shop()
    assert (shop["method"], shop["county_code"]) == ("human", "320706")
    assert reference.labels("towns", "town_code", "name")[shop["town_code"]] == "新浦街道"
    assert shop["lon"] is None and shop["h3_8"] is None
    assert (shop["confidence"], shop["inferred"], shop["in_review"]) == (1.0, False, False)
    assert shop["reason"] is None


@pytest.mark.usefixtures("disputed")
def test_an_answer_by_point_keeps_the_point_and_marks_its_town_inferred(office):
    office.answer(D1, "point")
    office.fold()
    shop = office.shop()
    assert (shop["method"], shop["county_code"]) == ("human", "320707")
    assert (shop["lon"], shop["lat"]) == pytest.approx(IN_GANYU)
    assert shop["h3_8"] is not None
    assert shop["inferred"] and not shop["in_review"]


@pytest.mark.usefixtures("disputed")
def test_an_answer_holds_for_later_imports(office):
    office.answer(D1, "text")
    for _ in range(2):
        office.take(DISPUTED, PLAIN)
        assert (office.shop()["method"], office.shop()["in_review"]) == ("human", False)
        assert office.queue().empty and office.pending() == 0


@pytest.mark.usefixtures("disputed")
def test_an_answer_given_twice_holds_as_the_later(office):
    office.answer(D1, "text", "甲")
    office.answer(D1, "point", "乙")
    office.fold()
    assert office.shop()["county_code"] == "320707"
    assert [entry.by for entry in office.store.ledger.history(place_review.TOPIC)] == ["甲", "乙"]


@pytest.mark.usefixtures("disputed")
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({3: "海州区朐阳街道幸福路9号"}, "人工核定后地址改了"),
        ({4: IN_HAIZHOU[0], 5: IN_HAIZHOU[1]}, "人工核定后坐标改了"),
    ],
    ids=["address", "point"],
)
def test_a_record_sent_otherwise_comes_back_with_its_answer_locked(office, cells, said):
    office.answer(D1, "text")
    office.take([cells.get(place, cell) for place, cell in enumerate(DISPUTED)])
    shop = office.shop()
    assert (shop["method"], shop["county_code"], shop["in_review"]) == ("human", "320706", True)
    assert said in shop["reason"]
    office.fold()  # publishing again does not lose the question
    assert list(office.queue().index) == [D1]
    office.answer(D1, "text")
    office.fold()
    assert office.queue().empty and office.shop()["reason"] is None
    office.fold()
    assert office.queue().empty


def test_an_answer_holds_for_the_past_of_what_it_was_given_for_and_not_of_another_place(office):
    elsewhere = [*DISPUTED[:3], "赣榆区青口镇黄海路9号", "", "", "", ""]
    renamed = [*DISPUTED[:2], "示例粮油商行", *DISPUTED[3:]]
    for row in (elsewhere, DISPUTED, renamed):
        office.take(row)
    office.answer(D1, "text")
    office.fold()
    before = office.store.current().frame("merchants_before").sort_values("until")
    assert before["county_code"].tolist() == ["320707", "320706"]
    assert before["method"].tolist()[1] == office.shop()["method"] == "human"
    assert before["method"].tolist()[0] != "human"


@pytest.mark.usefixtures("disputed")
def test_a_new_point_can_be_chosen_after_the_old_one_was_not(office):
    office.answer(D1, "text")
    moved = [*DISPUTED[:4], *IN_HAIZHOU, *DISPUTED[6:]]
    office.take(moved)
    office.answer(D1, "point")
    office.fold()
    shop = office.shop()
    assert (shop["lon"], shop["lat"]) == pytest.approx(IN_HAIZHOU, abs=1e-4)
    assert not shop["in_review"]


def test_a_note_about_something_else_stays_in_review(office):
    office.take([*DISPUTED[:7], "没有的市场"])
    office.answer(D1, "text")
    office.fold()
    shop = office.shop()
    assert shop["method"] == "human" and shop["in_review"]
    assert shop["reason"] == "特定区域“没有的市场”不在名录里"
    assert office.queue().empty


@pytest.mark.usefixtures("disputed")
def test_still_unclear_stays_in_review_but_is_not_asked_again(office):
    before = office.shop()
    office.answer(D1, "unclear")
    assert office.queue().empty
    office.fold()
    shop = office.shop()
    assert shop["in_review"] and "人工看过，位置仍不清楚" in shop["reason"]
    assert shop["county_code"] == before["county_code"] and shop["method"] == before["method"]
    assert office.pending() == 0


def test_a_record_without_any_place_can_be_placed_by_hand(office):
    office.take(NOWHERE)
    office.settle("m:ICBC/N1", "320724", None)
    office.fold()
    shop = office.shop("N1")
    assert (shop["county_code"], shop["town_code"], shop["method"]) == ("320724", None, "human")


@pytest.mark.usefixtures("disputed")
def test_an_answer_taken_back_asks_again_and_restores_the_record_exactly(office):
    content = office.store.current().manifest["content_hash"]
    office.answer(D1, "text")
    office.fold()
    assert office.store.current().manifest["content_hash"] != content
    place_review.withdraw(office.store.ledger, [D1], clerk("甲"))
    assert office.pending() == 1
    office.fold()
    assert office.store.current().manifest["content_hash"] == content
    assert list(office.queue().index) == [D1]


@pytest.mark.usefixtures("disputed")
def test_taking_back_the_second_answer_leaves_the_first(office):
    office.answer(D1, "text", "甲")
    office.answer(D1, "point", "乙")
    place_review.withdraw(office.store.ledger, [D1], clerk("乙"))
    assert office.answers[D1].body["choice"] == "text"
    place_review.withdraw(office.store.ledger, ["m:unknown"], clerk("乙"))
    assert len(office.store.ledger.history(place_review.TOPIC)) == 3


@pytest.mark.usefixtures("disputed")
def test_answers_teach_later_imports(office):
    office.answer(D1, "text")
    office.take(DISPUTED, ["N2", "工行", "示例鞋店", "海州区海连中路60号", "", "", "", ""])
    shop = office.shop("N2")
    assert shop["method"] == "learned" and shop["inferred"]
    assert shop["town_code"] == office.shop()["town_code"]


def test_what_is_uncertain_teaches_nothing(office):
    office.take(DISPUTED, ALIKE, NOWHERE)
    office.answer(D1, "point")  # its town is inferred
    office.answer(D2, "unclear")
    office.answer(D2, "text")
    place_review.withdraw(office.store.ledger, [D2], clerk("甲"))
    place_review.withdraw(office.store.ledger, [D2], clerk("甲"))
    assert place_review.lessons(office.answers).empty


def test_settled_leaves_its_input_and_other_records_as_they_were(office):
    office.take(DISPUTED, PLAIN)
    office.answer(D1, "text")
    rows = office.store.current().frame("merchants").set_index("merchant_key")
    before = rows.copy()
    found = place_review.settled(rows, KINDS["merchants"], office.answers)
    pd.testing.assert_frame_equal(rows, before)
    pd.testing.assert_frame_equal(found.drop("ICBC/D1"), rows.drop("ICBC/D1"))
    assert found.dtypes.equals(rows.dtypes)
    again = place_review.settled(found, KINDS["merchants"], office.answers)
    pd.testing.assert_frame_equal(again, found)


def test_a_quoted_semicolon_does_not_split_a_reason(office):
    office.take([*DISPUTED[:7], "甲；乙市场"])
    assert "甲；乙市场" not in office.queue().loc[D1, "question"]


def test_a_cluster_in_a_disputed_place_is_asked_about_and_settled_like_a_venue(office):
    header = ["聚集区编号", "聚集区名称", "责任单位", "地址", "经度", "纬度", "坐标系"]
    row = ["J1", "示例聚集区", "海州区", DISPUTED[3], *IN_GANYU, "WGS84"]
    path = bank_files.write(office.folder / "聚集区", [header, row], "csv-utf8")
    bank_files.put([path], office.store)
    assert list(office.queue().index) == ["c:J1"]
    office.answer("c:J1", "text")
    office.fold()
    cluster = office.store.current().frame("clusters").iloc[0]
    assert (cluster["method"], cluster["county_code"]) == ("human", "320706")
    assert office.queue().empty and office.pending() == 0


WITH_DATES = [*HEADER, "县区", "签约日期", "最近巡检日期"]
SIGNED = ["2026-05-01", "2026-06-01"]
ABROAD = "徐州市云龙区解放路1号"
IN_XUZHOU = (117.2, 34.26)
LOCAL = [
    "L1",
    "工行",
    "示例文具店",
    "海州区新浦街道解放中路1号",
    "",
    "",
    "",
    "示例商城",
    "",
    *SIGNED,
]
FOREIGN = {  # of which a point, a county, or a county with a point there says: in this city
    f"m:ICBC/F{n}": [f"F{n}", "工行", f"外地{n}店", ABROAD, *point, "示例商城", county, *SIGNED]
    for n, (point, county) in enumerate([
        ((*IN_HAIZHOU, "WGS84"), ""),
        (("", "", ""), "海州区"),
        ((*IN_XUZHOU, "WGS84"), "海州区"),
    ])
}  # fmt: skip
F1 = "m:ICBC/F1"
VENUES = ["区域编号", "名称", "类别", "地址", "县区", "应覆盖商户数"]


@pytest.fixture(scope="module")
def listed_mall(tmp_path_factory):
    """A store with a venue in 海州区 that is said to have ten shops; tests must not write to it."""
    office = Office(tmp_path_factory.mktemp("mall"))
    rows = [VENUES, ["V1", "示例商城", "农贸市场", "海州区新浦街道解放中路1号", "海州区", "10"]]
    path = bank_files.write(office.folder / "名录", rows, "csv-utf8")
    bank_files.put([path], office.store)
    return office.store.path


@pytest.fixture
def mall(listed_mall, office):
    """A copy of that store."""
    shutil.copytree(listed_mall, office.store.path)
    return office


@pytest.fixture(scope="module")
def store_with_local(listed_mall, tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("local"))
    shutil.copytree(listed_mall, office.store.path)
    office.take(LOCAL, header=WITH_DATES)
    return office.store.path


@pytest.fixture
def local(store_with_local, mall):
    """The shop of this city came to the mall yesterday."""
    shutil.rmtree(mall.store.path)
    shutil.copytree(store_with_local, mall.store.path)
    mall.day += timedelta(days=1)


def counted(office):
    """Eligible and verified shops of city and county, what its venue lacks, shops unplaced."""
    said = office.report()
    (county,) = [one for one in said["counties_territory"] if one["area_id"] == "320706"]
    shops = [(one["eligible"], one["verified"])
             for one in (said["city"]["merchants"], county["merchants"])]  # fmt: skip
    return [*shops, county["needed"], said["unlocated"]["merchants"]]


@pytest.mark.usefixtures("local")
def test_an_address_of_another_city_counts_for_no_county_before_it_is_answered(mall):
    city, county, needed, _ = counted(mall)
    assert (city, county) == ((1, 1), (1, 1))
    mall.take(LOCAL, *FOREIGN.values(), header=WITH_DATES)
    assert counted(mall) == [(4, 4), (1, 1), needed, 3]
    asked = mall.queue()
    assert asked["question"].str.contains("外地“徐州市云龙区”.*海州区").all()
    for key in FOREIGN:
        (offered,) = candidates(asked.loc[[key]])[key]
        assert offered.county_code == "320706"
        mall.answer(key, offered.choice)
    mall.fold()
    assert counted(mall) == [(4, 4), (4, 4), needed - 3, 0]


@pytest.mark.usefixtures("local")
def test_a_shop_not_in_this_city_counts_nowhere_until_that_is_taken_back(mall):
    without = counted(mall)
    mall.take(LOCAL, *FOREIGN.values(), header=WITH_DATES)
    asked, content = counted(mall), mall.store.current().manifest["content_hash"]
    for key in FOREIGN:
        mall.answer(key, "elsewhere", "乙")
    assert mall.queue().empty and mall.pending() == 3
    mall.fold()
    assert counted(mall) == without and mall.pending() == 0
    for key in FOREIGN:
        shop = mall.shop(key.partition("/")[2])
        assert shop["method"] == "elsewhere" and shop["reason"].startswith("不在本市（乙，20")
        places = ("county_code", "town_code", "zone_id", "venue_id", "lon")
        assert [shop[name] for name in places] == [None] * 5
        assert not shop["in_review"]
    assert place_review.queue(mall.frames, {}).empty
    for key in FOREIGN:
        mall.withdraw(key)
    mall.fold()
    assert counted(mall) == asked and set(mall.queue().index) == set(FOREIGN)
    assert mall.store.current().manifest["content_hash"] == content
    said = [entry.by for entry in mall.store.ledger.history(place_review.TOPIC)]
    assert said == ["乙"] * 3 + ["甲"] * 3
    for key in FOREIGN:
        mall.answer(key, "elsewhere", "乙")
    mall.take(LOCAL, *FOREIGN.values(), header=WITH_DATES)  # sent again: the answer holds
    assert counted(mall) == without and mall.queue().empty


def test_any_record_in_question_may_be_in_another_city_and_a_new_address_asks_again(mall):
    local = [*DISPUTED[:7], "示例商城", "", *SIGNED]
    mall.take(local, header=WITH_DATES)
    mall.answer(D1, "elsewhere")
    mall.fold()
    assert counted(mall)[0] == (0, 0)
    mall.take([*local[:3], "海州区朐阳街道幸福路9号", *local[4:]], header=WITH_DATES)
    shop = mall.shop()
    assert shop["method"] == "elsewhere" and "人工核定后地址改了" in shop["reason"]
    assert list(mall.queue().index) == [D1]
    mall.answer(D1, "text")
    mall.fold()
    assert counted(mall)[:2] == [(1, 1), (1, 1)] and mall.shop()["venue_id"] == "V1"


def test_a_venue_not_in_this_city_is_in_no_denominator(mall):
    rows = [VENUES, ["V2", "示例外地商城", "农贸市场", ABROAD, "海州区", "10"]]
    path = bank_files.write(mall.folder / "名录", rows, "csv-utf8")
    bank_files.put([path], mall.store)
    assert mall.report()["city"]["venues"] == 2
    mall.answer("v:V2", "elsewhere")
    mall.fold()
    assert mall.report()["city"]["venues"] == 1
    mall.withdraw("v:V2")
    mall.fold()
    assert mall.report()["city"]["venues"] == 2


def test_a_place_in_another_city_teaches_nothing(mall):
    mall.take(FOREIGN[F1], header=WITH_DATES)
    mall.answer(F1, "elsewhere")
    assert place_review.lessons(mall.answers).empty
