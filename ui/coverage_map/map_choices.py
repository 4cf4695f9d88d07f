"""Places on the map: what can be chosen, and what a click chooses."""

import streamlit as st

from geo import boundaries
from presentation import labels
from queries import attainment
from queries.scope import BASES, CITY, Scope

ANY = "不限"


def basis_of(label: str) -> str:
    """The basis whose label is `label`."""
    return next(basis for basis, text in BASES.items() if text == label)


def towns_of(scope: Scope) -> dict[str, str]:
    """Names of the towns of the selected area to their codes; empty for the whole city."""
    if not scope.area_id:
        return {}
    frame = boundaries.towns()
    inside = (frame["county_code"] == scope.area_id) | (frame["zone_id"] == scope.area_id)
    return dict(zip(frame.loc[inside, "town"], frame.loc[inside, "town_code"], strict=True))


def venues_of(scope: Scope, town_code: str) -> dict[str, str]:
    """Venues of the selected area or town, as 名称（编号）, to their ids; empty for the city."""
    if not scope.area_id:
        return {}
    frame = labels.listed(attainment.venues(scope))
    if town_code:
        frame = frame[frame["town_code"] == town_code]
    choices = frame["name"] + "(" + frame["venue_id"] + ")"
    return dict(zip(choices, frame["venue_id"], strict=True))


def follow_click() -> None:
    """Select what was clicked on the map: area, then town, then venue."""
    drawing = (st.session_state.get("map") or {}).get("last_active_drawing") or {}
    clicked = drawing.get("properties", {})
    kind = clicked.get("kind")
    if kind == "area":
        st.session_state.update(area=clicked["name"], town=ANY, venue=ANY)
    elif kind == "town":
        st.session_state.update(area=clicked["area"], town=clicked["name"], venue=ANY)
    elif kind == "venue":
        st.session_state.update(area=clicked["area"], venue=clicked["name"])


def back() -> None:
    """One step back: from the venue to what was chosen before it, from the town to its area."""
    chosen = st.session_state
    if chosen["venue"] != ANY:
        chosen["venue"] = ANY
    elif chosen["town"] != ANY:
        chosen["town"] = ANY
    else:
        chosen["area"] = CITY
