"""When the visitor was last here."""

from datetime import UTC, datetime

import streamlit as st

from store import snapshot_store
from store.visits import Visits
from ui import session

_KEY = "_last_visit"


def note() -> None:
    """Note that the visitor is here, on every run of the dashboard; nobody named is not noted."""
    who = session.visitor()
    st.session_state[_KEY] = None
    if who.name:
        visits = Visits(snapshot_store.default().path)
        st.session_state[_KEY] = visits.noted(f"{who.login}|{who.name}", datetime.now(UTC))


def moment() -> datetime | None:
    """When the visitor was here before this visit; None on the first, and where nobody is named."""
    found: datetime | None = st.session_state.get(_KEY)
    return found
