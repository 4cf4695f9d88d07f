"""Entering a demonstration cluster by hand, changing one, and taking it back."""

import re
from datetime import date

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


def form(scope: Scope) -> None:
    """Enter a new cluster, or change a known one, whatever area is selected.

    Only what is changed is written down; `scope` is of the version in force.
    """
    rows = commitments.rows(scope.snapshot_id, "clusters").set_index("cluster_id")
    labels = dict(zip(rows.index, rows["name"] + "（" + rows.index + "）", strict=True))
    chosen = st.selectbox(
        "登记或修改哪一个", [NEW, *labels], format_func=lambda one: labels.get(one, one)
    )
    row = rows.loc[chosen] if chosen in labels else None
    with st.form("cluster", border=True):
        body = _fields(scope, chosen, row)
        saved = st.form_submit_button("保存登记", icon=":material/save:")
        if saved and pending_entries.asked(problems(body, row, taken(scope))):
            said = f"已登记“{body['name']}”。发布后计入各页。"
            pending_entries.save("cluster", _changed(body, row), said, _first_day(body))
    st.caption("手工登记的内容以后一直有效，再导入的文件也不会改它；撤回后才以文件为准。")
    back = row is not None and st.button("撤回手工登记的内容", icon=":material/undo:")
    if back and pending_entries.asked([]):
        pending_entries.withdraw(
            "cluster", {"cluster_id": chosen}, "已撤回手工登记的内容，发布后生效。"
        )


def taken(scope: Scope) -> set[str]:
    """Ids that clusters of the version in force have, or that wait to be published."""
    known = commitments.rows(scope.snapshot_id, "clusters")["cluster_id"]
    return {*known, *session.ledger().latest("cluster")}


def _fields(scope: Scope, chosen: str, row: pd.Series | None) -> dict[str, object]:
    """The fields of the form, as a row for the ledger."""
    everyone = owners.owners(scope.as_of)
    names = dict(zip(everyone["owner_id"], everyone["owner"], strict=True))
    kinds = reference.labels("venue_kinds", "kind_id", "kind")
    known = _body(row) if row is not None else {}
    left, right = st.columns(2, gap="medium")
    with left:
        cluster_id = st.text_input(
            "聚集区编号", chosen if known else "", disabled=bool(known), max_chars=32
        )
        name = st.text_input("名称", known.get("name", ""), max_chars=60)
        mine = [one for one in known.get("owners", "").split(";") if one in names]
        asked = st.multiselect(
            "责任单位", list(names), mine, format_func=names.get, placeholder="请选"
        )
        listed = ["", *kinds]
        kind = st.selectbox(
            "类别",
            listed,
            listed.index(known.get("kind_id", "")),
            format_func=lambda one: kinds.get(one, NONE),
        )
    with right:
        days = {column: _day(label, known.get(column, "")) for column, label in _DAYS.items()}
        first = st.checkbox("有首创或首单应用", known.get("is_first", False))
    return {
        "cluster_id": cluster_id.strip(),
        "name": name.strip(),
        "owners": ";".join(asked),
        "kind_id": kind,
        "is_first": first,
        **days,
    }


def _day(label: str, known: str) -> str:
    """A day of the form as ISO text, '' where none is given."""
    value = date.fromisoformat(known) if known else None
    earliest = min(pace.first_day(), value or date.max)
    given = st.date_input(label, value, min_value=earliest, max_value="today", format="YYYY-MM-DD")
    return pending_entries.day(given) or ""


def _body(row: pd.Series) -> dict[str, object]:
    """A known cluster as the form would write it; a re-inspection is always a new one."""
    days = {name: row[name] for name in _DAYS if name in row}
    texts = {
        name: "" if pd.isna(row[name]) else row[name] for name in ("name", "owners", "kind_id")
    }
    return texts | {
        "is_first": bool(row["is_first"]) if pd.notna(row["is_first"]) else False,
        **{name: "" if pd.isna(day) else f"{day:%Y-%m-%d}" for name, day in days.items()},
    }


def _changed(body: dict[str, object], row: pd.Series | None) -> dict[str, object]:
    """What of the form differs from what is known."""
    known = _body(row) if row is not None else {}
    kept = {name: value for name, value in body.items() if value != known.get(name, "")}
    return kept | {"cluster_id": body["cluster_id"]}


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
