"""Published versions, the way back to any of them, and the demo."""

import pandas as pd
import streamlit as st

from demo import publishing
from loaders import intake
from presentation.labels import plain
from store import snapshot_store
from ui import session
from ui.data_import import version_changes


def listed() -> None:
    """All published versions by what each changed, and a way back to any of them."""
    store = snapshot_store.default()
    manifests, current = store.snapshots(), store.pointed()
    if sentence := st.session_state.pop("_went_back", None):
        st.success(plain(sentence), icon=":material/task_alt:")
    _damaged(store.damaged())
    if not manifests:
        st.caption("还没有发布过数据。")
        return
    known = {facts["id"]: facts for facts in manifests}
    before = {facts["id"]: known.get(facts.get("parent") or "") for facts in manifests}
    kept = {one.id: one for one in store.statements.all()}
    changed = {
        name: version_changes.changes(
            facts, before[name], store.ledger_of(store.snapshot(name)), kept
        )
        for name, facts in known.items()
    }
    rows = [
        {
            "发布时间": session.moment(facts),
            "在用": "在用" if name == current else "",
            "变化": changed[name],
            **{
                heading: version_changes.moved(facts["rows"][kind], _rows_of(before[name], kind))
                for heading, kind in (("受理点", "merchants"), ("场所", "venues"))
            },
            "发布人": facts["created_by"],
            "数据版本": name,
            "内容校验码": facts["content_hash"][:12],
        }
        for name, facts in known.items()
    ]
    widths = {"变化": st.column_config.TextColumn(width="large")}
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="数据版本", column_config=widths)
    st.caption("受理点、场所按所有记录数，已撤出的也在内；某一天在册的场所见特定区域名录。")
    titles = {name: f"{session.moment(known[name])}　{changed[name]}" for name in known}
    _way_back(titles, current)
    _switches(titles)


def _rows_of(facts: session.Manifest | None, kind: str) -> int | None:
    return None if facts is None or facts["demo"] else facts["rows"][kind]


def _way_back(titles: dict[str, str], current: str | None) -> None:
    """Choose an earlier version, confirm, and put it in force."""
    others = [name for name in titles if name != current]
    if not others:
        return
    target = st.selectbox(
        "退回到哪个版本", others, format_func=lambda name: titles[name], key="_back_to"
    )
    st.caption("退回后，每个数都与那个版本发布时一模一样（内容校验码相同）；别的版本都还在。")
    if st.button("退回到这个版本", icon=":material/history:"):
        if session.nobody():
            st.warning("退回前请先在页首填写经办人。", icon=":material/person:")
            return
        st.session_state["_going_back"] = target
    if st.session_state.get("_going_back") == target:
        _confirm(target, titles, current)


def _confirm(target: str, titles: dict[str, str], current: str | None) -> None:
    now = f"现在在用的是：{titles[current]}。" if current in titles else ""
    question = f"要退回到：{titles[target]}。{now}退回后，各页立即改用那个版本的数。"
    st.warning(plain(question), icon=":material/help:")
    with st.container(horizontal=True):
        agreed = st.button("确定退回", type="primary", disabled=session.nobody())
        refused = st.button("不退回")
    if not (agreed or refused):
        return
    del st.session_state["_going_back"]
    if agreed:
        _, unrecorded = intake.roll_back(snapshot_store.default(), target, session.visitor())
        st.session_state["_went_back"] = (
            f"已退回，现在在用的是：{titles[target]}（经办人：{session.visitor().name}）。{unrecorded}"
        )
    st.rerun()


def _damaged(names: list[str]) -> None:
    """Versions that cannot be read."""
    if names:
        st.warning(
            f"另有 {len(names)} 个版本的文件损坏或不是本看板发布的，读不出来：{'、'.join(names)}。"
            "请从备份恢复，或从数据目录里移走。",
            icon=":material/broken_image:",
        )


def _switches(titles: dict[str, str]) -> None:
    """Who put which version in force by hand."""
    switches = snapshot_store.default().ledger.history("force")
    if not switches:
        return
    with st.expander(f"退回记录（{len(switches)} 次）"):
        former = [switch.body["instead_of"] or "—" for switch in switches]
        st.dataframe(
            pd.DataFrame(
                {
                    "时间": [session.clock(switch.at) for switch in switches],
                    "经办人": [switch.by for switch in switches],
                    "退回到": [titles.get(one.subject, one.subject) for one in switches],
                    "原来在用": [titles.get(name, name) for name in former],
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
