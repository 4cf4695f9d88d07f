"""What the letter of an order says, as text on the page."""

import streamlit as st

from domain.order_rules import Task
from presentation import order_listings
from presentation.labels import plain
from reports.documents import order_letter
from ui import page_tables


def show(task: Task) -> None:
    """What the letter asks, and what it rests on."""
    asked(task)
    evidence(task)


def asked(task: Task) -> None:
    """Whom the letter asks what by when, and what ends it."""
    said = order_letter.asked(task)
    lines = [f"{label}：{plain(said[name])}" for name, label in order_letter.LINES.items()]
    st.markdown("  \n".join([plain(said["recipient"]), *lines]))


def evidence(task: Task) -> None:
    """The figures of the letter with their stamp."""
    page_tables.static(
        order_listings.figures(task).map(str).map(plain), order_listings.FIGURES, "数据依据"
    )
    st.caption(plain(task.stamp))
