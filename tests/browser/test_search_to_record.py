"""From a search in the head of a page to a shop's page, and from there to its venue's."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.stated import JUNE, Office, shop, venue

ADDRESS = "灌云县伊山镇人民路3号"


@pytest.fixture
def market(tmp_path, writable_server):
    office = Office(tmp_path)
    office.lists(JUNE, venue("Q0001", 区域名称="伊山农贸市场", 地址=ADDRESS, 应覆盖商户数="2"))
    office.states(
        JUNE,
        shop("8001", 商户名称="<b>万家福</b>面馆", 地址=ADDRESS, 所属特定区域="Q0001",
             签约日期="2025-01-05", 巡检日期="2025-06-20"),
        shop("8002", 商户名称="海连书店", 地址=ADDRESS),
    )  # fmt: skip
    writable_server.replace_store(office.store.path)
    return writable_server


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_a_shop_is_found_by_its_letters_and_leads_to_its_venue_and_town(visit, market, size):
    visitor = visit(market, size)
    page = visitor.open(f"{market.url}/gap-list")
    page.get_by_label("搜索", exact=True).fill("mg 灌云")
    expect(page.get_by_text("没有找到")).to_be_hidden()
    hit = page.get_by_role("button", name="万家福")
    expect(hit).to_contain_text("<b>万家福</b>面馆")
    hit.click()
    expect(page.get_by_role("heading", name="门店", exact=True)).to_be_visible()
    expect(page.get_by_text("计入已签约和已验证")).to_be_visible()
    assert page.url.endswith("/shop?shop_id=ABC%2F8001")
    expect(hit).to_be_hidden()
    visitor.settle()
    page.get_by_role("button", name="打开场所：伊山农贸市场").click()
    expect(page.get_by_role("heading", name="伊山农贸市场")).to_be_visible()
    assert page.url.endswith("/venue?venue_id=Q0001")
    expect(page.get_by_text("应覆盖 2 家，已验证 1 家")).to_be_visible()
    visitor.settle()
    page.reload()  # the address alone leads here
    expect(page.get_by_role("heading", name="伊山农贸市场")).to_be_visible()
    visitor.settle()
    page.locator(".st-key-crumbs").get_by_role("button", name="伊山镇").click()
    expect(page.locator(".hero .told")).to_contain_text("伊山镇有特定区域 1 个")
    visitor.settle()
    expect(page.locator(".st-key-crumbs [aria-current='page']")).to_have_text("伊山镇")
    visitor.check()


def record(url):
    """The shop that the address names; the rest of an address is written after it."""
    return parse_qs(urlsplit(url).query).get("shop_id")


def test_a_record_opens_at_its_top_wherever_the_page_before_was_scrolled_to(visit, demo_server):
    visitor = visit(demo_server)
    page = visitor.open(f"{demo_server.url}/gap-list")
    main, seen = page.get_by_test_id("stMain"), []
    for turn in (0, 1):  # from another page, and from another record
        main.evaluate("one => one.scrollTo(0, 300)")
        assert main.evaluate("one => one.scrollTop") > 0
        page.get_by_label("搜索", exact=True).fill("小吃")
        page.locator(".st-key-hits").get_by_role("button").nth(turn).click()
        page.wait_for_url(lambda url: record(url) and record(url) not in seen)
        seen.append(record(page.url))
        expect(page.get_by_role("heading", name="经过")).to_be_attached()
        visitor.settle()
        assert main.evaluate("one => one.scrollTop") == 0


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_what_is_found_hangs_below_the_box_and_says_its_state(visit, demo_server, size):
    visitor = visit(demo_server, size)
    page = visitor.open(f"{demo_server.url}/gap-list")
    control = page.locator(".st-key-head").locator("summary", has_text="换范围")
    before = control.bounding_box()
    page.get_by_label("搜索", exact=True).fill("花果山街道")
    hits = page.locator(".st-key-hits")
    expect(hits.get_by_role("button").first).to_be_visible()
    visitor.settle()
    assert control.bounding_box() == before
    box = hits.bounding_box()
    assert box["x"] + box["width"] <= size[0]
    cut = (
        "all => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText)"
    )
    assert hits.locator("p").evaluate_all(cut) == []
