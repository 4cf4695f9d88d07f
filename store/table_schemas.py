"""The tables of a snapshot: their columns, their order in the file and their fingerprint."""

import hashlib
from collections.abc import Mapping
from functools import reduce

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_PLACE = {
    "address": pa.string(),
    "county_code": pa.string(),
    "town_code": pa.string(),
    "zone_id": pa.string(),
    "lon": pa.float64(),
    "lat": pa.float64(),
}
_CELLS = {f"h3_{resolution}": pa.int64() for resolution in (6, 7, 8, 9)}
_TRUST = {
    "method": pa.string(),
    "confidence": pa.float64(),
    "inferred": pa.bool_(),
    "in_review": pa.bool_(),
    "reason": pa.string(),
    "sender": pa.string(),
    "source_file": pa.string(),
    "source_row": pa.int32(),
}

SCHEMAS: dict[str, pa.Schema] = {
    "merchants": pa.schema(
        {
            "merchant_key": pa.string(),
            "merchant_id": pa.string(),
            "operator_id": pa.string(),
            "name": pa.string(),
            "scenario_id": pa.string(),
            "field_id": pa.string(),
            "venue_id": pa.string(),
            "joined_by": pa.string(),  # how the venue is known: stated, or by its outline
            "also_in": pa.string(),  # ids of further venues whose outline holds the shop
            "shop_key": pa.string(),  # merchant_key that stands for the shop, however often listed
            "public_cash_point": pa.bool_(),
            **_PLACE,
            **_CELLS,
            **_TRUST,
        }
    ),
    "venues": pa.schema(
        {
            "venue_id": pa.string(),
            "name": pa.string(),
            "kind_id": pa.string(),
            "kind": pa.string(),
            "tier": pa.string(),
            "carrier": pa.string(),
            "field_id": pa.string(),
            "links": pa.string(),
            **_PLACE,
            "owner": pa.string(),
            "operator_id": pa.string(),
            "eligible_count": pa.int64(),
            "eligible_source": pa.string(),
            "eligible_on": pa.date32(),
            "eligible_grade": pa.string(),
            "listed_on": pa.date32(),
            "delisted_on": pa.date32(),
            "outline": pa.string(),  # GeoJSON geometry, WGS-84
            "spans": pa.string(),  # counties that the outline lies in, with their shares
            **_TRUST,
        }
    ),
    "scenarios": pa.schema(
        {
            "scenario_key": pa.string(),
            "scenario_no": pa.string(),
            "operator_id": pa.string(),
            "scenario_id": pa.string(),
            "field_id": pa.string(),
            "name": pa.string(),
            "unit": pa.string(),
            "venue_id": pa.string(),
            **_PLACE,
            **_TRUST,
        }
    ),
    "indicators": pa.schema(
        {
            "month": pa.date32(),
            "county_code": pa.string(),
            "operator_id": pa.string(),
            "indicator_id": pa.string(),
            "value": pa.float64(),
        }
    ),
    "denominators": pa.schema(
        {
            "venue_id": pa.string(),
            "stated_on": pa.date32(),
            "eligible_count": pa.int64(),
            "eligible_grade": pa.string(),
            "eligible_source": pa.string(),
            "source_file": pa.string(),
        }
    ),
    "clusters": pa.schema(
        {
            "cluster_id": pa.string(),
            "name": pa.string(),
            "owners": pa.string(),  # owner ids, separated by ";"
            "kind_id": pa.string(),
            "venue_id": pa.string(),
            "outline": pa.string(),  # GeoJSON geometry, WGS-84
            "is_first": pa.bool_(),
            **_PLACE,
            "declared_on": pa.date32(),
            "planned_on": pa.date32(),
            "plaque_on": pa.date32(),
            "withdrawn_on": pa.date32(),
            **_TRUST,
        }
    ),
    "cluster_members": pa.schema({"cluster_id": pa.string(), "merchant_key": pa.string()}),
    "filings": pa.schema(
        {
            "filing_id": pa.string(),
            "owner_id": pa.string(),
            "kind_id": pa.string(),
            "title": pa.string(),
            "month": pa.date32(),
            "filed_on": pa.date32(),
            "task_no": pa.string(),
            "scenario_id": pa.string(),
            "county_code": pa.string(),
            "evidence": pa.string(),
            "sender": pa.string(),
            "source_file": pa.string(),
            "source_row": pa.int32(),
        }
    ),
    "province": pa.schema(
        {
            "city": pa.string(),
            "month": pa.date32(),
            "measure_id": pa.string(),
            "value": pa.float64(),
            "source": pa.string(),
            "published_on": pa.date32(),
            "source_file": pa.string(),
            "source_row": pa.int32(),
        }
    ),
    "told": pa.schema(
        {
            "topic": pa.string(),
            "subject": pa.string(),
            "column": pa.string(),
            "value": pa.string(),
        }
    ),
    "events": pa.schema(
        {"record_key": pa.string(), "event": pa.string(), "day": pa.date32()},
    ),
    "spells": pa.schema(
        {
            "record_key": pa.string(),
            "state": pa.string(),
            "start": pa.date32(),
            "stop": pa.date32(),
        }
    ),
}

