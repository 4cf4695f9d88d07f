"""The tables that pages show: every question about a scope, answered once and cached.

Every answer is keyed by the snapshot's id and plain values, so that no cache is ever stale: another
snapshot is another key.
"""

from dataclasses import replace
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pandas as pd

from domain import change, coverage, gaps, pace, rules
from domain.venues import shop_of
from queries.engine import Engine, engine, remembered
from queries.scope import Scope

NO_PLACE = "地址和名称里都没有本市地名，也没有可用的坐标"
SHOPS_SHOWN = 3000  # shops on one map or list; a town has fewer


def of_scope(table: ir.Table, scope: Scope, *, area: bool = True) -> ir.Table:
    """The rows of `table` (merchants or venues) inside the scope's field, operator and area.

    Venues only of the scope's tiers; a merchant has no tier, and counts wherever it stands.
    """
    if scope.tiers == "headline" and "tier" in table.columns:
        table = coverage.headline(table)
    if scope.field_id:
        table = table.filter(table.field_id == scope.field_id)
    if scope.operator_id:
        table = table.filter(table.operator_id == scope.operator_id)
    if area and scope.area_id:
        table = table.filter(coverage.in_area(table, scope.area_id, scope.attribution))
    return table


@remembered
def venues(scope: Scope) -> pd.DataFrame:
    """Venues of the scope with their coverage, one row each."""
    return engine(scope.snapshot_id).read(
        lambda data: of_scope(data.venues_on((scope.as_of,)), scope)
    )


@remembered
def areas(scope: Scope) -> pd.DataFrame:
    """Attainment of every county and zone, whatever area is selected."""
    return engine(scope.snapshot_id).read(
        lambda data: coverage.attainment(
            of_scope(data.venues_on((scope.as_of,)), scope, area=False),
            scope.attribution,
            [scope.as_of],
        )
    )


@remembered
def city(scope: Scope) -> pd.DataFrame:
    """Attainment of the scope as a whole, one row."""
    return engine(scope.snapshot_id).read(
        lambda data: coverage.city(of_scope(data.venues_on((scope.as_of,)), scope), [scope.as_of])
    )


@remembered
def trend(scope: Scope) -> pd.DataFrame:
    """Attainment of the scope at each month end from the pilot's start to the scope's day."""
    days = month_ends(scope.as_of)
    frame = engine(scope.snapshot_id).read(
        lambda data: coverage.city(of_scope(data.venues_on(days), scope), days).order_by("as_of")
    )
    return frame.assign(as_of=frame["as_of"].dt.date)


@remembered
def merchants(scope: Scope, by: tuple[str, ...]) -> pd.DataFrame:
    """Merchants of the scope counted in the three bases by the columns `by`, none of them null.

    Nulls are left out in the engine: one of them would turn a column of cells into floats, which
    are too short for the cells' numbers.
    """

    def question(data: Engine) -> ir.Table:
        table = of_scope(data.merchants_on(scope.as_of), scope)
        for name in by:
            table = table.filter(table[name].notnull())
        return coverage.coverage(table, list(by))

    return engine(scope.snapshot_id).read(question)


@remembered
def missing(scope: Scope) -> pd.DataFrame:
    """Named shops of the scope's uncovered venues that are not yet verified.

    A bank is shown its own shops, whichever bank answers for the venue they stand in.
    """

    def question(data: Engine) -> ir.Table:
        every_bank = replace(scope, operator_id="")
        short = of_scope(data.venues_on((scope.as_of,)), every_bank)
        return gaps.missing(data.merchants_on(scope.as_of), short, scope.operator_id)

    return engine(scope.snapshot_id).read(question)


@remembered
def missing_links(scope: Scope) -> pd.DataFrame:
    """Links that the scope's uncovered institutions, lines and platforms still lack."""

    def question(data: Engine) -> ir.Table:
        short = of_scope(data.venues_on((scope.as_of,)), scope)
        instances = data.scenarios_on((scope.as_of,))
        return gaps.missing_links(short, data.merchants_on(scope.as_of), instances)

    return engine(scope.snapshot_id).read(question)


@remembered
def plan(scope: Scope) -> pd.DataFrame:
    """The scope's uncovered venues in the order that closes the most per signing."""
    return engine(scope.snapshot_id).read(
        lambda data: gaps.plan(of_scope(data.venues_on((scope.as_of,)), scope))
    )


@remembered
def changes(scope: Scope) -> pd.DataFrame:
    """Venues of the scope newly covered or lapsed since the same day of the month before."""
    return engine(scope.snapshot_id).read(
        lambda data: change.changes(
            of_scope(data.venues_on((month_before(scope.as_of),)), scope),
            of_scope(data.venues_on((scope.as_of,)), scope),
        )
    )


