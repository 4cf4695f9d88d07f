"""“签 50 家”： the number, its effect against other ways to spend it, and the work list.

All of it is one fragment, so that another number reruns nothing else on the page.
"""

import math
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from presentation import front_wording, legends, plan_wording, scope_charts
from presentation.labels import plain
from queries import plans
from queries.engine import remembered
from queries.scope import Scope, area_name
from reports.documents import work_list
from reports.figures import plan_figure
from ui import (
    frame,
    page_charts,
    page_downloads,
    page_maps,
    page_pictures,
    page_print,
    page_tables,
    session,
)
from ui.gap_list import plan_map
from ui.page_pictures import Figure

GUESS = 50  # signings that the page starts with
MOST = 1_000_000  # more than the city has shops
LIMITS = (
    "只算家数，不算路程和难易；每家要做什么，工作单里逐家写明。做完的店还要按期巡检，过期会退出。"
)
SPLIT_COLUMNS = ["group", "units", "closed", "covered", "venues", "share", "share_after"]
PLAN_COLUMNS = ["order", "venue", "kind", "area", "address", "operator", "units"]
WORK_COLUMNS = ["order", "state_label", "operator", "place", "name", "todo", "cash_point",
                "address", "note"]  # fmt: skip


@dataclass(frozen=True)
class _Planned:
    """A number of signings applied: the effect, the work list and its venues."""

    effect: plans.Effect
    work: pd.DataFrame
    venues: pd.DataFrame


@remembered
def _planned(scope: Scope, signings: int) -> _Planned:
    outlook = plans.outlook(scope)
    work = plan_wording.work(outlook, signings)
    venues = plan_wording.venues_of(outlook, work)
    return _Planned(plans.effect(outlook, signings), work, venues)


@frame.fragment
def show(scope: Scope) -> None:
    """Ask for a number of signings and show what they would change."""
    endless = any(map(_endless, st.query_params.get_all("signings")))
    left, right = st.columns([1, 3], gap="medium", vertical_alignment="center")
    signings = left.number_input(
        "如果再签多少家",
        0,
        MOST,
        GUESS,
        10,
        key="signings",
        bind=None if endless else "query-params",
    )
    plan = _planned(scope, signings)
    effect, work, venues = plan.effect, plan.work, plan.venues
    right.markdown(f"**{plain(plan_wording.sentence(area_name(scope), effect))}**")
    if way := front_wording.way(scope)[1]:
        right.caption(f"{plain(way)}。")
    right.caption(plan_wording.comparison(effect))
    _take_work(scope, effect, work, venues)
    with st.grid(2, gap="medium", min_column_width=340):
        page_charts.show(
            scope_charts.plan(scope, signings),
            _ways(scope),
            session.stamp(scope),
            key="plan_ways",
        )
        with st.container():
            layers, view = plan_map.layers(scope, venues)
            page_maps.show("plan_map", layers, view, height=330)
            st.html(page_maps.legend_html(legends.plan_legend(venues)))
            _take_map(scope, venues)
    _split(scope, signings)
    st.markdown("**工作单**（按这个顺序做；公共收银点在前，再是离验证最近的）")
    page_tables.show(work, WORK_COLUMNS, "工作单", rows=8)
    st.caption(LIMITS)


def figures(scope: Scope) -> list[Figure]:
    """The three ways on paper, none where nothing is short."""
    chart = scope_charts.plan(scope)
    return [] if chart.frame.empty else [page_charts.on_paper(chart, _ways(scope))]


def _ways(scope: Scope) -> str:
    return f"{area_name(scope)}家数与新增达标场所，三种做法"


def _map(scope: Scope, venues: pd.DataFrame) -> Figure:
    return Figure(f"{area_name(scope)}计划里的场所", partial(plan_figure.sheet, venues=venues))


def _take_map(scope: Scope, venues: pd.DataFrame) -> None:
    stamp, figure = session.stamp(scope), _map(scope, venues)
    sheets = {"计划里的场所": (venues.assign(order=venues["number"]), PLAN_COLUMNS)}
    workbook = partial(page_downloads.workbook, sheets, stamp)
    page_pictures.control(figure, stamp, workbook, "plan_map")


def _endless(asked: str) -> bool:
    """Whether a number in the address is without end (inf, 1e400): Streamlit fails to read it."""
    try:
        return math.isinf(float(asked))
    except ValueError:
        return False


def _split(scope: Scope, signings: int) -> None:
    label = st.segmented_control(
        "这些家数落在哪里",
        list(plan_wording.SPLITS),
        default=next(iter(plan_wording.SPLITS)),
        key="split",
        required=True,
    )
    table = _divided(scope, signings, plan_wording.SPLITS[label])
    columns = [name for name in [*SPLIT_COLUMNS, "touched"] if name in table]
    page_tables.show(table, columns, f"按{label}", rows=8)


@remembered
def _divided(scope: Scope, signings: int, by: str) -> pd.DataFrame:
    """The effect split by a column of the venues, see `plan_wording.SPLITS`."""
    work = _planned(scope, signings).work
    return plan_wording.split(plans.outlook(scope), work, signings, by)


def _take_work(
    scope: Scope, effect: plans.Effect, work: pd.DataFrame, venues: pd.DataFrame
) -> None:
    """The work list to take away: as Excel, and on paper with its map."""
    area, stamp = area_name(scope), session.stamp(scope)
    used = min(effect.signings, effect.total)
    told = plan_wording.sentence(area, effect), plan_wording.comparison(effect), LIMITS
    title = f"{area}数字人民币补点工作单（{used:,} 家）"
    with st.container(horizontal=True):
        page_downloads.file(
            "下载工作单（Excel）",
            lambda: work_list.worklist(
                work_list.Paper(title, stamp, told), venues, work, plan_figure.png(venues, stamp)
            ),
            f"补点工作单_{area}_{used}家_{scope.as_of}.xlsx",
            disabled=work.empty,
        )
        page_print.button(
            f"补点工作单（{used:,} 家）",
            scope,
            {"工作单": (work, WORK_COLUMNS)},
            label="下载工作单（PDF）",
            sentence="".join(told),
            figures=[_map(scope, venues)],
        )
