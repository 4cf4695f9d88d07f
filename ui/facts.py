"""Sentences and small tables of the pages, computed from the session's tables."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from domain import ranking, reference, rules, series
from ui import answers, charts, ranking_answers, session, tables
from ui.columns import COLUMNS
from ui.frame import plain

STATUS_LABELS = {"covered": "已达标", "near": "接近", "short": "缺口较大", "unknown": "分母未知"}
STATE_LABELS = {
    "target": "未签约",
    "contracted": "已签约",
    "opened": "已开通",
    "verified": "已验证",
    "active": "活跃",
    "suspended": "停用",
    "refused": "拒绝",
    "closed": "注销",
}
DECISIONS_SHOWN = 3  # of one kind; a leader reads the worst, the table has the rest
COMPONENTS = ["share_verified", "verified_share", "active_share", "graded_share"]
COMPONENT_WEIGHTS = {
    "share_verified": 60,
    "verified_share": 20,
    "active_share": 10,
    "graded_share": 10,
}


def percent(value: float | None) -> str:
    """`value` as a percentage with one decimal; 未知 where there is none."""
    return "未知" if value is None or pd.isna(value) else f"{value:.1%}"


def points(value: float | None, base: float | None) -> str | None:
    """`value` minus `base` in percentage points, signed; None where either is unknown."""
    if value is None or base is None or pd.isna(value) or pd.isna(base):
        return None
    return f"{(value - base) * 100:+.1f} 个百分点"


def of_city(scope: session.Scope) -> pd.Series:
    """The scope's attainment as a row."""
    return answers.city(scope).iloc[0]


def area_name(scope: session.Scope) -> str:
    """Name of the selected area; 全市 where none is selected."""
    return next(
        (name for name, code in session.areas_by_name().items() if code == scope.area_id),
        session.CITY,
    )


def headline(scope: session.Scope, city: pd.Series, due: float) -> str:
    """The one sentence a leader takes away."""
    if not city["venues"]:
        return f"截至 {scope.as_of}，选定范围内名录里还没有特定区域。"
    text = (
        f"截至 {scope.as_of}，{area_name(scope)}特定区域达标 "
        f"{city['covered_verified']:,.0f}/{city['venues']:,.0f} 个，"
        f"达标率 **{percent(city['share_verified'])}**，应达 {due:.1%}"
    )
    lag = due - city["share_verified"]
    text += f"，**落后 {lag * 100:.1f} 个百分点**。" if lag > 0 else "，已达到应达线。"
    board = ranking_answers.ranks(replace(scope, area_id=""), "county").dropna(subset=["rank"])
    board = board[~board["small"]]  # a rank of few venues is no headline
    if scope.area_id == "" and len(board):
        last = board.sort_values("share").iloc[0]
        text += f"县区中最低的是 **{last['area']}**（{percent(last['share'])}）。"
    return text


