"""The boards on the ranking page: headline, pictures, table, and why each rank is what it is."""

import pandas as pd
import streamlit as st

from domain import coverage_gains, pace, rules
from presentation import page_headlines, ranking_listings, venue_listings
from presentation.labels import UNKNOWN, plain
from queries import board_standings
from queries.scope import Scope
from ui import page_charts, page_downloads, page_tables, session
from ui.county_ranking import ranking_charts

_CHART_WIDTH = 420  # pixels; two charts of less stand one above the other
_BANK = ["contracted_share", "verified_share", "active_share", "sleeping_share"]


def _columns(kind: str, frame: pd.DataFrame) -> list[str]:
    subject = venue_listings.SUBJECTS.get(kind, "area")
    marked = ["caution"] if (frame["caution"] != "").any() else []
    own = _BANK if kind == "operator" else []
    return ["rank_label", subject, "tier_label", "covered", "venues", "share", "low", "high",
            "rank_range", *marked, "rank_last", "delta", *own, "graded_share"]  # fmt: skip


def _key(scope: Scope, name: str) -> str:
    """Key of a table's selection: it belongs to the rows of one scope and no other."""
    parts = (name, scope.as_of, scope.attribution, scope.field_id, scope.operator_id)
    return "_".join(str(part) for part in parts)


def board(scope: Scope, kind: str, title: str) -> None:
    """One board: a row that is clicked opens the reasons for its rank."""
    due, stamp = pace.due_share(scope.as_of), session.stamp(scope)
    ranks = board_standings.ranks(scope, kind)
    if kind == "operator":
        ranks = ranks.merge(board_standings.own_shops(scope), on="area_id", how="left")
    frame = venue_listings.board(ranks, kind)
    columns = _columns(kind, frame)
    st.subheader(title, anchor=False)
    st.markdown(page_headlines.county_ranking(ranks, due))
    with_venues = frame[frame["venues"] > 0]
    with st.grid(2, gap="medium", min_column_width=_CHART_WIDTH):
        with st.container():
            st.markdown("**达标率与 95% 区间**")
            figure = ranking_charts.board(with_venues, due, stamp)
            page_charts.show(figure, title, key=f"board_{kind}")
        with st.container():
            st.markdown("**可能的名次**")
            figure = ranking_charts.rank_intervals(with_venues, stamp)
            page_charts.show(figure, "可能的名次", key=f"ranks_{kind}")
    ways = board_standings.ways(scope, kind)
    st.markdown("**名次是怎么来的**（点一行，看它的场所和门店）")
    key = _key(scope, f"why_{kind}")
    chosen = page_tables.pick(frame, columns, title, key, null=UNKNOWN)
    if chosen is not None:
        row = frame.iloc[chosen]
        _why(scope, kind, row, ranks, ways[ways["area_id"] == row["area_id"]])
    moved = ranking_listings.ways_board(ranks, ways, kind)
    moved_columns = ["rank_label", venue_listings.SUBJECTS.get(kind, "area"), "next_rivals",
                     "next_more", "next_units", "due_more", "due_units", "target_more",
                     "target_units"]  # fmt: skip
    st.markdown("**怎样才能往前**（别的都不动时，最少要新增几个达标场所、补多少家）")
    page_tables.show(moved, moved_columns, f"{title}怎样往前")
    page_downloads.tables(
        f"下载{title}", {title: (frame, columns), "怎样往前": (moved, moved_columns)}, title, stamp
    )


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
        venues = ranking_listings.venues(members)
        st.markdown(f"**{plain(row['area'])}的 {len(venues)} 个场所**（点一行，看它的门店）")
        columns = ["venue", "kind", "status_label", "verified", "required", "eligible", "needed",
                   "grade", "county", "operator", "venue_id"]  # fmt: skip
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
    columns = ["name", "counted_label", "state_label", "action", "operator", "address",
               "cash_point", "merchant_id"]  # fmt: skip
    page_tables.show(found, columns, f"{venue['venue']}的门店", rows=10)
    if not venue["links"] and venue["unnamed_missing"] > 0:
        st.caption(f"另有 {venue['unnamed_missing']:.0f} 家只有应覆盖数，没有名单。")


def explain() -> None:
    """What the intervals, tiers and the mark of few venues mean."""
    late, few = rules.number("late_share"), rules.count("small_board")
    st.caption(
        "分档：**已达标**＝达到基本全覆盖（T06）；**接近**＝未达标，但应达线在 95% 区间之内或以下；"
        f"**滞后**＝区间整个低于应达线；**预警**＝达标率不到应达线的 {late:.0%}。"
        f"场所少于 {few} 个的照排，标“{venue_listings.FEW}”："
        "差一两个场所名次就会变，标题句不引用它们的名次。"
    )


def gains(scope: Scope, kind: str, title: str) -> None:
    """The board of progress of one kind."""
    stamp, since = session.stamp(scope), coverage_gains.since(scope.as_of)
    found = board_standings.gains(scope, kind)
    st.subheader(title, anchor=False)
    if found.empty:
        st.info(f"{title}：没有两个日子都参加排名的。")
        return
    st.markdown(page_headlines.ranking_gains(found, since))
    frame = ranking_listings.gains(found, kind)
    page_charts.show(ranking_charts.gains(frame, stamp), title, key=f"gains_{kind}")
    columns = ["rank_label", venue_listings.SUBJECTS.get(kind, "area"), "gain", "gain_low",
               "gain_high", "share_then", "share", "newly", "lapsed", "caution"]  # fmt: skip
    page_tables.show(frame, columns, title)
    page_downloads.tables(f"下载{title}", {title: (frame, columns)}, title, stamp)


def gains_explained() -> None:
    """What the intervals of the board of progress mean."""
    st.caption(
        f"与 {rules.count('progress_months')} 个月前的达标率相减，单位是百分点；"
        "两天都参加排名的才上榜。区间是两个比例之差的 95% 区间"
        "（Newcombe 1998，威尔逊混合法，计入大部分场所是同一批），跨 0 的，进退可能只是波动。"
    )
