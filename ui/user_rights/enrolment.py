"""Who is who: the people whom the office enrolled, and the form that enrols or changes one."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from domain.visitors import OF_UNITS, ROLES, Role, Visitor
from presentation.labels import plain
from store import people
from store.errors import IntakeError
from store.ledger import Entry, Ledger
from ui import session

_OF_ROLE = {label: role for role, label in ROLES.items()}


def known(ledger: Ledger) -> None:
    """Everybody who was ever enrolled, and a way to shut one out."""
    entries = people.people(ledger)
    if not entries:
        st.caption("还没有登记过用户。")
        return
    st.dataframe(listed(entries, "登录名"), hide_index=True, alt="用户")
    active = [login for login, entry in entries.items() if entry.body["role"]]
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    login = left.selectbox("停用一个登录名", active, index=None, placeholder="请选择")
    shut = not login or session.nobody()
    if right.button("停用", icon=":material/person_off:", disabled=shut, width="stretch"):
        _do(lambda: people.dismiss(ledger, login or "", session.visitor()), f"已停用 {login}。")


def form(ledger: Ledger) -> None:
    """Enrol somebody, or change who they are."""
    role, unit = role_and_unit("person")
    left, right = st.columns(2)
    login = left.text_input("登录名", key="new_login", help="与统一登录里的一致。", max_chars=100)
    name = right.text_input("姓名", key="new_name", max_chars=40)
    nobody = session.nobody()
    if st.button("保存", type="primary", icon=":material/save:", key="enrol", disabled=nobody):
        who = Visitor(name, role, unit, login=login)
        _do(lambda: people.enrol(ledger, who, session.visitor()), f"已登记 {login.strip()}。")


def role_and_unit(key: str) -> tuple[Role, str]:
    """Ask for a role and, where it belongs to one, a unit."""
    left, right = st.columns(2)
    role = _OF_ROLE[left.selectbox("角色", list(_OF_ROLE), index=1, key=f"{key}_role")]
    if role not in OF_UNITS:
        return role, ""
    units = {label: unit for unit, label in people.units(role).items()}
    return role, units.get(right.selectbox("单位", list(units), key=f"{key}_unit"), "")


def listed(entries: dict[str, Entry], heading: str) -> pd.DataFrame:
    """Entries of people or tokens as a table, whose subject stands under `heading`."""
    rows = [
        {
            heading: subject,
            "姓名": body.get("name", "—"),
            "角色": ROLES[body["role"]] if body["role"] else "已停用",
            "单位": people.units(body["role"]).get(body["unit"], "—") if body["role"] else "—",
            "登记人": entry.by,
            "时间": session.clock(entry.at),
        }
        for subject, entry in entries.items()
        for body in [entry.body]
    ]
    return pd.DataFrame(rows)


def _do(work: Callable[[], None], done: str) -> None:
    try:
        work()
    except IntakeError as error:
        st.warning(plain(str(error)) + "。", icon=":material/warning:")
    else:
        st.session_state["_enrolled"] = done
        st.rerun()


def notice() -> None:
    """What was done in the last run."""
    if done := st.session_state.pop("_enrolled", None):
        st.success(plain(done), icon=":material/task_alt:")
