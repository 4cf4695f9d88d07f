"""What files would change: records new, changed and gone, one by one and counted."""

import numpy as np
import pandas as pd

from loaders.comparing.attribute_changes import compared, named
from loaders.reading.record_checks import KEYS

CHANGE = {"new": "新增", "changed": "有变化", "gone": "未再报送", "same": "无变化"}
"""What may become of a record, and what to call it."""

_TYPES = {
    "change": "str", "sent": "bool", "name": "str", "operator_id": "str", "operator_before": "str",
    "county_code": "str", "county_before": "str", "what": "str", "attributes": "str",
    "value": "float64", "value_before": "float64", "moved_m": "float64", "source_file": "str",
    "source_row": "Int64",
}  # fmt: skip
_KEY = {
    "merchants": "merchant_key", "venues": "venue_id", "scenarios": "scenario_key",
    "clusters": "cluster_id", "filings": "filing_id",
}  # fmt: skip
_MEASURE = {"venues": "eligible_count", "indicators": "value", "province": "value"}
_BEFORE = {"county_code": "county_before", "operator_id": "operator_before"}


def between(base: pd.DataFrame, fresh: pd.DataFrame, kind: str, whole: bool) -> pd.DataFrame:
    """What becomes of every record of `kind`, one row each.

    `base` are the records in force that the sender sent before, and those in force that it sends
    now; `fresh` the accepted rows with the key of their table (merchant_key, venue_id,
    scenario_key, cluster_id, filing_id; for figures the columns of their key); of rows with one
    key the last holds. A null in `fresh` says nothing, but of a filing. `whole` says that the files
    list all the sender's records: those of `base` that are not in them are then 'gone', unless no
    row was accepted.

    Columns: key; change (one of `CHANGE`); sent (in the files, not only in force); name;
    operator_id, county_code as they will be, operator_before, county_before as they are; what (in
    Chinese, '' where nothing changed); attributes (columns, separated by ';'); value and
    value_before (eligible count of a venue, value of a figure); moved_m (metres);
    source_file, source_row.
    """
    old, new = _keyed(base, kind), _keyed(fresh, kind)
    known = new.index[new.index.isin(old.index)]
    rest = old[~old.index.isin(known)]
    parts = [
        _known(old.loc[known], new.loc[known], kind),
        _told(new[~new.index.isin(known)], kind).assign(change="new", sent=True),
        _unsent(rest, kind, whole and len(new) > 0),
    ]
    full = [part.reindex(columns=list(_TYPES)).astype(_TYPES) for part in parts]
    result = pd.concat(full).rename_axis("key").reset_index()
    return result.fillna({"what": "", "attributes": ""})


def totals(changes: pd.DataFrame, by: str) -> pd.DataFrame:
    """Counts by `by` ('county_code' or 'operator_id'; null where unknown), one row each.

    Columns: `by`, before, new, changed, gone, moved_in, moved_out, after, lost_share. A record
    that went to another county or operator counts there as moved in. Always before + new +
    moved_in − gone − moved_out = after. `lost_share` is (gone + moved_out) ÷ before, null for 0.
    """
    was, now = changes[_BEFORE[by]].fillna(""), changes[by].fillna("")
    gone, new = changes["change"] == "gone", changes["change"] == "new"
    moved = ~gone & ~new & (was != now)
    parts = {
        "before": was[~new],
        "new": now[new],
        "changed": now[changes["change"] == "changed"],
        "gone": was[gone],
        "moved_in": now[moved],
        "moved_out": was[moved],
        "after": now[~gone],
    }
    counts = pd.DataFrame({name: part.value_counts() for name, part in parts.items()})
    counts = counts.reindex(columns=list(parts)).fillna(0).astype("int64").sort_index()
    lost = (counts["gone"] + counts["moved_out"]) / counts["before"].where(counts["before"] > 0)
    counts = counts.assign(lost_share=lost).rename_axis(by).reset_index()
    return counts.assign(**{by: counts[by].astype("str").replace("", np.nan)})


# ---- records ----------------------------------------------------------------------------------


def _keyed(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rows under the key of their table, the last of each."""
    if kind not in _KEY:
        parts = [
            rows[name].dt.strftime("%Y-%m-%d" if name.endswith("_on") else "%Y-%m")
            if pd.api.types.is_datetime64_any_dtype(rows[name])
            else rows[name].fillna("")
            for name in KEYS[kind]
        ]
        key = parts[0].astype("str").str.cat(parts[1:], sep="/")
    else:
        key = rows[_KEY[kind]]
    rows = rows.set_index(pd.Index(key.to_numpy(), dtype="str"))
    return rows[~rows.index.duplicated(keep="last")]


def _told(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """What is told of every record, whether it changed or not."""
    columns = ["name", "operator_id", "county_code", "source_file", "source_row"]
    told = rows.reindex(columns=columns).astype({name: _TYPES[name] for name in columns})
    if kind == "filings":
        told["name"] = named(rows["owner_id"], "owner_id").str.cat(rows["title"], sep=" ")
    elif kind not in _KEY:
        told["name"] = _figure(rows, kind)
    value = rows[_MEASURE[kind]].astype("Float64") if kind in _MEASURE else np.nan
    return told.assign(value=value).astype({"value": "float64"})


def _figure(rows: pd.DataFrame, kind: str) -> pd.Series:
    """What a person calls a monthly figure: its month, whose it is and what it is of."""
    month = rows["month"].dt.strftime("%Y-%m").astype("str")
    if kind == "province":
        return month.str.cat([rows["city"], named(rows["measure_id"], "measure_id")], sep=" ")
    banks, places = (
        named(rows[column].replace("", np.nan), column).fillna(everyone)
        for column, everyone in (("operator_id", "全部机构"), ("county_code", "全市"))
    )
    what = named(rows["indicator_id"], "indicator_id")
    return month.str.cat([places, banks, what], sep=" ")


def _known(old: pd.DataFrame, new: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Records known before and sent again; both frames have the same index."""
    told, before = _told(new, kind), _told(old, kind)
    found = compared(old, new, kind)
    moved = (";" + found["attributes"] + ";").str.contains(";county_code;")
    county = told["county_code"].where(moved, before["county_code"])
    told = told.fillna(before).assign(county_code=county)
    change = np.where(found["what"] == "", "same", "changed")
    return told.join(found).assign(change=change, sent=True, **_as_before(before))


def _unsent(rest: pd.DataFrame, kind: str, whole: bool) -> pd.DataFrame:
    """Records in force that are not in the files: gone where full lists leave them out."""
    told = _told(rest, kind)
    change = "gone" if whole else "same"
    return told.assign(change=change, sent=False, **_as_before(told))


def _as_before(told: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "county_before": told["county_code"],
        "operator_before": told["operator_id"],
        "value_before": told["value"],
    }
