"""Addresses that no page has: the first page opens, without Streamlit's English dialogs."""

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.path_security import is_unsafe_path_pattern

from api.openapi_document import BASE
from api.problems import problem
from server.health import PATH
from server.refusals import refuse
from ui import menu

_OTHERS = {"oauth2callback", PATH.strip("/"), BASE.strip("/")}
"""Where people come back from signing in, health, and the interface for programs."""
_KNOWN = frozenset({"", *(entry.path for entry in menu.entries()[1:]), *_OTHERS})
"""Streamlit serves the first page at the server's own address alone, whatever it is called."""


class UnknownAddresses:
    """Sends a browser that asks for a page which does not exist to the first one.

    Only a name right below the server's own address is a page's; Streamlit's files lie deeper or
    have a suffix, and are not asked for as HTML. What Streamlit would call a bad request, because
    it may lead out of a folder, is refused here, in words that whoever asks can read.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect, refuse, or pass the request on."""
        if scope["type"] == "http" and is_unsafe_path_pattern(scope["path"].removeprefix("/")):
            text = "地址里有不能用的字符，请检查后再试"
            if scope["path"].startswith(f"{BASE}/"):
                await problem(400, text)(scope, receive, send)
            else:
                await refuse(scope, receive, send, 400, text)
        elif scope["type"] == "http" and _unknown(scope["path"], Headers(scope=scope)):
            await RedirectResponse(_first(scope))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _first(scope: Scope) -> str:
    """Where the first page is, with what was selected."""
    query = scope["query_string"].decode("latin-1")
    return f"./?{query}" if query else "./"


def _unknown(path: str, headers: Headers) -> bool:
    name = path.strip("/")
    asked = "text/html" in headers.get("accept", "") and not {"/", "."} & set(name)
    return asked and name[:1] != "_" and name not in _KNOWN
