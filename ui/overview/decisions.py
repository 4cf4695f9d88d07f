"""What there is to decide: questions with their effect, each opening what would be done."""

import html
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from domain.order_rules import UNDONE, Kind
from presentation import front_wording, labels
from queries import order_standing, proposals, untold
from queries.proposals import Proposal, Sort
from queries.scope import Scope
from ui import menu, place_selection, session
from ui.supervision_orders import order_link

_ORDERS: dict[Sort, Kind] = {"venue": "venue", "confirm": "confirm", "renew": "late"}


@dataclass(frozen=True)
class Action:
    """What pressing a line does: the button's label, what it selects, and the page it opens.

    `signings` is how many the page of the gaps plans.
    """

    label: str
    select: Callable[[], None]
    page: str = ""
    signings: int = 0


def show(scope: Scope) -> None:
    """At most three questions, a line each, with what pressing them opens."""
    found = proposals.proposals(scope)
    with st.container(key="asks", gap="xsmall"):
        st.html("<h2 class='asks'>需要拿主意</h2>")
        if not found:
            lack = labels.UNTOLD[untold.coverage(scope)]
            said = f"{lack}，有没有要拿主意的事，未知。" if lack else "眼下没有需要拿主意的事。"
            st.html(f'<p class="fact">{said}</p>')
        issued = _issued(scope) if found else {}
        for one in found:
            words = front_wording.decision(one)
            number = issued.get((_ORDERS.get(one.sort), one.subject_id), "")
            effect = f"已发 {number}" if number else words.effect
            text = f"{html.escape(words.question)}<b>{html.escape(effect)}</b>"
            line(one.sort, text, _followed() if number else _action(one, words.effect))


def _issued(scope: Scope) -> dict[tuple[str | None, str], str]:
    """The number of the order that is not done yet, by what it is about."""
    return {
        (order.task.subject.kind, order.task.subject.key): order.number
        for order, standing in order_standing.now(scope)
        if standing.state in UNDONE
    }


def _followed() -> Action:
    return Action(
        "看办理", lambda: st.session_state.update(order_part=order_link.LEFT), "supervision_orders"
    )


def _action(one: Proposal, effect: str) -> Action:
    if one.sort == "plan":
        return Action("工作单", lambda: None, "gap_list", one.units)
    if session.may("order"):
        promised = "" if one.sort == "renew" else effect  # of late lists the order says it itself
        about = order_link.About(_ORDERS[one.sort], one.subject_id, one.due, promised)
        return Action("督办单", lambda: order_link.fill(about), "supervision_orders")
    if one.sort == "confirm":
        return Action(f"看是哪 {one.units:,} 个", lambda: _confirm(one.subject))
    return Action("看名单", lambda: None, "lapsing" if one.sort == "renew" else "gap_list")


def _confirm(area: str) -> None:
    """Look at the area, and there at the venues whose denominator is to be confirmed."""
    place_selection.go(area)
    st.session_state["area_part"] = "confirm"


def line(key: str, text: str, action: Action) -> None:
    """A line (HTML) with a button that opens what is to be done about it."""
    with st.container(horizontal=True, border=True, vertical_alignment="center", key=f"ask-{key}"):
        st.html(f'<p class="fact">{text}</p>')
        pressed = st.button(
            action.label,
            key=f"open-{key}",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
            on_click=action.select,
        )
        if pressed and action.page:
            menu.go(action.page, **({"signings": str(action.signings)} if action.signings else {}))
