"""Assessing: what an upload would change is shown before anything changes, and then is so."""

from datetime import date
from itertools import permutations

import pytest

from domain.visitors import clerk
from geo.place_names import county_name
from loaders import intake
from loaders.decisions import place_review
from loaders.decisions.place_candidates import chosen
from loaders.reading import opened_tables
from loaders.senders import send_backs, sender_memory
from loaders.senders.sender_memory import Reading
from store import snapshot_store
from tests.support import messy
from tests.support.bank_files import AS_AT, HEADER, write
from tests.support.linked_stores import linked_copy

JULY = date(2026, 7, 31)
BANK, DEPARTMENT = "工商银行", "市商务局"
HEAD = ["商户编号", "银行", "商户名称", "经营地址", "签约日期"]
SHOPS = [
    [f"S{n}", "工行", f"第{n}便利店", f"海州区新浦街道海连中路{n}号", "2024-03-05"]
    for n in range(1, 11)
]


@pytest.fixture
def home(tmp_path):
    return snapshot_store.Store(tmp_path / "store")


@pytest.fixture
def assess(home, tmp_path):
    """Assess rows as a file of `sender`, whose columns a person has confirmed."""

    def assess(rows, sender=BANK, header=HEAD, whole=True, as_at=AS_AT):
        path = write(tmp_path / "来件", [header, *rows], "xlsx")
        opened = opened_tables.opened([path], as_at=as_at)
        columns = sender_memory.columns(opened[0].source.layout)
        kind = opened[0].source.layout.kind
        sender_memory.confirm(
            home.ledger, sender, Reading(kind, columns, "wgs84", whole), clerk("甲")
        )
        return intake.assess(opened, store=home, sender=sender)

    return assess


def publish(home, found):
    return intake.publish(found, home, clerk("甲"))


def changes(found, kind="merchants"):
    rows = found.changes[kind]
    return rows["change"].mask(rows["gone"], "gone").value_counts().to_dict()


def test_the_first_month_is_all_new(assess):
    assert changes(assess(SHOPS)) == {"new": 10}


def test_new_changed_and_gone_are_told_apart(home, assess):
    publish(home, assess(SHOPS))
    renamed = [*SHOPS[1][:2], "换了名的店", *SHOPS[1][3:]]
    extra = ["S11", "工行", "新来的店", "赣榆区青口镇黄海路3号", "2024-04-01"]
    found = assess([SHOPS[0], renamed, *SHOPS[2:8], extra], as_at=JULY)
    assert changes(found) == {"new": 1, "changed": 1, "gone": 2, "same": 7}


def test_a_part_of_the_list_makes_nothing_gone(home, assess):
    publish(home, assess(SHOPS))
    assert changes(assess(SHOPS[:2], whole=False, as_at=JULY)) == {"same": 10}


def test_a_full_list_speaks_for_its_own_sender_only(home, assess):
    publish(home, assess(SHOPS))
    other = [["D1", "工行", "商务局报的店", "海州区新浦街道海连中路99号", "2024-03-05"]]
    publish(home, assess(other, sender=DEPARTMENT))
    found = assess(SHOPS, as_at=JULY)
    assert changes(found) == {"same": 11}
    theirs = found.changes["merchants"].query("theirs")
    assert set(theirs["key"]) == {f"ICBC/S{n}" for n in range(1, 11)}


def test_what_was_sent_before_senders_were_told_is_the_bank_s(home, assess, tmp_path):
    opened = opened_tables.opened([write(tmp_path / "旧", [HEAD, *SHOPS], "xlsx")], as_at=AS_AT)
    publish(home, intake.assess(opened, store=home))
    assert changes(assess(SHOPS[:9], as_at=JULY)) == {"same": 9, "gone": 1}


def test_gone_records_stay_until_someone_says_that_they_closed(home, assess):
    publish(home, assess(SHOPS))
    snapshot = publish(home, assess(SHOPS[:5], as_at=JULY))
    assert len(snapshot.frame("merchants")) == 10


def test_a_list_of_the_same_day_replaces_the_one_before(home, assess):
    publish(home, assess(SHOPS))
    found = assess(SHOPS[:5])
    assert [one.title for one in found.replaced] == ["来件.xlsx 商户"]
    assert len(publish(home, found).frame("merchants")) == 5


def test_one_shop_under_two_numbers_is_shown(home, assess):
    publish(home, assess(SHOPS))
    twin = ["S99", *SHOPS[0][1:]]
    pairs = assess([*SHOPS, twin]).duplicates
    assert pairs[["how", "merchant_id", "other_key"]].values.tolist() == [
        ["name_address", "S99", "ICBC/S1"]
    ]


