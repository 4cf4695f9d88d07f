"""Decisions on the register that are not published yet, and the button that makes them count."""

import streamlit as st

from loaders.settling import outlines, same_shops
from ui import session

WORDS = {outlines.TOPIC: "项轮廓决定", same_shops.TOPIC: "项门店决定"}


def bar() -> None:
    """What waits to be published, who publishes it, and what was published just now."""
    notices = st.container()  # always there, so that a notice reloads no map below it
    said = st.session_state.pop("_register_published", None)
    if said:
        notices.success(
            f"已发布，数据版本 {said}。门店已按新的决定归入场所。", icon=":material/task_alt:"
        )
    version = session.manifest(session.current_id())["ledger_version"]
    waiting = {topic: session.ledger().since(version, [topic]) for topic in WORDS}
    told = "、".join(f"{count} {WORDS[topic]}" for topic, count in waiting.items() if count)
    if told:
        left, right = notices.columns([3, 2], vertical_alignment="center")
        left.info(f"有 {told}已经保存，还没有发布：各页仍按原来的算。", icon=":material/pending:")
        label = "发布为新版本，重新归店"
        if right.button(label, type="primary", icon=":material/publish:", disabled=nobody()):
            with session.progress("正在发布…") as told_of:
                st.session_state["_register_published"] = session.publish_answers(told_of)
            st.rerun()


def at_work(scope: session.Scope) -> session.Scope:
    """`scope` on the version in force, which decisions are about; asks who is at work."""
    notices = st.container()
    working = session.in_force(scope)
    if working.snapshot_id != scope.snapshot_id:
        notices.caption("这一部分总是按现行版本办理，不随左侧所选的数据版本。")
    if nobody():
        notices.warning(
            "要画轮廓、答复重复门店，请先在左边“经办人”里填上姓名或工号：每个决定都要记下是谁办的。",
            icon=":material/person:",
        )
    return working


def nobody() -> bool:
    """Whether nobody has said who is at work: then nothing can be decided."""
    return not session.person()
