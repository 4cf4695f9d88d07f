"""A figure is the same on page, brief, one-pager, workbook and slides, and in the interface."""

import io
import re
from dataclasses import replace
from datetime import date

import docx
import openpyxl
import pandas as pd
import pptx
import pypdf
import pytest

from api.questions import Question
from api.resources import RESOURCES
from presentation import labels
from queries import attainment
from queries.scope import Scope, areas_by_name
from reports.documents import brief, brief_templates, data_workbook, one_pager, slides
from store import snapshot_store
from tests.support.blank_pictures import BlankPictures
from tests.support.pages import open_page

LEAST = 200  # figures


@pytest.fixture(scope="module")
def city(demo_store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        current = snapshot_store.default().current()
        yield Scope(current.id, date.fromisoformat(current.manifest["as_of"]))


@pytest.fixture(scope="module")
def areas(city):
    """What the questions answer: venues, covered, share, unknown, needed of every area."""
    return attainment.areas(city).set_index("area")


def rows_of(tables):
    """The rows of tables of a document, as texts of their cells."""
    return [[cell.text.strip() for cell in row.cells] for one in tables for row in one.rows]


def test_two_hundred_figures_are_the_same_everywhere(city, areas):
    told = {**of_workbook(city), **of_interface(city)}
    texts = {**of_brief(city), **of_slides(city), **of_front(city), **of_pagers(city)}
    compared = 0
    for area, row in areas.iterrows():
        figures = {"venues": row["venues"], "covered": row["covered_verified"],
                   "share": row["share_verified"], "unknown": row["unknown"],
                   "contracted": row["covered_contracted"], "active": row["covered_active"],
                   "needed": row["needed"]}  # fmt: skip
        for place, found in told.items():
            for name, value in found[area].items():
                assert value == pytest.approx(figures[name]), (place, area, name)
                compared += 1
        written = {"covered": str(figures["covered"]), "venues": str(figures["venues"]),
                   "share": labels.percent(figures["share"])}  # fmt: skip
        for place, found in texts.items():
            for name, text in found[area].items():
                assert text == written[name], (place, area, name)
                compared += 1
    assert compared >= LEAST


def of_workbook(city):
    book = openpyxl.load_workbook(io.BytesIO(data_workbook.workbook(city)), data_only=True)
    rows = list(book["县区板块"].values)
    frame = pd.DataFrame(rows[1:], columns=rows[0]).set_index("县区/板块")
    names = {"名录场所": "venues", "达标场所": "covered", "达标率": "share",
             "应覆盖数待核": "unknown", "达标场所（已签约）": "contracted",
             "达标场所（活跃）": "active"}  # fmt: skip
    return {"workbook": frame[list(names)].rename(columns=names).T.to_dict()}


def of_interface(city):
    (areas,) = [one for one in RESOURCES if one.path == "areas"]
    snapshot = snapshot_store.default().snapshot(city.snapshot_id)

    def told(basis):
        return areas.rows(Question(city, snapshot, basis, 1, 100)).set_index("area")

    found = told("verified")[["venues", "covered", "share", "unknown"]]
    others = {basis: told(basis)["covered"] for basis in ("contracted", "active")}
    return {"interface": found.assign(**others).T.to_dict()}


def of_brief(city):
    template = brief_templates.standard("brief")
    content = brief.brief(city, BlankPictures(), template, brief.Letter())
    rows = [row for row in rows_of(docx.Document(io.BytesIO(content)).tables) if len(row) == 9]
    return {"brief": {row[1]: parts(row[2], row[3]) for row in rows if row[1] in areas_by_name()}}


def of_slides(city):
    deck = pptx.Presentation(io.BytesIO(slides.slides(city, BlankPictures())))
    shapes = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]
    rows = [row for row in rows_of(one.table for one in shapes) if row[0] in areas_by_name()]
    return {"slides": {row[0]: parts(row[1], row[2]) for row in rows if "/" in row[1]}}


def of_front(city):
    """The ten rows of the front page, and the number of each area's own."""
    found = {}
    for area in areas_by_name():
        app = open_page("overview", area=area, as_of=str(city.as_of))
        text = re.sub(r"<[^>]+>", "", "".join(one.value for one in app.get("html")))
        share = re.search(r"(\d+\.\d%)特定区域达标 (\d+) / (\d+)", text)
        found[area] = {"share": share[1], "covered": share[2], "venues": share[3]}
    return {"front page": found}


def of_pagers(city):
    found = {}
    for area, area_id in areas_by_name().items():
        own = replace(city, area_id=area_id)
        text = (
            pypdf.PdfReader(io.BytesIO(one_pager.pdf(own, BlankPictures()))).pages[0].extract_text()
        )
        share = re.search(r"(\d+\.\d%)", text)
        counts = re.search(r"达标\s*(\d+)\s*/\s*(\d+)", text)
        found[area] = {"share": share[1], "covered": counts[1], "venues": counts[2]}
    return {"one-pager": found}


def parts(counts, share):
    """The two counts of a text such as 24/34, and the share beside it."""
    covered, venues = re.findall(r"\d+", counts)
    return {"covered": covered, "venues": venues, "share": share}
