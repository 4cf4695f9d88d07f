"""The dashboard's session: what is selected, and the only cache.

Every cached table is keyed by the snapshot's id and plain values, so that no cache is ever stale:
another snapshot is another key.
"""

import getpass
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from domain import change, coverage, gaps, pace, ranking, reference, states
from domain.venues import venue_coverage
from geo import geocoding
from loaders import demo, intake, store
from loaders.intake import Assessment
from loaders.progress import Progress

CITY = "全市"
ALL = "全部"
BASES = {"verified": "已验证", "contracted": "已签约", "active": "近30天活跃"}
METHODS = geocoding.METHODS
SHOPS_SHOWN = 3000  # shops on one map or list; a town has fewer
DAYS_KEPT = 6  # materialised days kept per snapshot before the oldest is dropped


@dataclass(frozen=True)
class Scope:
    """What a figure is about; the key of every cached table."""

    snapshot_id: str
    as_of: date
    area_id: str = ""
    field_id: str = ""
    operator_id: str = ""
    attribution: str = "management"


class Engine:
    """One snapshot opened for queries, with the tables that pages share kept in memory.

    A DuckDB connection serves one thread at a time, and Streamlit runs a thread per session, so
    every query goes through `read`.
    """

    def __init__(self, snapshot_id: str) -> None:
        self._backend = store.connect(store.default().snapshot(snapshot_id))
        self._lock = threading.RLock()
        self._kept: OrderedDict[str, None] = OrderedDict()

    def table(self, name: str) -> ir.Table:
        """Table `name` of the snapshot."""
        return self._backend.table(name)

    def keep(self, name: str, build: Callable[[], ir.Table]) -> ir.Table:
        """The table `name`, built once by `build` and kept in memory; the oldest goes first."""
        with self._lock:
            if name not in self._kept:
                self._backend.create_table(name, build(), temp=True)
            self._kept[name] = None
            self._kept.move_to_end(name)
            while len(self._kept) > 2 * DAYS_KEPT:
                self._backend.drop_table(self._kept.popitem(last=False)[0])
            return self._backend.table(name)

    def read(self, question: Callable[["Engine"], ir.Table]) -> pd.DataFrame:
        """The rows of the table that `question` builds on this engine."""
        with self._lock:
            return question(self).to_pandas()

    def merchants_on(self, day: date) -> ir.Table:
        """Every merchant with its state on `day`."""

        def build() -> ir.Table:
            return states.on_days(self.table("merchants"), self.table("spells"), [day])

        return self.keep(f"merchants_{day:%Y%m%d}", build)

    def venues_on(self, days: tuple[date, ...]) -> ir.Table:
        """Every venue with its coverage on each of `days`."""

        def build() -> ir.Table:
            spells = self.table("spells")
            merchants = self.table("merchants")
            scenarios = self.table("scenarios")
            return venue_coverage(
                self.table("venues"),
                states.on_days(merchants.filter(merchants.venue_id.notnull()), spells, list(days)),
                states.on_days(
                    scenarios.filter(scenarios.venue_id.notnull()),
                    spells,
                    list(days),
                    key="scenario_key",
                    prefix="s:",
                ),
                days,
            )

        return self.keep(f"venues_{days[0]:%Y%m%d}_{days[-1]:%Y%m%d}_{len(days)}", build)


@st.cache_resource(max_entries=2, show_spinner="正在打开数据版本…")
def engine(snapshot_id: str) -> Engine:
    """The opened snapshot `snapshot_id`, shared by all sessions."""
    return Engine(snapshot_id)


# ---- what is selected -------------------------------------------------------------------------


def areas_by_name() -> dict[str, str]:
    """Names of the six counties and four zones, in the order of the reference, to their ids."""
    counties = reference.table("counties")
    zones = reference.table("zones")
    return dict(zip(counties["name"], counties["county_code"], strict=True)) | dict(
        zip(zones["name"], zones["zone_id"], strict=True)
    )


