"""Messages of slides: one a slide, short enough to be read from the back of a room.

Each is '' where there is nothing to say, and then there is no such slide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from domain.clusters import MATURE
from domain.targets import STATUS
from presentation import (
    brief_facts,
    brief_steps,
    brief_wording,
    progress_listings,
    requests,
)
from presentation.brief_facts import Area
from presentation.labels import apart, no_venues, percent
from presentation.statements import statements
from queries import attainment, commitments, monthly_figures
from queries.scope import Scope, area_name

LONGEST = 22  # characters of a message
_FAILED = (STATUS["lost"], STATUS["missed"])


def overall(scope: Scope) -> str:
    """How far the scope is from where it should be."""
    facts = statements(scope)
    if not facts["venues"].value:
        return no_venues(facts["venues"].value)
    if facts["covered"].value is None:
        return "还没有银行报送，达标率未知"
    share, far = f"达标率{facts['share']}", _far(facts["share"].value, facts["due"].value)
    line = f"{'超前' if facts['lag'].value > 0 else '落后'}应达线{far}" if far else "与应达线持平"
    return _short(f"{area_name(scope)}{share}，{line}", f"{share}，{line}")


def places(scope: Scope) -> str:
    """How many areas lag; of an area, how many of its venues are covered."""
    facts = statements(scope)
    if not _told(scope):
        return ""
    if scope.area_id:
        counts = f"{facts['venues']}场所，达标{facts['covered']}"
        return _short(f"{area_name(scope)}{counts}", counts)
    if "below" in facts:
        return f"{facts['below']}县区和板块低于应达进度"
    return "各县区和板块都达到了应达进度"


def ranking(scope: Scope) -> str:
    """Who is best and worst; of an area, its rank."""
    if scope.area_id:
        rank = brief_wording.rank(scope)
        text = f"列{rank}，{statements(scope)['band']}" if rank else ""
        return _short(f"{area_name(scope)}{text}", text) if text else ""
    known = [one for one in brief_facts.areas(scope) if pd.notna(one.share)]
    if len(known) < 2:
        return ""
    low, high = known[0].share, known[-1].share
    if low == high:
        return f"各县区和板块达标率都是{percent(low)}"
    worst, best = (_who([one for one in known if one.share == end]) for end in (low, high))
    return _short(
        f"{best}{percent(high)}最高，{worst}{percent(low)}最低",
        f"{best}最高，{worst}最低",
        f"{worst}达标率最低",
        f"达标率从{percent(low)}到{percent(high)}",
    )


def _who(areas: Sequence[Area]) -> str:
    return areas[0].area + (f"等{len(areas)}个" if len(areas) > 1 else "")


def trend(scope: Scope) -> str:
    """How the share moved in a month and in a year."""
    if not _told(scope):
        return ""
    facts = statements(scope)
    if facts["delta"].value is None:
        return "上月达标率未知，没有可比的"
    now = facts["share"].value
    month = _moved("比上月", "与上月", now, facts["share_before"].value)
    shares = attainment.trend(scope)["share_verified"]
    before = shares.iloc[-13] if len(shares) > 12 else None
    if before is None or pd.isna(before):
        return f"达标率{month}"
    year = _moved("比一年前", "与一年前", now, before)
    both = f"{month}，{year}"
    shorter = both.replace("比上月", "一个月").replace("比一年前", "一年")
    return _short(f"达标率{both}", both, shorter, f"达标率{month}")


def _moved(against: str, same: str, now: float, before: float) -> str:
    far = _far(now, before)
    return f"{against}{'提高' if now > before else '下降'}{far}" if far else f"{same}持平"


def _far(share: float, base: float) -> str:
    """How far two shares are apart in points, without decimals that say nothing; '' for nothing."""
    size = apart(share, base).removesuffix("个百分点").removesuffix(".0")
    return f"{size}点" if size else ""


def gaps(scope: Scope) -> str:
    """How few signings bring how much."""
    if not _told(scope):
        return ""
    facts = statements(scope)
    units, more = facts["half_units"], facts["half_venues"]
    if facts["short"].value:
        return _short(
            f"先补{units}，可多{more}场所达标",
            f"先补{units.value:,}家，可多{more}达标",
            f"先补差得最少的{more}场所",
        )
    if facts["unknown"].value:
        return f"还有{facts['unknown']}场所要核定应覆盖数"
    return "场所都已达标，要按期巡检"


def clusters(scope: Scope) -> str:
    """Mature clusters against what is owed."""
    if commitments.cluster_history(scope.snapshot_id, scope.as_of).empty:
        return ""
    facts = statements(scope)
    if not scope.area_id:
        short = facts.get("clusters_short")
        rest = f"{short}单位未到下限" if short else "各单位都到下限"
        return f"成熟聚集区{facts['mature']}，{rest}"
    if "mature_short" in facts:
        return f"负责的聚集区成熟{facts.get('mature_own', '0个')}，还差{facts['mature_short']}"
    own = clusters_of(scope)
    if own.empty:
        return ""
    return f"示范聚集区{len(own)}个，成熟{int(own['state'].isin(MATURE).sum())}个"


def clusters_of(scope: Scope) -> pd.DataFrame:
    """Clusters of an area as lists show them: those it answers for, and those that lie in it.

    What lies in a zone is the zone's, as with venues.
    """
    rows = progress_listings.clusters(scope)
    within = rows["zone_id"].where(rows["zone_id"].notna(), rows["county_code"])
    return rows[commitments.owned(rows["owners"], scope.area_id) | (within == scope.area_id)]


def payments(scope: Scope) -> str:
    """The first indicator with its move; without any, that there are ranks in the province."""
    facts = statements(scope)
    for key, words in brief_wording.PAID.items():
        if key in facts:
            name = words.removeprefix("累计开立")
            moved = brief_wording.moved_by(key, facts.get(f"{key}_move"))
            return _short(
                f"{name}{facts[key]}{moved}",
                f"{name}{facts[key]}{moved.replace('比上月', '月')}",
                f"{name}{facts[key]}",
            )
    return "主要指标在全省的位次" if "province" in facts else ""


def targets(rows: Sequence[Mapping[str, str]]) -> str:
    """How many of the things that the notice asks for are late; `rows` of the brief's table."""
    states = [row["status"] for row in rows]
    late = sum(one in _FAILED or one.startswith("已过") for one in states)
    untold = sum(any(word in row["done"] for word in ("未知", "缺数据")) for row in rows)
    if not late and 2 * untold > len(rows):
        return ""
    if late:
        return f"通知要求{len(rows)}项，{late}项过期没有完成"
    return f"通知要求{len(rows)}项，" + (f"{untold}项情况未知" if untold else "没有过期的")


