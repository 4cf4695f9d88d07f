"""Venues that became or ceased to be covered between two days, and what needs a decision now."""

from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from domain.typed_rows import rows

_NAMED = 3  # names in a sentence; the table beside it has the rest
Row = tuple[str, str, str, str]  # kind, subject, figure, why


class _Area(NamedTuple):
    area: str
    venues: int
    covered_verified: int
    share_verified: float
    needed: int
    zero_kinds: str


def changes(before: ir.Table, after: ir.Table) -> ir.Table:
    """Venues that became covered or ceased to be (verified basis), from one day to another.

    `before` and `after` are rows of `venue_coverage`, one day each. Columns: those of `after` and
    `change`, 'covered' or 'lapsed'. A venue that left the register has not lapsed.
    """
    was = before.select("venue_id", was_covered=_.covered_verified)
    table = after.left_join(was, "venue_id").drop("venue_id_right")
    table = table.filter(table.was_covered.fill_null(False) != table.covered_verified)
    change = ibis.ifelse(table.covered_verified, "covered", "lapsed")
    return table.mutate(change=change).drop("was_covered").order_by("change", "venue_id")


def decisions(
    areas: pd.DataFrame,
    venues: pd.DataFrame,
    changes: pd.DataFrame,
    intake: dict[str, int],
    due: float,
) -> pd.DataFrame:
    """What needs a decision, one computed fact a row: kind, subject, figure, why (Chinese).

    `areas` are rows of `attainment`, `venues` of `venue_coverage` and `changes` of `changes`, each
    of one day; `intake` counts the merchants `in_review` and `unlocated`; `due` is the share due.
    """
    unknown = venues.loc[venues["denominator"] == "unknown", "name"]
    lapsed = changes.loc[changes["change"] == "lapsed", "name"]
    table = [
        *_behind(areas, due),
        *(
            ("整类空白", area.area, area.zero_kinds, "这些类别没有一个场所达标，不能算基本全覆盖")
            for area in rows(areas[areas["kinds_at_zero"] > 0], _Area)
        ),
        *_named("应覆盖数待核", unknown, "应覆盖商户数没有填报，不能判定是否达标，请主管部门核定"),
        *_named("退出达标", lapsed, "上一截止日达标，现在不达标，请责任银行补巡检或核实停用原因"),
        *_intake(intake),
    ]
    return pd.DataFrame(table, columns=["kind", "subject", "figure", "why"])


def _behind(areas: pd.DataFrame, due: float) -> list[Row]:
    """Areas behind the share due, the lowest share first."""
    behind = areas[areas["share_verified"] < due].sort_values(["share_verified", "area_id"])
    return [
        (
            "进度落后",
            area.area,
            f"达标率 {area.share_verified:.1%}，应达 {due:.1%}",
            f"{area.venues} 个场所中 {area.venues - area.covered_verified} 个未达标，"
            f"分母已知的还差 {area.needed:,} 家（项）",
        )
        for area in rows(behind, _Area)
    ]


def _named(kind: str, names: pd.Series, why: str) -> list[Row]:
    """The venues of one kind of decision in one row: the first names, and how many there are."""
    if names.empty:
        return []
    subject = "、".join(names.head(_NAMED)) + ("等" if len(names) > _NAMED else "")
    return [(kind, subject, f"{len(names)} 个场所", why)]


def _intake(intake: dict[str, int]) -> list[Row]:
    queues = {
        "in_review": ("待复核", "位置拿不准，或地址与坐标不一致，请报送单位核对"),
        "unlocated": ("未定位", "不计入任何县区，请报送单位补全地址"),
    }
    return [
        (kind, "受理点", f"{intake[name]:,} 家", why)
        for name, (kind, why) in queues.items()
        if intake[name]
    ]
