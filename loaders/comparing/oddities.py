"""What a person should look at before publishing, out of all that files would change."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from domain import reference, rules
from loaders.comparing.attribute_changes import named, number
from loaders.comparing.difference import totals

_RECORDS = {
    "merchants": "商户", "venues": "场所", "scenarios": "场景记录", "clusters": "聚集区",
    "filings": "材料",
}  # fmt: skip
_FIGURES = {"indicators": ("指标", "元还是万元"), "province": ("公布数", "万元还是亿元")}
_BANKLESS = ("clusters", "filings")  # kinds of records that are of no bank
_Odd = list[tuple[float, str, str, str]]  # weight, what, subject, key


def odd(changes: pd.DataFrame, kind: str, today: date) -> pd.DataFrame:
    """Oddities of `changes` (`difference.between`), the gravest first.

    Columns: weight, what (a Chinese sentence with the numbers),
    subject ('operator', 'county', 'file', 'record'), key (operator id, county code, file name,
    record key; '' where unknown). The whole part of a weight is how grave that kind of oddness
    is, 5 to 1; the rest is its extent. `today` decides which deadline is near.
    """
    if kind in _FIGURES:
        rows = _jumps(changes, kind)
    else:
        rows = [] if kind in _BANKLESS else _losses(changes, "operator_id", kind)
        rows += [*_losses(changes, "county_code", kind), *_growth(changes, kind)]
        rows += [*_rewritten(changes), *_moves(changes, kind)]
        rows += _shrunk(changes, today) if kind == "venues" else []
    found = pd.DataFrame(rows, columns=["weight", "what", "subject", "key"])
    found = found.astype({"weight": "float64", "what": "str", "subject": "str", "key": "str"})
    return found.sort_values("weight", ascending=False, kind="stable", ignore_index=True)


def _weight(level: int, extent: float) -> float:
    return level + min(extent, 0.999)


def _losses(changes: pd.DataFrame, by: str, kind: str) -> _Odd:
    """Operators or counties that lost a large share of their records."""
    counts = totals(changes, by)
    counts = counts[counts["lost_share"] >= float(rules.number("odd_lost_share"))]
    subject, unknown = ("operator", "未注明机构") if by == "operator_id" else ("county", "未定位")
    unknown = "全市" if kind == "filings" else unknown
    rows = []
    for row in counts.assign(name=named(counts[by], by).fillna(unknown)).itertuples():
        moved = f"，{row.moved_out:,} 条转到别处" if row.moved_out else ""
        what = (
            f"{row.name}的{_RECORDS[kind]}原有 {row.before:,} 条，{row.gone:,} 条未再报送{moved}"
            f"（减少 {row.lost_share:.0%}），加上新增后为 {row.after:,} 条，请核对报送是否齐全"
        )
        key = getattr(row, by)
        rows.append((_weight(5, row.lost_share), what, subject, "" if pd.isna(key) else key))
    return rows


def _growth(changes: pd.DataFrame, kind: str) -> _Odd:
    """Operators whose records multiplied."""
    counts = totals(changes, "operator_id").dropna(subset="operator_id")
    counts = counts[counts["before"] >= rules.count("odd_least_count")]
    counts = counts[counts["after"] >= float(rules.count("odd_growth_factor")) * counts["before"]]
    return [
        (
            _weight(3, 1 - row.before / row.after),
            f"{row.name}的{_RECORDS[kind]}从 {row.before:,} 条增加到 {row.after:,} 条"
            f"（{row.after / row.before:.1f} 倍），请核对是否重复报送",
            "operator",
            row.operator_id,
        )
        for row in counts.assign(name=named(counts["operator_id"], "operator_id")).itertuples()
    ]


def _rewritten(changes: pd.DataFrame) -> _Odd:
    """Files in which many of the records known before have another address."""
    known = changes[changes["sent"] & (changes["change"] != "new")]
    address = (";" + known["attributes"] + ";").str.contains(";address;")
    counts = address.groupby(known["source_file"]).agg(changed="sum", known="size", share="mean")
    enough = counts["known"] >= rules.count("odd_least_count")
    many = counts[enough & (counts["share"] > float(rules.number("odd_address_share")))]
    return [
        (
            _weight(3, row.share),
            f"文件“{row.Index}”里原有的 {row.known:,} 条记录中，{row.changed:,} 条改了地址"
            f"（{row.share:.0%}），请核对行与行是否错位",
            "file",
            row.Index,
        )
        for row in many.itertuples()
    ]


def _moves(changes: pd.DataFrame, kind: str) -> _Odd:
    """Records that went to another county: many from one to another together, then each."""
    both = changes["county_code"].notna() & changes["county_before"].notna()
    moved = changes[both & (changes["county_code"] != changes["county_before"])]
    names = {
        "here": named(moved["county_code"], "county_code"),
        "there": named(moved["county_before"], "county_code"),
    }
    moved = moved.assign(**names)
    rows = [
        (
            _weight(1, row.moved_m / 1e6 if row.moved_m > 0 else 0.0),
            f"{_RECORDS[kind]}“{row.name}”（{row.key}）从{row.there}改到{row.here}，请核对地址",
            "record",
            row.key,
        )
        for row in moved.itertuples()
    ]
    for (code, there, here), count in (
        moved.groupby(["county_before", "there", "here"]).size().items()
    ):
        if count >= rules.count("odd_least_count"):
            share = count / (changes["county_before"] == code).sum()
            what = f"有 {count:,} 条{_RECORDS[kind]}从{there}改到{here}，请核对地址和坐标系"
            rows.append((_weight(3, share), what, "county", code))
    return rows


def _shrunk(changes: pd.DataFrame, today: date) -> _Odd:
    """Venues whose denominator shrank, graver before a deadline."""
    less = changes[changes["sent"] & (changes["value"] < changes["value_before"])]
    deadline = _deadline(today)
    level = 4 if deadline else 2
    rows = []
    for row in less.itertuples():
        lost = 1 - row.value / row.value_before
        what = (
            f"“{row.name}”（{row.key}）的应覆盖商户数从 {number(row.value_before)} 家减少到 "
            f"{number(row.value)} 家（减少 {lost:.0%}）{deadline}，请主管部门说明依据"
        )
        rows.append((_weight(level, lost), what, "record", row.key))
    return rows


def _deadline(today: date) -> str:
    """The next target that falls due soon, one judged by venues before others; '' if none."""
    last = today + timedelta(days=int(rules.count("odd_deadline_days")))
    soon = [
        (date.fromisoformat(row.due), "场所" not in row.measure, row.target_id, row.target)
        for row in reference.table("targets").itertuples()
        if row.due[:1].isdigit() and today <= date.fromisoformat(row.due) <= last
    ]
    if not soon:
        return ""
    due, _, target_id, target = min(soon)
    return f"，距 {target_id}“{target}”{due} 到期还有 {(due - today).days} 天"


def _jumps(changes: pd.DataFrame, kind: str) -> _Odd:
    """Figures many times larger or smaller than they were, or than the month before."""
    rows = changes[changes["change"] != "gone"].sort_values("key")
    earlier = rows.groupby(rows["key"].str[7:], sort=False)["value"].shift()
    was = rows["value_before"].fillna(earlier)
    fresh = rows["change"].isin(["new", "changed"]) & (was > 0) & (rows["value"] > 0)
    rows, was = rows[fresh], was[fresh]
    ratio = np.maximum(rows["value"] / was, was / rows["value"])
    called, units = _FIGURES[kind]
    found = []
    for row, before, times in zip(rows.itertuples(), was, ratio, strict=True):
        if times >= float(rules.count("odd_jump_factor")):
            compared_to = "原报" if row.change == "changed" else "上一期"
            verb = "增加到" if row.value > before else "减少到"
            what = (
                f"{called}“{row.name}”从{compared_to} {number(before)} {verb} {number(row.value)}"
                f"（相差 {times:,.0f} 倍），请核对单位是{units}"
            )
            found.append((_weight(4, 1 - 1 / times), what, "record", row.key))
    return found
