"""Disputes kept, refused where they must be, and carried out by the next version."""

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from io import BytesIO

import pandas as pd
import pytest
from PIL import Image

from domain import dispute_rules
from domain.visitors import Visitor, clerk
from loaders import intake
from loaders.comparing import candidate
from loaders.decisions import dispute_decisions
from loaders.decisions.dispute_decisions import answer, raise_dispute, reopen, rule
from loaders.formats import proof_files
from loaders.reading import opened_tables
from presentation import dispute_listings
from queries.scope import Scope
from store import dispute_register
from store.errors import FileUnreadableError, IntakeError, NotAllowedError
from store.statement_store import in_force
from tests.support.rival_writers import at_once
from tests.support.stated import AUGUST, JULY, JUNE, OTHER, Office, shop, venue

OFFICE = clerk("办公室甲")
BANK = Visitor("农行乙", "bank", "ABC")
OTHER_BANK = Visitor("江苏银行丙", "bank", "JSB")
COUNTY = Visitor("海州丁", "county", "320706")
OTHER_COUNTY = Visitor("赣榆戊", "county", "320707")
DEPARTMENT = Visitor("商务己", "department", "U16")
MID = date(2025, 7, 15)
SHOPS = [
    shop(str(n), 商户名称=name, 地址=f"海州区新浦街道海连中路{n}号", 签约日期="2025-01-05",
         巡检日期="2025-06-20", 末笔交易日期="2025-06-25", 所属特定区域="V1")
    for n, name in enumerate(("甲面馆", "乙布店", "丙药房", "丁书屋"), 1)
]  # fmt: skip
LISTED = {"应覆盖商户数": "3", "分母来源": "名册", "分母日期": "2025-06-01", "责任银行": "农行"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A market of three shops and a shop without one, in June and July."""
    office = Office(tmp_path_factory.mktemp("told"))
    office.lists(JUNE, venue("V1", 县区="海州区", **LISTED))
    apart = SHOPS[3] | {"所属特定区域": ""}
    office.states(JUNE, *SHOPS[:3], apart)
    office.states(JULY, *SHOPS[:3], apart)
    return office.folder


@pytest.fixture
def office(told, tmp_path):
    shutil.copytree(told, tmp_path, dirs_exist_ok=True)
    return Office(tmp_path, files=10)


def photo(colour="red", **options) -> bytes:
    content = BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "JPEG", **options)
    return content.getvalue()


def raised(office, kind="shop", key="ABC/1", reason="closed", by=COUNTY, **given):
    given = {"found_on": MID} | given
    return raise_dispute(office.store, kind, key, reason, "现场看过", by=by, **given)


def ruled(office, number, upheld=True, **given):
    """`number` ruled on after its answer, and published."""
    dispute = dispute_register.disputes(office.store.ledger)[number]
    role, unit = dispute.subject.against
    if role:
        answer(office.store, number, "admitted", "属实", by=Visitor("答复人", role, unit))
    rule(office.store, number, upheld, "核实过", OFFICE, **given)
    return intake.fold(office.store, OFFICE)


def verified(office, *days, number="1"):
    return [bool(office.by_day(day)[day, number].verified) for day in days]


def before_and_after(office, *days):
    return [office.by_day(day)[day, "1"] for day in days]


# ---- steps and rights ---------------------------------------------------------------------------


def test_a_dispute_goes_its_way_and_keeps_its_history(office):
    number = raised(office, proof=photo())
    assert number.startswith(f"质询-{date.today():%Y}-")
    answer(office.store, number, "proven", "当天有交易", by=BANK, proof=photo("blue"))
    rule(office.store, number, False, "交易属实", OFFICE)
    reopen(office.store, number, "后来关了", photo("green"), COUNTY)
    answer(office.store, number, "admitted", "已关", by=BANK)
    rule(office.store, number, True, "核实已关", OFFICE)
    dispute = dispute_register.disputes(office.store.ledger)[number]
    assert [step.sort for step in dispute.steps] == [
        "raised", "answered", "ruled", "reopened", "answered", "ruled",
    ]  # fmt: skip
    assert [step.by for step in dispute.steps[:3]] == ["海州丁", "农行乙", "办公室甲"]
    assert dispute.subject.name == "甲面馆" and dispute.subject.against == ("bank", "ABC")
    assert dispute_rules.status(dispute, date.today()) == "upheld"
    with pytest.raises(IntakeError, match="已经再次提出过一次"):
        reopen(office.store, number, "还是不服", photo("black"), COUNTY)


def test_numbers_are_unique_however_many_raise_at_once(office):
    keys = [f"ABC/{n % 4 + 1}" for n in range(12)]
    with ThreadPoolExecutor(6) as threads:
        numbers = list(threads.map(lambda key: raised(Office(office.folder), key=key), keys))
    found = dispute_register.disputes(office.store.ledger)
    assert len(set(numbers)) == 12 and set(numbers) == set(found)
    assert sorted(one.subject.key for one in found.values()) == sorted(keys)


@pytest.mark.parametrize(
    ("by", "kind", "key", "reason"),
    [
        (OTHER_COUNTY, "shop", "ABC/1", "closed"),
        (OTHER_BANK, "shop", "ABC/1", "closed"),
        (DEPARTMENT, "shop", "ABC/1", "closed"),
        (OTHER_COUNTY, "venue", "V1", "not_of_kind"),
    ],
)
def test_whose_business_it_is_not_is_refused_and_written_down(office, by, kind, key, reason):
    with pytest.raises(NotAllowedError, match="不在本单位范围"):
        raised(office, kind, key, reason, by)
    assert dispute_register.disputes(office.store.ledger) == {}
    (refused,) = office.store.ledger.history("refused")
    assert (refused.by, refused.body["right"]) == (by.name, "dispute")


def test_the_office_writes_down_an_answer_that_came_on_paper_and_says_so(office):
    number = raised(office)
    answer(office.store, number, "admitted", "属实", by=OFFICE)
    dispute = dispute_register.disputes(office.store.ledger)[number]
    scope = Scope(office.store.current().id, JULY)
    assert "办公室按书面答复登记" in dispute_listings.steps(scope, dispute)["said"].iloc[-1]


@pytest.mark.parametrize("by", [OTHER_BANK, COUNTY])
def test_only_whom_it_is_against_may_answer(office, by):
    number = raised(office)
    with pytest.raises(NotAllowedError):
        answer(office.store, number, "admitted", "属实", by=by)
    assert [one.by for one in office.store.ledger.history("refused")] == [by.name]


@pytest.mark.parametrize("by", [BANK, COUNTY, Visitor("领导", "leader")])
def test_only_the_office_may_rule(office, by):
    number = raised(office)
    answer(office.store, number, "admitted", "属实", by=BANK)
    with pytest.raises(NotAllowedError):
        rule(office.store, number, True, "属实", by)


def test_the_office_rules_after_the_answer_or_when_none_came_in_time(office, monkeypatch):
    number = raised(office)
    with pytest.raises(IntakeError, match="待答复"):
        rule(office.store, number, True, "等不及", OFFICE)

    class Later(date):
        @classmethod
        def today(cls):
            return date.today() + timedelta(days=60)

    monkeypatch.setattr(dispute_decisions, "date", Later)
    rule(office.store, number, True, "逾期没有答复", OFFICE)
    found = dispute_register.disputes(office.store.ledger)[number]
    assert [step.sort for step in found.steps] == ["raised", "ruled"]


def test_of_two_who_rule_at_once_the_second_is_told_and_decides_nothing(office):
    first = {"upheld": True, "details": {"county_code": "320707"}}
    for key in ("ABC/1", "ABC/2"):
        number = raised(office, key=key, reason="elsewhere")
        answer(office.store, number, "admitted", "属实", by=BANK)
        steps = [
            partial(rule, office.store, number, sentence="核实过", by=clerk("甲"), **first),
            partial(rule, office.store, number, False, "在本地", clerk("乙")),
        ]
        said = at_once(*steps)
        assert sorted(said)[0] == "" and "裁定，现在是" in max(said) and "请刷新后再看" in max(said)
        ruling = dispute_register.disputes(office.store.ledger)[number].ruling
        assert ruling.by == ("甲", "乙")[said.index("")]
        assert (f"m:{key}" in office.store.ledger.latest("place")) is ruling.body["upheld"]
        assert len(office.store.ledger.history("dispute_ruling")) == int(key[-1])


def test_of_two_answers_at_once_and_two_reopenings_the_second_is_told(office):
    number, others = raised(office), [replace(BANK, name=name) for name in "甲乙"]
    said = at_once(
        *(partial(answer, office.store, number, "admitted", "属实", by=who) for who in others)
    )
    assert sorted(said)[0] == "" and "答复，现在是“待裁定”" in max(said)
    rule(office.store, number, True, "核实过", OFFICE)
    said = at_once(
        partial(reopen, office.store, number, "开着", photo("red"), BANK),
        partial(reopen, office.store, number, "开着", photo("blue"), COUNTY),
    )
    assert sorted(said)[0] == "" and "再次提出，现在是“待答复”" in max(said)
    assert len(office.store.ledger.history("dispute_answer", "dispute_reopened")) == 2


@pytest.mark.parametrize(
    "reason", ["closed", "refuses", "repeated", "elsewhere", "not_of_kind", "other"]
)
def test_what_is_on_record_no_more_can_only_be_dismissed(office, reason):
    kept = raised(office, key="ABC/1", reason=reason)
    answer(office.store, kept, "admitted", "属实", by=BANK)
    (listed,) = [
        one for one in office.store.in_force(office.store.current()) if one.kind == "venues"
    ]
    others = [one for one in office.store.in_force(office.store.current()) if one != listed]
    for one in others:
        intake.withdraw(office.store, one.id, "报错了", OFFICE)
    version = office.store.ledger.version
    details = {"other": "ABC/2", "county_code": "320707"}
    with pytest.raises(IntakeError, match=r"已没有“甲面馆”.*只能裁定不成立，或等报送恢复"):
        rule(office.store, kept, True, "属实", OFFICE, details=details)
    assert office.store.ledger.version == version
    rule(office.store, kept, False, "已撤回", OFFICE)


def test_a_reopened_ruling_stands_where_it_cannot_be_ruled_again(office):
    number = raised(office, reason="elsewhere")
    ruled(office, number, details={"county_code": "320707"})
    reopen(office.store, number, "在本地", photo(), BANK)
    answer(office.store, number, "admitted", "属实", by=BANK)
    with pytest.raises(IntakeError, match="没有县区“999999”"):
        rule(office.store, number, True, "属实", OFFICE, details={"county_code": "999999"})
    assert office.store.ledger.latest("place")["m:ABC/1"].body["county_code"] == "320707"


def test_of_two_answers_in_a_ledger_the_first_holds(office):
    number = raised(office)
    answer(office.store, number, "admitted", "属实", by=BANK)
    again = {"answer": "proven", "sentence": "不属实", "proof": None}
    office.store.ledger.write("dispute_answer", number, again, BANK)
    dispute = dispute_register.disputes(office.store.ledger)[number]
    assert [step.body.get("answer") for step in dispute.steps[1:]] == ["admitted"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"key": "ABC/99"}, "没有“ABC/99”"),
        ({"reason": "wrong_count"}, "没有选质询的理由"),
        ({"by": replace(COUNTY, name=" ")}, "没有填经办人"),
        ({"found_on": date(2999, 1, 1)}, "还没有到"),
        ({"proof": b"GIF89a"}, "JPG、PNG 照片或 PDF"),
        ({"kind": "venue", "key": "", "reason": "unlisted", "fields": {"name": "新"}}, "场所类别"),
    ],
)
def test_what_is_missing_or_wrong_is_said(office, given, said):
    with pytest.raises(IntakeError, match=said):
        raised(office, **given)
    assert dispute_register.disputes(office.store.ledger) == {}


def test_reopening_takes_a_new_proof(office):
    number = raised(office, proof=photo())
    ruled(office, number, False)
    with pytest.raises(IntakeError, match="新的佐证"):
        reopen(office.store, number, "再看", photo(), COUNTY)


# ---- proofs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_photo_is_kept_by_hash_without_place_or_device(office, form):
    exif = Image.Exif()
    exif[0x010F] = "示例相机"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 36.0, 0.0)})
    content = BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, form, exif=exif, comment=b"34.6N 119.2E")
    assert Image.open(BytesIO(content.getvalue())).getexif()
    number = raised(office, proof=content.getvalue())
    digest = dispute_register.disputes(office.store.ledger)[number].steps[0].body["proof"]
    kept = office.store.original(digest)
    assert hashlib.sha256(kept).hexdigest() == digest
    with Image.open(BytesIO(kept)) as picture:
        assert picture.format == form and picture.size == (40, 30)
        assert not picture.getexif() and set(picture.info) <= {
            "jfif", "jfif_version", "jfif_unit", "jfif_density",
        }  # fmt: skip


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    _, kept = proof_files.proof(photo(exif=exif))
    assert Image.open(BytesIO(kept)).size == (30, 40)


def test_of_a_photo_with_pictures_behind_it_the_first_is_kept():
    content = BytesIO()
    further = [Image.new("RGB", (8, 6), "blue")]
    Image.new("RGB", (40, 30), "red").save(content, "MPO", save_all=True, append_images=further)
    name, kept = proof_files.proof(content.getvalue())
    with Image.open(BytesIO(kept)) as picture:
        assert (picture.format, picture.size, name[-4:]) == ("JPEG", (40, 30), ".jpg")
        red, _, blue = picture.getpixel((0, 0))
        assert red > 250 and blue < 5


@pytest.mark.parametrize(
    ("mode", "drawn", "seen"),
    [("1", 0, 0), ("L", 9, 9), ("I;16", 9 * 256, 9), ("LA", (0, 0), 255), ("LA", (9, 255), 9),
     ("P", 0, 255), ("RGB", (9, 9, 9), 9), ("RGBA", (0,) * 4, 255), ("RGBA", (9, 9, 9, 255), 9)],
)  # fmt: skip
def test_a_picture_of_any_form_is_kept_as_it_is_seen_on_white_paper(mode, drawn, seen):
    content = BytesIO()
    options = {"transparency": 0} if mode == "P" else {}
    Image.new(mode, (4, 3), drawn).save(content, "PNG", **options)
    _, kept = proof_files.proof(content.getvalue())
    assert Image.open(BytesIO(kept)).getpixel((0, 0)) == (seen,) * 3


def test_a_pdf_is_kept_as_it_is_and_known_by_its_content():
    content = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
    name, kept = proof_files.proof(content)
    assert kept == content and name == hashlib.sha256(content).hexdigest() + ".pdf"


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 and no end", b"<html>%PDF-1.7 %%EOF</html>", photo()[:200], b"MZ\x90",
     b"%PDF-1.7" + b" " * proof_files.MOST_BYTES + b"%%EOF"],
    ids=["empty", "cut", "html", "half a photo", "program", "too large"],
)  # fmt: skip
def test_anything_else_is_refused(content):
    with pytest.raises(FileUnreadableError):
        proof_files.proof(content)


# ---- what an upheld dispute does ----------------------------------------------------------------


def test_a_closed_shop_counts_no_more_from_the_day_on(office):
    ruled(office, raised(office))
    was, now = before_and_after(office, MID - timedelta(days=1), MID)
    assert was.eligible and was.verified and was.state == "active"
    assert not now.eligible and now.state == "closed"


@pytest.mark.parametrize("reason", ["refuses", "photo"])
def test_a_shop_is_not_verified_from_the_day_on_until_it_is_inspected_later(office, reason):
    ruled(office, raised(office, reason=reason))
    before = MID - timedelta(days=1)
    assert verified(office, before, MID, JULY, AUGUST) == [True, False, False, False]
    was, now = before_and_after(office, before, MID)
    assert was.paid and was.active and not now.paid and not now.active
    assert now.eligible and now.contracted and now.opened == was.opened
    again = SHOPS[0] | {"巡检日期": "2025-08-10"}
    office.states(AUGUST, again, *SHOPS[1:3])
    assert verified(office, MID, date(2025, 8, 9), date(2025, 8, 10), AUGUST) == [
        False, False, True, True,
    ]  # fmt: skip
    assert verified(office, MID, JULY, number="2") == [True, True]


def test_what_is_not_of_this_kind_is_not_in_the_denominator_from_the_day_on(office):
    ruled(office, raised(office, reason="not_of_kind"))
    was, now = before_and_after(office, MID - timedelta(days=1), MID)
    assert was.eligible and not now.eligible


@pytest.mark.parametrize("reason", ["closed", "not_of_kind"])
def test_what_befalls_a_shop_befalls_its_records_of_every_bank(office, reason):
    office.states(JULY, SHOPS[0] | {"商户编号": "9"}, sender=OTHER)
    office.store.ledger.write("same_shop", "ABC/1|ABC/2", {"same": True}, OFFICE)
    ruled(office, raised(office, reason=reason))
    eligible = {key[1:]: row.eligible for key, row in office.by_day(MID).items()}
    assert eligible == {
        ("1",): False, ("2",): False, ("9", OTHER): False, ("3",): True, ("4",): True,
    }  # fmt: skip


def test_what_is_not_verified_is_the_record_that_is_questioned(office):
    office.states(JULY, SHOPS[0] | {"商户编号": "9"}, sender=OTHER)
    ruled(office, raised(office, reason="refuses"))
    now = {key[1:]: row.verified for key, row in office.by_day(MID).items()}
    assert not now[("1",)] and now[("9", OTHER)]


def test_a_ruling_follows_the_shop_whose_number_comes_to_stand_for_two(office):
    ruled(office, raised(office))
    twins = [SHOPS[0], SHOPS[0] | {"商户名称": "戊新店"}, *SHOPS[1:3]]
    assert office.assesses(AUGUST, *twins).lost == {}
    office.states(AUGUST, *twins)
    rows = office.store.current().frame("events")
    closed = rows.loc[rows["event"] == "closed", "record_key"].str.removeprefix("m:")
    shops = office.store.current().frame("merchants").set_index("merchant_key")["name"]
    assert shops[list(closed)].to_list() == ["甲面馆"]


@pytest.mark.parametrize("reason", ["closed", "elsewhere"])
def test_what_a_new_version_has_no_record_of_is_told_before_it_is_published(office, reason):
    number = raised(office, reason=reason)
    ruled(office, number, details={"county_code": "320707"})
    assert office.assesses(AUGUST, *SHOPS[:3]).lost == {}
    renamed = [SHOPS[0] | {"商户名称": name} for name in ("己新店", "戊新店")]
    for one in office.store.in_force(office.store.current()):
        if one.kind == "merchants" and one.as_at == JUNE:
            intake.withdraw(office.store, one.id, "报错了", OFFICE)
    lost = office.assesses(JULY, *renamed, *SHOPS[1:3]).lost
    assert list(lost) == [number]
    said = dispute_listings.lost(lost)
    assert said.startswith("1 项成立的质询") and f"{number} 甲面馆（ABC/1）" in said


def test_two_records_become_one_shop_and_two_again_when_it_is_dismissed(office):
    number = raised(office, reason="repeated")
    ruled(office, number, details={"other": "ABC/2"})

    def shops():
        rows = office.store.current().frame("merchants")
        return rows["shop_key"].nunique()

    assert shops() == 3
    reopen(office.store, number, "不是一家", photo(), BANK)
    ruled(office, number, False)
    assert shops() == 4


def test_a_shop_elsewhere_counts_nowhere_and_comes_back_when_it_is_dismissed(office):
    number = raised(office, reason="elsewhere")
    ruled(office, number, details={"county_code": ""})
    assert not before_and_after(office, JULY)[0].eligible
    reopen(office.store, number, "在本地", photo(), BANK)
    ruled(office, number, False)
    back = before_and_after(office, JULY)[0]
    assert back.eligible and back.county_code == "320706"


def test_a_shop_goes_to_the_county_that_was_found(office):
    ruled(office, raised(office, reason="elsewhere"), details={"county_code": "320707"})
    assert office.on(JULY)["1"].county_code == "320707"


def test_another_denominator_holds_from_the_day_until_a_later_one(office):
    number = raised(office, "denominator", "V1", "wrong_count", DEPARTMENT)
    ruled(office, number, details={"eligible_count": 20, "grade": "A"})

    (row,) = office.store.current().frame("venues").to_dict("records")
    assert (row["eligible_count"], row["eligible_grade"]) == (20, "A")
    assert row["eligible_source"] == f"质询裁定 {number}" and row["eligible_on"] == pd.Timestamp(
        MID
    )
    counts = office.store.current().frame("denominators").sort_values("stated_on")
    assert counts["eligible_count"].to_list() == [3, 20]
    later = LISTED | {"应覆盖商户数": "5", "分母日期": "2025-08-05"}
    office.lists(AUGUST, venue("V1", 县区="海州区", **later))
    now = office.store.current()
    held = pd.concat([now.frame("venues_before"), now.frame("venues")]).sort_values("since")
    held = held.sort_values("until")
    days = held["until"].dt.strftime("%m-%d").fillna("")
    assert list(zip(held["eligible_count"], days, strict=True)) == [
        (3, "07-14"), (20, "08-04"), (5, ""),
    ]  # fmt: skip


def test_a_venue_not_of_this_kind_leaves_the_register_on_the_day(office):
    ruled(office, raised(office, "venue", "V1", "not_of_kind"))
    (row,) = office.store.current().frame("venues").to_dict("records")
    assert row["delisted_on"] == pd.Timestamp(MID)


def test_a_venue_that_was_left_out_joins_the_register_on_the_day(office):
    fields = {
        "name": "新建农贸市场", "kind_id": "K05", "county_code": "320706",
        "address": "海州区新浦街道解放中路9号", "operator_id": "ABC", "eligible_count": 7,
    }  # fmt: skip
    number = raised(office, "venue", "", "unlisted", fields=fields)
    ruled(office, number)
    venues = office.store.current().frame("venues").set_index("venue_id")
    row = venues.loc[number]
    assert (row["name"], row["county_code"], row["tier"]) == ("新建农贸市场", "320706", "A2")
    assert row["listed_on"] == pd.Timestamp(MID) and row["eligible_count"] == 7
    named = shop("9", 商户名称="新市场豆制品", 签约日期="2025-07-20", 所属特定区域="新建农贸市场")
    office.states(AUGUST, *SHOPS[:3], named)
    assert office.on(AUGUST)["9"].venue_id == number


def test_a_venue_left_out_of_a_zone_is_told_by_its_address(office):
    fields = {"name": "新市场", "kind_id": "K05", "county_code": "320703"}
    zone = Visitor("徐圩庚", "county", "XUWEI")
    for address in ("连云区墟沟街道海棠路1号", "江苏大道1号"):
        with pytest.raises(IntakeError, match="写明乡镇街道（徐圩街道、东辛农场）"):
            raised(office, "venue", "", "unlisted", zone, fields=fields | {"address": address})
    told = fields | {"address": "徐圩街道江苏大道1号"}
    number = raised(office, "venue", "", "unlisted", zone, fields=told)
    assert dispute_register.disputes(office.store.ledger)[number].subject.zone_id == "XUWEI"


@pytest.mark.parametrize(("county", "code"), [("海州区", "320706"), ("全市", "")])
def test_a_figure_is_the_one_that_was_found(office, county, code):
    row = {
        "月份": "2025-06",
        "县区": county,
        "运营机构": "农行",
        "指标": "个人钱包",
        "数值": "900",
    }
    path = office.file([row])
    opened = opened_tables.opened([path], "indicators", sender="农业银行", as_at=JUNE)
    found = intake.assess(opened, store=office.store, sender="农业银行")
    intake.publish(found, office.store, OFFICE)
    (figure,) = office.store.current().frame("indicators").to_dict("records")
    key = f"2025-06-01|{code}|ABC|{figure['indicator_id']}"
    number = raised(office, "figure", key, "wrong_figure", BANK)
    ruled(office, number, details={"value": 650})
    assert office.store.current().frame("indicators")["value"].to_list() == [650]


def test_what_is_dismissed_or_only_recorded_changes_nothing(office):
    before = office.hash
    ruled(office, raised(office), False)
    ruled(office, raised(office, reason="other"))
    assert office.hash == before


def test_a_reopened_ruling_holds_until_the_next_and_then_leaves_no_trace(office):
    before, number = office.hash, raised(office, reason="refuses")
    ruled(office, number)
    upheld = office.hash
    reopen(office.store, number, "有新证据", photo(), BANK)
    intake.fold(office.store, OFFICE)
    assert office.hash == upheld != before
    ruled(office, number, False)
    assert office.hash == before


def test_the_version_follows_from_statements_and_rulings_not_from_their_order(office, tmp_path):
    first, second = raised(office, reason="refuses"), raised(office, key="ABC/2")
    ruled(office, first)
    ruled(office, second)
    known = office.hash
    assert intake.rebuild(office.store, OFFICE).manifest["content_hash"] == known
    statements = office.store.in_force(office.store.current())
    drafted = intake.draft(in_force([], statements[::-1]), office.store, office.store.ledger)
    straight = intake.draft(statements, office.store, office.store.ledger)
    assert straight.content.fingerprint() == drafted.content.fingerprint()


def test_what_is_shown_before_publishing_is_what_comes(office):
    base = office.store.current()
    number = raised(office, reason="refuses")
    answer(office.store, number, "admitted", "属实", by=BANK)
    rule(office.store, number, True, "核实过", OFFICE)
    drafted = intake.draft(office.store.in_force(base), office.store, office.store.ledger)
    effects, ranks = candidate.effects(base, drafted)
    last = effects.days.iloc[0]
    assert (last["verified_before"], last["verified"]) == (4, 3)
    assert (last["covered_before"], last["covered"]) == (1, 1)  # of three shops two are enough
    again = raised(office, key="ABC/2", reason="refuses")
    answer(office.store, again, "admitted", "属实", by=BANK)
    rule(office.store, again, True, "核实过", OFFICE)
    drafted = intake.draft(office.store.in_force(base), office.store, office.store.ledger)
    effects, ranks = candidate.effects(base, drafted)
    assert (effects.days.iloc[0]["covered_before"], effects.days.iloc[0]["covered"]) == (1, 0)
    row = ranks[ranks["area_id"] == "320706"].iloc[0]
    assert (row["share_before"], row["share"]) == (1.0, 0.0)
    intake.fold(office.store, OFFICE)
    assert verified(office, JULY) == [False] and verified(office, JULY, number="2") == [False]
