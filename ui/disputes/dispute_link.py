"""Buttons that open 质询 with what is to be questioned filled in."""

from collections.abc import Iterable

import streamlit as st

from domain.dispute_rules import KINDS
from ui import menu

RAISE = "提出质询"
_ABOUT = "_dispute_about"


def row(subjects: Iterable[tuple[str, str]]) -> None:
    """A button for each record, kind and key, that opens the form which questions it."""
    with st.container(horizontal=True, width="content"):
        for kind, key in subjects:
            pressed = st.button(
                f"质询这个{KINDS[kind]}",
                key=f"dispute-{kind}-{key}",
                icon=":material/gavel:",
                help="认为不对的，提出质询：由责任单位答复，办公室裁定。",
                on_click=_about,
                args=(kind, key),
            )
            if pressed:
                menu.go("disputes")


def _about(kind: str, key: str) -> None:
    st.session_state.update({_ABOUT: (kind, key), "dispute_kind": kind, "dispute_part": RAISE})


def asked() -> tuple[str, str] | None:
    """Kind and key of what a link asked to question; None where nobody came by one."""
    found: tuple[str, str] | None = st.session_state.get(_ABOUT)
    return found


def forget() -> None:
    """Go on to question something else."""
    st.session_state.pop(_ABOUT, None)
