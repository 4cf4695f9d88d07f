"""Published versions, the way back to any of them, and the demo."""

from datetime import datetime

import pandas as pd
import streamlit as st

from demo import publishing
from loaders import intake
from loaders.kinds import KINDS
from store import snapshot_store
from ui import session


def listed() -> None:
    """All published versions, and a way back to any of them."""
    manifests, current = snapshot_store.default().snapshots(), session.current_id()
    if not manifests:
        st.info("还没有发布过数据。")
        return
    rows = [
        {
            "数据版本": facts["id"],
            "在用": "在用" if facts["id"] == current else "",
            "发布时间": session.moment(facts),
            "发布人": facts["created_by"],
            "内容": "演示数据" if facts["demo"] else "、".join(
                dict.fromkeys(item["file"] for item in facts["kind_inputs"])
            ),
            "受理点": facts["rows"]["merchants"],
            "场所": facts["rows"]["venues"],
            "内容校验码": facts["content_hash"][:12],
        }
        for facts in manifests
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="数据版本")
    _made_of(next(facts for facts in manifests if facts["id"] == current))
    _way_back([facts["id"] for facts in manifests if facts["id"] != current])
    _switches()


def _made_of(facts: session.Manifest) -> None:
    """The files that the version in force was made of, each as it came."""
    inputs = [file for file in facts["kind_inputs"] if "imported_at" in file]
    if not inputs:
        return
    with st.expander(f"现行版本由哪些文件组成（{len(inputs)}）"):
        st.dataframe(
            pd.DataFrame(
                {
                    "文件": [file["file"] for file in inputs],
                    "内容": [KINDS[file["kind"]].label for file in inputs],
                    "报送单位": [file.get("sender") or "未注明" for file in inputs],
                    "入库": [file["accepted"] for file in inputs],
                    "退回": [file["rejected"] for file in inputs],
                    "导入时间": [
                        session.clock(datetime.fromisoformat(file["imported_at"]))
                        for file in inputs
                    ],
                    "经办人": [file.get("uploaded_by", "—") for file in inputs],
                    "文件校验码": [file["sha256"][:12] for file in inputs],
                }
            ),
            hide_index=True,
            alt="现行版本的文件",
        )
        names = {file["sha256"]: file["file"] for file in inputs}
        digest = st.selectbox("取回原件", list(names), format_func=lambda code: names[code])
        original = snapshot_store.default().original(digest)
        if original is None:
            st.caption("这个文件导入时还没有留存原件。")
        else:
            st.download_button(
                "下载原件", original, names[digest], on_click="ignore", icon=":material/download:"
            )


def _way_back(others: list[str]) -> None:
    if not others:
        return
    with st.form("rollback"):
        target = st.selectbox("退回到哪个版本", others)
        st.caption("退回后，每个数都与那个版本发布时一模一样（内容校验码相同）；别的版本都还在。")
        if st.form_submit_button("退回到这个版本", icon=":material/history:"):
            if session.nobody():
                st.warning("退回前请先在左侧填写经办人。", icon=":material/person:")
                return
            intake.roll_back(snapshot_store.default(), target, session.person())
            st.rerun()


def _switches() -> None:
    """Who put which version in force by hand."""
    switches = snapshot_store.default().ledger.history("force")
    if not switches:
        return
    with st.expander(f"退回记录（{len(switches)} 次）"):
        st.dataframe(
            pd.DataFrame(
                {
                    "时间": [session.clock(switch.at) for switch in switches],
                    "经办人": [switch.by for switch in switches],
                    "退回到": [switch.subject for switch in switches],
                    "原来在用": [switch.body["instead_of"] or "—" for switch in switches],
                }
            ),
            hide_index=True,
            alt="退回记录",
        )


def demo_button() -> None:
    """Bring the demo back as the version in force; real versions stay in the list."""
    if publishing.available():
        st.caption(
            "演示数据与真实数据从不混在一起。装回演示数据后，真实版本仍在上表，可以随时退回。"
        )
        session.demo_button("装回演示数据")
