"""Towns inferred from people's answers about neighbouring addresses and the same landmarks.

The answer for 海连中路58号 very probably holds for 海连中路60号, and for every other shop of the
same market. It is used only where the text names no town, is marked as inferred, and the reason
names the answer. Contradicting answers are not used.
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
from geo import confidence
from geo.addresses import Reading, join, normalise
from geo.agreement import plausible
from geo.place_names import county_of, zone_of
from geo.point_placing import Point

NEIGHBOURS = 20  # house numbers within which a street rarely leaves a town and comes back

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
    """One answer: house number (0 for a landmark), codes of the place, and the phrase it is for."""

    number: int
    county: str
    town: str
    phrase: str


@dataclass(frozen=True)
class Learned:
    """Lessons by road, in order of house numbers, and by landmark; false if there are none."""

    roads: dict[str, list[Lesson]] = field(default_factory=dict)
    landmarks: dict[str, list[Lesson]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is any lesson."""
        return bool(self.roads or self.landmarks)

    def lesson(self, county: str, address: str, name: str) -> Lesson | None:
        """The answer that fits these normalised texts; `county` is '' where it is unknown.

        None where no answer fits, or where answers contradict each other.
        """
        if next(self._words.iter(f"{address} {name}"), None) is None:  # as in most texts
            return None
        road = house(address)
        beside = road and _neighbour(_within(self.roads.get(road[0], []), county), road[1])
        known = [place for place in landmarks(address, name) if place in self.landmarks]
        inside = _within(self.landmarks[known[0]], county) if known else []
        answers = [*inside, beside] if beside else inside
        return answers[0] if _agree(answers) else None

    @cached_property
    def _words(self) -> ahocorasick.Automaton:
        """The roads and landmarks of the lessons."""
        words = ahocorasick.Automaton()
        for word in (*self.roads, *self.landmarks):
            words.add_word(word, True)
        words.make_automaton()
        return words


NOTHING = Learned()


def lessons(answers: pd.DataFrame) -> Learned:
    """Lessons of `answers` (address, name, county_code, town_code) that have a town.

    Each gives one for its road and house number, and one for its longest landmark.
    """
    roads, places = defaultdict(list), defaultdict(list)
    columns = ["address", "name", "county_code", "town_code"]
    for *texts, county, town in answers[columns].dropna(subset="town_code").to_numpy():
        address, name = map(normalise, texts)
        road, marks = house(address), landmarks(address, name)
        if road:
            roads[road[0]].append(Lesson(road[1], county, town, f"{road[0]}{road[1]}号"))
        if marks:
            places[marks[0]].append(Lesson(0, county, town, marks[0]))
    return Learned({road: sorted(on_road) for road, on_road in roads.items()}, dict(places))


def house(address: str) -> tuple[str, int] | None:
    """Road and house number of a normalised address."""
    match = _ROAD.search(address)
    if match is None:
        return None
    road = _CITY.sub("", _BEFORE.sub("", match[1][:-1]) + match[1][-1])
    return (road, int(match[2])) if len(road) > 1 else None


def landmarks(address: str, name: str) -> list[str]:
    """The landmarks in a normalised address, then those in the name, the longest first in each.

    A generic phrase such as 农贸市场, which exists in any town, is no landmark.
    """
    result = []
    for text in (address, name):
        marks = [_CITY.sub("", _BEFORE.sub("", hit)) for hit in _LANDMARK.findall(text)]
        result += sorted((mark for mark in marks if not _GENERIC.fullmatch(mark)), key=len)[::-1]
    return result


def inferred(
    learned: Learned, texts: tuple[str, str], text: Reading, placed: Reading, point: Point | None
) -> Reading | None:
    """The reading of a record with its town as learned; None where no answer fits.

    `texts` are its normalised address and name, `text` their reading, `placed` that of text and
    point together. A record with a town in its text, or in review, is left as it is.
    """
    if text.town or placed.outside or placed.review:
        return None
    if point is not None and point.exact and placed.town:
        return None
    lesson = learned.lesson(placed.county, *texts)
    if lesson is None or not _fits(lesson, text):
        return None
    method, level = "learned", confidence.LEARNED if placed.county else confidence.LEARNED_ALONE
    if point is not None and not plausible(lesson.town, point):
        return None
    if point is not None and point.county == lesson.county:
        method = "point+learned"
        level += confidence.LEARNED_POINT_GAIN if point.town == lesson.town else 0.0
    return placed._replace(
        county=lesson.county,
        town=lesson.town,
        zone=zone_of(lesson.town),
        method=method,
        confidence=round(level, 2),
        reason=join(placed.reason, f"乡镇由人工核定的“{lesson.phrase}”推得"),
    )


def _fits(lesson: Lesson, text: Reading) -> bool:
    """Whether the zone and the villages of the text allow the lesson's town."""
    if text.zone and zone_of(lesson.town) != text.zone:
        return False
    inside = [town for town in text.villages if county_of(town) == lesson.county]
    return not inside or lesson.town in inside


def _within(answers: list[Lesson], county: str) -> list[Lesson]:
    return [lesson for lesson in answers if lesson.county == county] if county else answers


def _neighbour(answers: list[Lesson], number: int) -> Lesson | None:
    """The nearest answer within `NEIGHBOURS` numbers.

    None where the answers within them, or the next ones on both sides, name several towns.
    """
    numbers = [lesson.number for lesson in answers]
    low = bisect_left(numbers, number - NEIGHBOURS)
    high = bisect_left(numbers, number + NEIGHBOURS + 1)
    place = bisect_left(numbers, number)
    near = answers[low:high]
    around = answers[max(place - 1, 0) : place + 1]
    if not near or not _agree(near + around):
        return None
    return min(near, key=lambda lesson: abs(lesson.number - number))


def _agree(answers: list[Lesson]) -> bool:
    return len({lesson.town for lesson in answers}) == 1
