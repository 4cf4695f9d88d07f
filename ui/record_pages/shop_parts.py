"""Parts of the page of a shop."""

import pandas as pd
import streamlit as st

from presentation import labels, record_cards, record_timelines, register_listings
from presentation.labels import plain
from queries import record_history
from queries.scope import Scope
from ui import session
from ui.disputes import dispute_link
from ui.page_downloads import Sheets
from ui.record_pages import record_address, record_parts


def head(versions: pd.DataFrame) -> None:
    """The name of the shop as it is now, its bank, and the trail of places above it."""
    (row,) = labels.with_names(versions.iloc[[-1]]).to_dict("records")
    name = str(row["name"] or row["merchant_key"])
    record_address.trail(row, name)
    st.header(plain(name), anchor=False)
    st.caption(plain(f"{row['operator']}　编号 {row['merchant_id']}"))


def standing(scope: Scope, key: str) -> None:
    """How the shop stands on the day and why it counts or not, and what leads on from it."""
    found = record_history.shop_on(scope, key)
    if found.empty:
        st.info(f"{scope.as_of} 这一天，还没有这条记录。")
        return
    (row,) = found.to_dict("records")
    until = record_history.verified_until(scope, key)
    st.markdown(f"**{plain(record_cards.shop_sentence(row, until))}**")
    venue_id = row["venue_id"]
    venue = register_listings.names(scope).get(venue_id, "") if pd.notna(venue_id) else ""
    events = record_history.events(scope, key)
    events = events[pd.to_datetime(events["day"]) <= pd.Timestamp(scope.as_of)]
    card = record_cards.shop_card(row, venue, events)
    st.table({name: plain(text) for name, text in card.items()}, border="horizontal")
    if pd.notna(venue_id) and record_history.seen(scope, "venues", venue_id):
        record_address.links([("venue_record", venue_id, f"打开场所：{plain(venue)}")])
    dispute_link.row([("shop", key)])


def history(scope: Scope, key: str) -> Sheets:
    """What happened to the shop with the statements that told it, clusters and disputes.

    The tables to print.
    """
    disputes = record_history.disputes(scope, "merchants", key, session.visitor())
    record_parts.clusters(scope, "merchants", key)
    told = record_parts.told(scope.snapshot_id, "merchants", key)
    sheets = record_parts.history(record_timelines.shop(scope, key, told, disputes))
    record_parts.disputes(disputes)
    return sheets
