"""Sentences of documents, put together from statements."""

import pandas as pd

from domain import rules
from domain.city import CITY
from presentation import dispute_listings
from presentation.labels import UNKNOWN, chinese_day, no_venues, whole_percent
from presentation.statements import statements
from queries import attainment, commitments
from queries.scope import Scope, area_name, tiers_by_name


def overall(scope: Scope) -> list[str]:
    """How far the scope is from full coverage."""
    facts = statements(scope)
    if not facts["venues"].value:
        return [
            f"截至{chinese_day(scope.as_of)}，{area_name(scope)}{no_venues(facts['venues'].value)}，"
            "没有可以计算的达标率。"
        ]
    first = (
        f"截至{chinese_day(scope.as_of)}，{area_name(scope)}名录内特定区域{facts['venues']}，达标{facts['covered']}，"
        f"达标率{facts['share']}；应达{facts['due']}，{_against(scope)}。"
    )
    bases = (
        f"按宽口径（已签约）达标率为{facts['share_contracted']}，"
        f"按严口径（近30天活跃）为{facts['share_active']}。"
    )
    return [
        first + bases,
        *_firm(scope),
        _month(scope),
        *_unknown(scope),
        _shops(scope),
        *_disputed(scope),
    ]


def _disputed(scope: Scope) -> list[str]:
    """What was questioned, as the scope's version knew it."""
    found = dispute_listings.of_documents(scope)
    return [] if found.empty else [dispute_listings.headline(found) + "。"]


def reaching_back(months: pd.DataFrame) -> str:
    """The note on months of `attainment.trend` before any bank had reported; '' without them."""
    if months["dated"].any() and months["share_contracted"].isna().all():
        return "还没有银行报送，达标率未知。"
    told = months.loc[~months["dated"], "as_of"]
    if len(told) == len(months):
        return ""
    begins = f"{told.min():%Y-%m} 起有银行报送" if len(told) else "还没有银行报送"
    return f"{begins}：以前已验证、活跃的达标率未知，不画；已签约的按签约日期推算，画虚线。"


def areas(scope: Scope) -> list[str]:
    """How the counties compare; for one area, where it stands."""
    facts = statements(scope)
    if scope.area_id:
        return _place(scope)
    if not facts["venues"].value:
        return [f"{no_venues(facts['venues'].value)}，没有可以比较的。"]
    if facts["covered"].value is None:
        return ["还没有银行报送受理点，各家达标率未知，不能比较。"]
    text = f"各县区中，{facts['bands']}。" if "bands" in facts else "名录里有场所的县区没有。"
    if "highest" in facts:
        text += f"最高的是{facts['highest']}，最低的是{facts['lowest']}。"
    if facts["unranked"].value:
        text += f"另有{facts['unranked']}县区名录里没有场所，不排名。"
    if "unsettled" not in facts or not facts["unsettled"].value:
        return [text]
    return [
        text,
        f"应覆盖数待核的场所都按不达标排；它们若达标，{facts['unsettled']}县区的名次可能会变，"
        "核定应覆盖数后才能定。",
    ]


def gaps(scope: Scope) -> list[str]:
    """The gaps, and how many signings close the cheapest half."""
    facts = statements(scope)
    if not facts["venues"].value:
        return [f"{no_venues(facts['venues'].value)}，没有缺口可列。"]
    if facts["covered"].text == UNKNOWN:
        return ["还没有银行报送受理点，哪些场所未达标、差多少，都未知。"]
    if not facts["short"].value and facts["unknown"].value == facts["venues"].value:
        return [f"{facts['unknown']}的分母都未知，一个也不能判定，要先核定应覆盖商户数。"]
    if not facts["short"].value:
        text = "应覆盖数已知的场所已全部达标，要按期巡检，防止过期退出。"
        return [text, *_unknown(scope)]
    text = f"应覆盖数已知而未达标的场所{facts['short']}，共差{facts['needed']}。"
    if facts["short"].value > 1:
        text += (
            f"先补差得最少的一半，要补{facts['half_units']}，可多{facts['half_venues']}场所达标。"
        )
    return [text]


def clusters(scope: Scope) -> list[str]:
    """Demonstration clusters of the city against what its owners owe; none for a part of it."""
    if scope.area_id:
        return []
    facts = statements(scope)
    if "clusters" not in facts:
        return ["还没有登记过示范聚集区，个数未知。"]
    return [
        f"登记的示范聚集区{facts['clusters']}，其中成熟（含保持）{facts['mature']}，"
        f"同一处只算一个为{facts['mature_places']}。"
        f"应打造的责任单位{facts['obliged']}，成熟个数达到下限{rules.count('cluster_floor')}个的有{facts['floor']}。"
    ]


