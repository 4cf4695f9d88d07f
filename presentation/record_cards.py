"""One venue or one shop in words: how it stands, and why it counts or not."""

from datetime import date
from typing import Any

import pandas as pd

from domain import reference, rules
from geo import geocoding
from presentation import labels
from presentation.register_listings import JOINED

_ENDS = {
    "suspended": "已停用，不算覆盖",
    "refused": "拒绝受理，不算覆盖",
    "closed": "已注销，不再计入",
}


def venue_sentence(row: dict[Any, Any]) -> str:
    """How a venue of the register stands: its state, what is verified and what is missing."""
    parts = [str(row["status_label"])]
    if row["carrier"] == "区域型":
        parts.append(f"应覆盖 {labels.count(row['adopted'], ' 家')}")
        parts.append(f"已验证 {labels.count(row['verified'], ' 家')}")
    if pd.isna(row["needed"]):
        parts.append("不知道还差多少")
    elif row["needed"] > 0:
        parts.append(f"还差 {row['needed']:,.0f} {'家' if row['carrier'] == '区域型' else '项'}")
    owners = [one for one in (row["department"], row["operator"]) if one not in ("—", "未填报")]
    parts.append(f"由{'、'.join(owners)}负责" if owners else "还没有写明由谁负责")
    return "，".join(parts)


def requirement(row: "pd.Series[Any]") -> str:
    """What a venue of the area type is covered with, and how far its public cash points are.

    '' of any other, and where it is unknown. `row` is its row of `venue_coverage`.
    """
    if row["carrier"] != "区域型" or pd.isna(row["required"]):
        return ""
    size, share = rules.count("small_venue_size"), rules.number("full_coverage_share")
    small = row["eligible"] < size
    why = f"应覆盖不到 {size} 家的，最多 1 家不验证" if small else f"应覆盖的 {share:.0%}"
    text = f"达标要验证 {row['required']:,.0f} 家（{why}）"
    if row["cash_points"] > 0:
        done = labels.count(row["cash_points_verified"])
        text += f"，公共收银点都要验证（{done} / {row['cash_points']:,.0f}）"
    return text


def shop_sentence(row: dict[Any, Any], until: date | None) -> str:
    """How a shop stands on its day, and why it counts or not.

    `row` is its row on the day, `until` the last day of what verified it last.
    """
    again = "；几条记录是同一家门店，只算一次" if row["shop_key"] != row["merchant_key"] else ""
    if pd.isna(row["state"]):
        return "这一天还没有这条记录，不计入"
    label = labels.STATE_LABELS[row["state"]]
    if row["state"] in _ENDS:
        return f"{label}：{_ENDS[row['state']]}"
    if not row["eligible"]:
        return f"{label}：不在应覆盖范围，不计入分母"
    if row["verified"]:
        lasts = f"，没有新的巡检或交易的，有效到 {until}" if until else ""
        return f"{label}：计入已签约和已验证{lasts}{again}"
    if row["contracted"]:
        opening = "开通和" if row["state"] == "contracted" else ""
        past = f"，上一次的有效到 {until}" if until else ""
        return f"{label}：只计入已签约，不算验证；还差{opening}一次巡检或真实交易{past}{again}"
    return f"{label}：计入应覆盖，不算签约；还差签约、开通、验证{again}"


def shop_card(row: dict[Any, Any], venue: str, events: pd.DataFrame) -> dict[str, str]:
    """A shop as a description list; `venue` is the name of its venue, '' without one."""
    (named,) = labels.with_names(pd.DataFrame([row])).to_dict("records")
    scenarios = reference.labels("scenarios", "scenario_id", "scenario")
    zone = "" if named["zone"] == "—" else f"，功能板块：{named['zone']}"
    method = geocoding.METHODS.get(row["method"], "没有定位")
    how = f"（{JOINED[row['joined_by']]}）" if row["joined_by"] in JOINED else ""
    days = events.groupby("event")["day"].max()
    source = f"{row['source_file'] or '—'}" + (
        "" if pd.isna(row["source_row"]) else f" 第 {row['source_row']:.0f} 行"
    )
    return {
        "编号": _text(row["merchant_id"]),
        "运营机构": named["operator"],
        "场景": scenarios.get(row["scenario_id"], "未填"),
        "地址": _text(row["address"]),
        "位置": f"{named['county']} {named['town']}{zone}",
        "定位方式": method + ("，推断，待核" if row["inferred"] else ""),
        "特定区域": f"{venue}{how}" if venue else "不在特定区域里",
        "签约": _day(days, "contracted"),
        "最近巡检": _day(days, "inspected"),
        "最近交易": _day(days, "paid"),
        "最近报送": f"{_text(row['sender'])}，{source}",
    }


def _text(cell: Any) -> str:
    return "未填" if pd.isna(cell) or cell == "" else str(cell)


def _day(days: "pd.Series[Any]", event: str) -> str:
    return f"{pd.Timestamp(days[event]).date()}" if event in days else "没有"
