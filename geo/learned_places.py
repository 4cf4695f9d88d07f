"""What people's answers teach: places that addresses and landmarks settled once settle again.

A person who says in which town 海连中路58号 lies has very nearly said where 海连中路60号 lies, and
where every other shop of the same market is. What follows from that is an inference, never a
statement: it is used only where the text names no town, is marked inferred, and says from which
answer it came. Answers that contradict one another teach nothing.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import ahocorasick
import pandas as pd

from domain.city import CITY
from geo.addresses import Reading, join, normalise
from geo.agreement import plausible
from geo.place_names import county_of, zone_of
from geo.point_placing import Point

NEIGHBOURS = 20  # house numbers: a street seldom leaves a town and comes back within so few
IN_COUNTY, ANYWHERE = 0.65, 0.5  # confidence where the county is known otherwise, and where not
_AGREED = 0.1  # what a point adds whose nearest town is the same

_ROAD = re.compile(r"([\u4e00-\u9fff]{1,10}(?:路|大道|大街|街(?!道)|巷|弄))(\d{1,5})(?!\d)")
_LANDMARK = re.compile(
    r"[\u4e00-\u9fff]{2,14}?(?:广场|大厦|市场|商城|商场|购物中心|百货|商业街|步行街|小区|花园|家园|"
    r"产业园|工业园|科技园|物流园|大楼|车站|机场|医院)"
)
_BEFORE = re.compile(
    r".*(?:省|自治区|市(?!场|民)|区(?!府)|县(?!府)|镇|乡(?!政)|街道|村|社区|号楼?|"
    r"[路街巷弄]|大道|附近|对面|隔壁|旁|楼|层)(?=.{2})"
)
_CITY = re.compile(f"^(?:{CITY.province_short}|{CITY.short_name})+")
_GENERIC = re.compile(
    r"(?:农贸|农副产品|批发|综合|商业|商贸|中心|水果|蔬菜|建材|装饰|家具|家居|购物|文化|休闲|步行街|"
    r"人民|时代|世纪|百货|汽车|火车|客运|二手|小商品|服装|集贸|菜|便民|生活|大|新|老|旧|东|南|西|北|"
    r"第?[一二三四五六七八九十]|省|市|县|区|镇|乡|村|社区|广场|大厦|市场|商城|商场|医院)*"
)


class Lesson(NamedTuple):
    """One answer: the house number (0 for a landmark), the place, and the words it was about."""

    number: int
    county: str
    town: str
    said: str


@dataclass(frozen=True)
class Learned:
    """Lessons by road, in order of house numbers, and by landmark; false where there are none."""

    roads: dict[str, list[Lesson]] = field(default_factory=dict)
    landmarks: dict[str, list[Lesson]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to learn from."""
        return bool(self.roads or self.landmarks)

    def lesson(self, county: str, address: str, name: str) -> Lesson | None:
        """The answer that places this text; `county` is '' where nothing states one.

        Texts are normalised. None where no answer fits, or where answers contradict each other.
        """
        if not self._names_any(f"{address} {name}"):
            return None
        road = house(address)
        beside = road and _neighbour(_within(self.roads.get(road[0], []), county), road[1])
        known = [place for place in landmarks(address, name) if place in self.landmarks]
        inside = _within(self.landmarks[known[0]], county) if known else []
        lessons = [*inside, beside] if beside else inside
        return lessons[0] if _agree(lessons) else None

    def _names_any(self, text: str) -> bool:
        """Whether a road or landmark of the lessons stands in `text`: most texts have none."""
        return next(self._words.iter(text), None) is not None

    @cached_property
    def _words(self) -> ahocorasick.Automaton:
        words = ahocorasick.Automaton()
        for word in (*self.roads, *self.landmarks):
            words.add_word(word, True)
        words.make_automaton()
        return words


NOTHING = Learned()


