"""What the county and town columns of a file say: names in full or short, or codes.

In such a column a name without its suffix is the place itself: 海州 is 海州区 in a county column
and 海州街道 in a town column. Codes have 6 digits, 9 (towns) or 12 (villages), the last ones zero
where the place is larger.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from domain.city import CITY
from domain.reference import labels, records
from geo.address_tokens import collect
from geo.gazetteer import parts
from geo.place_names import county_name, county_of, town_name

_CODE = re.compile(r"(\d{4}|\d{6}|\d{9}|\d{12})(?:\.0*)?")
_WHOLE_CITY = re.compile(
    rf"(?:{CITY.province})?(?:{CITY.name}|{CITY.short_name})?(?:全市|本市|市[区直属]|市本级|市辖区|主?城区|合计)?"
)
_COUNTY, _TOWN = 6, 9  # digits
_BLANK = frozenset(["无", "暂无", "空", "不详", "未知", "null", "none", "nan", "n/a"])


class Stated(NamedTuple):
    """What the two columns say: `text`, the names to read before the address; '' for none.

    `note` says what in them is not understood, or is out of date; `unknown`: a code that is in no
    list, which a person has to look up, whatever else the record says.
    """

    text: str = ""
    note: str = ""
    unknown: bool = False


@lru_cache(maxsize=65536)
def stated(county: str, town: str) -> Stated:
    """What the normalised cells of the two columns say."""
    if not county and not town:
        return Stated()
    cells = (_cell(county, "县区", _counties()), _cell(town, "乡镇", _towns()))
    notes = [cell.note for cell in cells if cell.note]
    texts = [cell.text for cell in cells]
    if texts[1].startswith(texts[0]):  # the code of a town names its county too
        texts[0] = ""
    return Stated("".join(texts), "；".join(notes), any(cell.unknown for cell in cells))


def _cell(written: str, column: str, names: dict[str, str]) -> Stated:
    """What one cell says."""
    code = _CODE.fullmatch(written)
    if code:
        return _coded(code[1], column)
    text = names.get(written, written)
    if not re.search(r"\w", text) or text.casefold() in _BLANK:
        return Stated()
    if _WHOLE_CITY.fullmatch(text):
        return Stated(note=f"{column}一列只写“{written}”，没有具体到{column}")
    found = collect(text)
    if found.local() or found.villages or found.other_named:
        return Stated(text)
    return Stated(note=f"{column}一列的“{written}”没有认出")


def _coded(code: str, column: str) -> Stated:
    """The place of a code: the finest level that is known."""
    own = re.sub(r"(?:000){1,2}$", "", code) if len(code) > _COUNTY else code
    if own in _whole_city():
        return Stated(note=f"{column}一列的代码“{code}”是全市，没有具体到县区")
    town = _villages().get(own) or own[:_TOWN]
    if town in _labels("towns", "town_code", "name"):
        return Stated(county_name(county_of(town)) + town_name(town))
    county = _divisions().get(own[:_COUNTY])
    if county is None:
        elsewhere = _labels("other_places", "code", "name")
        places = (elsewhere.get(place, "") for place in (f"{own[:4]}00", own[:_COUNTY]))
        where = "".join(dict.fromkeys(places))
        why = f"是外地“{where}”的" if where else "没有认出"
        return Stated(note=f"{column}一列的代码“{code}”{why}，请核对", unknown=True)
    notes = [
        f"代码“{own[:_COUNTY]}”是“{county}”"
        * (own[:_COUNTY] in _labels("division_codes", "code", "name")),
        f"代码“{code}”只认出前 6 位" * (len(own) > _COUNTY),
    ]
    return Stated(county, "；".join(note for note in notes if note))


@cache
def _counties() -> dict[str, str]:
    """Full names by the short ones in a county column."""
    names = {row["short_name"]: row["name"] for row in records("counties")}
    for row in records("zones"):
        for text in parts(row["name"], row["former_or_other_names"], row["short_names"]):
            names[text] = row["full_name"]
    return names


@cache
def _towns() -> dict[str, str]:
    """Full names by the short ones in a town column."""
    names = _labels("towns", "town_code", "name").values()
    return {re.sub(r"(街道|镇|乡)$", "", name): name for name in names}


@cache
def _divisions() -> dict[str, str]:
    """Names of counties by code: those in force, those withdrawn, and those of zones."""
    codes = _labels("counties", "county_code", "name")
    return codes | _labels("division_codes", "code", "name")


@cache
def _villages() -> dict[str, str]:
    return _labels("villages", "village_code", "town_code")


@cache
def _whole_city() -> frozenset[str]:
    """Codes of the city itself, also as 市辖区."""
    city = {code[:4] for code in _labels("counties", "county_code", "name")}
    return frozenset(code + end for code in city for end in ("", "00", "01"))


@cache
def _labels(name: str, code: str, label: str) -> dict[str, str]:
    return labels(name, code, label)
