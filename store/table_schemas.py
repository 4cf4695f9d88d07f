"""The tables of a snapshot: their columns, their order in the file and their fingerprint."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, reduce
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

COMPRESSION, ROW_GROUP = "zstd", 65_536  # of the files

_TYPES = {
    "text": pa.string(),
    "date": pa.date32(),
    "bool": pa.bool_(),
    "float": pa.float64(),
    "int": pa.int64(),
    "int32": pa.int32(),
}
_PLACE = "address county_code town_code zone_id lon:float lat:float"
_CELLS = "h3_6:int h3_7:int h3_8:int h3_9:int"
_SOURCE = "source_file source_row:int32"
_HELD = "since:date until:date"
_TRUST = f"method confidence:float inferred:bool in_review:bool reason sender {_SOURCE}"
# source: the bank, or the sender where no bank is named, that the keys of its records begin with.
# since, until: first and last day on which a row holds, null without limit; the rows that held
# before stand in a table of their own. joined_by: how the venue is known, stated or by its
# outline. also_in: ids of further venues whose outline contains the shop. shop_key: merchant_key
# that stands for the shop of several records. outline: GeoJSON geometry, WGS-84. spans: counties
# of the outline, with their shares.
# owners: owner ids, separated by ";".
_COLUMNS = {  # in the order of the file; text unless a type is given
    "merchants": f"""
        merchant_key merchant_id operator_id name scenario_id field_id
        venue_id joined_by also_in shop_key public_cash_point:bool
        {_PLACE} {_CELLS} {_TRUST} {_HELD}
    """,
    "venues": f"""
        venue_id name kind_id kind tier carrier field_id links {_PLACE} owner operator_id
        eligible_count:int eligible_source eligible_on:date eligible_grade
        listed_on:date delisted_on:date outline spans {_TRUST} {_HELD}
    """,
    "scenarios": f"""
        scenario_key scenario_no operator_id scenario_id field_id name unit venue_id
        {_PLACE} {_TRUST} {_HELD}
    """,
    "indicators": "month:date county_code operator_id indicator_id value:float",
    "denominators": """
        venue_id stated_on:date eligible_count:int eligible_grade eligible_source source_file
    """,
    "clusters": f"""
        cluster_id name owners kind_id venue_id outline is_first:bool {_PLACE}
        declared_on:date planned_on:date plaque_on:date withdrawn_on:date {_TRUST}
    """,
    "cluster_members": "cluster_id merchant_key",
    "filings": f"""
        filing_id owner_id kind_id title month:date filed_on:date task_no scenario_id county_code
        evidence sender {_SOURCE}
    """,
    "province": f"city month:date measure_id value:float source published_on:date {_SOURCE}",
    "statements": """
        statement sender operator_id kind as_at:date part:bool file sheet rows:int accepted:int
        rejected:int
    """,
    "statement_days": "kind source as_at:date",
    "events": "record_key event day:date",
    "spells": "record_key state start:date stop:date",
}


def _schema(columns: str) -> pa.Schema:
    fields = (column.partition(":") for column in columns.split())
    return pa.schema({name: _TYPES[kind or "text"] for name, _, kind in fields})


HELD = ("merchants", "venues", "scenarios")
"""Tables whose rows hold from one day to another."""
BEFORE = {name: f"{name}_before" for name in HELD}
"""The table of the rows that held before, of each table of `HELD`."""
EVER = {name: f"{name}_ever" for name in HELD}
"""The view of the rows of a table of `HELD` and of those that held before."""

SCHEMAS: dict[str, pa.Schema] = {name: _schema(columns) for name, columns in _COLUMNS.items()}
SCHEMAS |= {before: SCHEMAS[name] for name, before in BEFORE.items()}

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
    "statements": ("statement",),
    "statement_days": ("kind", "source", "as_at"),
    "events": ("record_key", "day", "event"),
    "spells": ("record_key", "state", "start"),
}
KEYS |= {before: (*KEYS[name], "until") for name, before in BEFORE.items()}

_BLANK_NOT_NULL = {
    "venues": ("links", "eligible_grade"),
    "venues_before": ("links", "eligible_grade"),
    "indicators": ("county_code", "operator_id"),
}
_NULLABLE = {
    pa.int64(): pd.Int64Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def empty(name: str) -> pd.DataFrame:
    """Table `name` without rows."""
    return _empty(name).copy()


@cache
def _empty(name: str) -> pd.DataFrame:
    return frame(SCHEMAS[name].empty_table())


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
    if rows.empty:
        return schema.empty_table()
    columns = [_column(name, field, rows[field.name]) for field in schema]
    table = pa.table(columns, schema=schema)
    del rows, columns  # they are large
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
    return pa.array(values, from_pandas=True).cast(field.type)


def write(table: pa.Table, path: Path) -> None:
    """Write a table as all files of a snapshot are written."""
    pq.write_table(table, path, compression=COMPRESSION, row_group_size=ROW_GROUP)


def fingerprint(files: Mapping[str, Path]) -> str:
    """SHA-256 over the content of Parquet files, each with the sorted rows of a table.

    It depends on the cells only: not on the order of the source rows, the compression of the files
    or the time of writing. Of a file with many rows a piece of one column is held at a time.
    """
    digest = hashlib.sha256()
    for name in sorted(files):
        with pq.ParquetFile(files[name]) as file:
            digest.update(f"{name}:{file.metadata.num_rows}".encode())
            read = _reader(file)
            for field in SCHEMAS[name]:
                digest.update(f"|{field.name}:{field.type}|".encode())
                for form in _forms(field.type):
                    for column in read(field.name):
                        digest.update(form(column))
    return digest.hexdigest()


def _reader(file: pq.ParquetFile) -> Callable[[str], Iterator[pa.ChunkedArray]]:
    """What gives a column of a file in pieces; a small file is read once."""
    if file.num_row_groups > 1:
        groups = range(file.num_row_groups)
        return lambda name: (file.read_row_group(one, [name])[name] for one in groups)
    table = file.read()
    return lambda name: iter([table[name]])


def canonical(column: pa.ChunkedArray) -> list[bytes]:
    """Cells of a column in a canonical form: which are null, then lengths or values."""
    return [form(column) for form in _forms(column.type)]


def _forms(kind: pa.DataType) -> tuple[Callable[[pa.ChunkedArray], bytes], ...]:
    """The parts of the canonical form of columns of a type, each of a column's pieces in turn."""
    return (_nulls, _lengths, _characters) if pa.types.is_string(kind) else (_nulls, _values)


def _nulls(column: pa.ChunkedArray) -> bytes:
    return bytes(column.is_null().to_numpy())


def _lengths(column: pa.ChunkedArray) -> bytes:
    return bytes(pc.binary_length(column).fill_null(0).to_numpy())


def _values(column: pa.ChunkedArray) -> bytes:
    numbers = {pa.date32(): pa.int32(), pa.bool_(): pa.uint8()}
    return bytes(column.cast(numbers.get(column.type, column.type)).fill_null(0).to_numpy())


def _characters(column: pa.ChunkedArray) -> bytes:
    """All characters of a text column, concatenated; nulls have none."""
    return b"".join(map(_written, column.chunks))


def _written(texts: pa.StringArray) -> memoryview:
    _, offsets, data = texts.fill_null("").buffers()
    if data is None:
        return memoryview(b"")
    bounds = memoryview(offsets).cast("i")
    return memoryview(data)[bounds[texts.offset] : bounds[texts.offset + len(texts)]]
