"""Handing files over: who sends what, and what its columns mean."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import pandas as pd
import streamlit as st

from geo import systems
from loaders import intake, store
from loaders.assessment import Assessment
from loaders.errors import IntakeError
from loaders.reading import headers, opening
from loaders.reading.headers import HOW
from loaders.reading.opening import Opened
from loaders.senders import memory
from loaders.senders.memory import Reading
from ui import session, tables
from ui.frame import plain

KINDS = {
    "自动识别": None,
    "受理点（商户）": "merchants",
    "特定区域名录": "venues",
    "场景台账": "scenarios",
    "月度指标": "indicators",
}
SYSTEMS = {
    "wgs84": "WGS-84 / CGCS2000（天地图、GPS）",
    "gcj02": "GCJ-02（高德、腾讯）",
    "bd09": "BD-09（百度）",
}
TYPES = ["csv", "txt", "tsv", "xlsx", "xlsm", "xls", "et"]
UNUSED = "（不用）"
_EXAMPLES = 3  # cells shown of a column


@dataclass(frozen=True)
class Work:
    """Files in hand: opened, then read as a person confirmed, then assessed.

    `said` is what the person should be told before anything else.
    """

    sender: str
    opened: tuple[Opened, ...]
    crs: str | None = None
    whole: bool = False
    evidence: pd.DataFrame | None = None
    confirmed: bool = False
    assessment: Assessment | None = None
    said: str | None = None

    @property
    def questions(self) -> list[str]:
        """What a person has to confirm, each said once."""
        return list(dict.fromkeys(said for one in self.opened for said in one.questions))


def work() -> Work | None:
    """The files in hand in this session."""
    return st.session_state.get("_work")


def keep(now: Work | None) -> None:
    """Remember the files in hand for the next run of the page."""
    st.session_state["_work"] = now


def form() -> None:
    """The upload form, or the files in hand once there are some."""
    now = work()
    if now is not None:
        left, right = st.columns([5, 1], vertical_alignment="center")
        names = "、".join(one.title for one in now.opened)
        left.markdown(f"**{plain(now.sender)}**：{plain(names)}")
        if right.button("换一批文件", icon=":material/restart_alt:"):
            keep(None)
            st.rerun()
        return
    with st.form("upload"):
        left, right = st.columns(2)
        sender = left.selectbox(
            "报送单位",
            memory.senders(store.default().ledger),
            index=None,
            placeholder="选一个，或直接输入",
            accept_new_options=True,
            help="列名、坐标系和用词按单位记住：每家只核对一次，以后照办。",
        )
        kind = right.selectbox("内容", list(KINDS))
        files = st.file_uploader(
            "文件（CSV、XLSX、XLS，可多选，每个不超过 200 MB）",
            type=TYPES,
            accept_multiple_files=True,
        )
        pressed = st.form_submit_button("先看看", type="primary", icon=":material/visibility:")
    if not pressed:
        return
    st.session_state.pop("_published", None)
    if not files:
        st.warning("还没有选文件。")
    elif not sender:
        st.warning("还没有选报送单位。")
    else:
        _take(memory.named(sender), KINDS[kind], files)


def _take(sender: str, kind: str | None, files: list) -> None:
    """Open the files as far as they can be read; errors are shown as sentences."""
    known = memory.recall(store.default().ledger, sender)
    with tempfile.TemporaryDirectory() as folder, session.progress("正在读文件…") as told:
        paths = [Path(folder) / Path(file.name).name for file in files]
        for path, file in zip(paths, files, strict=True):
            path.write_bytes(file.getbuffer())
        try:
            opened = opening.opened(
                paths, kind, known=known, sender=sender, guess=True, progress=told
            )
        except IntakeError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
    readings = [known.readings.get(one.source.layout.kind) for one in opened]
    found = Work(
        sender,
        tuple(opened),
        crs=next((reading.crs for reading in readings if reading), None),
        whole=any(reading.whole for reading in readings if reading),
        evidence=intake.evidence(opened, store.default()),
    )
    keep(replace(found, confirmed=not found.questions and not _lacks_crs(found)))
    st.rerun()


def notes(now: Work) -> None:
    """What a person should know of the files."""
    for said in dict.fromkeys(note for one in now.opened for note in one.notes):
        st.info(plain(said), icon=":material/info:")


def confirm(now: Work) -> None:
    """Ask what the columns mean, which coordinates they hold and whether the list is whole."""
    for question in now.questions:
        st.warning(plain(question), icon=":material/help:")
    told = {}
    groups: dict[tuple, list[Opened]] = {}
    for one in now.opened:
        groups.setdefault(one.shape, []).append(one)
    for number, (shape, members) in enumerate(groups.items()):
        st.markdown("**" + plain("、".join(one.title for one in members)) + "**")
        told[shape] = _columns(members[0], key=f"columns_{number}")
    crs = _systems(now)
    whole = st.radio(
        "这批文件是该单位的",
        [True, False],
        index=0 if now.whole else 1,
        format_func={True: "全部记录（没有列出的就是少了）", False: "新增和变更的部分"}.get,
        horizontal=True,
    )
    if st.button("核对无误，记住并往下看", type="primary", icon=":material/check:"):
        _confirmed(now, told, crs, whole)


def _columns(one: Opened, key: str) -> dict[str, str]:
    """The columns of a table beside what they may be; header to our column, '' for unused."""
    layout = one.source.layout
    labels = headers.columns(layout.kind).set_index("column")["label"].to_dict()
    used = memory.columns(layout)
    wide = {name: headers.label(layout.kind, name) for name in used.values() if name not in labels}
    labels |= {name: label for name, label in wide.items() if name}
    how = dict(zip(layout.headers["header"], layout.headers["how"], strict=True))
    shown = pd.DataFrame(
        {
            "列名": list(used),
            "举例": [one.examples(header, _EXAMPLES) for header in used],
            "怎么认的": [HOW[how[header]] for header in used],
            "对应到": [labels.get(column, UNUSED) for column in used.values()],
        }
    )
    edited = st.data_editor(
        shown,
        hide_index=True,
        disabled=["列名", "举例", "怎么认的"],
        column_config={
            "对应到": st.column_config.SelectboxColumn(
                options=[UNUSED, *dict.fromkeys(labels.values())], required=True
            )
        },
        height=min(len(shown), 14) * 35 + 40,
        key=key,
        alt="列名对照",
    )
    codes = {label: column for column, label in labels.items()}
    return {
        header: codes.get(label, "")
        for header, label in zip(edited["列名"], edited["对应到"], strict=True)
    }


def _lacks_crs(now: Work) -> bool:
    return now.crs is None and any(one.needs_crs for one in now.opened)


def _systems(now: Work) -> str | None:
    """Ask for the coordinate system, with what the points themselves say."""
    if not any(one.needs_crs for one in now.opened):
        return now.crs
    crs = st.selectbox(
        "坐标用的是哪个坐标系",
        list(SYSTEMS),
        index=list(SYSTEMS).index(now.crs) if now.crs else None,
        format_func=SYSTEMS.get,
        placeholder="请选择；不清楚就问报送单位，不要猜",
        help="三种坐标系在本市相差约 0.5 到 1.2 公里。",
    )
    evidence(now, crs)
    return crs


def evidence(now: Work, crs: str | None) -> None:
    """How well the points fit what else is known, under each coordinate system."""
    if now.evidence is None:
        return
    advice = systems.advice(now.evidence, crs)
    if advice:
        st.warning(plain(advice), icon=":material/wrong_location:")
    st.caption("在各坐标系下，坐标与文字、与已知受理点的吻合程度：")
    shown = now.evidence.assign(
        system=now.evidence["crs"].map(SYSTEMS), known_m=now.evidence["known_m"].round()
    )
    columns = ["system", "inside", "in_county", "in_town"]
    if shown["known"].any():
        columns += ["known", "known_m", "overlap"]
    tables.show(shown, columns, "坐标系证据")


def _confirmed(now: Work, told: dict[tuple, dict[str, str]], crs: str | None, whole: bool) -> None:
    """Read the tables as told, and remember it for the sender's next files."""
    if crs is None and _lacks_crs(now):
        st.error("文件里有坐标，请先选坐标系。", icon=":material/error:")
        return
    try:
        opened = tuple(opening.read_as(one, told[one.shape]) for one in now.opened)
        for one in {one.shape: one for one in opened}.values():
            kind, columns = one.source.layout.kind, memory.columns(one.source.layout)
            reading = Reading(kind, columns, crs, whole)
            memory.confirm(store.default().ledger, now.sender, reading, session.person())
    except IntakeError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    keep(replace(now, opened=opened, crs=crs, whole=whole, confirmed=True))
    st.rerun()


def again(now: Work, said: str | None = None) -> NoReturn:
    """Assess the files in hand anew, with what is known by now."""
    keep(replace(now, assessment=None, said=said))
    st.rerun()


def assess(now: Work) -> None:
    """Assess the files in hand against the version in force."""
    try:
        with session.progress("正在核对…") as told:
            found = intake.assess(
                now.opened, now.crs, store=store.default(), sender=now.sender, progress=told
            )
    except IntakeError as error:
        st.error(plain(str(error)), icon=":material/error:")
        keep(replace(now, confirmed=False))
        return
    keep(replace(now, assessment=found))
    st.rerun()
