"""The dashboard's session: what is selected, and which snapshot is in force."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NoReturn

import streamlit as st

from demo import publishing
from domain.visitors import Right, Visitor, clerk
from loaders import intake
from queries.scope import Scope
from queries.stamps import stamp_of
from store import snapshot_store
from store.ledger import Ledger
from store.snapshot import Snapshot
from store.step_progress import Progress
from ui import long_work
from ui.place_selection import Place

ALL = "全部"
Manifest = dict[str, Any]


def scope() -> Scope:
    """The scope that the frame selected for this run."""
    selected: Scope = st.session_state["_scope"]
    return selected


def set_scope(selected: Scope | None) -> None:
    """Hand the frame's selection to the page of this run."""
    st.session_state["_scope"] = selected


def place() -> Place:
    """The town and the venue that the frame selected for this run."""
    chosen: Place = st.session_state["_place"]
    return chosen


def set_place(chosen: Place) -> None:
    """Hand the place to the page of this run."""
    st.session_state["_place"] = chosen


def in_force(selected: Scope) -> Scope:
    """`selected` on the version in force, for the pages that write; their day is its last."""
    facts = current()
    if selected.snapshot_id == facts["id"]:
        return selected
    return replace(selected, snapshot_id=facts["id"], as_of=last_day(facts))


def manifest(snapshot_id: str) -> Manifest:
    """The manifest of snapshot `snapshot_id`."""
    return snapshot_store.default().snapshot(snapshot_id).manifest


def source_files(snapshot_id: str) -> list[str]:
    """Names of the files that snapshot `snapshot_id` is made of."""
    store = snapshot_store.default()
    return [one.file for one in store.in_force(store.snapshot(snapshot_id))]


def last_day(facts: Manifest) -> date:
    """The last day that the snapshot with manifest `facts` has data of."""
    return date.fromisoformat(facts["as_of"])


def moment(facts: Manifest) -> str:
    """When the snapshot with manifest `facts` was published, by the server's clock."""
    return clock(datetime.fromisoformat(facts["created_at"]))


def clock(moment: datetime) -> str:
    """A time as the server's clock shows it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def stamp(scope: Scope, basis: str = "verified") -> str:
    """The line that every figure on a page carries, with what the version is today."""
    return stamp_of(scope, manifest(scope.snapshot_id), basis, standing(scope))


def standing(scope: Scope) -> str:
    """The scope's version as seen from the one in force, and its day from the last one."""
    facts = manifest(scope.snapshot_id)
    if scope.snapshot_id != current_id():
        return f"{moment(facts)[:10]} 公布的版本"
    if scope.as_of < last_day(facts):
        return f"按现行版本回看 {scope.as_of}"
    return "现行版本"


def ask_person() -> None:
    """Ask who is at work, where nobody signs in; decisions are kept by this name."""
    if st.session_state.get("_visitor"):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "经办人",
            key="person",
            persist_state="session",
            placeholder="姓名或工号",
            help="导入、复核、发布、退回都会记下是谁办的。",
            width=220,
        )
        if nobody():
            st.caption("没有填经办人时，可以看，不能发布、核定、签发和退回。")


def visitor() -> Visitor:
    """Who is at work: who signed in, or the office's clerk by the name that they typed.

    The name is '' while nobody is named.
    """
    signed_in: Visitor | None = st.session_state.get("_visitor")
    return signed_in or clerk(str(st.session_state.get("person", "")).strip())


def may(right: Right) -> bool:
    """Whether whoever is at work has `right`."""
    return visitor().may(right)


def nobody() -> bool:
    """Whether nobody is named as at work: then nothing can be decided."""
    return not visitor().name


def ledger() -> Ledger:
    """Where decisions on the records of the version in force are kept."""
    return snapshot_store.default().ledger_of(_current())


def publish_answers(then: Callable[[Snapshot], None]) -> NoReturn:
    """Publish the version in force again with the decisions of people; `then` gets the new one."""
    store, who = snapshot_store.default(), visitor()
    long_work.begin("正在发布", lambda progress: intake.fold(store, who, progress), then)


def demo_button(label: str) -> None:
    """A button that puts the demo data in force, where this city has any."""
    if publishing.available() and st.button(label, icon=":material/science:"):
        store, who = snapshot_store.default(), visitor()
        long_work.begin(
            "正在生成演示数据",
            lambda progress: publishing.publish(store, progress=progress, by=who),
            lambda _: None,
        )


def current_id() -> str | None:
    """Id of the snapshot in force; None while nothing is published."""
    snapshot = snapshot_store.default().current()
    return snapshot.id if snapshot else None


def current() -> Manifest:
    """The manifest of the snapshot in force, on pages that open only while there is one."""
    return _current().manifest


def _current() -> Snapshot:
    snapshot = snapshot_store.default().current()
    assert snapshot is not None
    return snapshot


@contextmanager
def progress(first: str) -> Iterator[Progress]:
    """A bar that shows the stages of a long step while it runs, and goes when it ends."""
    bar = st.progress(0.0, first)

    def advance(stage: str, share: float) -> None:
        bar.progress(min(share, 1.0), stage)

    try:
        yield advance
    finally:
        bar.empty()
