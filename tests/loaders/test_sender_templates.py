"""Templates for senders: what is filled in as they say is taken in whole."""

import io
from datetime import date
from functools import cache

import openpyxl
import pytest

from domain.reference import table
from loaders import intake
from loaders.kinds import KINDS
from loaders.reading import opened_tables
from loaders.senders import sender_templates
from store.errors import EmptyFileError
from store.snapshot_store import Store
from tests.support.bank_files import AS_AT, assess, read

FORMATS = {"date": "yyyy-mm-dd", "month": "yyyy-mm", "text": "@"}
IDS = {"受理点编号", "区域编号", "场景台账编号", "聚集区编号", "材料编号"}
VOCABULARIES = {
    "operator", "scenario", "venue_kind", "indicator", "crs", "boolean", "grade", "owner", "status",
    "owners", "filing_kind", "task", "city", "measure",
}  # fmt: skip


@pytest.fixture
def home(tmp_path):
    return Store(tmp_path / "store")


def fresh_book(kind):
    return openpyxl.load_workbook(io.BytesIO(sender_templates.workbook(kind)))


book = cache(fresh_book)  # for those who only look at it


def filled(kind, folder, rows):
    """A template with `rows` (dictionaries by label) filled in."""
    opened = fresh_book(kind)
    sheet = opened[sender_templates.LIST]
    places = {cell.value: cell.column for cell in sheet[1]}
    for line, row in enumerate(rows, start=2):
        for label, value in row.items():
            sheet.cell(line, places[label], value)
    path = folder / f"{KINDS[kind].label}.xlsx"
    opened.save(path)
    return path


def example_rows(kind):
    rows = [{}, {}]
    for column in sender_templates.asked_columns(kind):
        for row, example in zip(rows, column.examples, strict=False):
            if example:
                row[column.label] = (
                    date.fromisoformat(example) if column.type == "date" else example
                )
    return rows


def choices(opened, sheet, place):
    """The words that the drop-down of a column offers."""
    rules = sheet.data_validations.dataValidation
    (rule,) = [rule for rule in rules if f"{place}2" in rule.sqref]
    if rule.type != "list":
        return None
    target = opened.defined_names[rule.formula1].attr_text
    name, _, cells = target.rpartition("!")
    return [row[0].value for row in opened[name.strip("'")][cells.replace("$", "")]]


def test_every_column_is_explained_and_nothing_else():
    known = set(table("columns")[["kind", "column"]].itertuples(index=False, name=None))
    said = list(table("column_help")[["kind", "column"]].itertuples(index=False, name=None))
    assert len(said) == len(set(said)) and set(said) == known


@pytest.mark.parametrize("kind", KINDS)
def test_required_columns_have_an_example(kind):
    assert all(
        column.examples[0] for column in sender_templates.asked_columns(kind) if column.required
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_are_taken_in_with_every_column_recognised_and_nothing_to_ask(
    kind, home, tmp_path
):
    path = filled(kind, tmp_path, example_rows(kind))
    (opened,) = opened_tables.opened([path], sender="工商银行", as_at=AS_AT)
    headers = opened.source.layout.headers
    assert opened.source.layout.kind == kind and not opened.questions
    assert set(headers["how"]) == {"exact"} and len(headers) == len(opened.source.layout.columns)
    found = intake.assess([opened], store=home)
    assert found.rejects.empty, found.rejects.to_dict("records")
    assert found.counts() | {"rows": 2, "accepted": 2, "in_review": 0} == found.counts()


@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_of_every_drop_down_is_understood(kind, home, tmp_path):
    opened = book(kind)
    sheet = opened[sender_templates.LIST]
    first, rows = example_rows(kind)[0], []
    for cell in sheet[1]:
        words = choices(opened, sheet, cell.column_letter) or []
        rows += [first | {cell.value: word} for word in words]
    for number, row in enumerate(rows):  # other records, so that none repeats another
        row |= {label: str(number) for label in IDS & row.keys()}
        if kind in ("indicators", "province"):
            row["月份"] = f"{2000 + number // 12}-{number % 12 + 1:02}"
    found = read(filled(kind, tmp_path, rows), home)
    assert found.rejects.empty, found.rejects[["row", "column", "reason"]].to_dict("records")
    assert len(found.accepted) == len(rows) > 10
    assert not found.accepted["note"].notna().any(), found.accepted["note"].dropna().tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_with_a_vocabulary_has_a_drop_down_of_all_its_words(kind):
    opened = book(kind)
    sheet = opened[sender_templates.LIST]
    asked = KINDS[kind].columns.set_index("label")
    sizes = {
        "scenario": 81, "operator": 12, "venue_kind": 15, "indicator": 10, "crs": 3, "owner": 53,
        "owners": 53, "filing_kind": 16, "task": 30, "city": 13, "measure": 3,
    }  # fmt: skip
    for cell in sheet[1]:
        type_ = asked.loc[cell.value, "type"]
        words = choices(opened, sheet, cell.column_letter)
        assert (words is not None) == (type_ in VOCABULARIES or cell.value == "县区"), cell.value
        if type_ in sizes:
            assert len(set(words) - {"全部"}) == sizes[type_]
    assert opened[sender_templates.OPTIONS_SHEET].sheet_state == "visible"


def test_a_template_that_nobody_filled_in_is_refused_as_empty(home, tmp_path):
    for kind in KINDS:
        with pytest.raises(EmptyFileError, match="下面没有数据"):
            assess([filled(kind, tmp_path, [])], home)


@pytest.mark.parametrize("kind", KINDS)
def test_required_columns_stand_out_and_say_so(kind):
    sheet = book(kind)[sender_templates.LIST]
    required = {KINDS[kind].labels[column] for column in KINDS[kind].required}
    fills = {cell.value: cell.fill.start_color.rgb for cell in sheet[1]}
    marked = {cell.value for cell in sheet[1] if cell.comment and "必填" in cell.comment.text}
    assert marked == required
    others = {fill for label, fill in fills.items() if label not in required}
    assert {fills[label] for label in required}.isdisjoint(others)


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_text_and_dates_are_dates_before_anyone_types(kind):
    sheet = book(kind)[sender_templates.LIST]
    spans = sheet.column_dimensions.values()  # columns alike stand in one span
    forms = {place: s.number_format for s in spans for place in range(s.min, s.max + 1)}
    for place, column in enumerate(sender_templates.asked_columns(kind), start=1):
        expected = {"date": "yyyy-mm-dd", "month": "yyyy-mm", "text": "@"}.get(
            column.type, "General"
        )
        assert forms[place] == expected, column.label


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_explanations_covers_every_column_and_marks_its_examples(kind):
    sheet = book(kind)[sender_templates.HELP]
    cells = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    (head,) = [row for row in cells if row[0] == "列"]
    assert all("虚构" in title for title in head[3:])
    explained = cells[cells.index(head) + 1 :]
    assert [row[0] for row in explained] == [c.label for c in sender_templates.asked_columns(kind)]
    assert all(row[2] for row in explained)
