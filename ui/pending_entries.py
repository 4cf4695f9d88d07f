"""Widgets for manual entries: pending changes, publishing, problems of a form, operator's name."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import streamlit as st

from loaders.decisions import manual_entries, outline_decisions, same_shops
from presentation.labels import plain
from queries.scope import Scope
from store import dispute_register
from store.snapshot import Snapshot
from ui import session
from ui.session import nobody

BY_HAND = manual_entries.BY_HAND
WORDS = {
    "cluster": "项聚集区登记",
    "filing": "项材料登记",
    "figure": "项公布数登记",
    outline_decisions.TOPIC: "项轮廓决定",
    same_shops.TOPIC: "项门店决定",
}
"""Topics of the ledger that a page writes, and what their entries are called after a count."""


def pending() -> None:
    """What was done last; decisions not in force yet and their publication, for who may publish."""
    notices = st.container()  # always there, so that a notice reloads no map below it
    notice = st.session_state.pop("_entered", None)
    if notice:
        notices.success(plain(notice), icon=":material/task_alt:")
    if not session.may("publish"):
        return
    version = session.current().get("ledger_version", 0)
    counts = {topic: session.ledger().since(version, [topic]) for topic in WORDS}
    told = [f"{count} {WORDS[topic]}" for topic, count in counts.items() if count]
    rulings = dispute_register.unpublished(session.ledger(), version)
    waiting = "、".join([*told, *([f"{rulings} 项质询裁定"] if rulings else [])])
    if not waiting:
        return
    left, right = notices.columns([3, 2], vertical_alignment="center")
    left.info(f"有 {waiting}已经保存，还没有发布：各页仍按原来的算。", icon=":material/pending:")
    if right.button("发布为新版本", type="primary", icon=":material/publish:", disabled=nobody()):
        session.publish_answers(_published)


def _published(snapshot: Snapshot) -> None:
    st.session_state["_entered"] = f"已发布，数据版本 {snapshot.id}。各页已按新的决定计算。"


def at_work(scope: Scope) -> Scope:
    """`scope` on the version in force, which decisions are about; asks for the operator's name."""
    notices = st.container()
    working = session.in_force(scope)
    if working.snapshot_id != scope.snapshot_id:
        notices.caption("这一部分总是按现行版本办理，不随所选的数据版本。")
    if nobody():
        notices.warning(
            "请先在“经办人”里填上姓名或工号：每个决定都要记下是谁办的。",
            icon=":material/person:",
        )
    return working


def save(topic: str, row: Mapping[str, Any], notice: str, on: date | None = None) -> None:
    """Write one row to the ledger under the operator's name; the next run shows the notice.

    `on` is the day it is about: one after the last day of the data does not show yet.
    """
    manual_entries.enter(session.ledger(), topic, row, session.visitor())
    latest = session.last_day(session.current())
    if on is not None and on > latest:
        notice += f"日期 {on} 晚于数据截止日 {latest}，等导入到那一天的数据后才会列出。"
    done(notice)


def withdraw(topic: str, row: Mapping[str, Any], notice: str) -> None:
    """Take back what was entered of one row."""
    manual_entries.withdraw(session.ledger(), topic, row, session.visitor())
    done(notice)


def may_save(problems: list[str]) -> bool:
    """Show what keeps a form from being saved; whether nothing does."""
    if nobody():
        problems = ["请先在“经办人”里填上姓名或工号，每项登记都要记下是谁办的", *problems]
    for problem in problems:
        st.warning(plain(problem) + "。", icon=":material/warning:")
    return not problems


def missing(required: Mapping[str, object]) -> list[str]:
    """What to fill in, of the cells that are `required`: the request and what was given."""
    return [request for request, given in required.items() if not given]


def day(value: date | None) -> str | None:
    """A date of a form as the ledger keeps it."""
    return value.isoformat() if value is not None else None


def number() -> str:
    """A unique number for a row that brings none."""
    return f"手工-{uuid4().hex[:12]}"


def form_key(name: str) -> str:
    """Key of a form that keeps its cells until something was saved, and is empty again then."""
    return f"{name}-{st.session_state.get('_entries', 0)}"


def done(notice: str) -> None:
    """Run the page again with `notice` above, and with empty forms."""
    st.session_state["_entered"] = notice
    st.session_state["_entries"] = st.session_state.get("_entries", 0) + 1
    st.rerun()