def test_the_demo_is_nothing_to_compare_with(demo_store, assess, home, use_store):
    demo = snapshot_store.Store(demo_store)
    opened = assess(SHOPS).opened
    found = intake.assess(opened, store=demo, sender=BANK)
    assert found.base is None and changes(found) == {"new": 10}


def test_rows_of_another_bank_are_pointed_out(assess):
    assert assess(SHOPS).other_banks == {}
    assert assess(SHOPS, sender="农业银行").other_banks == {"工商银行": 10}
    assert assess(SHOPS, sender=DEPARTMENT).other_banks == {}


# ---- sent back and corrected -------------------------------------------------------------------

WRONG = [[*SHOPS[0][:4], "2024.13.1"], [*SHOPS[1][:4], "待定"], SHOPS[2]]


def sent_back(home, assess, tmp_path, **cells):
    """What the sender gets back, corrected in `cells` (row of the sheet, from 2): new date."""
    import openpyxl

    found = assess(WRONG)
    publish(home, found)
    path = tmp_path / "退回.xlsx"
    path.write_bytes(send_backs.send_back(found, home.ledger, clerk("甲")))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    for row, day in cells.items():
        sheet[f"E{row[1:]}"].value = day
    book.save(path)
    known = sender_memory.recall(home.ledger, BANK)
    return opened_tables.opened([path], known=known, sender=BANK, as_at=AS_AT)


def test_a_corrected_send_back_is_recognised(home, assess, tmp_path):
    opened = sent_back(home, assess, tmp_path, _2="2024-01-13")
    assert opened[0].questions == ()  # the column of reasons is no new column
    found = intake.assess(opened, store=home, sender=BANK)
    assert len(found.corrections) == 1
    assert "退回 2 行，本次收到 2 行，其中 1 行通过，1 行仍有问题" in found.corrections[0]
    assert changes(found) == {"new": 1, "same": 1}  # though whole lists are expected: none is gone
    snapshot = publish(home, found)
    assert sorted(snapshot.frame("merchants")["merchant_id"]) == ["S1", "S3"]


def test_who_sent_back_what_is_written_down(home, assess):
    found = assess(WRONG)
    send_backs.send_back(found, home.ledger, clerk("乙"))
    (entry,) = home.ledger.history("return")
    assert (entry.by, entry.body["sender"], len(entry.body["rows"])) == ("乙", BANK, 2)


def test_a_send_back_that_nobody_sent_is_said_to_be_none(home, assess):
    header = [*HEAD, "退回原因（退回单 R0123456789）"]
    found = assess([[*SHOPS[0], "第 2 行：没有"]], header=header)
    assert found.corrections == ("文件里的退回单 R0123456789 不是从这里发出的，按普通文件处理",)


# ---- answers hold ------------------------------------------------------------------------------

DISPUTED = ["S1", "工行", "有争议的店", "赣榆区青口镇黄海路3号", "119.22", "34.60", "WGS84"]
POINTS = [*HEADER[:7]]


def settle(home, county, town):
    frames = place_review.doubtful(home.current())
    rows = place_review.queue(frames, home.ledger.latest(place_review.TOPIC))
    place_review.answer(home.ledger, rows, clerk("甲"), chosen(rows, county, town))


def test_an_answer_holds_for_every_later_import(home, assess):
    found = assess([DISPUTED], header=POINTS)
    assert found.counts()["in_review"] == 1
    publish(home, found)
    settle(home, "320707", "320707100")
    found = assess([DISPUTED], header=POINTS, as_at=JULY)
    assert found.counts()["in_review"] == 0
    assert found.counts()["located_by"] == {"human": 1}
    record = publish(home, found).frame("merchants").iloc[0]
    assert (county_name(record["county_code"]), record["town_code"]) == ("赣榆区", "320707100")
    assert record["method"] == "human" and not record["in_review"]


def test_answers_are_folded_into_the_version_in_force(home, assess):
    first = publish(home, assess([DISPUTED], header=POINTS))
    settle(home, "320707", "320707100")
    second = intake.fold(home, clerk("乙"))
    assert second.frame("merchants")["method"].tolist() == ["human"]
    assert (second.manifest["created_by"], second.manifest["parent"]) == ("乙", first.id)
    assert first.manifest["ledger_version"] < second.manifest["ledger_version"]
    assert second.manifest["statements"] == first.manifest["statements"]


def test_what_is_decided_after_the_assessment_is_published_with_it(home, assess):
    first = publish(home, assess([DISPUTED], header=POINTS))
    assert intake.fold(home, clerk("甲")) == first  # nothing was decided: as it was assessed
    found = assess([DISPUTED], header=POINTS, as_at=JULY)
    settle(home, "320707", "320707100")
    second = publish(home, found)
    assert second.frame("merchants")["method"].tolist() == ["human"]
    assert intake.fold(home, clerk("甲")) == second


