"""One order: what it asks, what the data show, its letter, and its cancellation."""

import streamlit as st

from domain import order_rules
from domain.order_rules import Order, Standing
from loaders.decisions import order_decisions
from presentation import order_listings
from presentation.dispute_listings import party
from presentation.labels import plain
from reports.documents import brief_templates, order_letter
from store import snapshot_store
from ui import page_downloads, page_tables, pending_entries, session
from ui.supervision_orders import order_paper


def show(order: Order, state: Standing) -> None:
    """The order, its course so far, its letter as Word and PDF, and what may be done about it."""
    task = order.task
    st.subheader(f"{plain(order.number)}：{plain(party(task.role, task.unit))}", anchor=False)
    light = order_listings.lit(state.light, state.state)
    st.markdown(f"**{light}**　{plain(order_listings.told(order, state))}")
    order_paper.show(task)
    if task.until.venues:
        st.caption(plain(f"要核定的场所：{'、'.join(task.until.venues)}"))
    page_tables.static(order_listings.steps(order, state).map(plain), order_listings.STEPS, "经过")
    with st.container(horizontal=True):
        name = f"督办单_{order.number}"
        page_downloads.file(
            "督办单（Word）", lambda: _word(order), f"{name}.docx", key="order_word"
        )
        page_downloads.file(
            "督办单（PDF）", lambda: order_letter.pdf(order), f"{name}.pdf", key="order_pdf"
        )
    if state.state in order_rules.UNDONE and session.may("order"):
        _cancel(order)


def _word(order: Order) -> bytes:
    store = snapshot_store.default()
    return order_letter.word(order, brief_templates.in_force(store, order_letter.DOCUMENT))


def _cancel(order: Order) -> None:
    with (
        st.expander("撤销这份督办单"),
        st.form(pending_entries.form_key(f"cancel-{order.number}"), border=False),
    ):
        reason = st.text_area("撤销的理由", max_chars=200)
        if not st.form_submit_button("撤销", icon=":material/undo:"):
            return
        if pending_entries.may_save(pending_entries.missing({"请写撤销的理由": reason.strip()})):
            order_decisions.cancel(
                snapshot_store.default(), order.number, reason, session.visitor()
            )
            pending_entries.done(f"已撤销 {order.number}。")
