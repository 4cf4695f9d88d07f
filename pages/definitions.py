"""口径说明： every indicator and threshold with its clause, source and status; known limits."""

import streamlit as st

from domain import reference, rules
from domain.city import CITY
from presentation import rule_definitions
from queries import data_quality
from ui import frame, page_downloads, page_print, page_tables, session
from ui.definitions import code_verification

scope = session.scope()
facts = session.manifest(scope.snapshot_id)

code_verification.show()

st.header("指标", anchor=False)
page_tables.static(rule_definitions.indicators(), ["name", "definition", "clause"], "指标")

st.header(f"阈值（规则版本 {rules.VERSION}）", anchor=False)
st.caption("“待确认”的阈值是看板按通知精神拟定的，要由领导小组办公室签认。")
thresholds = rule_definitions.thresholds().astype({"threshold": str})
columns = ["definition", "threshold", "unit", "clause", "status"]
page_tables.static(thresholds, columns, "阈值")

st.header("目标与任务", anchor=False)
st.caption(f"出自{CITY.notice}。")
st.table(rule_definitions.targets(), hide_index=True, alt="通知提出的目标")
with st.expander(f"{len(rule_definitions.tasks())} 项重点任务"):
    st.table(rule_definitions.tasks(), hide_index=True, alt="任务清单")

st.header("这一版数据", anchor=False)
state = data_quality.intake_state(scope.snapshot_id)
files = session.source_files(scope.snapshot_id)
if not scope.sight.whole:
    files = [f"{len(set(files))} 份，名称只给领导和办公室看"]
described = rule_definitions.version(facts, session.moment(facts), state, files)
st.table(described, border="horizontal")

st.header("已知的局限", anchor=False)
st.markdown(rule_definitions.limits())

sheets: page_downloads.Sheets = {
    "指标": (rule_definitions.indicators(), ["name", "definition", "clause"]),
    "阈值": (thresholds, columns),
    "目标": rule_definitions.targets(),
    "任务": rule_definitions.tasks(),
}
scenarios = {"场景": reference.table("scenarios")}
page_downloads.tables("下载口径说明", {**sheets, **scenarios}, "口径说明", session.stamp(scope))
page_print.at_top("口径说明", scope, sheets)
frame.stamp(scope)
