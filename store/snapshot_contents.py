"""Content of a snapshot: its tables, typed and sorted, with spells derived from events."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from domain import states
from store import backend, table_schemas

_PART = 250_000  # events from which spells are derived at once


def of(frames: dict[str, pd.DataFrame]) -> dict[str, pa.Table]:
    """All tables of a snapshot: `frames`, typed and sorted, and spells. Missing ones are empty.

    Each of the `frames` is taken out of them, so that it need not stay in memory.
    """
    content = {
        name: table_schemas.arrow(name, frames.pop(name, table_schemas.empty(name)))
        for name in table_schemas.SCHEMAS
        if name != "spells"
    }
    events = content["events"]
    without = states.PREFIXES["clusters"]  # judged by gates, not by states
    events = events.filter(pc.invert(pc.starts_with(events["record_key"], without)))
    events = events.filter(pc.invert(pc.is_in(events["record_key"], _elsewhere(content))))
    spells = _spells(events, content["statement_days"])
    content["spells"] = table_schemas.arrow("spells", table_schemas.frame(spells))
    return content


def _elsewhere(content: dict[str, pa.Table]) -> pa.Array:
    """Keys in events of the records that are not in this city."""
    parts = [pa.array([], pa.string())]
    for name, key in states.KEYS.items():
        table = content[name]
        away = table.filter(pc.equal(table["method"], states.ELSEWHERE))[key]
        parts += [pa.array([states.PREFIXES[name] + one for one in away.to_pylist()], pa.string())]
    return pa.concat_arrays(parts)


def _spells(events: pa.Table, days: pa.Table) -> pa.Table:
    """Spells of events sorted by record, derived in parts, so that memory stays bounded.

    Record keys are replaced by numbers meanwhile, because numbers sort faster than texts.
    """
    keys = events["record_key"].combine_chunks().dictionary_encode()
    source = pc.list_element(pc.split_pattern(keys.dictionary, "/", max_splits=1), 0)
    numbered = events.set_column(0, "record_key", keys.indices)
    numbered = numbered.append_column("source", source.take(keys.indices))
    spoken = pa.table({"source": _sources(days), "as_at": days["as_at"]})
    engine = backend.in_process()
    days_spoken = backend.named(engine, spoken)
    parts = [
        backend.rows(engine, states.spells, backend.named(engine, part), days_spoken)
        for part in _parts(numbered)
    ]
    spells = pa.concat_tables(parts)
    texts = keys.dictionary.take(spells["record_key"].combine_chunks())
    place = spells.schema.get_field_index("record_key")
    return spells.set_column(place, "record_key", texts)


def _sources(days: pa.Table) -> pa.Array:
    """What the record keys begin with that statements of `days` are about."""
    prefix = [states.PREFIXES[kind] for kind in days["kind"].to_pylist()]
    return pa.array(
        [one + source for one, source in zip(prefix, days["source"].to_pylist(), strict=True)],
        pa.string(),
    )


def _parts(events: pa.Table) -> Iterator[pa.Table]:
    """Slices of about `_PART` events, at least one slice; no record is split."""
    records = events["record_key"].to_numpy()
    start, stop = 0, -1
    while stop < len(records):
        stop = min(start + _PART, len(records))
        if stop < len(records):
            stop = int(np.searchsorted(records, records[stop], side="right"))
        yield events.slice(start, stop - start)
        start = stop
