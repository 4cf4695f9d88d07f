"""The parts of the page of padding: covered venues on weak ground, shops that sleep."""

import pandas as pd
import streamlit as st

from domain import rules
from domain.inflated_coverage import SIGNS
from presentation import labels, venue_listings
from queries import data_quality
from queries.scope import Scope, area_name

VENUES = [
    "venue_id", "venue", "kind", "county", "zone", "operator", "eligible", "largest_stated",
    "verified", "paid_units", "signs_text",
]  # fmt: skip
SHOPS = ["merchant_id", "name", "address", "operator", "county", "state_label", "signed_text"]
BANKS = ["operator", "asleep", "signed_shops", "sleeping_share"]


def about() -> dict[str, str]:
    """What each sign means, in words."""
    shrunk, points = rules.number("shrunk_share"), rules.count("one_sign_points")
    return {
        SIGNS["one_sign"]: f"区域型场所达标，但应覆盖的受理点不超过 {points} 家",
        SIGNS["shrunk"]: f"应覆盖数比曾报过的最大数少了 {shrunk:.0%} 以上，按最大数算就不达标",
        SIGNS["unpaid"]: f"全靠巡检达标，{rules.count('payment_valid_days')} 天内没有一笔真实交易",
    }


def venues(scope: Scope) -> pd.DataFrame:
    """Padded venues with their signs in words."""
    rows = data_quality.inflated(scope)
    rows = rows[rows["padded"]]
    named = labels.with_names(rows).rename(columns={"name": "venue"})
    said = [
        "、".join(word for sign, word in SIGNS.items() if row[sign])
        for row in rows.to_dict("records")
    ]
    return named.assign(largest_stated=named["largest"], signs_text=said)


def shops(scope: Scope) -> pd.DataFrame:
    """Sleeping shops, the longest asleep first."""
    rows = venue_listings.missing(data_quality.asleep(scope))
    signed = pd.to_datetime(rows["signed_since"])
    return rows.assign(signed_text=signed.dt.strftime("%Y-%m-%d")).sort_values(
        ["signed_since", "merchant_key"], ignore_index=True
    )


def banks(scope: Scope) -> pd.DataFrame:
    """Sleeping shops by bank, the largest share first."""
    rows = labels.with_names(data_quality.asleep_by_operator(scope))
    rows = rows.rename(columns={"contracted": "signed_shops"})
    return rows.sort_values("sleeping_share", ascending=False, ignore_index=True)


def headline(scope: Scope) -> str:
    """The share with and without the padded venues."""
    rows = data_quality.inflated(scope)
    if rows.empty:
        return f"截至 {scope.as_of}，选定范围内名录里还没有特定区域。"
    covered, padded = int(rows["covered_verified"].sum()), int(rows["padded"].sum())
    return (
        f"截至 {scope.as_of}，{area_name(scope)}达标 {covered} 个场所，其中 **{padded}** 个"
        f"有水分；达标率 **{labels.percent(covered / len(rows))}**，挤掉水分后 "
        f"**{labels.percent((covered - padded) / len(rows))}**。"
    )


def doubtful(scope: Scope) -> str:
    """One sentence on how many covered venues are padded; '' where none is."""
    rows = data_quality.inflated(scope)
    covered, padded = int(rows["covered_verified"].sum()), int(rows["padded"].sum())
    if not padded:
        return ""
    return (
        f"达标的 {covered} 个里有 {padded} 个靠不住，挤掉水分后达标率是 "
        f"{labels.percent((covered - padded) / len(rows))}：看是哪些"
    )


def cards(scope: Scope, asleep: pd.DataFrame) -> None:
    """How many venues show each sign, and how many shops sleep."""
    rows = data_quality.inflated(scope)
    texts = about()
    with st.grid(5, gap="small", min_column_width=150):
        for sign, word in SIGNS.items():
            st.metric(word, f"{int(rows[sign].sum())} 个场所", border=True, help=texts[word])
        st.metric(
            "沉睡门店",
            f"{len(asleep):,} 家",
            border=True,
            help=f"签约满 {rules.count('sleeping_days')} 天，"
            f"{rules.count('payment_valid_days')} 天内没有一笔真实交易。",
        )
        st.metric(
            "重复报送",
            f"{data_quality.repeated_records(scope):,} 条",
            border=True,
            help="同一家门店除第一条以外的记录。覆盖率里只算一家；名单在“特定区域名录”的“重复门店”。",
        )
