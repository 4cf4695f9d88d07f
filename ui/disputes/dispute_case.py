"""One dispute: its history for good, its proofs, and the step that comes next."""

from datetime import date
from typing import Any

import streamlit as st

from domain import dispute_rules, reference
from domain.dispute_rules import ANSWERS, STATUS, Dispute
from loaders.decisions import dispute_decisions
from presentation import dispute_listings, order_proposals
from presentation.labels import plain
from queries import dispute_standing
from queries.scope import Scope
from store import snapshot_store
from ui import page_downloads, page_tables, pending_entries, session
from ui.disputes import raise_form
from ui.supervision_orders import order_link

_ELSEWHERE = "不在本市"


def show(scope: Scope, dispute: Dispute) -> None:
    """The facts and the history of one dispute, and what the visitor may do about it."""
    now = dispute_rules.status(dispute, date.today())
    st.subheader(f"{plain(dispute.number)}：{plain(dispute.subject.name)}", anchor=False)
    kind, against = dispute_rules.KINDS[dispute.subject.kind], dispute.subject.against
    asked = f"{dispute_listings.party(*against)}，应在 {dispute.due_on} 以前答复"
    parts = [
        f"{kind} {dispute.subject.key}".strip(),
        dispute.reason.reason,
        asked if against[0] else dispute_listings.OFFICE,
        STATUS[now],
    ]
    st.markdown(plain("；".join(parts)))
    page_tables.static(
        dispute_listings.steps(scope, dispute).map(plain), dispute_listings.STEPS, "办理经过"
    )
    proofs(dispute)
    who = session.visitor()
    if now in ("open", "overdue") and dispute_rules.answers(who, dispute):
        _answer(dispute)
    if now in ("to_rule", "overdue") and who.may("rule"):
        _rule(scope, dispute)
    if who.may("order") and order_proposals.proposal(scope, "dispute", dispute.number):
        order_link.button("dispute", dispute.number)
    concerned = dispute_rules.concerns(who, dispute.subject) or dispute_rules.raised_by(
        who, dispute
    )
    if now in dispute_rules.ENDED and not dispute.reopened and concerned:
        _reopen(dispute)


def proofs(dispute: Dispute) -> None:
    """What was handed in with the steps of a dispute, to take away."""
    given = [step for step in dispute.steps if step.body.get("proof")]
    if not given:
        return
    with st.container(horizontal=True):
        for step in given:
            digest = step.body["proof"]
            content = snapshot_store.default().original(digest)
            if content is None:
                st.caption(f"佐证 {digest[:8]} 不在数据目录里，请从备份恢复。")
                continue
            suffix = "pdf" if content.startswith(b"%PDF") else _picture(content)
            page_downloads.file(
                f"{dispute_rules.SORTS[step.sort]}佐证 {digest[:8]}",
                content,
                f"{dispute.number}_{digest[:8]}.{suffix}",
                key=f"proof-{dispute.number}-{digest[:8]}",
            )


def _picture(content: bytes) -> str:
    return "png" if content.startswith(b"\x89PNG") else "jpg"


def _answer(dispute: Dispute) -> None:
    st.markdown("**答复**")
    if session.may("rule"):
        st.caption("责任单位没有登录、用书面答复的，在这里代为登记，办理经过里会写明。")
    with st.form(pending_entries.form_key(f"answer-{dispute.number}"), border=True):
        answer = st.radio(
            "怎样答复", list(ANSWERS), format_func=ANSWERS.__getitem__, horizontal=True, index=None
        )
        sentence = st.text_area("说明", max_chars=500)
        proof = raise_form.upload("佐证（照片或 PDF）")
        if not st.form_submit_button("提交答复", type="primary", icon=":material/reply:"):
            return
        required: dict[str, object] = {"请选怎样答复": answer, "请写说明": sentence.strip()}
        if answer == "proven":
            required["举证要附佐证"] = proof
        if pending_entries.may_save(pending_entries.missing(required)):
            dispute_decisions.answer(
                snapshot_store.default(),
                dispute.number,
                str(answer),
                sentence,
                by=session.visitor(),
                proof=proof,
            )
            pending_entries.done(f"已答复 {dispute.number}，等办公室裁定。")


