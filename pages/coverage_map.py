"""覆盖热力图： county, town, venue, named shops in one click path, on a map updated in place."""

import streamlit as st

from presentation import map_layers
from queries.scope import BASES
from ui import session
from ui.coverage_map import map_choices, timeline
from ui.disputes import dispute_link

scope = session.scope()
top = st.columns([3, 2, 2, 2], gap="small", vertical_alignment="bottom")
layer = top[0].selectbox("图层", list(map_layers.CODES), key="layer", bind="query-params")
basis = top[1].selectbox("口径", list(BASES.values()), key="basis", bind="query-params")
towns = map_choices.towns_of(scope)
town = top[2].selectbox("乡镇街道", [map_choices.ANY, *towns], key="town", bind="query-params")
venues = map_choices.venues_of(scope, towns.get(town, ""))
venue = top[3].selectbox("特定区域", [map_choices.ANY, *venues], key="venue", bind="query-params")

timeline.chart(
    timeline.Choice(
        scope, layer, map_choices.basis_of(basis), towns.get(town, ""), venues.get(venue, "")
    )
)
if venues.get(venue):
    dispute_link.row([("venue", venues[venue]), ("denominator", venues[venue])])