def select_scope() -> Scope | None:
    """Draw the shared selection in the sidebar and return it; None while the store is empty."""
    snapshot = store.default().current()
    if snapshot is None:
        return None
    latest = date.fromisoformat(snapshot.manifest["as_of"])
    fields = {ALL: ""} | {
        name: code for code, name in reference.labels("fields", "field_id", "field").items()
    }
    operators = {ALL: ""} | {
        name: code
        for code, name in reference.labels("operators", "operator_id", "operator").items()
    }
    with st.sidebar:
        as_of = st.date_input(
            "截止日",
            value=latest,
            min_value=date(2023, 1, 1),
            max_value=latest,
            key="as_of",
            bind="query-params",
            format="YYYY-MM-DD",
            help="状态都由日期推算，可以看过去任何一天。",
        )
        area = st.selectbox(
            "县区或功能板块", [CITY, *areas_by_name()], key="area", bind="query-params"
        )
        field = st.selectbox("领域", list(fields), key="field", bind="query-params")
        operator = st.selectbox("运营机构", list(operators), key="operator", bind="query-params")
    return Scope(
        snapshot_id=snapshot.id,
        as_of=as_of or latest,
        area_id=areas_by_name().get(area, ""),
        field_id=fields[field],
        operator_id=operators[operator],
    )


def scope() -> Scope:
    """The scope that the frame selected for this run."""
    return st.session_state["_scope"]


def set_scope(selected: Scope) -> None:
    """Hand the frame's selection to the page of this run."""
    st.session_state["_scope"] = selected


def manifest(snapshot_id: str) -> dict:
    """The manifest of snapshot `snapshot_id`."""
    return store.default().snapshot(snapshot_id).manifest


def stamp(scope: Scope, basis: str = "verified") -> str:
    """The line that every figure carries: basis, day, version, and the demo mark."""
    facts = manifest(scope.snapshot_id)
    parts = [
        f"口径：{BASES[basis]}",
        f"截止日：{scope.as_of}",
        f"数据版本：{scope.snapshot_id}",
        f"规则：{facts['rules_version']}",
    ]
    return ("【演示数据】" if facts["demo"] else "") + " | ".join(parts)


# ---- cached tables ----------------------------------------------------------------------------


def _of_scope(table: ir.Table, scope: Scope, *, area: bool = True) -> ir.Table:
    """The rows of `table` (merchants or venues) inside the scope's field, operator and area."""
    if scope.field_id:
        table = table.filter(table.field_id == scope.field_id)
    if scope.operator_id:
        table = table.filter(table.operator_id == scope.operator_id)
    if area and scope.area_id:
        table = table.filter(coverage.in_area(table, scope.area_id, scope.attribution))
    return table


@st.cache_data(max_entries=200, show_spinner="正在计算…")
def venues(scope: Scope) -> pd.DataFrame:
    """Venues of the scope with their coverage, one row each."""
    return engine(scope.snapshot_id).read(
        lambda data: _of_scope(data.venues_on((scope.as_of,)), scope)
    )


@st.cache_data(max_entries=200, show_spinner="正在计算…")
def areas(scope: Scope) -> pd.DataFrame:
    """Attainment of every county and zone, whatever area is selected."""
    return engine(scope.snapshot_id).read(
        lambda data: coverage.attainment(
            _of_scope(data.venues_on((scope.as_of,)), scope, area=False),
            scope.attribution,
            [scope.as_of],
        )
    )


@st.cache_data(max_entries=200, show_spinner="正在计算…")
def city(scope: Scope) -> pd.DataFrame:
    """Attainment of the scope as a whole, one row."""
    return engine(scope.snapshot_id).read(
        lambda data: coverage.city(_of_scope(data.venues_on((scope.as_of,)), scope), [scope.as_of])
    )


@st.cache_data(max_entries=100, show_spinner="正在计算各月…")
def trend(scope: Scope) -> pd.DataFrame:
    """Attainment of the scope at each month end from the pilot's start to the scope's day."""
    days = month_ends(scope.as_of)
    frame = engine(scope.snapshot_id).read(
        lambda data: coverage.city(_of_scope(data.venues_on(days), scope), days).order_by("as_of")
    )
    return frame.assign(as_of=frame["as_of"].dt.date)


