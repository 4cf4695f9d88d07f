"""The button that opens 质询 with what is to be questioned filled in."""

import streamlit as st

from ui import menu

RAISE = "提出质询"
_ABOUT = "_dispute_about"


def button(kind: str, key: str, label: str = "质询") -> None:
    """A button that opens the form for record `key` of `kind` (`dispute_rules.KINDS`)."""
    pressed = st.button(
        label,
        key=f"dispute-{kind}-{key}",
        icon=":material/gavel:",
        help="认为这条记录不对，提出质询，由责任单位答复、办公室裁定。",
        on_click=lambda: st.session_state.update(
            {_ABOUT: (kind, key), "dispute_kind": kind, "dispute_part": RAISE}
        ),
    )
    if pressed:
        menu.go("disputes")


def asked() -> tuple[str, str] | None:
    """Kind and key of what a link asked to question; None where nobody came by one."""
    found: tuple[str, str] | None = st.session_state.get(_ABOUT)
    return found


def forget() -> None:
    """Go on to question something else."""
    st.session_state.pop(_ABOUT, None)
