"""What one text says about where a place is: its county, town and zone, how sure, and why not.

An address is read from left to right. A town stated in full outranks a village, a village a zone,
a zone a county. A name followed by 路 or 街 is a road, not a place. When two readings remain the
answer stops at the county and says why: a wrong town is worse than none.
"""

import unicodedata
from typing import NamedTuple

from domain.city import CITY
from geo.address_tokens import Evidence, collect
from geo.gazetteer import Name, moved
from geo.place_names import county_name, county_of, town_name, zone_of

SURE, TOWN_ALONE, TOWN_OLD, TOWN_SHORT = 0.95, 0.85, 0.85, 0.75
VILLAGE, VILLAGE_COMMON = 0.88, 0.75
COUNTY, COUNTY_SHORT, HINTED, ZONE, FORMER, UNSURE = 0.9, 0.75, 0.7, 0.8, 0.8, 0.5


class Reading(NamedTuple):
    """What a text says. Empty strings where it says nothing; `method` is then none.

    `strong` tells a place stated in full from one only hinted at. `villages` are the towns that a
    village name leaves open, for a point to decide. `local` tells, where there is no county, that
    this city is named all the same.
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
    evidence = collect(text)
    if evidence.other_first and not (evidence.city or evidence.counties):
        return Reading(outside=True, reason=f"地址写的是外地“{''.join(evidence.other)}”")
    reading = _resolve(evidence)
    if evidence.other_first:
        note = f"地址先写外地“{''.join(evidence.other)}”，又写本市地名，请核对"
        confidence = min(reading.confidence, UNSURE)
        return reading._replace(
            review=True, confidence=confidence, reason=join(note, reading.reason)
        )
    return reading


def read_name(text: str) -> Reading:
    """Reading of the normalised name of a shop, school or company, which is weaker than an address.

    A short name such as 板浦 in 板浦高级中学 gives the county, never the town. A place elsewhere
    in the name does not place it elsewhere.
    """
    evidence = collect(text)
    evidence.hinted += [name for name in evidence.short_towns if name not in evidence.hinted]
    evidence.short_towns = []
    if evidence.other_first and not evidence.local():
        return Reading(reason=f"没有地址，名称里是外地地名“{''.join(evidence.other)}”", review=True)
    reading = _resolve(evidence)
    if reading.method == "none":
        return reading
    method = "name_town" if reading.town else "name"
    note = "没有可用的地址，按名称判断"
    return reading._replace(
        method=method,
        confidence=round(reading.confidence - 0.1, 2),
        reason=join(note, reading.reason),
    )


def join(*parts: str) -> str:
    """Reasons as one sentence; empty ones are left out."""
    return "；".join(part for part in parts if part)


def _resolve(evidence: Evidence) -> Reading:
    stated = list(dict.fromkeys(n.county for n in evidence.counties if n.county))
    if len(stated) > 1:
        names = "、".join(dict.fromkeys(name.text for name in evidence.counties))
        return _unsure(stated[0], f"同一记录写了“{names}”，先按第一个，请核对")
    county = stated[0] if stated else ""
    weak = "" if county or not evidence.short_counties else evidence.short_counties[0].county
    reading = _place(evidence, county, weak)
    note = _former_county_note(evidence)
    if reading.county and not note:
        return reading
    return reading._replace(local=evidence.local(), reason=join(note, reading.reason))


def _place(evidence: Evidence, county: str, weak: str) -> Reading:
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
    return rest._replace(villages=villages, reason=join(rest.reason, note))


def _place_town(evidence: Evidence, towns: list[Name], county: str, weak: str) -> Reading:
    town, stated = towns[0], county or weak
    codes = {name.town for name in towns if name.county == (stated or town.county)} | {town.town}
    if len(codes) > 1:
        names = "、".join(dict.fromkeys(name.text for name in towns))
        return _unsure(stated or town.county, f"写了不止一个乡镇街道“{names}”，乡镇未定，请核对")
    if stated not in {"", town.county} and (town.town, stated) not in moved():
        here, there = county_name(stated), county_name(town.county)
        note = f"写的是{here}，但“{town.text}”属{there}，乡镇未定，请核对"
        return _unsure(stated, note, strong=bool(county))
    notes = _town_notes(town, stated)
    elsewhere = _village_elsewhere(evidence, town)
    if elsewhere and town.kind != "town":
        reason = join(*notes, elsewhere, "乡镇未定")
        return Reading(town.county, "", "", "county", FORMER, True, reason=reason)
    short = town.kind == "town_short"
    confidence = TOWN_SHORT if short else SURE if stated or evidence.city else TOWN_ALONE
    if notes:
        confidence = min(confidence, TOWN_OLD)
    if elsewhere:
        confidence = min(confidence, FORMER)
    reason = join(*notes, elsewhere)
    return Reading(town.county, town.town, town.zone, "town", confidence, not short, reason=reason)


def _unsure(county: str, reason: str, strong: bool = True) -> Reading:
    return Reading(
        county, method="county", confidence=UNSURE, strong=strong, review=True, reason=reason
    )


def _town_notes(town: Name, stated: str) -> list[str]:
    """What has changed since the text was written: the county of its town, or the town's name."""
    notes = []
    if stated and stated != town.county:
        notes.append(f"“{town.text}”曾属{county_name(stated)}，现属{county_name(town.county)}")
    if town.kind == "town_old":
        notes.append(f"“{town.text}”按现名“{town_name(town.town)}”")
    return notes


