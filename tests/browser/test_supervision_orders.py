"""A supervision order in real Chromium: issued from the gap list by the office, read by the bank,
and ended by the file that the bank sends.
"""

import csv
import io
from datetime import date

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from domain.visitors import Visitor, clerk
from store import order_register, people
from store.snapshot_store import Store
from tests.browser.test_data_import import agree, hand_over
from tests.browser.test_ranking_clicks import click_row
from tests.support.stated import JUNE, Office, shop, venue

BANK = Visitor("农行乙", "bank", "ABC", login="nonghang")
OFFICE = Visitor("办公室甲", "office", login="bangongshi")
TODAY = date.today()
TABLE_OF_VENUES = 2  # on the page 缺口清单, after those of the plan
ADDRESS = "海州区新浦街道海连中路1号"
ROW = {"商户名称": "甲面馆", "地址": ADDRESS, "签约日期": "2025-01-05", "所属特定区域": "V1"}


@pytest.fixture
def market(tmp_path, signed_in_server):
    """A market of one shop that nobody has inspected yet."""
    office = Office(tmp_path)
    office.lists(JUNE, venue("V1", 区域名称="甲市场", 县区="海州区", 地址=ADDRESS,
                             应覆盖商户数="1", 责任银行="农行"))  # fmt: skip
    office.states(JUNE, shop("1", **ROW))
    for who in (BANK, OFFICE):
        people.enrol(office.store.ledger, who, clerk("测试"))
    signed_in_server.replace_store(office.store.path)
    return Store(signed_in_server.store), signed_in_server


def stated(path):
    """The bank's file of today, in which the shop is inspected."""
    cells = {"商户编号": "1"} | ROW | {"巡检日期": TODAY.isoformat()}
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(cells), list(cells.values())])
    return path


def chip(visitor, part):
    visitor.page.get_by_test_id("stButtonGroup").get_by_text(part, exact=True).click()
    visitor.settle()


def given(visitor, button):
    """What a button gives. The browser saves it without the header that the proxy adds."""
    download = visitor.download(button)
    answer = visitor.page.context.request.get(download.url)
    assert answer.ok
    return answer.body()


def test_an_order_from_the_gap_list_ends_by_the_data(visit, market, tmp_path):
    store, server = market
    office = visit(server, headers={"X-Remote-User": OFFICE.login})
    bank = visit(server, (390, 844), {"X-Remote-User": BANK.login})
    page = office.open(f"{server.url}/gap-list")
    click_row(office, page.get_by_test_id("stDataFrame").nth(TABLE_OF_VENUES), 0)
    page.get_by_role("button", name="发督办单").click()
    expect(page.get_by_role("heading", name="督办", exact=True)).to_be_visible()
    office.settle()
    expect(page.get_by_label("督办事项")).to_have_value(
        "甲市场（V1）应覆盖 1 家，已验证 0 家，还差 1 家才达标。"
    )
    page.get_by_label("联系人和电话").fill("王工")
    page.get_by_role("button", name="签发").click()
    expect(page.get_by_text("已签发 督〔")).to_be_visible()
    office.settle()
    (number,) = order_register.orders(store.ledger)

    page = bank.open(f"{server.url}/supervision-orders")
    expect(page.get_by_role("heading", name="督办单 1 件：未销号 1 件")).to_be_visible()
    expect(page.get_by_text("新督办单")).to_be_hidden()
    click_row(bank, page.get_by_test_id("stDataFrame").first, 0)
    expect(page.get_by_role("heading", name=f"{number}：农业银行")).to_be_visible()
    expect(page.get_by_role("strong").filter(has_text="蓝 办理中")).to_be_visible()
    expect(page.get_by_role("button", name="撤销")).to_be_hidden()
    (letter,) = PdfReader(io.BytesIO(given(bank, "督办单（PDF）"))).pages
    assert "联系人：王工" in letter.extract_text().replace("\n", "")
    assert given(bank, "督办单（Word）").startswith(b"PK")

    office.open(f"{server.url}/data-import")
    hand_over(office, stated(tmp_path / f"农业银行{TODAY:%Y%m%d}.csv"), sender="农业银行")
    agree(office)
    page = office.page
    page.get_by_role("button", name=f"发布（经办人：{OFFICE.name}）").click()
    expect(page.get_by_text("已发布，数据版本")).to_be_visible()
    office.settle()

    page = bank.open(f"{server.url}/supervision-orders")
    expect(page.get_by_role("heading", name="未销号 0 件")).to_be_visible()
    chip(bank, "已销号")
    click_row(bank, page.get_by_test_id("stDataFrame").first, 0)
    expect(page.get_by_text(f"{TODAY} 销号")).to_be_visible()
    for visitor in (office, bank):
        visitor.check()
