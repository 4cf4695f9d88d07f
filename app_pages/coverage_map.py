"""覆盖热力图： county, town, venue, named shops in one click path, on a map updated in place."""

import streamlit as st

from reports.scope import BASES
from ui import atlas, places, session, timeline

scope = session.scope()
top = st.columns([3, 2, 2, 2], gap="small", vertical_alignment="bottom")
layer = top[0].selectbox("图层", list(atlas.LAYERS), key="layer", bind="query-params")
basis = top[1].selectbox("口径", list(BASES.values()), key="basis", bind="query-params")
towns = places.towns_of(scope)
town = top[2].selectbox("乡镇街道", [places.ANY, *towns], key="town", bind="query-params")
venues = places.venues_of(scope, towns.get(town, ""))
venue = top[3].selectbox("特定区域", [places.ANY, *venues], key="venue", bind="query-params")

timeline.chart(
    timeline.Choice(
        scope, layer, places.basis_of(basis), towns.get(town, ""), venues.get(venue, "")
    )
)
