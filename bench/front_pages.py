"""The pages that people open first, at 1,000,000 merchants: seconds, bytes and memory.

``python -m bench.front_pages [--merchants N] [--store FOLDER]``. A page lasts from the request
until its script has run to its end, over Streamlit's own protocol; its bytes are what the socket
brought. "First" pages are asked of a server that has become ready this moment; the others of one
that had `SETTLED` seconds. Figures of Apache Superset
on the same merchants in DuckDB were measured once by hand, and are quoted for comparison.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from bench.sessions import SETTLED, memory
from demo import publishing
from queries.scope import CITY
from store import snapshot_store
from tests.support.dashboard_server import Server
from tests.support.streamlit_session import Session, connected
from ui import menu

OVERVIEW, TARGETS = "", "targets-progress"
NEW = {
    "overview, bank not asked before": {"operator": "中国银行"},
    "overview, another bank": {"operator": "交通银行"},
    "overview, county not asked before": {"area": "灌南县"},
}
SUPERSET = {"first overview": 2.6, "overview, bank not asked before": 0.5}


async def view(server: Server, path: str, **chosen: str) -> tuple[float, int]:
    """Seconds and bytes of one page, in a session of its own."""
    async with connected(server.port) as socket:
        session = Session(socket)
        started = time.perf_counter()
        await session.open(path, **chosen)
        seconds = time.perf_counter() - started
        if session.exceptions():
            raise RuntimeError(f"{path}: {session.exceptions()}")
        return seconds, session.received


def told(title: str, seconds: float, size: int) -> None:
    """Print one figure, beside that of Superset where there is one."""
    other = f"{SUPERSET[title]:.1f} s" if title in SUPERSET else ""
    print(f"{title:36}{seconds:>7.2f} s{size / 1000:>9.0f} kB{other:>12}", flush=True)


def run(merchants: int = 1_000_000, folder: Path | None = None) -> None:
    """Print the figures of a store in `folder`, or of a new demo."""
    print(f"# front pages: {merchants:,} merchants")
    with tempfile.TemporaryDirectory() as temp:
        if folder is None:
            folder = Path(temp)
            publishing.publish(snapshot_store.Store(folder), merchants)
        print(f"{'':36}{'this':>9}{'sent':>12}{'Superset':>12}")
        for title, path in {"first overview": OVERVIEW, "first targets": TARGETS}.items():
            started = time.perf_counter()
            server = Server(folder)
            ready = time.perf_counter() - started
            told(title, *asyncio.run(view(server, path)))
            print(f"{'':4}server ready after {ready:.1f} s")
            server.stop()
        server = Server(folder)
        time.sleep(SETTLED)
        for title, chosen in NEW.items():
            told(title, *asyncio.run(view(server, OVERVIEW, **chosen)))
        for entry in menu.entries():
            for area in (CITY, "海州区"):
                told(f"{entry.path}, {area}", *asyncio.run(view(server, entry.path, area=area)))
        print(f"peak memory of the server: {memory(server, 'VmHWM'):,.0f} MB (Superset 400–1,000)")
        server.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--merchants", type=int, default=1_000_000, help="size of the demo store")
    parser.add_argument("--store", type=Path, help="a store that is there already")
    asked = parser.parse_args()
    run(asked.merchants, asked.store)


if __name__ == "__main__":
    main()