@st.cache_data(max_entries=100, show_spinner="正在排名…")
def ranks(scope: Scope, area_kind: str) -> pd.DataFrame:
    """The board of `area_kind` on the scope's day, with the rank of a month before."""

    def board(day: date) -> pd.DataFrame:
        return engine(scope.snapshot_id).read(
            lambda data: ranking.ranking(
                coverage.attainment(
                    _of_scope(data.venues_on((day,)), scope, area=False),
                    scope.attribution,
                    [day],
                ),
                area_kind,
            )
        )

    before = board(month_before(scope.as_of))[["area_id", "rank", "share"]]
    return board(scope.as_of).merge(before, on="area_id", how="left", suffixes=("", "_before"))


@st.cache_data(max_entries=200, show_spinner="正在计算…")
def merchants(scope: Scope, by: tuple[str, ...]) -> pd.DataFrame:
    """Merchants of the scope counted in the three bases by the columns `by`, none of them null.

    Nulls are left out in the engine: one of them would turn a column of cells into floats, which
    are too short for the cells' numbers.
    """

    def question(data: Engine) -> ir.Table:
        table = _of_scope(data.merchants_on(scope.as_of), scope)
        return coverage.coverage(table.filter([table[name].notnull() for name in by]), list(by))

    return engine(scope.snapshot_id).read(question)


@st.cache_data(max_entries=100, show_spinner="正在取名单…")
def missing(scope: Scope) -> pd.DataFrame:
    """Named shops of the scope's uncovered venues that are not yet verified."""

    def question(data: Engine) -> ir.Table:
        short = _of_scope(data.venues_on((scope.as_of,)), scope)
        return gaps.missing(data.merchants_on(scope.as_of), short)

    return engine(scope.snapshot_id).read(question)


@st.cache_data(max_entries=100, show_spinner="正在取名单…")
def missing_links(scope: Scope) -> pd.DataFrame:
    """Links that the scope's uncovered institutions, lines and platforms still lack."""

    def question(data: Engine) -> ir.Table:
        short = _of_scope(data.venues_on((scope.as_of,)), scope)
        spells = data.table("spells")
        instances = states.on_days(
            data.table("scenarios"), spells, [scope.as_of], key="scenario_key", prefix="s:"
        )
        return gaps.missing_links(short, data.merchants_on(scope.as_of), instances)

    return engine(scope.snapshot_id).read(question)


@st.cache_data(max_entries=100, show_spinner="正在计算…")
def plan(scope: Scope) -> pd.DataFrame:
    """The scope's uncovered venues in the order that closes the most per signing."""
    return engine(scope.snapshot_id).read(
        lambda data: gaps.plan(_of_scope(data.venues_on((scope.as_of,)), scope))
    )


@st.cache_data(max_entries=100, show_spinner="正在比较…")
def changes(scope: Scope) -> pd.DataFrame:
    """Venues of the scope newly covered or lapsed since the same day of the month before."""
    return engine(scope.snapshot_id).read(
        lambda data: change.changes(
            _of_scope(data.venues_on((month_before(scope.as_of),)), scope),
            _of_scope(data.venues_on((scope.as_of,)), scope),
        )
    )


@st.cache_data(max_entries=200, show_spinner="正在取名单…")
def shops(
    scope: Scope, venue_id: str = "", town_code: str = "", limit: int = SHOPS_SHOWN
) -> pd.DataFrame:
    """Merchants of one venue or one town with their state, at most `limit` rows."""

    def question(data: Engine) -> ir.Table:
        table = _of_scope(data.merchants_on(scope.as_of), scope)
        if venue_id:
            table = table.filter(table.venue_id == venue_id)
        if town_code:
            table = table.filter(table.town_code == town_code)
        return table.order_by("merchant_key").limit(limit)

    return engine(scope.snapshot_id).read(question)


