"""Demonstration clusters in detail: gates and shops of one, and those of one place."""

import pandas as pd

from domain import rules
from domain.clusters import GATES
from presentation import labels, venue_listings
from queries import commitments
from queries.scope import Scope

CLUSTERS = [
    "cluster_id", "cluster", "owner_names", "state_text", "points_text", "accepting_share",
    "active_share", "held_text", "scenario_kinds", "inspected_text", "lacking_gates",
]  # fmt: skip
SAME_PLACE = ["same_as", *CLUSTERS[:4]]
OWNERS = ["owner", "owner_kind_text", "declared_count", "mature_count", "floor_text"]
SHOPS = ["merchant_id", "name", "address", "operator", "state_label"]


def shops(scope: Scope, cluster_id: str) -> pd.DataFrame:
    """Eligible shops of a cluster, those not verified first."""
    members = commitments.cluster_shops(scope, cluster_id)
    return venue_listings.missing(members[members["eligible"]]).sort_values(
        ["verified", "name"], ignore_index=True
    )


def gates(row: pd.Series) -> pd.DataFrame:
    """The gates of one cluster: what is asked, what is there, whether it is open."""
    share, held = rules.number("cluster_accepting_share"), rules.count("cluster_held_months")
    active, age = rules.number("cluster_active_share"), rules.count("cluster_inspected_days")
    asked = {
        "planned": ("建设方案或挂牌", _first_day(row)),
        "points_enough": (f"不少于 {row['points_needed']} 个", f"{row['points']} 个"),
        "accepting": (f"{share:.0%} 以上", labels.percent(row["accepting_share"])),
        "lively": (f"{active:.0%} 以上", labels.percent(row["active_share"])),
        "held": (
            f"前三项连续 {held} 个月",
            "现在没有都达到" if row["held_text"] == "—" else f"自 {row['held_text']}",
        ),
        "varied": (
            f"{rules.count('cluster_scenario_kinds')} 种以上或首创",
            f"{row['scenario_kinds']} 种"
            + ("，有首创" if pd.notna(row["is_first"]) and row["is_first"] else ""),
        ),
        "inspected": (f"{age} 天以内", row["inspected_text"]),
    }
    return pd.DataFrame(
        {
            "门槛": [GATES[gate] for gate in GATES],
            "要求": [asked[gate][0] for gate in GATES],
            "现在": [asked[gate][1] for gate in GATES],
            "": ["✓" if row[gate] else "✗" for gate in GATES],
        }
    )


def same_place(rows: pd.DataFrame) -> pd.DataFrame:
    """Clusters that share a place with another one."""
    twice = rows[rows["place"].duplicated(keep=False)]
    return twice.assign(same_as=twice["place"]).sort_values(
        ["place", "cluster_id"], ignore_index=True
    )


def _first_day(row: pd.Series) -> str:
    known = {"方案": row["planned_on"], "挂牌": row["plaque_on"]}
    days = [f"{name} {day:%Y-%m-%d}" for name, day in known.items() if pd.notna(day)]
    return "、".join(days) or "都没有"
