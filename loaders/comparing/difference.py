"""Changes that files would make: records new, changed and gone, one by one and counted."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain import states
from loaders.comparing.attribute_changes import compared, named
from loaders.comparing.state_changes import FACTS
from loaders.kinds import KINDS, Kind

CHANGE = {"new": "新增", "changed": "有变化", "removed": "撤下", "same": "无变化"}
"""What may become of a record, and what to call it."""
SORTS = {"new": "新增", "removed": "撤下", "gone": "未再报送"} | FACTS
"""By what changes are listed and counted, and what to call it."""

_TYPES = {
    "change": "str", "name": "str", "operator_id": "str", "operator_before": "str",
    "county_code": "str", "county_before": "str", "facts": "str", "what": "str",
    "attributes": "str", "since": "datetime64[s]", "value": "float64",
    "value_before": "float64", "moved_m": "float64", "source_file": "str", "source_row": "Int64",
}  # fmt: skip
_CITY_WIDE = {"county_code": "全市", "operator_id": "全部机构"}  # of figures without one
_BEFORE = {"county_code": "county_before", "operator_id": "operator_before"}
_TURNS = {"county_code": "moved", "venue_id": "venue"}  # attributes that are facts of their own


@dataclass(frozen=True)
class Sent:
    """What files say of the records of a kind: the `keys` in them, and those of their sender.

    `whole` says that the files list all the sender's records: those of `theirs` that are not in
    them are then 'gone', unless no row was accepted.
    """

    keys: pd.Index
    theirs: pd.Index
    whole: bool


def between(
    was: pd.DataFrame,
    now: pd.DataFrame,
    kind: str,
    sent: Sent,
    happened: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Change of every record of the kind named `kind`, one row each.

    `was` and `now` are the table of the kind in force and as it would be published, `happened` what
    became of their events (`state_changes.happened`).

    Columns: key; change (one of `CHANGE`); sent (in the files), theirs (of their sender), gone (not
    sent again by a file that lists all: it stays on record and counts on); name; operator_id,
    county_code as they will be, operator_before, county_before as they are; facts (keys of
    `state_changes.FACTS`, separated by ';'); what (in Chinese, '' where nothing changed);
    attributes (columns, separated by ';'); since (the day from which the newest change holds);
    value and value_before (eligible count of a venue, value of a figure); moved_m (metres);
    source_file, source_row.
    """
    about = KINDS[kind]
    old, new = keyed(was, about), keyed(now, about)
    both = new.index[new.index.isin(old.index)]
    fresh, lost = new[~new.index.isin(both)], old[~old.index.isin(both)]
    parts = [
        _known(old.loc[both], new.loc[both], about, happened),
        _new(fresh, about, happened),
        _described(lost, about).assign(change="removed", **_as_before(_described(lost, about))),
    ]
    full = [part.reindex(columns=list(_TYPES)).astype(_TYPES) for part in parts]
    result = pd.concat(full).fillna({"facts": "", "what": "", "attributes": ""})
    missing = bool(sent.whole and len(sent.keys)) & result.index.isin(sent.theirs)
    sent_again = result.index.isin(sent.keys)
    result = result.assign(
        sent=sent_again,
        theirs=sent_again | result.index.isin(sent.theirs),
        gone=missing & ~sent_again & (result["change"] != "removed"),
    )
    return result.rename_axis("key").reset_index()


def totals(changes: pd.DataFrame, by: str) -> pd.DataFrame:
    """Counts by `by` ('county_code' or 'operator_id'; null where unknown), one row each.

    Columns: `by`, before, new, removed, moved_in, moved_out, after, changed, gone, and one for each
    fact of the records there. A record that went to another county or operator counts there as
    moved in. Always before + new + moved_in − removed − moved_out = after, which is what will be
    published: what is gone stays.
    """
    was, now = changes[_BEFORE[by]].fillna(""), changes[by].fillna("")
    removed, new = changes["change"] == "removed", changes["change"] == "new"
    moved = ~removed & ~new & (was != now)
    parts = {
        "before": was[~new],
        "new": now[new],
        "removed": was[removed],
        "moved_in": now[moved],
        "moved_out": was[moved],
        "after": now[~removed],
        "changed": now[changes["change"] == "changed"],
        "gone": now[changes["gone"]],
    }
    parts |= {sort: now[of_sort(changes, sort)] for sort in counted(changes) if sort in FACTS}
    counts = pd.DataFrame({name: part.value_counts() for name, part in parts.items()})
    counts = counts.reindex(columns=list(parts)).fillna(0).astype("int64").sort_index()
    counts = counts.rename_axis(by).reset_index()
    return counts.assign(**{by: counts[by].astype("str").mask(counts[by] == "")})


