"""How much of the server one visitor may take up."""

import time
from collections import Counter

from cachetools import TTLCache
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config
from streamlit.proto.AuthRedirect_pb2 import AuthRedirect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from server.refusals import refuse
from server.signed_in_only import VISITOR
from ui import sign_in_settings

UPLOADS = 300
"""Files that one visitor may send in a minute: what a bank owes of several months comes at once."""
PAGES = 20
"""Pages that one visitor may have open."""
STRANGERS = 60
"""Pages that people at one address may have open who have not signed in yet."""
_MINUTE = 60
_PROTOCOL = "streamlit"
_UPLOAD = "/_stcore/upload_file/"
_TOO_MANY = "/too-many-pages"
_LEAVE = ForwardMsg(auth_redirect=AuthRedirect(url=f".{_TOO_MANY}")).SerializeToString()
"""Leads a page to the sentence: one without a session would show grey bars and try for ever."""


class VisitLimits:
    """Refuses a file that is too large, too many files at a time, and too many open pages.

    Without sign-in there is one office at its own machine, and only the size counts. What is said
    of a file that is refused, Streamlit keeps to itself: `data/reference/ui_words.csv` says it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._sent: TTLCache[tuple[str, int], int] = TTLCache(100_000, _MINUTE)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on."""
        if scope["type"] == "websocket" and sign_in_settings.sign_in():
            await self._page(scope, receive, send)
        elif scope["type"] == "http" and _uploads(scope):
            await self._upload(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == _TOO_MANY:
            text = f"同时打开的页面已满 {_most(scope)} 个。请关掉不用的，再按“后退”回到刚才的页面"
            await refuse(scope, receive, send, 429, text)
        else:
            await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = scope[VISITOR] or f"address:{_address(scope)}"
        if self._open[visitor] >= _most(scope):
            await receive()  # that it opens
            await send({"type": "websocket.accept", "subprotocol": _PROTOCOL})
            await send({"type": "websocket.send", "bytes": _LEAVE})
            await send({"type": "websocket.close", "code": 1013})
            return
        self._open[visitor] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[visitor] -= 1
            if not self._open[visitor]:
                del self._open[visitor]

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = config.get_option("server.maxUploadSize")
        length = Headers(scope=scope).get("content-length", "")
        if length.isdecimal() and int(length) > most * 1024 * 1024:
            text = f"文件超过 {most} MB，没有收下。请拆成几个再传"
            await refuse(scope, receive, send, 413, text)
            return
        minute = (scope[VISITOR], int(time.monotonic()) // _MINUTE)
        if scope[VISITOR] and self._sent.get(minute, 0) >= UPLOADS:
            text = f"一分钟里传了 {UPLOADS} 个文件，这一个没有收下。请一分钟后再传"
            await refuse(scope, receive, send, 429, text)
            return
        self._sent[minute] = self._sent.get(minute, 0) + 1
        await self._app(scope, receive, send)


def _most(scope: Scope) -> int:
    """How many pages whoever a request is from may have open."""
    return PAGES if scope[VISITOR] else STRANGERS


def _uploads(scope: Scope) -> bool:
    return scope["method"] == "PUT" and str(scope["path"]).startswith(_UPLOAD)


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope["client"] else ""
