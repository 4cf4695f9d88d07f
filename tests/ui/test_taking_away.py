"""Every chart, map and page can be taken away: as a picture, as a table, on paper; and the wall."""

import io

import openpyxl
import pypdf
import pytest

from domain.visitors import Visitor
from presentation import front_wording, scope_charts
from queries import attainment
from queries.scope import Scope
from reports.documents import printed_page
from reports.figures import figure_files
from tests.support.linked_stores import linked_copy
from tests.support.pages import PAGES, open_as, open_page
from ui import page_charts, page_downloads, page_pictures, session
from ui.wall_screen import wall_slides

TABS = ["部门", "运营机构", "进步榜", "指标", "综合视角"]
VIEWS = [*((stem, {}) for stem in PAGES), *(("county_ranking", {"board": tab}) for tab in TABS)]
VIEWS += [("overview", {"area": "灌云县", "area_part": "year"})]
WORKBENCHES = {"data_import", "review_queue", "user_rights", "report_export"}
"""Pages on which something is done; what they make is a file already."""


@pytest.fixture
def given(monkeypatch):
    """What pages offer to take away by file name: functions that make it, or bytes."""
    found = {}
    file = page_downloads.file

    def noted(label, content, name, **options):
        found[name] = content if callable(content) else lambda: content
        file(label, content, name, **options)

    monkeypatch.setattr(page_downloads, "file", noted)
    return found


def record_of(stem):
    """What the page of a record is opened with: the first record that there is."""
    facts = session.current()
    scope = Scope(facts["id"], session.last_day(facts))
    if stem == "venue_record":
        return {"venue_id": str(attainment.venues(scope)["venue_id"].iloc[0])}
    if stem == "shop_record":
        return {"shop_id": str(attainment.missing(scope)["merchant_key"].iloc[0])}
    return {}


def test_the_work_list_is_printed_whole_for_the_number_that_is_typed(
    demo_store, use_store, given, monkeypatch
):
    papers = []
    pdf = printed_page.pdf
    monkeypatch.setattr(
        printed_page, "pdf", lambda said, made: papers.append(said) or pdf(said, made)
    )
    use_store(demo_store)
    app = open_page("gap_list")
    app.number_input(key="signings").set_value(20).run()
    (name,) = [name for name in given if "补点工作单（20 家）" in name]
    assert given[name]().startswith(b"%PDF")
    (said,) = papers
    (table,) = said.tables
    assert len(said.figures) == 1 and "再签 20 家" in said.sentence
    assert list(table.frame["序号"]) == list(range(1, len(table.frame) + 1))
    assert len(table.frame) == len(app.dataframe[1].value) > 1


@pytest.mark.parametrize(("stem", "query"), VIEWS)
def test_a_page_is_taken_away_as_charts_on_paper_excel_tables_and_in_print(
    stem, query, demo_store, use_store, given, monkeypatch
):
    use_store(demo_store)
    shown, books = [], []
    show, write = page_charts.show, page_downloads.workbook

    def shown_too(chart, title, stamp, key=None):
        shown.append((chart, title, stamp))
        return show(chart, title, stamp, key)

    def kept(*sheets, **options):
        books.append(write(*sheets, **options))
        return books[-1]

    monkeypatch.setattr(page_charts, "show", shown_too)
    monkeypatch.setattr(page_downloads, "workbook", kept)
    app = open_page(stem, **query, **record_of(stem))
    assert not app.exception and not app.error
    assert shown or stem not in {"overview", "county_ranking", "gap_list", "target_progress"}
    for chart, title, stamp in shown:
        drawn_on_paper_with_its_data(chart, title, stamp)
    for name, make in given.items():
        if name.endswith(".xlsx"):
            make()
    for book in books:
        excel_tables_with_all_their_headings(book)
    papers = [make() for name, make in given.items() if name.endswith(".pdf")]
    assert papers or stem in WORKBENCHES
    for paper in papers:
        printed_with_its_stamp(paper)


def drawn_on_paper_with_its_data(chart, title, stamp):
    assert page_charts.on_paper(chart, title).sheet(stamp).figure.axes, title
    assert len(chart.points()) > 0, title
    for one in page_charts.figure(chart).data:
        assert one.hovertemplate or one.hoverinfo == "skip", title


def excel_tables_with_all_their_headings(book):
    for sheet in openpyxl.load_workbook(io.BytesIO(book)):
        (table,) = sheet.tables.values()
        headings = [cell.value for cell in sheet[table.ref][0]]
        assert headings == table.column_names and all(headings), sheet.title


def printed_with_its_stamp(paper):
    pages = pypdf.PdfReader(io.BytesIO(paper)).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert all("演示数据" in text and f"共{len(pages)}页" in text for text in texts)
    assert "nan" not in "".join(texts).lower().replace("tenant", "")


