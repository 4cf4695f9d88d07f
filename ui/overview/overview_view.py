"""Sentences and small tables of the pages, computed from the session's tables."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from domain import indicator_series, ranking, reference, rules
from presentation import labels
from presentation.columns import COLUMNS
from queries import attainment, board_standings, monthly_figures, shop_records
from queries.scope import Scope, area_name
from ui import menu, page_charts, page_tables, session
from ui.frame import plain

DECISIONS_SHOWN = 3  # of one kind; a leader reads the worst, the table has the rest
COMPONENTS = ["share_verified", "verified_share", "active_share", "graded_share"]
COMPONENT_WEIGHTS = {
    "share_verified": 60,
    "verified_share": 20,
    "active_share": 10,
    "graded_share": 10,
}


def of_city(scope: Scope) -> pd.Series:
    """The scope's attainment as a row."""
    return attainment.city(scope).iloc[0]


def headline(scope: Scope, city: pd.Series, due: float) -> str:
    """The one sentence a leader takes away."""
    if not city["venues"]:
        return f"截至 {scope.as_of}，选定范围内名录里还没有特定区域。"
    text = (
        f"截至 {scope.as_of}，{area_name(scope)}特定区域达标 "
        f"{city['covered_verified']:,.0f}/{city['venues']:,.0f} 个，"
        f"达标率 **{labels.percent(city['share_verified'])}**，应达 {labels.percent(due)}"
    )
    lag = due - city["share_verified"]
    text += f"，**落后 {lag * 100:.1f} 个百分点**。" if lag > 0 else "，已达到应达线。"
    board = board_standings.ranks(replace(scope, area_id=""), "county").dropna(subset=["rank"])
    board = board[~board["small"]]  # a rank of few venues is no headline
    if scope.area_id == "" and len(board):
        last = board.sort_values("share").iloc[0]
        text += f"县区中最低的是 **{last['area']}**（{labels.percent(last['share'])}）。"
    return text


