"""The place that is looked at inside an area: town and venue, chosen by name or on the map."""

from dataclasses import dataclass

import streamlit as st

from geo import boundaries
from presentation import labels
from queries import attainment
from queries.scope import CITY, Scope, areas_by_name

ANY = "不限"
_SHOP = "_shop_asked_for"


@dataclass(frozen=True)
class Place:
    """A town and a venue by id, '' where none is chosen, with their names."""

    town_code: str = ""
    town: str = ""
    venue_id: str = ""
    venue: str = ""


def choose(scope: Scope) -> Place:
    """Ask for a town and a venue of the scope's area."""
    towns = towns_of(scope)
    town = st.selectbox("乡镇街道", [ANY, *towns], key="town", bind="query-params")
    venues = venues_of(scope, towns.get(town, ""))
    venue = st.selectbox("特定区域", [ANY, *venues], key="venue", bind="query-params")
    return Place(
        towns.get(town, ""),
        town if town in towns else "",
        venues.get(venue, ""),
        venue if venue in venues else "",
    )


def towns_of(scope: Scope) -> dict[str, str]:
    """Names of the towns of the selected area to their codes; empty for the whole city."""
    if not scope.area_id:
        return {}
    frame = boundaries.towns()
    inside = (frame["county_code"] == scope.area_id) | (frame["zone_id"] == scope.area_id)
    return dict(zip(frame.loc[inside, "town"], frame.loc[inside, "town_code"], strict=True))


def venues_of(scope: Scope, town_code: str) -> dict[str, str]:
    """Venues of the selected area or town, as 名称(编号), to their ids; empty for the city."""
    if not scope.area_id:
        return {}
    frame = labels.listed(attainment.venues(scope))
    if town_code:
        frame = frame[frame["town_code"] == town_code]
    choices = frame["name"] + "(" + frame["venue_id"] + ")"
    return dict(zip(choices, frame["venue_id"], strict=True))


def go(area: str = CITY, town: str = ANY, venue: str = ANY) -> None:
    """Look at a place from the next run on."""
    st.session_state.update(area=area, town=town, venue=venue)


def go_to_venue(area: str, venue: str, town: str = "") -> None:
    """Look at a venue; within its town where one is chosen already."""
    kept = st.session_state.get("town") or ANY
    st.session_state.update(area=area, town=town or kept, venue=venue)


def follow_click(key: str = "map") -> None:
    """Look at what was clicked on the map `key`: an area, then a town, then a venue."""
    drawing = (st.session_state.get(key) or {}).get("last_active_drawing") or {}
    clicked = drawing.get("properties", {})
    kind = clicked.get("kind")
    if kind == "area" and clicked["name"] in areas_by_name():
        go(clicked["name"])
    elif kind in ("area", "town"):
        go(clicked["area"], clicked["name"])
    elif kind == "venue":
        go_to_venue(clicked["area"], clicked["name"])
    elif kind == "shop":
        ask_for_shop(clicked["name"])


def ask_for_shop(merchant_key: str) -> None:
    """Have the page that is running open that of a shop, see `shop_asked_for`."""
    st.session_state[_SHOP] = merchant_key


def shop_asked_for() -> str | None:
    """The shop that was chosen on the map or in the list, once."""
    asked: str | None = st.session_state.pop(_SHOP, None)
    return asked
