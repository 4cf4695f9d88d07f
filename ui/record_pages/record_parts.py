"""What the pages of a venue and of a shop have in common: clusters, history, disputes."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from domain.dispute_rules import Dispute
from loaders import record_statements
from presentation import dispute_listings, progress_listings, record_timelines
from queries import dispute_standing, record_history
from queries.engine import remembered
from queries.scope import Scope
from store import snapshot_store
from ui import menu, page_tables
from ui.disputes import dispute_case
from ui.page_downloads import Sheets

_CLUSTERS = ["cluster_id", "cluster", "owner_names", "state_text"]
_DISPUTES = [name for name in dispute_listings.LIST if name != "dispute_subject"]


def clusters(scope: Scope, kind: str, key: str) -> None:
    """The clusters that the record, or shops of it, are in."""
    ids = record_history.clusters(scope, kind, key)
    if not ids:
        return
    every = progress_listings.clusters(scope)
    st.subheader("示范聚集区", anchor=False)
    page_tables.show(every[every["cluster_id"].isin(ids)], _CLUSTERS, "示范聚集区", rows=6)


@remembered
def told(snapshot_id: str, kind: str, key: str) -> pd.DataFrame:
    """What statements say of the record, see `record_statements.told`."""
    store = snapshot_store.default()
    return record_statements.told(store, store.snapshot(snapshot_id), kind, key)


def history(lines: pd.DataFrame) -> Sheets:
    """What happened to the record, the newest first; the table to print."""
    st.subheader("经过", anchor=False)
    columns = record_timelines.columns(lines)
    page_tables.show(lines, columns, "经过", rows=14)
    return {"经过": (lines, columns)}


def disputes(found: Sequence[Dispute]) -> None:
    """The disputes about the record with their proofs, and the way to their page."""
    st.subheader(f"质询（{len(found):,} 件）", anchor=False)
    if not found:
        st.caption("没有人对它提出过质询。")
        return
    rows = dispute_listings.listed(dispute_standing.rows(found, date.today()))
    page_tables.show(rows, _DISPUTES, "质询", rows=6)
    for dispute in found:
        dispute_case.proofs(dispute)
    menu.link("disputes", "到质询看办理经过", ":material/gavel:")
