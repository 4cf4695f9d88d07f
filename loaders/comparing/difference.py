"""Changes that files would make: records new, changed and gone, one by one and counted."""

import numpy as np
import pandas as pd

from loaders.comparing.attribute_changes import compared, named
from loaders.kinds import KINDS, Kind

CHANGE = {"new": "新增", "changed": "有变化", "gone": "未再报送", "same": "无变化"}
"""What may become of a record, and what to call it."""

_TYPES = {
    "change": "str", "sent": "bool", "name": "str", "operator_id": "str", "operator_before": "str",
    "county_code": "str", "county_before": "str", "what": "str", "attributes": "str",
    "value": "float64", "value_before": "float64", "moved_m": "float64", "source_file": "str",
    "source_row": "Int64",
}  # fmt: skip
_CITY_WIDE = {"county_code": "全市", "operator_id": "全部机构"}  # of figures without one
_BEFORE = {"county_code": "county_before", "operator_id": "operator_before"}


def between(base: pd.DataFrame, fresh: pd.DataFrame, kind: str, whole: bool) -> pd.DataFrame:
    """Change of every record of the kind named `kind`, one row each.

    `base` are the records in force that the sender sent before, and those in force that it sends
    now; `fresh` the accepted rows with the key of their table (for figures the columns of their
    key); of rows with one key the last holds. A null in `fresh` says nothing where records have a
    place. `whole` says that the files list all the sender's records: those of `base` that are not
    in them are then 'gone', unless no row was accepted.

    Columns: key; change (one of `CHANGE`); sent (in the files, not only in force); name;
    operator_id, county_code as they will be, operator_before, county_before as they are; what (in
    Chinese, '' where nothing changed); attributes (columns, separated by ';'); value and
    value_before (eligible count of a venue, value of a figure); moved_m (metres);
    source_file, source_row.
    """
    about = KINDS[kind]
    old, new = _keyed(base, about), _keyed(fresh, about)
    known = new.index[new.index.isin(old.index)]
    rest = _described(old[~old.index.isin(known)], about)
    missing = "gone" if whole and len(new) else "same"
    parts = [
        _known(old.loc[known], new.loc[known], about),
        _described(new[~new.index.isin(known)], about).assign(change="new", sent=True),
        rest.assign(change=missing, sent=False, **_as_before(rest)),
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
    return counts.assign(**{by: counts[by].astype("str").mask(counts[by] == "")})


def _keyed(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Rows under the key of their table, the last of each."""
    if kind.figures:
        key = _joined([_shown(rows[column], column) for column in kind.key], "/")
    else:
        key = rows[kind.key_column]
    rows = rows.set_index(pd.Index(key.to_numpy(), dtype="str"))
    return rows[~rows.index.duplicated(keep="last")]


def _shown(values: pd.Series, column: str) -> pd.Series:
    """Cells of a key or a name as texts, '' where null."""
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.dt.strftime("%Y-%m-%d" if column.endswith("_on") else "%Y-%m")
    return values.astype("str").fillna("")


def _joined(parts: list[pd.Series], between: str) -> pd.Series:
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + between + part
    return joined


def _described(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Name, bank, county, figure and source of every record, whether it changed or not."""
    columns = ["name", "operator_id", "county_code", "source_file", "source_row"]
    described = rows.reindex(columns=columns).astype({name: _TYPES[name] for name in columns})
    if not kind.placed:
        described["name"] = _joined([_named(rows[name], name) for name in kind.named_by], " ")
    value = rows[kind.measure].astype("Float64") if kind.measure else np.nan
    return described.assign(value=value).astype({"value": "float64"})


def _named(values: pd.Series, column: str) -> pd.Series:
    """Cells of a name as a person calls them."""
    shown = _shown(values, column)
    return named(shown, column).mask(shown == "", _CITY_WIDE.get(column, ""))


def _known(old: pd.DataFrame, new: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Records known before and sent again; both frames have the same index."""
    now, before = _described(new, kind), _described(old, kind)
    found = compared(old, new, kind)
    moved = (";" + found["attributes"] + ";").str.contains(";county_code;")
    county = now["county_code"].where(moved, before["county_code"])
    now = now.fillna(before).assign(county_code=county)
    change = np.where(found["what"] == "", "same", "changed")
    return now.join(found).assign(change=change, sent=True, **_as_before(before))


def _as_before(described: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "county_before": described["county_code"],
        "operator_before": described["operator_id"],
        "value_before": described["value"],
    }
