"""What people enter by hand on any page, and how it comes into force."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from loaders.settling import entries
from ui import session
from ui.frame import plain

TOPICS = [*entries.TOPICS]
BY_HAND = entries.BY_HAND


def pending() -> None:
    """What was entered and is not in force yet, and the button that publishes it."""
    said = st.session_state.pop("_entered", None)
    if said:
        st.success(said, icon=":material/task_alt:")
    facts = session.manifest(session.current_id())
    waiting = session.ledger().since(facts["ledger_version"], TOPICS)
    if not waiting:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"有 {waiting} 项登记还没有发布，发布后才计入各页。", icon=":material/pending:")
        if st.button(
            "发布为新版本", type="primary", icon=":material/publish:", disabled=not session.person()
        ):
            with session.progress("正在发布…") as told:
                snapshot_id = session.publish_answers(told)
            st.session_state["_entered"] = f"已发布，数据版本 {snapshot_id}。"
            st.rerun()


def save(topic: str, row: Mapping[str, Any], said: str) -> None:
    """Write one row down under the name of whoever is at work, and say so on the next run."""
    entries.enter(session.ledger(), topic, row, session.person())
    st.session_state["_entered"] = said
    st.rerun()


def withdraw(topic: str, row: Mapping[str, Any], said: str) -> None:
    """Take back what was entered of one row."""
    entries.withdraw(session.ledger(), topic, row, session.person())
    st.session_state["_entered"] = said
    st.rerun()


def asked(problems: list[str]) -> bool:
    """Say what keeps a form from being saved; whether nothing does."""
    if not session.person():
        problems = ["请先在左边“经办人”里填上姓名或工号，每项登记都要记下是谁办的", *problems]
    for problem in problems:
        st.warning(plain(problem) + "。", icon=":material/warning:")
    return not problems


def day(value: object) -> str | None:
    """A date of a form as the ledger keeps it."""
    return value.isoformat() if value is not None else None


def number(topic: str) -> str:
    """A number for a row that brings none: that of the next decision."""
    return f"{topic}-{session.ledger().version + 1}"
