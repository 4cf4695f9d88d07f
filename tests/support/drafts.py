"""Content to publish, made of frames: what a fold makes of statements."""

import pandas as pd

from store import backend, snapshot_contents, table_schemas
from store.snapshot import Snapshot


def content(frames: dict[str, pd.DataFrame]) -> Snapshot:
    """The content of a version with these tables, events among them; others are empty."""
    frames = dict(frames)
    events = frames.pop("events", table_schemas.empty("events"))
    told = backend.named(backend.connect(), table_schemas.arrow("events", events))
    return snapshot_contents.of(frames, told)
