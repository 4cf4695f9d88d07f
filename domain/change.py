"""Change: what came and went between two days, and what needs a decision now."""

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _


def changes(before: ir.Table, after: ir.Table) -> ir.Table:
    """Venues whose coverage (verified basis) differs between two days of `venue_coverage`.

    The rows of `after` with `change`: 'covered' or 'lapsed'. A venue that left the register is
    not a change of coverage and is left out.
    """
    was = before.select("venue_id", was_covered=_.covered_verified)
    table = after.left_join(was, "venue_id").drop("venue_id_right")
    table = table.mutate(was_covered=_.was_covered.fill_null(False))
    return (
        table.filter(_.was_covered != _.covered_verified)
        .mutate(change=ibis.ifelse(_.covered_verified, "covered", "lapsed"))
        .order_by("change", "venue_id")
    )


def decisions(
    areas: pd.DataFrame,
    venues: pd.DataFrame,
    changes: pd.DataFrame,
    intake: dict[str, int],
    due: float,
) -> pd.DataFrame:
    """What needs a decision, one computed fact a row: kind, subject, figure, why.

    `areas` are rows of `attainment`, `venues` of `venue_coverage`, `changes` of `changes`;
    `intake` counts merchants `in_review` and `unlocated`; `due` is the due share.
    """
    rows: list[tuple[str, str, str, str]] = []
    behind = areas[areas["share_verified"] < due].sort_values("share_verified")
    rows += [
        ("进度落后", row.area, f"达标率 {row.share_verified:.1%}，应达 {due:.0%}",
         f"还差 {row.needed:,} 家，未达标 {row.venues - row.covered_verified} 个场所")
        for row in behind.head(3).itertuples()
    ]  # fmt: skip
    zero = areas[areas["kinds_at_zero"] > 0]
    rows += [
        (
            "整类空白",
            row.area,
            f"{row.zero_kinds}",
            "这些类别一个场所都没有达标，按规则不能算基本全覆盖",
        )
        for row in zero.itertuples()
    ]
    unknown = int((venues["denominator"] == "unknown").sum())
    if unknown:
        rows.append(
            ("分母未知", f"{unknown} 个场所", "不知道应覆盖多少家", "请主管部门核定应覆盖商户数")
        )
    lapsed = int((changes["change"] == "lapsed").sum())
    if lapsed:
        rows.append(
            (
                "退出达标",
                f"{lapsed} 个场所",
                "上月达标、现在不达标",
                "多为超过 180 天没有巡检、90 天没有交易",
            )
        )
    if intake["in_review"]:
        rows.append(
            (
                "待复核",
                f"{intake['in_review']:,} 家受理点",
                "地址与坐标不一致或位置拿不准",
                "请报送单位核对",
            )
        )
    if intake["unlocated"]:
        rows.append(
            ("未定位", f"{intake['unlocated']:,} 家受理点", "不计入任何县区", "请报送单位补全地址")
        )
    return pd.DataFrame(rows, columns=["kind", "subject", "figure", "why"])
