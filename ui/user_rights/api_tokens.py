"""Tokens of the interface for programs: given out once, and taken back."""

import streamlit as st

from domain.visitors import Visitor
from presentation.labels import plain
from store import people
from store.errors import IntakeError
from store.ledger import Ledger
from ui import session
from ui.user_rights import enrolment

_SHORT = 8  # characters of a token's digest that tell it from the others


def known(ledger: Ledger) -> None:
    """Every token that was given out, and a way to take one back."""
    entries = people.tokens(ledger)
    if not entries:
        st.caption("还没有发过令牌。")
        return
    shown = {digest[:_SHORT]: entry for digest, entry in entries.items()}
    st.dataframe(enrolment.listed(shown, "令牌"), hide_index=True, alt="令牌")
    active = {digest[:_SHORT]: digest for digest, entry in entries.items() if entry.body["role"]}
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    short = left.selectbox("收回一个令牌", list(active), index=None, placeholder="请选择")
    shut = not short or session.nobody()
    if right.button("收回", icon=":material/key_off:", disabled=shut, width="stretch"):
        people.revoke(ledger, active[short or ""], session.visitor())
        st.rerun()


def form(ledger: Ledger) -> None:
    """Give out a token; it is shown once."""
    role, unit = enrolment.role_and_unit("token")
    name = st.text_input("给谁用", key="token_name", max_chars=40)
    nobody = session.nobody()
    if not st.button("发一个令牌", type="primary", icon=":material/key:", disabled=nobody):
        return
    try:
        token = people.issue(ledger, Visitor(name, role, unit), session.visitor())
    except IntakeError as error:
        st.warning(plain(str(error)) + "。", icon=":material/warning:")
        return
    st.success("令牌只显示这一次，请现在抄下：", icon=":material/key:")
    st.code(token, language=None)
