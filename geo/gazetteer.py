"""Names of the city's places, and their positions in a text.

The names come from the reference tables: counties and towns with their former names, zones,
villages, and the other places of the country, which show that an address is of another city.
Matching is leftmost-longest, so 海州湾街道 is never read as 海州 and 连云港 never as 连云.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import ahocorasick

from domain.city import CITY
from domain.reference import labels, records
from geo.place_names import zone_of


class Name(NamedTuple):
    """One name: its text, the kind of place, and the codes of the place.

    `kind` is one of city, province, county, county_short, town, town_old, town_short, former, zone,
    zone_short, village, landmark, other, other_short. `county` is '' where the name leaves it open.
    """

    text: str
    kind: str
    county: str = ""
    town: str = ""
    zone: str = ""
    towns: tuple[str, ...] = ()  # villages: every town that has a village of this name
    alone: bool = False  # a short name, or a landmark, that needs no county or city before it
    elsewhere: str = ""  # a county of another city around that has a town of this name


def scan(text: str) -> Iterator[tuple[int, int, Name]]:
    """Start, end and name of the names in `text`, left to right, no overlaps; the longest wins."""
    raw = text.encode()
    done = end = 0
    for last, name in _automaton().iter_long(raw.decode("latin-1")):
        end += len(raw[done : last + 1].decode())
        done = last + 1
        yield end - len(name.text), end, name


@cache
def moved() -> frozenset[tuple[str, str]]:
    """Pairs (town_code, county_code) of towns that once belonged to another county."""
    rows = _former_places("归属变动")
    return frozenset((row["town_code"], row["former_county"]) for row in rows)


def names() -> list[Name]:
    """Every name once; where two places share one, it is that of the first of these kinds."""
    found: dict[str, Name] = {}
    for source in (_counties, _zones, _towns, _former, _villages, _landmarks, _others):
        for name in source():
            found.setdefault(name.text, name)
    return list(found.values())


@cache
def _automaton() -> ahocorasick.Automaton:
    """Names by their UTF-8 bytes, each byte as one character.

    The automaton tries the children of a node one by one. Chinese names begin with one of a
    thousand characters but one of six bytes; and UTF-8 never matches inside a character.
    """
    automaton = ahocorasick.Automaton()
    for name in names():
        automaton.add_word(name.text.encode().decode("latin-1"), name)
    automaton.make_automaton()
    return automaton


def parts(*cells: str) -> list[str]:
    """The names in cells of the reference that hold several."""
    return [part for cell in cells for part in cell.split(";") if part]


def _former_places(*kinds: str) -> list[dict[str, str]]:
    return [row for row in records("former_places") if row["kind"] in kinds]


def _counties() -> list[Name]:
    names = [Name(text, "city") for text in (CITY.name, CITY.short_name)]
    names += [Name(text, "province") for text in (CITY.province, CITY.province_short, "中国")]
    for row in records("counties"):
        names.append(Name(row["name"], "county", row["county_code"]))
        names.append(Name(row["short_name"], "county_short", row["county_code"]))
    for row in _former_places("区", "县"):
        names.append(Name(row["name"], "county", row["county_code"]))
        if row["county_code"]:
            names.append(Name(row["name"][:-1], "county_short", row["county_code"]))
    return names


def _zones() -> list[Name]:
    """Zones; a generic name such as 开发区 needs the city or its county before it.

    So does the name of the reference, unless it is marked `alone`.
    """
    counties = {row["zone"]: row["county_code"] for row in records("towns") if row["zone"]}
    names = []
    for row in records("zones"):
        if row["name"] not in counties:  # a zone without towns has no place
            continue
        county, zone = counties[row["name"]], row["zone_id"]
        full = [row["full_name"], *parts(row["former_or_other_names"])]
        names += [Name(text, "zone", county, zone=zone) for text in full]
        bare = row["full_name"].removeprefix(CITY.short_name)
        for text in {row["name"], bare, *parts(row["short_names"])} - set(full):
            alone = text == row["name"] and row["alone"] == "1"
            names.append(Name(text, "zone" if alone else "zone_short", county, zone=zone))
    return names


def _towns() -> list[Name]:
    names, namesakes = [], labels("namesake_towns", "name", "elsewhere")
    for row in records("towns"):
        if row["matched"] == "0":
            continue
        place = row["county_code"], row["town_code"], zone_of(row["town_code"])
        base = re.sub(r"(街道|镇|乡)$", "", row["name"])
        old = parts(row["aliases"])
        also = namesakes.get(row["name"], "")
        names.append(Name(row["name"], "town", *place, elsewhere=also))
        if row["name"].endswith("街道"):
            names.append(Name(f"{base}办事处", "town", *place))
        if row["kind"] == "镇":
            old.append(f"{base}乡")  # a 乡 becomes a 镇 whole; exceptions are in former_places
        names += [Name(text, "town_old", *place) for text in old]
        short = parts(row["short_name"])
        names += [Name(text, "town_short", *place, (), row["alone"] == "1") for text in short]
    return names


def _former() -> list[Name]:
    """Towns that are no more: they give the county, and the town only if it was merged whole."""
    names = [
        Name(row["name"][:-1] + suffix, "former", row["county_code"], row["town_code"])
        for row in _former_places("镇", "乡")
        for suffix in ("镇", "乡")
    ]
    districts = _former_places("片区")
    return names + [Name(d["name"], "town_short", d["county_code"], alone=True) for d in districts]


def _villages() -> list[Name]:
    own, similar = defaultdict(set), defaultdict(list)
    for row in records("villages"):
        name = row["name"].replace("居委员", "居委会").replace("虚拟社区", "社区")
        base = re.sub(r"(社区)?(村民委员会|居民委员会|居委会|村委会)$", "", name)
        own[re.sub(r"(?<=..)(社区|村)$", "", base)].add(row["town_code"])
    for base in own:
        similar[base[:2]].append(base)
    homes = {base: set(towns) for base, towns in own.items()}
    for base, towns in homes.items():  # 太平村 may be short for 太平渔业村: then the town is open
        towns.update(*(own[longer] for longer in similar[base[:2]] if longer.startswith(base)))
    suffixes = ("村", "社区", "村委会", "居委会", "村村委会", "村民委员会", "社区居委会")
    return [
        Name(base + suffix, "village", towns=tuple(sorted(towns)))
        for base, towns in homes.items()
        for suffix in suffixes
    ]


def _landmarks() -> list[Name]:
    """Places that everybody knows; one that the city has in several counties has no county."""
    return [
        Name(text, "landmark", row["county_code"], row["town_code"], "", (), row["alone"] == "1")
        for row in records("landmarks")
        for text in parts(row["name"], row["aliases"])
    ]


def _others() -> list[Name]:
    """Places of other cities; of provinces and cities also the name without its suffix."""
    suffix = re.compile(r"(省|市|地区|特别行政区|(壮族|回族|维吾尔)?自治区)$")
    children = defaultdict(list)
    rows = records("other_places")
    for row in rows:
        if row["level"] == "县级":
            short = row["name"][:-1] if len(row["name"]) > 2 else row["name"]
            children[row["code"][:4]].append(short)
    names = []
    for row in rows:
        name, code = row["name"], row["code"]
        names.append(Name(name, "other", code))
        if row["level"] != "县级" and suffix.search(name):
            below = tuple(children[code[:4]])
            names.append(Name(suffix.sub("", name), "other_short", code, towns=below))
    return names
