"""Parts of 待复核: the queue, the current record, a button and a key for each answer."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from domain import reference
from loaders.decisions import place_candidates, place_review
from loaders.decisions.place_candidates import ELSEWHERE, UNCLEAR, Candidate
from loaders.kinds import KINDS
from presentation.labels import plain
from queries.engine import remembered
from queries.scope import Scope
from store import snapshot_store
from store.snapshot import Snapshot
from ui import selection, session
from ui.session import nobody

UNDECIDED = "（请选）"
TOWN_OPEN = "（乡镇不清楚）"


@dataclass(frozen=True)
class Work:
    """The queue of the scope: all records in question, those open, answers not published."""

    asked: pd.DataFrame
    open: pd.DataFrame
    unpublished: int

    def row(self, key: str) -> pd.Series:
        """The open record with `key`."""
        return self.open.loc[[key]].iloc[0]


@remembered
def _doubtful(snapshot_id: str) -> dict[str, pd.DataFrame]:
    return place_review.doubtful(snapshot_store.default().snapshot(snapshot_id))


@remembered
def _queues(snapshot_id: str, _ledger_version: int) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """All records asked about, those not answered, and how many answers are not published."""
    frames = _doubtful(snapshot_id)
    answers = session.ledger().latest(place_review.TOPIC)
    unpublished = place_review.pending(frames, answers)
    return place_review.queue(frames, {}), place_review.queue(frames, answers), unpublished


@remembered
def offers(
    snapshot_id: str, ledger_version: int, keys: tuple[str, ...]
) -> dict[str, list[Candidate]]:
    """The candidates of each of the open records with `keys`, at a version of the ledger."""
    _, still, _ = _queues(snapshot_id, ledger_version)
    return place_candidates.candidates(still.loc[list(keys)])


def work(scope: Scope) -> Work:
    """The queue of the scope: its operator, its field and its area."""
    asked, still, unpublished = _queues(scope.snapshot_id, session.ledger().version)
    parts = ("operator_id", "field_id", "area_id")
    return Work(
        selection.within(asked, scope, *parts), selection.within(still, scope, *parts), unpublished
    )


def progress(found: Work) -> None:
    """How far the queue is worked off, and the button that makes the answers count."""
    done, total = len(found.asked) - len(found.open), len(found.asked)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.progress(done / total if total else 1.0, f"已核定 {done} / 共 {total}")
    notices = st.container()  # always there, so that a notice moves no button below it
    published = st.session_state.pop("_review_published", None)
    if published:
        notices.success(f"已发布，数据版本 {published}。", icon=":material/task_alt:")
    if found.unpublished:
        label = f"把已核定的 {found.unpublished} 条发布为新版本"
        icon = ":material/publish:"
        if right.button(label, type="primary", icon=icon, width="stretch", disabled=nobody()):
            session.publish_answers(_published)
    else:
        right.caption("没有等待发布的核定。")
    if nobody():
        notices.warning(
            "请先在“经办人”里填上姓名或工号：每个核定都要记下是谁办的。",
            icon=":material/person:",
        )


def _published(snapshot: Snapshot) -> None:
    st.session_state["_review_published"] = snapshot.id
    st.session_state.pop("_review_done", None)


def current(found: Work) -> str | None:
    """Key of the current record; None once nothing is open."""
    keys = list(found.open.index)
    if not keys:
        return None
    at = st.session_state.get("_review_at")
    if at not in keys:
        at = st.session_state["_review_at"] = keys[0]
    return at


def choices(scope: Scope, key: str) -> list[Candidate]:
    """The candidates of the record with `key`."""
    return offers(scope.snapshot_id, session.ledger().version, (key,))[key]


def record(found: Work, key: str) -> None:
    """Name, address, sender and question of the record with `key`."""
    row = found.row(key)
    operators = reference.labels("operators", "operator_id", "operator")
    address = plain(row["address"]) if pd.notna(row["address"]) else "没有填写地址"
    sender = operators.get(row["operator_id"], "没有写明机构")
    file = plain(row["source_file"]) if pd.notna(row["source_file"]) else "来源不明"
    kind = KINDS[row["kind"]].review_label
    st.markdown(f"**{plain(row['name'])}**（{kind}，{sender}）\n\n{address}")
    st.warning(plain(row["question"]), icon=":material/help:")
    st.caption(f"{file} 第 {row['source_row']} 行")


def keys(found: Work, key: str, offered: list[Candidate]) -> None:
    """One button and one key for each answer, and those that move on, back and undo."""
    row = found.open.loc[[key]]
    for number, one in enumerate(offered, 1):
        _answer_button(found, row, one, str(number))
    _answer_button(found, row, ELSEWHERE, "9")
    _answer_button(found, row, UNCLEAR, "0")
    at = list(found.open.index).index(key)
    moves = {"上一条": ("P", at - 1), "下一条": ("N", at + 1)}
    with st.container(horizontal=True):
        for label, (shortcut, to) in moves.items():
            out = not 0 <= to < len(found.open)
            if st.button(label, key=f"move-{shortcut}-{key}", shortcut=shortcut, disabled=out):
                st.session_state["_review_at"] = found.open.index[to]
                st.rerun()
        undo()


def undo() -> None:
    """Take back the last answer of this session."""
    given = st.session_state.setdefault("_review_done", [])
    key = f"undo-{len(given)}"
    if st.button("撤销上一条", key=key, shortcut="U", disabled=not given or nobody()):
        subjects = given[-1]
        place_review.withdraw(session.ledger(), subjects, session.visitor())
        given.pop()
        st.session_state["_review_at"] = subjects[0]
        st.rerun()


def _answer_button(found: Work, row: pd.DataFrame, one: Candidate, digit: str) -> None:
    if st.button(
        f"{digit} {one.label}", key=f"choose-{digit}-{row.index[0]}", shortcut=digit,
        help=one.why or None, width="stretch", wrap=True, disabled=nobody(),
    ):  # fmt: skip
        decide(found, row, {row.index[0]: one})


def decide(found: Work, rows: pd.DataFrame, to: dict[str, Candidate]) -> None:
    """Keep the answers, and go on to the next open record."""
    place_review.answer(session.ledger(), rows, session.visitor(), to)
    st.session_state.setdefault("_review_done", []).append(list(to))
    order = found.open.index
    later = [key for key in order[order.get_loc(next(iter(to))) :] if key not in to]
    st.session_state["_review_at"] = later[0] if later else None
    st.rerun()


def by_hand(found: Work, key: str) -> None:
    """A place that is none of the candidates: county, then town."""
    counties = reference.labels("counties", "name", "county_code")
    left, right = st.columns(2, gap="small")
    county = left.selectbox("都不对，是这个县区", [UNDECIDED, *counties], key=f"county-{key}")
    code = counties.get(county)
    frame = reference.table("towns")
    inside = frame[frame["county_code"] == code]
    towns = dict(zip(inside["name"], inside["town_code"], strict=True))
    town = right.selectbox("乡镇街道", [TOWN_OPEN, *towns], key=f"town-{key}-{code}")
    pressed = st.button("按手工指定的核定", key=f"hand-{key}", disabled=code is None or nobody())
    if pressed and code is not None:
        row = found.open.loc[[key]]
        decide(found, row, place_candidates.chosen(row, code, towns.get(town)))
