"""What every answer tells the browser to keep to: where a page may load from, and who frames it."""

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.own_page import INDEX


def _inline() -> str:
    """The hashes of the scripts inside Streamlit's page, as a browser is told them."""
    scripts = re.findall(r"<script>(.*?)</script>", INDEX, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    return " ".join(f"'sha256-{one}'" for one in hashes)


def _policy(scripts: str) -> str:
    """Where what a page is made of may come from: this server alone."""
    return (
        f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )


_PAGE = _policy(_inline())
_COMPONENT = _policy("'unsafe-inline' 'unsafe-eval'")  # a map is sent to its frame as a script
_NAMES = ("/media/", "/_stcore/upload_file/")
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
}


class SecurityHeaders:
    """Adds the headers to every answer; files of named rows are kept by no browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                component = path.startswith("/component/")
                headers["content-security-policy"] = _COMPONENT if component else _PAGE
                if path.startswith(_NAMES):
                    headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, sent)
