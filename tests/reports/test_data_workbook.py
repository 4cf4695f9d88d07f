"""The Excel workbook: flat tables whose figures are the domain's, and nothing runs but ours."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries

from domain import pace
from domain.city import CITY
from domain.clusters import MATURE
from domain.ranking import BANDS
from domain.visitors import Sight
from excel import table_sheets
from excel.workbook_writer import Book
from presentation import labels, scope_charts
from presentation.palette import BAND_COLOURS
from presentation.statements import statements
from queries import attainment, board_standings, commitments
from queries.scope import BASES, area_name
from reports import document_codes
from reports.documents.data_workbook import CONTENTS, workbook
from reports.documents.workbook_tables import DAYS, NUMBERS, TABLES, typed
from reports.reproducible import sealed
from store import snapshot_store
from tests.support import document_stores
from tests.support.stated import JUNE, Office, venue

COUNTY, ZONE = "320724", "YTS"
RANGE = re.compile(r"'(?P<sheet>[^']+)'!(?P<cells>\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?)")
OF_PLACES = ("明细", "要补的门店和环节", "示范聚集区", "质询办理情况")
OF_AREAS = ("县区板块", "目标还缺")
COUNTS = (
    "名录场所",
    "达标场所（已签约）",
    "达标场所",
    "达标场所（活跃）",
    "应覆盖数待核",
    "还差（家）",
)


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


def data_sheets(book):
    return [sheet for sheet in book if sheet.title != CONTENTS]


def table(sheet):
    """The rows of the Excel table on a sheet under its headings; unknown is None."""
    (found,) = sheet.tables.values()
    rows = [[cell.value for cell in row] for row in sheet[found.ref]]
    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype="object")
    return frame.dropna(how="all")


def read(content, name):
    """A sheet as a program reads it that knows nothing of this workbook."""
    return pd.read_excel(io.BytesIO(content), sheet_name=name, engine="openpyxl")


def test_at_most_twelve_sheets_and_the_contents_lead_to_each(book):
    assert book.sheetnames == [CONTENTS, *TABLES] and len(book.sheetnames) <= 12
    rows = table(book[CONTENTS])
    assert list(rows["表"]) == list(TABLES)
    links = [cell.hyperlink.location for cell in book[CONTENTS]["A"] if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in TABLES]
    assert list(rows["行数"]) == [len(table(sheet)) for sheet in data_sheets(book)]


def test_the_contents_say_title_stamp_code_and_sentences(book, city):
    sheet = book[CONTENTS]
    assert sheet["A1"].value.startswith("全市")
    assert sheet["A2"].value.startswith("【演示数据】口径：已验证")
    assert city.snapshot_id in sheet["A2"].value
    assert document_codes.code(city) in sheet["A3"].value
    said = [row[0] for row in sheet.iter_rows(min_row=17, values_only=True) if row[0]]
    assert any(statements(city)["share"].text in line for line in said)


def test_the_file_tells_who_made_it_and_what_of(book):
    properties = book.properties
    assert properties.creator == CITY.dashboard and properties.title.startswith("全市")
    assert properties.description.startswith("【演示数据】")


@pytest.fixture(scope="module", params=["demo", "county", "zone", "nothing", "harm"])
def any_book(request, demo_store, bare_store, hostile_store):
    """The workbook of a store that is easy or hard, and what is in its tables."""
    demo = snapshot_store.Store(demo_store)
    homes = {"nothing": bare_store, "harm": hostile_store}
    home = homes.get(request.param, demo)
    area_id = {"county": COUNTY, "zone": ZONE}.get(request.param, "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(home.path))
        return opened(workbook(document_stores.scope(home, area_id)))


def test_every_table_has_its_headings_in_the_first_row_a_name_and_nothing_else_above(any_book):
    for sheet in data_sheets(any_book):
        (found,) = sheet.tables.values()
        assert found.displayName == sheet.title
        left, first, right, last = range_boundaries(found.ref)
        assert (left, first, right) == (1, 1, sheet.max_column) and sheet.max_row <= last
        assert found.autoFilter.ref == found.ref and not sheet.merged_cells.ranges
        headings = [cell.value for cell in sheet[1]]
        assert all(headings) and len(set(headings)) == len(headings)


def test_every_column_is_of_one_type_and_blank_where_unknown(any_book):
    for name, one in TABLES.items():
        for heading, *cells in any_book[name].iter_cols():
            types = {cell.data_type for cell in cells if cell.value is not None}
            kind = one.kind(heading.value)
            if kind in NUMBERS:
                assert types <= {"n"}, (name, heading.value)
            elif kind in DAYS:
                assert types <= {"d"}, (name, heading.value)
            elif kind:
                assert types <= {"s"}, (name, heading.value)
            assert len(types) <= 1 and "f" not in types, (name, heading.value)
            words = {cell.value for cell in cells}
            assert not words & {"", "—", "未知"} or kind not in (*NUMBERS, *DAYS)


def test_every_list_of_places_says_the_county(any_book):
    for name in OF_PLACES:
        assert {"县区", "功能板块"} <= {cell.value for cell in any_book[name][1]}
    for name in OF_AREAS:
        assert "县区/板块" in {cell.value for cell in any_book[name][1]}


def test_a_pivot_of_the_flat_table_gives_the_areas(made, city):
    flat, areas = read(made, "明细"), read(made, "县区板块").set_index("县区/板块")
    pivot = flat.pivot_table(index="县区/板块", values=list(COUNTS), aggfunc="sum")
    for heading in COUNTS:
        assert (pivot[heading] == areas.loc[pivot.index, heading]).all(), heading
    found = attainment.areas(city).set_index("area")
    assert set(pivot.index) == set(found.index[found["venues"] > 0])
    for area, row in found[found["venues"] > 0].iterrows():
        counted = tuple(pivot.loc[area, list(COUNTS)])
        covered = (f"covered_{basis}" for basis in ("contracted", "verified", "active"))
        assert counted == tuple(row[name] for name in ("venues", *covered, "unknown", "needed"))


def test_sums_over_banks_and_states_are_those_of_the_city(made, city):
    flat, whole = read(made, "明细"), attainment.city(city).iloc[0]
    by_bank = flat.pivot_table(
        index="运营机构", columns="达标情况", values=["名录场所", "还差（家）"], aggfunc="sum"
    )
    assert by_bank["名录场所"].sum().sum() == whole["venues"]
    assert by_bank["还差（家）"].sum().sum() == whole["needed"]
    assert (by_bank["还差（家）"].get("已达标", 0) == 0).all()
    venues = attainment.venues(city)
    for heading, name in {
        "采用数": "eligible",
        "已签约": "contracted",
        "已验证": "verified",
    }.items():
        assert flat[heading].sum() == venues[name].sum()


def test_a_flat_table_of_a_month_can_be_put_below_that_of_another(made, city):
    flat = read(made, "明细")
    assert set(flat["截止日"]) == {pd.Timestamp(city.as_of)}
    assert set(flat["数据版本"]) == {f"演示数据 {city.snapshot_id}"}


def test_every_sheet_prints_on_a4_across_with_its_headings_stamp_and_page_number(book):
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage or sheet.page_setup.scale >= 73
        top = int(re.sub(r"\D", "", sheet.freeze_panes)) - 1
        assert f"${top}:${top}" in sheet.print_title_rows
        assert "&P" in sheet.oddHeader.right.text and "&N" in sheet.oddHeader.right.text
        assert "演示数据" in sheet.oddFooter.left.text


def test_a_table_too_wide_to_read_on_a_page_prints_on_several_with_its_first_columns(book):
    sheet = book["明细"]
    assert int(sheet.page_setup.fitToWidth) > 1 and int(sheet.page_setup.fitToHeight) == 0
    assert sheet.print_title_cols == "$A:$B" and sheet.freeze_panes == "C2"


def test_the_months_say_the_three_bases_and_the_due_line(book, city):
    rows, facts = table(book["各月"]), attainment.city(city).iloc[0]
    last = rows[rows["截止日"] == datetime.combine(city.as_of, datetime.min.time())].iloc[0]
    headings = {"contracted": "（已签约）", "verified": "（已验证）", "active": "（活跃）"}
    assert set(headings) == set(BASES)
    for basis, ending in headings.items():
        assert last[f"达标率{ending}"] == pytest.approx(facts[f"share_{basis}"])
    assert last["达标场所"] == facts["covered_verified"]
    assert last["应达线"] == pytest.approx(pace.due_share(city.as_of))
    states = commitments.cluster_standing(city)["state"]
    assert last["聚集区：成熟"] + last["聚集区：保持"] == states.isin(MATURE).sum()
    assert book["各月"]["A2"].number_format == "yyyy-mm"
    assert book["各月"]["B2"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("kind", ["county", "zone"])
def test_a_board_is_that_of_the_page_with_bounds_bands_and_possible_ranks(book, city, kind):
    rows = table(book["县区板块"])
    rows = rows[rows["类"] == {"county": "县区", "zone": "功能板块"}[kind]].set_index("县区/板块")
    found = board_standings.ranks(city, kind).set_index("area")
    assert set(rows.index) == set(found.index) and list(rows["名次"]) == sorted(rows["名次"])
    for area, row in found.iterrows():
        assert rows.loc[area, "达标率"] == pytest.approx(row["share"])
        assert rows.loc[area, "未知的都达标时"] == pytest.approx(row["high"])
        assert rows.loc[area, "应覆盖数待核占比"] == pytest.approx(row["unknown"] / row["venues"])
        assert rows.loc[area, "分档"] == BANDS[row["band"]]
        ranks = tuple(rows.loc[area, ["名次", "最好名次", "最差名次"]])
        assert ranks == (row["rank"], row["rank_best"], row["rank_worst"])
        assert (rows.loc[area, "要先核定应覆盖数的场所"] is None) == (row["unknown"] == 0)


def test_lists_are_whole_and_the_plan_is_that_of_the_page(book, city):
    flat = table(book["明细"])
    assert len(flat) == len(attainment.venues(city))
    planned = flat.dropna(subset=["补签次序"]).sort_values("补签次序")
    plan = attainment.plan(city)
    assert list(planned["区域编号"]) == list(plan["venue_id"])
    assert list(planned["累计需补"]) == list(plan["signings"])
    shops, links = attainment.missing(city), attainment.missing_links(city)
    assert len(table(book["要补的门店和环节"])) == len(shops) + len(links)
    lacking = sum(
        len(commitments.measured(city, one.target.target_id).missing)
        for one in commitments.standings(city)
        if one.status != "counted"
    )
    assert len(table(book["目标还缺"])) == lacking


def test_what_is_to_be_signed_says_where_what_the_venue_needs_and_its_turn(book, city):
    rows, venues = table(book["要补的门店和环节"]), table(book["明细"]).set_index("区域编号")
    for own, of_venue in {
        "县区": "县区", "功能板块": "功能板块", "场所还差（家、项）": "还差（家）",
        "补签次序": "补签次序",
    }.items():  # fmt: skip
        told = venues.loc[rows["区域编号"], of_venue]
        assert list(rows[own].fillna("")) == list(told.fillna("")), own


def test_what_is_unknown_is_blank_said_in_words_and_never_zero(book, city):
    rows = table(book["明细"]).set_index("区域编号")
    unknown = attainment.venues(city).query("status == 'unknown'")["venue_id"]
    found = rows.loc[unknown]
    assert len(found) and found[["采用数", "还差（家）", "补签次序"]].isna().all(axis=None)
    assert set(found["应覆盖数是否已核"]) == {"否"} and set(found["应覆盖数待核"]) == {1}
    assert found["备注"].str.contains("应覆盖数没有填报").all()


def test_before_any_bank_spoke_nothing_of_a_venue_is_counted(tmp_path, use_store):
    office = Office(tmp_path)
    office.lists(JUNE, venue("V1", 应覆盖商户数="5"), venue("V2"))
    use_store(office.store.path)
    rows = table(opened(workbook(document_stores.scope(office.store)))["明细"])
    assert list(rows["区域编号"]) == ["V1", "V2"] and list(rows["名录场所"]) == [1, 1]
    for heading in ("名单数", "不在名单上", "达标场所", "已验证", "还差（家）", "补签次序"):
        assert rows[heading].isna().all(), heading
    assert rows["备注"].str.contains("还没有报送").all()


def test_no_cell_is_a_formula(any_book):
    assert not [
        cell.coordinate
        for sheet in any_book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


def test_charts_stand_on_the_sheet_of_their_data_and_cover_all_of_it(book):
    drawn = {sheet.title: len(sheet._charts) for sheet in book if sheet._charts}
    assert drawn == {"县区板块": 2, "各月": 13, "补签效果": 1, "目标和任务": 1}
    parts = {"县区板块": [(2, 7), (8, 11)], "目标和任务": [(2, 15)]}
    for name in drawn:
        sheet = book[name]
        whole = [(2, 1 + len(table(sheet)))]
        for place, chart in enumerate(sheet._charts):
            rows = parts.get(name, whole * 13)[place]
            for series in series_of(chart):
                for part in (series.val or series.yVal, series.cat or series.xVal):
                    found = RANGE.match(part.numRef.f if part.numRef else part.strRef.f)
                    _, first, _, last = range_boundaries(found["cells"].replace("$", ""))
                    assert found["sheet"] == name and (first, last) == rows


def series_of(chart):
    return [series for part in (chart, *chart._charts[1:]) for series in part.series]


def test_the_ranking_chart_stacks_what_is_unknown_on_the_share_from_cells(book):
    sheet = book["县区板块"]
    columns = sheet._charts[0]
    assert columns.grouping == "stacked" and len(columns.series) == 2
    headings = [cell.value for cell in sheet[1]]
    for series, heading in zip(columns.series, ("达标率", "应覆盖数待核占比"), strict=True):
        column, *_ = range_boundaries(RANGE.match(series.val.numRef.f)["cells"].replace("$", ""))
        assert headings[column - 1] == heading


def test_a_denominator_stands_with_both_counts_and_a_raised_one_with_both_sources(book):
    rows = table(book["明细"])
    counted = rows[rows["采用数"].notna()]
    assert (counted["采用数"] == counted[["名册数", "名单数"]].max(axis=1)).all()
    raised = counted[counted["名单数"] > counted["名册数"]]
    assert len(raised) and raised["备注"].str.contains("名册.*名单.*报送.*采用").all()
    others = rows[~rows.index.isin(raised.index)]
    assert not others["备注"].fillna("").str.contains("采用").any()


def test_every_number_that_documents_state_is_listed_with_how_it_came_about(book, city):
    rows = table(book["口径"])
    numbers = rows[rows["类"] == "数字"]
    made = list(statements(city).values())
    assert list(numbers["编号"]) == [one.number for one in made]
    assert list(numbers["文件里的写法"]) == [one.text for one in made]
    assert numbers["含义和算法"].notna().all()
    share = numbers.set_index("编号").loc[statements(city)["share"].number]
    assert share["单位"] == "%"
    assert share["数值"] == pytest.approx(statements(city)["share"].value * 100, abs=1e-4)


@pytest.mark.parametrize("area_id", [COUNTY, ZONE])
def test_a_part_of_the_city_has_its_own_venues_and_the_whole_boards(city, area_id):
    scope = document_stores.scope(snapshot_store.default(), area_id)
    book = opened(workbook(scope))
    assert len(table(book["明细"])) == len(attainment.venues(scope))
    assert len(table(book["县区板块"])) == 10
    assert f"范围：{area_name(scope)}" in book["明细"].oddFooter.left.text
    assert "范围" not in book["目标和任务"].oddFooter.left.text
    contents = table(book[CONTENTS]).set_index("表")
    for name, part in {"明细": scope, "目标和任务": city}.items():
        assert contents.loc[name, "范围"] == area_name(part)
        assert contents.loc[name, "查证代码"] == document_codes.code(part)


def test_a_county_is_given_the_names_of_its_own_places_only(city):
    book = opened(workbook(replace(city, sight=Sight("county", COUNTY))))
    rows, shops = table(book["明细"]), table(book["要补的门店和环节"])
    own = attainment.venues(replace(city, area_id=COUNTY))
    said = [cell.value for cell in book[CONTENTS]["A"]]
    assert any(str(line).startswith("名单只列本单位范围内") for line in said)
    for found in (rows, shops):
        assert len(found) > 0 and set(found["县区"]) == {area_name(replace(city, area_id=COUNTY))}
    assert set(own["venue_id"]) <= set(rows["区域编号"])


def test_without_a_register_every_sheet_stands_and_the_contents_say_why_it_is_empty(
    bare_store, use_store
):
    use_store(bare_store.path)
    book = opened(workbook(document_stores.scope(bare_store)))
    assert book.sheetnames == [CONTENTS, *TABLES]
    contents = table(book[CONTENTS]).set_index("表")
    for name in ("明细", "补签效果", "示范聚集区", "各月"):
        assert contents.loc[name, "行数"] == 0 and TABLES[name].empty in contents.loc[name, "内容"]
        assert table(book[name]).empty and not book[name]._charts
    assert "演示数据" not in book[CONTENTS]["A2"].value


def test_nothing_from_a_file_runs_or_breaks_the_workbook(hostile_store, use_store):
    use_store(hostile_store.path)
    content = workbook(document_stores.scope(hostile_store))
    names = set(table(opened(content)["明细"])["特定区域"])
    assert names == {name.replace("\x0b", " ") for name in document_stores.HOSTILE}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name]


def test_the_same_scope_gives_the_same_bytes(city, made):
    created = datetime.fromisoformat(snapshot_store.default().current().manifest["created_at"])
    assert sealed(workbook(city), created) == sealed(made, created)


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


def test_a_table_without_a_name_of_its_own_is_a_table_all_the_same():
    book = Book()
    for name in ("名单", "名单 (二)", "A1"):
        added(book, name, "口径").table(pd.DataFrame({"某栏": [1]}))
    tables = [found for sheet in opened(book.content()) for found in sheet.tables.values()]
    assert [found.displayName for found in tables] == ["名单", "Table2", "Table3"]


def test_a_word_among_numbers_is_an_error_not_a_text():
    with pytest.raises(ValueError, match="未知"):
        typed(pd.Series([1, "未知"], dtype="object"), "integer")
    days = typed(pd.Series([date(1899, 1, 1), date(2026, 1, 1), None]), "date")
    assert list(days.isna()) == [True, False, True]
    words = typed(pd.Series(["", "—", "有"]), "text")
    assert list(words) == [None, None, "有"]


def test_native_charts_have_the_colours_and_the_scale_of_every_other_drawing(book, city):
    board, _ = book["县区板块"]._charts
    chart = scope_charts.board(city, "county")
    shades = {one.column: one.colour for one in chart.series}
    points = {point.idx: point.spPr.solidFill.srgbClr for point in board.series[0].dPt}
    for place, band in enumerate(chart.frame[list(BAND_COLOURS)].notna().idxmax(axis=1)):
        assert f"#{points[place].lower()}" == shades[band]
    for native, spec in ((board, chart), (book["各月"]._charts[0], scope_charts.trend(city))):
        low, high, ticks = spec.scale()
        scale = native.y_axis.scaling
        assert (scale.min, scale.max) == (low, high)
        assert native.y_axis.majorUnit == pytest.approx(ticks[1] - ticks[0])
        assert spec.message in "".join(run.t for run in native.title.tx.rich.p[0].r)
