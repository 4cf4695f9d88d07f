"""Demonstration clusters: every gate and every state worked by hand."""

from datetime import date

import ibis
import pandas as pd
import pytest

from domain import clusters, owners
from tests.support.small_city import DAY, PAID, SIGNED, VERIFIED, City, ago, rows

MONTHS = [
    date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31),
    date(2026, 6, 30),
]  # fmt: skip
GOOD = {"points": 30, "verified": 27, "active": 9, "scenario_kinds": 3}


def declared(**cells):
    about = {
        "cluster_id": "J1", "name": "示例聚集区", "owners": "320706", "kind_id": "K09",
        "is_first": False, "declared_on": "2025-06-01", "planned_on": "2025-07-01",
        "plaque_on": None, "withdrawn_on": None,
    }  # fmt: skip
    frame = pd.DataFrame([about | cells])
    days = ["declared_on", "planned_on", "plaque_on", "withdrawn_on"]
    return frame.assign(**{day: pd.to_datetime(frame[day]) for day in days})


def counted(*months, **last):
    """Counts of J1: `months` of them the same good ones before, `last` on the last day."""
    known = months or MONTHS
    frame = pd.DataFrame([{"as_of": day, "cluster_id": "J1", **GOOD} for day in known])
    for name, value in last.items():
        frame.loc[frame["as_of"] == MONTHS[-1], name] = value
    return frame


def inspected(*days):
    return pd.DataFrame({"cluster_id": "J1", "day": pd.to_datetime(list(days))})


def verdict(about=None, counts=None, inspections=None):
    found = clusters.history(
        declared() if about is None else about,
        counted() if counts is None else counts,
        inspected("2026-06-01") if inspections is None else inspections,
        MONTHS,
    )
    return clusters.standing(found).iloc[0]


def test_all_gates_open_make_a_cluster_mature_and_three_months_later_kept():
    short = counted(*MONTHS[2:])
    assert verdict(counts=short)["state"] == "mature"  # base since March, held three months
    seen = inspected("2026-01-05", "2026-03-20", "2026-06-01")
    found = clusters.history(declared(), counted(*MONTHS), seen, MONTHS)
    states = dict(zip(found["as_of"].dt.month, found["state"], strict=True))
    assert [states[m] for m in range(1, 7)] == ["reached"] * 3 + ["mature"] * 3
    year = [date(2025, m, d) for m, d in ((10, 31), (11, 30), (12, 31))] + MONTHS
    seen = inspected("2025-10-05", "2026-01-01", "2026-03-20", "2026-06-01")
    assert clusters.history(declared(), counted(*year), seen, year)["state"].iloc[-1] == "kept"


@pytest.mark.parametrize(
    ("last", "gate"),
    [
        ({"points": 29, "verified": 29}, "points_enough"),
        ({"verified": 26}, "accepting"),  # 26 of 30 is below 90 %
        ({"active": 8}, "lively"),  # 8 of 30 is below 30 %
    ],
)
def test_a_closed_number_gate_sends_a_cluster_back(last, gate):
    row = verdict(counts=counted(**last))
    assert not row[gate] and not row["held"]
    assert row["state"] == "returned"
    assert clusters.LACKING[gate] in row["lacking"]


@pytest.mark.parametrize(
    ("last", "open_"),
    [({"verified": 27}, True), ({"active": 9}, True), ({"scenario_kinds": 2}, False)],
)
def test_gates_at_their_very_threshold(last, open_):
    row = verdict(counts=counted(**last))
    assert (row["state"] in clusters.MATURE) is open_


@pytest.mark.parametrize("kind", ["K02", "K03"])
def test_villages_and_parks_need_fifteen_points(kind):
    few = {"points": 15, "verified": 14, "active": 5}
    counts = counted().assign(**few)
    assert verdict(declared(kind_id=kind), counts)["state"] in clusters.MATURE
    assert not verdict(declared(), counts)["points_enough"]


def test_a_first_of_its_kind_stands_for_three_scenario_kinds():
    row = verdict(declared(is_first=True), counted(scenario_kinds=1))
    assert row["varied"] and row["state"] in clusters.MATURE


@pytest.mark.parametrize(
    ("day", "open_"), [("2026-04-01", True), ("2026-03-31", False), ("2026-07-01", False)]
)
def test_a_reinspection_counts_for_ninety_days_and_not_before_it_happened(day, open_):
    row = verdict(inspections=inspected(day))
    assert row["inspected"] == open_
    assert row["state"] == ("mature" if open_ else "reached")


def test_without_plan_or_plaque_a_cluster_is_declared_whatever_its_shops():
    assert verdict(declared(planned_on=None))["state"] == "declared"
    assert verdict(declared(planned_on=None, plaque_on="2026-01-10"))["state"] in clusters.MATURE


def test_with_a_plan_and_few_shops_it_is_being_built():
    nothing = counted().iloc[:0]
    row = verdict(counts=nothing)
    assert row["state"] == "building" and row["points"] == 0
    assert pd.isna(row["accepting_share"]) and pd.isna(row["active_share"])


