"""The right side of the front page for a county or zone: its rank, its way up, what it owes."""

import html

import pandas as pd
import streamlit as st

from domain import dispute_rules
from presentation import (
    dispute_listings,
    front_wording,
    labels,
    scope_charts,
    venue_listings,
)
from queries import attainment, dispute_standing
from queries.scope import Scope, area_name
from ui import menu, page_charts, page_tables, place_selection, session
from ui.overview import city_panel, decisions, venue_rows
from ui.place_selection import Place

MOST = 330  # pixels of the list of venues
OWED_COLUMNS = ["operator", "owed"]
SHORT_COLUMNS = ["venue_id", "venue", "kind", "town", "operator", "verified", "eligible", "needed",
                 "signings", "venues_closed"]  # fmt: skip


def show(scope: Scope, place: Place) -> None:
    """Draw the rank, why it is so, the shortest way up, what lapses soon, and the parts below."""
    city_panel.number(scope)
    st.html(f'<p class="fact rank">{html.escape(front_wording.rank(scope))}</p>')
    if why := front_wording.cause(scope):
        st.html(f'<p class="fact">{html.escape(why)}</p>')
    _way_up(scope)
    _lapsing(scope)
    _parts(scope, place)


def _way_up(scope: Scope) -> None:
    """The signings that take the area to the due line, and their work list to print."""
    units, text = front_wording.way(scope)
    if units:
        action = decisions.Action("看工作单", lambda: None, "gap_list", units)
        decisions.line("way", html.escape(text), action)
    elif text:
        st.html(f'<p class="fact">{html.escape(text)}</p>')


def _lapsing(scope: Scope) -> None:
    """What lapses soon unless somebody acts."""
    if text := front_wording.ending(scope):
        decisions.line("lapsing", text, decisions.Action("看名单", lambda: None, "lapsing"))


def _parts(scope: Scope, place: Place) -> None:
    unknown = venue_listings.unconfirmed(scope)
    disputes = _disputes(scope)
    names = {
        "way": "最省的补法",
        "confirm": f"应覆盖数待核 {len(unknown)}",
        "owed": "欠账银行",
        "year": "近一年",
        "disputes": f"质询 {len(disputes)}",
        "decide": "需要拿主意",
    }
    part = st.segmented_control(
        "看什么",
        list(names),
        format_func=names.__getitem__,
        default="way",
        key="area_part",
        required=True,
        label_visibility="collapsed",
    )
    if part == "way":
        _venues(scope, venue_listings.short(scope))
    elif part == "confirm":
        _venues(scope, unknown)
    elif part == "owed":
        page_tables.show(owed(scope), OWED_COLUMNS, "欠账银行", rows=9, null=labels.FEW)
        st.caption(front_wording.owed_note(scope))
    elif part == "year":
        _year(scope)
    elif part == "decide":
        decisions.show(scope)
    else:
        shown = dispute_listings.listed(disputes)
        page_tables.show(shown, dispute_listings.LIST, "质询", rows=8)
        menu.link("disputes", "去质询", ":material/gavel:")


def _venues(scope: Scope, frame: pd.DataFrame) -> None:
    """Venues as rows that light up on the map; choosing one goes down to it."""
    shown = labels.listed(frame)
    if shown.empty:
        st.html('<p class="fact">没有。</p>')
        return
    area = area_name(scope)
    venue_rows.show(
        "venues",
        "场所",
        shown.rename(columns={"venue": "name"}),
        lambda chosen: place_selection.go_to_venue(area, chosen),
        most=MOST,
    )
    others = len(frame) - len(shown)
    if others:
        st.caption(f"另有 {others:,} 个不在本单位范围，只计数，不列名。")


def owed(scope: Scope) -> pd.DataFrame:
    """Banks by the named shops that they owe."""
    missing = venue_listings.missing(attainment.missing(scope))
    return labels.few(venue_listings.owed_by_operator(missing), scope.sight, "owed")


def _year(scope: Scope) -> None:
    title = f"{area_name(scope)}近一年达标率与应达线"
    page_charts.show(scope_charts.trend(scope, 13), title, session.stamp(scope))


def _disputes(scope: Scope) -> pd.DataFrame:
    mine = dispute_rules.seen(session.visitor(), dispute_standing.now())
    rows = dispute_standing.rows(list(mine), scope.as_of)
    here = (rows["county_code"] == scope.area_id) | (rows["zone_id"] == scope.area_id)
    return rows[here]
