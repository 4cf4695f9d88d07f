"""The boards on the ranking page: headline, pictures, table, and why each rank is what it is."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from domain import coverage_gains, pace, rules
from presentation import board_charts, page_headlines, ranking_listings, venue_listings
from presentation.chart_spec import Chart
from presentation.labels import UNKNOWN, UNTOLD, plain
from queries import board_standings, untold
from queries.engine import remembered
from queries.scope import Scope
from ui import page_charts, page_downloads, page_print, page_tables, session
from ui.supervision_orders import order_link
from ui.venue_register import register_view

_BANK = ["contracted_share", "verified_share", "active_share", "sleeping_share"]


def _columns(kind: str, frame: pd.DataFrame) -> list[str]:
    subject = venue_listings.SUBJECTS.get(kind, "area")
    marked = ["caution"] if (frame["caution"] != "").any() else []
    own = _BANK if kind == "operator" else []
    return ["rank_label", subject, "share", "band_label", "covered", "venues", "unknown", "high",
            "rank_range", "confirm_names", *marked, "rank_last", "delta", *own,
            "graded_share"]  # fmt: skip


def _key(scope: Scope, name: str) -> str:
    """Key of a table's selection: it belongs to the rows of one scope and no other."""
    parts = (name, scope.as_of, scope.attribution, scope.field_id, scope.operator_id)
    return "_".join(str(part) for part in parts)


@remembered
def _chart(scope: Scope, kind: str, chosen: str) -> Chart:
    _, frame = ranking_listings.board(scope, kind)
    return board_charts.board({kind: frame}, pace.due_share(scope.as_of), chosen)


def board(scope: Scope, kind: str, title: str, chosen: str = "") -> None:
    """One board: a row that is clicked opens the reasons for its rank.

    The id of the area that is `chosen` in the selection, which stands out.
    """
    due, stamp = pace.due_share(scope.as_of), session.stamp(scope)
    ranks, frame = ranking_listings.board(scope, kind)
    columns = _columns(kind, frame)
    st.header(title, anchor=False)
    headline = page_headlines.county_ranking(ranks, due)
    st.markdown(headline)
    chart = _chart(scope, kind, chosen)
    shown = page_charts.show(chart, f"{title}：达标率与应达线", stamp, key=f"board_{kind}")
    ways = board_standings.ways(scope, kind)
    st.markdown("**名次是怎么来的**（点一行，看它的场所和门店）")
    key = _key(scope, f"why_{kind}")
    picked = page_tables.pick(frame, columns, title, key, null=UNKNOWN)
    if picked is not None:
        row = frame.iloc[picked]
        _why(scope, kind, row, ranks, ways[ways["area_id"] == row["area_id"]])
        if kind in ("county", "zone"):
            order_link.button("area", row["area_id"])
    unknown = ranking_listings.to_confirm(scope, kind)
    to_confirm = _confirm(scope, kind, title, unknown)
    moved = ranking_listings.ways_board(scope, kind)
    moved_columns = ["rank_label", venue_listings.SUBJECTS.get(kind, "area"), "next_more",
                     "next_units", "next_rivals", "due_more", "due_units", "target_more",
                     "target_units"]  # fmt: skip
    st.markdown("**怎样才能往前**（别的都不动时，最少要新增几个达标场所、补多少家）")
    lack = UNTOLD[untold.coverage(replace(scope, area_id=""))]
    page_tables.show(moved, moved_columns, f"{title}怎样往前", lack=lack)
    sheets: page_downloads.Sheets = {
        title: (frame, columns),
        "先核定应覆盖数": (unknown, to_confirm),
        "怎样往前": (moved, moved_columns),
    }
    with st.container(horizontal=True):
        page_downloads.tables(f"下载{title}", sheets, title, stamp)
        page_print.button(title, scope, sheets, sentence=headline, figures=[shown])


