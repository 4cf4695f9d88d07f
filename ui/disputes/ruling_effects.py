"""Which numbers and ranks the decisions that are not published yet would move."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from domain.dispute_rules import Subject
from loaders import intake
from loaders.comparing import candidate
from loaders.comparing.consequences import Consequences
from loaders.decisions import dispute_effects
from presentation import dispute_listings, labels
from store import dispute_register, snapshot_store
from ui import long_work, session

_KEPT = "_dispute_effects"
Effects = tuple[Consequences, pd.DataFrame, dict[str, Subject]]


def part() -> None:
    """A button that works the effects out before anything is published, and what it found."""
    facts, ledger = session.current(), session.ledger()
    waiting = dispute_register.unpublished(ledger, facts["ledger_version"])
    if not waiting:
        return
    at = (facts["id"], ledger.version)
    known, effects = st.session_state.get(_KEPT, (None, None))
    if known == at and effects is not None:
        _show(effects)
    elif st.button("发布前，先看会改变哪些数和名次", icon=":material/compare_arrows:"):
        long_work.begin("正在试算", lambda _: _worked_out(), lambda found: _keep((at, found)))


def _keep(found: tuple[tuple[str, int], Effects]) -> None:
    st.session_state[_KEPT] = found


def _worked_out() -> Effects:
    store = snapshot_store.default()
    base = store.current()
    assert base is not None
    ledger = store.ledger_of(base)
    drafted = intake.draft(store.in_force(base), store, ledger)
    lost = dispute_effects.lost(drafted.content, ledger)
    return *candidate.effects(base, drafted), lost


def _show(effects: Effects) -> None:
    figures, ranks, lost = effects
    last = figures.days.iloc[0]
    st.markdown("**发布以后的变化**（连同其他还没有发布的决定）")
    if lost:
        st.warning(labels.plain(dispute_listings.lost(lost)), icon=":material/gavel:")
    shares = [_share(last, end) for end in ("_before", "")]
    with st.grid(4, gap="small", min_column_width=110):
        _moved("达标率", *(labels.percent(share) for share in shares))
        for name, label, unit in (
            ("covered", "达标场所", " 个"),
            ("verified", "已验证门店", " 家"),
            ("eligible", "应覆盖门店", " 家"),
        ):
            _moved(label, *(labels.count(last[name + end], unit) for end in ("_before", "")))
    rows = _areas(ranks)
    if rows.empty:
        st.caption("各县区、功能板块的达标率和名次不变。")
    else:
        st.table(rows, hide_index=True, alt="名次变化")
    past = len(figures.days) - 1
    if past:
        st.caption(f"过去有 {past} 个月末的数也随之改变。")


def _share(day: pd.Series, end: str) -> float | None:
    venues = day[f"venues{end}"]
    return None if pd.isna(venues) or not venues else day[f"covered{end}"] / venues


def _moved(label: str, was: str, now: str) -> None:
    changed = was != now
    st.metric(
        label,
        now,
        delta=f"原 {was}" if changed else "不变",
        delta_color="off",
        delta_arrow="off",
        border=True,
    )


def _areas(ranks: pd.DataFrame) -> pd.DataFrame:
    """Areas whose share or rank changes, with both before and after."""
    same = pd.Series(True, ranks.index)
    for name in ("covered", "venues", "rank"):
        was, now = ranks[f"{name}_before"], ranks[name]
        same &= (was == now) | (was.isna() & now.isna())
    moved = ranks[~same]
    return pd.DataFrame(
        {
            "县区/板块": moved["area"],
            "达标场所": _both(moved, "covered", labels.count),
            "达标率": _both(moved, "share", labels.percent),
            "名次": _both(moved, "rank", labels.count),
        }
    )


def _both(rows: pd.DataFrame, name: str, say: Callable[[float], str]) -> list[str]:
    pairs = zip(rows[f"{name}_before"], rows[name], strict=True)
    return [say(now) if say(was) == say(now) else f"{say(was)} → {say(now)}" for was, now in pairs]
