"""Entering by hand what a unit filed with the office, and taking it back."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from domain import filings, owners, pace, reference
from queries.scope import Scope, areas_by_name
from ui import pending_entries

NONE = "（无）"


def form(scope: Scope) -> None:
    """Enter one document, event or monthly report."""
    with st.form(pending_entries.form_key("filing"), border=True):
        left, right = st.columns(2, gap="medium")
        with left:
            row = _document(scope)
        with right:
            filed_on = st.date_input(
                "报送日期", None, min_value=pace.first_day(), max_value="today",
                format="YYYY-MM-DD",
            )  # fmt: skip
            row |= _subject(row["kind_id"], filed_on)
        if not st.form_submit_button("保存登记", icon=":material/save:"):
            return
        required = {
            "请选报送单位": row["owner_id"], "请选材料类型": row["kind_id"],
            "请填写标题": row["title"], "请选报送日期": filed_on,
        }  # fmt: skip
        if pending_entries.may_save(pending_entries.missing(required)):
            row |= {
                "filing_id": pending_entries.number(), "filed_on": pending_entries.day(filed_on)
            }  # fmt: skip
            pending_entries.save(
                "filing", row, f"已登记“{row['title']}”。发布后计入各页。", filed_on
            )


def _document(scope: Scope) -> dict[str, Any]:
    """Ask who filed what."""
    names = owners.names(scope.as_of)
    kinds = reference.labels("filing_kinds", "kind_id", "kind")
    meaning = reference.labels("filing_kinds", "kind_id", "about")
    return {
        "owner_id": st.selectbox(
            "报送单位", list(names), None, format_func=lambda code: names[code], placeholder="请选"
        ),
        "kind_id": st.selectbox(
            "材料类型",
            list(kinds),
            None,
            format_func=lambda code: f"{kinds[code]}：{meaning[code]}",
        ),
        "title": st.text_input("标题", max_chars=120).strip(),
        "evidence": st.text_input("文号或佐证", max_chars=120).strip() or None,
    }


def _subject(kind: str | None, filed_on: date | None) -> dict[str, Any]:
    """Ask for the month, the task and the county that the filing is about."""
    tasks = reference.labels("tasks", "task_no", "task")
    areas = {code: name for name, code in areas_by_name().items() if code.isdigit()}
    month = st.selectbox(
        "所属月份（信息、进展）",
        [None, *filings.months(date.today())[::-1]],
        format_func=lambda day: f"{day:%Y-%m}" if day else "按报送日期",
    )
    if month is None and filed_on and kind in (filings.REPORT, "PROGRESS"):
        month = filed_on.replace(day=1)
    return {
        "month": pending_entries.day(month),
        "task_no": st.selectbox(
            "对应任务", [None, *tasks], format_func=lambda no: f"{no} {tasks[no]}" if no else NONE
        ),
        "county_code": st.selectbox(
            "县区", [None, *areas], format_func=lambda code: areas.get(code, NONE)
        ),
    }


def taken_back(rows: pd.DataFrame) -> None:
    """Take back a filing that was entered by hand."""
    entered = rows[rows["source_file"] == pending_entries.BY_HAND]
    if entered.empty:
        return
    labels = dict(
        zip(entered["filing_id"], entered["owner"] + "：" + entered["title"], strict=True)
    )
    chosen = st.selectbox(
        "撤回一项手工登记的材料",
        list(labels),
        None,
        format_func=lambda filing_id: labels[filing_id],
        placeholder="请选",
    )
    pressed = st.button("撤回", icon=":material/undo:", disabled=chosen is None)
    if pressed and chosen and pending_entries.may_save([]):
        pending_entries.withdraw("filing", {"filing_id": chosen}, f"已撤回“{labels[chosen]}”。")
