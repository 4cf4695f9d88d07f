"""Two days compared in real Chromium: a link, the map of change, another day, and the Excel."""

import io

import openpyxl
from playwright.sync_api import expect


def test_two_days_are_compared_on_the_map_and_in_lists(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/compare-days?from=2025-10-31")
    headline = page.get_by_role("heading", name="2025-10-31")
    expect(headline).to_contain_text("新达标")
    expect(headline).to_contain_text("掉下")
    labels = visitor.map().locator(".place.area")
    expect(labels).to_have_count(10)
    expect(labels.filter(has_text="灌南县")).to_contain_text("点")
    expect(page.get_by_text("降 5 点以上")).to_be_visible()
    content = visitor.download("下载变化对比").path().read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["新达标的场所", "掉下的场所", "各县区进退", "为什么"]
    page.get_by_role("button", name="年初").click()
    visitor.settle()
    expect(page.get_by_role("heading", name="2025-12-31")).to_be_visible()
    assert "from=2025-12-31" in page.url
    visitor.check()
