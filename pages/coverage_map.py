"""覆盖热力图： layers of the whole city and their months, and the way down to named shops."""

import streamlit as st

from presentation import map_layers
from queries.scope import BASES
from ui import breadcrumb, session
from ui.coverage_map import timeline
from ui.disputes import dispute_link

scope, place = session.scope(), session.place()
with breadcrumb.row(scope, place):
    layer = st.selectbox(
        "图层",
        list(map_layers.CODES),
        key="layer",
        bind="query-params",
        label_visibility="collapsed",
        width=260,
    )
    basis = st.selectbox(
        "口径",
        list(BASES.values()),
        key="basis",
        bind="query-params",
        label_visibility="collapsed",
        width=140,
    )

chosen = next(code for code, label in BASES.items() if label == basis)
timeline.chart(timeline.Choice(scope, layer, chosen, place.town_code, place.venue_id))
if place.venue_id:
    dispute_link.row([("venue", place.venue_id), ("denominator", place.venue_id)])
