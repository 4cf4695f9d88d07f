"""The form that raises a dispute: what, why, a sentence, a proof."""

from typing import Any

import pandas as pd
import streamlit as st

from domain import dispute_rules, reference
from domain.dispute_rules import KINDS
from loaders.decisions import dispute_decisions, dispute_subjects
from loaders.formats import proof_files
from presentation.labels import plain, with_names
from queries import dispute_standing
from queries.scope import Scope
from store import snapshot_store
from ui import pending_entries, session
from ui.disputes import dispute_link

_UNLISTED = "unlisted"
_ANY = "（不限）"


def form(scope: Scope) -> None:
    """Choose a kind, then a record or a venue that is left out, a reason and a proof."""
    kind = _kind()
    linked = dispute_link.asked()
    row = _linked(scope, linked[1]) if linked and linked[0] == kind else _found(scope, kind)
    open_to = dispute_subjects.listable(session.visitor())
    may_list = kind == "venue" and all(open_to.values())
    missing = row is None and may_list and st.checkbox("名录里没有这个场所（漏列）")
    if row is None and not missing:
        return
    reasons = {
        key: one
        for key, one in dispute_rules.reasons(kind).items()
        if (key == _UNLISTED) == (row is None)
    }
    with st.form(pending_entries.form_key("dispute"), border=True):
        fields = _described(open_to) if row is None else {}
        left, right = st.columns(2, gap="medium")
        with left:
            reason = st.selectbox(
                "理由",
                list(reasons),
                0 if row is None else None,
                format_func=lambda key: f"{reasons[key].reason}：成立的，{reasons[key].about}",
                placeholder="请选",
            )
            found_on = st.date_input("发现日期", "today", max_value="today", format="YYYY-MM-DD")
        with right:
            sentence = st.text_area("说明情况", max_chars=500, height=110)
        proof = upload("佐证（照片或 PDF，可以不附）")
        if st.form_submit_button("提出质询", type="primary", icon=":material/gavel:"):
            required = {"请选理由": reason, "请说明情况": sentence.strip()}
            if pending_entries.may_save(pending_entries.missing(required)):
                key = "" if row is None else str(row["key"])
                number = dispute_decisions.raise_dispute(
                    snapshot_store.default(),
                    kind,
                    key,
                    str(reason),
                    sentence,
                    by=session.visitor(),
                    found_on=found_on,
                    proof=proof,
                    fields=fields,
                )
                dispute_link.forget()
                pending_entries.done(f"已提出 {number}。")


def upload(label: str) -> bytes | None:
    """Ask for a proof; its content."""
    file = st.file_uploader(
        label,
        type=list(proof_files.SUFFIXES),
        max_upload_size=proof_files.MOST_BYTES // 1024**2,
        help="照片会重新保存一份，去掉拍摄地点等信息。",
    )
    return file.getvalue() if file else None


def _kind() -> str:
    chosen: str = st.segmented_control(
        "质询什么",
        list(KINDS),
        format_func=KINDS.__getitem__,
        default="shop",
        key="dispute_kind",
        required=True,
    )
    return chosen


def _linked(scope: Scope, key: str) -> pd.Series | None:
    """The record that a link named, where the visitor may question it."""
    kind = str(st.session_state["dispute_kind"])
    found = dispute_standing.search(scope, kind, key, session.visitor())
    found = found[found["key"] == key]
    if found.empty:
        st.info("这条记录不归本单位质询，或者现行版本里已经没有了。")
    else:
        _tell(found.iloc[0])
    if st.button("换一个", icon=":material/search:"):
        dispute_link.forget()
        st.rerun()
    return None if found.empty else found.iloc[0]


def _found(scope: Scope, kind: str) -> pd.Series | None:
    """The record chosen among those that a search gives."""
    text = st.text_input(
        f"查找{KINDS[kind]}",
        key=f"dispute_search_{kind}",
        placeholder="名称、地址或编号里的字，可以用空格隔开几个",
    )
    if not text.strip():
        st.caption("先输入要质询的对象，再从结果里选。")
        return None
    found = dispute_standing.search(scope, kind, text, session.visitor())
    if found.empty:
        st.info("没有找到本单位可以质询的记录。")
        return None
    labels = [_label(row) for _, row in found.iterrows()]
    chosen = st.selectbox(
        f"质询对象（找到 {len(found)} 个" + ("或更多" if len(found) >= 50 else "") + "）",
        range(len(found)),
        None if len(found) > 1 else 0,
        format_func=labels.__getitem__,
        placeholder="请选",
    )
    return None if chosen is None else found.iloc[chosen]


def _label(row: pd.Series) -> str:
    about = f"，{row['about']}" if row["about"] else ""
    return f"{row['name']}（{row['key']}）{about}"


def _tell(row: pd.Series) -> None:
    (named,) = with_names(row.to_frame().T).to_dict("records")
    places = [named["county"], named["operator"]]
    st.markdown(f"**{plain(_label(row))}**  \n{plain('，'.join(places))}")


def _described(open_to: dict[str, list[str]]) -> dict[str, Any]:
    """Ask for the venue that is left out, of kinds, counties and banks that are `open_to` it."""
    kinds = reference.labels("venue_kinds", "kind_id", "kind")
    counties = reference.labels("counties", "county_code", "name")
    banks = reference.labels("operators", "operator_id", "operator")
    left, right = st.columns(2, gap="medium")
    with left:
        name = st.text_input("场所名称", max_chars=80)
        kind = _chosen("场所类别", open_to["kind_id"], kinds)
        count = st.number_input("应覆盖商户数（不知道可以不填）", 1, value=None, step=1)
    with right:
        county = _chosen("所在县区", open_to["county_code"], counties)
        address = st.text_input("地址", max_chars=120, placeholder="写明乡镇街道、路和门牌号")
        bank = st.selectbox(
            "责任银行", open_to["operator_id"], format_func=lambda code: banks.get(code, _ANY)
        )
    return {
        "name": name, "kind_id": kind, "county_code": county, "address": address,
        "operator_id": bank, "eligible_count": count,
    }  # fmt: skip


def _chosen(label: str, codes: list[str], names: dict[str, str]) -> str | None:
    """Ask for one of `codes`; a single one is chosen."""
    only = 0 if len(codes) == 1 else None
    return st.selectbox(label, codes, only, format_func=names.__getitem__, placeholder="请选")
