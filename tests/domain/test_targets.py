"""Targets: pace, status before and after the due day, and what each series makes of it."""

from datetime import date

import pandas as pd
import pytest

from domain import pace, reported_figures, rules, targets

T05 = next(one for one in targets.targets() if one.target_id == "T05")


def series(*shares, start="2025-01-31", owed=100):
    days = pd.date_range(start, periods=len(shares), freq="ME")
    done = [None if share is None else share * owed for share in shares]
    return pd.DataFrame({"as_of": days, "done": done, "owed": owed}).astype({"done": float})


def status(*shares, target=T05, start="2025-01-31", as_of=None):
    known = series(*shares, start=start)
    return targets.standing(target, known, as_of or known["as_of"].iloc[-1].date())


def test_the_pace_of_t05_runs_from_2024_to_august_2025():
    assert (T05.start, T05.due, T05.goal) == (date(2024, 1, 1), date(2025, 8, 31), 1.0)
    assert T05.should(date(2023, 12, 31)) == 0
    assert T05.should(date(2024, 10, 31)) == pytest.approx(305 / 609)  # days gone of all days
    assert T05.should(date(2025, 8, 31)) == T05.should(date(2026, 12, 31)) == 1


def test_t06_has_the_pace_of_the_headline():
    t06 = next(one for one in targets.targets() if one.target_id == "T06")
    assert t06.goal == rules.number("county_covered_share")
    assert (t06.start, t06.due) == (rules.day("pace_start"), rules.day("pace_due"))
    for day in (date(2023, 4, 1), date(2024, 7, 15), date(2026, 1, 1)):
        assert t06.should(day) == pytest.approx(pace.due_share(day))


@pytest.mark.parametrize(
    ("shares", "said", "since"),
    [
        # January to December 2025; due on 31 August
        ([1.0] * 12, "held", date(2025, 1, 31)),
        ([0.5] * 7 + [1.0] * 5, "held", date(2025, 8, 31)),
        ([0.5] * 8 + [1.0] * 4, "late", date(2025, 9, 30)),
        ([1.0] * 8 + [0.9] + [1.0] * 3, "late", date(2025, 10, 31)),  # not held without a break
        ([0.5] * 12, "missed", None),
        ([0.5] * 5 + [1.0] * 3 + [0.9] * 4, "lost", None),
        ([None] * 12, "unknown", None),
        ([0.2] * 6, "behind", None),
        ([0.99] * 6, "on_pace", None),
        ([1.0] * 6, "reached", date(2025, 1, 31)),
    ],
)
def test_what_became_of_a_target(shares, said, since):
    found = status(*shares)
    assert found.status == said
    assert found.since == since


def test_what_is_not_known_on_a_day_does_not_count():
    known = series(*[0.5] * 7, *[1.0] * 5)
    assert targets.standing(T05, known, date(2025, 7, 31)).status == "behind"


def test_nothing_owed_is_unknown_and_not_reached():
    assert targets.standing(T05, series(*[0.0] * 3, owed=0), date(2025, 3, 31)).status == "unknown"
    nothing = series()
    assert targets.standing(T05, nothing, date(2025, 3, 31)).status == "unknown"


def test_a_target_without_a_number_is_counted_and_one_without_a_day_is_open():
    by_id = {one.target_id: one for one in targets.targets()}
    assert status(0.4, 0.5, target=by_id["T08"]).status == "counted"
    assert status(0.4, 0.5, target=by_id["T09"]).status == "open"
    assert status(1.0, 0.5, target=by_id["T09"]).status == "lost"
    assert status(0.4, 1.0, target=by_id["T09"]).status == "reached"
    assert by_id["T12"].monthly and by_id["T12"].should(date(2026, 1, 1)) == 1.0


def test_a_forecast_is_given_only_where_the_goal_is_ahead():
    assert status(0.1, 0.2, 0.3, 0.4, 0.5).reach.likely == date(2025, 10, 31)
    assert status(*[1.0] * 5).reach.likely is None


def test_rising_compares_with_the_same_month_a_year_before():
    months = pd.to_datetime(["2024-05-01", "2025-04-01", "2025-05-01", "2025-06-01"])
    known = pd.concat(
        [
            pd.DataFrame({"name": "wallets", "month": months, "value": [100, 90, 120, 300]}),
            pd.DataFrame({"name": "payments", "month": months[:3], "value": [100, 90, 100]}),
            pd.DataFrame({"name": "new", "month": months[1:3], "value": [1, 2]}),
        ]
    )
    known["complete"] = True
    known = reported_figures.with_year_before(known)
    found = reported_figures.rising(known, date(2025, 5, 31)).set_index("name")
    assert found.loc["wallets", ["value", "before", "rising"]].to_list() == [120, 100, True]
    assert not found.loc["payments", "rising"]  # the same is not more
    assert pd.isna(found.loc["new", "rising"])
