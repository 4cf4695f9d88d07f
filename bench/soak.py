"""Whether a server stays as large as it is: memory and open files over many sessions.

``python -m bench.soak [--sessions 300] [--views 2000] [--merchants 20000]``. Sessions come one
after the other, each opens its part of the views and leaves. A session
holds three files, those of its event loop, and Streamlit keeps the last 128 sessions that left for
two minutes, so that they can come back: files rise to some 400 and stay there.
"""

import argparse
import asyncio
import random
import tempfile
from pathlib import Path

from bench.sessions import AREAS, PATHS, memory
from demo import publishing
from store import snapshot_store
from tests.support.dashboard_server import Server
from tests.support.streamlit_session import Session, connected

LINES = 10  # of the table that is printed


def open_files(server: Server) -> int:
    """Files and sockets that the server holds."""
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


async def visit(port: int, views: int, chance: random.Random) -> int:
    """Open `views` pages in one session; how many raised."""
    async with connected(port) as socket:
        session, failed = Session(socket), 0
        for _ in range(views):
            await session.open(chance.choice(PATHS), chance.choice(AREAS))
            failed += bool(session.exceptions())
        return failed


def run(sessions: int = 300, views: int = 2_000, merchants: int = 20_000) -> None:
    """Print memory and open files along the sessions."""
    print(f"# soak: {views:,} views in {sessions} sessions, {merchants:,} merchants")
    print(f"{'sessions':>9}{'views':>7}{'MB':>7}{'files':>7}{'errors':>8}")
    chance, each = random.Random(0), views // sessions
    with tempfile.TemporaryDirectory() as folder:
        publishing.publish(snapshot_store.Store(Path(folder)), merchants)
        server = Server(Path(folder))
        try:
            failed = 0
            for number in range(sessions + 1):
                if number % max(1, sessions // LINES) == 0:
                    now = f"{memory(server, 'VmRSS'):>7.0f}{open_files(server):>7}{failed:>8}"
                    print(f"{number:>9}{number * each:>7}{now}", flush=True)
                if number < sessions:
                    failed += asyncio.run(visit(server.port, each, chance))
        finally:
            server.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--sessions", type=int, default=300, help="sessions, one after the other")
    parser.add_argument("--views", type=int, default=2_000, help="views of all together")
    parser.add_argument("--merchants", type=int, default=20_000, help="size of the demo store")
    asked = parser.parse_args()
    run(asked.sessions, asked.views, asked.merchants)


if __name__ == "__main__":
    main()
