"""Content of a version that is not published yet: typed and sorted tables, as files.

Files, because what happened to a million shops, and the spells that follow from it, need not fit in
memory: the engine sorts events on the disk, and spells are derived in parts.
"""

import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from domain import states
from store import backend, store_lock, table_schemas
from store.snapshot import Snapshot

_PART = 250_000  # events from which spells are derived at once


def of(frames: dict[str, pd.DataFrame], events: ir.Table, spoken: pa.Table) -> Snapshot:
    """All tables: `frames` and `events`, typed and sorted, and spells. Missing ones are empty.

    Spells of payments follow from the days of `spoken`: source, which is what record keys begin
    with up to their "/" or a whole one, and as_at.
    Each of the `frames` is taken out of them, so that it need not stay in memory. The files are in
    a folder of their own, which goes when nothing uses the content any more. Raises `StoreError`
    where its disk cannot be written.
    """
    with store_lock.writing(Path(tempfile.gettempdir()), "临时目录"):
        folder = tempfile.TemporaryDirectory(prefix="coverage-")
        content = Snapshot(Path(folder.name), published=False)
        weakref.finalize(content, folder.cleanup)
        away = [pa.array([], pa.string())]
        for name in table_schemas.SCHEMAS.keys() - {"events", "spells"}:
            table = table_schemas.arrow(name, frames.pop(name, table_schemas.empty(name)))
            table_schemas.write(table, content.table_path(name))
            if name in states.KEYS:
                away.append(_elsewhere(name, table))
        pa.default_memory_pool().release_unused()  # the engine is going to need it
        told = content.table_path("events")
        backend.write(events.get_backend(), told, _in_order, events)
        schema = table_schemas.SCHEMAS["spells"]
        path, form = content.table_path("spells"), table_schemas.COMPRESSION
        with pq.ParquetWriter(path, schema, compression=form) as file:
            for part in _spells(told, pa.concat_arrays(away), spoken):
                file.write_table(part, table_schemas.ROW_GROUP)
    return content


def _in_order(events: ir.Table) -> ir.Table:
    return events.order_by(table_schemas.KEYS["events"])


def _elsewhere(name: str, table: pa.Table) -> pa.Array:
    """Keys in events of the records that are not in this city."""
    away = table.filter(pc.equal(table["method"], states.ELSEWHERE))[states.KEYS[name]]
    return pa.array([states.PREFIXES[name] + one for one in away.to_pylist()], pa.string())


def _spells(told: Path, away: pa.Array, spoken: pa.Table) -> Iterator[pa.Table]:
    """Spells of the events of a file, sorted by record, in parts that are bounded.

    Record keys are replaced by numbers meanwhile, because numbers sort faster than texts.
    """
    engine = backend.in_process()
    clusters = states.PREFIXES["clusters"]  # judged by gates, not by states
    for part in _parts(told):
        key = part["record_key"]
        without = pc.or_(pc.starts_with(key, clusters), pc.is_in(key, away))
        events = part.filter(pc.invert(without))
        keys = events["record_key"].combine_chunks().dictionary_encode()
        bank = pc.list_element(pc.split_pattern(keys.dictionary, "/", max_splits=1), 0)
        own = pc.is_in(keys.dictionary, spoken["source"])
        source = pc.if_else(own, keys.dictionary, bank)
        days = backend.named(engine, spoken.filter(pc.is_in(spoken["source"], source)))
        numbered = events.set_column(0, "record_key", keys.indices)
        numbered = numbered.append_column("source", source.take(keys.indices))
        spells = backend.rows(engine, states.spells, backend.named(engine, numbered), days)
        texts = keys.dictionary.take(spells["record_key"].combine_chunks())
        place = spells.schema.get_field_index("record_key")
        spells = spells.set_column(place, "record_key", texts)
        yield table_schemas.arrow("spells", table_schemas.frame(spells))


def _parts(told: Path) -> Iterator[pa.Table]:
    """Rows of a file of events in parts of about `_PART`; no record is split."""
    left = table_schemas.SCHEMAS["events"].empty_table()
    with pq.ParquetFile(told) as file:
        for batch in file.iter_batches(_PART):
            rows = pa.concat_tables([left, pa.table(batch)]).combine_chunks()
            key = rows["record_key"]
            start = pc.index(key, key[-1]).as_py()  # of the last record, which may go on
            if start:
                yield rows.slice(0, start)
            left = rows.slice(start)
    yield left
