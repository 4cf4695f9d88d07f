"""The Excel workbook: its figures are the domain's, it prints, and nothing in it runs but ours."""

import io
import re
from datetime import date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries

from domain import pace
from domain.ranking import BANDS
from excel import table_sheets
from excel.workbook_writer import Book
from presentation import labels
from presentation.statements import statements
from queries import attainment, board_standings, commitments
from queries.scope import BASES, area_name
from reports import document_codes
from reports.documents.data_workbook import workbook
from reports.documents.workbook_tables import TABLES
from reports.reproducible import sealed
from store import snapshot_store
from tests.support import document_stores

COUNTY, ZONE = "320724", "YTS"
RANGE = re.compile(r"'(?P<sheet>[^']+)'!(?P<cells>\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?)")


@pytest.fixture
def city(demo_store, use_store):
    use_store(demo_store)
    return document_stores.scope(snapshot_store.Store(demo_store))


def opened(content, **how):
    return openpyxl.load_workbook(io.BytesIO(content), **how)


@pytest.fixture(scope="module")
def made(demo_store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        content = workbook(document_stores.scope(snapshot_store.Store(demo_store)))
    return content


@pytest.fixture(scope="module")
def book(made):
    return opened(made)


def top(sheet):
    """The row of the headings: panes are frozen right below it."""
    return int(sheet.freeze_panes[1:]) - 1


def table(sheet):
    """The rows of the table on a sheet under its headings, without a row of totals."""
    first, last = top(sheet), sheet.max_row
    if sheet.auto_filter.ref:
        last = range_boundaries(sheet.auto_filter.ref)[3]
    rows = list(sheet.iter_rows(min_row=first, max_row=last, values_only=True))
    width = next((i for i, head in enumerate(rows[0]) if head is None), len(rows[0]))
    return pd.DataFrame([row[:width] for row in rows[1:]], columns=rows[0][:width])


def test_every_table_has_a_sheet_with_its_title_stamp_and_code(book, city):
    assert book.sheetnames == list(TABLES)
    for sheet in book:
        assert sheet["A1"].value.startswith("全市")
        assert sheet["A2"].value.startswith("【演示数据】口径：已验证")
        assert city.snapshot_id in sheet["A2"].value
        assert document_codes.code(city) in sheet["A3"].value


def test_every_sheet_prints_on_a4_across_with_its_headings_stamp_and_page_number(book):
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage or sheet.page_setup.scale
        assert sheet.print_title_rows == f"${top(sheet)}:${top(sheet)}"
        assert "&P" in sheet.oddFooter.right.text and "&N" in sheet.oddFooter.right.text
        assert "演示数据" in sheet.oddFooter.left.text


def test_every_table_can_be_filtered(book):
    for sheet in book:
        if sheet.auto_filter.ref:
            assert range_boundaries(sheet.auto_filter.ref)[1] == top(sheet)
    assert [sheet.title for sheet in book if not sheet.auto_filter.ref] == [
        "缺的环节",
        "质询办理情况",
    ]


def test_the_overview_says_the_three_bases_and_the_due_line(book, city):
    rows, facts = table(book["总览"]).set_index("口径"), attainment.city(city).iloc[0]
    for basis, label in BASES.items():
        assert rows.loc[label, "达标率"] == pytest.approx(facts[f"share_{basis}"])
        assert rows.loc[label, "达标场所"] == facts[f"covered_{basis}"]
        assert rows.loc[label, "应达线"] == pytest.approx(pace.due_share(city.as_of))
    said = [row[0] for row in book["总览"].iter_rows(values_only=True) if row[0]]
    assert any(statements(city)["share"].text in str(line) for line in said[7:])


@pytest.mark.parametrize(("name", "kind"), [("县区排名", "county"), ("板块排名", "zone")])
def test_a_board_is_that_of_the_page_with_bounds_bands_and_possible_ranks(book, city, name, kind):
    rows = table(book[name]).set_index("县区/板块")
    found = board_standings.ranks(city, kind).set_index("area")
    assert set(rows.index) == set(found.index)
    for area, row in found.iterrows():
        assert rows.loc[area, "达标率"] == pytest.approx(row["share"])
        assert rows.loc[area, "未知的都达标时"] == pytest.approx(row["high"])
        assert rows.loc[area, "分母未知占比"] == pytest.approx(row["unknown"] / row["venues"])
        assert rows.loc[area, "分档"] == BANDS[row["band"]]
        ranks = labels.rank_range(int(row["rank_best"]), int(row["rank_worst"]))
        assert rows.loc[area, "可能名次"] == ranks
        assert (rows.loc[area, "要先核分母的场所"] == "—") == (row["unknown"] == 0)


def test_lists_are_whole_and_in_the_order_of_the_pages(book, city):
    assert list(table(book["缺口计划"])["区域编号"]) == list(attainment.plan(city)["venue_id"])
    assert len(table(book["特定区域"])) == len(attainment.venues(city))
    assert len(table(book["要补的门店"])) == len(attainment.missing(city))
    lacking = sum(
        len(commitments.measured(city, one.target.target_id).missing)
        for one in commitments.standings(city)
        if one.status != "counted"
    )
    assert len(table(book["还缺什么"])) == lacking
    counted = table(book["聚集区各月"]).iloc[-1]
    states = commitments.cluster_standing(city)["state"].value_counts()
    assert counted["成熟"] == states.get("mature", 0) and counted["保持"] == states.get("kept", 0)


def test_days_are_days_and_shares_are_shares(book):
    rows, first = book["各月走势"], top(book["各月走势"]) + 1
    assert isinstance(rows.cell(first, 1).value, datetime)
    assert rows.cell(first, 1).number_format == "yyyy-mm-dd"
    assert book["报送各月"].cell(top(book["报送各月"]) + 1, 1).number_format == "yyyy-mm"
    formats = {cell.number_format for cell in book["县区排名"]["E"][top(book["县区排名"]) :]}
    assert "0.0%" in formats
    thresholds = table(book["阈值"]).set_index("含义")["阈值"]
    assert {type(value) for value in thresholds} >= {int, float, datetime, str}


def test_what_is_unknown_is_said_and_never_zero(book, city):
    rows = table(book["特定区域"]).set_index("区域编号")
    unknown = attainment.venues(city).query("status == 'unknown'")["venue_id"]
    assert len(unknown) and set(rows.loc[unknown, "采用数"]) == {"未知"}
    assert set(rows.loc[unknown, "还差（家）"]) == {"未知"}


def test_only_the_row_of_totals_is_formulas_and_it_adds_up(made, city):
    written, shown = opened(made), opened(made, data_only=True)
    found = {
        (sheet.title, cell.row): cell.value
        for sheet in written
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert {name for name, _ in found} == {"县区板块一览"}
    assert len({row for _, row in found}) == 1
    for value in found.values():
        assert re.fullmatch(r"=(SUBTOTAL\(109,[A-Z]+\d+:[A-Z]+\d+\)|IF\(SUBTOTAL.*)", value)
    sheet = shown["县区板块一览"]
    last = next(iter(found))[1]
    totals = dict(
        zip(
            (cell.value for cell in sheet[top(sheet)]),
            (cell.value for cell in sheet[last]),
            strict=True,
        )
    )
    areas = attainment.areas(city)
    assert totals["名录场所"] == areas["venues"].sum()
    assert totals["达标场所"] == areas["covered_verified"].sum()
    assert totals["达标率"] == pytest.approx(
        areas["covered_verified"].sum() / areas["venues"].sum()
    )


def test_charts_stand_on_the_sheet_of_their_data_and_cover_all_of_it(book):
    drawn = {sheet.title: len(sheet._charts) for sheet in book if sheet._charts}
    assert drawn.pop("月度指标") == 10
    assert drawn == dict.fromkeys(
        [
            "总览",
            "各月走势",
            "县区排名",
            "板块排名",
            "补签效果",
            "目标进度",
            "聚集区各月",
            "报送各月",
        ],
        1,
    )
    for name in drawn:
        sheet = book[name]
        rows = len(table(sheet))
        for series in series_of(sheet._charts[0]):
            for part in (series.val or series.yVal, series.cat or series.xVal):
                found = RANGE.match(part.numRef.f if part.numRef else part.strRef.f)
                assert found["sheet"] == name
                _, first, _, last = range_boundaries(found["cells"].replace("$", ""))
                assert (first, last) == (top(sheet) + 1, top(sheet) + rows)


def series_of(chart):
    return [series for part in (chart, *chart._charts[1:]) for series in part.series]


def test_the_ranking_chart_stacks_what_is_unknown_on_the_share_from_cells(book):
    sheet = book["县区排名"]
    columns = sheet._charts[0]
    assert columns.grouping == "stacked" and len(columns.series) == 2
    headings = [cell.value for cell in sheet[top(sheet)]]
    for series, heading in zip(columns.series, ("达标率", "分母未知占比"), strict=True):
        column, *_ = range_boundaries(RANGE.match(series.val.numRef.f)["cells"].replace("$", ""))
        assert headings[column - 1] == heading


def test_a_denominator_stands_with_both_counts_and_a_raised_one_with_both_sources(book, city):
    rows = table(book["特定区域"])
    counted = rows[rows["采用数"] != "未知"]
    assert (counted["采用数"] == counted[["名册数", "名单数"]].astype(int).max(axis=1)).all()
    raised = counted[counted["名单数"] > counted["名册数"]]
    assert len(raised) and (raised["名单多于名册"].str.contains("名册.*名单.*报送.*采用")).all()
    assert not rows.loc[~rows.index.isin(raised.index), "名单多于名册"].fillna("").any()
    assert {"名册数", "名单数", "采用数"} <= set(table(book["缺口计划"]).columns)


def test_every_number_that_documents_state_is_listed_with_how_it_came_about(book, city):
    rows = table(book["数字来历"]).set_index("编号")
    assert list(rows["数"]) == [one.text for one in statements(city).values()]
    assert rows["计算办法"].notna().all()


@pytest.mark.parametrize("area_id", [COUNTY, ZONE])
def test_a_part_of_the_city_has_its_own_venues_and_the_whole_boards(city, area_id):
    scope = document_stores.scope(snapshot_store.default(), area_id)
    book = opened(workbook(scope))
    assert len(table(book["特定区域"])) == len(attainment.venues(scope))
    assert len(table(book["县区排名"])) == 6
    assert area_name(scope) in book["缺口计划"]["A1"].value
    assert f"范围：{area_name(scope)}" in book["缺口计划"]["A2"].value
    assert "范围" not in book["目标进度"]["A2"].value
    assert document_codes.code(city) in book["目标进度"]["A3"].value
    assert document_codes.code(scope) in book["总览"]["A3"].value


def test_without_a_register_every_sheet_stands_with_a_sentence_and_no_chart(bare_store, use_store):
    use_store(bare_store.path)
    book = opened(workbook(document_stores.scope(bare_store)))
    assert book.sheetnames == list(TABLES)
    for name in ("特定区域", "缺口计划", "示范聚集区", "聚集区各月", "报送", "月度指标"):
        sheet = book[name]
        said = [cell.value for row in sheet.iter_rows(min_row=top(sheet) + 1) for cell in row]
        assert TABLES[name].empty in said
        assert not sheet._charts
    assert "演示数据" not in book["总览"]["A2"].value


def test_nothing_from_a_file_runs_or_breaks_the_workbook(hostile_store, use_store):
    use_store(hostile_store.path)
    book = opened(workbook(document_stores.scope(hostile_store)))
    runs = {
        sheet.title for sheet in book for row in sheet.iter_rows() for cell in row
        if cell.data_type == "f"
    }  # fmt: skip
    assert runs == {"县区板块一览"}
    names = set(table(book["特定区域"])["特定区域"])
    assert names == {name.replace("\x0b", " ") for name in document_stores.HOSTILE}


def test_the_same_scope_gives_the_same_bytes(city):
    created = datetime.fromisoformat(snapshot_store.default().current().manifest["created_at"])
    once, again = (sealed(workbook(city), created) for _ in range(2))
    assert once == again


def added(book, name, stamp):
    return table_sheets.add(book, name, stamp, [], lambda heading: "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "=1+1"),
        ("a\x0bb", "a b"),
        ("半\ud83d", "半 "),
        (float("nan"), None),
        (float("inf"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (None, None),
        (np.int64(3), 3),
        (np.bool_(True), "是"),
        (pd.Timestamp("2026-06-30"), datetime(2026, 6, 30)),
        (date(2026, 6, 30), datetime(2026, 6, 30)),
        (date(1899, 1, 1), "1899-01-01"),
    ],
)
def test_a_cell_takes_whatever_comes(value, shown):
    book = Book()
    added(book, "表", "口径").table(pd.DataFrame({"某栏": pd.Series([value], dtype="object")}))
    assert opened(book.content())["表"]["A2"].value == shown


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    book = Book()
    added(book, "表", "口径").table(pd.DataFrame({"某栏": ["😀" * 40_000]}))
    value = opened(book.content())["表"]["A2"].value
    assert value.endswith("…") and len(value.encode("utf-16-le")) // 2 <= 32_767


def test_names_that_excel_refuses_for_a_sheet_are_made_to_fit():
    book = Book()
    for name in ("A/B:[行]?", "长" * 40, "长" * 41, "", "全部", "'全部'"):
        added(book, name, "口径").table(pd.DataFrame({"某栏": [1]}))
    names = opened(book.content()).sheetnames
    assert len(set(names)) == 6 and all(0 < len(name) <= 31 for name in names)


def test_a_stamp_longer_than_a_footer_is_cut_and_its_signs_are_text():
    book = Book()
    added(book, "表", "A&B" + "长" * 400).table(pd.DataFrame({"某栏": [1]}))
    assert "A&B长" in opened(book.content())["表"].oddFooter.left.text.replace("&&", "&")


def test_labels_and_columns_agree(city):
    for name, one in TABLES.items():
        frame = one.frame(city)
        assert not frame.columns.duplicated().any(), name
        if one.columns:
            assert list(frame.columns) == [labels.COLUMNS[column][0] for column in one.columns]
