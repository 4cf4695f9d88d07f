"""Documents say only what the data carries, and every number can be traced."""

import re
from dataclasses import replace
from datetime import date

import pytest

from domain import pace
from presentation import labels, wording
from presentation.statements import statements
from queries import attainment
from queries.scope import Scope, areas_by_name
from store import snapshot_store
from tests.support.bank_files import AS_AT, merchants, put
from ui import menu

SECTIONS = (wording.overall, wording.areas, wording.gaps)
CITY_SECTIONS = (*SECTIONS, wording.clusters, wording.targets, wording.tasks)


@pytest.fixture(scope="module")
def scope(demo_store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        current = snapshot_store.default().current()
        yield Scope(current.id, date.fromisoformat(current.manifest["as_of"]))


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d,.]*", text))


def test_numbers_are_those_of_the_domain(scope):
    made = statements(scope)
    city = attainment.city(scope).iloc[0]
    assert made["venues"].text == f"{city['venues']}个"
    assert made["covered"].value == attainment.venues(scope)["covered_verified"].sum()
    assert made["share"].value == made["covered"].value / made["venues"].value
    assert made["lag"].value == made["share"].value - pace.due_share(scope.as_of)
    assert made["unknown"].value == (attainment.venues(scope)["status"] == "unknown").sum()
    assert made["short"].value == len(attainment.plan(scope))
    assert made["needed"].value == attainment.plan(scope)["signings"].iloc[-1]
    assert made["asked"].value == made["came"].value + made["silent"].value


def test_half_of_the_gaps_are_the_cheapest(scope):
    made, plan = statements(scope), attainment.plan(scope)
    half = plan.iloc[: made["half_venues"].value]
    assert made["half_venues"].value == len(plan) // 2
    assert half["signings"].iloc[-1] == made["half_units"].value
    assert half["needed"].max() <= plan["needed"].iloc[len(half) :].min()


@pytest.mark.parametrize("area", ["", *areas_by_name().values()])
def test_every_number_in_a_sentence_is_a_statement_or_a_day(scope, area):
    here = replace(scope, area_id=area)
    known = {number for made in statements(here).values() for number in numbers(made.text)}
    before = attainment.month_before(here.as_of)
    days = {here.as_of, before}
    known |= {str(part) for day in days for part in (day.year, day.month, day.day)}
    known |= {"30", "95", "2"}  # of the strict basis, the interval, the floor of clusters
    for section in SECTIONS if area else CITY_SECTIONS:
        for sentence in section(here):
            assert numbers(sentence) <= known, sentence


def test_every_statement_has_a_number_of_its_own_and_a_page(scope):
    made = list(statements(scope).values())
    assert [one.number for one in made] == sorted(
        (one.number for one in made), key=lambda number: int(number[1:])
    )
    made += statements(replace(scope, area_id="320706")).values()
    by_number = {one.number: one.key for one in made}
    assert len(by_number) == len({one.key for one in made})
    addresses = {f"/{entry.path}" for entry in menu.entries() if entry.listed}
    for one in made:
        assert one.page in addresses
        assert one.how and one.clause and "None" not in one.text and "nan" not in one.text


def test_a_formula_names_statements_that_exist(scope):
    for area in ("", "320706"):
        made = statements(replace(scope, area_id=area)).values()
        known = {one.number for one in made}
        assert {name for one in made for name in re.findall(r"S\d{2,3}", one.how)} <= known


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5625, "56.3%"), (0.99996, "99.9%"), (0.00001, "0.1%"), (1, "100.0%"), (0, "0.0%")],
)
def test_shares_are_rounded_as_people_do_and_never_up_to_the_whole(value, text):
    assert labels.percent(value) == text


def test_a_day_before_any_data_claims_nothing(scope):
    early = replace(scope, as_of=date(2019, 6, 1))
    texts = " ".join(sentence for section in CITY_SECTIONS for sentence in section(early))
    assert "还没有登记过每月信息" in texts
    assert "nan" not in texts and "None" not in texts


def test_what_was_never_reported_is_unknown(tmp_path, use_store):
    home = snapshot_store.Store(tmp_path / "store")
    scope = Scope(put([merchants(tmp_path / "工行")], home).id, AS_AT)
    use_store(home.path)
    made = statements(scope)
    assert "clusters" not in made and "asked" not in made
    assert "个数未知" in wording.clusters(scope)[0]
    assert "报送情况未知" in wording.tasks(scope)[0]
