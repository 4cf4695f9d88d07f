"""Pages follow the selection, from the map to the gap list and back, and name a damaged file."""

import shutil
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from presentation import map_layers
from queries.scope import CITY
from reports import __main__ as command
from store import snapshot_store
from tests.support.pages import open_page, press, share, text_of


def test_an_earlier_day_shows_fewer_covered_venues(demo_store, use_store):
    use_store(demo_store)
    app = open_page("overview")
    now = share(app)
    app.date_input(key="as_of").set_value(date(2024, 6, 30)).run()
    assert not app.exception
    assert share(app) < now


def test_a_mark_under_the_title_moves_nothing_below_it(demo_store, use_store):
    """What moves is built anew in the browser: open tabs fall back to the first, maps reload."""

    def places(app: AppTest) -> list[str]:
        return [part.type for part in app.main.children.values()]

    use_store(demo_store)
    app = open_page("tasks_reports")
    before = places(app)
    app.date_input(key="as_of").set_value(date(2024, 6, 30)).run()
    assert "不是最新的情况" in text_of(app)
    assert places(app) == before


def test_selecting_a_county_narrows_the_gap_list(demo_store, use_store):
    use_store(demo_store)

    def venues(app: AppTest):
        return next(table.value for table in app.dataframe if "还差（家）" in table.value)

    app = open_page("gap_list")
    whole = len(venues(app))
    app.selectbox(key="area").select("灌云县").run()
    assert not app.exception
    part = venues(app)
    assert 0 < len(part) < whole
    assert set(part["县区"]) == {"灌云县"}


def test_territory_puts_the_zones_into_their_counties(demo_store, use_store):
    use_store(demo_store)
    app = open_page("county_ranking")
    managed = app.dataframe[0].value["名录场所"].sum()
    app.segmented_control(key="attribution").set_value("属地").run()
    assert not app.exception
    assert app.dataframe[0].value["名录场所"].sum() > managed


@pytest.mark.parametrize("area", [CITY, "东海县", "经开区"])
def test_every_layer_draws_with_its_legend(area, demo_store, use_store):
    use_store(demo_store)
    app = open_page("coverage_map")
    app.selectbox(key="area").select(area)
    for layer in map_layers.CODES:
        app.selectbox(key="layer").select(layer).run()
        assert not app.exception, layer
        assert app.get("component_instance") and app.get("html"), layer


@pytest.mark.parametrize("area", [CITY, "灌南县"])
def test_a_layer_without_anything_to_show_stays_a_map(area, young_store, use_store):
    use_store(young_store)
    app = open_page("coverage_map")
    app.selectbox(key="area").select(area)
    for layer in map_layers.CODES:
        app.selectbox(key="layer").select(layer).run()
        assert not app.exception, layer
        assert not app.error, layer


def test_the_way_back_goes_step_by_step(demo_store, use_store):
    use_store(demo_store)
    app = open_page("coverage_map")
    app.selectbox(key="area").select("灌云县").run()
    app.selectbox(key="town").select("伊山镇").run()
    for area, town in [("灌云县", "不限"), (CITY, "不限")]:
        [*_, last] = [one for one in app.button if (one.key or "").startswith("crumb")]
        last.click().run()
        assert (app.selectbox(key="area").value, app.selectbox(key="town").value) == (area, town)


def test_a_shop_that_was_not_on_record_yet_is_not_on_the_map(young_store, use_store):
    use_store(young_store)
    app = open_page("coverage_map")
    app.selectbox(key="area").select("海州区").run()
    app.selectbox(key="town").select("新浦街道").run()
    assert not app.exception
    app.date_input(key="as_of").set_value(date(2023, 6, 30)).run()
    assert not app.exception
    assert not any("示例一店" in str(table.value.values) for table in app.dataframe)


def test_from_the_overview_to_a_gap_list_with_a_selection_in_the_address(demo_store, use_store):
    use_store(demo_store)
    app = open_page("overview", operator="江苏银行", area="连云区")
    press(app, "看工作单")
    assert app.session_state["_scope"].operator_id == "JSB"
    assert app.session_state["_scope"].area_id == "320703"


def test_a_file_damaged_inside_is_named_in_a_sentence(demo_store, use_store, tmp_path, capsys):
    """Such a file opens; only the query that comes to its damaged page fails."""
    home = shutil.copytree(demo_store, tmp_path / "store")
    for name in ("merchants", "merchants_on"):
        path = snapshot_store.Store(home).current().table_path(name)
        content = path.read_bytes()
        third = len(content) // 3
        path.write_bytes(content[:third] + bytes(200) + content[third + 200 :])
    use_store(home)
    app = open_page("gap_list")
    assert not app.exception
    assert "缺失或损坏" in app.error[0].value and "merchants" in app.error[0].value
    for asked in (["coverage"], ["build", "--out", str(tmp_path / "out")]):
        assert command.main(asked) == 1
        assert "“merchants.parquet”缺失或损坏" in capsys.readouterr().err
    assert not list((tmp_path / "out").iterdir())
