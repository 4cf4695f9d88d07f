"""门店： one shop: its bank, place and state, why it counts or not, history and disputes."""

from dataclasses import replace

import streamlit as st

from queries import record_history
from ui import frame, page_print, session
from ui.record_pages import record_address, shop_parts

scope = replace(session.scope(), tiers="all", area_id="", field_id="", operator_id="")
key = st.query_params.get("shop_id", "")
versions = record_history.versions(scope, "merchants", key)
if versions.empty:
    record_address.nothing("门店")
else:
    shop_parts.head(versions)
    shop_parts.standing(scope, key)
    sheets = shop_parts.history(scope, key)
    page_print.at_top(str(versions["name"].iloc[-1] or key), scope, sheets)
    record_address.copy(shop_id=key)
    frame.stamp(scope)
