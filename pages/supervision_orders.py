"""督办： who has to do what by when, and whether the data show it done."""

import streamlit as st

from domain import order_rules
from domain.order_rules import STATES, UNDONE, State
from presentation import order_listings
from queries import order_standing
from ui import frame, page_downloads, page_print, page_tables, pending_entries, session
from ui.supervision_orders import order_case, order_form, order_link

UNITS = "各单位"
PARTS: dict[str, tuple[State, ...]] = {order_link.LEFT: UNDONE} | {
    STATES[state]: (state,) for state in ("overdue", "relapsed", "done", "cancelled")
}

scope, who = session.in_force(session.scope()), session.visitor()
found = {order.number: (order, state) for order, state in order_standing.now(scope)}
rows = order_listings.standing(scope)
units = order_listings.units(rows)

first = st.container()  # of the page: what whoever comes for it reads before the rest
headline = order_listings.headline(rows)
st.header(headline, anchor=False)
st.caption(order_listings.lights_explained())
pending_entries.pending()
part = st.segmented_control(
    "看什么",
    [*PARTS, UNITS, *([order_link.ISSUE] if who.may("order") else [])],
    default=order_link.LEFT,
    key="order_part",
    bind="query-params",
    required=True,
    label_visibility="collapsed",
)
if part == order_link.ISSUE:
    with first if order_link.linked() else st.container():
        order_form.form(scope)
elif part == UNITS:
    page_tables.show(units, order_listings.UNITS, "各单位办理督办单的情况", rows=20)
else:
    with first:
        session.ask_person()
    shown = rows[rows["state"].isin(PARTS[part])].reset_index(drop=True)
    chosen = page_tables.pick(shown, order_listings.LIST, part, f"orders_{part}", rows=10)
    if chosen is not None:
        order_case.show(*found[shown["number"].iloc[chosen]])
    elif any(order_rules.concerns(who, found[number][0].task) for number in shown["number"]):
        st.caption("点一行，看督办单、经过和下一步。")
sheets: page_downloads.Sheets = {
    "督办单": (rows, order_listings.LIST),
    "各单位": (units, order_listings.UNITS),
}
page_downloads.tables("下载督办台账", sheets, f"督办_{scope.as_of}", session.stamp(scope))
page_print.at_top("督办", scope, sheets, sentence=headline)
frame.stamp(scope)
