"""What a figure is about: a version, a day and a part of the city."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import ibis.expr.types as ir
import pandas as pd

from domain import coverage, reference, rules
from domain.visitors import EVERYTHING, Sight

CITY = "全市"
DEMO = "演示数据"
BASES = {"verified": "已验证", "contracted": "已签约", "active": "近30天活跃"}


NARROWING = ("area_id", "field_id", "operator_id")
"""The parts of a scope that may be any id, or '' for all."""


@dataclass(frozen=True)
class Scope:
    """What a figure is about; the key of every cached table.

    Figures are the same for everybody; rows with names are those that `sight` lets somebody see.
    """

    snapshot_id: str
    as_of: date
    area_id: str = ""
    field_id: str = ""
    operator_id: str = ""
    attribution: str = "management"
    tiers: str = "headline"  # venues of the headline's tiers, or of 'all'
    sight: Sight = EVERYTHING


def of_scope(table: ir.Table, scope: Scope, *, area: bool = True) -> ir.Table:
    """The rows of `table` (merchants or venues) inside the scope's field, operator and area.

    Venues only of the scope's tiers; a merchant has no tier, and counts wherever it stands.
    """
    if scope.tiers == "headline" and "tier" in table.columns:
        table = coverage.headline(table)
    if scope.field_id:
        table = table.filter(table.field_id == scope.field_id)
    if scope.operator_id:
        table = table.filter(table.operator_id == scope.operator_id)
    if area and scope.area_id:
        table = table.filter(coverage.in_area(table, scope.area_id, scope.attribution))
    return table


def inside(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The `rows` (with county_code and zone_id) that count for the scope's area, if it has one."""
    if not scope.area_id:
        return rows
    area = rows["county_code"]
    if scope.attribution == "management":
        area = rows["zone_id"].fillna(area)
    own = (area == scope.area_id) | (rows["zone_id"] == scope.area_id)
    return rows[own].reset_index(drop=True)


@cache
def areas_by_name() -> dict[str, str]:
    """Names of the counties and zones, in the order of the reference, to their ids.

    The mapping is shared: do not write to it.
    """
    counties = reference.table("counties")
    zones = reference.table("zones")
    return dict(zip(counties["name"], counties["county_code"], strict=True)) | dict(
        zip(zones["name"], zones["zone_id"], strict=True)
    )


def area_name(scope: Scope) -> str:
    """Name of the selected area; 全市 where none is selected."""
    return next((name for name, code in areas_by_name().items() if code == scope.area_id), CITY)


def tiers_text(scope: Scope) -> str:
    """Which venues of the register a scope counts, as a figure says it."""
    headline = "、".join(rules.names("headline_tiers"))
    return f" {headline} 类" if scope.tiers == "headline" else "全部"


@cache
def tiers_by_name() -> dict[str, str]:
    """Names of the two choices of tiers to what a scope calls them, the headline first; shared."""
    headline = rules.names("headline_tiers")
    others = sorted(set(reference.table("venue_kinds")["tier"]) - set(headline))
    return {
        f"{'、'.join(headline)}（主口径）": "headline",
        f"全部名录（含 {'、'.join(others)}）": "all",
    }
