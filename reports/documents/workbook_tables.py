"""The tables of the workbook: which rows of a scope stand on which sheet, in which columns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from domain import planner
from excel.table_sheets import Total
from presentation import (
    dispute_listings,
    labels,
    progress_listings,
    rule_definitions,
    venue_listings,
    wording,
)
from presentation.columns import COLUMNS
from queries import attainment
from queries.scope import Scope
from reports.documents import workbook_rows

_NO_NUMBER = {
    "percent": workbook_rows.UNKNOWN,
    "integer": workbook_rows.UNKNOWN,
    "points": workbook_rows.NONE,
}
"""The word for a missing number, by the kind of column."""


@dataclass(frozen=True)
class Table:
    """One sheet: its `rows` and the columns shown of them; all where none is named.

    `empty` stands where there are no rows, `say` gives the sentences above. `whole` tables are
    about the whole city, whichever area the document is about. Numbers of a `charted` table stay
    blank where unknown, for a chart would draw a word as zero.
    """

    rows: Callable[[Scope], pd.DataFrame]
    columns: tuple[str, ...] = ()
    empty: str = "没有符合条件的记录。"
    say: Callable[[Scope], list[str]] | None = None
    whole: bool = False
    charted: bool = False
    total: Total | None = None

    def scope(self, scope: Scope) -> Scope:
        """What of `scope` the table is about."""
        return replace(scope, area_id="") if self.whole else scope

    def frame(self, scope: Scope) -> pd.DataFrame:
        """The rows under their Chinese headings."""
        rows = self.rows(self.scope(scope))
        if not self.columns:
            return rows
        for name in () if self.charted else self.columns:
            word = _NO_NUMBER.get(COLUMNS[name][1])
            if word:
                rows = rows.assign(**{name: workbook_rows.filled(rows[name], word)})
        return labels.labelled(rows, list(self.columns))


_BOARD = (
    "rank_label", "area", "covered", "venues", "share", "unknown", "unknown_share", "high",
    "rank_range", "confirm_names", "band_label", "due_share", "rank_last", "delta",
    "graded_share", "caution",
)  # fmt: skip
_SUMS = ("venues", "covered_contracted", "covered", "covered_active", "unknown", "needed")
_AREAS_TOTAL = Total(
    sums=tuple(COLUMNS[name][0] for name in _SUMS),
    shares={
        COLUMNS[share][0]: (COLUMNS[part][0], COLUMNS["venues"][0])
        for share, part in (
            ("share_contracted", "covered_contracted"),
            ("share", "covered"),
            ("share_active", "covered_active"),
        )
    },
)
_LEGEND = (
    "图中柱色为分档：达标深蓝，基本同步浅蓝，落后橙，明显落后深橙；"
    "灰色是分母未知的场所，它们都达标就到这里；虚线为应达线。"
)
_NO_VENUES = "选定范围内名录里没有特定区域。"
_NO_FILINGS = "还没有登记过每月信息，报送情况未知。"
_NO_CLUSTERS = "还没有登记过示范聚集区。"

TABLES: dict[str, Table] = {
    "总览": Table(
        workbook_rows.overview,
        ("basis", "covered", "venues", "share", "due_share", "lag"),
        charted=True,
    ),
    "各月走势": Table(
        workbook_rows.trend,
        ("month_end", "venues", "covered_contracted", "covered", "covered_active",
         "share_contracted", "share_verified", "share_active", "due_share"),
        "还没有报过名录，各月达标率未知。",
        say=workbook_rows.trend_said,
        charted=True,
    ),
    "近一个月的变化": Table(
        lambda scope: venue_listings.changes(attainment.changes(scope)),
        ("change", "venue_id", "venue", "kind", "county", "zone"),
        "近一个月没有场所新达标，也没有退出达标。",
    ),
    "需要拿主意的事": Table(
        lambda scope: attainment.decisions(scope).assign(topic=lambda rows: rows["kind"]),
        ("topic", "subject", "figure", "why"),
        "眼下没有需要拿主意的事。",
    ),
    "县区板块一览": Table(
        workbook_rows.areas,
        ("area", "venues", "covered_contracted", "covered", "covered_active", "share_contracted",
         "share", "share_active", "lag", "delta", "unknown", "graded_share", "needed",
         "zero_kinds"),
        whole=True,
        total=_AREAS_TOTAL,
    ),
    "县区排名": Table(
        partial(workbook_rows.board, "county"),
        _BOARD,
        whole=True,
        say=lambda scope: [*wording.areas(scope), _LEGEND],
    ),
    "板块排名": Table(
        partial(workbook_rows.board, "zone"),
        _BOARD,
        "按属地归属，功能板块不单独排名。",
        whole=True,
        say=lambda _: [_LEGEND],
    ),
    "特定区域": Table(
        workbook_rows.register,
        ("venue_id", "venue", "tier", "kind", "county", "zone", "address", "status_label",
         "covered_contracted_label", "covered_active_label", *venue_listings.DENOMINATOR,
         "contracted", "verified", "active", "needed", "department", "operator",
         "eligible_source", "eligible_on", "grade", "denominator_note"),
        _NO_VENUES,
    ),
    "缺口计划": Table(
        workbook_rows.plan,
        ("venue_id", "venue", "kind", "county", "zone", "operator", *venue_listings.DENOMINATOR,
         "verified", "needed", "named_missing", "unnamed_missing", "signings", "venues_closed",
         "grade", "denominator_note"),
        "没有分母已知而未达标的场所。",
        say=wording.gaps,
    ),
    "补签效果": Table(
        workbook_rows.ways,
        ("signings", *planner.WAYS),
        "没有分母已知而未达标的场所。",
        say=lambda _: ["同样补这么多家（项），三种做法各新增多少个达标场所。"],
        charted=True,
    ),
    "要补的门店": Table(
        lambda scope: venue_listings.missing(attainment.missing(scope)),
        ("venue_id", "venue", "name", "action", "state_label", "operator", "address",
         "merchant_id", "cash_point"),
        "名单上的门店都已验证。",
    ),
    "缺的环节": Table(
        lambda scope: venue_listings.links(attainment.missing_links(scope)),
        ("venue_id", "venue", "kind", "link", "recorded_label", "county", "zone", "operator"),
        "没有缺环节的场所。",
    ),
    "分母未知": Table(
        workbook_rows.unknown,
        ("venue_id", "venue", "kind", "county", "zone", "operator", *venue_listings.DENOMINATOR,
         "verified"),
        "没有分母未知的场所。",
        say=workbook_rows.unknown_said,
    ),
    "目标进度": Table(
        workbook_rows.targets,
        ("target_id", "target_text", "status_text", "done_text", "share_now", "should_share",
         "due_text", "forecast_text", "missing_count", "owner_kinds", "clause"),
        say=wording.targets,
        whole=True,
    ),
    "还缺什么": Table(
        workbook_rows.target_parts,
        ("target_id", "target_text", "subject", "owner", "lacking"),
        "各项目标都不缺。",
        whole=True,
    ),
    "示范聚集区": Table(
        workbook_rows.clusters,
        ("cluster_id", "cluster", "owner_names", "state_text", "points_text", "accepting_share",
         "active_share", "held_text", "scenario_kinds", "inspected_text", "lacking_gates"),
        _NO_CLUSTERS,
    ),
    "聚集区各月": Table(workbook_rows.cluster_months, empty=_NO_CLUSTERS, whole=True, charted=True),
    "聚集区责任单位": Table(
        progress_listings.cluster_owners,
        ("owner", "owner_kind_text", "declared_count", "mature_count", "floor_text"),
        say=wording.clusters,
        whole=True,
    ),
    "任务": Table(
        workbook_rows.tasks,
        ("task_no", "task", "lead_unit", "moving_text", "kinds_text", "live_instances",
         "live_shops", "filed", "last_text", "task_scenarios"),
        say=wording.tasks,
        whole=True,
    ),
    "报送": Table(
        workbook_rows.reporters,
        ("owner", "owner_kind_text", "expected", "received", "on_time", "on_time_share",
         "missing_reports", "missing_months", "last_text"),
        _NO_FILINGS,
        whole=True,
    ),
    "报送各月": Table(workbook_rows.reporting_months, empty=_NO_FILINGS, whole=True, charted=True),
    "质询办理情况": Table(
        dispute_listings.of_documents,
        tuple(dispute_listings.LIST),
        "本月没有质询，也没有还没裁定的质询。",
        say=lambda _: ["本月提出、答复、裁定的，和还没有裁定的；办理情况是这一版数据发布时的。"],
    ),
    "月度指标": Table(
        workbook_rows.indicators,
        empty="没有报送过月度指标。指标按县区报送，功能板块没有单独的数。",
        say=lambda _: ["各项指标不相加；没有报送的月份空着，不当作零。图在表的下方。"],
        charted=True,
    ),
    "口径": Table(
        lambda _: rule_definitions.indicators(), ("name", "definition", "clause"), say=wording.notes
    ),
    "阈值": Table(
        lambda _: rule_definitions.thresholds(),
        ("definition", "threshold", "unit", "clause", "status"),
        say=lambda _: ["“待确认”的阈值是看板按通知精神拟定的，要由领导小组办公室签认。"],
    ),
    "数字来历": Table(workbook_rows.origins, tuple(workbook_rows.ORIGINS)),
}  # fmt: skip
