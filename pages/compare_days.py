"""变化对比： two days, or what was published and what is known: what moved, and why."""

from functools import partial

import streamlit as st

from presentation import comparison_listings, page_headlines
from presentation.labels import UNKNOWN, UNTOLD, divisions
from queries import coverage_comparison
from queries.scope import area_name
from reports.figures.map_figures import ground_of
from ui import (
    frame,
    page_downloads,
    page_maps,
    page_pictures,
    page_print,
    page_tables,
    session,
)
from ui.compare_days import change_view, day_choice
from ui.snapshot_picker import KNOWN, PUBLISHED

scope = session.scope()
chosen = day_choice.choose(scope)
if chosen is not None:
    then, now = chosen
    one_day = then.as_of == now.as_of and then.snapshot_id != now.snapshot_id
    names = (PUBLISHED, KNOWN) if one_day else (f"{then.as_of}", f"{now.as_of}")
    moves = coverage_comparison.moves(now, then)
    areas = comparison_listings.areas(coverage_comparison.areas(now, then))
    venues = comparison_listings.venues(moves)
    reasons = comparison_listings.by_reason(moves)

    headline = page_headlines.compare_days(then, now, moves)
    frame.headline(headline, "变化的原因")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        drawing = change_view.map_of(areas, now)
    with right:
        change_view.cards(then, now, names)
        st.html(page_maps.legend_html(drawing.legends[0]))
        st.markdown("**为什么**")
        lack = UNTOLD[coverage_comparison.untold_of(now, then)]
        page_tables.show(reasons, comparison_listings.BY_REASON, "为什么", rows=12, lack=lack)
        st.caption(
            "一个场所只归一个原因：变动的门店或环节最多的那个；一样多的，按口径说明里的先后。"
        )
    change_view.lists(venues, lack)
    st.markdown(f"**{divisions()}的进退**")
    page_tables.show(areas, comparison_listings.AREAS_SHOWN, f"{divisions()}的进退", null=UNKNOWN)
    st.caption("换了县区的场所，在原县区算掉下，在新县区算新达标。")
    sheets: page_downloads.Sheets = {
        **{
            title: (venues[venues["move"] == move], comparison_listings.VENUES)
            for move, title in change_view.SIDES.items()
        },
        "各县区进退": (areas, comparison_listings.AREAS),
        "为什么": (reasons, comparison_listings.BY_REASON),
    }
    name, stamp = f"变化对比_{area_name(now)}_{then.as_of}_{now.as_of}", session.stamp(now)
    page_downloads.tables("下载变化对比", sheets, name, stamp)
    title = f"{area_name(now)}达标率增减，{then.as_of} 至 {now.as_of}"
    figure = page_pictures.of_map(title, drawing, ground_of(now.area_id))
    with left:
        workbook = partial(page_downloads.workbook, sheets, stamp)
        page_pictures.control(figure, stamp, workbook, "change_map")
    page_print.at_top("变化对比", now, sheets, sentence=headline, figures=[figure])
frame.stamp(scope)
