"""The place names in one text, by kind.

A name is dropped where it is no place: a road named after one (东海路), part of a longer word, or
the name of something else (灌云宾馆 is in no certain town).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from geo.gazetteer import Name, moved, scan

_ROAD = re.compile(
    r"(?![东西南北中]大街)[东西南北中]?[一二三四五六七八九十\d]{0,2}"
    r"(?:路|大道|大街|街(?!道)|巷|弄|胡同|公路|高速|大桥|桥|立交|隧道|线(?!下))"
)
_NEVER_A_ROAD = {"province", "county", "town", "town_old"}
_SEA = re.compile(r"湾|岸|洋|海域|渔场|舰|牌|师傅|话")
_INSTITUTION = re.compile(
    r"(?:第?[一二三四五六]|高级|实验|中心|初级|职业)*"
    r"(?:中学|小学|初中|高中|学校|幼儿园|卫生院|派出所|敬老院|供电所|法庭|信用社|税务所)"
)
_AREA = re.compile(r"[新城地片]区|工业园|产业园|科技园|校区|发电|$")
_NO_TOWN = re.compile(
    r"[山湖河港岛湾闸站村庄]|水库|服务区|收费|枢纽|互通|机场|火车|社区|居委|医院|卫生|公安|"
    r"大?(?:宾馆|酒店|饭店|大厦|商城|商场|超市|广场|小区|花园|公寓|新城|家园|公馆)|"
    r"银行|公司|集团|厂|供电|法院|有限|"
    r"[^省市县区镇乡村路街道巷号组\d(]{1,4}(?:楼|大厦|广场|城(?![东西南北中]|区)|苑|府|[公家花]园)"
)
_CALLED_AFTER = re.compile(
    r"前?[东西南北中]?[路街]|(?:大|国际|假日)*(?:酒店|宾馆|饭店|饭庄|小区|花园|公寓)|牌|茶|水泥"
)
_LONG = 4  # characters from which a landmark is no part of another word
_BODY = re.compile(r"[^省市县区]{0,4}(?:大学|学院|学校|银行|保险|证券|公司|集团|商会)|师范")
_SEPARATORS = set(",;:.-/·|、()[]")
_LEFT_TOWN = _SEPARATORS | set(
    "省市县区镇乡村路街道巷号组场园港处口侧与和在近往至距东西南北首边旁内外原驻郊"
)
_LEFT_VILLAGE = _SEPARATORS | set("省市县区镇乡道处路街巷号组场")


class Hit(NamedTuple):
    """A name at ``text[start:end]``; `before` is the kind of the name right before it."""

    start: int
    end: int
    name: Name
    before: str


@dataclass(slots=True)
class Tokens:
    """Place names of one text by kind, each list in reading order.

    `hinted` are names that give a county but no town: towns that are no more, and short names of
    towns in the name of a school. `other_first`: the text certainly begins with another city;
    `other_full`: it names a place of another city in full; `other_named`: it does so anywhere.
    """

    city: bool = False
    counties: list[Name] = field(default_factory=list)
    short_counties: list[Name] = field(default_factory=list)
    towns: list[Name] = field(default_factory=list)
    short_towns: list[Name] = field(default_factory=list)
    zones: list[Name] = field(default_factory=list)
    hinted: list[Name] = field(default_factory=list)
    villages: list[Name] = field(default_factory=list)
    landmarks: list[Name] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    other_first: bool = False
    other_full: bool = False
    other_named: bool = False

    def __bool__(self) -> bool:
        """Whether the text names any place."""
        return self.local() or bool(self.villages) or self.other_named

    def local(self) -> bool:
        """Whether the text names this city or a place in it, villages aside."""
        named = (self.counties, self.short_counties, self.towns, self.short_towns)
        return self.city or any(named) or bool(self.zones or self.hinted or self.landmarks)

    def states(self, name: Name) -> bool:
        """Whether the text names the present or a former county of `name`."""
        return any(
            stated.county == name.county or (name.town, stated.county) in moved()
            for stated in self.counties + self.short_counties
        )

    def allows(self, county: str) -> bool:
        """Whether the text names no county that excludes `county`."""
        stated = self.counties + self.short_counties
        return not stated or any(name.county in {county, ""} for name in stated)


def collect(text: str) -> Tokens:
    """Tokens of a normalised text."""
    tokens = Tokens()
    last_end, last_kind = -1, ""
    for start, end, name in scan(text):
        if name.kind not in _NEVER_A_ROAD and _ROAD.match(text, end):
            continue
        touch = last_end == start or (start - last_end == 1 and text[last_end] in _SEPARATORS)
        before = last_kind if touch else ""
        if _take(tokens, text, Hit(start, end, name, before)):
            last_end, last_kind = end, name.kind
    return tokens


def _open_left(text: str, start: int, boundary: set[str]) -> bool:
    return start == 0 or text[start - 1] in boundary or text[start - 1].isascii()


def _former(text: str, start: int) -> bool:
    """Whether 原 stands before: 平明镇(原张湾乡) has the present name and the former one."""
    return text[:start].endswith(("原", "原属", "原为"))


def _take(tokens: Tokens, text: str, hit: Hit) -> bool:
    """Add `hit` to `tokens`; False if it is no place."""
    kind = hit.name.kind
    if hit.before.startswith("other") and not kind.startswith("other") and kind != "city":
        tokens.other.append(hit.name.text)  # 阜新市海州区: a place of the other city
        tokens.other_first = True
        return True
    if kind in {"other", "other_short"}:
        return _take_other(tokens, text, hit)
    if kind in {"city", "province"}:
        tokens.city |= kind == "city"
        return True
    names = _LISTS[kind](tokens, text, hit)
    if names is None:
        return False
    names.append(hit.name)
    return True


def _county(tokens: Tokens, text: str, hit: Hit) -> list[Name] | None:
    return None if tokens.counties and _former(text, hit.start) else tokens.counties


def _short_county(tokens: Tokens, text: str, hit: Hit) -> list[Name] | None:
    return None if tokens.towns or _SEA.match(text, hit.end) else tokens.short_counties


def _town(tokens: Tokens, text: str, hit: Hit) -> list[Name] | None:
    """A full town name. 石桥镇 in 大石桥镇 is another town, unless the city or county is stated."""
    name = hit.name
    if tokens.towns and _former(text, hit.start):
        return None
    free = hit.before or len(name.text) >= 4 or _open_left(text, hit.start, _LEFT_TOWN)
    if not (free or tokens.city or tokens.states(name)):
        return None
    return tokens.hinted if name.kind == "former" else tokens.towns


def _short_town(tokens: Tokens, text: str, hit: Hit) -> list[Name] | None:
    """A town without its suffix: after its county, or where few other places have the name.

    板浦中学 and 板浦宾馆 give the county only: they may be anywhere in it.
    """
    name = hit.name
    allowed, leads = tokens.allows(name.county), hit.before or hit.start == 0
    after_county = hit.before.startswith("county") and tokens.states(name)
    after_city = hit.before in {"city", "zone", "zone_short"} and allowed
    school = _INSTITUTION.match(text, hit.end)
    if not name.town:
        return tokens.hinted if (school or _AREA.match(text, hit.end)) and allowed else None
    alone = (school or name.alone) and (after_city or (allowed and leads))
    if not (after_county or alone):
        return None
    return tokens.hinted if school or _NO_TOWN.match(text, hit.end) else tokens.short_towns


def _zone(tokens: Tokens, text: str, hit: Hit) -> list[Name] | None:
    """A zone; a generic name such as 开发区 needs the city or its county before it."""
    name = hit.name
    after = hit.before == "city" or (
        hit.before.startswith("county") and tokens.states(name) and name.text != "开发区"
    )  # 连云区开发区 may be another park than the city's
    return None if name.kind == "zone_short" and not after else tokens.zones


def _village(tokens: Tokens, text: str, hit: Hit) -> list[Name] | None:
    free = hit.before or _open_left(text, hit.start, _LEFT_VILLAGE)
    return tokens.villages if free else None


def _landmark(tokens: Tokens, text: str, hit: Hit) -> list[Name] | None:
    """A well-known place, not what is called after it; a name that others have needs the city."""
    name = hit.name
    inside = len(name.text) < _LONG and not (hit.before or _open_left(text, hit.start, _LEFT_TOWN))
    if not name.county or inside or _CALLED_AFTER.match(text, hit.end):
        return None
    return tokens.landmarks if name.alone or tokens.city or tokens.states(name) else None


def _take_other(tokens: Tokens, text: str, hit: Hit) -> bool:
    """Another city's name counts only at the beginning of an address, before any local place.

    A district alone (鼓楼区) or a city without 市 (温州商城) may be part of a local address: they
    are certain only with a second name of that city beside them.
    """
    tokens.other_named = True
    first = hit.start == 0 or text[hit.start - 1] in _SEPARATORS or hit.before
    if tokens.local() or not first:
        return False
    name = hit.name
    if name.kind == "other":
        district = name.text.endswith("区") and not name.county.endswith("00")
        tokens.other_full = True
        sure = not district or bool(hit.before)
    else:
        below = text.startswith((*name.towns, "经济开发区", "高新区"), hit.end)
        sure = below or (bool(hit.before) and not _BODY.match(text, hit.end))
    tokens.other.append(name.text)
    tokens.other_first |= sure
    return True


_LISTS: dict[str, Callable[[Tokens, str, Hit], list[Name] | None]] = {
    "county": _county,
    "county_short": _short_county,
    "town": _town,
    "town_old": _town,
    "former": _town,
    "town_short": _short_town,
    "zone": _zone,
    "zone_short": _zone,
    "village": _village,
    "landmark": _landmark,
}
"""The list of `Tokens` that takes a name of each kind, None for a name that is no place."""
