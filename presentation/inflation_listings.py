"""Inflated coverage and sleeping shops as pages and documents list them."""

import pandas as pd

from domain import rules
from domain.inflated_coverage import SIGNS
from presentation import labels, venue_listings
from queries import data_quality
from queries.engine import remembered
from queries.scope import Scope

VENUES = [
    "venue", "signs_text", "operator", "kind", "county", "zone", *venue_listings.DENOMINATOR,
    "largest_stated", "verified", "paid_units", "venue_id",
]  # fmt: skip
SHOPS = ["state_label", "operator", "name", "address", "county", "signed_text", "merchant_id"]
BANKS = ["operator", "asleep", "signed_shops", "sleeping_share"]


def about() -> dict[str, str]:
    """What each sign means, in words."""
    shrunk, points = rules.number("shrunk_share"), rules.count("one_sign_points")
    return {
        SIGNS["one_sign"]: f"区域型场所达标，但应覆盖的受理点不超过 {points} 家",
        SIGNS["shrunk"]: f"应覆盖数比曾报过的最大数少了 {shrunk:.0%} 以上，按最大数算就不达标",
        SIGNS["unpaid"]: f"全靠巡检达标，{rules.count('payment_valid_days')} 天内没有一笔真实交易",
    }


@remembered
def venues(scope: Scope) -> pd.DataFrame:
    """Venues with inflated coverage, their signs in words."""
    rows = data_quality.inflated(scope)
    rows = rows[rows["padded"]]
    named = labels.with_names(rows).rename(columns={"name": "venue"})
    signs = [
        "、".join(word for sign, word in SIGNS.items() if row[sign])
        for row in rows.to_dict("records")
    ]
    named = venue_listings.with_denominators(named, scope)
    return named.assign(largest_stated=named["largest"], signs_text=signs)


def shops(asleep: pd.DataFrame) -> pd.DataFrame:
    """Sleeping shops with names for codes."""
    rows = venue_listings.missing(asleep)
    signed = pd.to_datetime(rows["signed_since"])
    return rows.assign(signed_text=signed.dt.strftime("%Y-%m-%d"))


@remembered
def banks(scope: Scope) -> pd.DataFrame:
    """Sleeping shops by bank, the largest share first."""
    rows = labels.with_names(data_quality.asleep_by_operator(scope))
    rows = rows.rename(columns={"contracted": "signed_shops"})
    return rows.sort_values("sleeping_share", ascending=False, ignore_index=True)
