"""The planner in a real browser: set a number, read the sentence, take the work list away."""

import openpyxl
from playwright.sync_api import expect


def test_fifty_signings_are_set_read_and_taken_away(visitor, demo_server, tmp_path):
    page = visitor.open(f"{demo_server.url}/gap-list?signings=10")
    expect(page.get_by_text("全市再签 10 家")).to_be_visible()
    number = page.get_by_label("如果再签多少家")
    number.fill("50")
    number.press("Enter")
    expect(page.get_by_text("全市再签 50 家")).to_be_visible()
    visitor.settle()
    # 50 is what the page starts with
    assert "signings=50" in page.url or "signings" not in page.url
    visitor.map()
    download = visitor.download("下载工作单（Excel）")
    path = tmp_path / "work.xlsx"
    download.save_as(path)
    book = openpyxl.load_workbook(path)
    assert "再签 50 家" in book["计划和地图"]["A3"].value
    assert "演示数据" in book["全部"]["A2"].value
    assert len(book.sheetnames) >= 3
    visitor.check()
