"""Who is there: the visitor of this run, as the provider or the office's proxy tells.

Nothing configured: the one office that works at this machine, whose clerk types a name. Else the
sign-in names a login, and the ledger says who that is. `.streamlit/secrets.toml` may have a part
`[visitors]`: `login_claim`, the claim that is the login, which nobody may change for themselves
(`preferred_username` unless it says so); `office`, logins that are the office
whatever the ledger says, above all the first one; `role_claim` and `unit_claim`, claims that say
the role and the unit of somebody whom nobody enrolled.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from domain.visitors import ROLES, Visitor
from presentation.labels import plain
from store import people, snapshot_store
from ui import sign_in_settings

_LOGIN_CLAIM = "preferred_username"
SERVER_CLAIM, SERVER = "server", secrets.token_hex()
"""What tells a visit of this process to its own pages, see `server.own_visits`; it never leaves."""


def admitted() -> bool:
    """Whether somebody is there who may see pages; else says what to do.

    Keeps who it is for the run, see `session.visitor`. Raises `LedgerError` if the ledger cannot be
    read.
    """
    st.session_state["_visitor"] = None
    if not sign_in_settings.sign_in():
        return True
    if st.user.get(SERVER_CLAIM) == SERVER:
        st.session_state["_visitor"] = Visitor("", "leader")
        return True
    claims = _claims()
    login = _login(claims)
    if not login:
        _ask()
        return False
    found = recognised(claims, _address())
    if found is None:
        st.title("还不能使用")
        st.warning(
            f"登录名“{plain(login)}”没有登记，或已经停用。请联系领导小组办公室，"
            "在“用户与权限”里登记后再来。",
            icon=":material/person_off:",
        )
        _way_out()
        return False
    st.session_state["_visitor"] = found
    return True


def unchanged() -> Callable[[], bool]:
    """What says, then and in any thread, whether the visitor of this run is who they are now.

    For what runs after the page's script, which asked who is there: since then somebody may have
    been shut out, or moved to another role or unit. It raises `LedgerError` as `admitted` does.
    """
    if not sign_in_settings.sign_in() or st.user.get(SERVER_CLAIM) == SERVER:
        return lambda: True
    found: Visitor | None = st.session_state["_visitor"]
    claims = _claims()
    return lambda: found is not None and recognised(claims, found.address) == found


def _ask() -> None:
    st.title("请先登录")
    if sign_in_settings.auth():
        st.write("用单位的统一登录进入看板。")
        st.button("登录", type="primary", icon=":material/login:", on_click=st.login)
    else:
        st.write("没有收到登录信息。请从办公室公布的网址进入。")


def recognised(claims: Mapping[str, Any], address: str) -> Visitor | None:
    """Who it is at `address` of whom the provider or the proxy says `claims`; None for nobody.

    The office's first logins, then the ledger, then the claims themselves, of which none is empty.
    Raises `LedgerError` if the ledger cannot be read.
    """
    settings, login = sign_in_settings.visitors(), _login(claims)
    if not login:
        return None
    if login in settings.get("office", ()):
        return Visitor(str(claims.get("name", login)), "office", login=login, address=address)
    ledger = snapshot_store.default().ledger
    found = people.by_login(ledger, login, address)
    if found is None and "role_claim" in settings and not people.shut_out(ledger, login):
        role, unit = (
            str(claims.get(settings.get(name, ""), "")) for name in ("role_claim", "unit_claim")
        )
        found = people.claimed(str(claims.get("name", "")), role, unit, login, address)
    return found


def _claims() -> dict[str, Any]:
    """What the provider or the proxy says of who is there, without what it leaves open."""
    return {name: value for name, value in st.user.to_dict().items() if value}


def _address() -> str:
    """Where the visitor is; a proxy on this machine says so."""
    return str(st.context.ip_address or st.context.headers.get("X-Real-IP") or "本机")


def who() -> None:
    """Who is signed in, and the way out where the dashboard has one; nothing without sign-in."""
    found: Visitor | None = st.session_state["_visitor"]
    if found:
        unit = people.units(found.role).get(found.unit, "")
        st.caption(f"{plain(found.name)}　{plain(unit) or ROLES[found.role]}")
        _way_out()


def _way_out() -> None:
    if sign_in_settings.auth():
        st.button("退出登录", icon=":material/logout:", on_click=st.logout)


def _login(claims: Mapping[str, Any]) -> str:
    if not sign_in_settings.auth():
        return str(claims.get(sign_in_settings.LOGIN, "")).strip()
    name = sign_in_settings.visitors().get("login_claim", _LOGIN_CLAIM)
    return str(claims.get(name, "")).strip()
