"""报告导出： a set of finished documents on the day and the area that are selected."""

import streamlit as st

from queries.scope import area_name
from reports import document_codes
from ui import frame, session
from ui.report_export import export_view, template_view

session.ask_person()
scope = export_view.of_documents(session.scope())

st.header(f"{area_name(scope)}，截至 {scope.as_of}", anchor=False)
st.caption(
    "版本、截止日、名录范围和县区在“换范围”里选；领域和运营机构的筛选不用于报告。"
    f"查证代码 {document_codes.code(scope)}，印在每份文件上，在“口径说明”里可以查每个数怎么来的。"
)
export_view.choose_day(scope)
parts = export_view.choose_parts()
letter = export_view.choose_letter()
export_view.show_missing(scope)
with st.container():  # what stands below does not move when files appear
    export_view.make(scope, parts, letter)

st.markdown("**预览**")
export_view.preview(scope)
if session.may("template"):
    with st.expander("文件模板：换成本单位的样子"):
        template_view.show()
frame.stamp(scope)