def problems(scope: Scope) -> str:
    """How many faults there are, and the first."""
    found = brief_wording.problems(scope, {})
    if not found:
        return ""
    first = found[0].heading[3:]
    return f"存在{len(found)}类问题，首先是{first}" if len(found) > 1 else f"主要问题是{first}"


def asked(scope: Scope) -> str:
    """How much there is to agree to, and what it brings."""
    found = requests.requests(scope)
    if not found:
        return ""
    more = max(one.more for one in found)
    return f"请审定{len(found)}件事" + (f"，可多{more:,}个场所达标" if more else "")


def steps(scope: Scope) -> str:
    """How many things the units are told to do."""
    count = len(list(brief_steps.steps(scope, scope.as_of, {})))
    return f"下一步要求{count}项，各有单位和期限" if count else ""


def missing(scope: Scope) -> str:
    """What nobody has sent, so that there is no slide about it; '' where all came."""
    facts, version, city = statements(scope), scope.snapshot_id, replace(scope, area_id="")
    there = {
        "特定区域名录": facts["venues"].value,
        "银行受理点": facts["covered"].value is not None or not facts["venues"].value,
        "示范聚集区": len(commitments.cluster_history(version, scope.as_of)),
        "钱包和交易指标": len(monthly_figures.indicators(city)),
        "各市公布数": scope.area_id or len(commitments.rows(version, "province")),
        "方案、材料和信息": len(commitments.filings_sent(city)),
    }
    lacking = "、".join(name for name, one in there.items() if not one)
    return f"没有收到：{lacking}。没有收到的是未知，不当作零，不写这些内容。" if lacking else ""


def _told(scope: Scope) -> bool:
    """Whether there are venues, and it is known which are covered."""
    facts = statements(scope)
    return bool(facts["venues"].value) and facts["covered"].value is not None


def _short(*candidates: str) -> str:
    """The first of `candidates`, ever shorter ones, that is no longer than a message may be."""
    return next(one for one in candidates if len(one) <= LONGEST)
