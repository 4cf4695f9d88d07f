"""Series: breaks in the level, and growth only where two months can be compared."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import indicator_series, rules

FACTOR = rules.count("series_break_factor")


def judged(values, start="2025-01", reports=None, months=None, kind=""):
    months = months or pd.period_range(start, periods=len(values), freq="M")
    frame = pd.DataFrame(
        {
            "month": pd.PeriodIndex(months, freq="M").to_timestamp(),
            "value": values,
            "reports": reports or [1] * len(values),
        }
    )
    return indicator_series.judged(frame, kind)


def broken(values, **more):
    """Positions of the months with a break."""
    table = judged(values, **more)
    return table.index[table["broken"]].to_list()


def added(*rows, by="county_code"):
    """What figures (county, bank, value) of one month add up to, by county or by bank."""
    frame = pd.DataFrame(rows, columns=["county_code", "operator_id", "value"])
    frame = frame.assign(month=pd.Timestamp("2025-06-01"), indicator_id="wallets_personal")
    return indicator_series.monthly(frame, by).set_index(by)["value"].to_dict()


@pytest.mark.parametrize(
    ("rows", "counties", "banks"),
    [
        ([("", "", 100)], {"": 100}, {"": 100}),
        ([("", "", 100), ("A", "", 60), ("B", "", 40)], {"A": 60, "B": 40}, {"": 100}),
        ([("", "", 100), ("", "x", 60), ("", "y", 40)], {"": 100}, {"x": 60, "y": 40}),
        ([("A", "", 60), ("B", "", 40), ("", "x", 70), ("", "y", 30)],
         {"A": 60, "B": 40}, {"x": 70, "y": 30}),
        ([("A", "", 60), ("A", "x", 35), ("A", "y", 25), ("", "x", 35), ("", "y", 25)],
         {"A": 60}, {"x": 35, "y": 25}),
        ([("A", "x", 35), ("B", "x", 15), ("", "y", 50), ("", "", 100)],
         {"A": 35, "B": 15, "": 50}, {"x": 50, "y": 50}),
    ],
)  # fmt: skip
def test_a_whole_counts_only_where_its_parts_are_missing(rows, counties, banks):
    assert added(*rows) == counties
    assert added(*rows, by="operator_id") == banks
    assert added(*reversed(rows)) == counties


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ([100, 110, 120, 130, 140, 150], []),
        ([100, 110, 120, 1300, 1400, 1500], [3]),  # the unit changed: ten times from here on
        ([1000, 1100, 1200, 130, 140, 150], [3]),  # and the other way
        ([100, 110, 12000, 130, 140, 150], [2, 3]),  # one wrong month: into it and out of it
        ([1, 4, 16, 64, 256], []),  # fast but steady growth
        ([0, 0, 50, 60, 70], []),  # the first figure is a beginning
        ([50, 60, 0, 70, 80], [2, 3]),  # a month that was not counted
        ([100], []),
        ([], []),
    ],
)
def test_breaks_are_steps_unlike_their_neighbours(values, where):
    assert broken(values) == where


def test_the_threshold_itself_is_a_break():
    assert broken([100, 100, 100, 100 * FACTOR, 100 * FACTOR, 100 * FACTOR]) == [3]
    almost = 100 * FACTOR - 1
    assert broken([100, 100, 100, almost, almost, almost]) == []


def test_a_stock_breaks_where_it_falls_by_a_fifth_and_a_flow_does_not():
    fell = [100, 101, 102, 81.6, 83, 84]  # to four fifths
    assert broken(fell, kind=indicator_series.STOCK) == [3]
    assert broken(fell) == []
    assert broken([100, 101, 102, 82, 83, 84], kind=indicator_series.STOCK) == []


GAP = ["2025-01", "2025-02", "2025-03", "2025-04", "2025-11", "2025-12", "2026-01", "2026-02"]


def test_missing_months_are_no_break_where_the_pace_is_kept_and_are_one_where_it_is_not():
    steady = [1000 * 1.25**month for month in (0, 1, 2, 3, 10, 11, 12, 13)]
    assert broken(steady, months=GAP) == []
    in_another_unit = [*steady[:4], *(value * 10 for value in steady[4:])]
    assert broken(in_another_unit, months=GAP) == [4]
    assert broken([100.0] * 4 + [0.0] * 4, months=GAP) == [4]


def test_a_stock_that_fell_over_missing_months_did_not_fall_in_one():
    assert broken([100.0] * 4 + [79.0] * 4, months=GAP, kind=indicator_series.STOCK) == []
    assert broken([100.0] * 4 + [79.0] * 4, kind=indicator_series.STOCK) == [4]


def test_growth_is_not_computed_across_a_break():
    table = judged([100, 110, 1320, 1386, 1400])
    assert table["growth"].iloc[1] == pytest.approx(0.1)
    assert pd.isna(table["growth"].iloc[2])
    assert table["growth"].iloc[3] == pytest.approx(0.05)


def test_the_year_s_growth_is_not_computed_across_a_break_either():
    steady = judged([100.0] * 12 + [120.0])
    assert steady["yearly"].iloc[12] == pytest.approx(0.2)
    shifted = judged([10.0] * 6 + [100.0] * 6 + [120.0])
    assert pd.isna(shifted["yearly"].iloc[12])
    assert shifted["growth"].iloc[12] == pytest.approx(0.2)


def test_growth_needs_the_month_before_and_as_many_reports():
    gap = judged([100, 110, 120], months=["2025-01", "2025-03", "2025-04"])
    assert pd.isna(gap["growth"].iloc[1]) and gap["growth"].iloc[2] == pytest.approx(120 / 110 - 1)
    fewer = judged([100, 90, 99], reports=[12, 11, 11])
    assert pd.isna(fewer["growth"].iloc[1]) and fewer["growth"].iloc[2] == pytest.approx(0.1)


@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=20), st.integers(-20, 20))
def test_breaks_do_not_depend_on_the_unit(values, power):
    assert broken(values) == broken([value * 2.0**power for value in values])


def test_an_indicator_is_never_mixed_with_another():
    figures = pd.DataFrame(
        [
            ("2025-01-01", "320706", "ICBC", "amount_retail", 5.0),
            ("2025-01-01", "320706", "ABC", "amount_retail", 7.0),
            ("2025-01-01", "320706", "ICBC", "amount_bills", 1000.0),
            ("2025-01-01", "320723", "ICBC", "amount_retail", 2.0),
        ],
        columns=["month", "county_code", "operator_id", "indicator_id", "value"],
    )
    found = indicator_series.monthly(figures, "county_code")
    found = found[found["indicator_id"] == "amount_retail"]
    assert found[["county_code", "value", "reports"]].to_numpy().tolist() == [
        ["320706", 12.0, 2],
        ["320723", 2.0, 1],
    ]
