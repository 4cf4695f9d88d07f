"""Entering a demonstration cluster by hand, changing one, and taking it back."""

import re
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from domain import owners, pace, reference
from queries import commitments
from queries.scope import Scope
from ui import pending_entries, session

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
Fields = dict[str, Any]
"""The fields of the form as a row of the ledger: days as ISO text, '' where nothing is given."""


def form(scope: Scope) -> None:
    """Enter a new cluster, or change a known one, whatever area is selected.

    Only what is changed is written down; `scope` is of the version in force.
    """
    rows = commitments.rows(scope.snapshot_id, "clusters").set_index("cluster_id")
    labels = dict(zip(rows.index, rows["name"] + "（" + rows.index + "）", strict=True))
    chosen = st.selectbox(
        "登记或修改哪一个",
        [NEW, *labels],
        format_func=lambda cluster_id: labels.get(cluster_id, cluster_id),
    )
    before = _fields_of(rows.loc[chosen]) if chosen in labels else None
    with st.form("cluster", border=True):
        fields = _ask(scope, before)
        saved = st.form_submit_button("保存登记", icon=":material/save:")
        if saved and pending_entries.may_save(problems(fields, taken(scope), new=before is None)):
            notice = f"已登记“{fields['name']}”。发布后计入各页。"
            pending_entries.save("cluster", _changed(fields, before), notice, _first_day(fields))
    st.caption("手工登记的内容以后一直有效，再导入的文件也不会改它；撤回后才以文件为准。")
    back = before is not None and st.button("撤回手工登记的内容", icon=":material/undo:")
    if back and pending_entries.may_save([]):
        pending_entries.withdraw(
            "cluster", {"cluster_id": chosen}, "已撤回手工登记的内容，发布后生效。"
        )


def taken(scope: Scope) -> set[str]:
    """Ids that clusters of the version in force have, or that wait to be published."""
    known = commitments.rows(scope.snapshot_id, "clusters")["cluster_id"]
    return {*known, *session.ledger().latest("cluster")}


def ask_owners(scope: Scope, before: list[str]) -> str:
    """Ask who owns a cluster; the owners' ids as one text."""
    names = owners.names(scope.as_of)
    asked = st.multiselect(
        "责任单位",
        list(names),
        [code for code in before if code in names],
        format_func=lambda code: names[code],
        placeholder="请选",
    )
    return ";".join(asked)


def _ask(scope: Scope, before: Fields | None) -> Fields:
    """The fields as a person fills them in, from those `before` of a cluster that is known."""
    known = before or dict.fromkeys(("cluster_id", "name", "owners", "kind_id", *_DAYS), "")
    kinds = reference.labels("venue_kinds", "kind_id", "kind")
    listed = ["", *kinds]
    left, right = st.columns(2, gap="medium")
    with left:
        cluster_id = st.text_input(
            "聚集区编号", known["cluster_id"], disabled=before is not None, max_chars=32
        )
        fields = {
            "cluster_id": cluster_id.strip(),
            "name": st.text_input("名称", known["name"], max_chars=60).strip(),
            "owners": ask_owners(scope, known["owners"].split(";")),
            "kind_id": st.selectbox(
                "类别",
                listed,
                listed.index(known["kind_id"]),
                format_func=lambda code: kinds.get(code, NONE),
            ),
        }
    with right:
        days = {column: _day(label, known[column]) for column, label in _DAYS.items()}
        first = st.checkbox("有首创或首单应用", known.get("is_first", False))
    return fields | {"is_first": first} | days


def _day(label: str, known: str) -> str:
    """A day of the form as ISO text, '' where none is given."""
    value = date.fromisoformat(known) if known else None
    earliest = min(pace.first_day(), value or date.max)
    given = st.date_input(label, value, min_value=earliest, max_value="today", format="YYYY-MM-DD")
    return pending_entries.day(given) or ""


def _fields_of(row: pd.Series) -> Fields:
    """The fields of a known cluster; a re-inspection is always a new one, and left blank."""
    texts = ("name", "owners", "kind_id")
    days = [name for name in _DAYS if name in row]
    return (
        dict.fromkeys(_DAYS, "")
        | {
            "cluster_id": row.name,
            "is_first": bool(row["is_first"]) if pd.notna(row["is_first"]) else False,
        }
        | {name: "" if pd.isna(row[name]) else row[name] for name in texts}
        | {name: "" if pd.isna(row[name]) else f"{row[name]:%Y-%m-%d}" for name in days}
    )


def _changed(fields: Fields, before: Fields | None) -> Fields:
    """The fields that differ from those before, and the id."""
    known = before or {}
    changed = {name: value for name, value in fields.items() if value != known.get(name, "")}
    return changed | {"cluster_id": fields["cluster_id"]}


def _first_day(fields: Fields) -> date | None:
    """The day from which a cluster is listed."""
    days = [fields[name] for name in ("declared_on", "planned_on", "plaque_on")]
    return min((date.fromisoformat(day) for day in days if day), default=None)


def problems(fields: Fields, known: set[str], *, new: bool) -> list[str]:
    """What keeps a cluster from being saved; `known` are the ids that a new one may not have."""
    cluster_id = fields["cluster_id"]
    found = []
    if new and not _ID.fullmatch(cluster_id):
        found.append(f"聚集区编号“{cluster_id}”请用字母、数字或汉字，不超过 32 个字")
    if new and cluster_id in known:
        found.append(f"聚集区编号“{cluster_id}”已经登记过，请在上面选它来修改")
    found += pending_entries.missing(
        {"请填写聚集区的名称": fields["name"], "请选至少一个责任单位": fields["owners"]}
    )
    declared = fields["declared_on"]
    early = [
        label
        for column, label in _DAYS.items()
        if declared and fields.get(column) and fields[column] < declared
    ]
    return found + [f"{label}早于申报日期，请核对" for label in early]
