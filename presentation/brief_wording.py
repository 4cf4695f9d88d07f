"""Sentences of the brief (工作通报), section by section, put together from statements.

A sentence, and a part of a section, is written only where there is something to say. `annexes` says
under which number an annex stands, by its key: 附件2; one that is not there is not referred to.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from domain import reference, rules
from domain.boards import KINDS as BOARDS
from presentation import wording
from presentation.brief_facts import PAYMENTS
from presentation.labels import UNKNOWN, chinese_day, no_venues
from presentation.statements import Statement, about_coverage, statements
from queries.scope import Scope, area_name

Annexes = Mapping[str, str]
PAID = {  # what each indicator is called in a sentence, in groups of one sentence each
    "wallets_personal": "累计开立个人钱包",
    "wallets_corporate": "对公钱包",
    "active_wallets": "当月活跃钱包",
    "transactions": "当月交易",
    "amount_retail": "消费交易",
    "amount_bills": "缴费交易",
    "amount_corporate": "对公交易",
    "amount_disbursed": "工资和补贴发放",
}
_STOCKS = ("wallets_personal", "wallets_corporate")
_NUMERALS = "一二三四五六七八九十"


class Part(NamedTuple):
    """A part of a section: its heading, （一）…, and its text."""

    heading: str
    text: str


def conclusions(scope: Scope) -> list[str]:
    """The three things to take away: how far, who is ahead and behind, what to do."""
    facts = statements(scope)
    if facts["covered"].value is None:
        return []
    told = [f"{_share(scope)}。"]
    told += [f"{text}。" for text in (standing(scope),) if text]
    faults = [part.heading[3:] for part in problems(scope, {})]
    ask = []
    if facts["to_due"].value:
        ask.append(f"要达到应达进度，还须再达标{facts['to_due']}场所")
    if faults:
        ask.append(f"主要问题是{'、'.join(faults[:3])}")
    return told + ([f"{'；'.join(ask)}。"] if ask else [])


def _share(scope: Scope) -> str:
    """The share, how it stands against the line and how it moved."""
    facts = statements(scope)
    text = f"{area_name(scope)}特定区域达标率{facts['share']}，{against(scope)}"
    return text + "".join(f"，{one}" for one in (month_move(scope),) if one)


def against(scope: Scope) -> str:
    """How the share stands against the due line."""
    facts = about_coverage(scope)
    if facts["lag"].value is None:
        return "达标率未知"
    told = wording.moved(facts["lag"].text, "高于应达进度", "低于应达进度")
    return told or "与应达进度持平"


def month_move(scope: Scope) -> str:
    """How the share moved since the month before; '' where that is unknown."""
    delta = about_coverage(scope)["delta"]
    if delta.value is None:
        return ""
    return f"比上月{wording.moved(delta.text, '提高', '下降')}" if delta.value else "与上月持平"


def standing(scope: Scope) -> str:
    """Who is lowest and who rose most; of an area, its place."""
    facts = statements(scope)
    if scope.area_id:
        return _place(scope)
    told = []
    if "below" in facts:
        told.append(f"低于应达进度的县区和板块有{facts['below']}")
        told += [f"最低的是{facts['worst']}"] if "worst" in facts else []
    elif "on_line" in facts:
        told.append("各县区和板块都达到了应达进度")
    first = str(facts["gained"]).split("；")[0] if "gained" in facts else ""
    return "；".join(filter(None, ("，".join(told), first and f"比上月{first}，增幅最大")))


def _place(scope: Scope) -> str:
    place, facts = rank(scope), statements(scope)
    if not place:
        return ""
    text = f"{area_name(scope)}列{place}，进度为“{facts['band']}”"
    if facts["unknown"].value:
        text += f"；应覆盖数待核的场所核定后，名次可能为{facts['rank_range']}"
    return text


def rank(scope: Scope) -> str:
    """The rank of an area on its board, such as 县区第6名; '' without one."""
    facts = about_coverage(scope)
    if "band" not in facts or facts["rank"].text == UNKNOWN:
        return ""
    zone = scope.area_id in set(reference.table("zones")["zone_id"])
    return f"{BOARDS['zone' if zone else 'county']}{facts['rank']}"


def overall(scope: Scope, annexes: Annexes) -> list[Part]:
    """一、总体情况: coverage, wallets and payments, the rank in the province."""
    return _numbered(
        ("特定区域覆盖", _coverage(scope)),
        ("钱包和交易", _payments(scope)),
        ("全省位次", province(scope)),
        ("目标和任务", _targets(scope, annexes)),
    )


def _targets(scope: Scope, annexes: Annexes) -> str:
    """The city's targets, tasks and reports; of an area what the notice asks of it."""
    if scope.area_id:
        own = annexes.get("targets")
        return f"通知要求{area_name(scope)}办理的事项和进展见{own}。" if own else ""
    facts = statements(scope)
    told = [*wording.targets(scope)]
    if facts["moving"].value is not None:
        told.append(f"重点任务{facts['tasks']}，有进展的{facts['moving']}。")
    if "asked" in facts:
        parts = (("按时", facts["punctual"]), ("迟报", facts["late"]))
        how = "、".join(f"{word}{fact}" for word, fact in parts if fact.value)
        how = f"（{how}）" if how else ""
        told.append(f"最近一个月信息应报{facts['asked']}，收到{facts['came']}{how}。")
    return "".join(told)


