"""Differences of two states of the same records, attribute by attribute, in Chinese."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from domain import owners, reference, rules
from geo import boundaries
from loaders.kinds import Kind
from loaders.reading.cell_parsing import plain

_NAMES = {
    "county_code": ("counties", "county_code", "name"),
    "town_code": ("towns", "town_code", "name"),
    "scenario_id": ("scenarios", "scenario_id", "scenario"),
    "operator_id": ("operators", "operator_id", "operator"),
    "indicator_id": ("indicators", "indicator_id", "indicator"),
    "measure_id": ("province_measures", "measure_id", "measure"),
}
_KINDS = ("venue_kinds", "filing_kinds")  # have one column, and no id in common
_WRITTEN = ("name", "address", "owner", "title", "evidence", "source")  # punctuation is no change
_BLANK = "（空）"


def compared(old: pd.DataFrame, new: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Differences between two frames of one index: what, attributes, moved_m.

    `what` says in Chinese, old → new, what differs, and is '' where nothing does; `attributes`
    names the columns, separated by ';', with 'point' for a point that moved far. `moved_m` is how
    far the point moved in metres, null without both points.
    """
    moved = _moved(old, new)
    what = pd.Series("", index=old.index, dtype="str")
    attributes = what.copy()
    for column, label in kind.compared.items():
        differs = _differs(old, new, column)
        if not differs.any():
            continue
        before, after = (_shown(rows.loc[differs, column], column) for rows in (old, new))
        what.loc[differs] += f"；{label}：" + before + " → " + after
        attributes.loc[differs] += f";{column}"
    far = (moved > float(rules.count("moved_m"))).to_numpy()
    what.loc[far] += "；坐标移动 " + _metres(moved[far])
    attributes.loc[far] += ";point"
    return pd.DataFrame({"what": what.str[1:], "attributes": attributes.str[1:], "moved_m": moved})


def named(codes: pd.Series, column: str) -> pd.Series:
    """Codes of a column as the reference calls them, as they stand where it does not know them."""
    names = _names(column)
    if column == "owners":
        return codes.map(lambda several: _listed(several, names), na_action="ignore")
    return codes.map(names).fillna(codes) if names else codes


def number(value: float) -> str:
    """A number as it stands in a sentence."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _names(column: str) -> Mapping[str, str]:
    """Names of the codes of a column; none for a column without codes."""
    if column in ("owner_id", "owners"):
        return owners.names(date.today())
    if column == "kind_id":
        first, second = (reference.labels(table, "kind_id", "kind") for table in _KINDS)
        return first | second
    return reference.labels(*_NAMES[column]) if column in _NAMES else {}


def _listed(codes: str, names: Mapping[str, str]) -> str:
    return "、".join(names.get(code, code) for code in codes.split(";"))


def _differs(old: pd.DataFrame, new: pd.DataFrame, column: str) -> NDArray[np.bool_]:
    was, now = old[column], new[column]
    both = was.notna() & now.notna()
    differs = (was.isna() != now.isna()) | (both & (was != now).fillna(False).astype(bool))
    if column in _WRITTEN:
        pairs = zip(was[differs].fillna(""), now[differs].fillna(""), strict=True)
        differs[differs] = np.fromiter((plain(one) != plain(other) for one, other in pairs), bool)
    return differs.to_numpy(dtype=bool)


def _shown(values: pd.Series, column: str) -> pd.Series:
    """Values as a sentence quotes them."""
    if column in ("public_cash_point", "is_first"):
        texts = values.map({True: "是", False: "否"}).astype("str")
    elif pd.api.types.is_datetime64_any_dtype(values):
        texts = values.dt.strftime("%Y-%m" if column == "month" else "%Y-%m-%d").astype("str")
    elif pd.api.types.is_numeric_dtype(values):
        texts = values.map(number, na_action="ignore").astype("str")
    else:
        texts = named(values, column).astype("str")
        texts = texts.mask(texts == "")
        texts = "“" + texts + "”" if column in _WRITTEN else texts
    return texts.fillna(_BLANK)


def _metres(distances: pd.Series) -> pd.Series:
    texts = [f"{m:,.0f} 米" if m < 1000 else f"{m / 1000:,.1f} 公里" for m in distances]
    return pd.Series(texts, index=distances.index, dtype="str")


def _moved(old: pd.DataFrame, new: pd.DataFrame) -> pd.Series:
    if "lon" not in new:
        return pd.Series(np.nan, index=new.index)
    both = (old["lon"].notna() & new["lon"].notna()).to_numpy()
    was, now = (
        boundaries.metric(shapely.points(rows.loc[both, "lon"], rows.loc[both, "lat"]))
        for rows in (old, new)
    )
    return pd.Series(shapely.distance(was, now), index=new.index[both]).reindex(new.index)
