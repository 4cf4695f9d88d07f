"""Every statement that was taken, what became of it, and how one is taken back."""

from datetime import datetime

import pandas as pd
import streamlit as st

from demo import publishing
from loaders import intake
from loaders.kinds import KINDS
from presentation.labels import plain
from store import snapshot_store
from store.statement_store import STATES, Statement, standing
from ui import long_work, page_downloads, session

_CELL = {"value": "cell"}  # what a page calls it


def listed() -> None:
    """All statements with their state, the originals, and a way to withdraw one in force."""
    store = snapshot_store.default()
    current = store.current()
    if sentence := st.session_state.pop("_withdrawn", None):
        st.success(plain(sentence), icon=":material/task_alt:")
    if current is None:
        st.caption("还没有导入过报送。")
        return
    demo = current.manifest["demo"]
    known = [one for one in store.statements.all() if publishing.made(one) == demo]
    if not known:
        st.caption("还没有导入过报送。")
        return
    force = set(current.manifest["statements"])
    withdrawn = store.ledger.latest("withdrawn")
    states = {one.id: standing(one, force, withdrawn) for one in known}
    why = {one: entry.body["reason"] for one, entry in withdrawn.items()}
    rows = [
        {
            "状态": STATES[states[one.id]],
            "数据截止": one.as_at,
            "报送单位": one.sender or "未注明",
            "内容": KINDS[one.kind].label,
            "范围": "部分" if one.part else "全部",
            "文件": one.title,
            "入库": one.counts["accepted"],
            "退回": one.counts["rejected"],
            "导入时间": session.clock(datetime.fromisoformat(one.taken_at)),
            "经办人": one.taken_by,
            "撤回理由": why.get(one.id, "") if states[one.id] == "withdrawn" else "",
            "编号": one.id,
        }
        for one in reversed(known)
    ]
    st.caption(
        "数据版本由“在用”的报送合成，与导入的先后无关。同一单位、同一内容、同一截止日期再报一份，"
        "就替换前一份；报错了的可以撤回，各日的数随之重算。"
    )
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="各次报送")
    titles = {one.id: _title(one) for one in reversed(known)}
    _original(titles, {one.id: one for one in known})
    if not current.manifest["demo"]:
        _withdraw({name: title for name, title in titles.items() if name in force})


def _title(one: Statement) -> str:
    return f"{one.sender or '未注明'}　{KINDS[one.kind].label}　{one.as_at}　{one.title}"


def _original(titles: dict[str, str], known: dict[str, Statement]) -> None:
    chosen = st.selectbox("取回原件", list(titles), format_func=lambda name: titles[name])
    store, one = snapshot_store.default(), known[chosen]
    if one.counts["rejected"]:
        columns = ["file", "sheet", "row", "column", "cell", "reason"]
        page_downloads.tables(
            f"下载退回的单元格（{one.counts['rejected']} 行）",
            lambda: {"退回": (store.statements.rejects(one).rename(columns=_CELL), columns)},
            f"退回的单元格_{one.id}",
            _title(one),
        )
    original = store.original(one.digest)
    if original is None:
        st.caption("这份报送没有留存原件。")
    else:
        page_downloads.file("下载原件", original, one.file)


def _withdraw(titles: dict[str, str]) -> None:
    """Take one statement back, with a reason."""
    with st.form("withdraw", clear_on_submit=True):
        chosen = st.selectbox(
            "撤回哪份报送",
            list(titles),
            index=None,
            format_func=lambda name: titles[name],
            placeholder="选一份",
        )
        reason = st.text_input("撤回的理由", placeholder="如：报错了月份")
        pressed = st.form_submit_button("撤回并重算", icon=":material/undo:")
    if not pressed:
        return
    if session.nobody():
        st.warning("撤回前请先在页首填写经办人。", icon=":material/person:")
    elif chosen is None:
        st.warning("还没有选要撤回的报送。")
    elif not reason.strip():
        st.warning("还没有写撤回的理由。")
    else:
        store, who = snapshot_store.default(), session.visitor()
        long_work.begin(
            "正在重算",
            lambda progress: intake.withdraw(store, chosen, reason, who, progress),
            lambda _: _withdrawn(f"已撤回：{titles[chosen]}（经办人：{who.name}）。"),
        )


def _withdrawn(sentence: str) -> None:
    st.session_state["_withdrawn"] = sentence
