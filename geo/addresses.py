"""What one text says about where a place is: its county, town and zone, how sure, and why not.

An address is read from left to right. A town stated in full outranks a village, a village a zone,
a zone a county. A name followed by 路 or 街 is a road, not a place. When two readings remain the
answer stops at the county and says why: a wrong town is worse than none.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace

from geo.gazetteer import Hit, Name, moved, scan
from geo.places import county_name, county_of, town_name, zone_of

_ROAD = re.compile(
    r"(?![东西南北中]大街)[东西南北中]?[一二三四五六七八九十\d]{0,2}"
    r"(?:路|大道|大街|街(?!道)|巷|弄|胡同|公路|高速|大桥|桥|立交|隧道|线(?!下))"
)
_COUNTY_NOT = re.compile(r"湾|岸|洋|海域|渔场|舰|牌|师傅|话")
_TOWN_NOT = re.compile(
    r"[山湖河港岛湾闸站村庄]|水库|服务区|收费|枢纽|互通|机场|火车|社区|居委|"
    r"[第]?[一二三四五六]?(?:高级|实验|中心)?(?:中学|小学|初中|高中|学校|幼儿园|职业)|"
    r"大?(?:宾馆|酒店|饭店|大厦|商城|商场|超市|广场|小区|花园|公寓|新城|家园|公馆)|"
    r"银行|医院|卫生|公司|集团|厂|供电|派出所|法院|有限"
)
_NEVER_A_ROAD = {"province", "county", "town", "town_old"}
_LEFT_TOWN = set("省市县区镇乡村路街道巷号组场园港处口侧与和在近往至距东西南北首边旁内外原驻、")
_LEFT_VILLAGE = set("省市县区镇乡道处路街巷号组场、")
_SEPARATORS = set(",;:.-/·|、()[]")

SURE, TOWN_ALONE, TOWN_SHORT, VILLAGE, VILLAGE_CITY = 0.95, 0.85, 0.75, 0.88, 0.75
COUNTY, COUNTY_SHORT, HINTED, ZONE, FORMER, UNSURE = 0.9, 0.75, 0.7, 0.8, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. Empty strings where it says nothing; `method` is then none.

    `strong` tells a place stated in full from one that is only hinted at. `villages` are the towns
    that a village name leaves open, for a point to decide. `local` tells that this city is named.
    """

    county: str = ""
    town: str = ""
    zone: str = ""
    method: str = "none"
    confidence: float = 0.0
    strong: bool = False
    local: bool = False
    review: bool = False
    outside: bool = False
    reason: str = ""
    villages: tuple[str, ...] = ()


NOTHING = Reading()


@dataclass(slots=True)
class _Evidence:
    """Names of one text, sorted by what they are worth, each list in reading order."""

    city: bool = False
    counties: list[Name] = field(default_factory=list)
    short_counties: list[Name] = field(default_factory=list)
    towns: list[Name] = field(default_factory=list)
    short_towns: list[Name] = field(default_factory=list)
    zones: list[Name] = field(default_factory=list)
    former: list[Name] = field(default_factory=list)
    villages: list[Name] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    other_first: bool = False  # an address that begins in another city, for sure
    other_full: bool = False

    def local(self) -> bool:
        return bool(
            self.city or self.counties or self.short_counties or self.towns or self.short_towns
            or self.zones or self.former
        )  # fmt: skip


def normalise(text: object) -> str:
    """Text without blanks and unprintable characters, full-width letters and digits narrowed."""
    if not isinstance(text, str):
        return ""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if not plain.isprintable():
        plain = "".join(filter(str.isprintable, plain))
    return plain


def read_address(text: str) -> Reading:
    """Reading of a normalised address."""
    evidence = _collect(text)
    if evidence.other_first and not (evidence.city or evidence.counties):
        return Reading(outside=True, reason=f"地址写的是外地“{''.join(evidence.other)}”")
    reading = _resolve(evidence)
    if evidence.other_first:
        note = f"地址先写外地“{''.join(evidence.other)}”，又写本市地名，请核对"
        return replace(reading, review=True, confidence=UNSURE, reason=join(note, reading.reason))
    return reading


def read_name(text: str) -> Reading:
    """Reading of the normalised name of a shop, school or company, which is weaker than an address.

    A short name such as 板浦 in 板浦高级中学 gives the county, never the town. A place elsewhere
    in the name does not place it elsewhere.
    """
    evidence = _collect(text)
    evidence.former += [name for name in evidence.short_towns if name not in evidence.former]
    evidence.short_towns = []
    if evidence.other_first and not evidence.local():
        return Reading(reason=f"没有地址，名称里是外地地名“{''.join(evidence.other)}”", review=True)
    reading = _resolve(evidence)
    if reading.method == "none":
        return reading
    method = "name_town" if reading.town else "name"
    note = "没有可用的地址，按名称判断"
    return replace(
        reading,
        method=method,
        confidence=round(reading.confidence - 0.1, 2),
        reason=join(note, reading.reason),
    )


