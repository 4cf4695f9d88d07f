"""The way down from the city: 全市 › 县区 › 乡镇 › 场所 › 门店."""

import html
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from presentation.labels import plain
from queries.scope import CITY, Scope, area_name
from ui import menu, place_selection
from ui.place_selection import Place

Step = tuple[str, tuple[str, ...]]
"""A step back: its name, and the place that it selects, see `place_selection.go`."""


@contextmanager
def row(scope: Scope, place: Place) -> Iterator[None]:
    """The way from the city to what is shown, each step leading back; then what is added to it."""
    area = area_name(scope)
    steps: list[Step] = [(CITY, ())]
    if scope.area_id:
        steps.append((area, (area,)))
    if place.town_code:
        steps.append((place.town, (area, place.town)))
    if place.venue_id:
        steps.append((place.venue.rsplit("(", 1)[0], ()))
    *before, (here, _) = steps
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="crumbs"):
        _draw(before, here, hint="" if place.venue_id else "点图往下看")
        st.space("stretch")
        yield


def of_record(steps: Sequence[Step], here: str) -> None:
    """The way to a record on a page of its own, each step leading back to the front page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="crumbs"):
        _draw(steps, here, page="overview")


def _draw(steps: Sequence[Step], here: str, *, hint: str = "", page: str = "") -> None:
    for number, (name, target) in enumerate(steps):
        pressed = st.button(
            plain(name),
            key=f"crumb{number}",
            type="tertiary",
            on_click=place_selection.go,
            args=target,
        )
        if pressed and page:
            menu.go(page)
        st.html("<span aria-hidden='true'>›</span>", width="content")
    more = f"<span class='hint'>　›　{hint}</span>" if hint else ""
    st.html(f"<b aria-current='page'>{html.escape(here)}</b>{more}", width="content")
