"""Which two days are compared, or what was published of one with what is known of it."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from domain import pace
from queries import attainment
from queries.scope import Scope
from ui import session
from ui.compare_days import corrections
from ui.snapshot_picker import KNOWN, PUBLISHED

TWO_DAYS, TWO_VERSIONS = "比两天", f"{PUBLISHED}与{KNOWN}"


def choose(scope: Scope) -> tuple[Scope, Scope] | None:
    """The earlier and the later scope; None, and why is said, where there is nothing to compare.

    The later day is the one that is selected.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mode = st.segmented_control(
            "比什么",
            [TWO_DAYS, TWO_VERSIONS],
            default=TWO_DAYS,
            key="compare",
            bind="query-params",
            required=True,
        )
        if mode == TWO_DAYS:
            return replace(scope, as_of=_earlier_day(scope.as_of)), scope
    then = corrections.published_then(scope)
    if then is None:
        st.info(
            f"{scope.as_of:%Y-%m} 没有公布过别的版本，没有可以比的。"
            "截止日选一个公布过的月份，就能看当时公布的与今天所知的差在哪里。"
        )
        return None
    published = session.moment(session.manifest(then.snapshot_id))
    st.caption(f"当时公布的是 {published[:10]} 的版本。")
    return then, replace(then, snapshot_id=session.current()["id"])


def quick(as_of: date) -> dict[str, date]:
    """Days that are often compared with `as_of`, by name."""
    month = attainment.month_before(as_of)
    quarter = date(as_of.year, as_of.month - (as_of.month - 1) % 3, 1) - timedelta(days=1)
    year = as_of.year - 1
    leap_day = (as_of.month, as_of.day) == (2, 29)
    return {
        "上月末": month,
        "上季末": quarter,
        "年初": date(year, 12, 31),
        "一年前": date(year, 2, 28) if leap_day else as_of.replace(year=year),
    }


def _earlier_day(as_of: date) -> date:
    days = {name: _within(day, as_of) for name, day in quick(as_of).items()}
    _begin(days["上月末"], as_of)
    chosen = st.date_input(
        "从哪一天",
        value=None,  # so that the address has every day, the usual one among them
        min_value=min(pace.first_day(), as_of),
        max_value=as_of,
        key="from",
        bind="query-params",
        format="YYYY-MM-DD",
        help="与左侧的截止日相比。",
        width=160,
    )
    for name, day in days.items():
        st.button(name, key=f"from_{name}", help=str(day), on_click=_set_day, args=[day])
    return chosen or days["上月末"]


def _begin(usual: date, as_of: date) -> None:
    """Begin with the day of the link; the usual one where that is none or after `as_of`."""
    if "from" not in st.session_state:
        st.session_state["from"] = _linked(as_of)
    if (st.session_state["from"] or date.max) > as_of:
        st.session_state["from"] = usual


def _linked(as_of: date) -> date | None:
    with suppress(ValueError):
        return _within(date.fromisoformat(st.query_params.get("from", "")), as_of)
    return None


def _within(day: date, as_of: date) -> date:
    """`day`, or the first of the plan where it is before that; never after `as_of`."""
    return min(max(day, pace.first_day()), as_of)


def _set_day(day: date) -> None:
    st.session_state["from"] = day