def test_rolling_back_restores_every_number_and_says_who_did_it(home, assess):
    first = publish(home, assess(SHOPS))
    content = first.manifest["content_hash"]
    publish(home, assess(SHOPS[:3], as_at=JULY))
    assert intake.roll_back(home, first.id, clerk("丙"))[0].manifest["content_hash"] == content
    assert home.current() == first
    (entry,) = home.ledger.history("force")
    assert (entry.subject, entry.by) == (first.id, "丙")


def test_what_was_tried_on_the_demo_never_touches_real_records(demo_store, home, assess):
    linked_copy(demo_store, home.path)
    trial = home.ledger_of(home.current())
    frames = place_review.doubtful(home.current())
    rows = place_review.queue(frames, trial.latest(place_review.TOPIC))
    place_review.answer(trial, rows, clerk("甲"), chosen(rows, "320707", "320707100"))
    assert "human" in set(intake.fold(home, clerk("甲")).frame("merchants")["method"])
    assert home.ledger.latest(place_review.TOPIC) == {}
    publish(home, assess([DISPUTED], header=POINTS))
    assert home.ledger_of(home.current()).latest(place_review.TOPIC) == {}


# ---- nothing is lost between files -------------------------------------------------------------


def test_a_record_that_two_files_of_a_day_tell_stands_once_in_any_order(tmp_path):
    other = [SHOPS[0][0], "工行", "换了名的店", *SHOPS[0][3:]]
    paths = [
        write(tmp_path / name, [HEAD, row], "xlsx")
        for name, row in [("一", SHOPS[0]), ("二", other)]
    ]
    versions = []
    for place, order in enumerate(permutations(paths)):
        home = snapshot_store.Store(tmp_path / f"{place}")
        found = intake.assess(opened_tables.opened(order, as_at=AS_AT), store=home)
        assert (found.rows, found.counts()["accepted"]) == (2, 2)
        versions.append(publish(home, found))
    assert len({one.manifest["content_hash"] for one in versions}) == 1
    assert versions[0].frame("merchants")["name"].tolist() == ["换了名的店"]


def test_rows_of_one_day_that_contradict_each_other_name_each_other(home, tmp_path):
    moved = [HEAD, ["S1", "工行", "第1便利店", "赣榆区青口镇黄海路3号", "2024-03-05"], SHOPS[1]]
    path = messy.workbook(("9月", [HEAD, *SHOPS[:3]]), ("10月", moved))(tmp_path)
    found = intake.assess(opened_tables.opened([path], as_at=AS_AT), store=home)
    told = found.contradicted.set_index("sheet")["reason"]
    assert found.contradicted["row"].tolist() == [2, 2]
    assert told["9月"].startswith("与“来件.xlsx 10月”第 2 行的地址、县区、乡镇街道不同，以这一行")
    assert told["10月"].startswith("与“来件.xlsx 9月”第 2 行的地址、县区、乡镇街道不同，以那一行")
    assert [sheet.in_review["reason"].tolist() for sheet in found.sheets] == [
        [told["9月"]],
        [told["10月"]],
    ]
    publish(home, found)
    again = intake.assess(
        opened_tables.opened([write(tmp_path / "更正", moved, "csv-utf8")], as_at=AS_AT), store=home
    )
    (said,) = again.contradicted["reason"]
    assert "第 2 行的地址、县区、乡镇街道不同" in said
    later = intake.assess(opened_tables.opened([path], as_at=JULY), store=home)
    assert len(later.contradicted) == 2, "of another day, it contradicts only itself"


def test_two_departments_may_number_their_shops_alike(home, assess):
    head = ["商户编号", "商户名称", "经营地址"]
    publish(home, assess([["1", "甲店", "海州区"]], sender="市商务局", header=head))
    snapshot = publish(home, assess([["1", "乙馆", "赣榆区"]], sender="市文广旅局", header=head))
    assert sorted(snapshot.frame("merchants")["merchant_key"]) == ["市商务局/1", "市文广旅局/1"]


def test_a_sender_of_one_kind_may_send_another(home, assess, tmp_path):
    assess(SHOPS, sender="海州区")
    header = ["区域编号", "名称", "类别", "应覆盖商户数"]
    path = write(tmp_path / "名录", [header, ["V1", "新浦市场", "农贸市场", 20]], "xlsx")
    known = sender_memory.recall(home.ledger, "海州区")
    (one,) = opened_tables.opened([path], known=known, sender="海州区", as_at=AS_AT)
    assert one.source.layout.kind == "venues" and one.questions == ()
