"""特定区域名录： venues that must be covered, their outlines, special cases, repeated shops."""

from dataclasses import replace

import streamlit as st

from presentation import labels, page_headlines, register_listings, venue_listings
from queries import untold
from ui import frame, page_downloads, page_print, page_tables, pending_entries, session
from ui.venue_register import register_outlines, register_pairs, register_view

OUTLINES, CASES, AGAIN = "画轮廓", "特殊情形", "重复门店"

session.ask_person()
scope = replace(session.scope(), tiers="all")  # the register is the whole register
entries = venue_listings.register(scope)
headline = page_headlines.venue_register(scope, entries)
st.header(headline, anchor=False)
pending_entries.pending()
parts = [register_view.LIST, OUTLINES, CASES, AGAIN]
if not session.may("decide"):
    parts = [register_view.LIST, CASES]
part = st.segmented_control(
    "看什么",
    parts,
    default=register_view.LIST,
    key="register_part",
    bind="query-params",
    required=True,
    label_visibility="collapsed",
)

st.caption("这一页总是列出全部层级，不随所选的“名录范围”。")
lack = labels.UNTOLD["venues"] if untold.coverage(scope) == "venues" else ""
if part == register_view.LIST:
    register_view.tier_cards(scope, entries)
    kinds = register_listings.by_kind(entries)
    with st.expander("各层级、类别"):
        page_tables.show(
            kinds,
            register_view.KIND_COLUMNS,
            "各层级、类别",
            rows=16,
            null=labels.UNKNOWN,
            lack=lack,
        )
    shown = register_view.filters(entries)
    st.markdown(f"**名录**（{'' if lack else f'{len(shown):,} 个；'}点一行，看它的门店和轮廓）")
    chosen = page_tables.pick(
        shown, register_listings.TABLE, "特定区域名录", "register_table", lack=lack
    )
    sheets: page_downloads.Sheets = {
        "特定区域名录": (shown, register_listings.TABLE),
        "各层级、类别": (kinds, register_view.KIND_COLUMNS),
    }
    page_downloads.tables("下载名录", sheets, f"特定区域名录_{scope.as_of}", session.stamp(scope))
    printed = {**sheets, "特定区域名录": (shown, register_listings.PRINTED)}
    page_print.at_top("特定区域名录", scope, printed, sentence=headline)
    if chosen is not None:
        register_view.venue(scope, shown.iloc[chosen])
elif part == OUTLINES:
    scope = pending_entries.at_work(scope)
    register_outlines.part(scope, venue_listings.register(scope))
elif part == CASES:
    found = register_view.cases(scope, entries)
    sheets = {title: (rows, register_listings.CASES[title][0]) for title, rows in found.items()}
    page_downloads.tables("下载特殊情形", sheets, f"特殊情形_{scope.as_of}", session.stamp(scope))
    page_print.at_top("特殊情形", scope, sheets, sentence=headline)
else:
    scope = pending_entries.at_work(scope)
    register_pairs.listed_again(scope, register_listings.names(scope))
    register_pairs.doubtful(scope)
    register_pairs.answered(scope)
frame.stamp(scope)
