"""What publishing an upload would change: the figures, the venues, and every record."""

from datetime import date

import pandas as pd
import streamlit as st

from domain.revision import REASONS
from loaders.assessment import Assessment
from loaders.comparing import oddities
from loaders.comparing.consequences import FIGURES, Consequences
from loaders.comparing.difference import SORTS, counted, of_sort, totals
from loaders.comparing.state_changes import FACTS
from loaders.kinds import KINDS
from presentation import labels
from presentation.columns import COLUMNS
from presentation.labels import plain
from ui import page_downloads, page_tables

_FIRST = 8  # odd changes that are read at a glance
_CODES = {"county": "county_code", "operator": "operator_id"}
_WHOLE = {"未定位": "全市", "未填报": "全部机构"}  # of figures and filings
_LISTED = 2000  # rows of a list on the page; the Excel holds them all
_COUNTS = ["before", "new", "removed", "moved_in", "moved_out", "after", "gone"]
_BALANCE = {
    "covered_before": "现有达标", "gained": "新达标", "lapsed": "退出达标", "added": "移入",
    "removed": "移出", "covered": "之后达标", "venues": "之后名录",
}  # fmt: skip
_TIME = "日子推移，巡检或交易过期"


def taken_back(found: Assessment) -> None:
    """What the statements that are replaced said alone."""
    if not found.replaced:
        return
    parts = []
    for kind, changes in found.changes.items():
        sorts = counted(changes)
        said = [
            f"{label} {sorts[name]:,} {unit}"
            for name, label, unit in (
                ("removed", f"撤下{KINDS[kind].noun}", "条"),
                ("taken_back", "收回日期", "条记录"),
                ("redated", "改日期", "条记录"),
            )
            if name in sorts
        ]
        parts += said
    told = "、".join(parts) or "原来写的都还在"
    st.info(f"替换的结果：{told}。名单见“与现行版本的差异”。", icon=":material/undo:")


def differences(found: Assessment) -> None:
    """The figures first, then of each kind the odd changes, the counts and every record."""
    if found.base is None:
        st.caption("库里还没有真实数据，这批全部算新增。")
    else:
        st.caption("按发布后的结果与现行版本逐条比较，待并入的人工核定也算在内。")
    if found.consequences is not None:
        _figures(found.consequences)
    for kind, changes in found.changes.items():
        if len(found.changes) > 1:
            st.markdown(f"#### {KINDS[kind].label}")
        odd = oddities.odd(changes, kind, date.today())
        if odd.empty:
            st.success("没有发现反常的变化。", icon=":material/check_circle:")
        else:
            st.markdown(f"**反常的变化（{len(odd):,} 处，最要紧的在前）**")
            st.markdown("\n".join(f"1. {plain(what)}" for what in odd["what"].head(_FIRST)))
            if len(odd) > _FIRST:
                with st.expander(f"其余 {len(odd) - _FIRST:,} 处"):
                    page_tables.show(odd.iloc[_FIRST:], ["what"], "其余反常的变化")
        _totals(kind, changes)
        _listed(kind, changes)


def _figures(effects: Consequences) -> None:
    """The figures of the last day and of past month ends, and the venues behind them."""
    st.markdown("**发布以后，首页的数**")
    shown = pd.DataFrame({"截止日": _days(effects.days)})
    for figure in FIGURES:
        was, now = effects.days[f"{figure}_before"], effects.days[figure]
        shown[COLUMNS[figure][0]] = [_turned(*pair) for pair in zip(was, now, strict=True)]
    height = page_tables.height(shown, 8)
    st.dataframe(shown, hide_index=True, height=height, alt="发布前后的数")
    past = len(effects.days) - 1
    if past:
        st.caption(f"第一行是最新截止日；这批文件还改动了过去 {past} 个月末的数，列在下面。")
    else:
        st.caption("过去各月末的数没有变。")
    _venues(effects)


def _days(days: pd.DataFrame) -> list[str]:
    pairs = zip(days["as_of_before"], days["as_of"], strict=True)
    return [f"{now}" if was == now or pd.isna(was) else f"{was} → {now}" for was, now in pairs]


