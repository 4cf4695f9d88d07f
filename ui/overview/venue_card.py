"""The card of a venue: its state, its denominator and sources, who owes what, what to do."""

import html

import pandas as pd
import streamlit as st

from presentation import labels, venue_listings
from queries import attainment
from queries.scope import Scope


def owing(needed: float) -> str:
    """How much a venue lacks, in a word."""
    if pd.isna(needed):
        return "未知"
    return f"差 {needed:,.0f}" if needed else "已达标"


def show(scope: Scope, venue_id: str) -> None:
    """Draw the card of the venue."""
    venues = attainment.venues(scope)
    own = labels.with_names(venues[venues["venue_id"] == venue_id])
    own = venue_listings.with_denominators(own.rename(columns={"name": "venue"}), scope)
    row = own.iloc[0]
    state = labels.STATUS_LABELS[row["status"]]
    needed = owing(row["needed"])
    short = "" if row["covered_verified"] else f'，<span class="short">还{needed} 家</span>'
    if pd.isna(row["needed"]):
        short = "，还差多少未知：要先核定分母"
    missing = attainment.missing(scope)
    missing = missing[missing["venue_id"] == venue_id]
    todo = missing["action"].value_counts()
    steps = "，".join(f"{action} {count:,} 家" for action, count in todo.items())
    facts = [
        f"{row['kind']} · {row['tier']} · 责任 {row['operator']} · {row['county']} {row['town']}",
        f"{state}：已验证 <b>{labels.count(row['verified'])}</b> / 应覆盖 "
        f"<b>{labels.count(row['adopted'])}</b>{short}",
        html.escape(str(row["denominator_note"])),
        html.escape(f"要做：{steps}") if steps else "",
    ]
    lines = "".join(f"<p>{line}</p>" for line in facts if line and line != "—")
    st.html(f'<div class="card"><h2>{html.escape(row["venue"])}</h2>{lines}</div>')
