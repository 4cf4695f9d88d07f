"""A button on any page that opens 督办 with a new order filled in."""

import streamlit as st

from domain.order_rules import Kind
from ui import menu, session

ISSUE = "新督办单"
_ABOUT = "_order_about"


def button(kind: Kind, key: str) -> None:
    """Offer whoever may issue an order one about `key`, to be edited before it is issued."""
    if not session.may("order"):
        return
    pressed = st.button(
        "发督办单",
        key=f"order-{kind}-{key}",
        icon=":material/assignment_late:",
        help="事项、要求、期限先填好，改过再签发；数据显示办成了自动销号。",
        on_click=_about,
        args=(kind, key),
    )
    if pressed:
        menu.go("supervision_orders")


def _about(kind: Kind, key: str) -> None:
    st.session_state.update(
        {_ABOUT: (kind, key), "order_kind": kind, "order_part": ISSUE, f"order_about_{kind}": key}
    )
