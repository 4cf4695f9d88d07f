"""The parts of the import page: upload form, what was understood, publishing, versions."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from domain import reference
from loaders import intake
from loaders.errors import IntakeError
from ui import answers, session, tables

KINDS = {
    "自动识别": None,
    "受理点（商户）": "merchants",
    "特定区域名录": "venues",
    "场景台账": "scenarios",
    "月度指标": "indicators",
}
SYSTEMS = {
    "文件里写明了，或没有坐标": None,
    "WGS-84 / CGCS2000(天地图、GPS)": "wgs84",
    "GCJ-02(高德、腾讯)": "gcj02",
    "BD-09(百度)": "bd09",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Upload:
    """What the user handed over."""

    files: list
    kind: str | None
    crs: str | None


def upload_form() -> Upload | None:
    """The upload form; what was handed over when 先看看 is pressed."""
    with st.form("upload"):
        files = st.file_uploader(
            "文件（CSV、XLSX、XLS，可多选，每个不超过 200 MB）",
            type=["csv", "xlsx", "xls"],
            accept_multiple_files=True,
        )
        left, right = st.columns(2)
        kind = left.selectbox("内容", list(KINDS))
        crs = right.selectbox(
            "坐标用的是哪个坐标系",
            list(SYSTEMS),
            help="三种坐标系在本市相差约 0.5 到 1.2 公里。不清楚就问报送单位，不要猜。",
        )
        pressed = st.form_submit_button("先看看", type="primary", icon=":material/visibility:")
    if not pressed:
        return None
    if not files:
        st.warning("还没有选文件。")
        return None
    return Upload(files, KINDS[kind], SYSTEMS[crs])


def assess(upload: Upload) -> None:
    """Assess the upload and keep the result for this session; errors are shown as sentences."""
    st.session_state.pop("_assessment", None)
    st.session_state.pop("_published", None)
    bar = st.progress(0.0, "正在读文件…")
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for file in upload.files:
            path = Path(folder) / Path(file.name).name
            path.write_bytes(file.getbuffer())
            paths.append(path)
        try:
            st.session_state["_assessment"] = session.assess(
                paths, upload.kind, upload.crs, _progress(bar)
            )
        except IntakeError as error:
            st.error(str(error), icon=":material/error:")
    bar.empty()


def assessed() -> intake.Assessment | None:
    """The assessment of this session, if there is one."""
    return st.session_state.get("_assessment")


def summary(assessment: intake.Assessment) -> None:
    """How many rows were understood, rejected, located and sent to review."""
    counts = assessment.counts()
    with st.grid(4, gap="small"):
        st.metric("读到", f"{counts['rows']:,} 行", border=True)
        st.metric("可以入库", f"{counts['accepted']:,} 行", border=True)
        st.metric("退回", f"{counts['rejected']:,} 行", border=True)
        st.metric("待复核", f"{counts['in_review']:,} 行", border=True)
    left, right = st.columns(2)
    names = reference.labels("counties", "county_code", "name")
    with left:
        st.markdown("**按县区**")
        _counted({names.get(code, code): n for code, n in counts["by_county"].items()}, "县区")
    with right:
        st.markdown("**怎么定位的**")
        _counted(
            {session.METHODS.get(code, code): n for code, n in counts["located_by"].items()},
            "定位方式",
        )


def headers(assessment: intake.Assessment) -> None:
    """Which columns were understood, and as what."""
    with st.expander("列名是怎么认的"):
        st.dataframe(assessment.headers, hide_index=True, alt="列名对照")


def rejects(assessment: intake.Assessment) -> None:
    """The rejected rows, and the file to send back."""
    if assessment.rejects.empty:
        st.success("没有退回的行。")
        return
    st.markdown("**退回的行**(请发回报送单位改正)")
    columns = {"file": "文件", "sheet": "工作表", "row": "行", "column": "列", "value": "原值",
               "reason": "原因"}  # fmt: skip
    shown = assessment.rejects.rename(columns=columns)[list(columns.values())]
    st.dataframe(shown.head(500), hide_index=True, height=280, alt="退回的行")
    st.download_button(
        "下载退回清单",
        data=lambda: intake.rejects_workbook(assessment),
        file_name="退回清单.xlsx",
        mime=XLSX,
        on_click="ignore",
        icon=":material/download:",
    )


def publish_button(assessment: intake.Assessment) -> None:
    """Publish, once; afterwards say which version is in force."""
    published = st.session_state.get("_published")
    if published:
        st.success(f"已发布，数据版本 {published}。", icon=":material/task_alt:")
        return
    if not assessment.counts()["accepted"]:
        st.warning("没有可以入库的行，不能发布。")
        return
    if st.button("发布", type="primary", icon=":material/publish:"):
        bar = st.progress(0.0, "正在发布…")
        try:
            st.session_state["_published"] = session.publish(assessment, _progress(bar))
        except IntakeError as error:
            st.error(str(error), icon=":material/error:")
            return
        st.rerun()


def review() -> None:
    """Merchants of the version in force whose place is unsure, with why, to take away."""
    current = session.current_id()
    if current is None:
        st.info("还没有发布过数据。")
        return
    frame = tables.with_names(answers.in_review(current))
    frame = frame.assign(located=frame["method"].map(session.METHODS))
    columns = ["merchant_id", "name", "address", "operator", "county", "located", "reason"]
    st.caption("这些受理点的位置拿不准或没有位置。请把名单发给报送单位核对，改正后重新导入。")
    tables.show(frame, columns, "待复核与未定位")
    tables.download(
        "下载待复核名单",
        lambda: {"待复核与未定位": tables.labelled(frame, columns)},
        "待复核与未定位",
        f"数据版本：{current}",
    )


def versions(manifests: list[dict], current: str | None) -> None:
    """All published versions, and a way back to any of them."""
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
                item["file"] for item in facts["kind_inputs"]
            ),
            "受理点": facts["rows"]["merchants"],
            "场所": facts["rows"]["venues"],
            "内容校验码": facts["content_hash"][:12],
        }
        for facts in manifests
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="数据版本")
    others = [facts["id"] for facts in manifests if facts["id"] != current]
    if others:
        with st.form("rollback"):
            target = st.selectbox("退回到哪个版本", others)
            if st.form_submit_button("退回到这个版本", icon=":material/history:"):
                session.roll_back(target)
                st.rerun()


def demo_button() -> None:
    """Bring the demo back as the version in force; real versions stay in the list."""
    st.caption("演示数据与真实数据从不混在一起。装回演示数据后，真实版本仍在上表，可以随时退回。")
    if st.button("装回演示数据", icon=":material/science:"):
        with st.spinner("正在生成演示数据…"):
            session.publish_demo()
        st.rerun()


def _counted(counts: dict[str, int], heading: str) -> None:
    st.dataframe(
        pd.DataFrame({heading: counts.keys(), "行数": counts.values()}),
        hide_index=True,
        alt=f"按{heading}计数",
    )


def _progress(bar: st.delta_generator.DeltaGenerator) -> Callable[[str, float], None]:
    return lambda stage, share: bar.progress(min(share, 1.0), stage)
