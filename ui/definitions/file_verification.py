"""“核对文件”： whether files that came back are as the dashboard made them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from presentation.labels import plain
from reports import set_files, set_list, verification
from reports.set_list import LIST
from reports.verification import STATES, Verified
from store.errors import IntakeError
from store.step_progress import Progress
from ui import session

TYPES = ["zip", "json", "docx", "xlsx", "pptx", "pdf", "png", "svg"]
_FOUND = "_verified"


def show() -> None:
    """Take the files of a set, and say of each what became of it."""
    uploads = st.file_uploader(
        f"报告导出的一套文件：ZIP，或其中几个连同{LIST}",
        type=TYPES,
        accept_multiple_files=True,
        key="verify_files",
        help="按清单由数据重做一遍，逐字节比较。不留下传上来的文件。",
    )
    which = tuple(one.file_id for one in uploads)
    if uploads and st.button("核对", icon=":material/verified:"):
        try:
            with session.progress("正在重做…") as progress:
                st.session_state[_FOUND] = which, _verified(uploads, progress)
        except IntakeError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
    done, found = st.session_state.get(_FOUND, ((), None))
    if found is not None and done == which:
        _tell(found)


def _verified(uploads: Sequence[Any], progress: Progress) -> Verified:
    """What was found of the uploads: of one ZIP, a whole set; else of what there is of one."""
    who = session.visitor()
    if len(uploads) == 1 and uploads[0].name.lower().endswith(".zip"):
        return verification.verify(set_files.unpacked(uploads[0].getvalue()), who, progress)
    given = [(one.name, one.getvalue()) for one in uploads]
    files = set_files.placed(given, {LIST: ""})
    if LIST in files:
        files = set_files.placed(given, {LIST: "", **set_list.read(files[LIST]).hashes})
    return verification.verify(files, who, progress, whole=False)


def _tell(found: Verified) -> None:
    same = sum(one.state == "same" for one in found.findings)
    if found.unchanged:
        st.success(
            f"{same} 个文件都由数据重做过，逐字节相同，没有改动。", icon=":material/verified:"
        )
    else:
        st.warning(
            f"{len(found.findings)} 个文件中 {same} 个未改动，其余见下表。",
            icon=":material/rule:",
        )
    for limit in found.limits:
        st.markdown(f"- {plain(limit)}")
    st.table(listed(found), hide_index=True, alt="核对结果")
    st.caption("发文字号、发文机关、联系人等由做文件的人填写，按清单上写的重做。")


def listed(found: Verified) -> pd.DataFrame:
    """The findings as a table, what is not unchanged first."""
    rows = sorted(found.findings, key=lambda one: one.state == "same")
    return pd.DataFrame(
        [(plain(one.path), STATES[one.state], plain("；".join(one.where)) or "—") for one in rows],
        columns=["文件", "结果", "何处"],
    )
