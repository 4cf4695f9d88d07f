"""What is new: versions, venues, disputes and statements, each in a list."""

import pandas as pd
import streamlit as st

from domain import dispute_rules
from loaders.kinds import KINDS
from presentation import comparison_listings, dispute_listings, news_wording
from queries import dispute_standing
from queries.news import News
from ui import menu, page_downloads, page_tables, session

_DISPUTES = ["number", "dispute_status", "dispute_subject", "dispute_reason", "against",
             "raised_on", "answer_due"]  # fmt: skip


def show(news: News) -> None:
    """The lists, and all of them as Excel."""
    venues = comparison_listings.venues(news.moves)
    sides = {
        title: venues[venues["move"] == move]
        for move, title in (("in", "新达标的场所"), ("out", "掉下的场所"))
    }
    sheets: dict[str, tuple[pd.DataFrame, list[str]]] = {
        title: (rows, comparison_listings.VENUES) for title, rows in sides.items()
    }
    for title, rows in sides.items():
        if len(rows):
            st.markdown(f"**{title}**（{len(rows)} 个）")
            page_tables.show(rows, comparison_listings.VENUES, title, rows=6)
    if news.then is not None:
        menu.link("compare_days", "任选两天再比", ":material/compare_arrows:")
    for title, found in (("新提出的质询", news.raised), ("裁定了的质询", news.ruled)):
        seen = dispute_rules.seen(session.visitor(), found)
        rows = dispute_listings.listed(dispute_standing.rows(seen, news.now.as_of))
        if len(found):
            st.markdown(f"**{title}**（{len(found)} 件）")
            page_tables.show(rows, _DISPUTES, title, rows=6)
            sheets[title] = (rows, _DISPUTES)
    statements = news.statements.assign(
        sender=news.statements["sender"].fillna("未注明"),
        news_about=[KINDS[kind].label for kind in news.statements["kind"]],
        news_at=[f"{day}" for day in news.statements["as_at"]],
        news_what=news.statements["became"].map(news_wording.BECAME),
    )
    if len(statements):
        st.markdown(f"**新到、撤回和不再采用的报送**（{len(statements)} 份）")
        page_tables.show(statements, news_wording.STATEMENTS, "新到、撤回和不再采用的报送", rows=8)
    sheets["报送"] = (statements, news_wording.STATEMENTS)
    versions = news_wording.versions(news)
    if len(versions):
        st.markdown("**公布的数据版本**")
        st.table(versions, hide_index=True, alt="公布的数据版本")
    name = f"新情况_{news.since.astimezone():%Y-%m-%d}以后"
    page_downloads.tables("下载新情况", sheets, name, session.stamp(news.now))
