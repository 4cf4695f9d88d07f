"""The map over time: a slider by month, played on the map in place."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from presentation import map_layers
from presentation.labels import plain
from queries import attainment
from queries.engine import waiting
from queries.scope import Scope, area_name
from ui import frame, page_maps, page_tables, place_selection
from ui.coverage_map import map_page, screen_layers

STEP = 1.2  # seconds a frame is shown, long enough to read the legend's counts


@dataclass(frozen=True)
class Choice:
    """What the map is asked to show; `layer` is a name of `map_layers.CODES`."""

    scope: Scope
    layer: str
    basis: str
    town_code: str = ""
    venue_id: str = ""

    @property
    def months(self) -> tuple[date, ...]:
        """The months that can be played, the scope's day last; none inside a town or a venue."""
        days = attainment.month_ends(self.scope.snapshot_id, self.scope.as_of)
        layer = map_layers.LAYERS[map_layers.CODES[self.layer]]
        still = not layer.played or self.town_code or self.venue_id
        return () if still or len(days) == 1 else days

    def view_on(self, day: date) -> screen_layers.View:
        """The picture on `day`: the scope's own, or one of its months."""
        layer, scope = map_layers.CODES[self.layer], replace(self.scope, as_of=day)
        if day == self.scope.as_of:
            return map_page.view(scope, layer, self.basis, self.town_code, self.venue_id)
        return screen_layers.city_view(
            scope, layer, self.basis, map_layers.of_month_end(self.scope, day)
        )


def chart(choice: Choice) -> None:
    """The map with its legend, exports and names, on the scope's day or in the month chosen.

    Only this part of the page runs again for a frame, and only the layers on the constant base
    map change.
    """
    days = choice.months
    playing = bool(days) and st.session_state.get("_playing", False)
    st.session_state["_playing"] = playing
    run = frame.fragment(_frame, run_every=STEP if playing else None)
    run(choice, days, playing)


def _frame(choice: Choice, days: tuple[date, ...], playing: bool) -> None:
    """One frame; the whole page runs again where the map was clicked, or starts or stops."""
    state = st.session_state
    if state.pop("_left", False) or state.get("_playing", False) != playing:
        st.rerun()
    place = st.empty()  # for the spinner, so that it moves nothing on the page
    day = _chosen(choice.scope, days, playing) if days else choice.scope.as_of
    if day != choice.scope.as_of:
        waiting.set(lambda: place.spinner("正在计算各月…"))
    shown_on = replace(choice.scope, as_of=day)
    when = f"{day.year} 年 {day.month} 月" if day != choice.scope.as_of else f"截至 {day}"
    about = f"{area_name(choice.scope)}{map_page.label(choice.scope, choice.layer)}"
    title = f"{when} · {about}"
    st.header(title, anchor=False)
    view = choice.view_on(day)
    _draw(view)
    frame.stamp(shown_on, choice.basis)
    if playing:
        st.caption("播放中。暂停后可以下载这个月的地图和名单。")
        _go_on(days, day)
    else:
        map_page.downloads(title, shown_on, choice.basis, view)
        st.markdown(f"**{plain(view.title)}**")
        page_tables.show(view.names, view.columns, view.title)


def _draw(view: screen_layers.View) -> None:
    with st.container(key="wide-map"):
        page_maps.show(
            "map",
            list(view.layers),
            view.place,
            returned="last_active_drawing",
            on_change=_leaving(place_selection.follow_click),
        )
    for legend in view.drawing.legends:
        st.html(page_maps.legend_html(legend))


def _leaving(move: Callable[[], None]) -> Callable[[], None]:
    """`move`, which changes the selection, and with it the page around the frame."""

    def go() -> None:
        move()
        st.session_state["_left"] = True

    return go


def _chosen(scope: Scope, days: tuple[date, ...], playing: bool) -> date:
    """The month that the slider stands at: the next one while playing, the last at first."""
    state = st.session_state
    about = (scope.snapshot_id, scope.as_of)
    due = state.pop("_due", None) if playing else None
    if due is not None:
        state["frame"] = due
    if state.get("frame") not in days or state.get("_frames_of", about) != about:
        state["frame"] = days[-1]
    state["_frames_of"] = about
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if playing:
            st.button("暂停", on_click=_pause, key="pause", icon=":material/pause:")
        else:
            st.button(
                "播放", on_click=_play, args=(days,), key="play", icon=":material/play_arrow:"
            )
        return st.select_slider(
            "逐月回看（不改变所选的截止日）",
            days,
            key="frame",
            format_func=lambda day: f"{day:%Y-%m}",
            on_change=_pause,
        )


def _play(days: tuple[date, ...]) -> None:
    """Play on from the month shown, from the first if it is the last."""
    shown = st.session_state["frame"]
    st.session_state.update(_playing=True, _due=days[0] if shown == days[-1] else shown)


def _pause() -> None:
    st.session_state["_playing"] = False


def _go_on(days: tuple[date, ...], day: date) -> None:
    """What the next run shows; after the last month the map stands still."""
    if day == days[-1]:
        _pause()
        st.rerun()
    st.session_state["_due"] = days[days.index(day) + 1]
