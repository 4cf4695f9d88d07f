"""Entering a demonstration cluster by hand, changing one, and taking it back."""

import re
from datetime import date

import pandas as pd
import streamlit as st

from domain import owners, pace, reference
from ui import entry, session

NEW = "（新登记）"
NONE = "（无）"
_ID = re.compile(r"[\w\-]{1,32}")
_DAYS = {
    "declared_on": "申报日期",
    "planned_on": "方案日期",
    "plaque_on": "挂牌日期",
    "inspected_on": "这次复检日期",
    "withdrawn_on": "撤销日期",
}


def form(scope: session.Scope, rows: pd.DataFrame) -> None:
    """Enter a new cluster, or change a known one; a blank leaves what is known alone."""
    labels = rows["cluster"] + "（" + rows["cluster_id"] + "）"
    known = dict(zip(labels, rows.index, strict=True))
    chosen = st.selectbox("登记或修改哪一个", [NEW, *known])
    row = rows.loc[known[chosen]] if chosen in known else None
    with st.form("cluster", border=True):
        body = _fields(scope, row)
        if st.form_submit_button("保存登记", icon=":material/save:") and entry.asked(
            problems(body, row, set(rows["cluster_id"]))
        ):
            entry.save(
                "cluster", body, f"已登记“{body['name']}”。发布后计入各页。", _first_day(body)
            )
    back = row is not None and st.button("撤回手工登记的内容", icon=":material/undo:")
    if back and entry.asked([]):
        entry.withdraw("cluster", {"cluster_id": row["cluster_id"]}, "已撤回手工登记的内容。")


def _fields(scope: session.Scope, row: pd.Series | None) -> dict[str, object]:
    """The fields of the form, as a row for the ledger."""
    everyone = owners.owners(scope.as_of)
    names = dict(zip(everyone["owner_id"], everyone["owner"], strict=True))
    kinds = reference.labels("venue_kinds", "kind_id", "kind")
    left, right = st.columns(2, gap="medium")
    with left:
        key = "" if row is None else row["cluster_id"]
        cluster_id = st.text_input("聚集区编号", key, disabled=row is not None, max_chars=32)
        name = st.text_input("名称", "" if row is None else row["cluster"], max_chars=60)
        mine = [] if row is None else [one for one in row["owners"].split(";") if one in names]
        asked = st.multiselect("责任单位", list(names), mine, format_func=names.get)
        kind = "" if row is None or pd.isna(row["kind_id"]) else row["kind_id"]
        listed = ["", *kinds]
        kind = st.selectbox(
            "类别", listed, listed.index(kind), format_func=lambda one: kinds.get(one, NONE)
        )
    with right:
        days = {
            column: st.date_input(
                label,
                _known_day(row, column),
                min_value=pace.first_day(),
                max_value="today",
                format="YYYY-MM-DD",
            )
            for column, label in _DAYS.items()
        }
        first = st.checkbox("有首创或首单应用", bool(row is not None and row["is_first"] is True))
    return {
        "cluster_id": cluster_id.strip(),
        "name": name.strip(),
        "owners": ";".join(asked),
        "kind_id": kind or None,
        "is_first": first,
        **{column: entry.day(day) for column, day in days.items()},
    }


def _known_day(row: pd.Series | None, column: str) -> date | None:
    """What is known of a day; a re-inspection is always a new one."""
    if row is None or column == "inspected_on" or pd.isna(row[column]):
        return None
    return row[column].date()


def _first_day(body: dict[str, object]) -> date | None:
    """The day from which a cluster is listed."""
    days = [body.get(name) for name in ("declared_on", "planned_on", "plaque_on")]
    return min((date.fromisoformat(one) for one in days if one), default=None)


def problems(body: dict[str, object], row: pd.Series | None, known: set[str]) -> list[str]:
    """What keeps a cluster from being saved, in words; `row` is the one it changes, if any."""
    found = []
    if row is None and not _ID.fullmatch(body["cluster_id"]):
        found.append(f"聚集区编号“{body['cluster_id']}”请用字母、数字或汉字，不超过 32 个字")
    if row is None and body["cluster_id"] in known:
        found.append(f"聚集区编号“{body['cluster_id']}”已经登记过，请在上面选它来修改")
    if not body["name"]:
        found.append("请填写聚集区的名称")
    if not body["owners"]:
        found.append("请选至少一个责任单位")
    days = {label: body.get(column) for column, label in _DAYS.items()}
    declared = body["declared_on"]
    early = [label for label, day in days.items() if declared and day and day < declared]
    return found + [f"{label}早于申报日期，请核对" for label in early]
