"""What people decide by hand on any page: what waits, how it comes into force, who is at work."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import streamlit as st

from loaders.decisions import manual_entries, outline_decisions, same_shops
from queries.scope import Scope
from ui import session
from ui.frame import plain

BY_HAND = manual_entries.BY_HAND
WORDS = {
    "cluster": "项聚集区登记",
    "filing": "项材料登记",
    "figure": "项公布数登记",
    outline_decisions.TOPIC: "项轮廓决定",
    same_shops.TOPIC: "项门店决定",
}
"""Topics of the ledger that a page writes, and what to call so many of them."""


def pending() -> None:
    """What was decided and is not in force yet, and the button that publishes it."""
    notices = st.container()  # always there, so that a notice reloads no map below it
    said = st.session_state.pop("_entered", None)
    if said:
        notices.success(plain(said), icon=":material/task_alt:")
    version = session.manifest(session.current_id()).get("ledger_version", 0)
    waiting = {topic: session.ledger().since(version, [topic]) for topic in WORDS}
    told = "、".join(f"{count} {WORDS[topic]}" for topic, count in waiting.items() if count)
    if not told:
        return
    left, right = notices.columns([3, 2], vertical_alignment="center")
    left.info(f"有 {told}已经保存，还没有发布：各页仍按原来的算。", icon=":material/pending:")
    if right.button("发布为新版本", type="primary", icon=":material/publish:", disabled=nobody()):
        with session.progress("正在发布…") as told_of:
            snapshot_id = session.publish_answers(told_of)
        st.session_state["_entered"] = f"已发布，数据版本 {snapshot_id}。各页已按新的决定计算。"
        st.rerun()


def at_work(scope: Scope) -> Scope:
    """`scope` on the version in force, which decisions are about; asks who is at work."""
    notices = st.container()
    working = session.in_force(scope)
    if working.snapshot_id != scope.snapshot_id:
        notices.caption("这一部分总是按现行版本办理，不随左侧所选的数据版本。")
    if nobody():
        notices.warning(
            "请先在左边“经办人”里填上姓名或工号：每个决定都要记下是谁办的。",
            icon=":material/person:",
        )
    return working


def nobody() -> bool:
    """Whether nobody has said who is at work: then nothing can be decided."""
    return not session.person()


def save(topic: str, row: Mapping[str, Any], said: str, on: date | None = None) -> None:
    """Write one row down under the name of whoever is at work, and say so on the next run.

    `on` is the day it is about: one after the last day of the data does not show yet.
    """
    manual_entries.enter(session.ledger(), topic, row, session.person())
    latest = date.fromisoformat(session.manifest(session.current_id())["as_of"])
    if on is not None and on > latest:
        said += f"日期 {on} 晚于数据截止日 {latest}，等导入到那一天的数据后才会列出。"
    _said(said)


def withdraw(topic: str, row: Mapping[str, Any], said: str) -> None:
    """Take back what was entered of one row."""
    manual_entries.withdraw(session.ledger(), topic, row, session.person())
    _said(said)


def asked(problems: list[str]) -> bool:
    """Say what keeps a form from being saved; whether nothing does."""
    if nobody():
        problems = ["请先在左边“经办人”里填上姓名或工号，每项登记都要记下是谁办的", *problems]
    for problem in problems:
        st.warning(plain(problem) + "。", icon=":material/warning:")
    return not problems


def day(value: date | None) -> str | None:
    """A date of a form as the ledger keeps it."""
    return value.isoformat() if value is not None else None


def number() -> str:
    """A number of its own for a row that brings none."""
    return f"手工-{uuid4().hex[:12]}"


def form_key(name: str) -> str:
    """Key of a form that keeps its cells until something was saved, and is empty again then."""
    return f"{name}-{st.session_state.get('_entries', 0)}"


def _said(text: str) -> None:
    st.session_state["_entered"] = text
    st.session_state["_entries"] = st.session_state.get("_entries", 0) + 1
    st.rerun()
