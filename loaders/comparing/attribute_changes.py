"""Two states of the same records, attribute by attribute: which differ, told in Chinese."""

from collections.abc import Iterable, Mapping
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain import owners, reference, rules
from geo import boundaries
from loaders.reading.cell_parsing import plain

_LABELS = {  # attributes that are compared, in the order in which they are told
    "merchants": {
        "name": "名称", "address": "地址", "county_code": "县区", "town_code": "乡镇街道",
        "scenario_id": "场景", "venue_id": "特定区域", "public_cash_point": "公共收银点",
    },
    "venues": {
        "name": "名称", "kind_id": "类别", "address": "地址", "county_code": "县区",
        "town_code": "乡镇街道", "eligible_count": "应覆盖商户数", "eligible_grade": "分母等级",
        "owner": "主管部门", "operator_id": "责任银行",
    },
    "scenarios": {
        "name": "名称", "address": "地址", "county_code": "县区", "town_code": "乡镇街道",
        "scenario_id": "场景", "venue_id": "特定区域",
    },
    "indicators": {"value": "数值"},
    "clusters": {
        "name": "名称", "owners": "责任单位", "kind_id": "类别", "address": "地址",
        "county_code": "县区", "town_code": "乡镇街道", "venue_id": "特定区域",
        "is_first": "首创首单", "declared_on": "申报日期", "planned_on": "方案日期",
        "plaque_on": "挂牌日期", "withdrawn_on": "撤销日期",
    },
    "filings": {
        "owner_id": "报送单位", "kind_id": "材料类型", "title": "标题", "month": "所属月份",
        "filed_on": "报送日期", "task_no": "对应任务", "scenario_id": "场景",
        "county_code": "县区", "evidence": "文号或佐证",
    },
    "province": {"value": "数值", "source": "来源"},
}  # fmt: skip
_NAMES = {
    "county_code": ("counties", "county_code", "name"),
    "town_code": ("towns", "town_code", "name"),
    "scenario_id": ("scenarios", "scenario_id", "scenario"),
    "operator_id": ("operators", "operator_id", "operator"),
    "indicator_id": ("indicators", "indicator_id", "indicator"),
    "measure_id": ("province_measures", "measure_id", "measure"),
}
_KINDS = ("venue_kinds", "filing_kinds")  # have one column, and no id in common
_REPLACED = ("filings",)  # of these a blank in the later file leaves nothing of the earlier one
_WRITTEN = ("name", "address", "owner", "title", "evidence", "source")  # punctuation is no change
_FOLLOWS_POINT = ("county_code", "town_code")
_BLANK = "（空）"


def compared(old: pd.DataFrame, new: pd.DataFrame, kind: str) -> pd.DataFrame:
    """What differs between two frames of one index: what, attributes, moved_m.

    `what` tells it in Chinese, old → new, and is '' where nothing differs; `attributes` names the
    columns, separated by ';', with 'point' for a point that moved far. A null in `new` says
    nothing. `moved_m` is how far the point moved in metres, null without both points.
    """
    moved = _moved(old, new)
    what = pd.Series("", index=old.index, dtype="str")
    attributes = what.copy()
    for column, label in _LABELS[kind].items():
        here = _differs(old, new, column)
        if kind in _REPLACED:
            here = here | (new[column].isna() & old[column].notna()).to_numpy()
        before, after = (_shown(rows.loc[here, column], column) for rows in (old, new))
        what.loc[here] += f"；{label}：" + before + " → " + after
        attributes.loc[here] += f";{column}"
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
    """What the codes of a column are called; nothing for one that has none."""
    if column in ("owner_id", "owners"):
        return owners.names(date.today())
    if column == "kind_id":
        return {code: name for one in _KINDS for code, name in _kinds(one)}
    return reference.labels(*_NAMES[column]) if column in _NAMES else {}


def _kinds(table: str) -> Iterable[tuple[str, str]]:
    return reference.labels(table, "kind_id", "kind").items()


def _listed(codes: str, names: Mapping[str, str]) -> str:
    return "、".join(names.get(code, code) for code in codes.split(";"))


def _differs(old: pd.DataFrame, new: pd.DataFrame, column: str) -> NDArray[np.bool_]:
    """Where `new` says something else than `old` in a column."""
    was, now = old[column], new[column]
    here = now.notna() & (was.isna() | (was != now).fillna(False).astype(bool))
    if column == "eligible_grade":
        here &= new["eligible_count"].notna()  # a denominator and its grade come together
    if column in _FOLLOWS_POINT and "lon" in new:
        here &= ~_place_stays(old, new)
    if column in _WRITTEN:
        pairs = zip(was[here].fillna(""), now[here], strict=True)
        here[here] = np.array(
            [plain(first) != plain(second) for first, second in pairs], dtype=bool
        )
    return here.to_numpy(dtype=bool)


def _place_stays(old: pd.DataFrame, new: pd.DataFrame) -> pd.Series:
    """Records that keep their earlier place: it had a point, and nothing new was said of it."""
    silent = new["address"].isna() | (new["address"] == old["address"]).fillna(False).astype(bool)
    return new["lon"].isna() & old["lon"].notna() & silent


def _shown(values: pd.Series, column: str) -> pd.Series:
    """Values as they are told in a sentence."""
    if column in ("public_cash_point", "is_first"):
        texts = values.map({True: "是", False: "否"}).astype("str")
    elif pd.api.types.is_datetime64_any_dtype(values):
        texts = values.dt.strftime("%Y-%m" if column == "month" else "%Y-%m-%d").astype("str")
    elif pd.api.types.is_numeric_dtype(values):
        texts = values.map(number, na_action="ignore").astype("str")
    else:
        texts = named(values, column).astype("str").replace("", np.nan)
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
        gpd.GeoSeries(
            gpd.points_from_xy(rows.loc[both, "lon"], rows.loc[both, "lat"]), crs="EPSG:4326"
        ).to_crs(boundaries.METRIC)
        for rows in (old, new)
    )
    return was.set_axis(new.index[both]).distance(now.set_axis(new.index[both])).reindex(new.index)
