"""数据导入： upload, comparison with the version in force, publishing, rollback."""

import streamlit as st

from store import snapshot_store
from ui import session
from ui.data_import import (
    column_confirmation,
    import_review,
    sender_quality,
    snapshot_history,
    statement_list,
    upload,
)
from ui.frame import errors_shown

if warning := snapshot_store.default().clock_warning():
    st.warning(warning, icon=":material/schedule:")
# Each part for itself: with a damaged version the others still open, above all the way back.
session.ask_person()
files, statements, forms, league, history = st.tabs(
    ["导入文件", "各次报送", "模板下载", "报送质量", "数据版本"], key="import_tabs"
)

with files, errors_shown():
    upload.form()
    now = upload.work()
    if now is not None:
        if now.notice:
            st.warning(now.notice, icon=":material/warning:")
        upload.notes(now)
        if not now.confirmed:
            column_confirmation.ask(now)
        elif now.assessment is None:
            upload.assess(now)
        else:
            import_review.summary(now, now.assessment)
            import_review.details(now, now.assessment)
            import_review.publish(now, now.assessment)
    elif not import_review.published():
        st.caption("选好文件后按“先看看”。发布之前，不改动任何数据。")

with statements, errors_shown():
    statement_list.listed()

with forms:
    sender_quality.templates()

with league, errors_shown():
    sender_quality.league()

with history, errors_shown():
    snapshot_history.listed()
    snapshot_history.demo_button()
