"""What helps senders send well: templates to fill in, and how well each has done so far."""

from datetime import date
from functools import partial

import streamlit as st

from loaders.kinds import KINDS
from loaders.senders import sender_scores as standings
from loaders.senders import sender_templates as forms
from presentation.columns import COLUMNS
from store import snapshot_store
from ui import page_downloads, page_tables


def templates() -> None:
    """A template for each kind of file."""
    st.caption(
        "发给报送单位填写。按模板填的文件不用核对列名，也最少退回。表里带下拉选项、必填标色和填写说明。"
    )
    with st.container(horizontal=True):
        for kind in KINDS.values():
            page_downloads.file(
                f"{kind.label}模板",
                partial(forms.workbook, kind.name),
                f"{kind.label}模板.xlsx",
                key=f"template_{kind.name}",
            )


def league() -> None:
    """How well each sender has sent, the best first."""
    store = snapshot_store.default()
    current = store.current()
    if current is None or current.manifest["demo"]:
        st.caption("还没有导入过真实文件，暂无报送质量可看。")
        return
    shown = standings.table(store.in_force(current), date.today())
    columns = [name for name in shown if name in COLUMNS]
    page_tables.show(shown, columns, "各单位报送质量")
    st.caption(standings.RULE)
    page_downloads.tables(
        "下载报送质量表", {"报送质量": (shown, columns)}, "报送质量", f"数据版本：{current.id}"
    )
