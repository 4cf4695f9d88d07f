"""A small dashboard behind the same door as the real one, for tests of the door."""

from pathlib import Path

_APP = """
from pathlib import Path

import streamlit as st
from starlette.routing import Route

from server import gate, health, idle_visits, start_check

start_check.refuse_unsafe()
idle_visits.LIMIT = {idle}
app = st.App(
    Path(__file__).with_name("page.py"),
    routes=[Route(health.PATH, health.health)],
    middleware=gate.middleware(),
)
"""
_PAGE = """
import streamlit as st

user = st.user.to_dict()
if user.get("is_logged_in") is False:
    st.title("请登录")
    if st.button("登录"):
        st.login()
    st.stop()
who = user.get("login") or user.get("email") or "本机"
st.title(f"{who}的看板")
note = st.text_input("便条")
st.text(f"便条写着：{note}")
files = st.file_uploader("文件", accept_multiple_files=True)
st.text(f"收到 {len(files)} 个文件")
st.download_button("下载名单", "张三的店", "名单.txt")
if st.button("退出"):
    st.logout()
"""


def small_dashboard(folder: Path, idle: float = 1800.0) -> Path:
    """Write the dashboard into `folder` and return its app.

    It says who looks, keeps a note, takes files, and has a list to download. A sign-in that is not
    used ends after `idle` seconds.
    """
    (folder / "page.py").write_text(_PAGE, encoding="utf-8")
    app = folder / "small_app.py"
    app.write_text(_APP.format(idle=idle), encoding="utf-8")
    return app
