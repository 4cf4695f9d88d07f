"""One registry of kinds: what it says of each fits the tables, and nothing else lists them."""

import ast
from pathlib import Path

import pytest

from domain import states
from domain.reference import table
from loaders.kinds import KINDS
from loaders.senders import sender_templates
from store import table_schemas

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "geo", "excel", "store", "loaders", "queries", "presentation", "reports", "ui")
LISTED_IN = {"loaders/kinds.py", "store/table_schemas.py", "queries/commitments.py",
             "queries/readiness.py", "presentation/readiness_wording.py"}  # fmt: skip
"""The last two say what a document cannot say without each."""
FEW = 5  # tables that one module may ask for by name


def named(path):
    """The kinds that a source file names in quotes, those that are reference tables left out."""
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.value for node in found if isinstance(node, ast.Constant)} & KINDS.keys()


def test_no_other_module_lists_the_kinds():
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    many = {str(path.relative_to(ROOT)) for path in paths if len(named(path)) > FEW}
    assert many <= LISTED_IN


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_fits_its_file_and_its_table(kind):
    in_file, in_table = set(kind.labels), set(kind.schema.names)
    assert kind.label and kind.noun and kind.required
    assert {*kind.city_wide, *kind.reviewed} <= in_file
    assert {*kind.table_key, *kind.compared, *kind.named_by} <= in_table
    assert {kind.measure, kind.came_on, kind.id_column} - {""} <= in_table
    assert set(kind.identity) <= in_table | {"point"}
    assert kind.figures == bool(kind.unit_slip) and kind.placed == bool(kind.review_label)
    assert set(kind.key) == set(kind.table_key) or kind.key[-1] == kind.id_column


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_column_of_a_kind_is_explained_and_asked_for(kind):
    helped = table("column_help").query("kind == @kind.name")["column"]
    assert sorted(helped) == sorted(kind.labels)
    asked = [column.label for column in sender_templates.asked_columns(kind.name)]
    assert asked == [label for column, label in kind.labels.items() if column != "lonlat"]
    assert sender_templates.workbook(kind.name)


def test_the_domain_and_the_registry_agree_on_keys():
    assert states.PREFIXES.keys() == {kind.name for kind in KINDS.values() if kind.placed}
    for name, column in states.KEYS.items():
        assert table_schemas.KEYS[name] == (column,) and KINDS[name].events
