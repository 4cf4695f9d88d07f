"""County, town and zone that one text states, with confidence and reasons.

An address is read from left to right. A town stated in full outranks a village, a village a zone,
a zone a county. A name followed by 路 or 街 is a road, not a place. When two readings remain, only
the county is given, with the reason: a wrong town is worse than none.
"""

import unicodedata
from typing import NamedTuple

from domain.city import CITY
from geo import confidence
from geo.address_tokens import Tokens, collect
from geo.gazetteer import Name, moved
from geo.place_names import county_name, county_of, town_name, zone_of


class Reading(NamedTuple):
    """The place that a text states: codes, '' where none is stated; `method` is then 'none'.

    `strong`: the place is stated in full. `villages` are the possible towns of a village name, for
    a point to decide. `local`: without a county, the text still names this city. `outside`: it
    names another city, and nothing speaks for this one. `disputed`: it names another city, and the
    place given is what something else says. `guess`: a shop's name alone, or a name that towns of
    other cities have too, suggests the place. No county counts these until a person settles them.
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
    disputed: bool = False
    guess: bool = False
    reason: str = ""
    villages: tuple[str, ...] = ()

    def without_place(self) -> "Reading":
        """What is left where a guess is not believed: this city, and the towns of a village."""
        return Reading(local=True, villages=self.villages)


NOTHING = Reading()


def normalise(text: object) -> str:
    """Text without blanks and unprintable characters, in NFKC; '' for anything but text."""
    if not isinstance(text, str):
        return ""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if not plain.isprintable():
        plain = "".join(filter(str.isprintable, plain))
    return plain


def read_address(text: str, stated: str = "") -> Reading:
    """Reading of a normalised address, before which `stated` names a county or town, if any."""
    tokens = collect(stated + text)
    if stated and tokens.other_named and tokens.local():
        own = read_address(text)
        if own.outside:
            note = join(own.reason, f"县区乡镇却填“{stated}”，请核对")
            return _disputed(read_address(stated), note)
        if own.disputed:
            return own
    if tokens.other_first and not (tokens.city or tokens.counties):
        return Reading(outside=True, reason=f"地址写的是外地“{''.join(tokens.other)}”")
    reading = resolve(tokens)
    if tokens.other_first:
        return _disputed(reading, f"地址先写外地“{''.join(tokens.other)}”，又写本市地名，请核对")
    return reading


def _disputed(reading: Reading, note: str) -> Reading:
    level = min(reading.confidence, confidence.TWO_READINGS)
    reason = join(note, reading.reason)
    return reading._replace(review=True, disputed=True, confidence=level, reason=reason)


def join(*parts: str) -> str:
    """Reasons as one sentence; empty ones are left out."""
    return "；".join(part for part in parts if part)


def resolve(tokens: Tokens) -> Reading:
    """Reading of the place names of one text, those of other cities aside."""
    stated = list(dict.fromkeys(n.county for n in tokens.counties if n.county))
    if len(stated) > 1:
        names = "、".join(dict.fromkeys(name.text for name in tokens.counties))
        return _unsure(stated[0], f"同一记录写了“{names}”，先按第一个，请核对")
    county = stated[0] if stated else ""
    weak = "" if county or not tokens.short_counties else tokens.short_counties[0].county
    reading = _place(tokens, county, weak)
    gone = [f"“{name.text}”已撤销，辖区分属几个县区" for name in tokens.counties if not name.county]
    if reading.county and not gone:
        return reading
    note = gone[0] if gone else ""
    return reading._replace(local=tokens.local(), reason=join(note, reading.reason))


def _place(tokens: Tokens, county: str, weak: str) -> Reading:
    towns = tokens.towns or tokens.short_towns
    if towns:
        return _place_town(tokens, towns, county, weak)
    village = _place_village(tokens, county or weak) if tokens.villages else NOTHING
    if village.town:
        return village
    rest = _place_county(tokens, county, weak)
    return rest._replace(villages=village.villages, reason=join(rest.reason, village.reason))


def _place_town(tokens: Tokens, towns: list[Name], county: str, weak: str) -> Reading:
    town, stated = towns[0], county or weak
    among = stated or town.county
    if len(towns) > 1 and any(n.town != town.town and n.county == among for n in towns):
        names = "、".join(dict.fromkeys(name.text for name in towns))
        return _unsure(stated or town.county, f"写了不止一个乡镇街道“{names}”，乡镇未定，请核对")
    if stated not in {"", town.county} and (town.town, stated) not in moved():
        here, there = county_name(stated), county_name(town.county)
        note = f"写的是{here}，但“{town.text}”属{there}，乡镇未定，请核对"
        return _unsure(stated, note, strong=bool(county))
    if town.elsewhere and not (stated or tokens.city):
        note = f"{town.elsewhere}也有“{town.text}”，没有写县区，请核对"
        level = confidence.TWO_READINGS
        place = Reading(town.county, town.town, town.zone, "town", level, guess=True, reason=note)
        return place._replace(review=True)
    notes = _town_notes(town, stated)
    elsewhere = _village_elsewhere(tokens, town)
    if elsewhere and town.kind != "town":
        reason = join(*notes, elsewhere, "乡镇未定")
        level = confidence.TOWN_GONE
        return Reading(town.county, "", "", "county", level, True, reason=reason)
    short = town.kind == "town_short"
    level = confidence.TOWN if stated or tokens.city else confidence.TOWN_ALONE
    if short:
        level = confidence.TOWN_SHORT
    if notes:
        level = min(level, confidence.TOWN_RENAMED)
    if elsewhere:
        level = min(level, confidence.TOWN_GONE)
    reason = join(*notes, elsewhere)
    return Reading(town.county, town.town, town.zone, "town", level, not short, reason=reason)


def _unsure(county: str, reason: str, strong: bool = True) -> Reading:
    level = confidence.TWO_READINGS
    return Reading(county, "", "", "county", level, strong, review=True, reason=reason)


def _town_notes(town: Name, stated: str) -> list[str]:
    """Changes since the text was written: of the county of its town, or of the town's name."""
    notes = []
    if stated and stated != town.county:
        notes.append(f"“{town.text}”曾属{county_name(stated)}，现属{county_name(town.county)}")
    if town.kind == "town_old":
        notes.append(f"“{town.text}”按现名“{town_name(town.town)}”")
    return notes


