"""The search in the head of every page: a box, and what was found under it while one types."""

from datetime import date

import streamlit as st

from domain import owners, reference
from presentation import search_hits
from presentation.labels import plain
from queries import search
from queries.scope import CITY, Scope
from ui import menu, place_selection, session

_KEY, _CHOSEN = "search_text", "_search_chosen"
PAGES = {
    "county": "overview", "zone": "overview", "town": "overview", "bank": "gap_list",
    "venue": "venue_record", "shop": "shop_record",
}  # fmt: skip
"""The page that each kind of hit opens."""


def draw(scope: Scope) -> None:
    """A box to type in and, where something was typed, the hits: choosing one opens its page."""
    chosen = st.session_state.pop(_CHOSEN, None)
    if chosen is not None:
        kind, key = chosen
        menu.go(PAGES[kind], **({f"{kind}_id": key} if kind in ("venue", "shop") else {}))
    text = st.text_input(
        "搜索",
        key=_KEY,
        type="search",
        live="300ms",
        placeholder=search_hits.HINT,
        label_visibility="collapsed",
    )
    if not (text or "").strip():
        return
    if not search.ready(scope):
        st.caption(search_hits.NOT_READY)
        return
    hits = search_hits.told(search.search(scope, str(text)))
    if hits.empty:
        st.caption(search_hits.NOTHING)
        return
    with st.container(key="hits", border=True, gap=None):
        st.html(f'<div class="found">{search_hits.counted(hits)}</div>')
        for row in hits.to_dict("records"):
            about = plain("，".join(part for part in (row["kind_label"], row["about"]) if part))
            st.button(
                f"**{plain(row['name'])}**　:gray[{about}]",
                key=f"hit-{row['kind']}-{row['id']}",
                type="tertiary",
                on_click=_choose,
                args=(row["kind"], row["id"]),
            )


def _choose(kind: str, key: str) -> None:
    """Close the list, and select what was chosen where its page shows what is selected.

    A visitor of an area or a bank stays with the whole city where another one was chosen.
    """
    chosen, sight = st.session_state, session.visitor().sight
    chosen.update({_KEY: "", _CHOSEN: (kind, key)})
    if kind == "bank":
        mine = sight.role != "bank" or sight.unit == key
        chosen["operator"] = owners.names(date.today())[key] if mine else session.ALL
    elif kind in ("county", "zone", "town"):
        towns = {one["town_code"]: one for one in reference.records("towns")}
        area = towns[key]["county_code"] if kind == "town" else key
        mine = sight.role != "county" or sight.unit == area
        town = towns[key]["name"] if kind == "town" and mine else place_selection.ANY
        name = owners.names(date.today())[area] if mine else CITY
        chosen.update(area=name, town=town, venue=place_selection.ANY)