def test_the_paper_of_a_county_has_its_rank_its_way_up_and_what_lapses(
    demo_store, use_store, given
):
    use_store(demo_store)
    open_page("overview", area="灌云县")
    (make,) = (make for name, make in given.items() if name.startswith("灌云县_特定区域覆盖情况"))
    first = "".join(pypdf.PdfReader(io.BytesIO(make())).pages[0].extract_text().split())
    facts = session.current()
    scope = Scope(facts["id"], session.last_day(facts), area_id="320723")
    said = front_wording.rank(scope), front_wording.way(scope)[1], front_wording.ending(scope)
    assert all("".join(one.split()) in first for one in said if one) and said[0] and said[1]


@pytest.mark.parametrize(
    ("stem", "query", "sheet"),
    [
        ("overview", {}, "县区、板块"),
        ("overview", {"area": "灌云县"}, "特定区域"),
        ("overview", {"area": "灌云县", "town": "下车镇"}, "特定区域"),
        ("coverage_map", {"layer": "特定区域状态"}, "全市的特定区域"),
        ("coverage_map", {"area": "灌云县", "town": "下车镇"}, "下车镇的受理点（未验证在前）"),
        ("demonstration_clusters", {}, "聚集区"),
        ("gap_list", {}, "计划里的场所"),
    ],
)
def test_a_map_is_taken_as_picture_and_table(stem, query, sheet, demo_store, use_store, given):
    use_store(demo_store)
    assert not open_page(stem, **query).exception
    books = {name: make for name, make in given.items() if name.endswith(".xlsx")}
    named = [openpyxl.load_workbook(io.BytesIO(make())).sheetnames for make in books.values()]
    at = next(place for place, names in enumerate(named) if names == [*names[:-1], sheet])
    name = list(books)[at].removesuffix(".xlsx")
    assert given[f"{name}.png"]().startswith(b"\x89PNG")
    assert b"<svg" in given[f"{name}.svg"]()


def test_a_picture_says_what_it_is_of_and_on_what_it_stands(demo_store, use_store):
    use_store(demo_store)
    facts = session.current()
    scope = Scope(facts["id"], session.last_day(facts))
    chart = page_charts.on_paper(scope_charts.trend(scope), "全市各月达标率")
    sheet = chart.sheet(session.stamp(scope))
    text = "".join(one.get_text() for one in sheet.figure.texts).replace("\n", "")
    assert "全市各月达标率" in text and scope.snapshot_id in text and "演示数据" in text
    assert figure_files.png(sheet) == figure_files.png(chart.sheet(session.stamp(scope)))


def test_a_chart_has_no_words_of_plotlys_own(demo_store, use_store):
    use_store(demo_store)
    for chart in open_page("overview").get("plotly_chart"):
        assert '"displayModeBar": false' in chart.proto.config
        assert '"showTips": false' in chart.proto.config


@pytest.mark.parametrize("query", [{}, {"area": "灌云县"}, {"area": "经开区"}])
@pytest.mark.parametrize("day", ["2026-10-31", "2024-06-30", "2023-01-01"])
def test_the_wall_shows_the_city_or_an_area_on_any_day(query, day, demo_store, use_store):
    use_store(demo_store)
    app = open_page("overview", view="screen", as_of=day, **query)
    assert not app.exception and not app.error
    (wall,) = [one.value for one in app.get("html") if 'class="wall"' in one.value]
    assert query.get("area", "连云港市") + "数字人民币场景覆盖" in wall
    assert wall.count('class="slide"') == 4 and "演示数据" in wall and f"截至 {day}" in wall
    assert "nan" not in wall.lower().partition("data:")[0]


def test_any_pages_address_leads_to_the_wall_and_esc_back(demo_store, use_store):
    use_store(demo_store)
    app = open_page("gap_list", view="screen")
    (leave,) = [button for button in app.button if button.key == "leave-wall"]
    assert not app.header
    leave.click().run()
    assert app.header and "view" not in app.query_params


def test_the_wall_names_to_a_county_its_own_alone(demo_store, use_store, trusted_header, tmp_path):
    use_store(linked_copy(demo_store, tmp_path / "store"))
    facts = session.current()
    whole = Scope(facts["id"], session.last_day(facts))
    everybody = wall_slides.wall(whole, "口径")
    app = open_as(Visitor("灌云", "county", "320723", login="guanyun"), "overview", view="screen",
                  area="全市")  # fmt: skip
    (wall,) = [one.value for one in app.get("html") if 'class="wall"' in one.value]
    changed = attainment.changes(whole)
    others = changed[changed["county_code"] != "320723"]["name"]
    assert len(others) and all(name in everybody for name in others)
    assert not any(name in wall for name in others)


def test_the_control_makes_nothing_before_it_is_asked(demo_store, use_store, monkeypatch):
    use_store(demo_store)
    made = []
    monkeypatch.setattr(page_pictures.Figure, "sheet", lambda *args: made.append(args))
    assert not open_page("county_ranking").exception
    assert made == []
