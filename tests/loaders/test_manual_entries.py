"""Entries by hand: in the next version, laid over what files told, and taken back at will."""

import pandas as pd
import pytest

from domain.visitors import clerk
from loaders import folding, intake
from loaders.decisions import manual_entries
from store import backend, table_schemas
from store.ledger import Ledger
from store.snapshot_store import Store
from tests.support.bank_files import assess, merchants

CLUSTER = {
    "cluster_id": "J1", "name": "示例商业街", "owners": "320706;ICBC", "kind_id": "K09",
    "declared_on": "2026-01-05", "lon": 119.16, "lat": 34.60,
}  # fmt: skip
FILING = {
    "filing_id": "B1", "owner_id": "U16", "kind_id": "INFO", "title": "做法",
    "month": "2026-05-01", "filed_on": "2026-06-02",
}  # fmt: skip
FIGURE = {
    "city": "南京市", "month": "2026-05-01", "measure_id": "wallets", "value": 12.5,
    "source": "公报", "published_on": "2026-06-20",
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path):
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")


def frames():
    return {name: table_schemas.empty(name) for name in table_schemas.SCHEMAS if name != "spells"}


@pytest.mark.parametrize(
    ("topic", "row", "table"),
    [
        ("cluster", CLUSTER, "clusters"),
        ("filing", FILING, "filings"),
        ("figure", FIGURE, "province"),
    ],
)
def test_an_entry_is_a_row_of_its_table(topic, row, table, ledger):
    manual_entries.enter(ledger, topic, row, clerk("甲"))
    (found,) = manual_entries.folded(frames(), ledger)[table].to_dict("records")
    days = manual_entries.TOPICS[topic].table_days
    for name, value in row.items():
        assert found[name] == (pd.Timestamp(value) if name in days else value)
    assert found["source_file"] == manual_entries.BY_HAND
    assert table_schemas.arrow(table, manual_entries.folded(frames(), ledger)[table]).num_rows == 1


def test_a_point_places_a_cluster(ledger):
    manual_entries.enter(ledger, "cluster", CLUSTER, clerk("甲"))
    (found,) = manual_entries.folded(frames(), ledger)["clusters"].to_dict("records")
    assert found["county_code"] == "320706"


def test_a_later_entry_changes_what_it_says_and_leaves_the_rest(ledger):
    manual_entries.enter(ledger, "cluster", CLUSTER, clerk("甲"))
    later = {"cluster_id": "J1", "plaque_on": "2026-03-01", "inspected_on": "2026-04-01"}
    manual_entries.enter(ledger, "cluster", later, clerk("乙"))
    manual_entries.enter(
        ledger, "cluster", {"cluster_id": "J1", "inspected_on": "2026-06-01"}, clerk("乙")
    )
    result = manual_entries.folded(frames(), ledger)
    (found,) = result["clusters"].to_dict("records")
    assert found["name"] == "示例商业街" and found["plaque_on"] == pd.Timestamp("2026-03-01")
    inspections = manual_entries.inspections(ledger)
    assert sorted(inspections["day"].dt.strftime("%m-%d")) == ["04-01", "06-01"]
    assert set(inspections["record_key"]) == {"c:J1"}


def test_an_entry_lies_over_what_a_file_told_until_it_is_withdrawn(ledger):
    manual_entries.enter(ledger, "cluster", CLUSTER | {"inspected_on": "2026-02-01"}, clerk("甲"))
    told = manual_entries.folded(frames(), ledger)  # as if a file had told it all
    told["clusters"] = told["clusters"].assign(source_file="台账.xlsx", is_first=True)
    manual_entries.withdraw(ledger, "cluster", CLUSTER, clerk("甲"))
    change = {
        "cluster_id": "J1", "name": "新名", "declared_on": "", "is_first": False,
        "inspected_on": "2026-03-01", "withdrawn_on": "2026-06-01",
    }  # fmt: skip
    manual_entries.enter(ledger, "cluster", change, clerk("乙"))
    laid = manual_entries.folded(told, ledger)
    (row,) = laid["clusters"].to_dict("records")
    assert (row["name"], row["is_first"], row["source_file"]) == ("新名", False, "台账.xlsx")
    assert pd.isna(row["declared_on"]) and row["withdrawn_on"] == pd.Timestamp("2026-06-01")
    assert len(manual_entries.inspections(ledger)) == 1  # what was entered before is withdrawn
    manual_entries.withdraw(ledger, "cluster", CLUSTER, clerk("乙"))
    back = manual_entries.folded(told, ledger)
    pd.testing.assert_frame_equal(back["clusters"], told["clusters"])
    assert manual_entries.inspections(ledger).empty


def test_a_day_that_a_file_told_too_stands_once(ledger):
    manual_entries.enter(ledger, "cluster", CLUSTER | {"inspected_on": "2026-02-01"}, clerk("甲"))
    inspections = manual_entries.inspections(ledger)
    told = backend.named(backend.connect(), table_schemas.arrow("events", inspections))
    both = pd.concat([inspections, inspections])
    assert len(folding.also(told, both).to_pandas()) == 1
    later = inspections.assign(day=pd.Timestamp("2026-03-01"))
    assert len(folding.also(told, later).to_pandas()) == 2


def test_a_figure_published_again_leaves_the_earlier_one(ledger):
    later = FIGURE | {"value": 15.0, "published_on": "2026-07-20"}
    for row in (FIGURE, later, later | {"value": 14.0}):
        manual_entries.enter(ledger, "figure", row, clerk("甲"))
    found = manual_entries.folded(frames(), ledger)["province"]
    assert sorted(found["value"]) == [12.5, 14.0]  # of the same day the later entry holds
    assert table_schemas.arrow("province", found).num_rows == 2


def test_an_entry_taken_back_is_gone_from_the_next_version_and_leaves_no_trace(tmp_path):
    home = Store(tmp_path)
    intake.publish(assess([merchants(tmp_path / "工行.csv")], home), home, clerk("甲"))
    empty = intake.fold(home, clerk("甲"))
    body = CLUSTER | {"inspected_on": "2026-04-01"}
    for topic, row in (("cluster", body), ("filing", FILING), ("figure", FIGURE)):
        manual_entries.enter(home.ledger, topic, row, clerk("甲"))
    full = intake.fold(home, clerk("甲"))
    again = intake.fold(home, clerk("甲"))
    assert again.manifest["content_hash"] == full.manifest["content_hash"]
    assert [len(full.frame(one.name)) for one in manual_entries.TOPICS.values()] == [1, 1, 1]
    for topic, row in (("cluster", CLUSTER), ("filing", FILING), ("figure", FIGURE)):
        manual_entries.withdraw(home.ledger, topic, row, clerk("乙"))
    assert intake.fold(home, clerk("甲")).manifest["content_hash"] == empty.manifest["content_hash"]


def test_entries_count_from_the_next_version_on(tmp_path):
    home = Store(tmp_path)
    first = intake.publish(assess([merchants(tmp_path / "工行.csv")], home), home, clerk("甲"))
    manual_entries.enter(home.ledger, "filing", FILING, clerk("甲"))
    version = first.manifest["ledger_version"]
    assert home.ledger.since(version, list(manual_entries.TOPICS)) == 1
    assert first.frame("filings").empty
    second = intake.fold(home, clerk("甲"))
    assert second.frame("filings")["title"].to_list() == ["做法"]
    assert home.ledger.since(second.manifest["ledger_version"], list(manual_entries.TOPICS)) == 0
    assert len(second.frame("merchants")) == len(first.frame("merchants"))
