"""Handing files over: who sends what, and what its columns mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

import pandas as pd
import streamlit as st

from loaders import intake
from loaders.assessment import Assessment
from loaders.formats.opened_files import SentFile
from loaders.kinds import KINDS
from loaders.reading import opened_tables
from loaders.reading.opened_tables import Opened
from loaders.reading.typed_cells import POINT_COLUMNS
from loaders.senders import sender_memory
from loaders.senders.sender_memory import Memory
from presentation.labels import plain
from store import snapshot_store
from store.errors import IntakeError, StaleError
from ui import session

_CHOICES = {"自动识别": None} | {one.form_label or one.label: one.name for one in KINDS.values()}
TYPES = ["csv", "txt", "tsv", "xlsx", "xlsm", "xls", "et"]


@dataclass(frozen=True)
class Work:
    """Files in hand: opened, then read as a person confirmed, then assessed.

    `known` is what is remembered of the sender. `only` are the sheets that the person chose, by
    file. `notice` is shown above everything else.
    """

    sender: str
    kind: str | None
    opened: tuple[Opened, ...]
    known: Memory
    only: dict[str, list[str]] | None = None
    confirmed: bool = False
    assessment: Assessment | None = None
    notice: str | None = None
    _fits: dict[tuple[object, ...], pd.DataFrame | None] = field(default_factory=dict)

    @property
    def questions(self) -> list[str]:
        """What a person has to confirm, without repeats."""
        return list(dict.fromkeys(asked for table in self.opened for asked in table.questions))

    @property
    def lacks_crs(self) -> bool:
        """Whether there are points whose coordinate system is not known."""
        return any(self.system(kind) is None for kind in pointed(self.opened))

    def system(self, kind: str) -> str | None:
        """Coordinate system of the rows of `kind` that state none, as remembered of the sender."""
        readings = (one for one in self.known.readings if one.kind == kind)
        return next((one.crs for one in readings), None)

    def fits(self, tables: Sequence[Opened]) -> pd.DataFrame | None:
        """How well the points of `tables` fit each coordinate system; worked out once."""
        key = tuple(
            (table.digest, table.source.sheet.name, column, place)
            for table in tables
            for column, place in table.source.layout.columns.items()
            if column in POINT_COLUMNS
        )
        if key not in self._fits:
            self._fits[key] = intake.evidence(tables, snapshot_store.default())
        return self._fits[key]


def pointed(tables: Sequence[Opened]) -> dict[str, list[Opened]]:
    """The tables with points that state no coordinate system, by kind."""
    found: dict[str, list[Opened]] = {}
    for table in tables:
        if table.needs_crs:
            found.setdefault(table.source.layout.kind, []).append(table)
    return found


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
        _in_hand(now)
        return
    with st.form("upload"):
        left, right = st.columns(2)
        sender = left.selectbox(
            "报送单位",
            sender_memory.senders(snapshot_store.default().ledger),
            index=None,
            placeholder="选一个，或直接输入",
            accept_new_options=True,
            help="列名、坐标系和用词按单位记住：每家只核对一次，以后照办。",
        )
        kind = right.selectbox("内容", list(_CHOICES))
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
        contents = [SentFile(Path(file.name).name, bytes(file.getbuffer())) for file in files]
        _take(sender_memory.named(sender), _CHOICES[kind], contents)


def _in_hand(now: Work) -> None:
    """What is in hand, which sheets of it are read, and a way to begin again."""
    with st.container(horizontal=True, vertical_alignment="center"):
        names = plain("、".join(table.title for table in now.opened))
        st.markdown(f"**{plain(now.sender)}**：{names}")
        if st.button("换一批文件", icon=":material/restart_alt:"):
            keep(None)
            st.rerun()
    taken: dict[str, list[str]] = {}
    for table in now.opened:
        taken.setdefault(table.source.file, []).append(table.source.sheet.name)
    asked = now.only or taken
    chosen = {
        file: st.multiselect(
            f"“{plain(file)}”读哪些工作表", sheets, asked[file], key=f"sheets_{file}"
        )
        for file, sheets in {table.source.file: table.sheets for table in now.opened}.items()
        if len(sheets) > 1
    }
    if all(chosen.values()) and any(set(chosen[file]) != set(asked[file]) for file in chosen):
        contents = {table.source.file: table.original for table in now.opened}
        files = [SentFile(name, content) for name, content in contents.items()]
        _take(now.sender, now.kind, files, asked | chosen)


def _take(
    sender: str,
    kind: str | None,
    files: Sequence[SentFile],
    only: dict[str, list[str]] | None = None,
) -> None:
    """Open the files as far as they can be read; errors are shown as sentences."""
    known = sender_memory.recall(snapshot_store.default().ledger, sender)
    try:
        with session.progress("正在读文件…") as progress:
            opened = opened_tables.opened(
                files, kind, known=known, sender=sender, only=only, guess=True, progress=progress
            )
    except IntakeError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    found = Work(sender, kind, tuple(opened), known, only=only)
    keep(replace(found, confirmed=not found.questions and not found.lacks_crs))
    st.rerun()


def notes(now: Work) -> None:
    """What a person should know of the files."""
    for note in dict.fromkeys(note for table in now.opened for note in table.notes):
        st.info(plain(note), icon=":material/info:")


def again(now: Work, notice: str | None = None) -> NoReturn:
    """Assess the files in hand anew, with what is remembered by now."""
    keep(replace(now, assessment=None, notice=notice))
    st.rerun()


def refused(now: Work, error: IntakeError) -> None:
    """Say why the files in hand were not published; an outdated comparison is made anew."""
    if isinstance(error, StaleError):
        keep(replace(now, assessment=None, notice=str(error)))
    else:
        st.error(plain(str(error)), icon=":material/error:")


def assess(now: Work) -> None:
    """Assess the files in hand against the version in force."""
    try:
        with session.progress("正在核对…") as progress:
            found = intake.assess(
                now.opened, store=snapshot_store.default(), sender=now.sender, progress=progress
            )
    except IntakeError as error:
        st.error(plain(str(error)), icon=":material/error:")
        keep(replace(now, confirmed=False))
        return
    keep(replace(now, assessment=found))
    st.rerun()
