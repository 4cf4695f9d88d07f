"""The review queue in a real browser, worked with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from domain.visitors import clerk
from loaders import intake
from loaders.decisions import place_review
from store.snapshot_store import Store
from tests.support import bank_files

HEADER = ["商户编号", "运营机构", "商户名称", "地址", "经度", "纬度", "坐标系"]
POINT = (119.1225, 34.8409, "WGS84")  # near 青口镇, in another county than the addresses
NAMES = ("<b>示例</b>甲店", "示例乙店", "示例丙店")
ROWS = [
    [f"D{number}", "工行", name, f"海州区新浦街道海连中路{number}号", *POINT]
    for number, name in enumerate(NAMES, 1)
]


@pytest.fixture
def office(tmp_path, writable_server):
    """A store with three disputed shops, and the dashboard on it."""
    store = Store(tmp_path / "store")
    path = bank_files.merchants(tmp_path / "工行", ROWS, HEADER)
    intake.publish(bank_files.assess([path], store), store, clerk("测试"))
    writable_server.replace_store(store.path)
    return Store(writable_server.store), writable_server


def at_work(visitor, server):
    """The page, opened by a person who has said who they are."""
    page = visitor.open(f"{server.url}/review-queue")
    expect(page.get_by_role("button", name="1 按地址")).to_be_disabled()
    page.get_by_label("经办人", exact=True).fill("王工")
    page.keyboard.press("Enter")
    expect(page.get_by_text("请先在“经办人”里填上")).to_be_hidden()
    visitor.settle()
    expect(page.get_by_role("button", name="1 按地址")).to_be_enabled()
    page.get_by_role("heading", name="待复核").click()  # keys count outside of a text field
    visitor.settle()
    pins = page.frame_locator("iframe[title='地图']").locator(".leaflet-marker-icon")
    expect(pins.get_by_text("2", exact=True)).to_be_visible()
    return page


def choices(store):
    return {key: e.body["choice"] for key, e in store.ledger.latest(place_review.TOPIC).items()}


@pytest.mark.parametrize("size", [(1366, 768), (820, 1180)], ids=["desk", "tablet"])
def test_the_queue_is_worked_by_keyboard(visit, office, size):
    store, server = office
    visitor = visit(server, size)
    page = at_work(visitor, server)
    for number, (key, name) in enumerate(zip("120", NAMES, strict=True)):
        expect(page.get_by_text(f"已核定 {number} / 共 3")).to_be_visible()
        expect(page.get_by_text(name, exact=True)).to_be_visible()
        visitor.settle()
        page.keyboard.press(key)
    expect(page.get_by_text("已核定 3 / 共 3")).to_be_visible()
    visitor.settle()
    keys = [f"m:ICBC/D{number}" for number in (1, 2, 3)]
    assert choices(store) == dict(zip(keys, ["text", "point", "unclear"], strict=True))

    page.keyboard.press("u")
    expect(page.get_by_text("已核定 2 / 共 3")).to_be_visible()
    expect(page.get_by_text(NAMES[2], exact=True)).to_be_visible()
    visitor.settle()
    assert choices(store)[keys[2]] == "withdrawn"

    page.get_by_role("button", name="把已核定的 2 条发布为新版本").click()
    expect(page.get_by_text("已发布，数据版本")).to_be_visible()
    visitor.settle()
    shops = store.current().frame("merchants").set_index("merchant_id")
    assert list(shops.loc[["D1", "D2", "D3"], "method"] == "human") == [True, True, False]
    assert list(shops.loc[["D1", "D2"], "county_code"]) == ["320706", "320707"]
    expect(page.get_by_text("已核定 0 / 共 1")).to_be_visible()
    visitor.check()


def test_those_alike_are_answered_together_once_they_are_listed(visit, office):
    store, server = office
    visitor = visit(server)
    page = at_work(visitor, server)
    page.get_by_text("与此相同原因、同一机构的 3 条一起核定").click()
    page.get_by_role("button", name="这 3 条都按坐标").click()
    expect(page.get_by_text("已核定 3 / 共 3")).to_be_visible()
    visitor.settle()
    assert set(choices(store).values()) == {"point"}


def test_a_place_of_ones_own_is_chosen_by_hand(visit, office):
    store, server = office
    # High enough that the click need not scroll, which would close the list again.
    visitor = visit(server, (1366, 1100))
    page = at_work(visitor, server)
    page.get_by_label("都不对，是这个县区").click()
    page.get_by_role("option", name="灌南县").click()
    visitor.settle()
    page.get_by_role("button", name="按手工指定的核定").click()
    expect(page.get_by_text("已核定 1 / 共 3")).to_be_visible()
    visitor.settle()
    (entry,) = store.ledger.latest(place_review.TOPIC).values()
    assert (entry.body["choice"], entry.body["county_code"]) == ("manual", "320724")
    assert entry.by == "王工"
