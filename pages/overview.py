"""The front page: the map and its number, who lags, what to decide; of the city or an area."""

import streamlit as st

from ui import frame, session
from ui.overview import area_panel, city_panel, front_map, front_more, place_panel

scope, place = session.scope(), session.place()
left, right = st.columns([52, 48], gap="medium")
with left.container(gap="xsmall"):
    front_map.show(scope, place)
    frame.stamp(scope)
with right.container(gap="xsmall"):
    if place.venue_id:
        place_panel.venue(scope, place)
    elif place.town_code:
        place_panel.town(scope, place)
    elif scope.area_id:
        area_panel.show(scope, place)
    else:
        city_panel.show(scope)
if not place.town_code and not place.venue_id:
    front_more.show(scope)
