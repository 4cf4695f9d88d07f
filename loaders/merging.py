"""One snapshot's tables and a file's records, merged into the next snapshot's tables.

Records meet by their key. A blank cell of the later file leaves the earlier value alone. Place,
method, confidence and reason come and go together; so do a denominator and its source, date and
grade, unless a later date is known: then it joins the others only. Events accumulate, and so do
denominators. Rows that have no place (figures and filings) replace the earlier ones of their key
whole.
"""

from datetime import date

import pandas as pd

from domain import reference
from loaders import stated_denominators
from loaders.kinds import KINDS, Kind
from loaders.reading import record_checks, record_placing
from loaders.reading.records import Records
from store import table_schemas

Frames = dict[str, pd.DataFrame]

_DENOMINATOR = ("eligible_count", "eligible_source", "eligible_on", "eligible_grade")


def merged(base: Frames, records: Records) -> Frames:
    """`base` with the accepted records of one sheet laid over it; `base` is left as it was."""
    kind = KINDS[records.layout.kind]
    table = base[kind.name]
    if not kind.placed:
        return base | {kind.name: _replaced(table, records.accepted, kind)}
    fresh = keyed(records.accepted, kind)
    result = base | {kind.name: _overlaid(table, fresh, kind)}
    if kind.events:
        result["events"] = _accumulated(base["events"], fresh, kind)
    if kind.name == "venues":
        known = base["denominators"]
        result["denominators"] = stated_denominators.stated(known, fresh, date.today())
    return result


def keys(accepted: pd.DataFrame, kind: Kind) -> pd.Series:
    """Keys that accepted rows have in the table of `kind`.

    An id is its bank's own, or its sender's where no bank is named.
    """
    if "operator_id" not in kind.key:
        return accepted[kind.key_column]
    whose = accepted["operator_id"].fillna(accepted["sender"]).fillna("-")
    return whose + "/" + accepted[kind.id_column]