def join(*parts: str) -> str:
    """Reasons as one sentence; empty ones are left out."""
    return "；".join(part for part in parts if part)


def _collect(text: str) -> _Evidence:
    evidence = _Evidence()
    previous: Hit | None = None
    for hit in scan(text):
        if _take(evidence, text, hit, previous):
            previous = hit
    return evidence


def _take(evidence: _Evidence, text: str, hit: Hit, previous: Hit | None) -> bool:
    """Add what `hit` says to `evidence`; False if it is no place here (a road, part of a word)."""
    name, kind = hit.name, hit.name.kind
    adjacent = previous is not None and _touch(text, previous.end, hit.start)
    before = previous.name.kind if previous is not None and adjacent else ""
    if kind in {"other", "other_short"}:
        return _take_other(evidence, text, hit, before)
    if kind not in _NEVER_A_ROAD and _ROAD.match(text, hit.end):
        return False
    if before in {"other", "other_short"} and kind != "city":
        evidence.other.append(name.text)  # 阜新市海州区: a place of the other city
        evidence.other_first = True
        return True
    if kind == "province":
        return True
    if kind == "city":
        evidence.city = True
        return True
    if kind == "county":
        evidence.counties.append(name)
        return True
    if kind == "county_short":
        return _take_if(not _COUNTY_NOT.match(text, hit.end), evidence.short_counties, name)
    if kind in {"town", "town_old", "former"}:
        held = adjacent or _open_left(text, hit.start, _LEFT_TOWN) or _known(evidence, name.county)
        return _take_if(held, evidence.former if kind == "former" else evidence.towns, name)
    if kind == "town_short":
        return _take_short_town(evidence, text, hit, before)
    if kind == "zone_short":
        held = before == "city" or (before.startswith("county") and _known(evidence, name.county))
        return _take_if(held or (hit.start == 0 and evidence.city), evidence.zones, name)
    if kind == "zone":
        evidence.zones.append(name)
        return True
    held = adjacent or _open_left(text, hit.start, _LEFT_VILLAGE)
    return _take_if(held, evidence.villages, name)


def _take_if(held: bool, names: list[Name], name: Name) -> bool:
    if held:
        names.append(name)
    return held


def _take_short_town(evidence: _Evidence, text: str, hit: Hit, before: str) -> bool:
    name = hit.name
    after_county = before.startswith("county") and _known(evidence, name.county)
    after_city = before in {"city", "zone", "zone_short"} and not evidence.counties
    if not (after_county or after_city or (name.alone and _free(evidence, name.county))):
        return False
    if _TOWN_NOT.match(text, hit.end) or (after_city and not name.alone):
        return _take_if(name.alone, evidence.former, name._replace(town=""))
    evidence.short_towns.append(name)
    return True


def _take_other(evidence: _Evidence, text: str, hit: Hit, before: str) -> bool:
    """Another city's name counts only where an address begins, before any place of this city.

    A district alone (鼓楼区) or a city without 市 (温州商城) may well stand in a local address:
    they are sure only with a second name of that city beside them.
    """
    first = hit.start == 0 or text[hit.start - 1] in _SEPARATORS or bool(before)
    if evidence.local() or not first or _ROAD.match(text, hit.end):
        return False
    name = hit.name
    district = name.text.endswith("区") and not name.county.endswith("00")
    if name.kind == "other":
        evidence.other_full = True
        sure = not district or bool(before)
    else:
        below = (*name.towns, "经济开发区", "高新区")
        sure = bool(before) or text.startswith(below, hit.end)
    evidence.other.append(name.text)
    evidence.other_first = evidence.other_first or sure
    return True


def _touch(text: str, end: int, start: int) -> bool:
    return end == start or (start - end == 1 and text[end] in _SEPARATORS)


def _open_left(text: str, start: int, boundary: set[str]) -> bool:
    if start == 0:
        return True
    char = text[start - 1]
    return char in boundary or char.isascii() or char in _SEPARATORS


def _known(evidence: _Evidence, county: str) -> bool:
    return any(name.county == county for name in evidence.counties + evidence.short_counties)


def _free(evidence: _Evidence, county: str) -> bool:
    stated = evidence.counties + evidence.short_counties
    return not stated or any(name.county in {county, ""} for name in stated)


def _resolve(evidence: _Evidence) -> Reading:
    stated = list(dict.fromkeys(n.county for n in evidence.counties if n.county))
    local = evidence.local()
    if len(stated) > 1:
        names = "、".join(dict.fromkeys(name.text for name in evidence.counties))
        return Reading(
            stated[0], method="county", confidence=UNSURE, strong=True, local=True, review=True,
            reason=f"同一记录写了“{names}”，先按第一个，请核对",
        )  # fmt: skip
    county = stated[0] if stated else ""
    weak = "" if county or not evidence.short_counties else evidence.short_counties[0].county
    reading = _place(evidence, county, weak)
    note = _former_county_note(evidence)
    return replace(reading, local=local, reason=join(note, reading.reason))


