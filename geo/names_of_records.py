"""The place that the name of a record gives, which is weaker than any address.

A shop may be called after any place (东海大酒店), so its name is only a guess, which a point or a
person may confirm. A public body is called after the place it serves, and a branch after the place
where it is: 赣榆农商行海州支行 is in 海州区, whatever comes before.
"""

import re

from geo import confidence
from geo.address_tokens import Tokens, collect
from geo.addresses import NOTHING, Reading, join, resolve
from geo.gazetteer import scan

_BRANCH = re.compile(
    r"支行|分行|分理处|信用社|储蓄所|营业[部所室厅]|网点|[分支]公司|分[店院校局部社站]|门店|"
    r"(?<![饭酒商书药])店(?![\u4e00-\u9fff])"
)
_OWNER = re.compile(r".*(?:银行|农商行|农信社|信用社|联社|公司|集团|[中工农建交]行|[(\[])")
_NUMBER_AT_END = re.compile(r"第?[一二三四五六七八九十\d]{0,3}号?$")
_PUBLIC = re.compile(
    r"(?:政府|委员会|办事处|[居村]委会|公安局|派出所|警务(?:工作)?站|法院|法庭|检察院|税务[局所]|"
    r"高中|初中|[中小]学|(?<!培训)(?<!艺术)(?<!舞蹈)(?<!驾驶)学校|校区|学院|大学|中心幼儿园|"
    r"(?:人民|中心|中医?|保健|附属|[一二三四五六])医院|保健院|卫生[院所室]|卫生服务中心|敬老院|"
    r"福利院|供电所|邮政(?:支局|局|所)|(?:石化|石油|中油|海油).*加油站|收费站|服务区|"
    r"(?:火车|汽车|客运|高铁)站|机场|图书馆|文化馆|博物馆|纪念馆|景区|公园|"
    r"银行|农商行|农信社|信用社|联社)(?:\([^)]*\))?$"
)


def read_name(text: str, address: str = "") -> Reading:
    """Reading of the normalised name of a record whose `address` names no county.

    A short name such as 板浦 in 板浦高级中学 gives the county, never the town. The name of another
    city does not place the record there.
    """
    tokens = collect(text)
    if not tokens:
        return NOTHING
    if tokens.other_first and not tokens.local():
        return Reading(reason=f"没有地址，名称里是外地地名“{''.join(tokens.other)}”", review=True)
    branch = _branch(text, tokens)
    found = branch if branch.county else _resolved(tokens)
    if found.method == "none":
        return found
    lack = "地址没有写明县区" if address else "没有地址"
    method = "name_town" if found.town else "name"
    if branch.county or _PUBLIC.search(text):
        level = round(found.confidence - confidence.NAME_LOSS, 2)
        reason = join(f"{lack}，按{'网点' if branch.county else '机构'}名称判断", found.reason)
        return found._replace(method=method, confidence=level, reason=reason)
    level = min(found.confidence, confidence.NAME_GUESS)
    reason = join(f"{lack}，店名里的地名不能定县区，请核对", found.reason)
    return found._replace(method=method, confidence=level, guess=True, review=True, reason=reason)


def _resolved(tokens: Tokens) -> Reading:
    tokens.hinted += [name for name in tokens.short_towns if name not in tokens.hinted]
    tokens.short_towns = []
    return resolve(tokens)


def _branch(text: str, tokens: Tokens) -> Reading:
    """Reading of the last place before 支行, 分店 and the like; nothing where it is not certain.

    The place stands right before that word, or leads the branch's own part of the name, which
    follows the bank or a bracket. 金山 in 赣榆农商行金山支行 is the one in 赣榆区. A head office
    (赣榆农商行营业部) is where its bank is.
    """
    words = list(_BRANCH.finditer(text))
    if not words:
        return NOTHING
    before = text[: words[-1].start()]
    found = _resolved(collect(_last(_NUMBER_AT_END.sub("", before))))
    owner = _OWNER.match(before)
    if found.county or owner is None:
        return found
    own = before[owner.end() :]
    if not own:
        return _resolved(tokens) if _PUBLIC.search(before) else NOTHING
    found = _resolved(collect(own))
    if found.county:
        return found
    above = collect(before[: owner.end()])
    inside = collect("".join(n.text for n in above.counties + above.short_counties) + own)
    return _resolved(inside) if inside.towns or inside.short_towns or inside.hinted else NOTHING


def _last(text: str) -> str:
    """The names at the end of a text that follow each other, with one county at most."""
    start, county = len(text), False
    for left, right, name in reversed(list(scan(text))):
        again = name.kind.startswith("county")
        if right != start or name.kind.startswith("other") or (county and again):
            break
        start, county = left, county or again
    return text[start:]
