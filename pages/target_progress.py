"""目标进度： fourteen targets: due share, status, forecast, what is missing by name."""

from dataclasses import replace

import streamlit as st

from presentation import page_headlines, progress_listings
from queries import commitments
from ui import frame, page_downloads, page_print, page_tables, session
from ui.target_progress import targets_view

scope = replace(session.scope(), area_id="", field_id="", operator_id="")
if scope != session.scope():
    st.caption("目标是全市的：所选的县区、领域、运营机构在这一页不起作用。")
standings = commitments.standings(scope)

headline = page_headlines.target_progress(scope, standings)
frame.headline(headline, "应达线")
targets_view.cards(standings)

st.markdown("**目标一览**（点一行，看走势和还缺的名单）")
board = progress_listings.targets(scope)
chosen = page_tables.pick(board, targets_view.COLUMNS, "目标一览", "targets_board", rows=14)
st.caption(
    "“应达”是目标乘以已过去的时间份额；预测按近 12 个月的逐月变化外推，括号里是 95% 区间。"
    "系统只列数，不作评判；T13 的材料在“任务与报送”里。"
)
sheets: page_downloads.Sheets = {"目标一览": (board, targets_view.COLUMNS)}
page_downloads.tables("下载目标一览", sheets, f"目标进度_{scope.as_of}", session.stamp(scope))
late = next((i for i, one in enumerate(standings) if one.status in ("missed", "lost")), 0)
shown, missing = targets_view.detail(scope, standings[late if chosen is None else chosen])
page_print.at_top("目标进度", scope, {**sheets, **missing}, sentence=headline, figures=[shown])
frame.stamp(scope)