def _confirm(scope: Scope, kind: str, title: str, found: pd.DataFrame) -> list[str]:
    """The venues whose denominator to confirm, which narrows the ranks; the columns of the list."""
    subject = venue_listings.SUBJECTS.get(kind, "area")
    columns = [subject, "rank_range", "venue", "kind", *venue_listings.DENOMINATOR, "verified",
               "venue_id"]  # fmt: skip
    if found.empty:
        return columns
    st.markdown(
        f"**先核定应覆盖数**（核定这 {len(found)} 个场所的应覆盖商户数，可能的名次就会收窄；"
        "点一行，到名录里看）"
    )
    key = _key(scope, f"confirm_{kind}")
    chosen = page_tables.pick(found, columns, f"{title}先核定应覆盖数", key, rows=6)
    if chosen is not None:
        register_view.link_to_unknown(found.iloc[chosen])
    return columns


def _why(scope: Scope, kind: str, row: pd.Series, ranks: pd.DataFrame, ways: pd.DataFrame) -> None:
    """Numerator and denominator of one row, as named venues; a venue opens its shops."""
    due = pace.due_share(scope.as_of)
    members = board_standings.members(scope, kind, row["area_id"])
    with st.container(border=True):
        st.markdown(ranking_listings.why(row, ranks, ways, due))
        goals = ranking_listings.ways_of(ways, members, due)
        if len(goals):
            columns = ["goal_label", "more", "ties_at", "units", "first_names"]
            page_tables.show(goals, columns, f"{row['area']}怎样往前", rows=6)
        venues = ranking_listings.venues(scope, members)
        st.markdown(f"**{plain(row['area'])}的 {len(venues)} 个场所**（点一行，看它的门店）")
        columns = ["venue", "needed", "operator", "status_label", "kind", "verified", "required",
                   *venue_listings.DENOMINATOR, "grade", "denominator_note", "county",
                   "venue_id"]  # fmt: skip
        key = _key(scope, f"venues_{kind}_{row['area_id']}")
        chosen = page_tables.pick(venues, columns, f"{row['area']}的场所", key, rows=10)
        if chosen is not None:
            _shops(scope, venues.iloc[chosen])


def _shops(scope: Scope, venue: pd.Series) -> None:
    """The shops of one venue by name; of an institution, line or platform its links too."""
    st.markdown(f"**{plain(venue['venue'])}的门店**")
    if venue["links"]:
        missing = board_standings.missing_links(scope, venue["venue_id"])
        found = ranking_listings.links(venue["links"], missing)
        page_tables.show(found, ["link", "live_label"], "规定的环节", rows=6)
    found = ranking_listings.shops(
        board_standings.shops(scope, venue["venue_id"]), venue["carrier"]
    )
    columns = ["state_label", "operator", "name", "counted_label", "action", "address",
               "cash_point", "merchant_id"]  # fmt: skip
    page_tables.show(found, columns, f"{venue['venue']}的门店", rows=10)
    if not venue["links"] and venue["unnamed_missing"] > 0:
        st.caption(f"另有 {venue['unnamed_missing']:.0f} 家只有应覆盖数，没有名单。")


def explain() -> None:
    """What the bands, the possible ranks and the mark of few venues mean."""
    few = rules.count("small_board")
    st.caption(
        f"{ranking_listings.bands_explained()}有场所的都排名。应覆盖数待核的场所都按不达标排；"
        "“可能名次”是它们都不达标到都达标之间会排到的名次。"
        f"场所少于 {few} 个的标“{venue_listings.FEW}”：差一两个场所名次就会变。"
    )


def gains(scope: Scope, kind: str, title: str) -> None:
    """The board of progress of one kind."""
    stamp, since = session.stamp(scope), coverage_gains.since(scope.as_of)
    found = board_standings.gains(scope, kind)
    st.header(title, anchor=False)
    if found.empty:
        st.caption(f"{title}：没有两个日子都有名次的。")
        return
    headline = page_headlines.ranking_gains(found, since)
    st.markdown(headline)
    frame = ranking_listings.gains(found, kind)
    chart = board_charts.gains({kind: found}, since)
    shown = page_charts.show(chart, title, stamp, key=f"gains_{kind}")
    columns = ["rank_label", venue_listings.SUBJECTS.get(kind, "area"), "gain", "gain_low",
               "gain_high", "share_then", "share", "newly", "lapsed", "caution"]  # fmt: skip
    page_tables.show(frame, columns, title)
    sheets = {title: (frame, columns)}
    with st.container(horizontal=True):
        page_downloads.tables(f"下载{title}", sheets, title, stamp)
        page_print.button(title, scope, sheets, sentence=headline, figures=[shown])
