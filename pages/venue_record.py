"""场所： one venue: its place and state, denominators, shops, clusters, history and disputes."""

from dataclasses import replace

import streamlit as st

from queries import record_history
from ui import frame, page_print, session
from ui.record_pages import record_address, venue_parts

scope = replace(session.scope(), tiers="all", area_id="", field_id="", operator_id="")
venue_id = st.query_params.get("venue_id", "")
versions = record_history.versions(scope, "venues", venue_id)
if versions.empty:
    record_address.nothing("场所")
else:
    venue_parts.head(versions)
    venue_parts.standing(scope, venue_id)
    sheets = {
        **venue_parts.shops(scope, venue_id),
        **venue_parts.denominators(scope, venue_id),
        **venue_parts.history(scope, venue_id),
    }
    page_print.at_top(str(versions["name"].iloc[-1] or venue_id), scope, sheets)
    record_address.copy(venue_id=venue_id)
    frame.stamp(scope)