def of_sort(changes: pd.DataFrame, sort: str) -> pd.Series:
    """Which of `changes` are of a sort of `SORTS`."""
    if sort == "gone":
        return changes["gone"]
    if sort not in FACTS:
        return changes["change"] == sort
    return (";" + changes["facts"] + ";").str.contains(f";{sort};", regex=False)


def counted(changes: pd.DataFrame) -> dict[str, int]:
    """Number of records by sort, of the sorts that there are."""
    counts = {sort: int(of_sort(changes, sort).sum()) for sort in SORTS}
    return {sort: count for sort, count in counts.items() if count}


def keyed(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
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


def _known(
    old: pd.DataFrame, new: pd.DataFrame, kind: Kind, happened: pd.DataFrame | None
) -> pd.DataFrame:
    """Records in both tables; both frames have the same index."""
    now, before = _described(new, kind), _described(old, kind)
    found = compared(old, new, kind)
    rows = now.join(found).assign(**_as_before(before))
    rows = rows.assign(facts=_facts(rows, new), since=_since(new).where(rows["what"] != ""))
    rows = _with(rows, kind, happened)
    return rows.assign(change=np.where(rows["what"] == "", "same", "changed"))


def _new(rows: pd.DataFrame, kind: Kind, happened: pd.DataFrame | None) -> pd.DataFrame:
    """Records that were on record nowhere."""
    listed = rows["delisted_on"].isna() if "delisted_on" in rows else False
    described = _described(rows, kind).assign(
        change="new",
        facts=np.where(listed, "listed", ""),
        what="",
        since=pd.Series(pd.NaT, rows.index, dtype="datetime64[s]"),
    )
    return _with(described, kind, happened)


def _facts(rows: pd.DataFrame, new: pd.DataFrame) -> pd.Series:
    """Facts that changed attributes are, separated by ';', each once."""
    changed = ";" + rows["attributes"] + ";"

    def has(column: str) -> pd.Series:
        return changed.str.contains(f";{column};", regex=False)

    facts = pd.Series("", index=rows.index, dtype="str")
    found = {fact: has(column) for column, fact in _TURNS.items()}
    if "eligible_count" in new:
        less = (rows["value"] < rows["value_before"]) | rows["value"].isna()
        found |= {"raised": has("eligible_count") & ~less, "lowered": has("eligible_count") & less}
    if "delisted_on" in new:
        left = new["delisted_on"].notna()
        found |= {"delisted": has("delisted_on") & left, "listed": has("delisted_on") & ~left}
    known = [*_TURNS, "eligible_count", "delisted_on", ""]
    others = rows["attributes"].map(lambda all_: any(one not in known for one in all_.split(";")))
    found["corrected"] = others.astype(bool)
    for fact, mask in found.items():
        facts = facts.mask(mask.to_numpy(), facts + ";" + fact)
    return facts.str[1:]


def _since(rows: pd.DataFrame) -> pd.Series:
    """The day from which rows hold, where their table knows any."""
    if "since" in rows:
        return rows["since"].astype("datetime64[s]")
    return pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")


def _with(rows: pd.DataFrame, kind: Kind, happened: pd.DataFrame | None) -> pd.DataFrame:
    """`rows` with what happened to them, told first."""
    if happened is None or kind.figures or rows.empty:
        return rows
    found = happened.reindex(_prefix(kind) + rows.index).set_axis(rows.index)
    told = found["what"].notna()
    glue = {"facts": ";", "what": "；"}
    texts = {
        name: (found[name].fillna("") + mark + rows[name]).str.strip(mark).where(told, rows[name])
        for name, mark in glue.items()
    }
    latest = pd.concat([rows["since"], found["happened_on"]], axis=1).max(axis=1)
    return rows.assign(**texts, since=latest.astype("datetime64[s]"))


def _prefix(kind: Kind) -> str:
    """What the record keys of a kind begin with in events; filings have none."""
    return states.PREFIXES.get(kind.name, "")


def _as_before(described: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "county_before": described["county_code"],
        "operator_before": described["operator_id"],
        "value_before": described["value"],
    }
