"""A browser's side of Streamlit's protocol: pages asked for over a web socket."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from queries.scope import CITY

AREA = "县区或功能板块"
T = TypeVar("T")


def run(visit: Callable[[], Awaitable[T]]) -> T:
    """What `visit` gives, in a thread of its own: Playwright, if it is here, has a loop already."""

    async def main() -> T:
        return await visit()

    with ThreadPoolExecutor() as thread:
        return thread.submit(lambda: asyncio.run(main())).result()


def connected(
    port: int,
    *more: str,
    origin: str | None = "",
    headers: dict[str, str] | None = None,
) -> connect:
    """A connection to the server on `port` of this machine, as from a page of its own.

    `more` stands beside the protocol's name: the token against forged requests, and the id of the
    session to go on with. `origin` None is no header at all.
    """
    return connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=["streamlit", *more],
        origin=f"http://127.0.0.1:{port}" if origin == "" else origin,
        additional_headers=headers,
        max_size=None,
        proxy=None,
    )


@dataclass
class Session:
    """One person's session, and what the page that was opened last shows."""

    socket: ClientConnection
    shown: list[Element] = field(default_factory=list)
    received: int = 0  # bytes that the page came in
    _area_widget: str = ""

    async def open(self, path: str, area: str = CITY, **chosen: str) -> None:
        """Open the page at `path` with an area selected, and wait until its script has ended.

        `chosen` are further parts of the address, for a session that opens its first page.
        """
        request = BackMsg()
        state = request.rerun_script
        state.page_name = path
        if area != CITY or chosen:
            state.query_string = urlencode({"area": area, **chosen})
        if self._area_widget:
            state.widget_states.widgets.add(id=self._area_widget, string_value=area)
        await self.socket.send(request.SerializeToString())
        self.shown.clear()
        self.received = 0
        finished = None
        while finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            sent = await self.socket.recv(decode=False)
            self.received += len(sent)
            message = ForwardMsg.FromString(sent)
            kind = message.WhichOneof("type")
            if kind == "delta":
                self._keep(message.delta.new_element)
            elif kind == "script_finished":
                finished = message.script_finished
                if finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise SyntaxError(path)

    def _keep(self, element: Element) -> None:
        self.shown.append(element)
        if element.selectbox.label == AREA:
            self._area_widget = element.selectbox.id

    def exceptions(self) -> list[str]:
        """The types of the exceptions that the page shows."""
        shown = [one.exception for one in self.shown if one.WhichOneof("type") == "exception"]
        return [exception.type for exception in shown]
