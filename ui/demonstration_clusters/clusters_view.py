"""Cards by state, and one cluster in detail: gates, course by month, shops."""

import pandas as pd
import streamlit as st

from domain.clusters import STATES
from presentation import charts, cluster_listings, labels
from presentation.labels import plain
from queries import commitments
from queries.scope import Scope
from ui import page_charts, page_downloads, page_tables, session
from ui.disputes import dispute_link

_CLICKED = "_cluster_clicked"


def cards(rows: pd.DataFrame, *, known: bool) -> None:
    """How many clusters are in each state, where a ledger of them is `known`."""
    about = {
        "declared": "已申报，还没有方案或挂牌。",
        "building": "有方案或已挂牌，受理点、受理率、活跃率还没有都达到。",
        "reached": "受理点、受理率、活跃率都达到。",
        "mature": "各道门槛都过了。",
        "kept": "成熟并又保持了三个月以上。",
        "returned": "达到过又掉下来，或已撤销。",
    }
    with st.grid(6, gap="small", min_column_width=120):
        for state, label in STATES.items():
            count = int((rows["state"] == state).sum()) if known else None
            st.metric(label, labels.count(count, " 个"), border=True, help=about[state])


def chosen(rows: pd.DataFrame, picked: int | None) -> pd.Series | None:
    """The chosen cluster: the row picked in the table, else the one last clicked on the map."""
    if picked is not None:
        st.session_state.pop(_CLICKED, None)
        return rows.iloc[picked]
    clicked = rows[rows["cluster_id"] == st.session_state.get(_CLICKED)]
    return clicked.iloc[0] if len(clicked) else None


def follow(clicked: str | None, picked: int | None) -> None:
    """Go to the cluster that was clicked on the map, unless a row of the table is picked."""
    if clicked and picked is None and st.session_state.get(_CLICKED) != clicked:
        st.session_state[_CLICKED] = clicked
        st.rerun()


def detail(scope: Scope, row: pd.Series) -> None:
    """One cluster: every gate with its figure, its course and its shops by name."""
    st.subheader(f"{plain(row['cluster'])}：{STATES[row['state']]}", anchor=False)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.markdown("**七道门槛**")
        st.table(cluster_listings.gates(row), hide_index=True, alt="七道门槛")
        if row["place"] != row["cluster_id"]:
            st.caption(f"与 {plain(row['place'])} 是同一处，全市去重时只算一个。")
        dispute_link.row([("cluster", row["cluster_id"])])
    with right:
        history = commitments.cluster_history(scope.snapshot_id, scope.as_of)
        months = history[history["cluster_id"] == row["cluster_id"]]
        st.markdown("**各月受理率和活跃率**")
        title = f"{row['cluster']}各月受理率和活跃率"
        page_charts.show(
            charts.cluster_course(months), title, session.stamp(scope), key="cluster_course"
        )
    shops = cluster_listings.shops(scope, row["cluster_id"])
    title = f"{row['cluster']}的受理点（未验证在前）"
    st.markdown(f"**{plain(title)}**")
    page_tables.show(shops, cluster_listings.SHOPS, "聚集区的受理点")
    page_downloads.tables(
        "下载受理点名单",
        {"受理点": (shops, cluster_listings.SHOPS)},
        f"{row['cluster_id']}_受理点_{scope.as_of}",
        session.stamp(scope),
    )
