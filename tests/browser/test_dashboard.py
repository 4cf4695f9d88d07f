"""The dashboard in real Chromium, with all traffic to anywhere else blocked."""

import re

import openpyxl
from playwright.sync_api import expect

from ui import menu

ON_A_TABLET = {  # those with maps, and a plain one
    "coverage_map", "venue_register", "gap_list", "demonstration_clusters", "review_queue",
    "tasks_reports",
}  # fmt: skip


def check_page(visitor, title):
    """The page `title` stands there whole, marked as demo, and no wider than the window."""
    page = visitor.page
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    visitor.settle()
    expect(page.get_by_text("不是连云港的真实数据")).to_be_visible()
    visitor.check()
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), title


def test_every_page_opens_from_the_menu_and_asks_nothing_of_the_internet(visitor, demo_server):
    page = visitor.open(demo_server.url)
    for group, entries in menu.MENU.items():
        for entry in (one for one in entries if one.listed):
            if group:
                page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
                page.get_by_test_id("stTopNavDropdownLink").filter(has_text=entry.title).click()
            check_page(visitor, entry.title)
            assert page.url == f"{demo_server.url}/{entry.path}"
            expect(page).to_have_title(re.compile(f"^{entry.title} · "))


def test_pages_with_maps_and_a_plain_one_fit_on_a_tablet(visit, demo_server):
    visitor = visit(demo_server, (820, 1180))
    for entry in menu.entries():
        if entry.stem in ON_A_TABLET:
            visitor.open(f"{demo_server.url}/{entry.path}")
            check_page(visitor, entry.title)


def test_on_a_phone_the_menu_opens_and_the_page_fits(visit, demo_server):
    visitor = visit(demo_server, (390, 844))
    page = visitor.open(demo_server.url)
    menu_opens, drawer = (
        page.get_by_test_id("stExpandSidebarButton"),
        page.get_by_test_id("stSidebar"),
    )
    menu_opens.click()
    drawer.get_by_role("link", name="缺口清单").click()
    check_page(visitor, "缺口清单")
    expect(drawer).not_to_be_in_viewport()
    menu_opens.click()
    expect(drawer).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(drawer).not_to_be_in_viewport()
    menu_opens.click()
    page.reload()
    check_page(visitor, "缺口清单")
    expect(drawer).not_to_be_in_viewport()
    head = page.locator(".st-key-head").locator("summary", has_text="换范围").bounding_box()
    assert head["x"] + head["width"] <= 390


def test_a_click_on_a_county_drills_down_without_rebuilding_the_map(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/coverage-map")
    chart = visitor.map()
    chart.evaluate("window.built = 'once'")
    chart.locator("path[aria-label^='东海县']").click()
    expect(page.get_by_text("东海县各乡镇街道")).to_be_visible()
    visitor.settle()
    assert chart.evaluate("window.built") == "once"
    assert "area=" in page.url


def test_a_filter_changes_the_numbers(visitor, demo_server):
    page = visitor.open(demo_server.url)
    card = page.locator(".hero")
    before = card.inner_text()
    page.locator("summary", has_text="换范围").click()
    page.get_by_label("领域").click()
    page.get_by_role("option", name="教育医疗").click()
    expect(card).not_to_have_text(before, use_inner_text=True)


def test_a_deep_link_opens_the_page_with_its_selection(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/gap-list?area=灌云县&field=民生消费&as_of=2025-06-30")
    expect(page.get_by_role("heading", name="缺口清单", exact=True)).to_be_visible()
    expect(page.locator("[data-testid='stHeading']", has_text="灌云县")).to_be_visible()
    expect(page.get_by_text("截止日：2025-06-30").first).to_be_visible()


def test_the_gap_list_is_taken_away_as_excel(visitor, demo_server, tmp_path):
    visitor.open(f"{demo_server.url}/gap-list?area=灌云县")
    download = visitor.download("下载缺口清单")
    path = tmp_path / "gaps.xlsx"
    download.save_as(path)
    book = openpyxl.load_workbook(path)
    assert "要补的门店" in book.sheetnames
    sheet = book["未达标的场所"]
    assert "演示数据" in sheet["A1"].value
    county = [cell.value for cell in sheet[2]].index("县区")
    assert {row[county] for row in sheet.iter_rows(min_row=3, values_only=True)} == {"灌云县"}
