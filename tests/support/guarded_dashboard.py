"""A small dashboard behind the same door as the real one, for tests of the door."""

from pathlib import Path
from urllib.error import HTTPError

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from tests.support.dashboard_server import Server

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
st.download_button("现做名单", lambda whose=f"{who}的店": whose, "现做.txt")
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


async def begun(socket: ClientConnection) -> tuple[str, list[str]]:
    """The id of the session that the server gives, and the titles and texts that it shows."""
    session, texts = "", []
    for message in await _shown(socket):
        kind, element = message.WhichOneof("type"), message.delta.new_element
        if kind == "new_session":
            session = message.new_session.initialize.session_id
        elif element.WhichOneof("type") == "text":
            texts.append(element.text.body)
        elif element.WhichOneof("type") == "heading":
            texts.append(element.heading.body)
    return session, texts


async def files(socket: ClientConnection) -> list[str]:
    """The paths of the two files that a page gives: one that it has, one that it makes."""
    messages = await _shown(socket)
    buttons = [message.delta.new_element.download_button for message in messages]
    (session,) = {message.new_session.initialize.session_id for message in messages} - {""}
    (there,) = [one.url for one in buttons if one.url]
    (made,) = [one.deferred_file_id for one in buttons if one.deferred_file_id]
    request = {"request_id": "1", "session_id": session, "deferred_file": {"file_id": made}}
    await socket.send(BackMsg(backend_operation_request=request).SerializeToString())
    while True:
        message = ForwardMsg.FromString(await socket.recv(decode=False))
        if message.WhichOneof("type") == "backend_operation_response":
            return [there, message.backend_operation_response.deferred_file.url]


async def _shown(socket: ClientConnection) -> list[ForwardMsg]:
    """The messages of one run of the page."""
    await socket.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
    messages: list[ForwardMsg] = []
    while not messages or messages[-1].WhichOneof("type") != "script_finished":
        messages.append(ForwardMsg.FromString(await socket.recv(decode=False)))
    return messages


def answered(
    server: Server, path: str, headers: dict[str, str], method: str = "GET", body: bytes = b""
) -> tuple[int, str]:
    """The status of an answer and its text, a refusal's as well."""
    try:
        with server.ask(method, path, headers, body or None) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def sent(server: Server, session: str, headers: dict[str, str], **more: str) -> tuple[int, str]:
    """The status and text of the answer to a file that somebody sends to a session."""
    token = "2|00000000|00|0"  # the same in a header and a cookie, as a page has it
    cookies = [headers[name] for name in headers if name == "Cookie"]
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n--b--\r\n'
    stated = {
        **headers,
        "Cookie": "; ".join([*cookies, f"_streamlit_xsrf={token}"]),
        "X-Xsrftoken": token,
        "Content-Type": "multipart/form-data; boundary=b",
        **more,
    }
    return answered(server, f"/_stcore/upload_file/{session}/0", stated, "PUT", body)
