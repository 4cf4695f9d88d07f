"""The columns of the answers: the type, the name, the meaning and the unit of each.

Their names are the words of ``docs/glossary.md``. What is unknown is null, never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from domain import boards, ranking
from presentation import labels
from presentation.columns import COLUMNS

Kind = Literal["id", "text", "integer", "number", "share", "flag", "day", "month", "moment"]
_TYPES: dict[Kind, dict[str, Any]] = {
    "id": {"type": "string"},
    "text": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "share": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
    "flag": {"type": ["boolean", "null"]},
    "day": {"type": ["string", "null"], "format": "date"},
    "month": {"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}$"},
    "moment": {"type": ["string", "null"], "format": "date-time"},
}
_UNITS: dict[Kind, str] = {"share": "0 到 1 的小数", "day": "年-月-日", "month": "年-月"}


@dataclass(frozen=True)
class Column:
    """One column of an answer; of one with `codes` the values and what each is called.

    `title` and `meaning` are in Chinese; an id is never null, every other column may be.
    """

    kind: Kind
    meaning: str
    title: str = ""
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)

    def schema(self) -> dict[str, Any]:
        """What the column is, as JSON Schema."""
        unit = self.unit or _UNITS.get(self.kind, "")
        codes = "、".join(f"{code} {label}" for code, label in self.codes.items())
        notes = [self.meaning, codes and f"取值：{codes}", unit and f"单位：{unit}"]
        about: dict[str, Any] = {"title": self.title, "description": "。".join(filter(None, notes))}
        if self.codes:
            about["enum"] = [*self.codes] if self.kind == "id" else [*self.codes, None]
        return _TYPES[self.kind] | about


_SHOPS, _VENUES = "家", "个场所"
_LINKS = "；机构、线路、线上型场所数的是环节"
_COLUMNS = {
    "accepting_share": Column("share", "聚集区里已验证的受理点占应受理的"),
    "action": Column("text", "这家门店下一步要做什么"),
    "active": Column("integer", "近期有真实交易的（严口径）" + _LINKS, unit=_SHOPS),
    "active_share": Column("share", "活跃的占应覆盖的"),
    "address": Column("text", "报送的地址"),
    "adopted": Column("integer", "分母：名册数和名单数里较大的一个；未知的不当作零", unit=_SHOPS),
    "area": Column("text", "县区、功能板块的名称；部门榜和运营机构榜上是单位名称"),
    "area_id": Column("id", "县区代码或功能板块编号；部门榜和运营机构榜上是单位编号", "编号"),
    "area_kind": Column(
        "text", "是县区还是功能板块", "种类", codes={"county": "县区", "zone": "功能板块"}
    ),
    "as_of": Column("day", "数字说的是哪一天的情况", "截止日"),
    "attained": Column("flag", "是否基本全覆盖：达标率够，没有整类空白", "基本全覆盖"),
    "band": Column("text", "达标率离当天的应达线有多远", "分档代码", codes=ranking.BANDS),
    "band_label": Column("text", "分档的名称"),
    "board": Column("id", "哪一个榜", "榜", codes=boards.KINDS),
    "carrier": Column("text", "怎么判定达标：区域型、机构型、线路型、线上型"),
    "caution": Column("text", "不排名的原因，或者场所少、名次易变的提示"),
    "clause": Column("text", "通知的哪一条"),
    "cluster": Column("text", "示范聚集区的名称"),
    "cluster_id": Column("id", "示范聚集区的编号"),
    "confirm_names": Column("text", "先核定哪些场所的分母，可能的名次就会收窄"),
    "content_hash": Column("text", "这个版本全部内容的 SHA-256", "内容校验码"),
    "contracted": Column("integer", "已签约的（宽口径）" + _LINKS, unit=_SHOPS),
    "contracted_share": Column("share", "已签约的占应覆盖的"),
    "county": Column("text", "所在县区的名称"),
    "county_code": Column("text", "所在县区的代码", "县区代码"),
    "covered": Column("integer", "按所问口径达标的场所", unit=_VENUES),
    "covered_active": Column(
        "flag", "按活跃口径是否达标；应覆盖数待核的是 false，还没有银行报送的是空", "达标（活跃）"
    ),
    "covered_contracted": Column(
        "flag",
        "按已签约口径是否达标；应覆盖数待核的是 false，还没有银行报送的是空",
        "达标（已签约）",
    ),
    "covered_verified": Column(
        "flag",
        "按已验证口径是否达标；应覆盖数待核的是 false，还没有银行报送的是空",
        "达标（已验证）",
    ),
    "created_at": Column("moment", "什么时候发布的", "发布时间"),
    "dated": Column("flag", "这一天还没有人报过已验证的情况，只有签约日期可以推算", "只有签约"),
    "declared": Column("integer", "名册上写明的应覆盖商户数", unit=_SHOPS),
    "declared_on": Column("day", "哪天申报的", "申报日期"),
    "delta": Column("number", "已验证口径的达标率与上月末相差", unit="百分点"),
    "demo": Column("flag", "是否演示数据，由程序生成，不是真实数据", "演示数据"),
    "denominator_note": Column("text", "名单多于名册时，两边的来源"),
    "department": Column("text", "名录写明的主管部门"),
    "done": Column("number", "到这一天做了多少；单位见 unit", "已做到"),
    "due": Column("day", "期限；没有期限或每月一次的是 null", "期限"),
    "due_share": Column("share", "当天应达到的达标率（应达线）"),
    "eligible": Column("integer", "在营、能受理的受理点（分母）", unit=_SHOPS),
    "eligible_on": Column("day", "分母是哪一天的"),
    "eligible_source": Column("text", "分母从哪里来"),
    "forecast_text": Column("text", "按最近各月的变化外推，什么时候能达到"),
    "goal": Column("share", "要做到多少；通知没有定数的是 null", "目标值"),
    "grade": Column("text", "分母有多可靠：A 主管部门名册，B 工商登记或兴趣点，C 估计"),
    "graded_share": Column("share", "分母为 A、B 级的场所占多少"),
    "held_since": Column("day", "前三道门槛自哪天起一直都达到", "自何时保持"),
    "high": Column("share", "应覆盖数待核的场所都达标时的达标率（上限）"),
    "in_force": Column("flag", "是不是现行版本", "现行版本"),
    "indicator": Column("text", "指标的名称"),
    "indicator_id": Column("id", "指标的编号", "指标编号"),
    "inspected_on": Column("day", "最近一次复检是哪天", "复检日期"),
    "kind": Column("text", "场所的类别"),
    "kinds_at_zero": Column("integer", "有场所而一个也没有达标的类别", "全未达标的类别数", "类"),
    "lacking_gates": Column("text", "还没有过的门槛"),
    "lat": Column("number", "纬度，WGS-84", "纬度", "度"),
    "link": Column("text", "缺的环节"),
    "listed": Column("integer", "银行名单里归入这个场所、应覆盖的门店，一店只算一次", unit=_SHOPS),
    "lon": Column("number", "经度，WGS-84", "经度", "度"),
    "low": Column(
        "share", "应覆盖数待核的场所都不达标时的达标率（下限，也就是公布的达标率）", "下限"
    ),
    "merchant_id": Column("id", "运营机构给受理点的编号"),
    "missing_count": Column("integer", "还缺的名单有几条", unit="条"),
    "month": Column("month", "哪一个月"),
    "monthly": Column("flag", "是不是每月都要做的", "每月"),
    "name": Column("text", "门店的名称"),
    "named_missing": Column("integer", "在名单上而没有验证的", unit=_SHOPS),
    "needed": Column("integer", "离达标还差的", unit="家、项"),
    "operator": Column("text", "运营机构（银行）的名称"),
    "operator_id": Column("text", "运营机构的编号", "运营机构编号"),
    "owed": Column("number", "一共要做多少；单位见 unit", "应做到"),
    "owner_kinds": Column("text", "通知点名的责任方"),
    "owner_names": Column("text", "责任单位的名称"),
    "owners": Column("text", "责任单位的编号，用分号隔开", "责任单位编号"),
    "place": Column("text", "同一处登记了几次的，是其中第一个的编号", "同一处"),
    "planned_on": Column("day", "哪天有建设方案的", "方案日期"),
    "plaque_on": Column("day", "哪天挂牌的", "挂牌日期"),
    "points": Column("integer", "聚集区里的受理点", "受理点", "个"),
    "points_needed": Column("integer", "要求有多少个受理点", "要求的受理点", "个"),
    "public_cash_point": Column("flag", "每个场所都要开通的收银点", "公共收银点"),
    "rank": Column("integer", "按已验证口径的达标率排；不排名的是 null"),
    "rank_before": Column("integer", "上月末的名次", "上月名次"),
    "rank_best": Column("integer", "应覆盖数待核的怎么定，最好排第几", "可能的最好名次"),
    "rank_worst": Column("integer", "应覆盖数待核的怎么定，最差排第几", "可能的最差名次"),
    "reached_on": Column("day", "最早哪天达到目标", "达到日期"),
    "recorded": Column("flag", "这个环节有没有记录（有记录也还没有验证）", "有记录"),
    "reports": Column("integer", "这个数由几条上报数合计", unit="条"),
    "required": Column("integer", "要验证多少才算达标", unit=_SHOPS),
    "rules_version": Column("text", "发布时的规则版本", "规则版本"),
    "scenario_id": Column("id", "场景的编号", "场景编号"),
    "scenario_kinds": Column("integer", "聚集区里有几种场景", unit="种"),
    "share": Column("share", "按所问口径达标的场所占名录场所，应覆盖数待核的也在名录里"),
    "share_active": Column("share", "按活跃口径的达标率"),
    "share_before": Column("share", "上月末的达标率", "上月达标率"),
    "share_contracted": Column("share", "按已签约口径的达标率"),
    "share_verified": Column("share", "按已验证口径的达标率，也就是总指标"),
    "should": Column("share", "这一天应该做到多少；没有期限的是 null", "应达"),
    "signings": Column("integer", "按这个次序，到这一个场所为止一共要补的", unit="家、项"),
    "since": Column("day", "自哪天起一直达到"),
    "sleeping_share": Column("share", "签了约而长期没有交易的占多少"),
    "small": Column("flag", "场所少，差一两个名次就会变", "场所少"),
    "snapshot_id": Column("id", "数据版本的编号", "数据版本"),
    "state": Column("text", "受理点的状态", "状态代码", codes=labels.STATE_LABELS),
    "state_label": Column("text", "状态的名称"),
    "state_text": Column("text", "状态的名称"),
    "status": Column("text", "场所达标情况", "达标情况代码", codes=labels.STATUS_LABELS),
    "status_label": Column("text", "达标情况的名称"),
    "target": Column("text", "目标的内容", "目标"),
    "target_id": Column("id", "目标的编号"),
    "tied": Column("flag", "是不是并列", "并列"),
    "tier": Column("text", "名录的层级；总指标只算主口径的层级"),
    "town": Column("text", "所在乡镇街道的名称"),
    "town_code": Column("text", "所在乡镇街道的代码", "乡镇街道代码"),
    "unit": Column("text", "数值的单位"),
    "unknown": Column("integer", "应覆盖数待核的场所：不当作零，也不算达标", unit=_VENUES),
    "unnamed_missing": Column("integer", "只有应覆盖数而不在名单上的", unit=_SHOPS),
    "value": Column("number", "合计的数值；单位见 unit"),
    "venue": Column("text", "特定区域（场所）的名称"),
    "venue_id": Column("id", "特定区域（场所）的编号"),
    "venues": Column("integer", "名录里的场所；还没有名录的是 null", unit=_VENUES),
    "venues_closed": Column("integer", "补到这一个场所为止，一共新增达标的", unit=_VENUES),
    "verified": Column("integer", "已验证的（中口径）" + _LINKS, unit=_SHOPS),
    "verified_share": Column("share", "已验证的占应覆盖的"),
    "withdrawn_on": Column("day", "哪天撤下的", "撤下日期"),
    "zero_kinds": Column("text", "有场所而一个也没有达标的类别的名称"),
    "zone": Column("text", "所在功能板块的名称；不在板块里的是 null"),
    "zone_id": Column("text", "所在功能板块的编号", "功能板块编号"),
}


def columns(*names: str, **own: Column) -> dict[str, Column]:
    """The columns called `names`, and those of one answer's `own`, with a title each."""
    found = {name: _COLUMNS[name] for name in names} | own
    return {
        name: column if column.title else replace(column, title=COLUMNS[name][0])
        for name, column in found.items()
    }