@st.cache_data(max_entries=50, show_spinner="正在取指标…")
def indicators(scope: Scope) -> pd.DataFrame:
    """Monthly indicators of the scope up to its day; a zone has none of its own."""

    def question(data: Engine) -> ir.Table:
        table = data.table("indicators")
        table = table.filter(table.month <= ibis.literal(scope.as_of))
        if scope.operator_id:
            table = table.filter(table.operator_id == scope.operator_id)
        if scope.area_id:
            table = table.filter(table.county_code == scope.area_id)
        months = table.group_by(["month", "indicator_id"]).agg(value=table.value.sum())
        return months.order_by("month")

    return engine(scope.snapshot_id).read(question)


@st.cache_data(max_entries=100, show_spinner="正在计算…")
def counts(scope: Scope) -> dict[str, int]:
    """Scenario kinds live, scenario instances live and shops open: three things, never added."""

    def question(data: Engine) -> ir.Table:
        spells = data.table("spells")
        instances = states.on_days(
            data.table("scenarios"), spells, [scope.as_of], key="scenario_key", prefix="s:"
        )
        instances = _of_scope(instances, scope).filter(lambda row: row.opened)
        shops = _of_scope(data.merchants_on(scope.as_of), scope).filter(lambda row: row.opened)
        kinds = ibis.union(instances.select("scenario_id"), shops.select("scenario_id"))
        return kinds.agg(kinds=kinds.scenario_id.nunique()).mutate(
            instances=instances.count().as_scalar(), shops=shops.count().as_scalar()
        )

    return engine(scope.snapshot_id).read(question).iloc[0].astype(int).to_dict()


@st.cache_data(max_entries=50, show_spinner=False)
def intake_state(snapshot_id: str) -> dict[str, int]:
    """How many merchants of the snapshot are in review, and how many have no place."""

    def question(data: Engine) -> ir.Table:
        table = data.table("merchants")
        return table.agg(
            merchants=table.count(),
            in_review=table.in_review.sum(),
            unlocated=table.county_code.isnull().sum(),
        )

    return engine(snapshot_id).read(question).fillna(0).astype(int).iloc[0].to_dict()


@st.cache_data(max_entries=50, show_spinner=False)
def decisions(scope: Scope) -> pd.DataFrame:
    """What needs a decision: one computed fact a row."""
    return change.decisions(
        areas(replace(scope, area_id="")),
        venues(scope),
        changes(scope),
        intake_state(scope.snapshot_id),
        pace.due_share(scope.as_of),
    )


# ---- days -------------------------------------------------------------------------------------


def month_before(day: date) -> date:
    """The last day of the month before that of `day`."""
    return day.replace(day=1) - timedelta(days=1)


def month_ends(until: date) -> tuple[date, ...]:
    """Month ends from the pilot's roll-out to `until`, which closes the list."""
    starts = pd.date_range("2023-04-01", until, freq="ME").date
    return (*(day for day in starts if day < until), until)


# ---- intake -----------------------------------------------------------------------------------


def assess(paths: list[Path], kind: str | None, crs: str | None, progress: Progress) -> Assessment:
    """What the files would bring; nothing is written."""
    return intake.assess(paths, kind=kind, crs=crs, store=store.default(), progress=progress)


def publish(assessment: Assessment, progress: Progress) -> str:
    """Publish what was assessed; the id of the snapshot in force afterwards."""
    return intake.publish(
        assessment, store.default(), created_by=getpass.getuser(), progress=progress
    ).id


def publish_demo() -> str:
    """Publish the demo data as the snapshot in force; its id."""
    return demo.publish(store.default()).id


def snapshots() -> list[dict]:
    """Manifests of all snapshots, newest first."""
    return store.default().snapshots()


def current_id() -> str | None:
    """Id of the snapshot in force."""
    current = store.default().current()
    return current.id if current else None


def roll_back(snapshot_id: str) -> None:
    """Put an older snapshot in force."""
    store.default().rollback(snapshot_id)
