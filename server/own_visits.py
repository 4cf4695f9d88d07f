"""Visits of the server to its own pages, so that what they ask and draw is at hand for people."""

import anyio
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.session_manager import SessionClient

from ui.sign_in import SERVER, SERVER_CLAIM

LONGEST = 60.0  # seconds
_ENDS = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR}


class _Client(SessionClient):
    """A browser that shows nothing, and notes when the page is whole."""

    def __init__(self) -> None:
        self.whole = anyio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Take one message of the page."""
        if msg.WhichOneof("type") == "script_finished" and msg.script_finished in _ENDS:
            self.whole.set()


async def visit(path: str, query: str = "") -> None:
    """Open the page at `path` as a browser would, in a session of its own, until it is whole.

    On the event loop that serves. The page says itself what is wrong with it; one that is not
    whole after `LONGEST` seconds is left.
    """
    server, client, request = runtime.get_instance(), _Client(), BackMsg()
    request.rerun_script.page_name, request.rerun_script.query_string = path, query
    session = server.connect_session(client, {SERVER_CLAIM: SERVER})
    try:
        server.handle_backmsg(session, request)
        with anyio.move_on_after(LONGEST):
            await client.whole.wait()
    finally:
        server.close_session(session)
