"""Damage files, tell what nothing explains, and count what became of them."""

import argparse
import sys
from collections import Counter

from tests.fuzz import sound_files
from tests.fuzz.outcomes import READ, REFUSED, outcomes


def main() -> int:
    """Print every unexplained outcome, then counts by kind; 1 if there was any."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=2000, help="files in all")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    for kind, number, what in outcomes(sound_files.files(), options.count, options.seed):
        told = what if what in (READ, REFUSED) else "unexplained"
        counts[kind, told] += 1
        if told == "unexplained":
            print(f"--- {kind} {number}\n{what}", flush=True)
    kinds = sorted({kind for kind, _ in counts})
    listed = [f"{one} {counts[one, READ]} read {counts[one, REFUSED]} refused" for one in kinds]
    unexplained = sum(count for (_, told), count in counts.items() if told == "unexplained")
    print(f"{'; '.join(listed)}; unexplained: {unexplained}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
