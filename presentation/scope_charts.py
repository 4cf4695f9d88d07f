"""The charts of a scope: which rows each of `charts` is asked for, on pages and in documents.

Each is made once and shown by all.
"""

from dataclasses import replace

from domain import coverage_gains, indicator_series, pace, reference
from domain.typed_rows import cells
from presentation import board_charts, charts, labels
from presentation.chart_spec import Chart
from queries import attainment, board_standings, commitments, monthly_figures, plans, untold
from queries.engine import remembered
from queries.scope import Scope

BOARDS = ("county", "zone")
TARGETS = tuple(charts.TARGETS)


@remembered
def trend(scope: Scope, months: int | None = None) -> Chart:
    """The share of the last `months` month ends, of all where none is given."""
    known = attainment.trend(scope)
    known = known if months is None else known.tail(months)
    return charts.trend(known, [pace.due_share(day) for day in known["as_of"]])


@remembered
def board(scope: Scope, kind: str) -> Chart:
    """One board of the city."""
    return board_charts.board(
        {kind: board_standings.ranks(scope, kind)}, pace.due_share(scope.as_of)
    )


@remembered
def ranking(scope: Scope) -> Chart:
    """Both boards of the city."""
    boards = {kind: board_standings.ranks(scope, kind) for kind in BOARDS}
    return board_charts.board(boards, pace.due_share(scope.as_of))


@remembered
def gains(scope: Scope) -> Chart:
    """What both boards gained."""
    boards = {kind: board_standings.gains(scope, kind) for kind in BOARDS}
    return board_charts.gains(boards, coverage_gains.since(scope.as_of))


@remembered
def plan(scope: Scope, signings: int = 0) -> Chart:
    """Three ways to spend signings, with a line at so many."""
    outlook = plans.outlook(scope)
    unknown = int(outlook.venues["eligible"].isna().sum())
    chart = charts.plan(outlook.ways, len(outlook.venues), unknown, signings)
    lack = labels.UNTOLD[untold.coverage(scope)]
    return replace(chart, empty=f"{lack}，要补多少家未知。") if lack else chart


@remembered
def targets(scope: Scope) -> Chart:
    """The targets of the notice."""
    return charts.targets(commitments.standings(scope))


@remembered
def clusters(scope: Scope) -> Chart:
    """The clusters of the scope by state, month by month."""
    history = commitments.cluster_history(scope.snapshot_id, scope.as_of)
    own = commitments.cluster_standing(scope)["cluster_id"]
    return charts.cluster_states(history[history["cluster_id"].isin(own)])


@remembered
def reporting(scope: Scope) -> Chart:
    """The monthly reports of all units."""
    return charts.reporting(commitments.reports(scope.snapshot_id, scope.as_of))


@remembered
def phases(scope: Scope) -> Chart:
    """The phases of the plan, and where the scope's day stands in them."""
    return charts.phases(reference.table("phases"), scope.as_of)


def indicator_titles() -> dict[str, str]:
    """Names and units of the monthly indicators, to their ids."""
    table = reference.table("indicators")
    return {
        f"{name}（{unit}）": number
        for number, name, unit in cells(table, "indicator_id", "indicator", "unit")
    }


@remembered
def indicator(scope: Scope, title: str) -> Chart:
    """The monthly indicator with that name and unit; empty where it was not reported."""
    number = indicator_titles()[title]
    name, kind, unit = (
        reference.labels("indicators", "indicator_id", column)[number]
        for column in ("indicator", "kind", "unit")
    )
    months = monthly_figures.indicators(scope)
    own = indicator_series.judged(months[months["indicator_id"] == number], kind)
    return charts.indicator(own, name, unit)