def keyed(accepted: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Accepted rows indexed by the key of their table, the key also a column."""
    key = keys(accepted, kind)
    fresh = accepted.assign(**{kind.key_column: key})
    fresh["reason"] = record_checks.joined(fresh["reason"], fresh["note"])
    fresh["in_review"] = fresh["in_review"] | fresh["note"].notna()
    types = table_schemas.empty(kind.name).dtypes
    types = types[types.index.isin(fresh.columns)]
    return fresh.astype(types).set_index(key.rename(None))


def _overlaid(base: pd.DataFrame, fresh: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """The table of `kind` with the records of `fresh` added, or laid over the earlier ones."""
    types = table_schemas.empty(kind.name).dtypes
    base = base.set_index(base[kind.key_column].rename(None))
    known = base.index.get_indexer(fresh.index) >= 0
    over = _laid(base.loc[fresh.index[known]], fresh[known])
    added = pd.concat([fresh[~known], over])
    kept = base[fresh.index.get_indexer(base.index) < 0]
    added = _derived(added, kind.name).reindex(columns=types.index).astype(types)
    return pd.concat([kept, added])


def _laid(old: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """Records known before as they are now; both frames have the same index."""
    fresh = _placed_again(fresh, old)
    stays = _stays(fresh, old)
    result = fresh.join(old[[name for name in old if name not in fresh]])
    for name in (name for name in old if name in fresh):
        if name in record_placing.PLACE:
            result[name] = old[name].where(stays, fresh[name])
        elif name in _DENOMINATOR:
            older = fresh["eligible_on"] < old["eligible_on"]
            result[name] = fresh[name].where(fresh["eligible_count"].notna() & ~older, old[name])
        else:
            result[name] = fresh[name].fillna(old[name])
    result["reason"] = record_checks.joined(result["reason"], fresh["note"])
    result["in_review"] = result["in_review"] | fresh["note"].notna()
    return result


def _stays(fresh: pd.DataFrame, old: pd.DataFrame) -> pd.Series:
    """Records whose earlier place says more: nothing new was sent about where they are.

    That is so when the file has no point, and either no address, or the address that the earlier
    point came with.
    """
    known = old["method"].notna() & (old["method"] != "none")
    same = fresh["address"] == old["address"]
    silent = fresh["address"].isna() | (same & old["lon"].notna()).fillna(False).astype(bool)
    return known & fresh["lon"].isna() & silent


def _placed_again(fresh: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """Rows that bring a point but no address, placed by it and by the address known before."""
    again = fresh["lon"].notna() & fresh["address"].isna() & old["address"].notna()
    if not again.any():
        return fresh
    rows = fresh.loc[again, ["name", "lon", "lat"]].assign(
        address=old.loc[again, "address"], crs="wgs84", county=None, town=None
    )
    found = record_placing.placed(rows)
    result = fresh.copy()
    shared = [column for column in record_placing.PLACE if column in result]
    result.loc[again, shared] = found[shared].astype(result[shared].dtypes)
    return result


def _derived(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Rows of a table with the columns that follow from the reference."""
    field = reference.labels("scenarios", "scenario_id", "field_id")
    if "public_cash_point" in rows:
        rows = rows.assign(public_cash_point=rows["public_cash_point"].fillna(False))
    if "scenario_id" in rows:
        return rows.assign(field_id=_mapped(rows["scenario_id"], field))
    if table != "venues":
        return rows
    kinds = {
        name: reference.labels("venue_kinds", "kind_id", name)
        for name in ("kind", "tier", "carrier", "links", "scenario_id", "owner")
    }
    follows = {name: _mapped(rows["kind_id"], names) for name, names in kinds.items()}
    owner = rows["owner"].fillna(follows.pop("owner"))
    fields = _mapped(follows.pop("scenario_id"), field)
    return rows.assign(**follows, owner=owner, field_id=fields)


def _mapped(codes: pd.Series, labels: dict[str, str]) -> pd.Series:
    return codes.map(labels).astype("str")


def _accumulated(events: pd.DataFrame, fresh: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Events known so far and those of the file, each once.

    A record that has states but no 'target' yet gets one, on its earliest day, else on the first
    of the month of the import. 应覆盖=否 is an 'ineligible' event on that day; 应覆盖=是 takes it
    back.
    """
    keys = pd.Series(kind.prefix + fresh.index)
    fresh = fresh.reset_index(drop=True)
    days = {event: fresh[column] for event, column in kind.events.items()}
    if not kind.has_states:
        return _added(events, keys, days)
    first = pd.DataFrame(days).min(axis=1).fillna(pd.Timestamp(date.today().replace(day=1)))
    stated = days.get("target", pd.Series(pd.NaT, index=fresh.index, dtype=first.dtype))
    days["target"] = stated.fillna(first.where(~_have(events, "target", keys)))
    if "eligible" in fresh:
        new = fresh["eligible"].eq(False).fillna(False) & ~_have(events, "ineligible", keys)
        days["ineligible"] = first.where(new)
        back = keys[fresh["eligible"].fillna(False)]
        events = events[(events["event"] != "ineligible") | ~events["record_key"].isin(back)]
    return _added(events, keys, days)


def _added(events: pd.DataFrame, keys: pd.Series, days: dict[str, pd.Series]) -> pd.DataFrame:
    """Events known so far and those of the `days`, by event, on which they happened to `keys`."""
    parts = [
        pd.DataFrame({"record_key": keys[day.notna()], "event": event, "day": day.dropna()})
        for event, day in days.items()
    ]
    fresh = pd.concat(parts, ignore_index=True).astype(events.dtypes)
    if events.empty:  # a file's events differ from one another, so nothing can repeat
        return fresh
    return pd.concat([events, fresh], ignore_index=True).drop_duplicates(ignore_index=True)


def _have(events: pd.DataFrame, event: str, keys: pd.Series) -> pd.Series:
    return keys.isin(events.loc[events["event"] == event, "record_key"])


def _replaced(base: pd.DataFrame, accepted: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """The table of `kind` with the file's rows in place of earlier ones of the same key."""
    fresh = accepted[kind.schema.names].astype(base.dtypes)
    both: pd.DataFrame = pd.concat([base, fresh], ignore_index=True)
    return both.drop_duplicates(list(kind.key), keep="last", ignore_index=True)
