"""The map over time: a frame is the page of that day, and playing stops at the end."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from presentation import map_layers
from queries import attainment
from queries.scope import Scope
from tests.support.pages import open_page
from ui import session
from ui.coverage_map import timeline

DAY = date(2026, 10, 31)
EARLIER = [date(2023, 4, 30), date(2024, 6, 30), date(2025, 12, 31)]
NAMES = {code: layer.title for code, layer in map_layers.LAYERS.items()}
PLAYED = [code for code, layer in map_layers.LAYERS.items() if layer.played]


@pytest.fixture
def whole(demo_store, use_store):
    use_store(demo_store)
    return Scope(session.current_id(), DAY)


@pytest.mark.parametrize("area", ["", "320723", "ETDZ"])
@pytest.mark.parametrize("layer", PLAYED)
@pytest.mark.parametrize("day", EARLIER)
def test_a_frame_is_the_page_of_that_day(day, layer, area, whole):
    scope = replace(whole, area_id=area, operator_id="ICBC" if layer == "cell" else "")
    framed = timeline.Choice(scope, NAMES[layer], "verified").view_on(day)
    page = timeline.Choice(replace(scope, as_of=day), NAMES[layer], "verified").view_on(day)
    assert framed.drawing.legends == page.drawing.legends
    assert (framed.title, framed.place) == (page.title, page.place)
    pd.testing.assert_frame_equal(
        framed.names[framed.columns].sort_values(framed.columns, ignore_index=True),
        page.names[page.columns].sort_values(page.columns, ignore_index=True),
        check_dtype=False,
    )


def test_the_months_begin_with_the_roll_out_and_end_with_the_day(whole):
    days = timeline.Choice(whole, NAMES["area"], "verified").months
    assert (days[0], days[-1], len(days)) == (date(2023, 4, 30), DAY, 43)


@pytest.mark.parametrize(
    "choice", [{"layer": NAMES["heat"]}, {"town_code": "320703001"}, {"venue_id": "V1"}]
)
def test_heat_towns_and_venues_are_not_played(choice, whole):
    options = {"layer": NAMES["area"], "basis": "verified"} | choice
    assert timeline.Choice(whole, **options).months == ()


def test_before_the_first_month_there_is_nothing_to_play(demo_store, use_store):
    use_store(demo_store)
    app = open_page("coverage_map")
    app.date_input(key="as_of").set_value(date(2023, 1, 1)).run()
    assert not app.exception
    assert not app.select_slider


def button(app, label):
    return next(one for one in app.button if one.label == label)


def titles(app):
    return [header.value for header in app.header]


def test_a_frame_says_its_month_and_leaves_the_day_alone(demo_store, use_store):
    use_store(demo_store)
    app = open_page("coverage_map")
    assert titles(app) == ["截至 2026-10-31 · 全市县区与板块达标率"]
    app.select_slider(key="frame").set_value(date(2024, 6, 30)).run()
    assert not app.exception
    assert titles(app) == ["2024 年 6 月 · 全市县区与板块达标率"]
    assert app.date_input(key="as_of").value == DAY
    assert any("按现行版本回看 2024-06-30" in element.value for element in app.get("html"))
    app.date_input(key="as_of").set_value(date(2025, 6, 30)).run()
    assert titles(app) == ["截至 2025-06-30 · 全市县区与板块达标率"]


def test_playing_goes_month_by_month_and_stops_at_the_end(demo_store, use_store):
    use_store(demo_store)
    app = open_page("coverage_map")
    app.date_input(key="as_of").set_value(date(2023, 7, 15)).run()
    button(app, "播放").click().run()
    shown = [titles(app)[0].partition(" · ")[0]]
    while any(one.label == "暂停" for one in app.button):
        app.run()
        assert not app.exception
        shown.append(titles(app)[0].partition(" · ")[0])
    assert shown[0] == "2023 年 4 月" and shown[-1] == "截至 2023-07-15"
    assert list(dict.fromkeys(shown)) == [
        "2023 年 4 月", "2023 年 5 月", "2023 年 6 月", "截至 2023-07-15",
    ]  # fmt: skip


def test_pausing_keeps_the_month(demo_store, use_store):
    use_store(demo_store)
    app = open_page("coverage_map")
    app.select_slider(key="frame").set_value(date(2024, 1, 31)).run()
    button(app, "播放").click().run()
    assert titles(app)[0].startswith("2024 年 1 月")
    assert not app.get("download_button")
    button(app, "暂停").click().run()
    assert titles(app)[0].startswith("2024 年")
    assert app.get("download_button") and button(app, "播放")


def test_colours_do_not_depend_on_the_month(whole):
    early = timeline.Choice(whole, NAMES["area"], "verified").view_on(EARLIER[0]).drawing.legends[0]
    late = timeline.Choice(whole, NAMES["area"], "verified").view_on(EARLIER[2]).drawing.legends[0]
    assert [row[0] for row in early.rows] == [row[0] for row in late.rows]
    assert [row[1] for row in early.rows[1:]] == [row[1] for row in late.rows[1:]]


def test_months_are_those_of_the_answers(whole):
    months = attainment.month_ends(whole.snapshot_id, DAY)
    assert timeline.Choice(whole, NAMES["town"], "active").months == months
