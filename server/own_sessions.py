"""Whose a session is: the browser's that began it, whoever else may know its id."""

import secrets
from collections.abc import Iterator
from typing import Any

from cachetools import TTLCache
from google.protobuf.json_format import MessageToDict
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from server.refusals import refuse
from server.signed_in_only import VISITOR

COOKIE = "browser"
_UPLOAD = "/_stcore/upload_file/"
_MEDIA = "/media/"
_KEPT = 100_000, 24 * 3600  # entries, seconds
_CONNECTING = {"/_stcore/health", "/_stcore/host-config"}  # asked for before a session begins
_PROTOCOL = b"sec-websocket-protocol"


class OwnSessions:
    """Lets a browser go on with its own session only, upload to that, and load what it was offered.

    Each browser is given a secret that no page and no log can read; a session belongs to the secret
    and the visitor that it began with. With the id of another's session one gets a new one. A file
    is served to those whose pages have named it: equal files of several pages have one address.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._owners: TTLCache[str, tuple[str, str]] = TTLCache(*_KEPT)
        self._offered: TTLCache[tuple[tuple[str, str], str], bool] = TTLCache(*_KEPT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is of another's session, and give a new session for another's id."""
        if scope["type"] == "websocket":
            await self._session(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _session(self, scope: Scope, receive: Receive, send: Send) -> None:
        owner, known = _owner(scope), False

        async def sent(message: Message) -> None:
            nonlocal known
            content = message.get("bytes") or b""
            if not known and (session := _session_of(ForwardMsg.FromString(content))):
                self._owners[session], known = owner, True
            if _MEDIA.encode() in content:
                for url in _urls(MessageToDict(ForwardMsg.FromString(content))):
                    self._offered[owner, url] = True
            await send(message)

        offered = Headers(scope=scope).get("sec-websocket-protocol", "").split(",")
        session = "".join(offered[2:3]).strip()
        if session and not self._owns(owner, session):
            protocol = (_PROTOCOL, ",".join(offered[:2]).encode("latin-1"))
            others = [one for one in scope["headers"] if one[0] != _PROTOCOL]
            scope = {**scope, "headers": [*others, protocol]}
        await self._app(scope, receive, sent)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, headers = scope["path"], Headers(scope=scope)
        if path.startswith(_UPLOAD):
            session = path.removeprefix(_UPLOAD).split("/")[0]
            if not self._owns(_owner(scope), session):
                text = "这个上传不属于当前打开的页面，没有收下。请刷新页面再试"
                await refuse(scope, receive, send, 403, text)
                return
        if path.startswith(_MEDIA) and not self._was_offered(_owner(scope), path):
            text = "没有这个文件，或不是给当前页面的。请刷新页面再试"
            await refuse(scope, receive, send, 404, text)
            return
        page = "text/html" in headers.get("accept", "")
        if COOKIE in HTTPConnection(scope).cookies or not (page or path in _CONNECTING):
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _cookie(scope))
            await send(message)

        await self._app(scope, receive, sent)

    def _owns(self, owner: tuple[str, str], session: str) -> bool:
        return bool(owner[1]) and self._owners.get(session) == owner

    def _was_offered(self, owner: tuple[str, str], file: str) -> bool:
        return bool(owner[1]) and (owner, file) in self._offered


def _owner(scope: Scope) -> tuple[str, str]:
    """The visitor of a request, and the secret of its browser; '' for one that shows none."""
    return scope[VISITOR], HTTPConnection(scope).cookies.get(COOKIE, "")


def _session_of(message: ForwardMsg) -> str:
    """The session that a message is of, where it says so: as it begins, or is asked for uploads.

    A page that comes back to a server that was started anew asks without beginning.
    """
    places = [one.upload_url for one in message.file_urls_response.file_urls]
    uploads = places[0].removeprefix(_UPLOAD).split("/")[0] if places else ""
    return message.new_session.initialize.session_id or uploads


def _urls(message: Any) -> Iterator[str]:
    """The addresses in a message: of files that it offers, never what a page merely says."""
    if isinstance(message, dict):
        yield from (text for name, text in message.items() if name == "url")
        message = list(message.values())
    if isinstance(message, list):
        for part in message:
            yield from _urls(part)


def _cookie(scope: Scope) -> str:
    """A new browser's secret, until it is closed; over HTTPS it is never sent without."""
    carrier = Response()
    value, secure = secrets.token_urlsafe(32), scope["scheme"] == "https"
    carrier.set_cookie(COOKIE, value, httponly=True, samesite="lax", secure=secure)
    return carrier.headers["set-cookie"]
