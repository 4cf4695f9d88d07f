"""A dispute in real Chromium: raised by a county, answered by a bank, ruled and published by the
office, each signed in, and a number and a rank move.
"""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from domain.visitors import Visitor, clerk
from store import dispute_register, people
from store.snapshot_store import Store
from tests.browser.test_data_import import choose, figure
from tests.browser.test_ranking_clicks import click_row
from tests.support.stated import JULY, JUNE, Office, shop, venue

BANK = Visitor("农行乙", "bank", "ABC", login="nonghang")
COUNTY = Visitor("海州丁", "county", "320706", login="haizhou")
OFFICE = Visitor("办公室甲", "office", login="bangongshi")
PLACES = {"V1": ("海州区", "海州区新浦街道海连中路"), "V2": ("赣榆区", "赣榆区青口镇黄海路")}
NAMES = [*"甲乙丙丁戊己庚辛"]


@pytest.fixture
def market(tmp_path, signed_in_server):
    """Two markets of four shops in two counties, both covered, so that both share the first rank.

    In Haizhou three of four are verified, as few as may be.
    """
    office = Office(tmp_path)
    office.lists(
        JUNE,
        *(
            venue(one, 县区=county, 地址=f"{road}1号", 应覆盖商户数="4", 分母日期="2025-06-01",
                  责任银行="农行")
            for one, (county, road) in PLACES.items()
        ),
    )  # fmt: skip
    shops = [
        shop(str(n + 1), 商户名称=f"{name}面馆", 地址=f"{PLACES[at][1]}{n + 1}号", 所属特定区域=at,
             签约日期="2025-01-05", 巡检日期="" if name == "丁" else "2025-06-20")
        for n, name in enumerate(NAMES)
        for at in [list(PLACES)[n // 4]]
    ]  # fmt: skip
    office.states(JUNE, *shops)
    office.states(JULY, *shops)
    for who in (BANK, COUNTY, OFFICE):
        people.enrol(office.store.ledger, who, clerk("测试"))
    signed_in_server.replace_store(office.store.path)
    return Store(signed_in_server.store), signed_in_server


def photo() -> dict[str, object]:
    content = BytesIO()
    Image.new("RGB", (60, 40), "orange").save(content, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def raised(visitor, server):
    page = visitor.open(f"{server.url}/disputes?dispute_part=提出质询")
    page.get_by_label("查找门店").fill("甲面馆 海连")
    page.keyboard.press("Enter")
    expect(page.get_by_text("找到 1 个")).to_be_visible()
    choose(visitor, "理由", "不会收")
    page.get_by_label("发现日期").first.get_by_role("spinbutton").first.click()
    page.keyboard.type("20250715")
    page.get_by_label("说明情况").fill("店员说不会收，也没有收款码。")
    page.locator("input[type=file]").set_input_files(photo())
    expect(page.get_by_text("现场.jpg")).to_be_visible()
    page.get_by_role("button", name="提出质询").last.click()
    expect(page.get_by_text("已提出 质询-")).to_be_visible()
    visitor.settle()


def opened(visitor, part):
    """The first dispute of a part of the page."""
    page = visitor.page
    page.get_by_test_id("stButtonGroup").get_by_text(part, exact=True).click()
    click_row(visitor, page.get_by_test_id("stDataFrame").first, 0)
    expect(page.get_by_role("heading", name="甲面馆")).to_be_visible()


@pytest.mark.parametrize("size", [(1366, 768), (820, 1180)], ids=["desk", "tablet"])
def test_a_dispute_moves_a_number_and_a_rank(visit, market, size):
    store, server = market
    county, bank, office = (
        visit(server, size, {"X-Remote-User": who.login}) for who in (COUNTY, BANK, OFFICE)
    )
    raised(county, server)
    (number,) = dispute_register.disputes(store.ledger)
    opened(county, "我提出的")
    expect(county.page.get_by_text("店员说不会收").last).to_be_visible()
    expect(county.page.get_by_role("button", name="提交答复")).to_be_hidden()

    page = bank.open(f"{server.url}/disputes")
    opened(bank, "待答复")
    page.get_by_test_id("stRadio").filter(has_text="怎样答复").get_by_text(
        "认可", exact=True
    ).click()
    page.get_by_label("说明", exact=True).fill("属实，已安排培训。")
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_text(f"已答复 {number}")).to_be_visible()
    bank.settle()
    expect(page.get_by_role("button", name="保存裁定")).to_be_hidden()

    page = office.open(f"{server.url}/disputes")
    opened(office, "待裁定")
    expect(page.get_by_text("属实，已安排培训").last).to_be_visible()
    page.get_by_test_id("stRadio").filter(has_text="裁定").get_by_text("成立", exact=True).click()
    page.get_by_label("裁定的理由").fill("银行认可，现场属实。")
    page.get_by_role("button", name="保存裁定").click()
    expect(page.get_by_text(f"已裁定 {number}：成立。")).to_be_visible()
    office.settle()

    page.get_by_role("button", name="先看会改变哪些数和名次").click()
    expect(figure(page, "达标场所")).to_contain_text("原 2 个")
    expect(figure(page, "已验证门店")).to_contain_text("6 家")
    moved = page.get_by_test_id("stTable").filter(has_text="名次")
    row = moved.get_by_role("row").filter(has_text="海州区")
    for text in ("1 → 0", "100.0% → 0.0%", "1 → 2"):
        expect(row).to_contain_text(text)

    page.get_by_role("button", name="发布为新版本").click()
    expect(page.get_by_text("已发布，数据版本")).to_be_visible()
    office.settle()
    opened(office, "已办结")
    expect(page.get_by_text("银行认可，现场属实").last).to_be_visible()
    page = county.open(f"{server.url}/?area=全市")
    expect(page.locator(".hero .big")).to_have_text("50.0%")
    expect(page.locator(".smalls")).to_contain_text("质询 1 件，已答 1")
    for visitor in (county, bank, office):
        visitor.check()
