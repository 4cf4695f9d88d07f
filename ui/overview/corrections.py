"""The comparison of what was published of a past month with what is known of it today."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from domain.revision import REASONS, revision
from presentation import labels
from queries import attainment
from queries.scope import Scope
from store import snapshot_store
from ui import page_tables, session
from ui.overview import overview_view
from ui.snapshot_picker import KNOWN, PUBLISHED

COLUMNS = ["revised_label", "venue", "kind", "county", "zone"]


def published_then(scope: Scope) -> Scope | None:
    """The scope on the version last published with data up to the scope's month; None if none.

    The day is the scope's, or that version's own where it ends earlier. Demo and real versions are
    not compared with each other; nor is the version in force with itself.
    """
    current = session.current()
    for version in snapshot_store.default().snapshots():  # newest first
        own = session.last_day(version)
        same_month = (own.year, own.month) == (scope.as_of.year, scope.as_of.month)
        comparable = version["id"] != current["id"] and version["demo"] == current["demo"]
        if comparable and same_month:
            return replace(scope, snapshot_id=version["id"], as_of=min(scope.as_of, own))
    return None


def side_by_side(scope: Scope) -> None:
    """Both headline shares of a past day and why they differ; nothing where none was published."""
    latest = session.last_day(session.current())
    then = published_then(scope) if scope.as_of < latest else None
    if then is None:
        return
    now = replace(then, snapshot_id=session.current()["id"])
    moment = session.moment(session.manifest(then.snapshot_id))
    st.markdown(f"**{then.as_of} 这一天：当时（{moment[:10]}）公布的与今天所知的**")
    was, known = attainment.city(then).iloc[0], attainment.city(now).iloc[0]
    with st.grid(3, gap="small", min_column_width=150):
        overview_view.share_card(PUBLISHED, was, "verified")
        overview_view.share_card(KNOWN, known, "verified")
        difference = (known["share_verified"] - was["share_verified"]) * 100
        shown = "未知" if pd.isna(difference) else f"{difference:+.1f}"
        st.metric("相差（百分点）", shown, border=True, height="stretch")
    _why(then, now)


def _why(then: Scope, now: Scope) -> None:
    rows = revision(attainment.venues(then), attainment.venues(now))
    if rows.empty:
        st.caption("以后的文件没有改动这一天的达标情况。")
        return
    counts = rows["revised"].map(REASONS).value_counts(sort=False)
    reasons = "，".join(f"{reason} {count} 个" for reason, count in counts.items())
    with st.expander(f"以后的文件更正了这一天：{reasons}"):
        named = labels.with_names(rows).rename(columns={"name": "venue"})
        named = named.assign(revised_label=named["revised"].map(REASONS))
        page_tables.show(named, COLUMNS, "当时公布与今天所知的差别")
