"""Entering by hand what a unit filed with the office, and taking it back."""

from datetime import date

import pandas as pd
import streamlit as st

from domain import filings, owners, pace, reference
from queries.scope import Scope, areas_by_name
from ui import pending_entries

NONE = "（无）"


def form(scope: Scope) -> None:
    """Enter one document, event or monthly report."""
    everyone = owners.owners(scope.as_of)
    names = dict(zip(everyone["owner_id"], everyone["owner"], strict=True))
    kinds = reference.labels("filing_kinds", "kind_id", "kind")
    meaning = reference.labels("filing_kinds", "kind_id", "about")
    tasks = reference.labels("tasks", "task_no", "task")
    areas = {code: name for name, code in areas_by_name().items() if code.isdigit()}
    with st.form(pending_entries.form_key("filing"), border=True):
        left, right = st.columns(2, gap="medium")
        with left:
            owner = st.selectbox(
                "报送单位", list(names), None, format_func=names.get, placeholder="请选"
            )
            kind = st.selectbox(
                "材料类型",
                list(kinds),
                None,
                format_func=lambda one: f"{kinds[one]}：{meaning[one]}",
            )
            title = st.text_input("标题", max_chars=120)
            evidence = st.text_input("文号或佐证", max_chars=120)
        with right:
            filed_on = st.date_input(
                "报送日期", None, min_value=pace.first_day(), max_value="today",
                format="YYYY-MM-DD",
            )  # fmt: skip
            month = st.selectbox(
                "所属月份（信息、进展）",
                [None, *_months()],
                format_func=lambda day: f"{day:%Y-%m}" if day else "按报送日期",
            )
            task = st.selectbox(
                "对应任务",
                [None, *tasks],
                format_func=lambda no: f"{no} {tasks[no]}" if no else NONE,
            )
            county = st.selectbox(
                "县区", [None, *areas], format_func=lambda code: areas.get(code, NONE)
            )
        if st.form_submit_button("保存登记", icon=":material/save:") and pending_entries.asked(
            _problems(owner, kind, title, filed_on)
        ):
            about = pending_entries.day(month or _month(kind, filed_on))
            row = {
                "filing_id": pending_entries.number(), "owner_id": owner, "kind_id": kind,
                "title": title.strip(), "filed_on": pending_entries.day(filed_on), "month": about,
                "task_no": task, "county_code": county, "evidence": evidence.strip() or None,
            }  # fmt: skip
            pending_entries.save(
                "filing", row, f"已登记“{title.strip()}”。发布后计入各页。", filed_on
            )


def taken_back(rows: pd.DataFrame) -> None:
    """Take back a filing that was entered by hand."""
    mine = rows[rows["source_file"] == pending_entries.BY_HAND]
    if mine.empty:
        return
    labels = dict(zip(mine["filing_id"], mine["owner"] + "：" + mine["title"], strict=True))
    chosen = st.selectbox(
        "撤回一项手工登记的材料", list(labels), None, format_func=labels.get, placeholder="请选"
    )
    if st.button("撤回", icon=":material/undo:", disabled=chosen is None) and pending_entries.asked(
        []
    ):
        pending_entries.withdraw("filing", {"filing_id": chosen}, f"已撤回“{labels[chosen]}”。")


def _months() -> list[date]:
    """The months a report may be about, the newest first."""
    return filings.months(date.today())[::-1]


def _month(kind: str, filed_on: date) -> date | None:
    """Month of a report that names none: that of its day."""
    return filed_on.replace(day=1) if kind in (filings.REPORT, "PROGRESS") else None


def _problems(owner: str | None, kind: str | None, title: str, filed_on: date | None) -> list[str]:
    asked = {
        "请选报送单位": owner,
        "请选材料类型": kind,
        "请填写标题": title.strip(),
        "请选报送日期": filed_on,
    }
    return [problem for problem, given in asked.items() if not given]
