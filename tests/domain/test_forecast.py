"""Forecast: when a series reaches its goal, and how far the series itself leaves that open."""

from datetime import date

import pandas as pd

from domain import forecast


def monthly(*values):
    return pd.Series(list(values), pd.date_range("2026-01-31", periods=len(values), freq="ME"))


def test_a_steady_series_reaches_its_goal_on_a_sure_day():
    reach = forecast.reach(monthly(0.1, 0.2, 0.3, 0.4, 0.5), 0.79)  # May; three steps to go
    assert reach == forecast.Reach(*[date(2026, 8, 31)] * 3)


def test_an_uneven_series_leaves_an_interval_around_the_likely_day():
    reach = forecast.reach(monthly(0.10, 0.14, 0.15, 0.21, 0.22, 0.28), 0.6)
    # drift (0.28 − 0.10) / 5 = 0.036 a month: 0.32 more takes nine months, from June to March
    assert reach.likely == date(2027, 3, 31)
    assert reach.earliest < reach.likely < reach.latest


def test_a_series_that_stands_still_may_never_get_there():
    reach = forecast.reach(monthly(0.5, 0.5, 0.5, 0.5, 0.5), 0.9)
    assert reach == forecast.Reach(None, None, None)
    falling = forecast.reach(monthly(0.5, 0.55, 0.5, 0.48, 0.49, 0.44), 0.9)
    assert falling.likely is None and falling.latest is None


def test_four_months_say_too_little():
    assert forecast.reach(monthly(0.1, 0.2, 0.3, 0.4), 0.9) == forecast.Reach(None, None, None)


def test_only_the_last_year_counts_and_unknown_months_are_left_out():
    old = [0.0, None] + [0.0] * 24
    recent = [round(0.05 * step, 2) for step in range(13)]
    assert (
        forecast.reach(monthly(*old, *recent), 0.84).likely
        == (pd.Timestamp("2026-01-31") + pd.offsets.MonthEnd(len(old) + 12 + 5)).date()
    )


def test_unknown_months_on_the_line_do_not_move_the_forecast():
    line = [0.5 + 0.01 * month for month in range(13)]
    gap = [*line[:3], *[None] * 5, *line[8:]]
    # 0.62 in January 2027 and 0.01 a month: 0.28 more takes 28 months
    assert forecast.reach(monthly(*line), 0.9).likely == date(2029, 5, 31)
    assert forecast.reach(monthly(*gap), 0.9).likely == date(2029, 5, 31)


def test_a_part_of_a_month_is_a_part_of_a_step():
    whole = monthly(*(0.5 + 0.012 * month for month in range(12)))  # to December 2026
    day = pd.Timestamp("2027-01-05")
    part = pd.concat([whole, pd.Series([0.632 + 0.012 * 5 / 31], [day])])
    # 0.632 in December and 0.012 a month: 0.268 more takes 22.3 months, to November 2028
    for known in (whole, part):
        assert forecast.reach(known, 0.9) == forecast.Reach(*[date(2028, 11, 30)] * 3)


def test_the_month_that_is_running_may_be_the_one():
    part = monthly(0.1, 0.2, 0.3, 0.4, 0.5)
    part[pd.Timestamp("2026-06-15")] = 0.55
    assert forecast.reach(part, 0.6).likely == date(2026, 6, 30)


def test_nothing_known_is_no_forecast():
    assert forecast.reach(monthly(None, None), 0.9) == forecast.Reach(None, None, None)
    assert forecast.reach(monthly(), 0.9) == forecast.Reach(None, None, None)
