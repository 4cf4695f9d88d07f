"""The front page in a browser: one screen, a map that lights up with its list, the way down."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

FIRST_SCREEN = (".st-key-crumbs", ".st-key-front-map", ".hero", "iframe[title='列表']",
                ".st-key-ask-plan", ".legend", ".stamp")  # fmt: skip


COVERED = """() => {
  const areas = [...document.querySelectorAll("path[aria-label]")];
  const inside = (path, x, y) => {
    const at = new DOMPoint(x, y).matrixTransform(path.getScreenCTM().inverse());
    return path.isPointInFill(at);
  };
  return [...document.querySelectorAll(".place.area")].map((label) => {
    const name = label.firstChild.textContent, box = label.getBoundingClientRect(), count = {};
    for (let x = box.left + 1; x < box.right; x += 3)
      for (let y = box.top + 1; y < box.bottom; y += 3)
        for (const area of areas) {
          const its = area.getAttribute("aria-label").split(/[，（]/)[0];
          if (inside(area, x, y)) count[its] = (count[its] || 0) + 1;
        }
    return [name, count];
  });
}"""
"""How much of each area every label of the map covers: [name, {area: points}]."""


CROSSES = """(line, label) => {
  const box = label.getBoundingClientRect(), at = line.parentElement.getBoundingClientRect();
  const turn = new DOMMatrix(getComputedStyle(line).transform), ends = [0, line.offsetWidth];
  const [a, b] = ends.map((end) => new DOMPoint(end, 0).matrixTransform(turn));
  for (let on = 12; on < line.offsetWidth; on += 1) { // from where it has left its own place
    const part = on / line.offsetWidth;
    const x = at.left + a.x + (b.x - a.x) * part, y = at.top + a.y + (b.y - a.y) * part;
    if (x > box.left && x < box.right && y > box.top && y < box.bottom) return true;
  }
  return false;
}"""
"""Whether the line of a label runs through another one."""


UNFOLDED = ".st-key-head details[open]"


def panel(page):
    return page.frame_locator("iframe[title='列表']")


def chart(page):
    return page.frame_locator("iframe[title='地图']")


def shape(page, name):
    """The area, town or venue of that name on the map."""
    return chart(page).locator(f"path[aria-label^='{name}']")


def arrive(visitor, name):
    """Wait until the page is about `name`, and nothing of what it was about before is left."""
    here = visitor.page.locator(".st-key-crumbs [aria-current='page']")
    expect(here.filter(has_text=re.compile(f"^{name}"))).to_have_count(1)
    visitor.settle()
    expect(here).to_have_count(1)
    return here.inner_text()


def arrive_at(visitor, title):
    """Wait until the page called `title` stands there."""
    expect(visitor.page).to_have_title(re.compile(f"^{title} · "))
    visitor.settle()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_the_front_page_is_one_screen(visit, demo_server, size):
    visitor = visit(demo_server, size)
    page = visitor.open(demo_server.url)
    expect(shape(page, "灌云县")).to_be_visible()
    for part in FIRST_SCREEN:
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= size[1], part
    areas = panel(page).locator("tbody th").all_inner_texts()
    assert len(areas) == 10
    worst = page.locator(".worst")
    expect(worst).to_contain_text(re.sub("板块$", "", areas[0]).strip())
    assert worst.bounding_box()["y"] < page.locator("iframe[title='列表']").bounding_box()["y"]
    for heading in ("应达 90.0%", "达标率", "各自到线还差（最少补）"):
        expect(panel(page).get_by_role("columnheader", name=heading)).to_be_visible()
    visitor.check()


def test_the_controls_over_the_map_stand_in_one_line_and_the_search_says_what_it_finds(
    visitor, demo_server
):
    page = visitor.open(f"{demo_server.url}/?area=云台山景区")
    shape(page, "云台街道").wait_for()
    panel(page).locator("tbody").get_by_role("button").first.wait_for()
    search = page.get_by_label("搜索", exact=True)
    needed = """(one) => {
      const pen = document.createElement("canvas").getContext("2d"), look = getComputedStyle(one);
      pen.font = look.font;
      const padding = parseFloat(look.paddingLeft) + parseFloat(look.paddingRight);
      return pen.measureText(one.placeholder).width + padding - one.clientWidth;
    }"""
    assert search.evaluate(needed) <= 0
    controls = page.locator(".st-key-crumbs").get_by_role("link")
    apart = """all => {
      const boxes = all.map((one) => one.getBoundingClientRect());
      const middles = boxes.map((box) => (box.top + box.bottom) / 2);
      return Math.max(...middles) - Math.min(...middles);
    }"""
    assert controls.evaluate_all(apart) < 8
    panel(page).locator("tbody").get_by_role("button").first.click()
    expect(page.locator(".card h2")).to_be_visible()
    visitor.settle()
    assert controls.evaluate_all(apart) < 8


@pytest.mark.parametrize("size", [(820, 1180), (390, 844)])
def test_the_front_page_fits_a_tablet_and_a_phone(visit, demo_server, size):
    visitor = visit(demo_server, size)
    page = visitor.open(demo_server.url)
    expect(shape(page, "灌云县")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert panel(page).locator("html").evaluate("one => one.scrollWidth <= one.clientWidth")
    assert page.locator(".hero").bounding_box()["y"] < size[1] / 3
    city, frame = shape(page, "东海县").bounding_box(), page.locator("iframe[title='地图']")
    assert city["x"] >= frame.bounding_box()["x"], "the map fits its frame"
    page = visitor.open(f"{demo_server.url}/?area=灌云县")
    panel(page).locator("tbody").get_by_role("button").first.wait_for()
    assert panel(page).locator("html").evaluate("one => one.scrollWidth <= one.clientWidth")
    visitor.check()


def test_the_map_the_address_and_the_title_go_down_and_back_together(visitor, demo_server):
    page = visitor.open(demo_server.url)
    visitor.map().evaluate("window.built = 'once'")
    for name in ("灌云县", "下车镇"):
        shape(page, name).click()
        arrive(visitor, name)
    row = panel(page).get_by_role("button", name=re.compile("^下车")).first
    venue = row.inner_text()
    row.click()
    arrive(visitor, venue)
    expect(page.locator(".card h2")).to_have_text(venue)
    expect(page).to_have_title(re.compile("^灌云县 · "))
    for name in ("下车镇", "灌云县", "全市"):
        page.go_back()
        arrive(visitor, name)
    expect(page).to_have_title(re.compile("^全市总览 · "))
    for name in ("灌云县", "下车镇", venue):
        page.go_forward()
        arrive(visitor, name)
    page.locator(".st-key-crumbs").get_by_role("button", name="灌云县").click()
    arrive(visitor, "灌云县")
    assert visitor.map().evaluate("window.built") == "once", "the map is updated in place"
    visitor.check()


def test_back_and_forward_lead_from_page_to_page_with_their_selection(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/?area=灌云县")
    entries = page.evaluate("history.length")
    page.get_by_role("button", name="看工作单").click()
    arrive_at(visitor, "缺口清单")
    page.get_by_test_id("stTopNavSection").filter(has_text="进度").click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text="县区排名").click()
    arrive_at(visitor, "县区排名")
    assert page.evaluate("history.length") == entries + 2, "each step is one entry"
    stops = [("县区排名", "/county-ranking"), ("缺口清单", "/gap-list"), ("灌云县", "/")]
    for go, ahead in ((page.go_back, stops[1:]), (page.go_forward, stops[1::-1])):
        for title, path in ahead:
            go()
            arrive_at(visitor, title)
            address = urlsplit(page.url)
            assert (address.path, parse_qs(address.query)["area"]) == (path, ["灌云县"])
            expect(page.locator(".told-scope")).to_contain_text("灌云县")
    page.reload()
    arrive_at(visitor, "县区排名")
    expect(page.locator(".told-scope")).to_contain_text("灌云县")
    visitor.check()


def test_what_is_chosen_on_the_page_holds_after_the_selection_was_opened(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/?area=灌云县")
    selection, unfolded = page.locator("summary", has_text="换范围"), page.locator(UNFOLDED)
    for fold in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.locator(".hero .big").click(),
        lambda: page.locator("iframe[title='地图']").click(position={"x": 20, "y": 300}),
    ):
        selection.click()
        expect(unfolded).to_have_count(1)
        fold()
        expect(unfolded).to_have_count(0)
    venue = panel(page).locator("tbody button").first
    name = venue.inner_text()
    venue.click()
    arrive(visitor, name)
    panel(page).locator("tbody button").first.click()
    arrive_at(visitor, "门店")
    visitor.check()


def test_a_high_window_shows_every_venue_of_the_list(visit, demo_server):
    page = visit(demo_server, (1920, 1080)).open(f"{demo_server.url}/?area=灌云县")
    rows = panel(page).locator("tbody tr")
    expect(rows.last).to_be_visible()
    lowest = rows.last.bounding_box()
    frame = page.locator("iframe[title='列表']").bounding_box()
    assert lowest["y"] + lowest["height"] <= frame["y"] + frame["height"] <= 1080


def test_a_card_is_pressed_wherever_it_is_clicked(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/?area=灌云县")
    page.locator(".st-key-ask-way").click(position={"x": 40, "y": 20})
    arrive_at(visitor, "缺口清单")


def test_numbers_agree_from_the_city_to_the_county_and_its_towns(visitor, demo_server):
    page = visitor.open(demo_server.url)
    row = panel(page).locator("tr", has_text="灌南县")
    share = row.locator("td.strong").inner_text()
    row.get_by_role("button").click()
    expect(page.locator(".hero .big")).to_have_text(share)
    said = page.locator(".hero .told").inner_text()
    covered, venues = map(int, re.search(r"达标 (\d+) / (\d+) 个", said).groups())
    arrive(visitor, "灌南县")
    towns = [
        tuple(map(int, found.groups()))
        for text in chart(page).locator(".place.area b").all_inner_texts()
        if (found := re.fullmatch(r"(\d+)/(\d+)", text))
    ]
    note = re.search(r"另有 (\d+) 个场所没有定到", page.locator(".legend").first.inner_text())
    elsewhere = int(note[1]) if note else 0
    assert sum(count for _, count in towns) + elsewhere == venues
    assert sum(done for done, _ in towns) <= covered


def test_a_row_lights_up_on_the_map_and_the_map_in_the_list(visitor, demo_server):
    page = visitor.open(demo_server.url)
    area, row = shape(page, "灌南县"), panel(page).locator("tr", has_text="灌南县")
    expect(area).to_have_attribute("stroke-width", "1.2")
    row.hover()
    expect(area).to_have_attribute("stroke-width", "3")
    area.hover()
    expect(row).to_have_class("lit")


def test_the_map_and_the_list_are_used_by_keyboard(visitor, demo_server):
    page = visitor.open(demo_server.url)
    shape(page, "灌云县").press("Enter")
    arrive(visitor, "灌云县")
    panel(page).locator("tr[data-name*='(']").get_by_role("button").first.press("Enter")
    expect(page.locator(".card h2")).to_be_visible()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (820, 1180), (390, 844)])
@pytest.mark.parametrize("query", ["", "?area=灌云县"])
def test_labels_of_the_map_stand_apart_and_on_no_area_but_their_own(
    visit, demo_server, size, query
):
    visitor = visit(demo_server, size)
    page = visitor.open(f"{demo_server.url}/{query}")
    expect(chart(page).locator(".place.area").first).to_be_visible()
    visitor.settle()
    boxes = [one.bounding_box() for one in chart(page).locator(".place.area").all()]
    assert len(boxes) >= 10
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = (
                one["x"] + one["width"] <= other["x"] + 3
                or other["x"] + other["width"] <= one["x"] + 3
                or one["y"] + one["height"] <= other["y"] + 3
                or other["y"] + other["height"] <= one["y"] + 3
            )
            assert apart, (one, other)
    for name, covered in visitor.map().evaluate(COVERED):
        own = covered.pop(name, 0)
        assert max(covered.values(), default=0) <= own + 8, (name, own, covered)


def test_the_worst_areas_of_the_list_stand_out_on_the_map(visitor, demo_server):
    page = visitor.open(demo_server.url)
    worst = chart(page).locator(".place.worst")
    expect(worst).to_have_count(2)
    names = panel(page).locator("tbody tr").all()[:2]
    assert {one.get_attribute("data-name") for one in names} == {
        text.split("\n")[0] for text in worst.all_inner_texts()
    }
    for line in chart(page).locator(".place-line").all():
        own, box = line.locator("..").locator(".place").inner_text(), line.bounding_box()
        across = [
            label.inner_text()
            for label in chart(page).locator(".place.area").all()
            if label.inner_text() != own and line.evaluate(CROSSES, label.element_handle())
        ]
        assert across == [], (own, box)


def test_the_wheel_scrolls_the_page_zooms_with_ctrl_and_there_is_a_way_back(visitor, demo_server):
    page = visitor.open(demo_server.url)
    scale, main = chart(page).locator(".leaflet-control-scale-line"), page.get_by_test_id("stMain")
    shape(page, "灌云县").hover()
    first = scale.inner_text()
    page.mouse.wheel(0, 200)
    expect(main).to_have_js_property("scrollTop", 200)
    expect(scale).to_have_text(first)
    main.evaluate("one => { one.scrollTop = 0 }")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -900)
    page.keyboard.up("Control")
    expect(scale).not_to_have_text(first)
    chart(page).get_by_role("button", name="回到全图").click()
    expect(scale).to_have_text(first)
    visitor.check()


def test_the_scale_of_the_map_has_room_for_its_words(visit, demo_server):
    for size in ((1920, 1080), (390, 844)):
        visitor = visit(demo_server, size)
        page = visitor.open(demo_server.url)
        scale = chart(page).locator(".leaflet-control-scale-line")
        expect(scale).to_contain_text("公里")
        assert scale.evaluate("(one) => one.scrollWidth <= one.clientWidth")
