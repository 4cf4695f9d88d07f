"""Every row of the geographic reference tables is checked against the others."""

from domain.reference import table
from geo import gazetteer
from tests.support.reference_rows import GEOGRAPHIC, problems

KEYS = [
    ("counties", "county_code"),
    ("towns", "town_code"),
    ("towns", "name"),
    ("villages", "village_code"),
    ("former_places", "name"),
    ("division_codes", "code"),
    ("landmarks", "name"),
    ("other_places", "code"),
    ("zones", "zone_id"),
]


def test_every_row_is_sound():
    assert problems(GEOGRAPHIC) == []


def test_codes_and_names_stand_once():
    assert [key for key in KEYS if not table(key[0])[key[1]].is_unique] == []


def test_aliases_name_one_town():
    towns = table("towns")
    aliases = [alias for cell in towns["aliases"] for alias in cell.split(";") if alias]
    assert len(aliases) == len(set(aliases))
    assert not set(aliases) & set(towns["name"])


def test_the_names_of_a_landmark_are_its_own():
    marks = table("landmarks")
    cells = [*marks["name"], *marks["aliases"]]
    names = [name for cell in cells for name in cell.split(";") if name]
    assert len(names) == len(set(names))
    known = {name.text: name.kind for name in gazetteer.names()}
    assert {known[name] for name in names} == {"landmark"}


def test_the_longest_name_wins():
    found = [name.text for _, _, name in gazetteer.scan("连云港市连云区海州湾街道海州街道")]
    assert found == ["连云港市", "连云区", "海州湾街道", "海州街道"]


def test_names_are_found_where_they_stand():
    text = "在连云港赣榆区青口镇王庄社区"
    spans = [(start, end, name.text) for start, end, name in gazetteer.scan(text)]
    assert all(text[start:end] == found for start, end, found in spans)
    assert [kind for *_, (_, kind, *_) in gazetteer.scan(text)] == [
        "city",
        "county",
        "town",
        "village",
    ]
