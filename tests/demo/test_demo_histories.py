"""Histories of the demo that a store has to get right, each found where a person would find it."""

import itertools
from datetime import date, timedelta

import pandas as pd
import pyarrow.parquet as pq
import pytest

from demo import bank_sheets
from demo.street_places import facts
from domain import states
from store import snapshot_store
from store.statement_store import standing

LAST = date(2026, 10, 31)


@pytest.fixture(scope="module")
def store(demo_store):
    return snapshot_store.Store(demo_store)


@pytest.fixture(scope="module")
def published(store):
    return store.current()


@pytest.fixture(scope="module")
def subject():
    """What a history befalls, by its name."""
    table = facts("histories")
    assert table["history"].is_unique
    return dict(zip(table["history"], table["subject"], strict=True))


def sent(store, bank):
    """Accepted rows of all files of a bank, in the order of their days, with `as_at`."""
    files = [one for one in store.in_force(store.current()) if one.kind == "merchants"]
    parts = []
    for one in files:
        path = store.path / "statements" / one.kind / f"{one.id}.parquet"
        rows = pq.read_table(path, filters=[("operator_id", "==", bank)]).to_pandas()
        parts.append(rows.assign(as_at=one.as_at))
    return pd.concat(parts, ignore_index=True)


def events(published, key):
    """Days of each event of a merchant."""
    rows = published.frame("events")
    rows = rows[rows["record_key"] == f"m:{key}"]
    return rows.groupby("event")["day"].agg(lambda days: sorted(days.dt.date)).to_dict()


def files(store, bank):
    """Files of a bank about merchants, in force or not."""
    (sender,) = (one.sender for one in bank_sheets.banks() if one.operator_id == bank)
    return [
        one for one in store.statements.all() if (one.sender, one.kind) == (sender, "merchants")
    ]


def test_a_signing_day_is_corrected_in_the_next_month(store, published, subject):
    rows = sent(store, subject["signed_otherwise"]).dropna(subset="contracted_on")
    days = rows.groupby("merchant_id")["contracted_on"].agg(
        lambda stated: list(dict.fromkeys(stated))
    )
    (key,) = days.index[days.map(len) == 2]
    wrong, right = days[key]
    assert right - wrong == timedelta(9)
    bank = subject["signed_otherwise"]
    assert events(published, f"{bank}/{key}")["contracted"] == [right]


def test_a_shop_closed_and_signed_again(published, subject):
    rows = published.frame("events")
    rows = rows[rows["record_key"].str.startswith(f"m:{subject['reopened']}/")]
    twice = rows[rows["event"] == "contracted"]["record_key"].value_counts()
    (key, *_others) = twice.index[twice == 2]
    lives = events(published, key.removeprefix("m:"))
    (closed,) = lives["closed"]
    assert lives["contracted"][0] < closed < lives["contracted"][1]
    assert not any(closed < day < lives["contracted"][1] for day in lives["paid"])
    con = published.connect()
    shop = con.table("merchants_ever").filter(con.table("merchants_ever").merchant_key == key[2:])
    days = [closed, lives["contracted"][1]]
    seen = states.on_days(shop, con.table("spells"), days).order_by("as_of").to_pandas()
    assert seen["eligible"].tolist() == [False, True]


def test_a_shop_moved_to_another_county(published, subject):
    before, now = published.frame("merchants_before"), published.frame("merchants")
    (key,) = before["merchant_key"]
    assert key.startswith(subject["moved"])
    after = now.set_index("merchant_key").loc[key]
    assert before["county_code"].iloc[0] != after["county_code"]
    moved_on = facts("histories").set_index("history").loc["moved", "begins_on"]
    assert before["until"].iloc[0] == moved_on - timedelta(1)
    assert after["since"] == moved_on


def test_a_file_was_sent_again_because_it_named_no_payment(store, published, subject):
    on = facts("histories").set_index("history").loc["corrected_file", "begins_on"].date()
    wrong, right = sorted(
        (one for one in files(store, subject["corrected_file"]) if one.as_at == on),
        key=lambda one: one.taken_at,
    )
    force = published.manifest["statements"]
    assert standing(wrong, force, {}) == "replaced"
    assert standing(right, force, {}) == "in_force"
    path = store.path / "statements" / "merchants"
    assert (
        pq.read_table(path / f"{wrong.id}.parquet")["paid_on"].null_count
        == wrong.counts["accepted"]
    )
    assert (
        pq.read_table(path / f"{right.id}.parquet")["paid_on"].null_count < right.counts["accepted"]
    )


def test_a_month_came_after_the_one_that_follows(store, subject):
    months = sorted(files(store, subject["late"]), key=lambda one: one.as_at)
    early = [
        one.as_at for one, after in itertools.pairwise(months)
        if one.taken_at > after.taken_at
    ]  # fmt: skip
    assert early == [facts("histories").set_index("history").loc["late", "begins_on"].date()]


def test_a_bank_changed_its_headers(store, subject):
    months = sorted(files(store, subject["renamed"]), key=lambda one: one.as_at)
    shapes = [tuple(one.columns) for one in months]
    assert len(set(shapes)) == 2
    (turn,) = [
        after.as_at for one, after in itertools.pairwise(months)
        if tuple(one.columns) != tuple(after.columns)
    ]  # fmt: skip
    assert turn == facts("histories").set_index("history").loc["renamed", "begins_on"].date()
    assert set(months[0].columns.values()) == set(months[-1].columns.values())


def test_a_bank_reports_no_more(store, subject):
    assert max(one.as_at for one in files(store, subject["silent"])) == date(2026, 6, 30)


def test_a_venue_left_the_register_and_came_back(published, subject):
    con = published.connect()
    venue = con.table("venues_ever")
    rows = venue.filter(venue.venue_id == subject["listed_again"]).to_pandas()
    left, back = (
        facts("histories").set_index("history").loc["listed_again", name]
        for name in ("begins_on", "ends_on")
    )
    assert set(rows["listed_on"].astype("datetime64[s]")) > {back}
    assert left in set(rows["delisted_on"].astype("datetime64[s]"))


def test_denominators_grew(published):
    stated = published.frame("denominators").sort_values("stated_on")
    counts = stated.groupby("venue_id")["eligible_count"]
    assert (counts.last() > counts.first()).sum() > 50
    assert set(facts("denominators")["venue_id"]) <= set(stated["venue_id"])


def test_the_last_day_is_that_of_the_last_statements(published):
    assert published.manifest["as_of"] == LAST.isoformat()
