"""Where an order stands, what its light is, and who is shown it; worked by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import order_rules
from domain.dispute_rules import Subject
from domain.order_rules import Until, light, standing, turns
from domain.visitors import Visitor
from tests.support.issued_orders import MARKET, order, task

ISSUED, DUE = date(2026, 10, 1), date(2026, 10, 31)
DAYS = [ISSUED + timedelta(n) for n in range(-20, 60)]


def at(day, *shown, cancelled=None):
    one = order(task(due_on=DUE), ISSUED, cancelled)
    return standing(one, [(date(2026, *when), met) for *when, met in shown], day)


@pytest.mark.parametrize(
    ("day", "state", "colour", "left"),
    [
        (date(2026, 10, 1), "open", "blue", 30),
        (date(2026, 10, 23), "open", "blue", 8),
        (date(2026, 10, 24), "open", "yellow", 7),
        (date(2026, 10, 31), "open", "yellow", 0),
        (date(2026, 11, 1), "overdue", "red", -1),
    ],
)
def test_the_light_follows_the_days_that_are_left(day, state, colour, left):
    now = at(day)
    assert (now.state, now.light, now.days_left) == (state, colour, left)


def test_it_is_done_on_the_first_day_on_which_the_data_show_it():
    shown = (10, 1, False), (10, 19, False), (10, 20, True), (10, 21, True)
    assert at(date(2026, 10, 19), *shown).state == "open"
    now = at(date(2026, 10, 20), *shown)
    assert (now.state, now.light, now.done_on) == ("done", "", date(2026, 10, 20))
    assert at(date(2027, 1, 1), *shown).done_on == date(2026, 10, 20)


def test_it_relapses_on_the_day_on_which_they_no_longer_do_and_may_be_done_again():
    shown = (10, 20, True), (11, 5, False), (11, 9, True)
    now = at(date(2026, 11, 6), *shown)
    assert (now.state, now.light, now.days_left) == ("relapsed", "red", -6)
    assert (now.done_on, now.relapsed_on) == (None, date(2026, 11, 5))
    again = at(date(2026, 11, 9), *shown)
    assert (again.state, again.done_on) == ("done", date(2026, 11, 9))
    assert again.relapsed_on == date(2026, 11, 5)


def test_what_was_so_when_it_was_issued_is_so_on_that_day():
    assert at(ISSUED, (9, 1, True)).done_on == ISSUED
    assert at(ISSUED, (9, 1, True), (9, 20, False)).state == "open"


def test_what_nobody_can_tell_changes_nothing():
    assert at(DUE, (10, 20, True), (10, 25, None)).state == "done"
    assert at(DUE, (10, 20, None)).state == "open"


def test_a_cancelled_one_stays_cancelled_whatever_the_data_show_later():
    gone = date(2026, 10, 15)
    assert at(date(2026, 10, 14), cancelled=gone).state == "open"
    now = at(date(2026, 12, 1), (10, 10, True), (10, 20, False), cancelled=gone)
    assert (now.state, now.light, now.turns) == ("cancelled", "", (date(2026, 10, 10),))


@given(st.lists(st.sampled_from([True, False, None]), min_size=len(DAYS), max_size=len(DAYS)))
def test_turns_say_what_is_shown_on_every_day(marks):
    found = turns(zip(DAYS, marks, strict=True), ISSUED)
    assert list(found) == sorted(set(found)) and all(day >= ISSUED for day in found)
    met = False
    for day, mark in zip(DAYS, marks, strict=True):
        met = met if mark is None else mark
        if day >= ISSUED:
            assert bool(sum(turn <= day for turn in found) % 2) is met


@given(st.integers(-400, 400))
def test_less_time_is_never_a_milder_light(days):
    order_of = ["red", "yellow", "blue"]
    assert order_of.index(light(days)) <= order_of.index(light(days + 1))


@pytest.mark.parametrize(
    ("role", "unit", "shown"),
    [
        ("office", "", True), ("leader", "", True), ("bank", "ABC", True), ("bank", "ICBC", False),
        ("county", "320706", True), ("county", "320707", False), ("department", "U16", False),
    ],
)  # fmt: skip
def test_it_is_shown_to_who_must_act_and_where_it_lies(role, unit, shown):
    assert order_rules.concerns(Visitor("甲", role, unit), task()) is shown


def test_a_zone_is_shown_what_lies_in_it_and_a_department_its_own():
    zone = Subject("area", "XUWEI", "徐圩新区", zone_id="XUWEI")
    one = task(zone, Until("area_share", "XUWEI"), role="county", unit="XUWEI")
    assert order_rules.concerns(Visitor("甲", "county", "XUWEI"), one)
    own = task(role="department", unit="U16")
    assert order_rules.concerns(Visitor("甲", "department", "U16"), own)
    assert not order_rules.concerns(Visitor("甲", "bank", "ABC"), own)


@pytest.mark.parametrize("until", [
    Until("venue_covered", "V1"), Until("area_share", "320706", share=0.5),
    Until("confirmed", "320706", venues=("V1", "V2")),
    Until("reported", "ABC", month=date(2026, 9, 1)), Until("dispute_answered", "质询-2026-0001"),
])  # fmt: skip
def test_it_is_read_back_as_it_was_kept(until):
    one = task(MARKET, until)
    assert order_rules.read(order_rules.body(one)) == one
