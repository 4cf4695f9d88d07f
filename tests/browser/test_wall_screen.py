"""大屏: whole at every size of a wall, without controls, turning by itself, left by Esc."""

import pytest
from playwright.sync_api import expect

TURN = 20_000  # milliseconds that a slide stands
LOST = """() => {
  const foot = document.querySelector('.wall footer').getBoundingClientRect().top;
  return [...document.querySelectorAll('.wall *')].filter((one) => {
    const box = one.getBoundingClientRect();
    const out = Math.min(box.left, box.top) < -1 || box.right > innerWidth + 1
      || box.bottom > innerHeight + 1;
    const over = one.closest('.slide') && box.bottom > foot + 1;
    const cut = one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline';
    return box.width && (out || over || cut);
  }).map((one) => one.outerHTML.slice(0, 80));
}"""
AT = """(moment) => document.getAnimations().filter((one) => one.animationName === 'turn')
  .forEach((one) => { one.pause(); one.currentTime = moment; })"""
SEEN = """() => [...document.querySelectorAll('.wall .slide')]
  .map((one) => getComputedStyle(one).visibility === 'visible')"""


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_nothing_is_cut_on_any_slide_and_they_turn(size, visit, demo_server):
    visitor = visit(demo_server, size)
    for query in ("", "&area=灌云县", "&as_of=2024-06-30"):
        page = visitor.open(f"{demo_server.url}/?view=screen{query}")
        expect(page.locator(".wall")).to_be_visible()
        for slide in range(4):
            page.evaluate(AT, slide * TURN + TURN / 2)
            assert page.evaluate(SEEN) == [number == slide for number in range(4)]
            assert page.evaluate(LOST) == []
        page.evaluate(AT, 4 * TURN + TURN / 2)
        assert page.evaluate(SEEN)[0], "after the last slide the first comes again"
        scrolls = "document.documentElement.scrollHeight > innerHeight"
        assert not page.evaluate(scrolls)
    visitor.check()


def test_the_wall_has_no_controls_and_esc_leads_back(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/?area=灌云县")
    link = page.get_by_role("link", name="大屏")
    assert "view=screen" in link.get_attribute("href")
    visitor.open(f"{demo_server.url}/gap-list?view=screen&area=灌云县")
    expect(page.locator(".wall h1")).to_have_text("灌云县数字人民币场景覆盖")
    covered = "document.elementFromPoint(innerWidth - 60, 24).closest('.wall') !== null"
    assert page.evaluate(covered), "the menu lies behind it"
    page.keyboard.press("Escape")
    expect(page.locator(".wall")).to_have_count(0)
    expect(page.get_by_role("heading", name="缺口清单", exact=True)).to_be_visible()
    assert "view=screen" not in page.url