def _village_elsewhere(evidence: Evidence, town: Name) -> str:
    """Says so when the named village belongs, within the county, to another town than stated."""
    for village in evidence.villages:
        inside = [code for code in village.towns if county_of(code) == town.county]
        if inside and town.town not in inside:
            return f"“{village.text}”现属{town_name(inside[0])}"
    return ""


def _place_village(evidence: Evidence, county: str) -> Reading:
    village = evidence.villages[0]
    towns = village.towns
    if county:
        towns = tuple(code for code in towns if county_of(code) == county)
    if len(towns) == 1 and (county or evidence.city):
        code = towns[0]
        confidence = VILLAGE if county and len(village.towns) == 1 else VILLAGE_COMMON
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


def _place_county(evidence: Evidence, county: str, weak: str) -> Reading:
    stated = county or weak
    zone = next((z for z in evidence.zones if z.county == stated or not stated), None)
    if zone is not None:
        return Reading(zone.county, "", zone.zone, "zone", ZONE, bool(county))
    for hint in evidence.hinted:
        if stated in {"", hint.county} or (hint.town, stated) in moved():
            return _place_hinted(hint, stated, strong=bool(county))
    if stated:
        confidence = COUNTY if county else COUNTY_SHORT
        return Reading(stated, method="county", confidence=confidence, strong=bool(county))
    if evidence.city:
        return Reading(reason=f"只写到{CITY.name}，没有县区")
    if evidence.other_full:
        return Reading(reason=f"地名“{evidence.other[0]}”不属于{CITY.name}", review=True)
    return NOTHING


def _place_hinted(hint: Name, stated: str, strong: bool) -> Reading:
    """The county of a town that is no more, or of a town that only a short name hints at."""
    if hint.kind == "town_short":
        reason = join(*_town_notes(hint, stated))
        confidence = COUNTY if strong else HINTED
        return Reading(hint.county, "", "", "county", confidence, strong, reason=reason)
    if hint.town:
        reason = f"“{hint.text}”已并入{town_name(hint.town)}"
        return Reading(hint.county, hint.town, "", "town", FORMER, True, reason=reason)
    reason = f"“{hint.text}”已撤并，现属哪个乡镇未定"
    confidence = COUNTY if strong else FORMER
    return Reading(hint.county, "", "", "county", confidence, True, reason=reason)


def _former_county_note(evidence: Evidence) -> str:
    for name in evidence.counties:
        if not name.county:
            return f"“{name.text}”已撤销，辖区分属几个县区"
    return ""
