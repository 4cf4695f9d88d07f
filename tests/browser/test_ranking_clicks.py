"""The ranking page in real Chromium: one click to the venues, one more to the shops."""

from playwright.sync_api import expect

from ui import page_tables

HEAD, SELECT = 35, 15  # height of a table's head; where its selection boxes are, in pixels


def click_row(visitor, table, row, high=page_tables.ROW):
    """Click the selection box of a row of a table, the first being 0, once it stands still."""
    visitor.settle()
    expect(table.get_by_test_id("data-grid-canvas")).to_be_visible()
    table.click(position={"x": SELECT, "y": HEAD + high * (row + 0.5)})
    visitor.settle()


def test_a_rank_opens_into_venues_and_a_venue_into_shops(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/county-ranking")
    tables = page.locator("[data-testid='stDataFrame']")
    # Two boards, two lists of denominators and two ways ahead, each drawn when it is there.
    expect(tables).to_have_count(6)
    click_row(visitor, tables.nth(0), 4, page_tables.TALL)
    expect(page.get_by_text("比它高的有 4 个")).to_be_visible()
    expect(tables).to_have_count(8)  # now also the ways and the venues of one
    click_row(visitor, tables.nth(2), 0)
    expect(page.get_by_text("的门店", exact=False).last).to_be_visible()
    expect(tables).to_have_count(9)  # and the shops of one venue
    visitor.check()


def test_a_link_opens_the_tab_it_names(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/county-ranking?board=指标")
    expect(page.get_by_text("消费、缴费、对公、发放各是各的，不相加")).to_be_visible()
