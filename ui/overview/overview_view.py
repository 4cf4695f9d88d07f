"""Parts of 全市总览: cards, the list of decisions, the monthly indicators."""

import pandas as pd
import streamlit as st

from domain import indicator_series, pace, reference
from domain.typed_rows import cells
from presentation import labels, wording
from presentation.labels import plain
from queries import attainment, monthly_figures, shop_records
from queries.scope import BASES, Scope, area_name
from ui import menu, page_charts, page_downloads, session

DECISIONS_SHOWN = 3  # of one kind; a leader reads the worst, the table has the rest


def share_card(label: str, city: pd.Series, basis: str) -> None:
    """A card with the share of covered venues in one basis."""
    st.metric(
        label,
        labels.percent(city[f"share_{basis}"]),
        delta=f"{labels.count(city[f'covered_{basis}'])} / {labels.count(city['venues'])} 个场所",
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def headline_cards(city: pd.Series, due: float) -> None:
    """The share in the three bases, the due line, and the venues without a denominator."""
    with st.grid(5, gap="small", min_column_width=150):
        for basis, label in BASES.items():
            share_card(f"达标率（{label}）", city, basis)
        st.metric(
            "应达线",
            labels.percent(due),
            delta=labels.points(city["share_verified"], due),
            border=True,
            height="stretch",
            help="目标 × 已过去的时间份额；到期后停在目标值。三角是已验证口径与应达线之差。",
        )
        st.metric(
            "分母未知的场所",
            labels.count(city["unknown"], " 个"),
            border=True,
            height="stretch",
            help="不知道应覆盖多少家的场所。不当作零，也不算达标。",
        )


def count_cards(scope: Scope) -> None:
    """The three counts that published figures call 场景， kept apart."""
    counts = shop_records.counts(scope)
    with st.grid(3, gap="small", min_column_width=150):
        kinds = len(reference.table("scenarios"))
        st.metric("已上线场景类型", f"{labels.count(counts['kinds'])} / {kinds} 种", border=True)
        st.metric("已上线场景实例", labels.count(counts["instances"], " 个"), border=True)
        st.metric("已开通受理门店", labels.count(counts["shops"], " 家"), border=True)


def trend(scope: Scope) -> None:
    """The share by month since it is known, against the due line."""
    months = attainment.trend(scope)
    if months.empty:
        st.info(f"截至 {scope.as_of} 还没有报过名录，各月达标率未知。")
        return
    due = [pace.due_share(day) for day in months["as_of"]]
    page_charts.show(page_charts.trend(months, due, session.stamp(scope)), "各月达标率与应达线")
    note = wording.reaching_back(months)
    if note:
        st.caption(note)


def indicator_chart(scope: Scope) -> None:
    """One monthly indicator, chosen by name, with its Excel."""
    known = reference.table("indicators")
    names = known["indicator"] + "（" + known["unit"] + "）"
    name: str = st.selectbox("指标", names, key="indicator", bind="query-params")
    chosen = known[names == name].iloc[0]
    months = monthly_figures.indicators(scope)
    months = months[months["indicator_id"] == chosen["indicator_id"]]
    months = indicator_series.judged(months, chosen["kind"])
    if months.empty:
        st.info(f"{area_name(scope)}还没有报送“{name}”。")
        return
    stamp = session.stamp(scope)
    page_charts.show(page_charts.monthly(months, chosen["unit"], stamp), name)
    table = months[["month", "value"]].set_axis(["月份", name], axis=1)
    title = f"{chosen['indicator']}_各月"
    page_downloads.tables("下载各月数值", {title: table}, title, stamp)


def decision_list(decisions: pd.DataFrame) -> None:
    """The facts that need a decision, a line each, by kind."""
    if decisions.empty:
        st.success("眼下没有需要拿主意的事。")
        return
    with st.container(border=True, height=560):
        for kind, rows in decisions.groupby("kind", sort=False):
            st.markdown(f"**{kind}**（{len(rows)} 项）")
            first = rows.head(DECISIONS_SHOWN)
            for subject, figure, why in cells(first, "subject", "figure", "why"):
                st.markdown(f"- {plain(subject)}：{figure}  \n  :gray[{why}]")
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
