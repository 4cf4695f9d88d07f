"""Before a document is made: what is missing, and what it will therefore not say."""

import io
import json
from datetime import date

import docx
import pandas as pd
import pytest

from domain.visitors import clerk
from presentation import readiness_wording
from queries import readiness
from queries.scope import Scope
from reports import document_set
from reports.set_list import HINTS, LIST
from store import snapshot_store, table_schemas
from store.snapshot_store import Draft
from tests.support import drafts
from tests.support.stated import AUGUST, JULY, JUNE, OTHER, Office, shop, venue

SEEN = {"签约日期": "2025-03-01", "开通日期": "2025-03-02", "末笔交易日期": "2025-05-20"}


@pytest.fixture
def office(tmp_path, use_store):
    home = Office(tmp_path)
    use_store(home.store.path)
    return home


def missing(office, day, area_id=""):
    scope = Scope(office.store.current().id, day, area_id, tiers="all")
    return {one.sort: one for one in readiness.lacks(scope)}


def said(office, day, area_id=""):
    scope = Scope(office.store.current().id, day, area_id, tiers="all")
    return "\n".join(readiness_wording.hints(scope))


def test_an_empty_store_says_so_first_and_the_document_is_made(tmp_path, use_store):
    home = snapshot_store.Store(tmp_path / "empty")
    home.publish(lambda _: Draft(drafts.content({}), as_of=JUNE), clerk("测试"))
    use_store(home.path)
    scope = Scope(home.current().id, JUNE)
    (only,) = readiness.lacks(scope)
    assert only.sort == "nothing"
    files = document_set.build(scope, ["brief"])
    assert json.loads(files[LIST])[HINTS] == readiness_wording.hints(scope)
    assert "还没有导入任何数据" in readiness_wording.hints(scope)[0]
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(files["工作通报.docx"])).paragraphs)
    assert "0 个" not in text and "0个" not in text, "what is unknown is not zero"


def test_each_ledger_that_was_never_imported_is_named(office):
    office.states(JUNE, shop("1", **SEEN))
    found = missing(office, JUNE)
    assert {"register", "scenarios", "clusters", "filings", "indicators", "province"} <= set(found)
    assert "merchants" not in found and "nothing" not in found
    assert "达标率、名次、缺口和应补名单都未知" in said(office, JUNE)
    assert "province" not in missing(office, JUNE, "320706")  # a rank of the city alone
    office.lists(JUNE, venue("V1", 应覆盖商户数="2"))
    assert "register" not in missing(office, JUNE)


def test_a_register_counts_from_the_day_that_it_was_told(office):
    office.states(JUNE, shop("1", **SEEN))
    office.lists(JULY, venue("V1", 应覆盖商户数="2"))
    assert "register" in missing(office, JUNE) and "register" not in missing(office, JULY)


def test_a_month_that_is_not_whole_is_said_with_its_days(office):
    office.states(JULY, shop("1", **SEEN))
    assert "part_month" not in missing(office, JULY)
    found = missing(office, date(2025, 7, 10))["part_month"]
    assert (found.count, found.of, found.month) == (10, 31, JUNE)
    assert "本月只有 10 天（共 31 天）" in said(office, date(2025, 7, 10))


def test_a_bank_whose_file_of_the_month_has_not_come_is_named(office):
    office.states(JUNE, shop("1", **SEEN))
    office.states(AUGUST, shop("9", **SEEN), sender=OTHER)
    assert "late" not in missing(office, JUNE)
    found = missing(office, AUGUST)["late"]
    assert [day for _, day in found.banks] == [JUNE] and (found.count, found.of) == (1, 2)
    assert "2 家银行中 1 家2025年8月的清单没有到：" in said(office, AUGUST)
    assert "（截至2025-06-30）" in said(office, AUGUST)


def test_a_file_of_a_month_that_is_still_running_is_not_missed(office):
    office.states(JUNE, shop("1", **SEEN))
    office.states(JULY, shop("9", **SEEN), sender=OTHER)
    assert "late" not in missing(office, date(2025, 7, 20))
    assert "late" in missing(office, JULY)


def test_a_bank_that_had_not_reported_by_the_day_is_named(office):
    office.states(JUNE, shop("1", **SEEN))
    office.states(AUGUST, shop("9", **SEEN), sender=OTHER)
    assert len(missing(office, JULY)["silent"].banks) == 1
    assert "已验证、活跃数未知，不计入" in said(office, JULY)


def test_unknown_denominators_are_counted(office):
    office.states(JUNE, shop("1", **SEEN))
    office.lists(JUNE, venue("V1", 应覆盖商户数="2"), venue("V2", 应覆盖商户数=""))
    found = missing(office, JUNE)["unknown"]
    assert (found.count, found.of) == (1, 2)
    assert "2 个场所中 1 个应覆盖数未知" in said(office, JUNE)


def test_indicators_that_the_month_lacks_are_named(office):
    office.states(AUGUST, shop("1", **SEEN))
    told = [("wallets_personal", date(2025, 6, 1)), ("transactions", date(2025, 7, 1))]
    rows = [(month, "320706", "ICBC", indicator, 5.0) for indicator, month in told]
    columns = table_schemas.SCHEMAS["indicators"].names
    frames = {name: office.store.current().frame(name) for name in table_schemas.SCHEMAS}
    frames["indicators"] = pd.DataFrame(rows, columns=columns)
    content = drafts.content(frames)
    office.store.publish(lambda _: Draft(content, as_of=AUGUST), clerk("测试"))
    found = missing(office, JULY)
    assert "indicators" not in found
    assert "个人钱包数" in found["no_indicator"].names
    assert "交易笔数" not in found["no_indicator"].names
    assert "交易笔数" in missing(office, AUGUST)["no_indicator"].names
    assert "2025年7月缺 9 项指标：" in said(office, JULY)


def test_a_whole_demo_lacks_little(demo_store, use_store):
    use_store(demo_store)
    facts = snapshot_store.default().current().manifest
    scope = Scope(facts["id"], date.fromisoformat(facts["as_of"]))
    assert {one.sort for one in readiness.lacks(scope)} <= {"late", "silent", "unknown"}
