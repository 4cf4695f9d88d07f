"""大屏 at `?view=screen`: no controls, pages that turn by themselves, Esc leads back.

All slides are sent once and turn in the browser's own time: the script runs again only where
another version has come into force.
"""

from pathlib import Path

import streamlit as st

from queries.scope import Scope
from ui import frame, session
from ui.wall_screen import wall_slides

ASKED = "screen"
LOOK = 300  # seconds between two looks for another version
STYLE = Path(__file__).parent / "wall.css"


def asked() -> bool:
    """Whether the address asks for the wall."""
    return st.query_params.get("view") == ASKED


def address(scope: Scope, area: str) -> str:
    """The address of the wall of the scope's area, called `area`."""
    return f"?view={ASKED}" + (f"&area={area}" if scope.area_id else "")


def show(scope: Scope) -> None:
    """Draw the wall of the city, or of the scope's area."""
    st.html(STYLE)
    st.html(wall_slides.wall(scope, session.stamp(scope)))
    st.button("退出大屏", key="leave-wall", shortcut="Esc", on_click=_leave)
    frame.fragment(_watch, run_every=LOOK)(session.current_id())


def _leave() -> None:
    st.query_params.pop("view", None)


def _watch(shown: str | None) -> None:
    """Draw again where another version is in force than the one that is `shown`."""
    if session.current_id() != shown:
        st.rerun()
