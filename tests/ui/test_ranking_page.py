"""The ranking page: one click from a rank to its venues, and from a venue to its shops."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from domain import boards, pace, reference, rules
from presentation import board_charts, labels, page_headlines, ranking_listings
from presentation.palette import GAP_COLOURS
from queries import attainment, board_standings, monthly_figures
from queries.scope import Scope
from tests.support.pages import open_page, text_of
from ui import session

DAY = date(2026, 10, 31)
VIEWS = ["县区、板块", "部门", "运营机构", "进步榜", "指标", "综合视角"]
SCOPE_KEY = f"{DAY}_management__"


@pytest.fixture
def scope(demo_store, use_store):
    use_store(demo_store)
    return Scope(session.current_id(), DAY)


def opened(view):
    """The page with one of its tabs open."""
    return open_page("county_ranking", board=view)


def click(app, key, row):
    """Choose a row of the table `key`, as a click on it does."""
    app.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return app.run()


def table_with(app, *headings):
    """The table on the page that has these headings."""
    return next(
        table.value for table in app.dataframe if {*headings} <= {*map(str, table.value.columns)}
    )


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens(view, scope):
    app = opened(view)
    assert not app.exception and not app.error
    assert app.dataframe


def test_a_click_on_a_county_opens_its_venues_and_a_click_on_a_venue_its_shops(scope):
    app = opened("县区、板块")
    board = app.dataframe[0].value
    row = board.index[board["县区/板块"] == "灌云县"][0]
    click(app, f"why_county_{SCOPE_KEY}", int(row))
    assert not app.exception
    covered, venues = board["达标场所"][row], board["名录场所"][row]
    assert f"灌云县** {covered}/{venues} = " in text_of(app)
    members = table_with(app, "特定区域", "达标要验证")
    assert len(members) == venues and (members["达标情况"] == "已达标").sum() == covered
    assert set(members["县区"]) == {"灌云县"}
    click(app, f"venues_county_320723_{SCOPE_KEY}", 0)
    assert not app.exception
    shops = table_with(app, "是否算数", "受理点编号")
    assert (shops["是否算数"] == "已验证").sum() == members["已验证"][0]
    assert set(shops.loc[shops["是否算数"] == "未验证", "需要做什么"]) <= {
        "签约", "再次上门", "开通", "恢复", "验证",
    }  # fmt: skip


def test_the_links_of_every_tier_are_shown_as_they_are(scope):
    """A venue of a tier outside the headline has links too, and may lack them."""
    venues = attainment.venues(replace(scope, tiers="all"))
    short = venues[(venues["links"] != "") & ~venues["covered_verified"]]
    assert set(short["tier"]) - set(rules.names("headline_tiers"))
    for venue in short.groupby(["tier", "kind"]).head(2).itertuples():
        missing = board_standings.missing_links(scope, venue.venue_id)
        links = ranking_listings.links(venue.links, missing)
        assert (links["live_label"] == "已通").sum() == venue.verified < len(links)


@pytest.mark.parametrize("kind", boards.KINDS)
def test_the_venues_of_a_row_are_its_numerator_and_denominator(kind, scope):
    board = board_standings.ranks(scope, kind)
    for row in board[board["venues"] > 0].itertuples():
        members = board_standings.members(scope, kind, row.area_id)
        assert len(members) == row.venues
        assert members["covered_verified"].sum() == row.covered


def test_the_sentence_says_how_the_rank_comes_about(scope):
    due = pace.due_share(DAY)
    ranks = board_standings.ranks(scope, "county")
    ways = board_standings.ways(scope, "county")
    ranked = ranks.dropna(subset=["rank"])
    for area_id, row in ranked.set_index("area_id", drop=False).iterrows():
        text = ranking_listings.why(row, ranks, ways[ways["area_id"] == area_id], due)
        assert (
            f"{row['covered']}/{row['venues']} = {labels.percent(row['share'])}，"
            f"第 {row['rank']:.0f} 名" in text
        )
        if row["rank"] > 1:
            assert f"比它高的有 {row['rank'] - 1:.0f} 个" in text


def some_ranks(*areas):
    """Ranks of areas given as (covered, unknown, venues, rank), as far as sentences read them."""
    return pd.DataFrame(
        [
            {"area_id": f"A{n}", "area": f"县{n}", "covered": covered, "venues": venues,
             "unknown": unknown, "share": covered / venues, "low": covered / venues,
             "high": (covered + unknown) / venues, "rank": rank, "small": venues < 10,
             "band": "far_behind", "rank_best": 1, "rank_worst": 3, "tied": False,
             "rank_before": 1.0, "share_before": 0.1, "reason": "" if rank else "名录没有填报"}
            for n, (covered, unknown, venues, rank) in enumerate(areas)
        ]
    )  # fmt: skip


def test_a_headline_names_the_truly_lowest_however_few_or_unknown_its_venues():
    ranks = some_ranks((15, 0, 20, 1), (8, 0, 20, 2), (0, 5, 5, 3))
    text = page_headlines.county_ranking(ranks, 0.9)
    assert "最高 **县0**（75.0%）" in text
    assert "最低 **县2**（0.0%，5个场所应覆盖数待核）" in text


def test_a_headline_names_those_who_share_the_lowest_together():
    ranks = some_ranks((15, 0, 20, 1), (2, 0, 8, 2), (5, 1, 20, 2))
    assert "最低 **县1、县2**（25.0%，1个场所应覆盖数待核）" in page_headlines.county_ranking(
        ranks, 0.9
    )
    assert "最低" not in page_headlines.county_ranking(ranks[ranks["rank"] == 2], 0.9)
    assert "没有可以比较的" in page_headlines.county_ranking(ranks[:0], 0.9)


@pytest.mark.parametrize("day", [DAY, date(2024, 6, 30)])
def test_the_overview_names_the_lowest_of_all_areas_as_its_decisions_do(scope, day):
    scope = replace(scope, as_of=day)
    areas = attainment.areas(scope)
    lowest = areas[areas["share_verified"] == areas["share_verified"].min()]["area"]
    text = page_headlines.overview(scope, attainment.city(scope).iloc[0], 0.9)
    assert f"最低的是 **{'、'.join(lowest)}**（" in text
    decisions = attainment.decisions(scope)
    assert decisions.loc[decisions["kind"] == "进度落后", "subject"].iloc[0] in set(lowest)


def test_the_sentence_of_a_tie_and_of_an_unranked_area():
    ranks = some_ranks((10, 0, 20, 1), (5, 0, 10, 1), (3, 0, 9, None))
    none = pd.DataFrame(columns=["goal", "goal_rank", "more", "ties_at", "rivals"])
    assert "没有比它高的，与县1并列" in ranking_listings.why(ranks.iloc[0], ranks, none, 0.9)
    assert "不排名：名录没有填报" in ranking_listings.why(ranks.iloc[2], ranks, none, 0.9)


def test_the_sentence_says_what_unknown_venues_leave_open_and_how_the_band_comes_about():
    ranks = some_ranks((10, 4, 20, 2), (10, 0, 20, 2)).assign(rank_worst=[3, 1])
    none = pd.DataFrame(columns=["goal", "goal_rank", "more", "ties_at", "rivals"])
    text = ranking_listings.why(ranks.iloc[0], ranks, none, 0.9)
    assert "有 4 个场所应覆盖数待核，都按不达标算；都达标时达标率为 70.0%" in text
    assert "可能在第 1–3 名" in text
    assert "分档为**明显落后**：比应达线 90.0% 低 40.0 个百分点，超过 25 个。" in text
    assert "名次都不变" in ranking_listings.why(ranks.iloc[1], ranks, none, 0.9)


@pytest.mark.parametrize("kind", boards.KINDS)
def test_what_would_narrow_a_rank_is_named_beside_it_and_listed(kind, scope):
    _, shown = ranking_listings.board(scope, kind)
    assert (shown["confirm_names"] == "—").equals(shown["unknown"] == 0)
    listed = ranking_listings.to_confirm(scope, kind)
    assert listed["area_id"].value_counts().to_dict() == {
        row.area_id: row.unknown for row in shown.itertuples() if row.unknown
    }
    assert listed["adopted"].isna().all(), "what is unknown is no number"


def test_the_register_opens_at_the_venues_to_confirm(scope):
    app = opened("县区、板块")
    click(app, f"confirm_county_{SCOPE_KEY}", 0)
    assert not app.exception
    names = [button.label for button in app.button if "应覆盖数待核" in button.label]
    assert names == ["到特定区域名录看海州区应覆盖数待核的场所"]


def test_words_of_a_file_are_no_markdown():
    ranks = some_ranks((10, 0, 20, 1)).assign(area="[点](http://x)")
    none = pd.DataFrame(columns=["goal", "goal_rank", "more", "ties_at", "rivals"])
    assert "[点](" not in ranking_listings.why(ranks.iloc[0], ranks, none, 0.9)
    assert "[点](" not in page_headlines.county_ranking(
        pd.concat([ranks, some_ranks((1, 0, 20, 2))]), 0.9
    )


def test_every_band_has_its_colour_and_its_word_and_the_unknown_are_grey():
    given = (19, 0, 20, 1), (17, 0, 20, 2), (14, 0, 20, 3), (10, 0, 20, 4), (3, 2, 20, 5)
    ranks = some_ranks(*given).assign(band=["reached", "in_step", "behind", *["far_behind"] * 2])
    chart = board_charts.board({"county": ranks}, 0.9)
    *bands, unknown = chart.named()
    assert [one.label for one in bands] == [
        "达标",
        "基本同步",
        "落后",
        "明显落后",
        "明显落后，差 40 点以上",
    ]
    assert [one.colour for one in bands] == list(GAP_COLOURS), "those of the maps"
    assert unknown.colour not in GAP_COLOURS
    for one, words in zip(bands, chart.frame["words"], strict=True):
        assert one.label.partition("，")[0] in words
    assert unknown.label == "应覆盖数待核，都达标就到这里"
    assert chart.frame["rest"].dropna().tolist() == pytest.approx([0.1])


# ---- progress ---------------------------------------------------------------------------------


def test_the_leader_of_progress_is_the_true_one_and_what_is_open_is_said():
    board = pd.DataFrame(
        {
            "area": ["甲县", "乙县", "丙县"],
            "change": [0.3, 0.2, -0.1],
            "sure": [False, True, True],
        }
    )
    text = page_headlines.ranking_gains(board, date(2026, 7, 31))
    assert "进步最大的是 **甲县**（+30.0 个百分点）；进步 2 个，退步 1 个。" in text
    assert "有 1 个核定未知分母，进退可能改变。" in text
    still = page_headlines.ranking_gains(board.assign(change=0.0, sure=True), date(2026, 7, 31))
    assert still == "与 2026-07-31 相比，进步 0 个，退步 0 个。"


def test_progress_agrees_with_the_two_boards(scope):
    found = board_standings.gains(scope, "county")
    now = board_standings.ranks(scope, "county").set_index("area_id")
    then = board_standings.ranks(replace(scope, as_of=date(2026, 7, 31)), "county")
    then = then.set_index("area_id")
    for row in found.itertuples():
        change = now["share"][row.area_id] - then["share"][row.area_id]
        assert row.change == pytest.approx(change, abs=1e-8)
        assert (
            row.covered - row.covered_before == row.newly - row.lapsed
        )  # the register is the same


# ---- indicators -------------------------------------------------------------------------------


def test_only_one_indicator_is_on_the_page_at_a_time(scope):
    app = opened("指标")
    names = list(reference.table("indicators")["indicator"])
    assert len(app.dataframe) == 1
    box = app.selectbox(key="measure")
    assert len(box.options) == len(names), "no entry stands for several"
    box.select(box.options[names.index("消费交易金额")]).run()
    assert not app.exception
    retail = app.dataframe[0].value["当月数值"].sum()
    months = monthly_figures.indicator(scope, "amount_retail", "county_code")
    assert retail == pytest.approx(months.loc[months["month"] == "2026-10-01", "value"].sum())


def judged(*rows):
    """Months of one indicator: area_id, month, value, broken."""
    frame = pd.DataFrame(rows, columns=["area_id", "month", "value", "broken"])
    return frame.assign(month=pd.to_datetime(frame["month"]), reports=1, growth=0.0, yearly=0.0)


NAMES = {"320706": "海州区", "320703": "连云区", "320723": "灌云县"}


def test_indicators_are_ranked_by_inhabitant_only_where_that_is_fair():
    months = judged(
        ("320706", "2026-10-01", 918.0, False),  # 918,000 people: 10 for 10,000
        ("320703", "2026-10-01", 600.0, False),  # 292,762 people: 20.49
    )
    fair = ranking_listings.indicator(months, NAMES, "未分", per_head=True)
    assert fair[["name", "rank_label"]].to_numpy().tolist() == [["连云区", "1"], ["海州区", "2"]]
    assert fair["per_head"].to_list() == [20.49, 10.0]
    plain = ranking_listings.indicator(months, NAMES, "未分", per_head=False)
    assert plain["name"].to_list() == ["海州区", "连云区"]


def test_who_stopped_broke_or_was_not_told_apart_has_no_rank():
    months = judged(
        ("320706", "2026-10-01", 5.0, False),
        ("320703", "2026-09-01", 9.0, False),
        ("320723", "2026-03-01", 1.0, True),
        ("320723", "2026-10-01", 90.0, True),
        ("", "2026-10-01", 9.0, False),
    )
    found = ranking_listings.indicator(months, NAMES, "全市（未分县区）", per_head=False)
    labels = dict(zip(found["name"], found["rank_label"], strict=True))
    assert labels == {
        "海州区": "1", "连云区": "不排名", "灌云县": "不排名", "全市（未分县区）": "不排名",
    }  # fmt: skip
    assert found.set_index("name")["broken_on"]["灌云县"] == "2026-03、2026-10"


# ---- banks ------------------------------------------------------------------------------------


def test_a_bank_is_ranked_by_venues_and_shown_its_own_shops(scope):
    own = board_standings.own_shops(scope).set_index("area_id")
    assert own["sleeping_share"].between(0, 1).all()
    assert (own["active"] <= own["verified"]).all() and (own["verified"] <= own["contracted"]).all()
    app = opened("运营机构")
    board = app.dataframe[0].value
    assert {"沉睡率", "签约率"} <= set(board.columns)
    assert len(board) == len(reference.table("operators"))
    everything = labels.bank_names(pd.Series(own.index)).to_list()
    assert set(everything) <= {*board["运营机构"], "未填报"}


def test_a_share_that_did_not_move_is_said_to_be_so(demo_store, use_store):
    use_store(demo_store)
    tables = [
        one.proto.arrow_data.styler.display_values for one in open_page("county_ranking").dataframe
    ]
    shown = [pa.ipc.open_stream(one).read_pandas() for one in tables if one]
    moves = {text for table in shown for text in table["较上月"]}
    assert "持平" in moves
    assert all(re.fullmatch(r"持平|—|[+-]\d+\.\d 个百分点", text) for text in moves)
    assert not any(float(text.split()[0]) == 0 for text in moves if text[0] in "+-")
