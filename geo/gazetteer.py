"""Names of the city's places, and where they stand in a text.

The names come from the reference tables: counties and towns with their former names, zones,
villages, and the other places of the country, by which an address of another city is known.
Matching is leftmost-longest, so 海州湾街道 is never read as 海州 and 连云港 never as 连云.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import ahocorasick

from domain.city import CITY
from domain.reference import table
from geo.place_names import zones


class Name(NamedTuple):
    """One name: what it is called, what kind of place it names, and that place's codes.

    `kind` is one of city, province, county, county_short, town, town_old, town_short, former, zone,
    zone_short, village, other, other_short. `county` is empty where the name does not settle it.
    """

    text: str
    kind: str
    county: str = ""
    town: str = ""
    zone: str = ""
    towns: tuple[str, ...] = ()  # villages: every town that has a village of this name
    alone: bool = False  # a short name that needs no county before it


def scan(text: str) -> Iterator[tuple[int, int, Name]]:
    """Start, end and name of the names in `text`, left to right, no overlaps; the longest wins."""
    raw = text.encode()
    for last, name in _automaton().iter_long(raw.decode("latin-1")):
        end = len(raw[: last + 1].decode())
        yield end - len(name.text), end, name


@cache
def moved() -> frozenset[tuple[str, str]]:
    """Pairs (town_code, county_code) of towns that once belonged to another county."""
    frame = table("former_places").query("kind == '归属变动'")
    return frozenset(zip(frame["town_code"], frame["former_county"], strict=True))


@cache
def stated_names() -> tuple[dict[str, str], dict[str, str]]:
    """How a county and a town column of a bank's file may be filled, to the full name.

    In such a column a name without its suffix is the place itself: 海州 is 海州区 in a county
    column and 海州街道 in a town column.
    """
    counties, towns = {}, {}
    for row in table("counties").itertuples():
        counties[row.short_name] = counties[row.county_code] = row.name
    for row in table("zones").itertuples():
        for text in _parts(f"{row.name};{row.former_or_other_names};{row.short_names}"):
            counties[text] = row.full_name
    for row in table("towns").itertuples():
        towns[re.sub(r"(街道|镇|乡)$", "", row.name)] = row.name
    return counties, towns


@cache
def _automaton() -> ahocorasick.Automaton:
    """Names by their UTF-8 bytes, each byte as one character.

    The automaton tries the children of a node one by one. Chinese names begin with a thousand
    characters but with six bytes; and UTF-8 cannot match in the middle of a character.
    """
    names: dict[str, Name] = {}
    for source in (_counties, _zones, _towns, _former, _villages, _others):
        for name in source():
            names.setdefault(name.text, name)
    automaton = ahocorasick.Automaton()
    for text, name in names.items():
        automaton.add_word(text.encode().decode("latin-1"), name)
    automaton.make_automaton()
    return automaton


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


def _counties() -> list[Name]:
    names = [Name(text, "city") for text in (CITY.name, CITY.short_name)]
    names += [Name(text, "province") for text in (CITY.province, CITY.province_short, "中国")]
    for row in table("counties").itertuples():
        names.append(Name(row.name, "county", row.county_code))
        names.append(Name(row.short_name, "county_short", row.county_code))
    for row in table("former_places").query("kind == '区' or kind == '县'").itertuples():
        names.append(Name(row.name, "county", row.county_code))
        if row.county_code:
            names.append(Name(row.name[:-1], "county_short", row.county_code))
    return names


def _zones() -> list[Name]:
    """Zones; a name that says no more than 开发区 needs the city or its county before it.

    So does the name of the reference, unless it is one of its own and stands `alone`.
    """
    frame = table("towns").query("zone != ''")
    counties = dict(zip(frame["zone"], frame["county_code"], strict=True))
    names = []
    known = table("zones")
    for row in known[known["name"].isin(counties)].itertuples():  # without towns it is nowhere
        county = counties[row.name]
        full = [row.full_name, *_parts(row.former_or_other_names)]
        names += [Name(text, "zone", county, zone=row.zone_id) for text in full]
        short = {row.name, row.full_name.removeprefix(CITY.short_name), *_parts(row.short_names)}
        for text in short - set(full):
            alone = text == row.name and row.alone == "1"
            kind = "zone" if alone else "zone_short"
            names.append(Name(text, kind, county, zone=row.zone_id))
    return names


def _towns() -> list[Name]:
    names = []
    for row in table("towns").itertuples():
        code, zone = row.town_code, zones().get(row.town_code, "")
        if row.matched == "0":
            continue
        names.append(Name(row.name, "town", row.county_code, code, zone))
        base = re.sub(r"(街道|镇|乡)$", "", row.name)
        old = _parts(row.aliases)
        if row.name.endswith("街道"):
            names.append(Name(f"{base}办事处", "town", row.county_code, code, zone))
        if row.kind == "镇":
            old.append(f"{base}乡")  # a 乡 becomes a 镇 whole; exceptions stand in former_places
        names += [Name(text, "town_old", row.county_code, code, zone) for text in old]
        for text in _parts(row.short_name):
            short = Name(text, "town_short", row.county_code, code, zone, (), row.alone == "1")
            names.append(short)
    return names


def _former() -> list[Name]:
    """Towns that are no more: they give the county, and the town only where it went whole."""
    names = []
    for row in table("former_places").query("kind == '镇' or kind == '乡'").itertuples():
        for suffix in ("镇", "乡"):
            text = row.name[:-1] + suffix
            names.append(Name(text, "former", row.county_code, row.town_code))
    for row in table("former_places").query("kind == '片区'").itertuples():
        names.append(Name(row.name, "town_short", row.county_code, alone=True))
    return names


def _villages() -> list[Name]:
    own, kin = defaultdict(set), defaultdict(list)
    for row in table("villages").itertuples():
        name = row.name.replace("居委员", "居委会").replace("虚拟社区", "社区")
        base = re.sub(r"(社区)?(村民委员会|居民委员会|居委会|村委会)$", "", name)
        own[re.sub(r"(?<=..)(社区|村)$", "", base)].add(row.town_code)
    for base in own:
        kin[base[:2]].append(base)
    homes = {base: set(towns) for base, towns in own.items()}
    for base, towns in homes.items():  # 太平村 may be short for 太平渔业村: then it is not settled
        towns.update(*(own[longer] for longer in kin[base[:2]] if longer.startswith(base)))
    suffixes = ("村", "社区", "村委会", "居委会", "村村委会", "村民委员会", "社区居委会")
    return [
        Name(base + suffix, "village", towns=tuple(sorted(towns)))
        for base, towns in homes.items()
        for suffix in suffixes
    ]


def _others() -> list[Name]:
    """Places of other cities; of provinces and cities also the name without its suffix."""
    suffix = re.compile(r"(省|市|地区|特别行政区|(壮族|回族|维吾尔)?自治区)$")
    children = defaultdict(list)
    frame = table("other_places")
    for row in frame.query("level == '县级'").itertuples():
        children[row.code[:4]].append(row.name[:-1] if len(row.name) > 2 else row.name)
    names = []
    for row in frame.itertuples():
        names.append(Name(row.name, "other", row.code))
        if row.level != "县级" and suffix.search(row.name):
            below = tuple(children[row.code[:4]])
            names.append(Name(suffix.sub("", row.name), "other_short", row.code, towns=below))
    return names