def _village_elsewhere(tokens: Tokens, town: Name) -> str:
    """A note where the named village belongs, within the county, to another town; else ''."""
    for village in tokens.villages:
        inside = [code for code in village.towns if county_of(code) == town.county]
        if inside and town.town not in inside:
            return f"“{village.text}”现属{town_name(inside[0])}"
    return ""


def _place_village(tokens: Tokens, county: str) -> Reading:
    village = tokens.villages[0]
    towns = village.towns
    if county:
        towns = tuple(code for code in towns if county_of(code) == county)
    if len(towns) == 1 and (county or tokens.city):
        code = towns[0]
        unique = county and len(village.towns) == 1
        level = confidence.VILLAGE if unique else confidence.VILLAGE_COMMON
        return Reading(county_of(code), code, zone_of(code), "village", level, bool(county))
    if not towns:
        return NOTHING
    place = "本县区" if county else "全市"
    if len(towns) > 1:
        note = f"{place}不止一个“{village.text}”，乡镇未定"
    else:
        note = f"只写了村名“{village.text}”，没有县区，乡镇未定"
    return Reading(villages=towns, reason=note)


def _place_county(tokens: Tokens, county: str, weak: str) -> Reading:
    stated = county or weak
    zone = next((z for z in tokens.zones if z.county == stated or not stated), None)
    if zone is not None:
        return Reading(zone.county, "", zone.zone, "zone", confidence.COUNTY_OF_ZONE, bool(county))
    marks = [mark for mark in tokens.landmarks if stated in {"", mark.county}]
    if marks and not (stated and not marks[0].town):
        return _place_landmark(marks, strong=bool(county))
    for hint in tokens.hinted:
        if stated in {"", hint.county} or (hint.town, stated) in moved():
            return _place_hinted(hint, stated, strong=bool(county))
    if stated:
        level = confidence.COUNTY if county else confidence.COUNTY_SHORT
        return Reading(stated, "", "", "county", level, bool(county))
    return _no_county(tokens)


def _no_county(tokens: Tokens) -> Reading:
    if tokens.city:
        return Reading(reason=f"只写到{CITY.name}，没有县区")
    if tokens.other_full:
        return Reading(reason=f"地名“{tokens.other[0]}”不属于{CITY.name}", review=True)
    return NOTHING


def _place_landmark(marks: list[Name], strong: bool) -> Reading:
    """The county of a well-known place, and its town where that is certain."""
    mark = marks[0]
    if any(other.county != mark.county for other in marks):
        names = "、".join(f"“{other.text}”" for other in marks)
        return Reading(reason=f"{names}不在同一县区，请核对", review=True)
    level = confidence.COUNTY if strong else confidence.COUNTY_OF_LANDMARK
    reason = f"“{mark.text}”在{county_name(mark.county)}"
    zone = zone_of(mark.town)
    return Reading(mark.county, mark.town, zone, "landmark", level, strong, reason=reason)


def _place_hinted(hint: Name, stated: str, strong: bool) -> Reading:
    """The county of a town that is no more, or of a town given by its short name."""
    if hint.kind == "town_short":
        reason = join(*_town_notes(hint, stated))
        level = confidence.COUNTY if strong else confidence.COUNTY_OF_SHORT_TOWN
        return Reading(hint.county, "", "", "county", level, strong, reason=reason)
    level = confidence.TOWN_GONE
    if hint.town:
        reason = f"“{hint.text}”已并入{town_name(hint.town)}"
        return Reading(hint.county, hint.town, "", "town", level, True, reason=reason)
    level = confidence.COUNTY if strong else level
    reason = f"“{hint.text}”已撤并，现属哪个乡镇未定"
    return Reading(hint.county, "", "", "county", level, True, reason=reason)
