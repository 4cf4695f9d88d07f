"""How far a scope is from full coverage: its venues, areas, trend and gaps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from domain import change, coverage, denominators, expiring_verification, gaps, pace, rules
from queries import data_quality, sights
from queries.engine import Engine, engine, listing, question, remembered
from queries.scope import Scope, of_scope


@listing
def venues(data: Engine, scope: Scope) -> ir.Table:
    """Venues of the scope with their coverage, one row each."""
    return of_scope(data.venues_on((scope.as_of,)), scope)


@question
def areas(data: Engine, scope: Scope) -> ir.Table:
    """Attainment of every county and zone, whatever area is selected."""
    register = of_scope(data.venues_on((scope.as_of,)), scope, area=False)
    found = coverage.attainment(register, scope.attribution, [scope.as_of])
    return data.known.attained(found)


@remembered
def city(scope: Scope) -> pd.DataFrame:
    """Attainment of the scope as a whole, one row; counts are null before the first register."""
    return _own(scope, areas, _city)


@question
def _city(data: Engine, scope: Scope) -> ir.Table:
    venues = of_scope(data.venues_on((scope.as_of,)), scope)
    return data.known.attained(coverage.city(venues, [scope.as_of]))


@remembered
def trend(scope: Scope) -> pd.DataFrame:
    """Attainment of the scope at each month end since the first register, to the scope's day.

    `dated`: nobody had told yet what is verified, and what is signed follows from days that
    later statements gave.
    """
    months = _own(scope, _area_months, _months)
    return months.assign(as_of=months["as_of"].dt.date, dated=months["covered_verified"].isna())


@question
def _months(data: Engine, scope: Scope) -> ir.Table:
    days = _month_ends(data, scope)
    months = coverage.city(of_scope(data.venues_on(days), scope), days)
    return data.known.attained(months).filter(_.venues.notnull()).order_by("as_of")


@question
def _area_months(data: Engine, scope: Scope) -> ir.Table:
    days = _month_ends(data, scope)
    months = coverage.attainment(of_scope(data.venues_on(days), scope), scope.attribution, days)
    return data.known.attained(months).filter(_.venues.notnull()).order_by("as_of")


def _month_ends(data: Engine, scope: Scope) -> tuple[date, ...]:
    return pace.month_ends(_first(data.known.first.get("venues")), scope.as_of)


def _own(
    scope: Scope,
    of_areas: Callable[[Scope], pd.DataFrame],
    of_whole: Callable[[Scope], pd.DataFrame],
) -> pd.DataFrame:
    """What is known of the scope as a whole; of an area from all areas, which are asked at once.

    A zone is not among them under 'territory'.
    """
    if scope.area_id:
        areas = of_areas(replace(scope, area_id=""))
        own = areas[areas["area_id"] == scope.area_id]
        if len(own):
            return own.reset_index(drop=True)
    return of_whole(scope)


@question
def missing(data: Engine, scope: Scope) -> ir.Table:
    """Named shops of the scope's uncovered venues that are not yet verified.

    A bank is shown its own shops, whichever bank answers for the venue they stand in.
    """
    short = of_scope(data.venues_on((scope.as_of,)), replace(scope, operator_id=""))
    return gaps.missing(data.merchants_on(scope.as_of), short, scope.operator_id)


@question
def missing_links(data: Engine, scope: Scope) -> ir.Table:
    """Links that the scope's uncovered institutions, lines and platforms still lack."""
    short = of_scope(data.venues_on((scope.as_of,)), scope)
    instances = data.scenarios_on((scope.as_of,))
    return gaps.missing_links(short, data.merchants_on(scope.as_of), instances)


@remembered
def plan(scope: Scope) -> pd.DataFrame:
    """The scope's uncovered venues in the order that closes the most per signing."""
    rows = _plan(scope)  # in the city's order: only what adds up along it is added up anew
    return rows.assign(signings=rows["needed"].cumsum(), venues_closed=range(1, len(rows) + 1))


@listing
def _plan(data: Engine, scope: Scope) -> ir.Table:
    return gaps.plan(of_scope(data.venues_on((scope.as_of,)), scope))


@question
def denominators_of(data: Engine, scope: Scope) -> ir.Table:
    """Denominators of every venue on the scope's day, whatever else it narrows."""
    venues = data.venues_on((scope.as_of,))
    return denominators.denominators(venues, data.merchants_on(scope.as_of)).drop("as_of")


@listing
def changes(data: Engine, scope: Scope) -> ir.Table:
    """Venues of the scope newly covered or lapsed since the last day of the month before.

    None where it is unknown what was covered then.
    """
    before = month_before(scope.as_of)
    known = data.known.has_by("venues", before) and data.known.has_by("merchants", before)
    found = change.changes(
        of_scope(data.venues_on((before,)), scope),
        of_scope(data.venues_on((scope.as_of,)), scope),
    )
    return found if known else found.limit(0)


@remembered
def decisions(scope: Scope) -> pd.DataFrame:
    """What needs a decision in the scope: one computed fact a row."""
    board = areas(replace(scope, area_id=""))
    queues = data_quality.intake_state(scope.snapshot_id)
    if scope.area_id:
        board = board[board["area_id"] == scope.area_id]
        queues = dict.fromkeys(queues, 0)  # the queues are the whole city's
    found = change.decisions(
        board, venues(scope), changes(scope), queues, pace.due_share(scope.as_of)
    )
    return found.assign(subject=found["subject"].map(_named_parts))


def _named_parts(subject: str) -> str:
    """A list of names without those that a visitor may not see."""
    names = subject.split("、")
    shown = [name for name in names if not name.startswith(sights.CONCEALED)]
    return "、".join(shown) or "不在本单位范围，不列名"


@remembered
def running_out(scope: Scope) -> pd.DataFrame:
    """Shops of the scope's covered area-type venues that stop being verified in `upkeep_days`."""
    shops = _running_out(replace(scope, area_id=""))  # asked once for all areas
    return shops[shops["venue_id"].isin(venues(scope)["venue_id"])].reset_index(drop=True)


@question
def _running_out(data: Engine, scope: Scope) -> ir.Table:
    units = expiring_verification.running_out(
        of_scope(data.venues_on((scope.as_of,)), scope),
        data.merchants_on(scope.as_of),
        data.scenarios_on((scope.as_of,)),
        data.table("events"),
        scope.as_of,
        within=rules.count("upkeep_days"),
    )
    return units.filter(_.covered, _.carrier == "区域型")


def month_before(day: date) -> date:
    """The last day of the month before that of `day`."""
    return day.replace(day=1) - timedelta(days=1)


def month_ends(snapshot_id: str, until: date) -> tuple[date, ...]:
    """Month ends from where coverage is known to `until`, which closes the list."""
    return pace.month_ends(_first(engine(snapshot_id).known.begins), until)


def _first(known: date | None) -> date:
    """First day of lines of what is `known` from a day on: not before the pilot's roll-out."""
    start = rules.day("pace_start")
    return max(start, known) if known else start
