"""Sets of documents, with their real figures, as they come out of a printer."""

import io
import re

import pytest
from docx import Document
from pptx import Presentation

from queries import attainment
from reports import document_set
from reports.documents import brief
from store import snapshot_store
from tests.support import document_stores, office
from tests.support.blank_pictures import BlankPictures
from tests.support.rare_sheets import crowded_plan

PARTS = ["brief", "tables", "slides"]
NAMES = {
    "工作通报.docx": "brief.docx",
    "数据表.xlsx": "tables.xlsx",
    "领导汇报.pptx": "slides.pptx",
}
PRINTED = re.compile("\\s|[^\\u0000-\\uffff]")  # blanks, and what few fonts have a sign for
HOSTILE = '<b>粗</b>{{ title }}=1+1#let & " 🎉\x0b尾'


@pytest.fixture(scope="module")
def made(demo_store, bare_store, hostile_store):
    """The Office documents of four sets, and a brief of hundreds of gaps, by set and name."""
    demo = snapshot_store.Store(demo_store)
    stores = {
        "demo": (demo, ""),
        "county": (demo, "320723"),
        "nothing": (bare_store, ""),
        "harm": (hostile_store, "320723"),
    }
    documents = {}
    with pytest.MonkeyPatch.context() as patch:
        for kind, (home, area_id) in stores.items():
            patch.setenv("COVERAGE_STORE", str(home.path))
            files = document_set.build(document_stores.scope(home, area_id), PARTS)
            documents |= {f"{kind}-{name}": files[path] for path, name in NAMES.items()}
        patch.setenv("COVERAGE_STORE", str(demo_store))
        scope = document_stores.scope(demo)
        plan = crowded_plan(scope, HOSTILE)
        patch.setattr(attainment, "plan", lambda _: plan)
        documents["crowded-brief.docx"] = brief.brief(scope, BlankPictures())
    return documents


@pytest.fixture(scope="module")
def printed(made):
    """The documents of `made` as PDF by set and name; LibreOffice prints them all in one run."""
    sets = {}
    for file, content in office.pdfs(made).items():
        kind, name = file.split("-")
        sets.setdefault(kind, {})[name] = content
    return sets


@pytest.fixture(params=["demo", "county", "nothing", "harm"])
def documents(request, printed):
    return printed[request.param]


def test_no_page_is_empty_and_none_is_black(documents):
    for name, content in documents.items():
        for number, ink in enumerate(office.inks(content), start=1):
            assert 0.002 < ink < 0.7, (name, number, ink)


@pytest.mark.parametrize("kind", ["demo", "county", "nothing", "harm"])
def test_a_slide_is_a_page(made, printed, kind):
    deck = Presentation(io.BytesIO(made[f"{kind}-slides.pptx"]))
    assert office.pages(printed[kind]["slides.pptx"]) == len(deck.slides) > 1


def test_a_brief_stays_a_brief(documents):
    assert 4 <= office.pages(documents["brief.docx"]) <= 30


def test_a_brief_has_a_number_and_text_on_every_page(documents):
    for number, text in enumerate(office.texts(documents["brief.docx"]), start=1):
        assert f"—{number}—" in text and len(text) > 60


def test_a_brief_of_the_city_is_as_long_as_it_was_and_without_data_it_is_short(printed):
    assert 8 <= office.pages(printed["demo"]["brief.docx"]) <= 26
    assert office.pages(printed["nothing"]["brief.docx"]) <= 9


def test_hundreds_of_gaps_with_long_names_print_on_a_few_pages(printed):
    assert office.pages(printed["crowded"]["brief.docx"]) <= 48


@pytest.mark.parametrize("kind", ["demo", "county", "nothing", "harm", "crowded"])
def test_no_row_of_a_brief_is_lost_or_split(made, printed, kind):
    pages = [PRINTED.sub("", page) for page in office.texts(printed[kind]["brief.docx"])]
    for table in Document(io.BytesIO(made[f"{kind}-brief.docx"])).tables:
        for row in table.rows:
            cells = [PRINTED.sub("", cell.text) for cell in row.cells]
            assert any(all(cell in page for cell in cells) for page in pages), cells


def test_every_page_of_demo_data_says_so(printed):
    for kind in ("demo", "county", "harm"):
        for name in ("brief.docx", "slides.pptx"):
            assert all("演示数据" in text for text in office.texts(printed[kind][name]))


def test_real_data_bear_no_mark_of_a_demo(printed):
    for name, content in printed["nothing"].items():
        assert not any("演示数据" in text for text in office.texts(content)), name


def test_names_that_mean_harm_are_printed_as_they_are(printed):
    text = "".join(office.texts(printed["harm"]["tables.xlsx"]))
    assert "=1+1" in text and "<b>粗</b>" in text and "{{x}}" in text
