"""Before a document is made: what is missing for it, and what it will therefore not say."""

from collections.abc import Sequence
from datetime import date

from presentation.labels import chinese_day
from queries import readiness
from queries.readiness import Lack
from queries.scope import Scope

_LEDGERS = {
    "nothing": "还没有导入任何数据：文件里各项都写未知，没有可以通报的情况",
    "register": "没有特定区域名录：达标率、名次、缺口和应补名单都未知，不写",
    "merchants": "没有受理点清单：签约、验证、活跃数和达标率都未知，不写",
    "scenarios": "没有场景台账：场景类型数、实例数和未通环节未知，不写",
    "clusters": "没有示范聚集区登记：个数和成熟情况未知，不写",
    "filings": "没有信息报送和材料登记：谁没有报未知，不写",
    "indicators": "没有月度指标：钱包、交易笔数和金额未知，不写",
    "province": "没有登记外市公布数：全省位次未知，不写",
    "no_venue": "名录里没有这个范围的场所：达标率和缺口不写",
    "cash_points": "受理点清单里没有标明公共收银点：公共收银点是否可用没有核对",
}
_FIRST = 6  # names in a sentence


def hints(scope: Scope) -> list[str]:
    """What is missing for a document on `scope`, a sentence each; nothing where all is there."""
    return [f"{_said(one)}。" for one in readiness.lacks(scope)]


def _said(lack: Lack) -> str:
    banks = [f"{name}（截至{day}）" if day else name for name, day in lack.banks]
    if lack.sort == "part_month":
        return (
            f"截止日不是月末：本月只有 {lack.count} 天（共 {lack.of} 天），本月增减不是整月的数；"
            f"最近一个整月截至{_day(lack.month)}"
        )
    if lack.sort == "late":
        return (
            f"{lack.of} 家银行中 {lack.count} 家{_month(lack.month)}的清单没有到："
            f"{_listed(banks)}，它们的已验证、活跃数停在所列的日子"
        )
    if lack.sort == "silent":
        return f"{len(banks)} 家银行还没有报送：{_listed(banks)}，它们的已验证、活跃数未知，不计入"
    if lack.sort == "unknown":
        return (
            f"{lack.of} 个场所中 {lack.count} 个应覆盖数未知：是否达标、差多少家不写，"
            "在名次里按不达标排"
        )
    if lack.sort == "no_indicator":
        return f"{_month(lack.month)}缺 {len(lack.names)} 项指标：{_listed(lack.names)}，不写"
    return _LEDGERS[lack.sort]


def _listed(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 个" if len(names) > _FIRST else ""
    return "、".join(names[:_FIRST]) + more


def _day(day: date | None) -> str:
    return chinese_day(day) if day else ""


def _month(day: date | None) -> str:
    return f"{day.year}年{day.month}月" if day else ""
