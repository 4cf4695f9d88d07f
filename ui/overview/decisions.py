"""What there is to decide: questions with their effect, each opening what would be done."""

import html

import streamlit as st

from presentation import front_wording
from queries import proposals
from queries.proposals import Proposal
from queries.scope import Scope
from ui import menu


def show(scope: Scope) -> None:
    """At most three questions, a line each, with what pressing them opens."""
    found = proposals.proposals(scope)
    st.html("<h3 class='asks'>需要拿主意</h3>")
    if not found:
        st.html('<p class="fact">眼下没有需要拿主意的事。</p>')
    for one in found:
        _line(scope, one)


def _line(scope: Scope, one: Proposal) -> None:
    words = front_wording.decision(one)
    with st.container(
        horizontal=True, border=True, vertical_alignment="center", key=f"ask-{one.sort}"
    ):
        st.html(
            f'<p class="fact">{html.escape(words.question)}<b>{html.escape(words.effect)}</b></p>'
        )
        pressed = st.button(
            words.action,
            key=f"open-{one.sort}",
            type="tertiary",
            icon=":material/chevron_right:",
            icon_position="right",
        )
        if pressed:
            menu.go("gap_list")
