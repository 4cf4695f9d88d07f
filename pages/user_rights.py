"""用户与权限： who may see and do what, and the tokens of the interface for programs."""

import pandas as pd
import streamlit as st

from domain.visitors import RIGHTS, ROLES, Visitor
from store import snapshot_store
from ui import session
from ui.user_rights import api_tokens, enrolment

session.ask_person()
ledger = snapshot_store.default().ledger
enrolment.notice()
users, tokens, roles = st.tabs(["用户", "接口令牌", "各角色能做什么"], key="people_tabs")
with users:
    enrolment.known(ledger)
    with st.container(border=True):
        st.markdown("**登记或更改一个用户**")
        enrolment.form(ledger)
with tokens:
    st.caption(
        "程序用令牌读 /api/v1，看到的和同一角色、单位的人一样多。令牌只存校验码，丢了要重发。"
    )
    api_tokens.known(ledger)
    with st.container(border=True):
        st.markdown("**发一个令牌**")
        api_tokens.form(ledger)
with roles:
    st.caption(
        "各项数人人都看得到；写着名称的门店、场所，只给它们有关的人：县区、功能板块看本地的，"
        "部门看自己主管的场所，银行看自己的门店和负责的场所，领导和办公室看全部。"
    )
    st.table(
        pd.DataFrame(
            {
                label: ["✓" if Visitor("", role).may(right) else "" for right in RIGHTS]
                for role, label in ROLES.items()
            },
            index=pd.Index(RIGHTS.values(), name="办什么"),
        )
    )
