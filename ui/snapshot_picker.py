"""The choice of a published version to look at, and the note that it is not the latest."""

import streamlit as st

from domain import rules
from queries.scope import Scope, area_name, tiers_by_name
from store import snapshot_store
from ui import session
from ui.session import Manifest

KNOWN, PUBLISHED = "今天所知", "当时公布"
MEANINGS = {
    KNOWN: "用现行版本看任何一天，后来的更正都算进去。",
    PUBLISHED: "看以前公布的一个版本，后来的更正不算。",
}


def choose(in_force: Manifest) -> Manifest:
    """Ask which version to look at; its manifest, that of the one `in_force` unless another is."""
    asked = st.query_params.get("published")
    mode = st.radio(
        "数据版本",
        list(MEANINGS),
        captions=list(MEANINGS.values()),
        key="knowledge",
        bind="query-params",
    )
    if mode == KNOWN:
        return in_force
    others = _by_name(in_force["id"])
    if not others:
        st.caption("还没有以前公布的版本，看的是现行版本。")
        return in_force
    if asked and asked not in others:
        st.warning("链接里说的版本这里没有，或已经损坏。请另选一个。", icon=":material/link_off:")
    name = st.selectbox("哪一次公布的", list(others), key="published", bind="query-params")
    damaged = snapshot_store.default().damaged()
    if damaged:
        st.caption(f"另有 {len(damaged)} 个版本的文件损坏，不能看：{'、'.join(damaged)}")
    return others[name]


def _by_name(in_force: str) -> dict[str, Manifest]:
    """Manifests of the versions not in force by when they were published, newest first."""
    named: dict[str, Manifest] = {}
    for facts in reversed(snapshot_store.default().snapshots()):
        if facts["id"] == in_force:
            continue
        kind = "，演示" if facts["demo"] else ""
        name = f"{session.moment(facts)}（截至 {facts['as_of']}{kind}）"
        named[name if name not in named else f"{name} {facts['id']}"] = facts
    return dict(reversed(named.items()))


def go_to(scope: Scope) -> None:
    """Look at the version, day, area and register of `scope` from the next run on."""
    facts, current = session.manifest(scope.snapshot_id), session.current()["id"]
    chosen = st.session_state
    chosen["knowledge"] = KNOWN
    if scope.snapshot_id != current:
        named = {version["id"]: name for name, version in _by_name(current).items()}
        chosen["knowledge"], chosen["published"] = PUBLISHED, named[scope.snapshot_id]
    latest = session.last_day(facts)
    chosen["_looked_at"] = (scope.snapshot_id, latest, scope.snapshot_id == current)
    chosen["as_of"] = scope.as_of
    chosen["area"] = area_name(scope)
    chosen["tiers"] = next(name for name, code in tiers_by_name().items() if code == scope.tiers)
    chosen["field"] = chosen["operator"] = session.ALL


def note(scope: Scope) -> None:
    """Say that this is not the latest there is, and offer the way there."""
    facts, latest = session.manifest(scope.snapshot_id), session.current()
    if facts["id"] == latest["id"] and scope.as_of >= session.last_day(latest):
        return
    text = f"**不是最新的情况**：{session.standing(scope)}"
    if facts["id"] == latest["id"]:
        text += "，后来的更正都算在内。"
    else:
        text += f"，截止日 {scope.as_of}，后来的更正不在里面。"
        if facts["rules_version"] != rules.VERSION:
            text += f"公布时的规则是 {facts['rules_version']}，这里按现在的 {rules.VERSION} 计算。"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(text, icon=":material/history:")
        st.button("回到最新", on_click=_go_to_latest, icon=":material/update:")


def _go_to_latest() -> None:
    st.session_state["knowledge"] = KNOWN
    st.session_state["as_of"] = session.last_day(session.current())
