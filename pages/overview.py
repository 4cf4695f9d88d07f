"""全市总览： the share of covered venues, its trend, decisions to take, areas and changes."""

from dataclasses import replace

import streamlit as st

from domain import pace, reference
from presentation import dispute_listings, labels, page_headlines, venue_listings
from queries import attainment, dispute_standing
from ui import frame, menu, page_charts, page_downloads, page_tables, session
from ui.overview import overview_view

scope = session.scope()
whole = replace(scope, area_id="")
city = attainment.city(scope).iloc[0]
due = pace.due_share(scope.as_of)
stamp = session.stamp(scope)

st.subheader(page_headlines.overview(scope, city, due), anchor=False)
doubtful = page_headlines.doubtful(scope)
if doubtful:
    menu.link("inflation_check", doubtful, ":material/water_drop:")

disputes = dispute_standing.rows(dispute_standing.now(), scope.as_of)
if len(disputes):
    menu.link("disputes", dispute_listings.total(disputes), ":material/gavel:")

overview_view.headline_cards(city, due)
overview_view.count_cards(scope)

left, right = st.columns([3, 2], gap="medium")
with left:
    st.markdown("**各月达标率与应达线**")
    overview_view.trend(scope)
    phase = pace.phase(scope.as_of)
    st.markdown("**方案阶段**" if phase is None else f"**方案阶段：{phase['phase']}**")
    figure = page_charts.phases(reference.table("phases"), scope.as_of, stamp)
    page_charts.show(figure, "方案阶段与截止日")
with right:
    st.markdown("**需要拿主意的事**")
    decisions = attainment.decisions(scope).assign(topic=lambda rows: rows["kind"])
    overview_view.decision_list(decisions)

st.markdown(f"**{labels.divisions()}一览**(点一行，看它的缺口清单)")
areas = venue_listings.areas(whole)
columns = ["area", "venues", "covered", "share", "delta", "unknown", "needed", "zero_kinds"]
title = f"{labels.divisions()}一览"
chosen = page_tables.pick(areas, columns, title, "overview_areas", null=labels.UNKNOWN)
if chosen is not None:
    overview_view.link_to_gaps(areas["area"].iloc[chosen])
st.markdown("**近一个月的变化**")
changes = venue_listings.changes(attainment.changes(scope))
change_columns = ["change", "venue", "kind", "county", "zone"]
page_tables.show(changes, change_columns, "近一个月的变化", rows=8)
page_downloads.tables(
    "下载以上各表",
    {
        "一览": (areas, columns),
        "近一个月的变化": (changes, change_columns),
        "需要拿主意的事": (decisions, ["topic", "subject", "figure", "why"]),
    },
    f"总览_{scope.as_of}",
    stamp,
)

st.markdown("**钱包、交易与活跃**")
overview_view.indicator_chart(scope)
frame.stamp(scope)