def share_card(label: str, city: pd.Series, basis: str) -> None:
    """A card with the share of covered venues in one basis."""
    st.metric(
        label,
        labels.percent(city[f"share_{basis}"]),
        delta=f"{city[f'covered_{basis}']:,.0f} / {city['venues']:,.0f} 个场所",
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def cards() -> st.delta_generator.DeltaGenerator:
    """A row of cards that wraps on a narrow screen."""
    return st.grid(5, gap="small", min_column_width=150)


def count_cards(scope: Scope) -> None:
    """The three counts that published figures call 场景， kept apart."""
    counts = shop_records.counts(scope)
    with st.grid(3, gap="small", min_column_width=150):
        st.metric(
            "已上线场景类型",
            f"{counts['kinds']} / {len(reference.table('scenarios'))} 种",
            border=True,
        )
        st.metric("已上线场景实例", f"{counts['instances']:,} 个", border=True)
        st.metric("已开通受理门店", f"{counts['shops']:,} 家", border=True)


def indicator_chart(scope: Scope) -> None:
    """One monthly indicator, chosen by name, with its Excel."""
    known = reference.table("indicators")
    names = known["indicator"] + "（" + known["unit"] + "）"
    name = st.selectbox("指标", names, key="indicator", bind="query-params")
    chosen = known[names == name].iloc[0]
    months = monthly_figures.indicators(scope)
    mine = months[months["indicator_id"] == chosen["indicator_id"]]
    months = indicator_series.judged(mine, chosen["kind"])
    if months.empty:
        st.info(f"{area_name(scope)}还没有报送“{name}”。")
        return
    stamp = session.stamp(scope)
    st.plotly_chart(
        page_charts.monthly(months, chosen["unit"], stamp), config=page_charts.CONFIG, alt=name
    )
    table = months[["month", "value"]].set_axis(["月份", name], axis=1)
    title = f"{chosen['indicator']}_各月"
    page_tables.download("下载各月数值", lambda: {title: table}, title, stamp)


def decision_list(decisions: pd.DataFrame) -> None:
    """The facts that need a decision, one line each."""
    if decisions.empty:
        st.success("眼下没有需要拿主意的事。")
        return
    with st.container(border=True, height=560):
        for kind, rows in decisions.groupby("kind", sort=False):
            st.markdown(f"**{kind}**（{len(rows)} 项）")
            for row in rows.head(DECISIONS_SHOWN).itertuples():
                st.markdown(f"- {plain(row.subject)}：{row.figure}  \n  :gray[{row.why}]")
            if len(rows) > DECISIONS_SHOWN:
                st.caption(f"其余 {len(rows) - DECISIONS_SHOWN} 项见下面的一览表。")


def link_to_gaps(area: str) -> None:
    """A button that selects `area` and opens its gap list."""
    pressed = st.button(
        f"打开{area}的缺口清单",
        icon=":material/checklist:",
        on_click=lambda: st.session_state.update(area=area),
    )
    if pressed:
        menu.go("gap_list")


def gap_headline(scope: Scope, plan: pd.DataFrame, unknown: pd.DataFrame) -> str:
    """The sentence above the gap list."""
    if plan.empty:
        text = f"{area_name(scope)}：没有分母已知而未达标的场所"
    else:
        total = int(plan["signings"].iloc[-1])
        half = plan.iloc[max(len(plan) // 2 - 1, 0)]
        text = (
            f"{area_name(scope)}还有 **{len(plan)}** 个场所未达标，共差 **{total:,}** 家；"
            f"从差得最少的做起，再补 **{int(half['signings']):,}** 家，"
            f"就多一半（**{int(half['venues_closed'])}** 个）区域达标"
        )
    if len(unknown):
        text += f"；另有 **{len(unknown)}** 个场所分母未知"
    return text + "。" + _ceiling(scope, plan)


def _ceiling(scope: Scope, plan: pd.DataFrame) -> str:
    """What the whole plan reaches, where that is less than the target."""
    city, goal = of_city(scope), rules.number("county_covered_share")
    if not city["venues"]:
        return ""
    best = (city["covered_verified"] + len(plan)) / city["venues"]
    if best >= goal:
        return ""
    return (
        f"全部补完达标率是 **{labels.percent(best)}**，仍不到 {goal:.0%}：要先核定分母未知的场所。"
    )


def weight_sliders() -> dict[str, float]:
    """Sliders for the weights of the composite view."""
    names = {column: COLUMNS[column][0] for column in COMPONENTS}
    return {
        column: st.slider(names[column], 0, 100, COMPONENT_WEIGHTS[column], 5, key=f"w_{column}")
        for column in COMPONENTS
    }


def components(scope: Scope) -> pd.DataFrame:
    """The components of the composite, one row a county: shares from 0 to 1, NaN if unknown."""
    areas = attainment.areas(scope)
    areas = areas[areas["area_kind"] == "county"]
    shops = shop_records.area_merchants(scope)
    frame = areas.merge(shops[["area_id", "verified_share", "active_share"]], "left", "area_id")
    return frame[["area_id", "area", *COMPONENTS]]


def composite_table(scope: Scope, weights: dict[str, float]) -> pd.DataFrame:
    """Composite scores under `weights`, with the components in sight."""
    parts = components(scope)
    frame = ranking.composite(parts.drop(columns="area"), weights).merge(parts, on="area_id")
    return frame.assign(
        rank_label=frame["rank"].astype("Int64").astype("string").fillna("未知")
    ).sort_values("rank", ignore_index=True)


def stability(scope: Scope) -> pd.DataFrame:
    """Share of all weightings under which each county holds each rank."""
    parts = components(scope)
    return ranking.stability(parts.drop(columns="area")).merge(
        parts[["area_id", "area"]], on="area_id"
    )
