"""The server: the dashboard's script as an ASGI application, and its work behind the pages."""

from pathlib import Path

import streamlit as st

from ui.warming import lifespan

app = st.App(Path(__file__).parent / "ui" / "dashboard.py", lifespan=lifespan)
