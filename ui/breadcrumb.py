"""The way down from the city: 全市 › 县区 › 乡镇 › 场所."""

import html
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from queries.scope import CITY, Scope, area_name
from ui import place_selection
from ui.place_selection import Place


@contextmanager
def row(scope: Scope, place: Place) -> Iterator[None]:
    """The way from the city to what is shown, each step leading back; then what is added to it."""
    steps: list[tuple[str, tuple[str, ...]]] = [(CITY, ())]
    area = area_name(scope)
    if scope.area_id:
        steps.append((area, (area,)))
    if place.town_code:
        steps.append((place.town, (area, place.town)))
    if place.venue_id:
        steps.append((place.venue.rsplit("(", 1)[0], ()))
    *before, here = steps
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="crumbs"):
        for number, (name, target) in enumerate(before):
            st.button(
                name,
                key=f"crumb{number}",
                type="tertiary",
                on_click=place_selection.go,
                args=target,
            )
            st.html("<span aria-hidden='true'>›</span>", width="content")
        next_level = "" if place.venue_id else "　›　点图往下看"
        st.html(
            f"<b aria-current='page'>{html.escape(here[0])}</b>"
            f"<span class='hint'>{next_level}</span>",
            width="content",
        )
        st.space("stretch")
        yield
