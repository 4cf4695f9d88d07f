"""Someone who comes for the first time: the tour of the front page, and what a term means."""

import pytest
from playwright.sync_api import expect

from presentation import term_meanings
from tests.browser.conftest import Visitor


@pytest.fixture
def newcomer(browser, demo_server, request):
    context = browser.new_context(viewport=request.param, locale="zh-CN")
    yield Visitor(context.new_page(), demo_server)
    context.close()


def card(page):
    return page.locator(".tour-card")


@pytest.mark.parametrize(
    "newcomer",
    [{"width": 1366, "height": 768}, {"width": 390, "height": 844}],
    ids=["desk", "phone"],
    indirect=True,
)
def test_the_tour_is_shown_once_is_used_by_keyboard_and_is_called_again(newcomer, demo_server):
    page = newcomer.open(demo_server.url)
    size = page.viewport_size
    for step in range(1, 6):
        expect(card(page).get_by_text(f"{step} / 5")).to_be_visible()
        box = card(page).bounding_box()
        assert box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        assert box["y"] + box["height"] <= size["height"]
        page.keyboard.press("Enter")
    expect(card(page)).to_have_count(0)
    newcomer.open(demo_server.url)
    expect(card(page)).to_have_count(0)
    newcomer.open(f"{demo_server.url}/gap-list")
    page.get_by_role("button", name="换范围").click()
    page.get_by_role("link", name="再看一遍导览").click()
    expect(card(page).get_by_text("1 / 5")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(card(page).get_by_text("2 / 5")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    newcomer.check()


@pytest.mark.parametrize("newcomer", [{"width": 1366, "height": 768}], indirect=True)
def test_the_page_can_be_used_beside_the_tour(newcomer, demo_server):
    page = newcomer.open(demo_server.url)
    expect(card(page)).to_be_visible()
    page.frame_locator("iframe[title='列表']").get_by_role("button", name="灌云县").click()
    expect(page.locator(".st-key-crumbs [aria-current='page']")).to_contain_text("灌云县")
    newcomer.check()


def test_a_term_tells_its_meaning_to_the_pointer_and_the_keyboard(visitor, demo_server):
    page = visitor.open(demo_server.url)
    term = page.locator("dfn", has_text="活跃")
    told = "getComputedStyle(element, '::after').content"
    assert term.evaluate(f"element => {told}") == "none"
    term.focus()
    meaning = term_meanings.meanings()["活跃"]
    assert meaning in term.evaluate(f"element => {told}")
    page.locator(".hero .big").click()
    page.locator("dfn", has_text="应达").hover()
    assert term_meanings.meanings()["应达"] in page.locator("dfn", has_text="应达").evaluate(
        f"element => {told}"
    )


def test_the_definitions_are_searched_and_have_contents(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/definitions-rules")
    page.get_by_role("navigation", name="目录").get_by_role("link", name="已知的局限").click()
    expect(page.get_by_role("heading", name="已知的局限")).to_be_in_viewport()
    page.get_by_label("在本页找").fill("示范聚集区的状态")
    expect(page.get_by_test_id("stTable").filter(has_text="应达线")).to_have_count(0)
    expect(page.get_by_test_id("stTable").filter(has_text="示范聚集区的状态")).to_have_count(1)
    page.get_by_label("在本页找").fill("没有这个词")
    expect(page.get_by_text("指标里没有“没有这个词”。")).to_be_visible()
    visitor.check()
