"""用户与权限 and 操作记录: who is who is kept by the office, and what was done can be read."""

import pytest

from domain.visitors import Visitor, clerk
from store import people
from store.errors import IntakeError
from store.snapshot_store import Store
from tests.support.pages import open_page, press, text_of


@pytest.fixture
def office(tmp_path, use_store):
    use_store(tmp_path)
    return Store(tmp_path)


def test_somebody_is_enrolled_changed_and_shut_out(office):
    app = open_page("user_rights")
    app.text_input(key="person").set_value("王工").run()
    app.selectbox(key="person_role").set_value("运营机构").run()
    app.selectbox(key="person_unit").set_value("建设银行").run()
    app.text_input(key="new_login").set_value("ccb01")
    app.text_input(key="new_name").set_value("李经理")
    press(app, "保存")
    assert "已登记 ccb01" in app.success[0].value
    assert people.by_login(office.ledger, "ccb01") == Visitor("李经理", "bank", "CCB", "ccb01")
    next(box for box in app.selectbox if box.label.startswith("停用")).set_value("ccb01").run()
    press(app, "停用")
    assert people.by_login(office.ledger, "ccb01") is None
    assert people.shut_out(office.ledger, "ccb01")


def test_nobody_is_enrolled_and_no_token_given_out_without_a_name(office):
    shut = {one.label for one in open_page("user_rights").button if one.disabled}
    assert {"保存", "发一个令牌"} <= shut


def test_a_form_that_lacks_something_says_what(office):
    app = open_page("user_rights")
    app.text_input(key="person").set_value("王工").run()
    press(app, "保存")
    assert "没有填登录名" in app.warning[0].value
    assert people.people(office.ledger) == {}


def test_a_token_is_shown_once_works_and_is_taken_back(office):
    app = open_page("user_rights")
    app.text_input(key="person").set_value("王工").run()
    app.text_input(key="token_name").set_value("省平台")
    press(app, "发一个令牌")
    token = app.code[0].value
    assert people.by_token(office.ledger, token).name == "省平台"
    (digest,) = people.tokens(office.ledger)
    assert token not in str(office.ledger.entries())  # what is kept does not open anything
    people.revoke(office.ledger, digest, clerk("王工"))
    assert people.by_token(office.ledger, token) is None


@pytest.mark.parametrize(
    ("role", "unit", "found"),
    [("bank", "CCB", "CCB"), ("运营机构", "建设银行", "CCB"), ("county", "灌云县", "320723"),
     ("leader", "", ""), ("bank", "没有的银行", None), ("root", "CCB", None)],
)  # fmt: skip
def test_claims_name_a_role_and_a_unit_that_exist_or_nobody(role, unit, found):
    who = people.claimed("李经理", role, unit, "li")
    assert (who and who.unit) == found


def test_a_unit_that_does_not_exist_is_refused(office):
    with pytest.raises(IntakeError, match="没有选“运营机构”的单位"):
        people.enrol(office.ledger, Visitor("李", "bank", "XX", "li"), clerk("王工"))


def test_the_log_says_who_did_what_from_where_and_what_was_refused(young_store, use_store):
    use_store(young_store)
    book = Store(young_store).ledger
    before = Visitor("李", "leader", login="li", address="10.1.2.3")
    people.enrol(book, before, Visitor("王工", "office", login="wang", address="10.1.2.4"))
    people.enrol(book, Visitor("李", "office", login="li"), clerk("王工"))
    with pytest.raises(IntakeError):
        book.write("cluster", "C1", {}, before)
    rows = open_page("activity_log").dataframe[0].value
    refused, changed, first = (rows.iloc[place] for place in range(3))
    assert (refused["做了什么"], refused["来自"]) == ("没有权限，拒绝", "10.1.2.3")
    assert "登记聚集区、材料和公布数" in refused["之后"]
    assert "领导" in changed["之前"] and "办公室" in changed["之后"]
    assert (first["经办人"], first["登录名"], first["来自"]) == ("王工", "wang", "10.1.2.4")
    assert "发布数据版本" in set(rows["做了什么"])
    assert "只增不改" in text_of(open_page("activity_log"))
