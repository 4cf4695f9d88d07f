"""数据导入： upload, see what was understood, see the rejects, publish, and roll back."""

import streamlit as st

from ui import intake_view, session

uploaded, review, history = st.tabs(["导入文件", "待复核与未定位", "数据版本"])

with uploaded:
    choice = intake_view.upload_form()
    if choice is not None:
        intake_view.assess(choice)
    assessment = intake_view.assessed()
    if assessment is None:
        st.info("选好文件后按“先看看”。这一步只读文件，不改动任何数据。", icon=":material/info:")
    else:
        intake_view.summary(assessment)
        intake_view.headers(assessment)
        intake_view.rejects(assessment)
        intake_view.publish_button(assessment)

with review:
    intake_view.review()

with history:
    intake_view.versions(session.snapshots(), session.current_id())
    intake_view.demo_button()
