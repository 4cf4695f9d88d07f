"""A button on any page that opens 督办 with a new order filled in."""

from datetime import date
from typing import NamedTuple

import streamlit as st

from domain.order_rules import Kind
from ui import menu, session

LEFT, ISSUE = "未销号", "新督办单"
_ABOUT = "_order_about"


class About(NamedTuple):
    """What an order is to be about, and of a question that led to it the deadline and effect."""

    kind: Kind
    key: str
    due: date | None = None
    effect: str = ""


def button(kind: Kind, key: str) -> None:
    """Offer whoever may issue an order one about `key`, to be edited before it is issued."""
    if not session.may("order"):
        return
    pressed = st.button(
        "发督办单",
        key=f"order-{kind}-{key}",
        icon=":material/assignment_late:",
        help="事项、要求、期限先填好，改过再签发；数据显示办成了自动销号。",
        on_click=fill,
        args=(About(kind, key),),
    )
    if pressed:
        menu.go("supervision_orders")


def fill(about: About) -> None:
    """Have the page 督办 open with an order filled in."""
    st.session_state.update({_ABOUT: about, "order_kind": about.kind, "order_part": ISSUE})


def asked(kind: Kind) -> About | None:
    """What a link asked an order of `kind` about; None where nobody came by one."""
    found: About | None = st.session_state.get(_ABOUT)
    return found if found and found.kind == kind else None


def linked() -> bool:
    """Whether the form is about what a link asked for."""
    found: About | None = st.session_state.get(_ABOUT)
    return found is not None and found.kind == st.session_state.get("order_kind")


def forget() -> None:
    """Go on to order something else."""
    st.session_state.pop(_ABOUT, None)
