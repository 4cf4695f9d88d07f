"""全市总览： how far the city is from full coverage, who lags, what needs a decision."""

from dataclasses import replace

import streamlit as st

from domain import pace, reference
from presentation import labels, venue_listings
from queries import attainment
from queries.scope import BASES
from ui import frame, menu, page_charts, page_tables, session
from ui.coverage_map import map_choices
from ui.inflation_check import inflation_view
from ui.overview import corrections, overview_view

scope = session.scope()
whole = replace(scope, area_id="")
city = overview_view.of_city(scope)
due = pace.due_share(scope.as_of)

st.subheader(overview_view.headline(scope, city, due), anchor=False)
doubtful = inflation_view.doubtful(scope)
if doubtful:
    menu.link("inflation_check", doubtful, ":material/water_drop:")

with overview_view.cards():
    for basis, label in BASES.items():
        overview_view.share_card(f"达标率（{label}）", city, basis)
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
        f"{city['unknown']:,.0f} 个",
        border=True,
        height="stretch",
        help="不知道应覆盖多少家的场所。不当作零，也不算达标。",
    )

overview_view.count_cards(scope)
corrections.side_by_side(scope)

left, right = st.columns([3, 2], gap="medium")
with left:
    months = attainment.trend(scope)
    st.markdown("**各月达标率与应达线**")
    st.plotly_chart(
        page_charts.trend(
            months, [pace.due_share(day) for day in months["as_of"]], session.stamp(scope)
        ),
        config=page_charts.CONFIG,
        alt="各月达标率与应达线",
    )
    phase = pace.phase(scope.as_of)
    st.markdown("**方案阶段**" if phase is None else f"**方案阶段：{phase['phase']}**")
    st.plotly_chart(
        page_charts.phases(reference.table("phases"), scope.as_of, session.stamp(scope)),
        config=page_charts.CONFIG,
        alt="方案阶段与截止日",
    )
with right:
    st.markdown("**需要拿主意的事**")
    decisions = attainment.decisions(scope).assign(topic=lambda rows: rows["kind"])
    overview_view.decision_list(decisions)

st.markdown(f"**{map_choices.divisions()}一览**(点一行，看它的缺口清单)")
areas = venue_listings.areas(whole)
columns = ["area", "venues", "covered", "share", "delta", "unknown", "needed", "zero_kinds"]
chosen = page_tables.pick(areas, columns, f"{map_choices.divisions()}一览", "overview_areas")
if chosen is not None:
    overview_view.link_to_gaps(areas["area"].iloc[chosen])
st.markdown("**近一个月的变化**")
changes = venue_listings.changes(attainment.changes(scope))
change_columns = ["change", "venue", "kind", "county", "zone"]
page_tables.show(changes, change_columns, "近一个月的变化", rows=8)
page_tables.download(
    "下载以上各表",
    lambda: {
        "一览": labels.labelled(areas, columns),
        "近一个月的变化": labels.labelled(changes, change_columns),
        "需要拿主意的事": labels.labelled(decisions, ["topic", "subject", "figure", "why"]),
    },
    f"总览_{scope.as_of}",
    session.stamp(scope),
)

st.markdown("**钱包、交易与活跃**")
overview_view.indicator_chart(scope)
frame.stamp(scope)
