"""Whole sets of documents, with their real figures, as they come out of a printer."""

import pytest

from reports import document_set
from store import snapshot_store
from tests.support import document_stores, office

PARTS = ["brief", "tables", "slides"]
NAMES = {
    "工作通报.docx": "brief.docx",
    "数据表.xlsx": "tables.xlsx",
    "领导汇报.pptx": "slides.pptx",
}
SLIDES = 8


def printed(home, area_id=""):
    """The Office documents of a set on the version in force of `home`, as PDF by plain names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(home.path))
        files = document_set.build(document_stores.scope(home, area_id), PARTS)
    return office.pdfs({name: files[path] for path, name in NAMES.items()})


@pytest.fixture(scope="module")
def demo(demo_store):
    return printed(snapshot_store.Store(demo_store))


@pytest.fixture(scope="module")
def county(demo_store):
    return printed(snapshot_store.Store(demo_store), "320723")


@pytest.fixture(scope="module")
def nothing(tmp_path_factory):
    return printed(document_stores.bare(tmp_path_factory.mktemp("bare")))


@pytest.fixture(scope="module")
def harm(demo_store, tmp_path_factory):
    return printed(document_stores.hostile(demo_store, tmp_path_factory.mktemp("hostile")))


@pytest.fixture(params=["demo", "county", "nothing", "harm"])
def documents(request):
    return request.getfixturevalue(request.param)


def test_no_page_is_empty_and_none_is_black(documents):
    for name, content in documents.items():
        for number, ink in enumerate(office.inks(content), start=1):
            assert 0.002 < ink < 0.7, (name, number, ink)


def test_a_slide_is_a_page(documents):
    assert office.pages(documents["slides.pptx"]) == SLIDES


def test_a_brief_stays_a_brief(documents):
    assert 4 <= office.pages(documents["brief.docx"]) <= 18


def test_every_page_of_demo_data_says_so(demo, county, harm):
    for set_of in (demo, county, harm):
        for name in ("brief.docx", "slides.pptx"):
            assert all("演示数据" in text for text in office.texts(set_of[name]))


def test_real_data_bear_no_mark_of_a_demo(nothing):
    for name, content in nothing.items():
        assert not any("演示数据" in text for text in office.texts(content)), name


def test_names_that_mean_harm_are_printed_as_they_are(harm):
    text = "".join(office.texts(harm["tables.xlsx"]))
    assert "=1+1" in text and "<b>粗</b>" in text and "{{x}}" in text