def _rule(scope: Scope, dispute: Dispute) -> None:
    st.markdown("**裁定**")
    st.caption(f"成立的，{dispute.reason.about}。发布之前先看会改变哪些数和名次。")
    other = _other(scope, dispute) if dispute.reason.effect == "same_shop" else None
    with st.form(pending_entries.form_key(f"rule-{dispute.number}"), border=True):
        verdict = st.radio("裁定", ["成立", "不成立"], index=None, horizontal=True)
        left, right = st.columns(2, gap="medium")
        with left:
            found = date.fromisoformat(dispute.steps[0].body["found_on"])
            last = min(found, session.last_day(session.current()))
            on = st.date_input("从哪天起", last, max_value="today", format="YYYY-MM-DD")
            details = _details(dispute) | ({"other": other} if other else {})
        with right:
            sentence = st.text_area("裁定的理由", max_chars=500, height=110)
        if not st.form_submit_button("保存裁定", type="primary", icon=":material/gavel:"):
            return
        required = {"请选成立还是不成立": verdict, "请写裁定的理由": sentence.strip()}
        if pending_entries.may_save(pending_entries.missing(required)):
            dispute_decisions.rule(
                snapshot_store.default(),
                dispute.number,
                verdict == "成立",
                sentence,
                session.visitor(),
                on=on,
                details=details,
            )
            pending_entries.done(f"已裁定 {dispute.number}：{verdict}。")


def _details(dispute: Dispute) -> dict[str, Any]:
    """Ask for what the effect of upholding needs."""
    effect = dispute.reason.effect
    if effect == "denominator":
        return {
            "eligible_count": st.number_input("核定的应覆盖数", 1, value=None, step=1),
            "grade": st.selectbox("等级", ["A", "B", "C"], None, placeholder="请选"),
        }
    if effect == "figure":
        return {"value": st.number_input("核定的数", 0.0, value=None)}
    if effect == "place":
        counties = reference.labels("counties", "county_code", "name")
        return {
            "county_code": st.selectbox(
                "核定在哪里",
                ["", *counties],
                format_func=lambda code: counties.get(code, _ELSEWHERE),
            )
        }
    return {}


def _other(scope: Scope, dispute: Dispute) -> str | None:
    """Ask which other record is the same shop."""
    key = f"dispute_other_{dispute.number}"
    text = st.text_input("与哪一条重复", key=key, placeholder="另一家的名称、地址或编号")
    if not text.strip():
        return None
    found = dispute_standing.search(scope, "shop", text, session.visitor())
    names = dict(zip(found["key"], found["name"] + "（" + found["key"] + "）", strict=True))
    names.pop(dispute.subject.key, None)
    chosen: str | None = st.selectbox(
        "重复的另一条", list(names), None, format_func=names.__getitem__, placeholder="请选"
    )
    return chosen


def _reopen(dispute: Dispute) -> None:
    with (
        st.expander("有新的佐证，再次提出（只能一次）"),
        st.form(pending_entries.form_key(f"reopen-{dispute.number}"), border=False),
    ):
        sentence = st.text_area("说明情况", max_chars=500)
        proof = raise_form.upload("新的佐证（照片或 PDF）")
        if not st.form_submit_button("再次提出", icon=":material/replay:"):
            return
        required = {"请说明情况": sentence.strip(), "请附新的佐证": proof}
        if pending_entries.may_save(pending_entries.missing(required)):
            dispute_decisions.reopen(
                snapshot_store.default(),
                dispute.number,
                sentence,
                proof or b"",
                session.visitor(),
            )
            pending_entries.done(f"已再次提出 {dispute.number}。")
