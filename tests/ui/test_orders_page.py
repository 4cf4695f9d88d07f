"""督办 without a browser: issued from any page, shown to its unit, and ended by the data."""

import io
import shutil
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from domain.order_rules import Until
from domain.visitors import Visitor, clerk
from loaders.decisions import dispute_decisions, order_decisions
from presentation import front_wording, order_proposals
from queries import proposals
from queries.scope import Scope
from store import order_register
from store.snapshot_store import Store
from tests.support.issued_orders import kept, order, task
from tests.support.linked_stores import linked_copy
from tests.support.pages import open_as, press, text_of
from tests.support.stated import JUNE, Office, shop, venue
from ui import page_downloads
from ui.supervision_orders.order_link import About

OFFICE, LEADER = clerk("办公室甲"), Visitor("市领导", "leader")
BANK, OTHER = Visitor("农行乙", "bank", "ABC"), Visitor("江苏银行丙", "bank", "JSB")
COUNTY = Visitor("海州丁", "county", "320706")
ROW = {"商户名称": "甲面馆", "签约日期": "2025-01-05", "所属特定区域": "V1"}
TODAY = date.today()


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A market with marks of Markdown and HTML in its name, whose only shop is not verified."""
    office = Office(tmp_path_factory.mktemp("told"))
    office.lists(
        JUNE,
        venue("V1", 区域名称="<b>甲</b>*市*场", 县区="海州区", 应覆盖商户数="1", 责任银行="农行"),
        venue("V2", 区域名称="乙市场", 县区="赣榆区", 应覆盖商户数="2", 责任银行="农行"),
        venue("V3", 区域名称="丙市场", 县区="海州区", 应覆盖商户数="", 责任银行="农行"),
    )
    office.states(JUNE, shop("1", **ROW))
    return office


@pytest.fixture
def office(told, tmp_path, use_store, trusted_header):
    shutil.copytree(told.folder, tmp_path, dirs_exist_ok=True)
    use_store(tmp_path / "store")
    return Office(tmp_path, files=told.files)


def page(who, part="未销号", **query):
    app = open_as(who, "supervision_orders", order_part=part, **query)
    assert not app.exception and not app.error
    return app


def chosen(app, key):
    """The page with the first row of a table chosen."""
    rows = {"rows": [0], "columns": [], "cells": []}
    app.session_state[key] = {"selection": rows}
    app.run()
    assert not app.exception and not app.error
    return app


def numbers(app):
    return [n for table in app.dataframe if "编号" in table.value for n in table.value["编号"]]


def issued(office, kind="venue", key="V1"):
    """An order as it is proposed, issued by the office."""
    snapshot = office.store.current()
    proposed = order_proposals.proposal(Scope(snapshot.id, JUNE), kind, key)
    return order_decisions.issue(office.store, proposed, OFFICE)


def linked(kind, key, who=OFFICE, **question):
    """The form as a link from another page opens it, perhaps with what a question hands on."""
    app = page(who, "新督办单")
    app.session_state["_order_about"] = About(kind, key, **question)
    app.session_state["order_kind"] = kind
    return app.run()


def test_a_link_fills_in_the_form_and_what_is_edited_is_issued(office):
    app = linked("venue", "V1")
    assert not app.exception and not app.error
    matter = next(box for box in app.text_area if box.label == "督办事项")
    assert matter.value == "<b>甲</b>*市*场（V1）应覆盖 1 家，已验证 0 家，还差 1 家才达标。"
    to = next(box for box in app.selectbox if box.label == "办理单位")
    assert to.value == ("bank", "ABC")
    to.select(("county", "320706"))
    matter.input("甲市场月底前补齐。")
    next(box for box in app.date_input if box.label == "办理期限").set_value(TODAY)
    press(app, "签发")
    number = f"督〔{TODAY.year}〕1号"
    assert f"已签发 {number}，主送海州区。" in app.success[0].value.replace("\\", "")
    (one,) = order_register.orders(office.store.ledger).values()
    assert (one.number, one.issued.by) == (number, OFFICE.name)
    asked = one.task
    assert (asked.role, asked.unit, asked.matter, asked.due_on) == (
        "county", "320706", "甲市场月底前补齐。", TODAY)  # fmt: skip
    assert asked.code and asked.stamp and asked.figures[0].label == "应覆盖"
    assert number in text_of(linked("venue", "V1"))  # there is one already


def box(app, label):
    """The cell of the form that is called so."""
    kinds = ("text_area", "selectbox", "date_input")
    return next(one for kind in kinds for one in app.get(kind) if one.label.startswith(label))


@pytest.mark.parametrize(
    ("by_link", "order"),
    [(True, ["paper", "sign", "cells", "choice", "list"]),
     (False, ["list", "choice", "paper", "sign", "cells"])],
)  # fmt: skip
def test_whoever_comes_by_a_link_reads_the_letter_and_signs_before_anything_else(
    office, by_link, order
):
    app = linked("venue", "V1") if by_link else page(OFFICE, "新督办单")
    if not by_link:
        app.segmented_control(key="order_kind").set_value("venue").run()
        box(app, "场所缺口").select("V1").run()
    assert not app.exception
    every = [str(getattr(one, "label", "") or getattr(one, "value", "")) for one in app.main]
    marks = {"签发后，纸上这样写：": "paper", "签发": "sign", "督办事项": "cells",
             "场所缺口（所选范围 2 项）": "choice", "所选范围没有督办单": "list"}  # fmt: skip
    assert [marks[one] for one in every if one in marks] == order


def test_a_question_hands_on_its_deadline_and_what_it_promised(office):
    due = TODAY + timedelta(40)
    app = linked("confirm", "320706", due=due, effect="名次可由第 2 升到第 1")
    assert box(app, "办理单位").value == ("county", "320706")
    assert box(app, "办理期限").value == due
    effect = "预计效果：名次可由第 2 升到第 1。"
    matter = f"海州区 1 个场所没有应覆盖数，不能判定是否达标：丙市场。{effect}"
    assert box(app, "督办事项").value == matter
    press(app, "签发")
    (one,) = order_register.orders(office.store.ledger).values()
    assert (one.task.due_on, one.task.matter, one.task.unit) == (due, matter, "320706")
    assert one.task.until == Until("confirmed", "320706", venues=("V3",))
    app = chosen(page(COUNTY), "orders_未销号")
    assert numbers(app) == [one.number] and "要核定的场所：V3" in text_of(app)


ORDERS = {"venue": ("venue", "才达标。"), "confirm": ("confirm", "没有应覆盖数"),
          "renew": ("late", "只报到")}  # fmt: skip


@pytest.mark.parametrize("place", [0, 1])
def test_the_questions_of_the_front_page_open_their_orders(
    demo_store, tmp_path, use_store, trusted_header, place
):
    use_store(linked_copy(demo_store, tmp_path / "demo"))
    snapshot = Store(tmp_path / "demo").current()
    scope = Scope(snapshot.id, date.fromisoformat(snapshot.manifest["as_of"]))
    one = [one for one in proposals.proposals(scope) if one.sort != "plan"][place]
    sort, (kind, said) = one.sort, ORDERS[one.sort]
    app = open_as(OFFICE, "overview")
    button = next(button for button in app.button if button.key == f"open-{sort}")
    assert button.label == "督办单"
    button.click().run()
    assert not app.exception
    effect = "" if sort == "renew" else front_wording.decision(one).effect
    assert app.session_state["_order_about"] == About(kind, one.subject_id, one.due, effect)
    matter = box(app, "督办事项").value
    assert said in matter and matter.endswith(f"。预计效果：{effect}。" if effect else "。")
    assert sort != "renew" or f"{one.more} 个达标场所陆续退出：" in matter
    others = open_as(Visitor("发改委乙", "department", "U16"), "overview")
    labels = [button.label for button in others.button if button.key == f"open-{sort}"]
    assert len(labels) == 1 and labels[0].startswith("看")
    asked = order_proposals.proposal(scope, kind, one.subject_id)
    number = order_decisions.issue(Store(tmp_path / "demo"), asked, OFFICE)
    after = open_as(OFFICE, "overview")
    assert [one.label for one in after.button if one.key == f"open-{sort}"] == ["看办理"]
    assert f"已发 {number}" in "".join(one.value for one in after.get("html"))


def test_a_deadline_that_has_passed_is_not_proposed(office):
    app = linked("confirm", "320706", due=TODAY - timedelta(1))
    assert box(app, "办理期限").value > TODAY


def test_what_the_letter_will_say_is_read_before_it_is_issued(office):
    app = linked("confirm", "320706")
    text = text_of(app)
    for said in ("海州区人民政府：", "丙市场", "办理要求：逐个场所核定应覆盖商户数",
                 "督办事项所说的 1 个场所，应覆盖数都已核定，或已移出名录"):  # fmt: skip
        assert said in text.replace("\\", ""), said
    version = office.store.current().id
    assert len([one for one in app.caption if version in one.value.replace("\\", "")]) == 1
    assert not any(version in str(table.value) for table in app.table)
    box(app, "督办事项").input("丙市场这个月核定。")
    press(app, "看改后的文稿")
    assert "督办事项：丙市场这个月核定。" in text_of(app)
    assert order_register.orders(office.store.ledger) == {}


@pytest.mark.parametrize(("area", "count"), [("全市", 2), ("海州区", 1), ("东海县", 0)])
def test_what_may_be_ordered_is_counted_in_the_scope(office, area, count):
    app = page(OFFICE, "新督办单", area=area)
    app.session_state["order_kind"] = "venue"
    app.run()
    if count:
        found = box(app, "场所缺口")
        assert found.label == f"场所缺口（所选范围 {count} 项）" and len(found.options) == count
    else:
        assert "这一类现在没有要督办的。" in text_of(app)


def test_a_share_may_be_stated_for_an_area_and_a_leader_may_sign(office):
    app = linked("area", "320706", LEADER)
    share = next(box for box in app.number_input if box.label.startswith("达标率达到多少"))
    share.set_value(50.0)
    press(app, "签发")
    (one,) = order_register.orders(office.store.ledger).values()
    assert (one.task.until.share, one.issued.by) == (0.5, LEADER.name)


@pytest.mark.parametrize("stem", ["county_ranking", "gap_list"])
def test_a_row_that_is_chosen_offers_an_order_to_whoever_may_issue_one(office, stem):
    for who, offered in ((OFFICE, True), (LEADER, True), (COUNTY, False), (BANK, False)):
        app = open_as(who, stem)
        key = "gap_venues"
        if stem == "county_ranking":
            key = f"why_county_{JUNE}_management__{'ABC' if who is BANK else ''}"
        chosen(app, key)
        assert ("发督办单" in [one.label for one in app.button]) is offered, who


def test_a_dispute_that_waits_for_an_answer_can_be_ordered_until_it_is_answered(office):
    number = dispute_decisions.raise_dispute(
        office.store, "shop", "ABC/1", "refuses", "不会收", by=COUNTY, found_on=JUNE
    )
    app = chosen(open_as(OFFICE, "disputes", dispute_part="待答复"), "disputes_待答复")
    assert "发督办单" in [one.label for one in app.button]
    order_number = issued(office, "dispute", number)
    assert numbers(page(BANK)) == [order_number]
    dispute_decisions.answer(office.store, number, "proven", "会收", by=BANK)
    app = page(BANK, "已销号")
    assert numbers(app) == [order_number]
    assert TODAY in list(app.dataframe[0].value["销号日期"])


def test_an_upheld_dispute_of_a_shop_is_done_when_its_venue_is_covered(office):
    number = dispute_decisions.raise_dispute(
        office.store, "shop", "ABC/1", "refuses", "不会收", by=COUNTY, found_on=JUNE
    )
    dispute_decisions.answer(office.store, number, "admitted", "属实", by=BANK)
    scope = Scope(office.store.current().id, JUNE)
    assert order_proposals.proposal(scope, "dispute", number) is None  # waits for the ruling
    dispute_decisions.rule(office.store, number, True, "属实", OFFICE)
    asked = order_proposals.proposal(scope, "dispute", number)
    assert (asked.until.condition, asked.until.key, asked.unit) == ("venue_covered", "V1", "ABC")


def test_everybody_is_shown_their_own_and_everybody_counts_the_same(office):
    number = issued(office)
    for who, shown in ((OFFICE, 1), (LEADER, 1), (BANK, 1), (COUNTY, 1), (OTHER, 0)):
        app = page(who)
        assert numbers(app) == [number] * shown, who
        assert app.header[0].value.startswith("督办单 1 件：未销号 1 件")
        offered = [one for one in app.get("button_group") if "新督办单" in str(one.proto)]
        assert bool(offered) is who.may("order"), who
    assert "甲" not in text_of(page(OTHER))


def test_one_order_shows_its_course_gives_its_letter_and_is_cancelled(office, monkeypatch):
    number, given = issued(office), {}
    file = page_downloads.file

    def noted(label, content, name, **options):
        given[name] = content() if callable(content) else content
        file(label, content, name, **options)

    monkeypatch.setattr(page_downloads, "file", noted)
    app = chosen(page(BANK), "orders_未销号")
    text = text_of(app)
    assert r"\<b\>甲\<\/b\>\*市\*场" in text and "蓝 办理中" in text and "还有 30 天" in text
    assert "撤销" not in [one.label for one in app.button]
    letter = PdfReader(io.BytesIO(given[f"督办单_{number}.pdf"])).pages
    assert len(letter) == 1 and "<b>甲</b>*市*场" in letter[0].extract_text()
    assert given[f"督办单_{number}.docx"].startswith(b"PK")
    app = chosen(page(OFFICE), "orders_未销号")
    next(box for box in app.text_area if box.label == "撤销的理由").input("场所已关闭")
    press(app, "撤销")
    assert numbers(page(OFFICE)) == [] and numbers(page(OFFICE, "已撤销")) == [number]
    app = chosen(page(BANK, "已撤销"), "orders_已撤销")
    assert any("撤销：场所已关闭" in str(table.value) for table in app.table)


def test_the_light_stands_beside_its_word(office):
    days = {"红 逾期": -1, "黄 办理中": 7, "蓝 办理中": 8}
    kept(
        office.store.ledger,
        *(
            order(
                task(due_on=TODAY + timedelta(left)), date(2025, 7, 10), number=f"督〔2025〕{n}号"
            )
            for n, left in enumerate(days.values(), 1)
        ),
    )
    shown = page(OFFICE).dataframe[0].value
    assert dict(zip(shown["督办状态"], shown["剩余天数"], strict=True)) == days
    assert numbers(page(OFFICE, "逾期")) == ["督〔2025〕1号"]
    units = page(OFFICE, "各单位").dataframe[0].value
    assert units.to_dict("records") == [
        {"办理单位": "农业银行", "督办单": 3, "未销号": 3, "过期限": 1, "反弹": 0, "已销号": 0}
    ]


def test_it_is_done_by_the_data_and_a_past_day_shows_what_held_then(office):
    kept(office.store.ledger, order(task(due_on=date(2025, 8, 10)), date(2025, 7, 10)))
    office.states(
        date(2025, 7, 31), shop("1", **ROW, 巡检日期="2025-07-20"), shop("2", 签约日期="2025-07-01")
    )
    assert numbers(page(OFFICE, "已销号")) == ["督〔2025〕1号"]
    before = page(OFFICE, as_of="2025-07-19")
    assert numbers(before) == ["督〔2025〕1号"]
    assert list(before.dataframe[0].value["剩余天数"]) == [22]
    assert Store(office.store.path).current().manifest["as_of"] == "2025-07-31"