def targets(scope: Scope) -> list[str]:
    """The targets of the notice, which are the city's; none for a part of it."""
    if scope.area_id:
        return []
    facts = statements(scope)
    text = f"通知提出的{facts['targets']}目标中，已达到{facts['met']}"
    text += f"，到期未达到或没有保持{facts['failed']}" if facts["failed"].value else ""
    text += f"，落后进度{facts['behind']}" if facts["behind"].value else ""
    text += f"，缺数据{facts['no_data']}（不当作零）" if facts["no_data"].value else ""
    text += f"，没有期限或没有定数的{facts['open']}" if facts["open"].value else ""
    return [text + "。"]


def tasks(scope: Scope) -> list[str]:
    """The tasks of the notice and the monthly reports; nothing of a part of the city."""
    if scope.area_id:
        return []
    facts = statements(scope)
    text = f"重点任务{facts['tasks']}，有进展的{facts['moving']}。"
    if "asked" not in facts:
        return [text + "还没有登记过每月信息，报送情况未知。"]
    month = commitments.reports(scope.snapshot_id, scope.as_of)["month"].max()
    return [
        text + f"{month.year}年{month.month}月信息应报{facts['asked']}，收到{facts['came']}"
        f"（按时{facts['punctual']}，迟报{facts['late']}），未收到{facts['silent']}。"
    ]


def notes(scope: Scope) -> list[str]:
    """What the figures mean, and where they come from."""
    names = {code: name for name, code in tiers_by_name().items()}
    return [
        f"场所达标按已验证口径：区域型场所已验证商户不少于应覆盖的"
        f"{whole_percent(rules.number('full_coverage_share'))}（应覆盖不足{rules.count('small_venue_size')}家的，"
        f"允许差一家）且公共收银点全部可用，机构型、线路型规定环节都通，"
        f"线上型{rules.count('payment_valid_days')}天内有真实缴费。",
        f"名录范围：{names[scope.tiers]}。应覆盖数待核的场所留在名录里，不算达标，也不当作零。",
        "百分点的差按没有取整的数算，与表上两个数相减可能差0.1。",
        "一家门店几家银行都报的只算一家，只算在一个场所。未定位的记录计入总数，不计入任何县区。",
        "县区界线来源：天地图；功能板块和乡镇街道为示意分区，非行政界线。",
        f"依据{CITY.notice}；阈值和是否确认见看板“口径说明”。",
    ]


def _against(scope: Scope) -> str:
    lag = statements(scope)["lag"]
    if lag.value is None or pd.isna(lag.value):
        return "达标率未知"
    sign, size = lag.text[0], lag.text[1:]
    return {"-": f"落后{size}", "+": f"超前{size}"}.get(sign, "与应达线持平")


def _firm(scope: Scope) -> list[str]:
    facts = statements(scope)
    if not facts["padded"].value:
        return []
    return [
        f"达标场所中有{facts['padded']}存疑（{facts['padded_why']}），"
        f"剔除后达标率为{facts['share_firm']}。"
    ]


def _month(scope: Scope) -> str:
    facts = statements(scope)
    before = attainment.month_before(scope.as_of)
    if facts["share_before"].text == "未知":
        return f"{before.year}年{before.month}月末的达标率未知，没有上月可比。"
    change = moved(facts["delta"].text, "上升", "下降") or "持平"
    counts = (("新达标", facts["newly"]), ("退出达标", facts["lapsed"]))
    parts = "，".join(f"{word}{fact}" for word, fact in counts if fact.value)
    text = f"与{before.year}年{before.month}月末的{facts['share_before']}相比，{change}"
    return f"{text}：{parts}。" if parts else f"{text}。"


def moved(signed: str, up: str, down: str) -> str:
    """A signed text in words: 上升1.46个百分点; '' where nothing moved."""
    return {"-": f"{down}{signed[1:]}", "+": f"{up}{signed[1:]}"}.get(signed[0], "")


def _unknown(scope: Scope) -> list[str]:
    unknown = statements(scope)["unknown"]
    if not unknown.value:
        return []
    return [f"应覆盖数待核的场所{unknown}，不能判定是否达标，要先由主管部门核定应覆盖商户数。"]


def _shops(scope: Scope) -> str:
    facts = statements(scope)
    silent = facts["unheard"]
    left_out = f"其中{silent}所属银行还没有报送，不计入这两个率；" if silent.value else ""
    return (
        f"应覆盖受理点{facts['eligible']}，已验证{facts['verified']}，验证率{facts['verified_share']}，"
        f"活跃率{facts['active_share']}；{left_out}门店和台账合计已上线场景类型{facts['kinds']}，"
        f"场景台账已上线实例{facts['instances']}，已开通受理门店{facts['shops']}。"
    )


def _place(scope: Scope) -> list[str]:
    facts = statements(scope)
    if "band" not in facts:
        return ["不在任何一个榜上。"]
    if facts["rank"].text == "未知":
        return [f"本期{facts['band']}。"]
    text = f"本期{facts['rank']}，分档为{facts['band']}。"
    if facts["unknown"].value:
        text += f"应覆盖数待核的场所都不达标和都达标时，达标率为{facts['bounds']}，"
        text += f"可能名次{facts['rank_range']}。"
    return [text]
