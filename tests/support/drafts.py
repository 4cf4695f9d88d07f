"""Content to publish, made of frames: what a fold makes of statements."""

import pandas as pd
import pyarrow as pa

from domain import states
from store import backend, snapshot_contents, table_schemas
from store.snapshot import Snapshot


def content(frames: dict[str, pd.DataFrame]) -> Snapshot:
    """The content of a version with these tables, events among them; others are empty.

    All its statements are whole lists with payments.
    """
    frames = dict(frames)
    events = frames.pop("events", table_schemas.empty("events"))
    told = backend.named(backend.connect(), table_schemas.arrow("events", events))
    days = frames.get("statement_days", table_schemas.empty("statement_days"))
    source = days["kind"].map(states.PREFIXES) + days["source"]
    spoken = {"source": pa.array(source, pa.string()), "as_at": pa.array(days["as_at"])}
    return snapshot_contents.of(frames, told, pa.table(spoken).cast(_SPOKEN))


_SPOKEN = pa.schema([("source", pa.string()), ("as_at", pa.date32())])