def _coverage(scope: Scope) -> str:
    facts = statements(scope)
    where = area_name(scope)
    if not facts["venues"].value:
        return f"{where}{no_venues(facts['venues'].value)}，达标率无从计算。"
    if facts["covered"].value is None:
        return f"{where}名录内特定区域{facts['venues']}，还没有银行报送受理点，达标率未知。"
    month = "".join(f"，{one}" for one in (month_move(scope), turns(scope)) if one)
    text = (
        f"{where}名录内特定区域{facts['venues']}，达标{facts['covered']}，达标率{facts['share']}"
        f"{month}，{against(scope)}。按已签约口径达标率为{facts['share_contracted']}，"
        f"按近30天活跃口径为{facts['share_active']}。"
    )
    text += f"{_place(scope)}。" if scope.area_id and _place(scope) else ""
    if facts["eligible"].value:
        text += (
            f"应覆盖受理点{facts['eligible']}，已验证{facts['verified']}，验证率"
            f"{facts['verified_share']}，活跃率{facts['active_share']}。"
        )
    if facts["unheard"].value:
        text += f"另有{facts['unheard']}所属银行还没有报送，不计入这两个率。"
    return text


def turns(scope: Scope) -> str:
    """Venues that came to be covered and that fell back."""
    facts = about_coverage(scope)
    counts = (("新达标", facts["newly"]), ("退出达标", facts["lapsed"]))
    return "、".join(f"{word}{fact}" for word, fact in counts if fact.value)


def _payments(scope: Scope) -> str:
    facts = statements(scope)
    if "paid_month" not in facts:
        return ""
    told = [
        f"{PAID[key]}{facts[key]}{moved_by(key, facts.get(f'{key}_move'))}"
        for key in PAYMENTS
        if key in facts
    ]
    return f"{facts['paid_month']}，{'；'.join(told)}。"


def moved_by(key: str, move: Statement | None) -> str:
    """The month's move of an indicator: by how many of a stock, by which share of all others."""
    if move is None:
        return ""
    size = move.text.lstrip("-")
    if not any(sign in size for sign in "123456789"):
        return "，与上月持平"
    up, down = ("增加", "减少") if key in _STOCKS else ("增长", "下降")
    return f"，比上月{down if move.value < 0 else up}{size}"


def province(scope: Scope) -> str:
    """The ranks of the city in the province; '' where they are unknown."""
    facts = statements(scope)
    return f"按各市公布数，{facts['province']}。" if "province" in facts else ""


def good(scope: Scope) -> list[str]:
    """二、做得好的: who, with the figure."""
    facts = statements(scope)
    return _told(
        facts,
        ("on_line", "达到应达进度的有：{}。"),
        ("gained", "比上月进展较快的有：{}。"),
        ("newly_named", "本月新达标的场所有：{}。"),
        ("best_bank", "受理点验证率较高的机构是{}。"),
        ("stretched", "打造成熟示范聚集区达到争取数的有：{}。"),
        ("mature_named", "建成的成熟示范聚集区有：{}。"),
    )


def slow(scope: Scope, annexes: Annexes) -> list[str]:
    """三、进展慢的: all below the due line, and what fell back."""
    facts = statements(scope)
    told = _told(
        facts,
        ("slow", "低于应达进度的，由低到高为：{}。"),
        ("fell", "达标率比上月下降的有：{}。"),
        ("lapsed_named", "本月退出达标的场所有：{}。"),
    )
    told += gaps(scope, annexes)
    if "mature_short" in facts:
        ripe = f"成熟{facts['mature_own']}" if "mature_own" in facts else "没有成熟的"
        told.append(f"负责打造的示范聚集区{ripe}，到下限还差{facts['mature_short']}。")
    return told


def gaps(scope: Scope, annexes: Annexes) -> list[str]:
    """How many venues of known denominator are short, and by how much."""
    facts = statements(scope)
    if not facts["short"].value:
        return []
    see = _see(annexes, "venues", "名单见")
    return [f"应覆盖数已知而未达标的场所{facts['short']}，共差{facts['needed']}{see}。"]


