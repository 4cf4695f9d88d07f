"""口径说明： every indicator and threshold with its clause, source and status; known limits."""

import streamlit as st

from domain import reference, rules
from domain.city import CITY
from presentation import labels, rule_definitions
from queries import data_quality
from ui import frame, page_downloads, page_print, session
from ui.definitions import code_verification, contents, file_verification

scope = session.scope()
facts = session.manifest(scope.snapshot_id)
thresholds = rule_definitions.thresholds().astype({"threshold": str})
columns = ["definition", "threshold", "unit", "clause", "status"]

contents.show()
wanted = contents.asked()

contents.heading("code")
code_verification.show()

contents.heading("files")
file_verification.show()

contents.heading("indicators")
indicators = rule_definitions.indicators()
contents.table(labels.labelled(indicators, ["name", "definition", "clause"]), wanted, "指标")

contents.heading("thresholds")
st.caption(
    f"规则版本 {rules.VERSION}。“待确认”的阈值是看板按通知精神拟定的，要由领导小组办公室签认。"
)
contents.table(labels.labelled(thresholds, columns), wanted, "阈值")

contents.heading("targets")
st.caption(f"出自{CITY.notice}。")
contents.table(rule_definitions.targets(), wanted, "通知提出的目标")
with st.expander(f"{len(rule_definitions.tasks())} 项重点任务", expanded=bool(wanted)):
    contents.table(rule_definitions.tasks(), wanted, "重点任务")

contents.heading("version")
state = data_quality.intake_state(scope.snapshot_id)
files = session.source_files(scope.snapshot_id)
if not scope.sight.whole:
    files = [f"{len(set(files))} 份，名称只给领导和办公室看"]
described = rule_definitions.version(facts, session.moment(facts), state, files)
st.table(described, border="horizontal")

contents.heading("limits")
st.markdown(rule_definitions.limits())

sheets: page_downloads.Sheets = {
    "指标": (indicators, ["name", "definition", "clause"]),
    "阈值": (thresholds, columns),
    "目标": rule_definitions.targets(),
    "任务": rule_definitions.tasks(),
}
scenarios = {"场景": reference.table("scenarios")}
page_downloads.tables("下载口径说明", {**sheets, **scenarios}, "口径说明", session.stamp(scope))
page_print.at_top("口径说明", scope, sheets)
frame.stamp(scope)
