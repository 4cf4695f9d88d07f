"""States by dates: what a day shows follows from the events and the thresholds."""

from datetime import date, timedelta
from itertools import pairwise

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import states
from tests.support.prepared import prepared
from tests.support.small_city import City, ago, rows

START = date(2025, 1, 1)

spells_in = prepared(states.spells)


def on(day, *events, target=START):
    """One merchant with `events`, as it stood on `day`."""
    city = City()
    city.shop(target=target, events=events)
    (row,) = rows(city.merchants_on(day))
    return row


def spells_of(*events):
    table = spells_in(
        ibis.memtable(
            [("m:-/1", event, day) for event, day in events],
            schema={"record_key": "str", "event": "str", "day": "date"},
        )
    )
    return {
        (row["state"], row["start"], row["stop"])
        for row in rows(table)
        if row["record_key"] == "m:-/1"
    }


@pytest.mark.parametrize(
    ("event", "valid_days"), [("inspected", 180), ("paid", 90)], ids=["inspection", "payment"]
)
def test_verified_lasts_to_the_last_valid_day_and_no_longer(event, valid_days):
    day = date(2025, 3, 1)
    assert on(day + timedelta(days=valid_days), (event, day))["verified"]
    assert not on(day + timedelta(days=valid_days + 1), (event, day))["verified"]


def test_active_is_a_payment_within_30_days():
    paid = date(2025, 3, 1)
    assert on(paid + timedelta(days=30), ("paid", paid))["active"]
    late = on(paid + timedelta(days=31), ("paid", paid))
    assert not late["active"] and late["verified"]


def test_overlapping_proofs_make_one_spell():
    verified = [
        spell
        for spell in spells_of(("inspected", date(2025, 1, 1)), ("paid", date(2025, 6, 1)))
        if spell[0] == "verified"
    ]
    assert verified == [("verified", date(2025, 1, 1), date(2025, 8, 30))]


def test_proofs_that_touch_make_one_spell_and_a_day_between_makes_two():
    first = date(2025, 1, 1)

    def pieces(gap):
        later = first + timedelta(days=gap)
        return sorted(s for s in spells_of(("paid", first), ("paid", later)) if s[0] == "paid")

    assert pieces(91) == [("paid", first, first + timedelta(days=181))]
    assert len(pieces(92)) == 2


def test_a_closed_shop_leaves_the_denominator_on_the_day_it_closes():
    closed = ("closed", date(2025, 9, 1))
    before = on(date(2025, 8, 31), ("inspected", date(2025, 8, 1)), closed)
    after = on(date(2025, 9, 1), ("inspected", date(2025, 8, 1)), closed)
    assert before["eligible"] and before["verified"]
    assert not after["eligible"] and not after["verified"]
    assert after["state"] == "closed"


def test_a_closed_shop_that_signs_again_is_back():
    again = on(date(2025, 9, 9), ("closed", date(2025, 9, 1)), ("contracted", date(2025, 9, 5)))
    assert again["eligible"] and again["state"] == "contracted"


def test_a_suspended_shop_is_eligible_but_not_live_until_it_reopens():
    events = [("inspected", date(2025, 3, 1)), ("suspended", date(2025, 4, 1))]
    down = on(date(2025, 4, 1), *events)
    assert down["eligible"] and down["contracted"] and down["state"] == "suspended"
    assert not down["opened"] and not down["verified"]
    up = on(date(2025, 5, 1), *events, ("opened", date(2025, 5, 1)))
    assert up["opened"] and up["state"] == "opened"
    assert not up["verified"], "an inspection before the suspension proves nothing after it"
    assert on(date(2025, 5, 2), *events, ("paid", date(2025, 5, 2)))["verified"]


def test_a_shop_that_refused_stays_in_the_denominator():
    row = on(date(2025, 6, 1), ("contracted", date(2025, 2, 1)), ("refused", date(2025, 3, 1)))
    assert row["eligible"] and not row["contracted"] and row["state"] == "refused"
    assert on(date(2025, 6, 1), ("refused", date(2025, 3, 1)))["state"] == "refused"


def test_a_shop_declared_ineligible_counts_nowhere():
    row = on(date(2025, 6, 1), ("paid", date(2025, 5, 30)), ("ineligible", date(2025, 5, 1)))
    assert not any(row[flag] for flag in states.FLAGS)


def test_what_is_disproved_verifies_no_more_until_something_later_does():
    paid, found = date(2025, 3, 1), date(2025, 3, 11)
    events = [("contracted", START), ("inspected", paid), ("paid", paid), ("disproved", found)]
    assert on(date(2025, 3, 10), *events)["verified"]
    row = on(found, *events)
    assert not (row["verified"] or row["paid"] or row["active"])
    assert row["eligible"] and row["contracted"] and row["opened"] and row["state"] == "opened"
    assert not on(found, *events, ("inspected", found))["verified"]
    again = [*events, ("inspected", date(2025, 3, 12))]
    assert not on(found, *again)["verified"] and on(date(2025, 3, 12), *again)["verified"]


