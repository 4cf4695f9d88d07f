"""Venues and areas that moved between two days, as pages list them, and why in words."""

from typing import NamedTuple

import pandas as pd

from domain import coverage_moves
from domain.revision import REASONS as REVISED
from domain.typed_rows import rows
from presentation import change_map, labels
from queries.coverage_comparison import CORRECTED, REASONS

VENUES = ["venue", "moved_reason", "operator", "moved_why", "kind", "area", "venue_id"]
AREAS = ["area", "share_from", "share_to", "points", "rank_from", "rank_to", "newly", "lapsed"]
AREAS_SHOWN = [{"points": "moved_points"}.get(name, name) for name in AREAS]
BY_REASON = ["moved_reason", "newly", "lapsed"]


class _Move(NamedTuple):
    move: str
    reason: str
    revised: str
    carrier: str
    eligible_before: float
    eligible_after: float
    required_before: float
    required_after: float
    verified_before: float
    verified_after: float
    cash_points_before: float
    cash_points_after: float
    cash_points_verified_before: float
    cash_points_verified_after: float
    units_ruled: int
    units_closed: int
    units_moved: int
    units_signed: int
    units_proven: int
    units_inspection: int
    units_payment: int
    units_other: int


def venues(moves: pd.DataFrame) -> pd.DataFrame:
    """Rows of `coverage_comparison.moves` with labels: `VENUES`, those of one reason together."""
    order = {reason: place for place, reason in enumerate(REASONS)}
    frame = labels.with_names(moves).rename(columns={"name": "venue"})
    return frame.assign(
        moved_reason=frame["reason"].map(REASONS),
        moved_why=[_why(row) for row in rows(frame, _Move)],
        area=labels.area_names(frame),
        order=frame["reason"].map(order),
    ).sort_values(["order", "venue_id"], ignore_index=True)


def _why(row: _Move) -> str:
    """What befell a venue, in numbers of both days."""
    if row.reason == CORRECTED:
        return f"后来的文件{REVISED[row.revised]}"
    unit = "家" if row.carrier == "区域型" else "项"
    parts = []
    shops = "、".join(
        f"{coverage_moves.REASONS[reason]} {count} {unit}"
        for reason in coverage_moves.BY_UNITS
        if (count := getattr(row, f"units_{reason}"))
    )
    if shops:
        parts.append(shops)
    if pd.isna(row.verified_before) or pd.isna(row.verified_after):
        known = row.verified_after if pd.isna(row.verified_before) else row.verified_before
        needed = row.required_after if pd.isna(row.required_before) else row.required_before
        parts.append(f"已验证 {known:.0f} {unit}，要 {labels.count(needed)} {unit}")
        return "；".join(parts)
    parts.append(
        f"已验证 {row.verified_before:.0f} → {row.verified_after:.0f}，"
        f"要 {_both(row.required_before, row.required_after)} {unit}"
    )
    if _differ(row.eligible_before, row.eligible_after):
        parts.append(f"应覆盖 {_both(row.eligible_before, row.eligible_after)} {unit}")
    cash = [
        f"{live:.0f}/{of:.0f}"
        for live, of in (
            (row.cash_points_verified_before, row.cash_points_before),
            (row.cash_points_verified_after, row.cash_points_after),
        )
    ]
    if cash[0] != cash[1]:
        parts.append(f"公共收银点 {cash[0]} → {cash[1]}")
    return "；".join(parts)


def _differ(before: float, after: float) -> bool:
    return (pd.isna(before) != pd.isna(after)) or (pd.notna(before) and before != after)


def _both(before: float, after: float) -> str:
    if not _differ(before, after):
        return labels.count(after)
    return f"{labels.count(before)} → {labels.count(after)}"


def areas(moved: pd.DataFrame) -> pd.DataFrame:
    """Rows of `coverage_comparison.areas` with the change in words: `AREAS`, `AREAS_SHOWN`."""
    return moved.assign(moved_points=[change_map.signed(points) for points in moved["points"]])


def by_reason(moves: pd.DataFrame) -> pd.DataFrame:
    """How many venues came in and fell out for each reason, those of none left out: `BY_REASON`."""
    table = pd.DataFrame(
        {
            "moved_reason": REASONS,
            "newly": moves.loc[moves["move"] == "in", "reason"].value_counts(),
            "lapsed": moves.loc[moves["move"] == "out", "reason"].value_counts(),
        },
        index=list(REASONS),
    ).fillna({"newly": 0, "lapsed": 0})
    table = table.astype({"newly": "int64", "lapsed": "int64"})
    return table[(table["newly"] > 0) | (table["lapsed"] > 0)].reset_index(drop=True)


def counted(moves: pd.DataFrame, move: str) -> str:
    """Venues that moved one way by reason, the most frequent first; '' where there are none."""
    counts = moves.loc[moves["move"] == move, "reason"].value_counts()
    return "、".join(f"{REASONS[str(reason)]} {count} 个" for reason, count in counts.items())
