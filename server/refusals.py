"""How a request is turned away: a status and a sentence, for pages and web sockets alike."""

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    """Answer a request or the opening of a web socket with `status` and `text`."""
    await PlainTextResponse(text, status)(scope, receive, send)
