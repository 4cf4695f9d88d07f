"""What is worked out at publishing, and questions compiled once, against the long way round."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from inspect import unwrap

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries import attainment, board_standings, data_quality, lapsing_soon, shop_records
from queries.engine import Engine
from queries.scope import Scope
from store import backend, day_tables
from store.snapshot_store import Store

ASKED = {
    "merchants_on": (lambda data, day: data.merchants_on(day), day_tables.merchants),
    "scenarios_on": (lambda data, day: data.scenarios_on((day,)), day_tables.scenarios),
    "venues_on": (lambda data, day: data.venues_on((day,)), day_tables.venues),
    "cluster_counts": (
        lambda data, day: data.cluster_counts_on((day,)),
        day_tables.cluster_counts,
    ),
}
QUESTIONS = (
    attainment._city,
    attainment.areas,
    attainment.changes,
    attainment.missing,
    attainment.missing_links,
    attainment._plan,
    data_quality.inflated,
    data_quality.asleep,
    board_standings.own_shops,
    shop_records.area_merchants,
)
FOR_ALL = {  # what is asked once for all areas, and the question of one
    attainment.venues: attainment.venues,
    attainment.changes: attainment.changes,
    attainment.plan: attainment._plan,
    attainment.city: attainment._city,
    attainment.trend: attainment._months,
    data_quality.inflated: data_quality.inflated,
    partial(lapsing_soon._units, within=90): partial(unwrap(lapsing_soon._units), within=90),
}
PLACE = ["area_kind", "area_id", "area"]


@pytest.fixture(scope="module")
def data(demo_store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        yield Engine(Store(demo_store).current().id)


def same(found, computed):
    names = sorted(map(str, computed))
    left, right = (
        rows[names].sort_values(names, ignore_index=True).astype(object)
        for rows in (found, computed)
    )
    pd.testing.assert_frame_equal(left.where(left.notna(), None), right.where(right.notna(), None))


def days(data):
    """The last day, month ends, and days that are neither."""
    last = data.last_day
    ends = st.sampled_from(day_tables.days(last))
    others = st.integers(1, 900).map(lambda back: last - timedelta(days=back))
    return st.one_of(st.just(last), ends, others, st.just(date(2020, 1, 1)))


@pytest.mark.parametrize("name", ASKED)
def test_a_day_is_the_same_whether_worked_out_or_computed(data, name):
    ask, compute = ASKED[name]

    @settings(max_examples=8, deadline=None)
    @given(day=days(data))
    def holds(day):
        computed = backend.frame(data.backend, *compute(data.backend, [day]))
        same(data.read(lambda data: ask(data, day)), computed)

    holds()


def test_days_of_both_kinds_are_given_together(data):
    asked = (data.last_day - timedelta(days=3), data.last_day)
    found = data.read(lambda data: data.venues_on(asked))
    same(found, backend.frame(data.backend, *day_tables.venues(data.backend, asked)))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    area_id=st.sampled_from(["", "320706", "320723", "nowhere", "o'clock", "<field_id>"]),
    field_id=st.sampled_from(["", "F1", "F3"]),
    operator_id=st.sampled_from(["", "ICBC", "ABC", "';--"]),
    ask=st.sampled_from(QUESTIONS),
)
def test_a_question_compiled_for_others_is_answered_as_for_itself(
    data, area_id, field_id, operator_id, ask
):
    build = unwrap(ask)
    scope = Scope(data.snapshot_id, data.last_day, area_id, field_id, operator_id)
    alike = replace(scope, area_id=area_id and "320707", operator_id=operator_id and "BOC")
    data.prepared(build, alike)
    same(data.prepared(build, scope), data.read(lambda data: build(data, scope)))


@pytest.mark.parametrize(("ask", "alone"), FOR_ALL.items())
@pytest.mark.parametrize("attribution", ["management", "territory"])
@pytest.mark.parametrize("area_id", ["320706", "320723", "YTS", "nowhere"])
def test_what_is_asked_once_for_all_areas_is_what_each_is_answered(
    data, ask, alone, attribution, area_id
):
    scope = Scope(data.snapshot_id, data.last_day, area_id, attribution=attribution)
    found = data.read(lambda data: unwrap(alone)(data, scope)).drop(columns=PLACE, errors="ignore")
    told = ask(scope)
    if "as_of" in found:
        told = told.assign(as_of=pd.to_datetime(told["as_of"]).astype(found["as_of"].dtype))
    same(told, found)
