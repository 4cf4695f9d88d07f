"""The parts of 口径说明: links to them, and the search in their tables."""

import pandas as pd
import streamlit as st

from presentation.labels import plain

PARTS = {
    "code": "查证代码",
    "files": "核对文件",
    "indicators": "指标",
    "thresholds": "阈值",
    "targets": "目标与任务",
    "version": "这一版数据",
    "limits": "已知的局限",
}
"""The parts by their anchors."""


def show() -> None:
    """A line of links to the parts."""
    links = "".join(f'<a href="#{anchor}">{title}</a>' for anchor, title in PARTS.items())
    st.html(f'<nav class="contents" aria-label="目录">{links}</nav>')


def heading(anchor: str) -> None:
    """The heading of a part."""
    st.html(f'<h2 class="part" id="{anchor}">{PARTS[anchor]}</h2>')


def asked() -> str:
    """What is looked for in the tables of the parts; '' for all of them."""
    text = st.text_input(
        "在本页找",
        key="definitions_text",
        type="search",
        live="300ms",
        placeholder="输入一个词，如 应达、分母、巡检",
        label_visibility="collapsed",
    )
    return (text or "").strip()


def table(rows: pd.DataFrame, text: str, title: str) -> None:
    """The rows, under Chinese headings, of which a cell has the text."""
    texts = rows.astype(str)
    has = texts.apply(lambda column: column.str.contains(text, regex=False, case=False))
    found = rows[has.any(axis=1)]
    if found.empty:
        st.caption(f"{title}里没有“{plain(text)}”。")
    else:
        st.table(found, hide_index=True, alt=title)
