"""数据导入： hand files over, see what they would change, publish, and go back."""

import streamlit as st

from ui import confirm, findings, quality, session, upload, versions

session.ask_person()
files, forms, league, history = st.tabs(
    ["导入文件", "模板下载", "报送质量", "数据版本"], key="import_tabs"
)

with files:
    upload.form()
    now = upload.work()
    if now is not None:
        if now.said:
            st.warning(now.said, icon=":material/warning:")
        upload.notes(now)
        if not now.confirmed:
            confirm.ask(now)
        elif now.assessment is None:
            upload.assess(now)
        else:
            findings.summary(now, now.assessment)
            findings.details(now, now.assessment)
            findings.publish(now, now.assessment)
    elif not findings.published():
        st.info("选好文件后按“先看看”。发布之前，不改动任何数据。", icon=":material/info:")

with forms:
    quality.templates()

with league:
    quality.league()

with history:
    versions.listed()
    versions.demo_button()
