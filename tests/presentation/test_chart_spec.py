"""Charts as specifications: scales, months, ends of lines, sentences and the table of points."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from presentation import board_charts, charts
from presentation.chart_spec import Chart, Series, in_wan, month_ticks, nice_step, rounded

DAYS = pd.date_range("2026-01-31", periods=4, freq="ME")


def over_time(values, form="count", **more):
    frame = pd.DataFrame({"day": DAYS[: len(values)], "value": values})
    return Chart(frame, "day", (Series("value", "已验证"),), form, **more)


@pytest.mark.parametrize("reach", [0.013, 0.9, 1, 7, 34, 47, 60, 1_830, 1_260_397, 3.2e9])
@pytest.mark.parametrize("most", [4, 6])
def test_ticks_are_one_two_or_five_and_no_more_than_there_is_room_for(reach, most):
    step = nice_step(reach, most)
    assert f"{step:e}"[0] in "125" and float(f"{step:e}".split("e")[0]) in (1, 2, 5)
    assert reach / step <= most - 1 + 1e-9


def test_counts_have_no_ticks_between_whole_numbers():
    assert over_time([0.0, 1.0, 2.0], whole=True).scale()[2] == [0, 1, 2]


def test_a_scale_begins_at_zero_and_holds_every_value():
    low, high, ticks = over_time([120.0, 340.0, 415.0]).scale()
    assert (low, ticks[0]) == (0, 0) and high >= 415
    assert over_time([-0.3, 0.2], "points").scale()[0] <= -0.3
    assert over_time([0.4, 0.5], "share", top=1).scale()[1] == 1


@pytest.mark.parametrize("form", ["share", "points", "count"])
def test_a_scale_of_zeros_has_room(form):
    low, high, ticks = over_time([0.0, 0.0], form).scale()
    assert high > low and len(ticks) > 1


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(8000, "个", "8,000"), (20000, "个", "2万"), (1250000, "笔", "125万"),
     (1.2e8, "元", "1.2亿"), (15000, "万元", "15,000"), (0, "个", "0")],
)  # fmt: skip
def test_large_numbers_are_in_wan_unless_the_unit_is(value, unit, text):
    assert in_wan(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(138_640, "个", "13.9万"), (1_250_000, "个", "125万"), (123_456_789, "元", "1.23亿"),
     (9_876.5, "个", "9,876"), (138_640, "万元", "138,600")],
)  # fmt: skip
def test_a_figure_has_the_decimals_that_it_has_in_sentences(value, unit, text):
    assert rounded(value, unit) == text


@pytest.mark.parametrize("last", ["2026-10-01", "2026-10-10", "2026-10-31"])
def test_months_are_counted_back_from_the_last_whatever_its_day(last):
    days = [*pd.date_range("2023-04-30", "2026-09-30", freq="ME"), pd.Timestamp(last)]
    ticks = month_ticks(days, 6)
    assert ticks[-1] == pd.Timestamp(last) and len(ticks) <= 6
    assert [f"{day:%Y-%m}" for day in ticks] == ["2023-10", "2024-10", "2025-10", "2026-10"]


def test_few_months_are_labelled_each_and_one_alone():
    assert month_ticks(DAYS, 6) == list(DAYS)
    assert month_ticks(DAYS[:1], 6) == [DAYS[0]]


def test_the_ends_of_lines_are_told_but_not_where_they_would_cover_each_other():
    frame = pd.DataFrame({"day": DAYS, "a": [0, 0.1, 0.2, 0.5], "b": [0, 0, 0.1, 0.51],
                          "c": [0, 0.1, 0.1, np.nan], "d": [0.9] * 4})  # fmt: skip
    series = (Series("a", "甲", width=3), Series("b", "乙"), Series("c", "丙"), Series("d", "丁"))
    chart = Chart(frame, "day", series, "share", top=1)
    assert chart.beside() == ["50.0%", "90.0%"]


def test_the_points_have_a_row_a_place_and_a_column_a_series():
    table = over_time([0.1, np.nan, 0.3, 0.4], "share").points()
    assert list(table) == ["日期", "已验证"]
    assert list(table["日期"]) == [day.date() for day in DAYS]
    assert table["已验证"].isna().tolist() == [False, True, False, False]
    assert over_time([0.1], "share").kind("已验证") == "percent"
    assert over_time([0.1], "share").kind("日期") == over_time([1.0]).kind("已验证") == ""


def progress(**more):
    rows = pd.DataFrame(
        {"area": ["甲县", "乙县"], "area_id": ["1", "2"], "rank": [1, 2], "change": [0.125, 0.0],
         "change_low": [0.1, -0.1], "change_high": [0.2, 0.1], "newly": [3, 0], "lapsed": [0, 0],
         "sure": [True, False]}
    )  # fmt: skip
    return board_charts.gains({"county": rows.assign(**more)}, date(2026, 7, 31))


def test_bounds_are_columns_beside_their_value():
    table = progress().points()
    assert list(table)[:4] == ["名称", "进退已定", "进退已定（最低）", "进退已定（最高）"]
    assert table.iloc[0, 1:4].tolist() == [0.125, 0.1, 0.2] and table.iloc[1, 1:4].isna().all()


def test_no_move_is_said_as_none_and_a_leader_that_is_not_sure_as_open():
    chart = progress()
    assert chart.message == "升得最多的是甲县，+12.5个百分点；没有下降的"
    assert "持平" in chart.frame["words"].iloc[1] and "+0.0" not in str(chart.frame["words"])
    assert "核定应覆盖数后可能改变" in progress(sure=False).message


def months(values, broken=()):
    days = pd.to_datetime([f"2026-{month:02d}-01" for month in values])
    rows = pd.DataFrame({"month": days, "value": list(values.values()), "growth": np.nan})
    return rows.assign(broken=[day.month in broken for day in days])


def test_an_indicator_is_interrupted_where_it_breaks_or_is_missing():
    chart = charts.indicator(months({1: 1.0, 2: 2.0, 4: 3.0, 5: 90.0}, [5]), "交易笔数", "笔")
    assert chart.frame["value"].isna().tolist() == [False, False, True, False, True, False]
    assert chart.notes == (
        "虚线处口径有变或数据有误，前后不能相比：2026-05。", "缺数据的月份：2026-03。"
    )  # fmt: skip
    assert [line.at for line in chart.lines] == [pd.Timestamp("2026-05-01")]


@pytest.mark.parametrize(
    ("growth", "said"),
    [(0.0321, "，比上月增3.2%"), (-0.01, "，比上月减1.0%"), (0.0001, "，比上月持平"), (np.nan, "")],
)
def test_an_indicator_says_its_figure_and_its_move(growth, said):
    rows = months({1: 1_250_000.0}).assign(growth=growth)
    assert charts.indicator(rows, "个人钱包数", "个").message == f"1月个人钱包数125万个{said}"


def test_a_trend_without_a_register_says_why_and_an_unknown_share_is_no_zero():
    months = pd.DataFrame({"as_of": DAYS, "venues": 0, "dated": False, "share_contracted": np.nan,
                           "share_verified": np.nan, "share_active": np.nan})  # fmt: skip
    assert charts.trend(months, [0.5] * 4).frame.empty
    unknown = charts.trend(months.assign(venues=5), [0.5] * 4)
    assert unknown.message == "达标率未知：还没有银行报送"
    known = charts.trend(months.assign(venues=5, share_verified=[0.1, 0.2, 0.3, 0.4]), [0.5] * 4)
    assert known.message == "达标率40.0%，低于应达线10.0个百分点"


def test_a_year_is_said_with_one_decimal_as_the_shares_beside_it():
    days = pd.to_datetime(["2025-10-31", "2026-10-31"])
    months = pd.DataFrame({"as_of": days, "venues": 27, "dated": False, "share_contracted": 0.9,
                           "share_verified": [12 / 27, 15 / 27], "share_active": 0.1})  # fmt: skip
    message = charts.trend(months, [0.9, 0.9]).message
    assert message == "达标率55.6%，低于应达线34.4个百分点，一年升11.1个百分点"
