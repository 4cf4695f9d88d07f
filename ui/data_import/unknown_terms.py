"""Words that are a sender's own: what each stands for is asked once."""

from datetime import date

import pandas as pd
import streamlit as st

from domain import owners, reference
from loaders.reading import vocabulary
from loaders.senders import sender_memory
from store import snapshot_store
from store.errors import IntakeError
from ui import session
from ui.data_import import upload
from ui.data_import.upload import Work
from ui.frame import plain

NOTHING = "（不属于任何一类）"
_ASKED = 20  # words that are asked about at once, the commonest first
_TABLES = {
    "operator": ("operators", "operator_id", "operator"),
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
}


def ask(now: Work, words: pd.DataFrame) -> None:
    """Ask what the sender's own words stand for, and remember it."""
    if words.empty:
        st.success("所有的机构、单位、场景、类别和指标都认得。", icon=":material/check_circle:")
        return
    st.caption("说明一次，以后该单位的文件照此办理。没有选的仍按认不出处理。")
    asked = words.sort_values("rows", ascending=False, kind="stable").head(_ASKED)
    if len(words) > len(asked):
        st.caption(f"共 {len(words):,} 个词，先问行数最多的 {len(asked)} 个；答过以后再问其余的。")
    told: dict[str, dict[str, str]] = {}
    for row in asked.itertuples():
        meaning = _meaning(row.type, row.word, row.rows, key=f"word_{row.type}_{row.word}")
        if meaning is not None:
            told.setdefault(row.type, {})[row.word] = meaning
    if st.button("记住这些词，重新核对", icon=":material/school:", disabled=not told):
        _remember(now, told)


def _meaning(type_: str, word: str, rows: int, key: str) -> str | None:
    """Ask what one word stands for: a code, '' for nothing, None while unanswered."""
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


def _remember(now: Work, told: dict[str, dict[str, str]]) -> None:
    try:
        for type_, meanings in told.items():
            sender_memory.teach(
                snapshot_store.default().ledger, now.sender, type_, meanings, session.person()
            )
    except IntakeError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    upload.again(now)
