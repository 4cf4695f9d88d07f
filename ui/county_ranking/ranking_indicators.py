"""Indicators on the ranking page: one at a time, by county or by bank, breaks marked."""

import pandas as pd
import streamlit as st

from domain import reference
from presentation import charts, ranking_listings
from queries import monthly_figures
from queries.scope import Scope
from ui import page_charts, page_downloads, page_print, page_tables, session

_SIDES = {
    "按县区": ("county_code", ("counties", "county_code", "name"), "area", "全市（未分县区）"),
    "按运营机构": ("operator_id", ("operators", "operator_id", "operator"), "operator", "未分机构"),
}


def draw(scope: Scope) -> None:
    """One indicator by county or by bank, with the series of the chosen row."""
    known = reference.table("indicators")
    labels = known["indicator"] + "（" + known["unit"] + "）"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label: str = st.selectbox(
            "指标（一次看一个）", labels, key="measure", bind="query-params", width=320
        )
        side = st.segmented_control(
            "怎么分", list(_SIDES), default="按县区", key="side", bind="query-params", required=True
        )
    about = known[labels == label].iloc[0]
    by, naming, subject, nobody = _SIDES[side]
    if by != "county_code":
        scope = Scope(scope.snapshot_id, scope.as_of, field_id=scope.field_id)  # every bank
    months = monthly_figures.indicator(scope, about["indicator_id"], by)
    if months.empty:
        st.caption(f"还没有报送“{label}”。")
        return
    per_head = by == "county_code" and about["per_person"] == "1"
    frame = ranking_listings.indicator(months, reference.labels(*naming), nobody, per_head)
    frame = frame.assign(**{subject: frame["name"]})
    columns = ["rank_label", subject, "month", "quantity", *(["per_head"] if per_head else []),
               "growth", "yearly", "reports", "broken_on"]  # fmt: skip
    _explain(about, by, per_head)
    title = f"{about['indicator']}_{side}"
    key = f"series_{about['indicator_id']}_{by}_{scope.as_of}_{scope.operator_id}"
    chosen = frame.iloc[page_tables.pick(frame, columns, title, key) or 0]
    stamp = session.stamp(scope)
    st.markdown(f"**{chosen['name']}：{label}，各月**（点上表一行，换一条线）")
    one = months[months["area_id"] == chosen["area_id"]]
    shown = f"{chosen['name']}{label}，各月"
    figure = page_charts.show(
        charts.indicator(one, about["indicator"], about["unit"]), shown, stamp, key="series"
    )
    sheets = {title: (frame, columns)}
    with st.container(horizontal=True):
        page_downloads.tables("下载这个指标", sheets, title, stamp)
        page_print.button(title, scope, sheets, figures=[figure])


def _explain(about: pd.Series, by: str, per_head: bool) -> None:
    text = f"{about['indicator']}是{about['kind']}。消费、缴费、对公、发放各是各的，不相加。"
    if by == "county_code":
        text += _people() if per_head else "它与常住人口没有直接关系，不按人口折算，按总量排。"
    text += "虚线处口径有变或数据有误，增长率不跨它计算；合计的上报条数变了，也不算增长率。"
    st.caption(text)


def _people() -> str:
    counties = reference.table("counties")
    notes = "；".join(counties["name"] + "：" + counties["population_note"])
    return f"名次按每万人的数排，人口为 2020 年（{notes}）。"