def _turned(was: int, now: int) -> str:
    old, new = ("未知" if pd.isna(one) else f"{one:,}" for one in (was, now))
    return new if old == new else f"{old} → {new}"


def _venues(effects: Consequences) -> None:
    """Covered venues by county, and those that count otherwise on the last day."""
    rows = labels.with_names(effects.venues)
    if rows.empty:
        st.caption("最新截止日的场所没有进出名录，也没有新达标或退出达标的。")
        return
    progress = zip(rows["verified_before"], rows["verified"], rows["required"], strict=True)
    shown = rows.assign(
        change_label=rows["revised"].map(REASONS),
        venue=rows["name"],
        units_text=[_progress(*one) for one in progress],
        why=rows["by_time"].map({True: _TIME, False: "这批文件"}),
    )
    columns = ["change_label", "venue", "county", "operator", "units_text", "why"]
    page_tables.show(shown.head(_LISTED), columns, "达标情况有变化的场所", rows=6)
    named = labels.with_names(effects.counties)
    table = named[["county", *_BALANCE]].rename(columns=_BALANCE | {"county": "县区"})
    st.dataframe(table, hide_index=True, alt="各县区达标场所的增减")


def _progress(was: float, now: float, required: float) -> str:
    """Verified shops before and after, and how many the rule asks for."""
    asked = "" if pd.isna(required) else f"（须 {required:.0f}）"
    return " → ".join("—" if pd.isna(one) else f"{one:.0f}" for one in (was, now)) + asked


def _totals(kind: str, changes: pd.DataFrame) -> None:
    """Counts by county and by bank, where the kind has them."""
    asked = {"county": "县区", "operator": "运营机构"}
    for name, label in asked.items():
        if changes[_CODES[name]].notna().any():
            by = labels.with_names(totals(changes, _CODES[name]))
            if not KINDS[kind].placed:
                by = by.replace({name: _WHOLE})
            facts = {fact: words for fact, words in FACTS.items() if fact in by}
            table = labels.labelled(by, [name, *_COUNTS]).join(
                by[list(facts)].rename(columns=facts)
            )
            title = f"{KINDS[kind].label}按{label}的差异"
            st.dataframe(table, hide_index=True, alt=title)
    st.caption("现有 + 新增 − 撤下 + 移入 − 移出 = 之后；未再报送的还在库里，算在“之后”里。")


def _listed(kind: str, changes: pd.DataFrame) -> None:
    """The records that changed or were not sent again, one by one, by what became of them."""
    sorts = counted(changes)
    if not sorts:
        return
    chosen = st.segmented_control(
        "看哪些记录",
        list(sorts),
        default="gone" if "gone" in sorts else None,
        format_func=lambda sort: f"{SORTS[sort]}（{sorts[sort]:,}）",
        key=f"changes_{kind}",
    )
    if chosen == "gone":
        st.caption(
            "这些记录还在库里，仍按原来的状态计算。确已关停的，请报送单位在文件里填注销日期后再报。"
        )
    columns = ["change_label", "key", "name", "operator", "county", "what", "since"]
    if chosen:
        rows = _worded(changes[of_sort(changes, chosen)])
        page_tables.show(rows.head(_LISTED), columns, f"{KINDS[kind].label}{SORTS[chosen]}")
    moved = _worded(changes[(changes["change"] != "same") | changes["gone"]])
    page_downloads.tables(
        f"下载{KINDS[kind].label}差异清单",
        {"差异清单": (moved, columns)},
        f"{KINDS[kind].label}差异清单",
        "导入前核对，尚未发布",
    )


def _worded(changes: pd.DataFrame) -> pd.DataFrame:
    """Changes with their sorts, names for codes, and days as dates."""
    sorts = changes["facts"].str.split(";").map(lambda facts: [FACTS[f] for f in facts if f])
    first = changes["change"].where(~changes["change"].isin(["same", "changed"]))
    first = first.mask(changes["gone"], "gone").map(SORTS)
    words = ["、".join(([one] if isinstance(one, str) else []) + more)
             for one, more in zip(first, sorts, strict=True)]  # fmt: skip
    named = labels.with_names(changes)
    return named.assign(change_label=words, since=changes["since"].dt.date)
