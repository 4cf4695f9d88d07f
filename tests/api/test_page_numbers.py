"""A number that the interface gives is the number on the page."""

import sys
from datetime import date

import pandas as pd
import pytest

from presentation import labels
from presentation.columns import COLUMNS
from queries import monthly_figures
from queries.scope import BASES, Scope
from store import snapshot_store
from tests.support.pages import open_page, share, text_of


@pytest.fixture(autouse=True)
def own_main(monkeypatch):
    """Give the process its main module back: AppTest leaves the dashboard's script there."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


SAID = {"contracted": "签约 ", "verified": "", "active": "活跃 "}


@pytest.mark.parametrize("basis", BASES)
def test_the_first_row_of_coverage_is_the_headline_of_the_overview(basis, interface):
    row = interface.ask(f"coverage?basis={basis}").json["items"][0]
    said = text_of(open_page("overview"))
    assert f"{SAID[basis]}{labels.percent(row['share'])}" in said
    assert f"应达 {labels.percent(row['due_share'])}" in said
    assert f"应覆盖数待核 {row['unknown']} 个" in said
    assert basis != "verified" or f"达标 {row['covered']} / {row['venues']} 个" in said


def test_a_part_of_the_city_and_a_past_day_are_those_of_the_page(interface):
    page = open_page("overview", area="灌云县", as_of="2025-06-30")
    row = interface.ask("coverage?area=320723&as_of=2025-06-30").json["items"][0]
    assert labels.percent(row["share"]) == f"{share(page):.1f}%"


@pytest.mark.parametrize(
    ("path", "page", "words"),
    [
        ("areas", "overview", ["area", "venues", "covered", "unknown", "needed", "zero_kinds"]),
        ("venues?tiers=all", "venue_register", ["venue_id", "venue", "tier", "kind", "declared",
         "listed", "adopted", "contracted", "verified", "active", "status_label"]),
        ("gaps", "gap_list", ["venue", "operator", "declared", "listed", "adopted",
         "verified", "needed", "named_missing", "unnamed_missing", "signings", "venues_closed"]),
        ("gaps/shops", "gap_list", ["venue", "name", "action", "state_label", "operator",
         "merchant_id"]),
        ("ranking", "county_ranking", ["area", "band_label", "covered", "venues", "unknown",
         "confirm_names"]),
        ("targets", "target_progress", ["target_id", "missing_count", "clause", "owner_kinds"]),
        ("clusters", "demonstration_clusters", ["cluster_id", "cluster", "owner_names",
         "state_text", "scenario_kinds", "lacking_gates"]),
    ],
)  # fmt: skip
def test_the_rows_of_a_list_are_those_of_its_page(path, page, words, interface):
    headings = [COLUMNS[word][0] for word in words]
    tables = [table.value for table in open_page(page).dataframe]
    shown = next(table for table in tables if set(headings) <= set(table.columns))
    shown = shown[headings].astype(object)
    shown = shown.where(shown.notna() & (shown != labels.UNKNOWN) & (shown != "—"), None)
    assert len(shown)
    rows = pd.DataFrame(interface.rows(path)).head(len(shown))
    given = rows[words].astype(object)
    assert given.where(given.notna(), None).to_numpy().tolist() == shown.to_numpy().tolist()


def test_indicators_are_those_that_the_chart_of_the_overview_draws(interface):
    snapshot = snapshot_store.default().current()
    scope = Scope(snapshot.id, date.fromisoformat(snapshot.manifest["as_of"]), area_id="320723")
    months = monthly_figures.indicators(scope)
    drawn = months[months["indicator_id"] == "wallets_personal"]
    rows = [
        (row["month"], row["value"])
        for row in interface.rows("indicators?area=320723&size=1000")
        if row["indicator_id"] == "wallets_personal"
    ]
    expected = zip(drawn["month"].dt.strftime("%Y-%m"), drawn["value"], strict=True)
    assert rows[::-1] == [*expected]
    assert rows