def problems(scope: Scope, annexes: Annexes) -> list[Part]:
    """四、存在的问题, as far as the data show them."""
    facts = statements(scope)
    days = rules.count("upkeep_days")
    texts = (
        ("底数不清", _unknown(facts, annexes)),
        ("部分达标场所存疑", _unsound(facts)),
        ("信息和材料报送不及时", _unsent(facts, annexes)),
        ("示范聚集区未达要求", _clusters(facts, annexes)),
        ("复检和巡检到期", _lapsing(facts, days)),
        ("质询和督办事项未办结", _asked(facts, annexes)),
    )
    return _numbered(*texts)


def _unknown(facts: Mapping[str, Statement], annexes: Annexes) -> str:
    if not facts["unknown"].value:
        return ""
    where = f"，其中{facts['unknown_where']}" if "unknown_where" in facts else ""
    return f"应覆盖数待核的场所{facts['unknown']}{where}{_see(annexes, 'venues', '名单见')}。"


def _unsound(facts: Mapping[str, Statement]) -> str:
    if not facts["padded"].value:
        return ""
    return (
        f"达标场所中{facts['padded']}存疑，其中{facts['padded_why']}；"
        f"全部剔除后达标率为{facts['share_firm']}。"
    )


def _unsent(facts: Mapping[str, Statement], annexes: Annexes) -> str:
    told = []
    if "overdue_reports" in facts:
        told.append(
            f"{facts['report_month']}信息逾期未报{facts['overdue_reports']}：{facts['overdue_named']}"
        )
    if "unsent" in facts:
        told.append(f"通知要求的材料逾期未报：{facts['unsent']}")
    return "；".join(told) + f"{_see(annexes, 'reports', '名单见')}。" if told else ""


def _clusters(facts: Mapping[str, Statement], annexes: Annexes) -> str:
    if "clusters_short" not in facts or "clusters" not in facts:
        return ""
    floor = rules.count("cluster_floor")
    return (
        f"应打造示范聚集区的责任单位{facts['obliged']}，成熟个数不到下限{floor}个的"
        f"{facts['clusters_short']}{_see(annexes, 'clusters', '名单见')}。"
    )


def _lapsing(facts: Mapping[str, Statement], days: int) -> str:
    told = []
    if "reinspect" in facts:
        told.append(f"到期没有复检的示范聚集区{facts['reinspect']}")
    if "lapsing" in facts:
        soon = f"{days}天内到期的巡检、交易和复检{facts['lapsing']}"
        if "lapsing_falls" in facts and facts["lapsing_share"].value is not None:
            soon += (
                f"，不补办将有{facts['lapsing_falls']}场所退出达标，"
                f"达标率降为{facts['lapsing_share']}"
            )
        told.append(soon)
    return "；".join(told) + "。" if told else ""


def _asked(facts: Mapping[str, Statement], annexes: Annexes) -> str:
    told = [
        f"{words}{facts[key]}"
        for key, words in {
            "disputes_upheld": "裁定成立的质询",
            "disputes_late": "逾期未答复的质询",
            "orders_open": "没有销号的督办单",
            "orders_late": "其中逾期",
        }.items()
        if key in facts
    ]
    return "，".join(told) + f"{_see(annexes, 'pending', '详见')}。" if told else ""


def reply_by(since: date) -> date:
    """The day by which those named report back: so many days after the brief is issued."""
    return since + timedelta(days=rules.count("brief_reply_days"))


def asks(scope: Scope, since: date) -> list[str]:
    """Who reports back to whom by when."""
    who = "各责任单位" if not scope.area_id else f"{area_name(scope)}和有关运营机构"
    day = chinese_day(reply_by(since))
    return [f"请{who}对照下表抓紧落实，于{day}前将办理情况书面报领导小组办公室。"]


def headings(present: Mapping[str, bool]) -> dict[str, str]:
    """Headings of the sections that are there, numbered in their order; '' for all others."""
    titles = {
        "overall": "总体情况",
        "good": "做得好的单位",
        "slow": "进展较慢的单位",
        "problems": "存在的主要问题",
        "steps": "下一步要求",
    }
    there = [key for key in titles if present[key]]
    return {
        key: f"{_NUMERALS[there.index(key)]}、{title}" if key in there else ""
        for key, title in titles.items()
    }


def _told(facts: Mapping[str, Statement], *patterns: tuple[str, str]) -> list[str]:
    """The sentences whose fact is there."""
    return [text.format(facts[key]) for key, text in patterns if key in facts]


def _numbered(*parts: tuple[str, str]) -> list[Part]:
    """The parts that have a text, under their numbers."""
    told = [(title, text) for title, text in parts if text]
    return [
        Part(f"（{_NUMERALS[place]}）{title}", text) for place, (title, text) in enumerate(told)
    ]


def _see(annexes: Annexes, key: str, words: str) -> str:
    return f"（{words}{annexes[key]}）" if annexes.get(key) else ""
