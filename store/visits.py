"""When somebody was last here: a small file a person, beside the snapshots.

It is no decision, so it stands neither in the ledger nor in a backup: who is not known here is new.
A file is replaced whole, so several processes may share the store.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from domain import rules
from store.durable_files import replace_file

_FOLDER = "visits"
_STEP = timedelta(minutes=5)  # a visit that goes on is written down no oftener


@dataclass(frozen=True)
class Visits:
    """The visits to the store in `home`."""

    home: Path

    def noted(self, who: str, now: datetime) -> datetime | None:
        """Note that `who` is here, and say when they were last here before this visit.

        A visit goes on in any window until nothing happened for `idle_minutes`. None on the first
        one. A store that cannot be written keeps what it knew.
        """
        path = self.home / _FOLDER / f"{hashlib.sha256(who.encode()).hexdigest()}.json"
        seen, before = _read(path)
        if seen is None or now - seen >= timedelta(minutes=rules.count("idle_minutes")):
            before = seen
        elif now - seen < _STEP:
            return before
        times = {"seen": now, "before": before}
        text = json.dumps({name: time and time.isoformat() for name, time in times.items()})
        with suppress(OSError):
            replace_file(path, text.encode())
        return before


def _read(path: Path) -> tuple[datetime | None, datetime | None]:
    """When somebody was here last, and before that visit; a damaged file knows nothing."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        seen, before = kept["seen"], kept["before"]
        return datetime.fromisoformat(seen), before and datetime.fromisoformat(before)
    except (OSError, ValueError, KeyError, TypeError):
        return None, None