def names(answers: pd.DataFrame) -> Learned:
    """What `answers` (address, name, county_code, town_code) teach; those without a town nothing.

    A road with a house number and the longest landmark in address or name are taken from each.
    """
    roads, places = defaultdict(list), defaultdict(list)
    columns = ["address", "name", "county_code", "town_code"]
    for *said, county, town in answers[columns].dropna(subset="town_code").to_numpy():
        address, name = map(normalise, said)
        road, found = house(address), landmarks(address, name)
        if road:
            roads[road[0]].append(Lesson(road[1], county, town, f"{road[0]}{road[1]}号"))
        if found:
            places[found[0]].append(Lesson(0, county, town, found[0]))
    return Learned({road: sorted(lessons) for road, lessons in roads.items()}, dict(places))


def house(address: str) -> tuple[str, int] | None:
    """Road and house number of a normalised address."""
    found = _ROAD.search(address)
    if found is None:
        return None
    road = _CITY.sub("", _BEFORE.sub("", found[1][:-1]) + found[1][-1])
    return (road, int(found[2])) if len(road) > 1 else None


def landmarks(address: str, name: str) -> list[str]:
    """The landmarks in a normalised address, then those in the name, the longest first in each.

    A phrase that says no more than 农贸市场 could stand in any town and is none.
    """
    result = []
    for text in (address, name):
        found = [_CITY.sub("", _BEFORE.sub("", hit)) for hit in _LANDMARK.findall(text)]
        result += sorted((hit for hit in found if not _GENERIC.fullmatch(hit)), key=len)[::-1]
    return result


def taught(
    learned: Learned, said: tuple[str, str], text: Reading, placed: Reading, point: Point | None
) -> Reading | None:
    """The reading of a record with its town as learned; None where nothing was learned.

    `said` are its normalised address and name, `text` what they say without answers, `placed`
    what text and point say together. Whatever names a town, or needs a person, is left alone.
    """
    if text.town or placed.outside or placed.review:
        return None
    if point is not None and point.exact and placed.town:
        return None
    lesson = learned.lesson(placed.county, *said)
    if lesson is None or not _fits(lesson, text):
        return None
    method, confidence = "learned", IN_COUNTY if placed.county else ANYWHERE
    if point is not None and not plausible(lesson.town, point):
        return None
    if point is not None and point.county == lesson.county:
        method = "point+learned"
        confidence += _AGREED if point.town == lesson.town else 0.0
    return placed._replace(
        county=lesson.county,
        town=lesson.town,
        zone=zone_of(lesson.town),
        method=method,
        confidence=round(confidence, 2),
        reason=join(placed.reason, f"乡镇由人工核定的“{lesson.said}”推得"),
    )


def _fits(lesson: Lesson, text: Reading) -> bool:
    """Whether the text leaves the lesson's town open: its zone and its villages allow it."""
    if text.zone and zone_of(lesson.town) != text.zone:
        return False
    inside = [town for town in text.villages if county_of(town) == lesson.county]
    return not inside or lesson.town in inside


def _within(lessons: list[Lesson], county: str) -> list[Lesson]:
    return [one for one in lessons if one.county == county] if county else lessons


def _neighbour(lessons: list[Lesson], number: int) -> Lesson | None:
    """The nearest answer within `NEIGHBOURS` numbers.

    None where answers so near, or the next ones on both sides however far, name several towns.
    """
    numbers = [lesson.number for lesson in lessons]
    low = bisect_left(numbers, number - NEIGHBOURS)
    high = bisect_left(numbers, number + NEIGHBOURS + 1)
    place = bisect_left(numbers, number)
    near = lessons[low:high]
    around = lessons[max(place - 1, 0) : place + 1]
    if not near or not _agree(near + around):
        return None
    return min(near, key=lambda lesson: abs(lesson.number - number))


def _agree(lessons: list[Lesson]) -> bool:
    return len({lesson.town for lesson in lessons}) == 1
