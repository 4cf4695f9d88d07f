"""The parts of the review page: the queue, the record at hand, the keys that answer it."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from domain import reference
from loaders.decisions import place_candidates, place_review
from loaders.decisions.place_candidates import UNCLEAR, Candidate
from loaders.kinds import KINDS
from queries.scope import Scope
from store import snapshot_store
from ui import session
from ui.frame import plain

UNDECIDED = "（请选）"
TOWN_OPEN = "（乡镇不清楚）"


@dataclass(frozen=True)
class Work:
    """What is to be done: all records in doubt within the scope, and those still open."""

    asked: pd.DataFrame
    open: pd.DataFrame
    unpublished: int


@st.cache_data(max_entries=4, show_spinner="正在读取待复核的记录…")
def _doubtful(snapshot_id: str) -> dict[str, pd.DataFrame]:
    return place_review.doubtful(snapshot_store.default().snapshot(snapshot_id))


@st.cache_data(max_entries=8, show_spinner=False)
def _queues(snapshot_id: str, version: int) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """All records asked about, those not answered, and how many answers are not published."""
    frames = _doubtful(snapshot_id)
    answers = session.ledger().latest(place_review.TOPIC)
    unpublished = place_review.pending(frames, answers)
    return place_review.queue(frames, {}), place_review.queue(frames, answers), unpublished


@st.cache_data(max_entries=50, show_spinner=False)
def offers(snapshot_id: str, version: int, keys: tuple[str, ...]) -> dict:
    """The candidates of each of the open records with `keys`, at a version of the ledger."""
    _, still, _ = _queues(snapshot_id, version)
    return place_candidates.candidates(still.loc[list(keys)])


def work(scope: Scope) -> Work:
    """The queue of the scope: its operator, its field and its area."""
    asked, still, unpublished = _queues(scope.snapshot_id, session.ledger().version)
    return Work(_within(asked, scope), _within(still, scope), unpublished)


def _within(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    if scope.operator_id:
        rows = rows[rows["operator_id"] == scope.operator_id]
    if scope.field_id:
        rows = rows[rows["field_id"] == scope.field_id]
    if scope.area_id:
        rows = rows[(rows["county_code"] == scope.area_id) | (rows["zone_id"] == scope.area_id)]
    return rows


def progress(found: Work) -> None:
    """How far the queue is worked off, and the button that makes the answers count."""
    done, total = len(found.asked) - len(found.open), len(found.asked)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.progress(done / total if total else 1.0, f"已核定 {done} / 共 {total}")
    notices = st.container()  # always there, so that a notice moves no button below it
    said = st.session_state.pop("_review_published", None)
    if said:
        notices.success(f"已发布，数据版本 {said}。", icon=":material/task_alt:")
    if found.unpublished:
        label = f"把已核定的 {found.unpublished} 条发布为新版本"
        if right.button(
            label,
            type="primary",
            icon=":material/publish:",
            width="stretch",
            disabled=nobody(),
        ):
            _publish()
    else:
        right.caption("没有等待发布的核定。")
    if nobody():
        notices.warning(
            "请先在左边“经办人”里填上姓名或工号：每个核定都要记下是谁办的。",
            icon=":material/person:",
        )


def nobody() -> bool:
    """Whether nobody has said who is at work: then nothing can be decided."""
    return not session.person()


def _publish() -> None:
    with session.progress("正在发布…") as told:
        st.session_state["_review_published"] = session.publish_answers(told)
    st.session_state.pop("_review_done", None)
    st.rerun()


def current(found: Work) -> str | None:
    """Key of the record at hand; None once nothing is open."""
    keys = found.open.index
    if keys.empty:
        return None
    at = st.session_state.get("_review_at")
    if at not in keys:
        at = st.session_state["_review_at"] = keys[0]
    return at


def choices(scope: Scope, key: str) -> list[Candidate]:
    """The candidates of the record with `key`."""
    version = session.ledger().version
    return offers(scope.snapshot_id, version, (key,))[key]


def record(row: pd.Series) -> None:
    """What is known of the record at hand."""
    operators = reference.labels("operators", "operator_id", "operator")
    address = plain(row["address"]) if pd.notna(row["address"]) else "没有填写地址"
    sender = operators.get(row["operator_id"], "没有写明机构")
    file = plain(row["source_file"]) if pd.notna(row["source_file"]) else "来源不明"
    st.markdown(
        f"**{plain(row['name'])}**（{KINDS[row['kind']].review_label}，{sender}）\n\n{address}"
    )
    st.warning(plain(row["question"]), icon=":material/help:")
    st.caption(f"{file} 第 {row['source_row']} 行")


def keys(found: Work, key: str, offered: list[Candidate]) -> None:
    """One button and one key for each answer, and those that move on, back and undo."""
    row = found.open.loc[[key]]
    for number, one in enumerate(offered, 1):
        _answer_button(found, row, one, str(number))
    _answer_button(found, row, UNCLEAR, "0")
    at = found.open.index.get_loc(key)
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
        place_review.withdraw(session.ledger(), subjects, session.person())
        given.pop()
        st.session_state["_review_at"] = subjects[0]
        st.rerun()


def _answer_button(found: Work, row: pd.DataFrame, one: Candidate, digit: str) -> None:
    label, key = f"{digit} {one.label}", f"choose-{digit}-{row.index[0]}"
    if st.button(
        label,
        key=key,
        shortcut=digit,
        help=one.why or None,
        width="stretch",
        wrap=True,
        disabled=nobody(),
    ):
        decide(found, row, {row.index[0]: one})


def decide(found: Work, rows: pd.DataFrame, to: dict[str, Candidate]) -> None:
    """Keep the answers, and go on to the next open record."""
    place_review.answer(session.ledger(), rows, session.person(), to)
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
    if st.button("按手工指定的核定", key=f"hand-{key}", disabled=code is None or nobody()):
        row = found.open.loc[[key]]
        decide(found, row, place_candidates.chosen(row, code, towns.get(town)))