def _place(evidence: _Evidence, county: str, weak: str) -> Reading:
    towns = evidence.towns or evidence.short_towns
    if towns:
        return _place_town(evidence, towns, county, weak)
    if evidence.villages:
        reading = _place_village(evidence, county or weak)
        if reading.town:
            return reading
        villages, note = reading.villages, reading.reason
    else:
        villages, note = (), ""
    rest = _place_county(evidence, county, weak)
    return replace(rest, villages=villages, reason=join(rest.reason, note))


def _place_town(evidence: _Evidence, towns: list[Name], county: str, weak: str) -> Reading:
    town, stated = towns[0], county or weak
    codes = {name.town for name in towns if name.county == (stated or town.county)} or {town.town}
    if len(codes) > 1:
        names = "、".join(dict.fromkeys(name.text for name in towns))
        return Reading(
            stated or town.county, method="county", confidence=UNSURE, strong=True, review=True,
            reason=f"写了不止一个乡镇街道“{names}”，乡镇未定",
        )  # fmt: skip
    if stated and stated != town.county and (town.town, stated) not in moved():
        here, there = county_name(stated), county_name(town.county)
        return Reading(
            stated, method="county", confidence=UNSURE, strong=bool(county), review=True,
            reason=f"写的是{here}，但“{town.text}”属{there}，乡镇未定，请核对",
        )  # fmt: skip
    short = town.kind == "town_short"
    confidence = TOWN_SHORT if short else SURE if stated or evidence.city else TOWN_ALONE
    reasons = []
    if stated and stated != town.county:
        confidence = min(confidence, TOWN_ALONE)
        reasons.append(f"“{town.text}”曾属{county_name(stated)}，现属{county_name(town.county)}")
    if town.kind == "town_old":
        confidence = min(confidence, TOWN_ALONE)
        reasons.append(f"“{town.text}”按现名“{town_name(town.town)}”")
    elsewhere = _village_elsewhere(evidence, town)
    if elsewhere:
        if town.kind != "town":
            return Reading(
                town.county, method="county", confidence=FORMER, strong=True, villages=(),
                reason=join(*reasons, elsewhere, "乡镇未定"),
            )  # fmt: skip
        confidence = FORMER
        reasons.append(elsewhere)
    return Reading(
        town.county, town.town, town.zone, "town", confidence, not short, reason=join(*reasons)
    )


def _village_elsewhere(evidence: _Evidence, town: Name) -> str:
    """Says so when the named village belongs, within the county, to another town than stated."""
    for village in evidence.villages:
        inside = [code for code in village.towns if county_of(code) == town.county]
        if inside and town.town not in inside:
            return f"“{village.text}”现属{town_name(inside[0])}"
    return ""


def _place_village(evidence: _Evidence, county: str) -> Reading:
    village = evidence.villages[0]
    towns = village.towns
    if county:
        towns = tuple(code for code in towns if county_of(code) == county)
    if len(towns) == 1 and (county or evidence.city):
        code = towns[0]
        confidence = VILLAGE if county else VILLAGE_CITY
        zone = zone_of(code)
        return Reading(county_of(code), code, zone, "village", confidence, bool(county))
    if not towns:
        return NOTHING
    place = "本县区" if county else "全市"
    if len(towns) > 1:
        note = f"{place}不止一个“{village.text}”，乡镇未定"
    else:
        note = f"只写了村名“{village.text}”，没有县区，乡镇未定"
    return Reading(villages=towns, reason=note)


def _place_county(evidence: _Evidence, county: str, weak: str) -> Reading:
    stated = county or weak
    zone = next((z for z in evidence.zones if z.county == stated or not stated), None)
    if zone is not None:
        return Reading(zone.county, "", zone.zone, "zone", ZONE, bool(county), bool(county))
    former = next((f for f in evidence.former if f.county == stated or not stated), None)
    if former is not None:
        return _place_former(former, county)
    if county:
        return Reading(county, method="county", confidence=COUNTY, strong=True)
    if weak:
        return Reading(weak, method="county", confidence=COUNTY_SHORT)
    if evidence.city:
        return Reading(reason="只写到连云港市，没有县区")
    if evidence.other_full:
        return Reading(reason=f"地名“{evidence.other[0]}”不属于连云港市", review=True)
    return NOTHING


def _place_former(former: Name, county: str) -> Reading:
    if former.kind == "town_short":
        confidence = COUNTY if county else HINTED
        return Reading(former.county, "", "", "county", confidence, bool(county))
    confidence = COUNTY if county else FORMER
    if former.town:
        reason = f"“{former.text}”已并入{town_name(former.town)}"
        return Reading(former.county, former.town, "", "town", FORMER, True, reason=reason)
    reason = f"“{former.text}”已撤并，现属哪个乡镇未定"
    return Reading(former.county, "", "", "county", confidence, True, reason=reason)


def _former_county_note(evidence: _Evidence) -> str:
    for name in evidence.counties:
        if not name.county:
            return f"“{name.text}”已撤销，辖区分属几个县区"
    return ""
