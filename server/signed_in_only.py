"""The door: what is only for those who signed in, where the server was told how people sign in."""

from anyio.to_thread import run_sync
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.AuthRedirect_pb2 import AuthRedirect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from api.openapi_document import BASE
from server import health, identities, idle_visits
from server.refusals import refuse
from store.errors import LedgerError
from ui import sign_in, sign_in_settings

VISITOR = "visitor"
"""The key of a request's scope that says whose it is; '' for nobody who has signed in."""
HEALTH = "/_stcore/health"
_METRICS = "/_stcore/metrics"
_FOR_ALL = {HEALTH, "/_stcore/host-config", "/_stcore/stream"}
"""What the page needs on which people sign in; nothing else of Streamlit's own is for everybody."""
_OWN_RULES = (f"{BASE}/", f"{health.PATH}/")  # the one has tokens, the other tells nothing
_LOGOUT = "/auth/logout"
_UPLOAD = "/_stcore/upload_file/"
_SIGN_IN = "请先登录，再打开这个地址"
_STRANGER = "登录名没有登记，或已经停用。请联系领导小组办公室"
_UNKNOWN = "决定台账读不出来，查不到登录名的登记。请联系管理员"
_LEAVE = ForwardMsg(auth_redirect=AuthRedirect(url="./")).SerializeToString()
"""Tells a page to open the first page: by itself it would go on showing what it shows."""


class SignedInOnly:
    """Lets files, uploads and sessions through only to those who signed in, and says who they are.

    Somebody who has not signed in by OIDC, or not lately, gets a session without a name, in which
    the dashboard shows where to sign in; nothing of a cookie that does not hold reaches Streamlit.
    Behind the office's proxy nobody is without a name: what comes without one is refused.
    Somebody who signed in and is not enrolled gets the page that says so, and no files.
    Streamlit's counters are served to nobody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._visits = idle_visits.Visits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on with the visitor it is from."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        path, scope[VISITOR] = scope["path"], ""
        if path == _METRICS:
            await refuse(scope, receive, send, 404, "本看板不提供这个地址")
        elif f"{path}/".startswith(_OWN_RULES) or not sign_in_settings.sign_in():
            await self._app(scope, receive, send)
        elif sign_in_settings.trusted_headers():
            scope[VISITOR] = identities.of_header(HTTPConnection(scope))
            if scope[VISITOR]:
                await self._to_the_enrolled(scope, receive, send)
            elif path == HEALTH:
                await self._app(scope, receive, send)
            else:
                await refuse(scope, receive, send, 401, "请从单位的统一登录入口打开看板")
        else:
            await self._by_cookie(scope, receive, send)

    async def _by_cookie(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, path = HTTPConnection(scope), scope["path"]
        key = identities.of_cookie(request)
        fresh = identities.fresh(request, idle_visits.LIMIT)
        if key and self._visits.holds(key, fresh=fresh):
            scope[VISITOR] = key
        if scope["type"] == "websocket":
            if scope[VISITOR]:
                await self._while_signed_in(key, scope, receive, send)
            else:
                await self._app(_without_sign_in(scope), receive, send)
            return
        if not scope[VISITOR] and _for_those_signed_in(path):
            await refuse(scope, receive, send, 401, _SIGN_IN)
            return
        if path == _LOGOUT:
            self._visits.end(key)
        elif not path.startswith("/_stcore/") or path.startswith(_UPLOAD):
            self._visits.use(key)
        await self._to_the_enrolled(scope, receive, send)

    async def _to_the_enrolled(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what is for those who signed in only if the office knows them."""
        if scope["type"] == "http" and _for_those_signed_in(scope["path"]):
            claims = identities.claims(HTTPConnection(scope))
            try:
                if await run_sync(sign_in.recognised, claims, "") is None:
                    await refuse(scope, receive, send, 403, _STRANGER)
                    return
            except LedgerError:
                await refuse(scope, receive, send, 503, _UNKNOWN)
                return
        await self._app(scope, receive, send)

    async def _while_signed_in(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry a session until its sign-in ends; the page then opens anew, without a name."""
        closed = False

        async def received() -> Message:
            nonlocal closed
            message = await self._visits.next(key, receive)
            if message is None:
                if not self._visits.signed_out(key):  # else the browser is on its way out
                    await send({"type": "websocket.send", "bytes": _LEAVE})
                await send({"type": "websocket.close", "code": 1008})
                closed = True
                return {"type": "websocket.disconnect", "code": 1008}
            if _by_hand(message):
                self._visits.use(key)
            return message

        async def sent(message: Message) -> None:
            if not closed:
                await send(message)

        await self._app(scope, received, sent)


def _for_those_signed_in(path: str) -> bool:
    return path.startswith(("/_stcore/", "/media/")) and path not in _FOR_ALL


def _by_hand(message: Message) -> bool:
    """Whether a message of the page is something that somebody did, not a timer's."""
    if message["type"] != "websocket.receive" or not message.get("bytes"):
        return False
    try:
        said = BackMsg.FromString(message["bytes"])
    except ValueError:  # no message of Streamlit's, which will say so
        return False
    return said.HasField("rerun_script") and not said.rerun_script.is_auto_rerun


def _without_sign_in(scope: Scope) -> Scope:
    """The same request without the cookies of a sign-in."""
    kept = []
    for name, value in scope["headers"]:
        if name == b"cookie":
            parts = [one for one in value.split(b";") if not _of_sign_in(one)]
            kept.append((name, b";".join(parts)))
        else:
            kept.append((name, value))
    return {**scope, "headers": kept}


def _of_sign_in(cookie: bytes) -> bool:
    return cookie.strip().startswith(USER_COOKIE_NAME.encode())
