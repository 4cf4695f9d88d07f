"""The register in a real browser: an outline drawn by clicks makes a shop join its venue."""

import pytest
from playwright.sync_api import expect

from domain.visitors import clerk
from loaders import intake
from loaders.decisions import outline_decisions
from store.snapshot_store import Store
from tests.support import bank_files

X, Y = 119.20, 34.60
ADDRESS = "海州区新浦街道海连中路"
VENUES = [
    ["区域编号", "名称", "类别", "地址", "县区", "经度", "纬度", "坐标系", "应覆盖商户数"],
    ["V1", "<b>示例</b>市场", "农贸市场", f"{ADDRESS}1号", "海州区", X, Y, "WGS84", 3],
]
SHOPS = ["商户编号", "运营机构", "商户名称", "地址", "经度", "纬度", "坐标系"]
ROWS = [
    ["S1", "工行", "示例面馆", f"{ADDRESS}3号", X, Y, "WGS84"],
    ["S2", "工行", "示例布店", f"{ADDRESS}99号", X + 0.02, Y, "WGS84"],
]


@pytest.fixture
def office(tmp_path, writable_server):
    """A store with one market and two shops that name no venue, and the dashboard on it."""
    store = Store(tmp_path / "store")
    paths = [
        bank_files.write(tmp_path / "名录", VENUES, "csv-utf8"),
        bank_files.merchants(tmp_path / "工行", ROWS, SHOPS),
    ]
    intake.publish(bank_files.assess(paths, store), store, clerk("测试"))
    writable_server.replace_store(store.path)
    return Store(writable_server.store), writable_server


@pytest.mark.parametrize("size", [(1366, 768), (820, 1180)], ids=["desk", "tablet"])
def test_an_outline_is_drawn_saved_and_published_and_the_shop_joins(visit, office, size):
    store, server = office
    visitor = visit(server, size)
    page = visitor.open(f"{server.url}/venue-register?register_part=画轮廓")
    save = page.get_by_role("button", name="保存轮廓")
    expect(save).to_be_disabled()
    if not page.get_by_label("经办人", exact=True).is_visible():
        page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_label("经办人", exact=True).fill("王工")
    page.keyboard.press("Enter")
    expect(page.get_by_text("请先在“经办人”里填上")).to_be_hidden()
    visitor.settle()

    chart = page.frame_locator("iframe[title='地图']").locator(".leaflet-container")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    middle = (box["width"] / 2, box["height"] / 2)
    corners = [(-60, -60), (60, -60), (60, 60), (120, 0), (-60, 60)]
    for number, (right, down) in enumerate(corners, 1):
        if number == 5:  # the fourth was a slip
            page.get_by_role("button", name="撤销上一点").click()
            expect(page.get_by_text("已画 3 个点")).to_be_visible()
            visitor.settle()
        chart.click(position={"x": middle[0] + right, "y": middle[1] + down})
        expect(page.get_by_text(f"已画 {min(number, 4)} 个点")).to_be_visible()
        visitor.settle()
    expect(page.get_by_text("圈住 1 家门店")).to_be_visible()
    save.click()
    expect(page.get_by_text("已保存 1 个轮廓，发布后生效。")).to_be_visible()
    visitor.settle()
    (entry,) = store.ledger.latest(outline_decisions.TOPIC).values()
    assert (entry.subject, entry.by, entry.body["source"]) == ("v:V1", "王工", "手绘")

    page.get_by_role("button", name="发布为新版本").click()
    expect(page.get_by_text("已发布，数据版本")).to_be_visible()
    visitor.settle()
    shops = store.current().frame("merchants").set_index("merchant_id")
    assert shops.loc["S1", ["venue_id", "joined_by"]].to_list() == ["V1", "outline"]
    assert shops.loc["S2", ["venue_id"]].isna().all()
    visitor.check()
