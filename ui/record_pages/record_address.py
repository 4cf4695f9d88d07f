"""The addresses of records: the trail of places above one, links to one, and what to copy."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import pandas as pd
import streamlit as st

from queries.scope import CITY
from ui import breadcrumb, menu, session
from ui.breadcrumb import Step


def nothing(noun: str) -> None:
    """What is said of a record that there is not, and of one that the visitor may not see."""
    st.info(f"没有这个{noun}，或者它不归本单位查看。可以在上面搜索名称或编号。")


def trail(row: dict[Any, Any], name: str) -> None:
    """全市 › county › town as links to the front page, and the `name` of where one is.

    `row` has county and town, with their codes.
    """
    steps: list[Step] = [(CITY, ())]
    sight = session.visitor().sight
    others = sight.role == "county" and sight.unit not in (row["county_code"], row["zone_id"])
    if pd.notna(row["county_code"]) and not others and sight.unit != row["zone_id"]:
        steps.append((row["county"], (row["county"],)))
        if pd.notna(row["town_code"]):
            steps.append((row["town"], (row["county"], row["town"])))
    breadcrumb.of_record(steps, name)


def links(records: Iterable[tuple[str, str, str]]) -> None:
    """A link for each record: its page, the id that the page takes, and what to call it."""
    with st.container(horizontal=True, width="content"):
        for stem, key, label in records:
            if st.button(label, key=f"{stem}-{key}", icon=":material/open_in_new:"):
                menu.go(stem, **{f"{stem.removesuffix('_record')}_id": key})


def copy(**query: str) -> None:
    """The address of this page, to copy."""
    here = urlsplit(st.context.url or "")
    asked = urlencode(query, safe="/", quote_via=quote)  # the number of a shop as people know it
    address = urlunsplit((here.scheme, here.netloc, here.path, asked, ""))
    st.markdown("**本页网址**")
    st.code(address, language=None, wrap_lines=True)
