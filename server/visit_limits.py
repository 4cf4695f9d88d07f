"""How much of the server one visitor may take up."""

import time
from collections import Counter

from cachetools import TTLCache
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from server.refusals import refuse
from server.signed_in_only import VISITOR
from ui import sign_in_settings

UPLOADS = 60
"""Files that one visitor may send in a minute."""
PAGES = 20
"""Pages that one visitor may have open."""
STRANGERS = 60
"""Pages that people at one address may have open who have not signed in yet."""
_MINUTE = 60
_UPLOAD = "/_stcore/upload_file/"


class VisitLimits:
    """Refuses a file that is too large, too many files at a time, and too many open pages.

    Without sign-in there is one office at its own machine, and only the size counts.
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
        else:
            await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = scope[VISITOR] or f"address:{_address(scope)}"
        if self._open[visitor] >= (PAGES if scope[VISITOR] else STRANGERS):
            text = f"同时打开的页面已有 {self._open[visitor]} 个。请关掉不用的页面再试"
            await refuse(scope, receive, send, 429, text)
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


def _uploads(scope: Scope) -> bool:
    return scope["method"] == "PUT" and str(scope["path"]).startswith(_UPLOAD)


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope["client"] else ""