@remembered
def shops(
    scope: Scope, venue_id: str = "", town_code: str = "", limit: int = SHOPS_SHOWN
) -> pd.DataFrame:
    """Merchants of one venue or one town with their state, at most `limit` rows."""

    def question(data: Engine) -> ir.Table:
        table = of_scope(data.merchants_on(scope.as_of), scope)
        table = table.filter(table.state.notnull())  # not on record yet that day
        if venue_id:
            table = table.filter(table.venue_id == venue_id)
        if town_code:
            table = table.filter(table.town_code == town_code)
        return table.order_by("merchant_key").limit(limit)

    return engine(scope.snapshot_id).read(question)


@remembered
def indicators(scope: Scope) -> pd.DataFrame:
    """Monthly indicators of the scope up to its day; a zone has none of its own."""

    def question(data: Engine) -> ir.Table:
        table = data.table("indicators")
        table = table.filter(table.month <= ibis.literal(scope.as_of))
        if scope.operator_id:
            table = table.filter(table.operator_id == scope.operator_id)
        if scope.area_id:
            table = table.filter(table.county_code == scope.area_id)
        months = table.group_by(["month", "indicator_id"]).agg(
            value=table.value.sum(), reports=table.count()
        )
        return months.order_by("month")

    return engine(scope.snapshot_id).read(question)


@remembered
def counts(scope: Scope) -> dict[str, int]:
    """Scenario kinds live, scenario instances live and shops open: three things, never added."""

    def question(data: Engine) -> ir.Table:
        instances = data.scenarios_on((scope.as_of,))
        instances = of_scope(instances, scope).filter(lambda row: row.opened)
        shops = of_scope(data.merchants_on(scope.as_of), scope).filter(lambda row: row.opened)
        kinds = ibis.union(instances.select("scenario_id"), shops.select("scenario_id"))
        return kinds.agg(kinds=kinds.scenario_id.nunique()).mutate(
            instances=instances.count().as_scalar(),
            shops=shop_of(shops).nunique().as_scalar(),
        )

    return engine(scope.snapshot_id).read(question).iloc[0].astype(int).to_dict()


@remembered
def area_merchants(scope: Scope) -> pd.DataFrame:
    """Merchants counted in the three bases by the area they count for under the attribution."""

    def question(data: Engine) -> ir.Table:
        table = of_scope(data.merchants_on(scope.as_of), scope, area=False)
        table = table.mutate(area_id=coverage.area_of(table, scope.attribution))
        return coverage.coverage(table.filter(table.area_id.notnull()), ["area_id"])

    return engine(scope.snapshot_id).read(question)


@remembered
def without_point(scope: Scope, venue_id: str = "", town_code: str = "") -> int:
    """Merchants of the scope, or of one venue or town in it, that no map can show."""

    def question(data: Engine) -> ir.Table:
        table = of_scope(data.merchants_on(scope.as_of), scope)
        table = table.filter(table.state.notnull(), table.lon.isnull())
        if venue_id:
            table = table.filter(table.venue_id == venue_id)
        if town_code:
            table = table.filter(table.town_code == town_code)
        return table.agg(rows=table.count())

    return int(engine(scope.snapshot_id).read(question)["rows"].iloc[0])


@remembered
def in_review(snapshot_id: str) -> pd.DataFrame:
    """Merchants whose place is unsure or unknown, with the reason."""

    def question(data: Engine) -> ir.Table:
        table = data.table("merchants")
        unsure = table.in_review.fill_null(False) | table.county_code.isnull()
        columns = ["merchant_id", "name", "address", "operator_id", "county_code", "method"]
        reason = table.reason.nullif("").fill_null(NO_PLACE)
        return table.filter(unsure).order_by("merchant_key").select(*columns, reason=reason)

    return engine(snapshot_id).read(question)


@remembered
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


@remembered
def decisions(scope: Scope) -> pd.DataFrame:
    """What needs a decision in the scope: one computed fact a row."""
    board = areas(replace(scope, area_id=""))
    queues = intake_state(scope.snapshot_id)
    if scope.area_id:
        board = board[board["area_id"] == scope.area_id]
        queues = dict.fromkeys(queues, 0)  # the queues are the whole city's
    return change.decisions(
        board, venues(scope), changes(scope), queues, pace.due_share(scope.as_of)
    )


def month_before(day: date) -> date:
    """The last day of the month before that of `day`."""
    return day.replace(day=1) - timedelta(days=1)


def month_ends(until: date) -> tuple[date, ...]:
    """Month ends from the pilot's roll-out to `until`, which closes the list."""
    return pace.month_ends(rules.day("pace_start"), until)
