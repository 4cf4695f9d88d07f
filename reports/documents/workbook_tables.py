"""The tables of the workbook: which rows of a scope stand on which sheet, in which columns."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from excel.workbook_writer import FIRST_YEAR
from presentation import labels, venue_listings, wording
from presentation.columns import COLUMNS, kind_of
from queries import attainment
from queries.scope import Scope
from reports.documents import workbook_rows

NUMBERS = ("integer", "number", "percent", "points")
DAYS = ("date", "month")
"""Formats of columns that hold numbers and days; all others hold text."""


@dataclass(frozen=True)
class Table:
    """One sheet: its `rows` and the columns shown of them; all where none is named.

    `holds` says what it holds and what a row is, `empty` why there is none, `say` gives sentences;
    they stand on the contents sheet. `whole` tables are about the whole city, whichever area the
    document is about. The first `keep` columns tell what a row is about.
    """

    holds: str
    rows: Callable[[Scope], pd.DataFrame]
    columns: tuple[str, ...] = ()
    empty: str = "没有符合条件的记录。"
    say: Callable[[Scope], list[str]] | None = None
    whole: bool = False
    keep: int = 1

    def scope(self, scope: Scope) -> Scope:
        """What of `scope` the table is about."""
        return replace(scope, area_id="") if self.whole else scope

    def kind(self, heading: str) -> str:
        """The format of the column under `heading`."""
        own = dict(COLUMNS[name] for name in self.columns)
        return own.get(heading) or kind_of(heading)

    def frame(self, scope: Scope) -> pd.DataFrame:
        """The rows under their Chinese headings, each column of one type, blank where unknown."""
        rows = self.rows(self.scope(scope))
        if not self.columns:
            return rows
        known = {name: typed(rows[name], COLUMNS[name][1]) for name in self.columns}
        return labels.labelled(rows.assign(**known), list(self.columns))


def typed(values: pd.Series, form: str) -> pd.Series:
    """`values` as what a column of this format holds. Raises where it is a word among numbers."""
    if form in NUMBERS:
        return values.astype("Float64")
    if form in DAYS:
        days = pd.to_datetime(values)
        return days.where(days.dt.year >= FIRST_YEAR)  # Excel knows no others
    return values.astype("object").where(values.notna() & ~values.isin(["", "—"]), None)


def _trend_said(scope: Scope) -> list[str]:
    note = wording.reaching_back(attainment.trend(scope))
    note = note.replace("不画", "空着").replace("，画虚线", "")
    return [*([note] if note else []), "指标、聚集区个数和报送情况，没有数的月份空着，不当作零。"]


TABLES: dict[str, Table] = {
    "明细": Table(
        "名录里的特定区域。一行是一个场所，由一家运营机构负责；名录场所、达标场所、应覆盖数待核是1或0，"
        "在透视表里求和，按“县区/板块”就是“县区板块”表的数。",
        workbook_rows.venues,
        ("venue_id", "venue", "county", "zone", "kind", "operator", "status_label",
         *venue_listings.DENOMINATOR, "verified", "needed", "plan_order", "town", "area", "tier",
         "carrier", "department", "denominator_known", "required", "contracted", "active",
         "named_missing", "unnamed_missing", "signings", "venues_closed", "venues",
         "covered_contracted", "covered_verified", "covered_active", "unknown", "month_change",
         "eligible_source", "eligible_day", "grade", "note", "address", "as_of",
         "figure_version"),
        "选定范围内名录里没有特定区域。",
        say=wording.gaps,
        keep=2,
    ),
    "要补的门店和环节": Table(
        "未达标场所名单上还没有验证的门店，和还缺的规定环节。一行是一家门店或一个环节；"
        "“场所还差”是整个场所的数，不能相加。",
        workbook_rows.lacking,
        ("venue_id", "venue", "sort", "name", "county", "zone", "action", "operator",
         "state_label", "cash_point", "venue_needed", "plan_order", "town", "kind", "merchant_id",
         "address"),
        "名单上的门店都已验证，也没有缺环节的场所。",
        keep=2,
    ),
    "县区板块": Table(
        "各县区、功能板块的达标率（三种口径）、名次和分档。一行是一个县区或板块。",
        workbook_rows.areas,
        ("sort", "area", "rank", "tied_label", "venues", "covered_contracted", "covered",
         "covered_active", "share_contracted", "share", "share_active", "due_share", "lag",
         "delta_points", "band_label", "unknown", "unknown_share", "high", "rank_best",
         "rank_worst", "rank_before", "graded_share", "needed", "zero_kinds", "confirm_names",
         "caution"),
        whole=True,
        say=wording.areas,
        keep=2,
    ),
    "各月": Table(
        "各月末的达标率（三种口径）和应达线、示范聚集区个数、成员单位和试点银行的信息报送、月度指标。"
        "一行是一个月；信息报送是全市的。",
        workbook_rows.months,
        empty="还没有报过名录、聚集区、每月信息和月度指标。",
        say=_trend_said,
    ),
    "补签效果": Table(
        "同样补这么多家（项），三种做法各新增多少个达标场所。一行是一个数量。",
        workbook_rows.ways,
        ("signings", "plan", "even", "largest"),
        "没有应覆盖数已知而未达标的场所。",
    ),
    "目标和任务": Table(
        "通知的目标和重点任务。一行是一项；任务的完成数是已上线的场景种数。",
        workbook_rows.promises,
        ("sort", "number", "commitment", "owner", "standing", "done_count", "owed_count", "unit",
         "share_now", "should_share", "due_day", "forecast_text", "missing_count",
         "live_instances", "live_shops", "filed", "reported_on", "task_scenarios", "note",
         "clause"),
        whole=True,
        say=lambda scope: [*wording.targets(scope), *wording.tasks(scope)],
        keep=2,
    ),
    "目标还缺": Table(
        "各项目标还缺的。一行是一个场所、一份材料或一个单位。",
        workbook_rows.target_parts,
        ("target_id", "subject", "area", "owner", "lacking", "target_text"),
        "各项目标都不缺。",
        whole=True,
    ),
    "示范聚集区": Table(
        "登记的示范聚集区和没过的门槛。一行是一个聚集区。",
        workbook_rows.clusters,
        ("cluster_id", "cluster", "county", "zone", "town", "owner_names", "state_text",
         "cluster_points", "points_needed", "accepting_share", "active_share", "held_on",
         "scenario_kinds", "inspected_day", "lacking_gates", "note"),
        "还没有登记过示范聚集区。",
        say=wording.clusters,
        keep=2,
    ),
    "责任单位": Table(
        "县区、板块、成员单位和试点银行应打造的示范聚集区，和每月信息的报送。一行是一个单位。",
        workbook_rows.units,
        ("owner", "owner_kind_text", "obliged_label", "declared_count", "mature_count",
         "clusters_short", "expected", "received", "on_time", "on_time_share", "missing_reports",
         "missing_months", "reported_on"),
        "还没有登记过示范聚集区，也没有登记过每月信息。",
        whole=True,
    ),
    "质询办理情况": Table(
        "本月提出、答复、裁定的质询，和还没有裁定的。一行是一件；办理情况是这一版数据发布时的。",
        workbook_rows.disputes,
        ("number", "dispute_kind", "dispute_subject", "county", "zone", "dispute_reason",
         "dispute_status", "against", "raised_on", "raised_by", "answer_due", "answered_in"),
        "本月没有质询，也没有还没裁定的质询。",
    ),
    "口径": Table(
        "指标的含义、阈值，和各文件里每个数的计算办法。“待确认”的阈值是看板按通知精神拟定的，"
        "要由领导小组办公室签认。",
        workbook_rows.definitions,
        ("sort", "number", "statement", "amount", "unit", "amount_text", "meaning", "clause",
         "status"),
        keep=3,
    ),
}  # fmt: skip
"""The sheets after the contents, by name."""
