"""The card of a venue: its state, its denominator and sources, who owes what, what to do."""

import html

import pandas as pd
import streamlit as st

from presentation import labels, plan_wording, record_cards, venue_listings
from queries import attainment, plans, shop_records
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
    if pd.isna(row["needed"]):
        first = "：要先核定应覆盖数" if row["denominator"] == "unknown" else ""
        short = f"，还差多少未知{first}"
    else:
        short = "" if row["covered_verified"] else f'，<span class="short">还{needed} 家</span>'
    steps = plans.outlook(scope).steps
    todo = plan_wording.todo(steps[steps["venue_id"] == venue_id], row)
    facts = [
        f"{row['kind']} · {row['tier']} · 责任 {row['operator']} · {row['county']} {row['town']}",
        f"{state}：已验证 <b>{labels.count(row['verified'])}</b> / 应覆盖 "
        f"<b>{labels.count(row['adopted'])}</b>{short}",
        record_cards.requirement(row),
        html.escape(_sources(row)),
        f"最近一次巡检 {inspected}" if (inspected := _inspected(scope, venue_id)) else "",
        html.escape(todo),
    ]
    lines = "".join(f"<p>{line}</p>" for line in facts if line and line != "—")
    st.html(f'<div class="card"><h2>{html.escape(row["venue"])}</h2>{lines}</div>')


def _sources(row: pd.Series) -> str:
    """Where the denominator comes from, of a venue that counts shops."""
    if row["carrier"] != "区域型":
        return ""
    counts = zip(("名册", "名单", "采用"), venue_listings.DENOMINATOR, strict=True)
    told = "，".join(f"{name} {labels.count(row[column])}" for name, column in counts)
    note = row["denominator_note"]
    return f"应覆盖：{told}" + (f"。{note}" if isinstance(note, str) and note != "—" else "")


def _inspected(scope: Scope, venue_id: str) -> str:
    """The day on which a shop of the venue was inspected last; '' where none was."""
    last = shop_records.last_inspected(scope, venue_id)["day"].iloc[0]
    return "" if pd.isna(last) else str(last)[:10]