KEYS: dict[str, tuple[str, ...]] = {
    "merchants": ("merchant_key",),
    "venues": ("venue_id",),
    "scenarios": ("scenario_key",),
    "indicators": ("month", "county_code", "operator_id", "indicator_id"),
    "denominators": ("venue_id", "stated_on"),
    "clusters": ("cluster_id",),
    "cluster_members": ("cluster_id", "merchant_key"),
    "filings": ("filing_id",),
    "province": ("city", "month", "measure_id", "published_on"),
    "told": ("topic", "subject", "column", "value"),
    "events": ("record_key", "day", "event"),
    "spells": ("record_key", "state", "start"),
}

_BLANK_NOT_NULL = {
    "venues": ("links", "eligible_grade"),
    "indicators": ("county_code", "operator_id"),
}


_NULLABLE = {
    pa.int64(): pd.Int64Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def empty(name: str) -> pd.DataFrame:
    """Table `name` without rows."""
    return frame(SCHEMAS[name].empty_table())


def complete(name: str, table: pa.Table) -> pa.Table:
    """Table `name` of an older snapshot, with missing columns added as null."""
    for field in SCHEMAS[name]:
        if field.name not in table.schema.names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table


def frame(table: pa.Table) -> pd.DataFrame:
    """Arrow table as a frame with nullable integers and booleans, and dates as timestamps."""
    converted: pd.DataFrame = table.to_pandas(types_mapper=_NULLABLE.get, date_as_object=False)
    return converted


def arrow(name: str, rows: pd.DataFrame) -> pa.Table:
    """Frame as table `name`: its columns and types, sorted for pruning by county and town.

    The order is total, so equal content gives equal tables for any order of rows.
    Raises ``ValueError`` when two rows have the same key or a column is missing.
    """
    schema = SCHEMAS[name]
    missing = [column for column in schema.names if column not in rows]
    if missing:
        raise ValueError(f"table {name} lacks {missing}")
    columns = [_column(name, field, rows[field.name]) for field in schema]
    table = pa.table(columns, schema=schema)
    first = [c for c in ("county_code", "town_code") if c in schema.names and c not in KEYS[name]]
    order = pc.sort_indices(table, [(c, "ascending") for c in (*first, *KEYS[name])])
    table = table.take(order).combine_chunks()
    if _repeats(table.select(KEYS[name])):
        raise ValueError(f"table {name} has rows with the same {KEYS[name]}")
    return table


def _repeats(keys: pa.Table) -> bool:
    """Whether a key is repeated; keys of several columns must be sorted."""
    if keys.num_columns == 1:
        return bool(pc.count_distinct(keys[0]).as_py() < keys.num_rows)
    same = [pc.equal(column[:-1], column[1:]) for column in keys.columns]
    return bool(pc.any(reduce(pc.and_, same)).as_py())


def _column(name: str, field: pa.Field, values: pd.Series) -> pa.ChunkedArray | pa.Array:
    if field.name in _BLANK_NOT_NULL.get(name, ()):
        values = values.fillna("")
    array = pa.array(values, from_pandas=True)
    return array.cast(field.type)


def fingerprint(tables: Mapping[str, pa.Table]) -> str:
    """SHA-256 over the content of sorted `tables`.

    It depends on the cells only: not on the order of the source rows, the compression of the
    Parquet files or the time of writing.
    """
    digest = hashlib.sha256()
    for name in sorted(tables):
        table = tables[name]
        digest.update(f"{name}:{table.num_rows}".encode())
        for field in SCHEMAS[name]:
            digest.update(f"|{field.name}:{field.type}|".encode())
            for data in _bytes(table[field.name]):
                digest.update(data)
    return digest.hexdigest()


def _bytes(column: pa.ChunkedArray) -> list[bytes | memoryview]:
    """Cells of a column in a canonical form: which are null, then lengths or values."""
    nulls = column.is_null().to_numpy().tobytes()
    if pa.types.is_string(column.type):
        lengths = pc.binary_length(column).fill_null(0).to_numpy().tobytes()
        return [nulls, lengths, *(_characters(chunk) for chunk in column.chunks)]
    numbers = {pa.date32(): pa.int32(), pa.bool_(): pa.uint8()}
    column = column.cast(numbers.get(column.type, column.type))
    return [nulls, column.fill_null(0).to_numpy().tobytes()]


def _characters(texts: pa.StringArray) -> memoryview:
    """All characters of a text array, concatenated; nulls have none."""
    _, offsets, data = texts.fill_null("").buffers()
    if data is None:
        return memoryview(b"")
    bounds = memoryview(offsets).cast("i")
    return memoryview(data)[bounds[texts.offset] : bounds[texts.offset + len(texts)]]
