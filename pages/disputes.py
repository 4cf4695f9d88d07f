"""质询： what is questioned and by whom, what is to be answered and ruled, what was decided."""

from datetime import date

import streamlit as st

from domain import dispute_rules
from presentation import dispute_listings
from queries import dispute_standing
from ui import frame, page_downloads, page_print, page_tables, pending_entries, session
from ui.disputes import dispute_case, dispute_link, raise_form, ruling_effects

MINE, TO_ANSWER, TO_RULE, DECIDED, PARTIES = "我提出的", "待答复", "待裁定", "已办结", "各单位办理"
WAITING: dict[str, tuple[dispute_rules.Status, ...]] = {
    TO_ANSWER: ("open", "overdue"),
    TO_RULE: ("to_rule", "overdue"),
}
WAITING[DECIDED] = dispute_rules.ENDED

session.ask_person()
scope, who, today = session.in_force(session.scope()), session.visitor(), date.today()
every = dispute_standing.now()
found = {one.number: one for one in dispute_rules.seen(who, every)}
rows = dispute_listings.listed(dispute_standing.rows(list(found.values()), today))
parties = dispute_listings.parties(dispute_standing.rows(every, today))

headline = dispute_listings.headline(rows)
st.header(headline, anchor=False)
st.caption(dispute_listings.clock(today))
pending_entries.pending()
ruling_effects.part()
part = st.segmented_control(
    "看什么",
    [MINE, *WAITING, PARTIES, dispute_link.RAISE],
    default=TO_RULE if who.may("rule") else TO_ANSWER,
    key="dispute_part",
    bind="query-params",
    required=True,
    label_visibility="collapsed",
)
if part == dispute_link.RAISE:
    raise_form.form(pending_entries.at_work(scope))
elif part == PARTIES:
    page_tables.show(parties, dispute_listings.PARTIES, "各单位办理质询的情况", rows=20)
else:
    if part == MINE:
        mine = [dispute_rules.raised_by(who, found[number]) for number in rows["number"]]
        shown = rows[mine]
    else:
        shown = rows[rows["status"].isin(WAITING[part])]
    shown = shown.reset_index(drop=True)
    chosen = page_tables.pick(shown, dispute_listings.LIST, part, f"disputes_{part}", rows=10)
    if chosen is not None:
        dispute_case.show(scope, found[shown["number"].iloc[chosen]])
    elif len(shown):
        st.caption("点一行，看办理经过和下一步。")
sheets: page_downloads.Sheets = {
    "质询": (rows, dispute_listings.LIST),
    "各单位办理": (parties, dispute_listings.PARTIES),
}
page_downloads.tables("下载质询台账", sheets, f"质询_{today}", session.stamp(scope))
page_print.at_top("质询", scope, sheets, sentence=headline)
frame.stamp(scope)
