"""What the leading group is asked to agree to (请示事项): by whom, until when, to what effect."""

from typing import NamedTuple

from domain import reference
from excel.cell_text import one_line
from presentation import brief_steps
from presentation.labels import abridged, chinese_day, percent
from queries import attainment
from queries.proposals import Proposal, proposals
from queries.scope import CITY, Scope

_NAMED = 24  # signs of a venue's name


class Request(NamedTuple):
    """One thing to agree to: 事项、责任单位、完成时限、效果; `more` venues would be covered."""

    matter: str
    unit: str
    due: str
    effect: str
    more: int


def requests(scope: Scope) -> list[Request]:
    """The proposals of the scope, as a report puts them."""
    return [_request(scope, one) for one in proposals(scope)]


def _request(scope: Scope, one: Proposal) -> Request:
    due = chinese_day(one.due)
    if one.sort == "venue":
        banks = reference.labels("operators", "operator_id", "operator")
        matter = (
            f"补齐{abridged(one_line(one.subject), _NAMED)}的受理点（环节）{one.units:,}家（项）"
        )
        return Request(matter, banks[one.unit], due, "多1个场所达标", 1)
    if one.sort == "confirm":
        effect = "可算出还差多少家"
        if one.more:
            effect = f"达标率可到{percent(one.after)}"
        if one.best < one.now[0]:
            effect = f"名次可由第{one.now[0]}名升到第{one.best}名"
        return Request(f"核定{one.units:,}个场所的应覆盖商户数", one.subject, due, effect, 0)
    if one.heard:
        bank = reference.labels("operators", "operator_id", "operator")[one.unit]
        matter = f"报送{chinese_day(one.heard)}以后的受理点名单，补办将到期的{one.units:,}家（项）"
        return Request(matter, bank, due, f"不办，{one.more:,}个达标场所陆续退出", 0)
    where = "" if one.subject == CITY else one.subject
    return Request(
        f"{where}先补差得最少的{one.more:,}个场所，共{one.units:,}家（项）",
        brief_steps.operators(attainment.plan(scope).head(one.more)) or "有关运营机构",
        due,
        f"多{one.more:,}个场所达标，达标率{percent(one.before)}→{percent(one.after)}",
        one.more,
    )
