"""The form that issues an order: what is proposed, edited by whoever signs it."""

from dataclasses import replace
from datetime import date

import streamlit as st

from domain.dispute_rules import Subject
from domain.order_rules import KINDS, LONGEST, UNDONE, Kind, Task
from domain.visitors import Role
from loaders.decisions import order_decisions
from presentation import order_proposals
from presentation.dispute_listings import party
from queries import order_standing
from queries.scope import CITY, Scope
from reports.documents import order_letter
from store import people, snapshot_store
from ui import pending_entries, session
from ui.supervision_orders import order_link, order_paper
from ui.supervision_orders.order_link import About

_AGAIN = "看改后的文稿"
_ROLES: tuple[Role, ...] = ("county", "department", "bank")


def form(scope: Scope) -> None:
    """Choose what the order is about, read its letter and issue it; below, edit what is proposed.

    Whoever comes by a link has chosen: they are shown the letter first.
    """
    first, second = st.container(), st.container()
    choice, letter = (second, first) if order_link.linked() else (first, second)
    with choice:
        kind: Kind = st.segmented_control(
            "督办什么",
            list(KINDS),
            format_func=KINDS.__getitem__,
            default="area",
            key="order_kind",
            required=True,
        )
        about = _subject(scope, kind)
    if about is not None:
        with letter:
            _letter(scope, about)


def _letter(scope: Scope, about: About) -> None:
    """The letter as it will be issued, who issues it, what it rests on, and what may be changed."""
    proposed = order_proposals.proposal(scope, *about)
    if proposed is None:
        st.caption("这一项现在没有要督办的。")
        return
    _tell_others(scope, proposed.subject)
    paper = st.container(border=True)
    session.ask_person()
    with st.form(pending_entries.form_key(f"order-{about.kind}-{about.key}"), border=False):
        signing, problems, evidence = st.container(horizontal=True), st.container(), st.container()
        st.caption(f"要改的，在下面改；改后先按“{_AGAIN}”。")
        task = _edited(proposed)
        st.form_submit_button(_AGAIN, icon=":material/visibility:")
        with paper:
            st.caption("签发后，纸上这样写：")
            order_paper.asked(task)
        with evidence:
            order_paper.evidence(task)
        if not signing.form_submit_button(
            "签发", type="primary", icon=":material/assignment_late:"
        ):
            return
        required = {
            "请选办理单位": task.unit,
            "请写督办事项": task.matter.strip(),
            "请写办理要求": task.measure.strip(),
        }
        with problems:
            sound = pending_entries.may_save(pending_entries.missing(required))
        if sound:
            signed = replace(task, code=order_letter.code(task))
            number = order_decisions.issue(snapshot_store.default(), signed, session.visitor())
            order_link.forget()
            pending_entries.done(
                f"已签发 {number}，主送{party(task.role, task.unit)}。"
                "要纸的，在“未销号”里点这一件，下载 Word 或 PDF。"
            )


def _subject(scope: Scope, kind: Kind) -> About | None:
    """What the order is about: what a link named, or one of those that are due."""
    known, linked = order_proposals.choices(scope, kind), order_link.asked(kind)
    where = CITY if kind in ("late", "report") else "所选范围"
    label = f"{KINDS[kind]}（{where} {len(known):,} 项）"
    if linked and linked.key not in known:  # a link may name what is not among the most urgent
        known = {linked.key: linked.key} | known
    if not known:
        st.caption("这一类现在没有要督办的。")
        return None
    chosen: str | None = st.selectbox(
        label,
        list(known),
        list(known).index(linked.key) if linked else None,
        format_func=known.__getitem__,
        key=pending_entries.form_key(f"order_about_{kind}_{linked and linked.key}"),
        placeholder="请选",
    )
    if linked and linked.key == chosen:
        return linked
    return About(kind, chosen) if chosen else None


def _tell_others(scope: Scope, about: Subject) -> None:
    """Say which orders on the same matter are not done yet."""
    others = [
        order.number
        for order, state in order_standing.now(scope)
        if state.state in UNDONE and order.task.subject == about
    ]
    if others:
        st.warning(f"这一项已有未销号的督办单：{'、'.join(others)}。", icon=":material/error:")


def _edited(task: Task) -> Task:
    """Ask for what may be changed of a proposal."""
    parties = {(role, unit): name for role in _ROLES for unit, name in people.units(role).items()}
    left, right = st.columns(2, gap="medium")
    with left:
        to = st.selectbox(
            "办理单位",
            list(parties),
            list(parties).index((task.role, task.unit)),
            format_func=parties.__getitem__,
        )
        matter = st.text_area("督办事项", task.matter, max_chars=LONGEST["matter"], height=110)
        issuer = st.text_input("签发单位", task.issuer, max_chars=LONGEST["issuer"])
    with right:
        due_on = st.date_input("办理期限", task.due_on, min_value="today", format="YYYY-MM-DD")
        measure = st.text_area("办理要求", task.measure, max_chars=LONGEST["measure"], height=110)
        contact = st.text_input("联系人和电话（可以不填）", max_chars=LONGEST["contact"])
    until = task.until
    if until.condition == "area_share":
        share = st.number_input(
            "达标率达到多少销号（%，不填的按应达线）", 1.0, 100.0, None, 1.0, format="%.1f"
        )
        until = replace(until, share=None if share is None else share / 100)
    return replace(
        task,
        role=to[0],
        unit=to[1],
        matter=matter,
        measure=measure,
        due_on=due_on or date.today(),
        until=until,
        issuer=issuer,
        contact=contact.strip(),
    )
