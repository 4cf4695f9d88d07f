"""覆盖热力图： county, town, venue, named shops in one click path, on a map updated in place."""

import streamlit as st
from streamlit_folium import st_folium

from ui import atlas, frame, maps, places, session, tables

scope = session.scope()
top = st.columns([3, 2, 2, 2], gap="small", vertical_alignment="bottom")
layer = top[0].selectbox("图层", list(atlas.LAYERS), key="layer", bind="query-params")
basis = top[1].selectbox("口径", list(session.BASES.values()), key="basis", bind="query-params")
towns = places.towns_of(scope)
town = top[2].selectbox("乡镇街道", [places.ANY, *towns], key="town", bind="query-params")
venues = places.venues_of(scope, towns.get(town, ""))
venue = top[3].selectbox("特定区域", [places.ANY, *venues], key="venue", bind="query-params")

view = atlas.view(
    scope, atlas.LAYERS[layer], places.basis_of(basis), towns.get(town, ""), venues.get(venue, "")
)
left, right = st.columns([3, 1], gap="small")
with left:
    st_folium(
        maps.base(places.counties()),
        key="map",
        height=560,
        use_container_width=True,
        center=view.centre,
        zoom=view.zoom,
        feature_group_to_add=list(view.layers),
        returned_objects=["last_active_drawing"],
        on_change=places.follow_click,
    )
with right:
    st.button("返回上一级", on_click=places.back, disabled=not view.inside, icon=":material/undo:")
    for legend in view.legends:
        st.html(legend.to_html())
frame.stamp(scope, places.basis_of(basis))
atlas.downloads(scope, layer, places.basis_of(basis), view)

st.markdown(f"**{frame.plain(view.title)}**")
tables.show(view.names, view.columns, view.title)
