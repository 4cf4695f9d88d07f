"""The search in the head of every page: a box, and what was found under it while one types."""

import streamlit as st

from domain import reference
from presentation import search_hits
from presentation.labels import plain
from queries import search
from queries.scope import Scope
from ui import menu

_KEY = "search_text"
PAGES = {
    "county": "coverage_map", "zone": "coverage_map", "town": "coverage_map", "bank": "gap_list",
    "venue": "venue_record", "shop": "shop_record",
}  # fmt: skip
"""The page that each kind of hit opens."""


def draw(scope: Scope) -> None:
    """A box to type in and, where something was typed, the hits: choosing one opens its page."""
    text = st.text_input(
        "搜索",
        key=_KEY,
        type="search",
        live="300ms",
        max_chars=60,
        placeholder=search_hits.HINT,
        label_visibility="collapsed",
    )
    if not (text or "").strip():
        return
    with st.container(border=True, gap=None):
        if not search.ready(scope):
            st.caption(search_hits.NOT_READY)
            return
        hits = search_hits.told(search.search(scope, str(text)))
        if hits.empty:
            st.caption(search_hits.NOTHING)
        for row in hits.to_dict("records"):
            pressed = st.button(
                f"**{plain(row['name'])}**　{row['kind_label']}　:gray[{plain(row['about'])}]",
                key=f"hit-{row['kind']}-{row['id']}",
                type="tertiary",
                on_click=_choose,
                args=(row["kind"], row["id"]),
            )
            if pressed:
                menu.go(PAGES[row["kind"]], **_address(row["kind"], row["id"]))


def _address(kind: str, key: str) -> dict[str, str]:
    return {f"{kind}_id": key} if kind in ("venue", "shop") else {}


def _choose(kind: str, key: str) -> None:
    """Close the list, and select what was chosen where its page shows what is selected."""
    chosen = st.session_state
    chosen[_KEY] = ""
    if kind in ("county", "zone"):
        chosen.update(area=_name(kind, key), town="不限", venue="不限")
    elif kind == "town":
        (row,) = (one for one in reference.records("towns") if one["town_code"] == key)
        chosen.update(area=_name("county", row["county_code"]), town=row["name"], venue="不限")
    elif kind == "bank":
        chosen["operator"] = reference.labels("operators", "operator_id", "operator")[key]


def _name(kind: str, key: str) -> str:
    table, code = {"county": ("counties", "county_code"), "zone": ("zones", "zone_id")}[kind]
    return reference.labels(table, code, "name")[key]
