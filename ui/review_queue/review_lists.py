"""Many doubtful records at once: those alike, answered in one go, and those answered so far."""

from typing import Any, Literal

import pandas as pd
import streamlit as st

from loaders.decisions import place_review
from loaders.decisions.place_candidates import ELSEWHERE, LABELS, Candidate
from queries.scope import Scope
from ui import session
from ui.review_queue.review_view import Work, decide, offers
from ui.session import nobody

BATCH = 200  # records of one bulk answer: more than a person reads at once


def bulk(scope: Scope, found: Work, key: str) -> None:
    """The open records of the same reason and operator, answered in one go once they are seen."""
    here = found.row(key)
    alike = found.open["alike"] == here["alike"]
    same = (found.open["operator_id"] == here["operator_id"]) | (
        pd.isna(here["operator_id"]) & found.open["operator_id"].isna()
    )
    rows = found.open[alike & same]
    if len(rows) < 2:
        return
    label = f"与此相同原因、同一机构的 {len(rows)} 条一起核定"
    if not st.toggle(label, key=f"bulk-{here['operator_id']}-{here['alike']}"):
        return
    if len(rows) > BATCH:
        st.caption(f"一次最多 {BATCH} 条，下面是前 {BATCH} 条。")
        rows = rows.head(BATCH)
    offered = offers(scope.snapshot_id, session.ledger().version, tuple(rows.index))
    by_choice = {
        choice: {k: one for k in rows.index for one in offered[k] if one.choice == choice}
        for choice in ("text", "point")
    }
    everywhere = {ELSEWHERE.choice: dict.fromkeys(rows.index, ELSEWHERE)}
    shown = {LABELS[choice]: [to[k].place if k in to else "—" for k in rows.index]
             for choice, to in by_choice.items()}  # fmt: skip
    listed = pd.DataFrame({"名称": rows["name"], "地址": rows["address"]} | shown)
    st.dataframe(listed, hide_index=True, height=_height(listed), alt="一起核定的记录")
    with st.container(horizontal=True):
        for choice, to in (by_choice | everywhere).items():
            words = f"这 {len(to)} 条都{LABELS[choice]}"
            if st.button(words, key=f"bulk-{choice}-{key}", disabled=not to or nobody()):
                decide(found, rows, to)


def given(scope: Scope) -> None:
    """The answers that hold, newest first; any of them can be taken back."""
    answers = session.ledger().latest(place_review.TOPIC)
    held = [entry for entry in answers.values() if entry.body["choice"] != place_review.WITHDRAWN]
    if not held:
        return
    held.sort(key=lambda entry: entry.id, reverse=True)
    rows = pd.DataFrame(
        {
            "名称": [entry.body["name"] for entry in held],
            "地址": [entry.body["address"] for entry in held],
            "核定为": [_chosen(entry.body) for entry in held],
            "核定人": [entry.by for entry in held],
            "时间": [session.clock(entry.at) for entry in held],
        }
    )
    with st.expander(f"已核定的记录（{len(held)} 条）"):
        picked = st.dataframe(
            rows,
            hide_index=True,
            height=_height(rows),
            alt="已核定的记录",
            key=f"given-{scope.snapshot_id}-{held[0].id}-{len(held)}",
            on_select="rerun",
            selection_mode="multi-row",
        ).selection["rows"]
        if st.button(f"撤销选中的 {len(picked)} 条", disabled=not picked or nobody()):
            subjects = [held[place].subject for place in picked]
            place_review.withdraw(session.ledger(), subjects, session.visitor())
            st.rerun()


def _height(frame: pd.DataFrame) -> int | Literal["content"]:
    return "content" if len(frame) <= 6 else 260


def _chosen(body: dict[str, Any]) -> str:
    names = ("choice", "county_code", "town_code", "zone_id", "inferred")
    return Candidate(**{name: body[name] for name in names}).label
