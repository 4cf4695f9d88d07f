"""Someone who comes for the first time: the tour of the front page, and what a term means."""

import pytest
from playwright.sync_api import expect

from presentation import term_meanings
from tests.browser.conftest import Windows


@pytest.fixture(scope="module")
def new_windows(browser):
    return Windows(browser, used=False)


@pytest.fixture
def newcomer(new_windows, demo_server, request):
    visitor = new_windows.visitor(demo_server, request.param)
    yield visitor
    new_windows.take_back(visitor)


def card(page):
    return page.locator(".tour-card")


def offer(page):
    return page.get_by_role("button", name="看导览", exact=True)


def meets(one, other):
    """Whether two boxes lie on each other."""
    return all(
        one[side] < other[side] + other[size] and other[side] < one[side] + one[size]
        for side, size in (("x", "width"), ("y", "height"))
    )


DESK, PHONE = (1366, 768), (390, 844)
RANKING, ASKS = "iframe[title='列表']", ".st-key-asks"


@pytest.mark.parametrize("newcomer", [DESK, PHONE], ids=["desk", "phone"], indirect=True)
def test_the_tour_is_offered_until_seen_is_used_by_keyboard_and_is_called_again(
    newcomer, demo_server
):
    page = newcomer.open(demo_server.url)
    size = page.viewport_size
    expect(offer(page)).to_be_visible()
    expect(card(page)).to_have_count(0)
    offer(page).click()
    for step in range(1, 6):
        expect(card(page).get_by_text(f"{step} / 5")).to_be_visible()
        box = card(page).bounding_box()
        assert box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= size["width"]
        assert box["y"] + box["height"] <= size["height"]
        page.keyboard.press("Enter")
    expect(card(page)).to_have_count(0)
    newcomer.open(demo_server.url)
    expect(page.locator(RANKING)).to_be_visible()
    expect(offer(page)).to_have_count(0)
    newcomer.open(f"{demo_server.url}/gap-list")
    page.locator("summary", has_text="换范围").click()
    page.get_by_role("link", name="再看一遍导览").click()
    expect(card(page).get_by_text("1 / 5")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(card(page).get_by_text("2 / 5")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    newcomer.check()


@pytest.mark.parametrize("newcomer", [DESK, PHONE], ids=["desk", "phone"], indirect=True)
def test_a_tour_asked_for_before_the_page_is_whole_begins_when_it_is(newcomer, demo_server):
    page = newcomer.page
    page.goto(demo_server.url, wait_until="commit")
    offer(page).click()
    newcomer.settle()
    expect(card(page).get_by_text("1 / 5")).to_be_visible()
    newcomer.check()


@pytest.mark.parametrize("newcomer", [DESK], indirect=True)
def test_the_tour_covers_neither_the_ranking_nor_what_is_to_decide(newcomer, demo_server):
    page = newcomer.open(demo_server.url)
    offer(page).click()
    for step in range(1, 6):
        expect(card(page).get_by_text(f"{step} / 5")).to_be_visible()
        for part in (RANKING, ASKS, ".worst"):
            own = page.locator(part).first.bounding_box()
            assert not meets(card(page).bounding_box(), own), (step, part)
        page.keyboard.press("Enter")


@pytest.mark.parametrize("newcomer", [PHONE], indirect=True)
def test_the_tour_stays_with_its_part_on_a_phone(newcomer, demo_server):
    page = newcomer.open(demo_server.url)
    offer(page).click()
    for step, part in enumerate((".hero", ".st-key-front-map", RANKING, ASKS), 1):
        expect(card(page).get_by_text(f"{step} / 5")).to_be_visible()
        own, box = page.locator(part).first.bounding_box(), card(page).bounding_box()
        assert not meets(box, own), part
        apart = max(own["y"] - box["y"] - box["height"], box["y"] - own["y"] - own["height"])
        assert apart < 20, part
        page.get_by_test_id("stMain").evaluate("one => one.scrollBy(0, 5000)")
        expect(card(page)).not_to_be_in_viewport()
        page.keyboard.press("Enter")


@pytest.mark.parametrize("newcomer", [DESK], indirect=True)
def test_an_offer_of_the_tour_that_is_declined_does_not_come_back(newcomer, demo_server):
    page = newcomer.open(demo_server.url)
    page.get_by_role("button", name="不看导览").click()
    newcomer.open(demo_server.url)
    expect(page.locator(RANKING)).to_be_visible()
    expect(offer(page)).to_have_count(0)


@pytest.mark.parametrize("newcomer", [DESK], indirect=True)
def test_the_page_can_be_used_beside_the_tour(newcomer, demo_server):
    page = newcomer.open(demo_server.url)
    offer(page).click()
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
