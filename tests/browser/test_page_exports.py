"""A chart as picture and table, a page as PDF, in a real browser."""

import openpyxl
import pypdf
from playwright.sync_api import expect

SIGNS = {"图片 PNG": b"\x89PNG", "矢量图 SVG": b"<?xml", "数据 Excel": b"PK"}


def open_control(visitor):
    """Open the first control of the page, once all stands still and with room around it.

    What it holds opens where it stands: what is drawn above it later would move both away.
    """
    visitor.settle()
    control = visitor.page.get_by_role("button", name="下载图片 · 下载表格").first
    control.evaluate("one => one.scrollIntoView({ block: 'center' })")
    control.click()


def take(visitor, button):
    """What a button of the open control gives."""
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name=button).click()
    return download.value


def test_a_chart_is_taken_as_picture_and_as_table(visitor, demo_server, tmp_path):
    visitor.open(f"{demo_server.url}/targets-progress")
    open_control(visitor)
    for button, sign in SIGNS.items():
        given = take(visitor, button)
        path = tmp_path / given.suggested_filename
        given.save_as(path)
        assert path.read_bytes().startswith(sign), button
        assert "各月进度" in path.name
    (sheet,) = openpyxl.load_workbook(next(tmp_path.glob("*.xlsx")))
    assert "演示数据" in sheet["A1"].value
    assert [cell.value for cell in sheet[2]][:2] == ["日期", "已达到"]


def test_the_front_pages_map_is_taken_with_its_names(visitor, demo_server, tmp_path):
    visitor.open(f"{demo_server.url}/?area=灌云县")
    visitor.map()
    open_control(visitor)
    path = tmp_path / "map.xlsx"
    take(visitor, "数据 Excel").save_as(path)
    assert openpyxl.load_workbook(path).sheetnames == ["乡镇街道", "特定区域"]


def test_a_page_is_printed_by_the_server(visitor, demo_server, tmp_path):
    visitor.open(f"{demo_server.url}/gap-list?area=灌云县")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="打印", exact=True).click()
    given = download.value
    assert given.suggested_filename.startswith("灌云县_缺口清单_")
    path = tmp_path / "page.pdf"
    given.save_as(path)
    pages = pypdf.PdfReader(path).pages
    text = "".join("".join(page.extract_text().split()) for page in pages)
    assert "灌云县·缺口清单" in text and "未达标的场所" in text and f"共{len(pages)}页" in text


def test_a_chart_has_no_tool_bar(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/targets-progress")
    expect(page.locator("[data-testid='stPlotlyChart'] .main-svg").first).to_be_visible()
    page.locator("[data-testid='stPlotlyChart']").first.hover()
    assert page.locator(".modebar-btn").count() == 0


def test_what_the_browser_prints_has_no_menu_and_no_buttons(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/gap-list")
    page.emulate_media(media="print")
    for hidden in ("[data-testid='stHeader']", ".demo-grid", "[data-testid='stDownloadButton']"):
        assert page.locator(hidden).first.is_hidden(), hidden
    assert page.get_by_role("heading", name="缺口清单", exact=True).is_visible()