def test_a_payment_stated_before_is_disproved_without_waiting_for_the_next_statement():
    events = ibis.memtable(
        [
            ("m:-/1", "paid", date(2025, 3, 1), "m:-"),
            ("m:-/1", "disproved", date(2025, 3, 11), "m:-"),
        ],
        schema={"record_key": "str", "event": "str", "day": "date", "source": "str"},
    )
    days = [date(2025, 3, 5), date(2025, 4, 5)]
    spoken = ibis.memtable(
        [("m:-", day) for day in days], schema={"source": "str", "as_at": "date"}
    )
    paid = [row for row in rows(states.spells(events, spoken)) if row["state"] == "paid"]
    assert [(row["start"], row["stop"]) for row in paid] == [(days[0], date(2025, 3, 10))]


def test_what_ends_on_a_day_wins_over_what_begins_on_it():
    day = date(2025, 3, 1)
    row = on(day, ("paid", day), ("closed", day))
    assert not row["eligible"] and not row["paid"]


def test_later_stages_imply_earlier_ones():
    row = on(date(2025, 3, 1), ("paid", date(2025, 2, 27)))
    assert row["contracted"] and row["opened"] and row["verified"] and row["state"] == "active"


def test_before_its_first_event_a_record_has_no_state():
    row = on(date(2024, 12, 31))
    assert row["state"] is None and not row["eligible"]
    assert on(START)["state"] == "target"


def test_records_without_spells_and_keys_of_scenarios_stay_apart():
    city = City()
    city.instance("V", "F4-05", [("paid", ago(1))])
    city.shop(events=[])
    (shop,) = rows(city.merchants_on())
    (instance,) = rows(city.scenarios_on())
    assert instance["active"] and not shop["active"]


def test_days_are_dates_where_the_engine_stores_them():
    con = ibis.duckdb.connect()
    city = City()
    city.shop(events=[("paid", ago(1))])
    table = con.create_table("spells", states.spells(city.table("events")))
    assert {str(table.schema()[name]) for name in ("start", "stop")} == {"date"}


EVENTS = (
    "contracted", "opened", "inspected", "paid", "suspended", "refused", "closed", "resumed",
)  # fmt: skip
HISTORY = st.lists(
    st.tuples(st.sampled_from((*EVENTS, "target", "ineligible", "eligible")), st.integers(0, 40)),
    min_size=1,
    max_size=6,
    unique=True,
)


def simulated(history, day):
    """The flags of one day by plain reading of the rules, without spells."""
    past = [(event, at) for event, at in history if at <= day]

    def last_is_begin(begins, ends):
        relevant = [(at, event in ends) for event, at in past if event in begins | ends]
        return bool(relevant) and not max(relevant)[1]

    def within(valid, ends):
        return any(
            event in valid
            and day <= at + valid[event]
            and not any(other in ends and at <= when for other, when in past)
            for event, at in past
        )

    signed, off = {"contracted", "opened", "inspected", "paid"}, {"suspended", "refused", "closed"}
    closed = max((at for event, at in past if event == "closed"), default=None)
    reopened = closed is not None and any(
        e in signed | {"resumed"} and at > closed for e, at in past
    )
    said = [(at, event == "ineligible") for event, at in past if event.endswith("eligible")]
    barred = bool(said) and max(said)[1]
    eligible = len(past) > len(said) and (closed is None or reopened) and not barred
    return {
        "eligible": eligible,
        "contracted": eligible and last_is_begin(signed, {"refused", "closed"}),
        "opened": eligible and last_is_begin(signed - {"contracted"}, off),
        "verified": eligible and within({"inspected": 180, "paid": 90}, off),
        "paid": eligible and within({"paid": 90}, off),
        "active": eligible and within({"paid": 30}, off),
    }


@given(st.lists(HISTORY, min_size=1, max_size=20))
@settings(max_examples=25)
def test_states_agree_with_a_plain_reading_of_the_rules(histories):
    scale = 7  # days are weeks, so that events of one record fall inside and outside validity
    city = City()
    keys = {}
    for history in histories:
        (first, at), *rest = history
        key = city.shop(target=START + timedelta(days=at * scale), events=[])
        city.rows["events"][-1]["event"] = first
        city.rows["events"] += [
            {"record_key": f"m:{key}", "event": event, "day": START + timedelta(days=at * scale)}
            for event, at in rest
        ]
        keys[key] = [(event, at * scale) for event, at in history]
    offsets = [0, 50, 91, 140, 210, 290, 400]
    found = rows(city.merchants_on(*(START + timedelta(days=offset) for offset in offsets)))
    assert len(found) == len(histories) * len(offsets)
    for row in found:
        expected = simulated(keys[row["merchant_key"]], (row["as_of"] - START).days)
        assert {flag: row[flag] for flag in states.FLAGS} == expected
        assert row["active"] <= row["verified"] <= row["opened"] <= row["contracted"]


@given(HISTORY)
@settings(max_examples=40)
def test_spells_of_one_state_never_overlap_or_touch(history):
    spells = spells_of(*((event, START + timedelta(days=at * 7)) for event, at in history))
    for state in {spell[0] for spell in spells}:
        ordered = sorted((start, stop) for name, start, stop in spells if name == state)
        for (start, stop), (following, _) in pairwise(ordered):
            assert start <= stop < following - timedelta(days=1)
