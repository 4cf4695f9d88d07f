"""Terms that only this sender uses, and the question what each means."""

from datetime import date

import pandas as pd
import streamlit as st

from domain import owners, reference
from loaders.reading import vocabulary
from loaders.senders import sender_memory
from presentation.labels import plain
from store import snapshot_store
from ui import session
from ui.data_import import upload
from ui.data_import.upload import Work
from ui.frame import errors_shown

NOTHING = "（不属于任何一类）"
_ASKED = 20  # words that are asked about at once, the commonest first
_TABLES = {
    "operator": ("operators", "operator_id", "operator"),
    "status": ("statuses", "status_id", "status"),
    "scenario": ("scenarios", "scenario_id", "scenario"),
    "venue_kind": ("venue_kinds", "kind_id", "kind"),
    "indicator": ("indicators", "indicator_id", "indicator"),
    "filing_kind": ("filing_kinds", "kind_id", "kind"),
    "measure": ("province_measures", "measure_id", "measure"),
}
_TYPES = {
    "operator": "运营机构",
    "scenario": "场景类型",
    "venue_kind": "名录类别",
    "indicator": "指标",
    "owner": "单位",
    "filing_kind": "材料类型",
    "measure": "省内指标",
    "status": "状态",
}


def ask(now: Work, words: pd.DataFrame) -> None:
    """Ask what the sender's unknown words mean (type, word, rows), and remember it."""
    if words.empty:
        st.success("所有的机构、单位、场景、类别和指标都认得。", icon=":material/check_circle:")
        return
    st.caption("说明一次，以后该单位的文件照此办理。没有选的仍按认不出处理。")
    asked = words.sort_values("rows", ascending=False, kind="stable").head(_ASKED)
    if len(words) > len(asked):
        st.caption(f"共 {len(words):,} 个词，先问行数最多的 {len(asked)} 个；答过以后再问其余的。")
    meanings: dict[str, dict[str, str]] = {}
    for type_, word, rows in zip(asked["type"], asked["word"], asked["rows"], strict=True):
        meaning = _meaning(type_, word, rows, key=f"word_{type_}_{word}")
        if meaning is not None:
            meanings.setdefault(type_, {})[word] = meaning
    if st.button("记住这些词，重新核对", icon=":material/school:", disabled=not meanings):
        ledger = snapshot_store.default().ledger
        with errors_shown():
            for type_, codes in meanings.items():
                sender_memory.teach(ledger, now.sender, type_, codes, session.visitor())
            upload.again(now)


def _meaning(type_: str, word: str, rows: int, key: str) -> str | None:
    """Ask what one word means: a code, '' for none of them, None while unanswered."""
    names = owners.names(date.today()) if type_ == "owner" else reference.labels(*_TABLES[type_])
    likely = vocabulary.likely(type_, word)
    options = ["", *likely, *(code for code in names if code not in likely)]
    left, right = st.columns([2, 3], vertical_alignment="center")
    left.markdown(f"**{plain(word)}**  \n:gray[{_TYPES[type_]}，{rows:,} 行]")
    return right.selectbox(
        f"“{word}”是",
        options,
        index=None,
        format_func=lambda code: f"{code} {names[code]}" if code else NOTHING,
        placeholder=f"请选（最像的在前：{names[likely[0]]}）" if likely else "请选",
        label_visibility="collapsed",
        key=key,
    )
