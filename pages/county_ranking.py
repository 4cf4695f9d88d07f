"""县区排名： boards with bounds, bands and reasons; progress, indicators, composite view."""

import html
from dataclasses import replace

import streamlit as st

from domain import reference
from presentation import front_wording
from queries.scope import area_name
from ui import frame, session
from ui.county_ranking import ranking_composite, ranking_indicators, ranking_view

selected = session.scope()
scope = replace(selected, area_id="")
attribution = st.segmented_control(
    "归属",
    ["管理归属", "属地"],
    default="管理归属",
    key="attribution",
    bind="query-params",
    required=True,
    help="管理归属：功能板块的场所算在板块头上；属地：算在所在县区头上。",
)
by_place = replace(scope, attribution="territory" if attribution == "属地" else "management")
every_bank = replace(scope, operator_id="")
places = {"county": "县区榜"} | ({} if attribution == "属地" else {"zone": "功能板块榜"})

views = ["县区、板块", "部门", "运营机构", "进步榜", "指标", "综合视角"]
areas, departments, banks, gains, indicators, composite = st.tabs(
    views, key="board", on_change="rerun", bind="query-params"
)
if areas.open:
    with areas:
        if selected.area_id:
            told = f"{area_name(selected)}：{front_wording.rank(selected)}"
            st.html(f'<p class="fact rank">{html.escape(told)}</p>')
        ranking_view.explain()
        boards = list(places.items())
        if selected.area_id in set(reference.table("zones")["zone_id"]):
            boards.reverse()  # the board of the chosen area comes first
        for kind, title in boards:
            ranking_view.board(by_place, kind, title, selected.area_id)
        frame.stamp(by_place)
if departments.open:
    with departments:
        ranking_view.explain()
        ranking_view.board(scope, "owner", "责任单位榜")
        frame.stamp(scope)
if banks.open:
    with banks:
        ranking_view.explain()
        st.caption(
            "场所按名录里的责任运营机构算；签约率、验证率、活跃率、沉睡率是该机构自己的受理点，不论在哪里。"
        )
        ranking_view.board(every_bank, "operator", "运营机构榜")
        frame.stamp(every_bank)
if gains.open:
    with gains:
        for kind, title in {**places, "owner": "责任单位榜", "operator": "运营机构榜"}.items():
            asked = {"owner": scope, "operator": every_bank}.get(kind, by_place)
            ranking_view.gains(asked, kind, f"{title.removesuffix('榜')}进步榜")
        frame.stamp(by_place)
if indicators.open:
    with indicators:
        ranking_indicators.draw(scope)
        frame.stamp(scope)
if composite.open:
    with composite:
        ranking_composite.draw(by_place)
        frame.stamp(by_place)
