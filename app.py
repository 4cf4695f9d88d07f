"""The server: the dashboard's script as an ASGI application."""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).parent / "ui" / "dashboard.py")
