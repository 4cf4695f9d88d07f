"""The questions of the front pages, to be asked before anybody comes."""

from dataclasses import replace

from queries import (
    attainment,
    board_standings,
    commitments,
    coverage_comparison,
    data_quality,
    lapsing_soon,
    monthly_figures,
    plans,
    proposals,
    shop_records,
)
from queries.scope import Scope

_QUESTIONS = (
    attainment.decisions,
    attainment.city,
    attainment.trend,
    attainment.missing,
    attainment.missing_links,
    shop_records.counts,
    shop_records.area_merchants,
    shop_records.without_point,
    data_quality.inflated,
    data_quality.asleep_by_operator,
    data_quality.repeated_records,
    monthly_figures.indicators,
    plans.outlook,
    commitments.standings,
    commitments.task_progress,
    commitments.cluster_standing,
    proposals.proposals,
)
_CELLS = ((), ("town_code",), ("h3_6",), ("h3_7",), ("h3_8",))  # what merchants are counted by


def usual(scope: Scope) -> None:
    """Have answered what pages ask of `scope` when they open."""
    for ask in _QUESTIONS:
        ask(scope)
    lapsing_soon.rows(scope, lapsing_soon.LAPSING)
    for by in _CELLS:
        shop_records.merchants(scope, by)
    for kind in ("county", "zone"):
        board_standings.ranks(replace(scope, area_id=""), kind)
        board_standings.ways(replace(scope, area_id=""), kind)
    before = replace(scope, as_of=attainment.month_before(scope.as_of))
    attainment.areas(before)
    attainment.city(before)
    coverage_comparison.moves(scope, before)
    coverage_comparison.areas(scope, before)