def share_card(label: str, city: pd.Series, basis: str) -> None:
    """A card with the share of covered venues in one basis."""
    st.metric(
        label,
        percent(city[f"share_{basis}"]),
        delta=f"{city[f'covered_{basis}']:,.0f} / {city['venues']:,.0f} 个场所",
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def cards() -> st.delta_generator.DeltaGenerator:
    """A row of cards that wraps on a narrow screen."""
    return st.grid(5, gap="small", min_column_width=150)


def count_cards(scope: session.Scope) -> None:
    """The three counts that published figures call 场景， kept apart."""
    counts = answers.counts(scope)
    with st.grid(3, gap="small", min_column_width=150):
        st.metric(
            "已上线场景类型",
            f"{counts['kinds']} / {len(reference.table('scenarios'))} 种",
            border=True,
        )
        st.metric("已上线场景实例", f"{counts['instances']:,} 个", border=True)
        st.metric("已开通受理门店", f"{counts['shops']:,} 家", border=True)


def indicator_chart(scope: session.Scope) -> None:
    """One monthly indicator, chosen by name, with its Excel."""
    known = reference.table("indicators")
    names = known["indicator"] + "（" + known["unit"] + "）"
    name = st.selectbox("指标", names, key="indicator", bind="query-params")
    chosen = known[names == name].iloc[0]
    months = answers.indicators(scope)
    mine = months[months["indicator_id"] == chosen["indicator_id"]]
    months = series.judged(mine, chosen["kind"])
    if months.empty:
        st.info(f"{area_name(scope)}还没有报送“{name}”。")
        return
    stamp = session.stamp(scope)
    st.plotly_chart(charts.monthly(months, chosen["unit"], stamp), config=charts.CONFIG, alt=name)
    table = months[["month", "value"]].set_axis(["月份", name], axis=1)
    title = f"{chosen['indicator']}_各月"
    tables.download("下载各月数值", lambda: {title: table}, title, stamp)


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


def area_table(scope: session.Scope) -> pd.DataFrame:
    """Counties and zones: covered, share, change since last month, what is missing."""
    now = answers.areas(scope)
    before = answers.areas(replace(scope, as_of=answers.month_before(scope.as_of)))
    frame = now.merge(
        before[["area_id", "share_verified"]], on="area_id", how="left", suffixes=("", "_before")
    )
    return frame.assign(
        covered=frame["covered_verified"],
        share=frame["share_verified"],
        delta=(frame["share_verified"] - frame["share_verified_before"]) * 100,
    ).sort_values(["area_kind", "area_id"], ignore_index=True)


def link_to_gaps(area: str) -> None:
    """A button that selects `area` and opens its gap list."""
    pressed = st.button(
        f"打开{area}的缺口清单",
        icon=":material/checklist:",
        on_click=lambda: st.session_state.update(area=area),
    )
    if pressed:
        st.switch_page("app_pages/gap_list.py")


def change_table(changes: pd.DataFrame) -> pd.DataFrame:
    """Venues newly covered or lapsed, with names for codes."""
    labels = {"covered": "新达标", "lapsed": "退出达标"}
    frame = tables.with_names(changes).rename(columns={"name": "venue"})
    return frame.assign(change=frame["change"].map(labels)).sort_values(
        ["change", "venue"], ignore_index=True
    )


def gap_headline(scope: session.Scope, plan: pd.DataFrame, unknown: pd.DataFrame) -> str:
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


def _ceiling(scope: session.Scope, plan: pd.DataFrame) -> str:
    """What the whole plan reaches, where that is less than the target."""
    city, goal = of_city(scope), rules.value("county_covered_share")
    if not city["venues"]:
        return ""
    best = (city["covered_verified"] + len(plan)) / city["venues"]
    if best >= goal:
        return ""
    return f"全部补完达标率是 **{best:.1%}**，仍不到 {goal:.0%}：要先核定分母未知的场所。"


def missing_table(missing: pd.DataFrame) -> pd.DataFrame:
    """Named missing shops with names for codes."""
    frame = tables.with_names(missing)
    return frame.assign(
        state_label=frame["state"].map(STATE_LABELS),
        cash_point=frame["public_cash_point"].map({True: "是", False: "否"}),
    )


def links_table(links: pd.DataFrame) -> pd.DataFrame:
    """Missing links with their names, and whether anybody has it on record."""
    frame = tables.with_names(links).rename(columns={"name": "venue"})
    return frame.assign(
        link=frame["scenario_id"].map(reference.labels("scenarios", "scenario_id", "scenario")),
        recorded_label=frame["recorded"].map({True: "有记录，未验证", False: "还没有"}),
    )


def unknown_venues(venues: pd.DataFrame) -> pd.DataFrame:
    """Venues of which nobody knows how many shops there are."""
    frame = venues[venues["status"] == "unknown"]
    return tables.with_names(frame).rename(columns={"name": "venue"})


def owed_by_operator(missing: pd.DataFrame) -> pd.DataFrame:
    """Operators by the named shops they still owe."""
    return missing["operator"].value_counts().rename_axis("operator").reset_index(name="owed")


def weight_sliders() -> dict[str, float]:
    """Sliders for the weights of the composite view."""
    names = {column: COLUMNS[column][0] for column in COMPONENTS}
    return {
        column: st.slider(names[column], 0, 100, COMPONENT_WEIGHTS[column], 5, key=f"w_{column}")
        for column in COMPONENTS
    }


def components(scope: session.Scope) -> pd.DataFrame:
    """The components of the composite, one row a county: shares from 0 to 1, NaN if unknown."""
    areas = answers.areas(scope)
    areas = areas[areas["area_kind"] == "county"]
    shops = answers.area_merchants(scope)
    frame = areas.merge(shops[["area_id", "verified_share", "active_share"]], "left", "area_id")
    return frame[["area_id", "area", *COMPONENTS]]


def composite_table(scope: session.Scope, weights: dict[str, float]) -> pd.DataFrame:
    """Composite scores under `weights`, with the components in sight."""
    parts = components(scope)
    frame = ranking.composite(parts.drop(columns="area"), weights).merge(parts, on="area_id")
    return frame.assign(
        rank_label=frame["rank"].astype("Int64").astype("string").fillna("未知")
    ).sort_values("rank", ignore_index=True)


def stability(scope: session.Scope) -> pd.DataFrame:
    """Share of all weightings under which each county holds each rank."""
    parts = components(scope)
    return ranking.stability(parts.drop(columns="area")).merge(
        parts[["area_id", "area"]], on="area_id"
    )
