"""A search by name, number or letters at 1,000,000 shops, for the office and for a bank.

``python -m bench.search_times [--merchants N] [--store FOLDER]``. Every text is searched `ROUNDS`
times, never from the cache of answers. Beside it: pandas `str.contains` over the same names, which
knows neither numbers nor letters nor ranks.
"""

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from demo import publishing
from domain.visitors import EVERYTHING, Sight
from queries import search
from queries.engine import engine
from queries.scope import Scope
from store import snapshot_store

ROUNDS = 9
TEXTS = (
    "丰禾小吃", "墟沟农贸市场", "千帆", "灌云 丰禾", "海州 工商银行 面馆", "店", "工行", "徐圩",
    "wjf", "gyx", "xgflf", "Q0183", "1100000196", "11000", "没有这家店", "100%",
)  # fmt: skip


def run(merchants: int = 1_000_000, folder: Path | None = None) -> None:
    """Print the figures of a store in `folder`, or of a new demo."""
    with tempfile.TemporaryDirectory() as temp:
        home = snapshot_store.Store(folder or Path(temp))
        if folder is None:
            publishing.publish(home, merchants)
        os.environ["COVERAGE_STORE"] = str(home.path)
        snapshot = home.current()
        day = engine(snapshot.id).last_day
        names = pq.read_table(snapshot.table_path("merchants"), columns=["name"])["name"]
        frame = names.to_pandas()
        print(f"# a search among {len(frame):,} shops, {frame.nunique():,} names: milliseconds")
        for title, sight in {"everything": EVERYTHING, "a bank": Sight("bank", "ICBC")}.items():
            scope = Scope(snapshot.id, day, sight=sight)
            told(title, lambda text, scope=scope: search.hits(scope, text))
        told("pandas", lambda text: frame[frame.str.contains(re.escape(text)).fillna(False)])


def told(title: str, ask: Callable[[str], object]) -> None:
    """Print p50 and p95 of all texts, and the slowest text."""
    taken = {}
    for text in TEXTS:
        ask(text)  # the first of its kind is compiled
        taken[text] = [_seconds(ask, text) for _ in range(ROUNDS)]
    every = [one for own in taken.values() for one in own]
    worst = max(taken, key=lambda text: statistics.median(taken[text]))
    p95 = statistics.quantiles(every, n=20)[-1]
    print(
        f"{title:12} p50 {statistics.median(every) * 1000:6.0f}  p95 {p95 * 1000:6.0f}"
        f"  slowest “{worst}” {statistics.median(taken[worst]) * 1000:.0f}",
        flush=True,
    )


def _seconds(ask: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    ask(text)
    return time.perf_counter() - started


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--merchants", type=int, default=1_000_000, help="size of the demo store")
    parser.add_argument("--store", type=Path, help="a store that is there already")
    asked = parser.parse_args()
    run(asked.merchants, asked.store)


if __name__ == "__main__":
    main()
