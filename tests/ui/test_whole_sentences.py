"""Sentences in tables are shown whole; a list that is empty says so in a quiet line."""

from tests.support.pages import open_page
from ui import page_tables


def test_rows_with_long_sentences_are_high_enough_for_them(demo_store, use_store):
    use_store(demo_store)
    tables = open_page("target_progress").dataframe
    assert tables[0].proto.row_height == page_tables.TALL
    short = open_page("gap_list").dataframe[0]
    assert short.proto.row_height == page_tables.ROW


def test_an_empty_list_is_a_quiet_line(demo_store, use_store):
    use_store(demo_store)
    app = open_page("overview", area="云台山景区", as_of="2024-06-30")
    assert not any("没有符合" in one.value for one in app.info)
    assert any("没有符合条件的记录" in one.value for one in app.caption)


def test_the_chosen_area_comes_first_on_the_ranking(demo_store, use_store):
    use_store(demo_store)
    app = open_page("county_ranking", area="徐圩新区")
    assert [one.value for one in app.header] == ["功能板块榜", "县区榜"]
    told = [one.proto.body for one in app.get("html")]
    assert any("徐圩新区：功能板块第" in text for text in told)
