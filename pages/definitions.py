"""口径说明： every indicator and threshold with its clause, source and status; known limits."""

import streamlit as st

from domain import reference, rules
from domain.city import CITY
from presentation import labels, rule_definitions
from queries import data_quality
from ui import frame, page_tables, session
from ui.definitions import code_verification, definition_tables

scope = session.scope()
facts = session.manifest(scope.snapshot_id)

code_verification.show()

st.subheader("指标", anchor=False)
page_tables.static(rule_definitions.indicators(), ["name", "definition", "clause"], "指标")

st.subheader(f"阈值（规则版本 {rules.VERSION}）", anchor=False)
st.caption("“待确认”的阈值是看板按通知精神拟定的，要由领导小组办公室签认。")
thresholds = rule_definitions.thresholds().astype({"threshold": str})
columns = ["definition", "threshold", "unit", "clause", "status"]
page_tables.static(thresholds, columns, "阈值")

st.subheader("目标与任务", anchor=False)
st.caption(f"出自{CITY.notice}。")
st.table(definition_tables.targets(), hide_index=True, alt="通知提出的目标")
with st.expander(f"{len(definition_tables.tasks())} 项重点任务"):
    st.table(definition_tables.tasks(), hide_index=True, alt="任务清单")

st.subheader("这一版数据", anchor=False)
st.table(
    definition_tables.version(facts, data_quality.intake_state(scope.snapshot_id)),
    border="horizontal",
)

st.subheader("已知的局限", anchor=False)
st.markdown(definition_tables.limits())

page_tables.download(
    "下载口径说明",
    lambda: {
        "指标": labels.labelled(rule_definitions.indicators(), ["name", "definition", "clause"]),
        "阈值": labels.labelled(thresholds, columns),
        "目标": definition_tables.targets(),
        "任务": definition_tables.tasks(),
        "场景": reference.table("scenarios"),
    },
    "口径说明",
    session.stamp(scope),
)
frame.stamp(scope)
