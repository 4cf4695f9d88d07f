"""Pages of other sites: they may open a web socket to us, or send a form; they are refused.

Streamlit looks at the origin itself, but asks the internet for its own address to do so, while
everybody waits, and takes any port of ``localhost`` for its own.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from server.refusals import refuse
from ui.sign_in_settings import own


class ForeignOrigins:
    """Refuses what names a host that is not ours, or comes from a page of another host.

    A browser says where a page came from with every web socket and whatever else may do harm, so a
    web socket that does not say so is none of ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on."""
        if scope["type"] in {"http", "websocket"}:
            headers = Headers(scope=scope)
            hosts = headers.getlist("host")
            if len(hosts) != 1 or not own(hosts[0]):
                text = "这个地址不是本看板的地址。请用办公室公布的地址打开"
                await refuse(scope, receive, send, 421, text)
                return
            origins = headers.getlist("origin")
            silent = scope["type"] == "websocket" and not origins
            if silent or any(_netloc(one) != hosts[0].lower() for one in origins):
                text = "请求来自别的网站，已拒绝。请直接打开看板的地址"
                await refuse(scope, receive, send, 403, text)
                return
        await self._app(scope, receive, send)


def _netloc(origin: str) -> str:
    """Host and port of an origin; '' for ``null`` and whatever else is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