def test_a_cluster_withdrawn_is_returned_from_that_day_on():
    found = clusters.history(
        declared(withdrawn_on="2026-05-31"), counted(), inspected("2026-04-10"), MONTHS
    )
    assert found["state"].iloc[-3] == "mature"
    assert list(found["state"].iloc[-2:]) == ["returned"] * 2


def test_a_cluster_is_not_there_before_it_was_declared():
    found = clusters.history(
        declared(declared_on="2026-04-15", planned_on="2026-05-01"), counted(),
        inspected("2026-06-01"), MONTHS,
    )  # fmt: skip
    assert found["as_of"].dt.month.tolist() == [4, 5, 6]
    assert found["state"].tolist() == ["declared", "reached", "reached"]  # held from April on


# ---- shops -----------------------------------------------------------------------------------


def members(pairs):
    return ibis.memtable(pairs, schema={"cluster_id": "str", "merchant_key": "str"})


def test_counts_are_of_eligible_shops_each_once():
    city = City()
    one = city.shop(events=VERIFIED, scenario_id="F2-12")
    again = city.shop(events=PAID, scenario_id="F2-12", shop_key=one)
    other = city.shop(events=PAID, scenario_id="F2-14")
    signed = city.shop(events=SIGNED)
    closed = city.shop(events=[*VERIFIED, ("closed", ago(3))])
    elsewhere = city.shop(events=VERIFIED)
    inside = [("J1", key) for key in (one, again, other, signed, closed)]
    found = rows(clusters.counts(members(inside), city.merchants_on(DAY)))
    assert elsewhere not in inside
    assert found == [
        {"as_of": DAY, "cluster_id": "J1", "points": 3, "verified": 2, "active": 2,
         "scenario_kinds": 2}
    ]  # fmt: skip


def test_clusters_that_share_half_of_the_smaller_ones_shops_are_one_place():
    inside = [("J1", f"s{i}") for i in range(10)]
    inside += [("J2", f"s{i}") for i in range(8, 12)]  # 2 of 4 in common with J1
    inside += [("J3", f"s{i}") for i in range(11, 14)]  # 1 of 3 in common with J2
    inside += [("J4", "s12"), ("J4", "s13")]  # inside J3
    pairs = clusters.shared(members(inside)).to_pandas()
    assert pairs.to_numpy().tolist() == [["J1", "J2"], ["J3", "J4"]]
    ids = ["J4", "J3", "J2", "J1", "J9"]
    assert clusters.places(ids, pairs).to_dict() == {
        "J1": "J1", "J2": "J1", "J3": "J3", "J4": "J3", "J9": "J9",
    }  # fmt: skip


def test_sameness_is_passed_on():
    pairs = pd.DataFrame({"cluster_id": ["A", "B"], "other_id": ["B", "C"]})
    assert clusters.places(["C", "A", "D"], pairs).to_list() == ["A", "A", "D"]


# ---- owners ----------------------------------------------------------------------------------


def test_a_joint_cluster_counts_for_each_of_its_owners():
    about = pd.concat(
        [declared(owners="320706;U16;ICBC"), declared(cluster_id="J2", owners="320706")]
    )
    counts = pd.concat([counted(), counted().assign(cluster_id="J2")])
    seen = pd.concat([inspected("2026-06-01"), inspected("2026-06-02").assign(cluster_id="J2")])
    found = clusters.history(about, counts, seen, MONTHS)
    table = clusters.by_owner(found, owners.owners(MONTHS[-1]), MONTHS)
    last = table[table["as_of"] == pd.Timestamp(MONTHS[-1])].set_index("owner_id")
    assert last.loc[["320706", "U16", "ICBC", "ABC"], "mature"].to_list() == [2, 1, 1, 0]
    assert last["reached_floor"].sum() == 1 and not last["reached_stretch"].any()
    assert last.loc[["320706", "U16", "ICBC"], "obliged"].all()
    assert not last.loc[["ETDZ", "U02"], "obliged"].any()  # a zone; no department of an industry


def test_a_cluster_withdrawn_is_nobody_s_from_that_day_on():
    about = declared(withdrawn_on="2026-05-31")
    found = clusters.history(about, counted(), inspected("2026-04-10"), MONTHS)
    table = clusters.by_owner(found, owners.owners(MONTHS[-1]), MONTHS)
    mine = table[table["owner_id"] == "320706"]
    assert mine["declared"].to_list() == [1, 1, 1, 1, 0, 0]


def test_a_city_without_clusters_has_owners_who_lack_them():
    nothing = clusters.history(declared().iloc[:0], counted().iloc[:0], inspected(), MONTHS)
    assert nothing.empty and clusters.standing(nothing).empty
    table = clusters.by_owner(nothing, owners.owners(MONTHS[-1]), MONTHS)
    assert len(table[table["obliged"]]) == len(MONTHS) * (6 + 19 + 12)
    assert not table["reached_floor"].any()


def test_a_cluster_that_nobody_ever_inspected_is_not_inspected():
    row = verdict(inspections=inspected())
    assert pd.isna(row["inspected_on"]) and not row["inspected"] and row["state"] == "reached"
