"""The store: snapshots are whole, equal content is one snapshot, and going back is exact."""

import json
import tempfile
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.visitors import clerk
from loaders import intake
from loaders.__main__ import main
from store import snapshot_store, table_schemas
from store.errors import StoreError
from tests.support import drafts
from tests.support.bank_files import ROWS, assess, merchants

EVENTS = pd.DataFrame(
    {
        "record_key": ["m:A/1", "m:A/1", "m:A/2"],
        "event": ["target", "paid", "target"],
        "day": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-01-01"]),
    }
)


def draft(events=EVENTS, **options):
    frames = {name: table_schemas.empty(name) for name in table_schemas.SCHEMAS if name != "spells"}
    content = drafts.content(frames | {"events": events})
    return snapshot_store.Draft(content, **options)


def publish(home, events=EVENTS, **options):
    return home.publish(lambda _: draft(events, **options), clerk("测试"))


@pytest.fixture
def home(tmp_path):
    return snapshot_store.Store(tmp_path / "store")


def test_an_empty_store_has_nothing_in_force(home):
    assert home.current() is None
    assert home.snapshots() == []


def test_a_snapshot_has_every_table_and_says_what_is_in_it(home):
    snapshot = publish(home, demo=True)
    manifest = snapshot.manifest
    assert manifest["rows"] == {name: len(snapshot.frame(name)) for name in table_schemas.SCHEMAS}
    assert manifest["id"] == snapshot.id == home.current().id
    assert manifest["demo"]
    assert manifest["as_of"] == "2024-02-01" and manifest["parent"] is None
    assert manifest["created_by"] == "测试"
    assert datetime.fromisoformat(manifest["created_at"]) <= datetime.now(UTC)


def test_tables_are_read_through_ibis_with_their_types(home):
    con = publish(home).connect()
    for name, schema in table_schemas.SCHEMAS.items():
        assert con.table(name).columns == tuple(schema.names)
    assert con.table("events").count().execute() == 3
    paid = con.table("spells").execute().query("state == 'paid'")
    assert paid["start"].tolist() == [pd.Timestamp("2024-02-01")]


def test_equal_content_in_any_order_is_the_same_snapshot(home):
    first = publish(home)
    second = publish(home, EVENTS.sample(frac=1, random_state=1))
    assert second == first
    assert len(home.snapshots()) == 1


def test_other_content_is_another_snapshot_with_its_parent(home):
    first = publish(home)
    second = publish(home, EVENTS.iloc[:2])
    assert second.manifest["parent"] == first.id
    assert second.manifest["content_hash"] != first.manifest["content_hash"]
    assert [one["id"] for one in home.snapshots()] == [second.id, first.id]


def test_demo_and_real_data_never_share_a_snapshot(home):
    assert publish(home, demo=True) != publish(home)


def test_rolling_back_restores_the_very_snapshot(home):
    first = publish(home)
    second = publish(home, EVENTS.iloc[:2])
    assert home.rollback(first.id) == first == home.current()
    assert publish(home, EVENTS.iloc[:2]) == second == home.current()
    assert len(home.snapshots()) == 2


def test_an_unknown_snapshot_is_quoted_beside_the_known_ones(home):
    known = publish(home).id
    with pytest.raises(StoreError, match=f"没有数据版本“昨天的”。现有版本：{known}"):
        home.rollback("昨天的")


def test_a_path_is_no_snapshot_id(home):
    publish(home)
    with pytest.raises(StoreError, match="没有数据版本"):
        home.snapshot("../snapshots")


def test_publishers_see_what_was_published_before_them(home):
    bases = []

    def build(base):
        bases.append(base)
        return draft(EVENTS.iloc[: len(bases)])

    first = home.publish(build, clerk("测试"))
    home.publish(build, clerk("测试"))
    assert bases == [None, first]


def test_readers_see_the_old_snapshot_until_the_new_one_is_whole(home):
    first = publish(home)
    seen = []

    def look(stage, share):
        seen.append((stage, home.current().id))

    second = home.publish(lambda _: draft(EVENTS.iloc[:2]), clerk("测试"), look)
    *before, (last, _) = seen
    assert {current for _, current in before} == {first.id}
    assert (last, home.current()) == ("完成", second)


def test_a_failed_build_leaves_everything_as_it_was(home):
    first = publish(home)

    def build(base):
        raise StoreError("不行")

    with pytest.raises(StoreError, match="不行"):
        home.publish(build, clerk("测试"))
    assert home.current() == first and len(home.snapshots()) == 1


def test_a_full_disk_of_temporary_files_is_named(home, tmp_path, monkeypatch):
    path = merchants(tmp_path / "来件")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "没有"))
    with pytest.raises(StoreError, match=r"临时目录“.*没有”写不进去"):
        assess([path], home)
    with pytest.raises(StoreError, match=r"临时目录“.*没有”写不进去"):
        draft()


def test_two_rows_with_one_key_are_refused(home):
    venues = pd.DataFrame(dict.fromkeys(table_schemas.SCHEMAS["venues"].names), index=[0, 1])
    with pytest.raises(ValueError, match="same"):
        table_schemas.arrow("venues", venues.assign(venue_id="V1"))
    with pytest.raises(ValueError, match="same"):
        table_schemas.arrow("events", pd.concat([EVENTS, EVENTS]))


def test_a_missing_column_is_refused():
    with pytest.raises(ValueError, match=r"events lacks \['day'\]"):
        table_schemas.arrow("events", EVENTS.drop(columns="day"))


def test_merchants_lie_in_the_file_by_county_and_town(home, tmp_path):
    snapshot = intake.publish(assess([merchants(tmp_path / "来件")], home), home, clerk("测试"))
    frame = pq.read_table(snapshot.table_path("merchants")).to_pandas()
    assert frame["county_code"].is_monotonic_increasing


def _key(row):
    return tuple(row[name] for name in table_schemas.KEYS["indicators"])


VALUES = st.fixed_dictionaries(
    {
        "month": st.dates(pd.Timestamp("2023-01-01").date(), pd.Timestamp("2026-01-01").date()),
        "county_code": st.sampled_from(["", "320706", "320707"]),
        "operator_id": st.sampled_from(["", "ICBC"]),
        "indicator_id": st.text(st.characters(codec="utf-8"), max_size=5),
        "value": st.none() | st.floats(allow_nan=False),
    }
)


@settings(max_examples=50)
@given(
    rows=st.lists(VALUES, min_size=1, max_size=20, unique_by=_key),
    order=st.randoms(),
    data=st.data(),
)
def test_the_fingerprint_sees_content_and_nothing_else(tmp_path_factory, rows, order, data):
    path = tmp_path_factory.getbasetemp() / "indicators.parquet"

    def fingerprint(some, **form):
        frame = pd.DataFrame(some, columns=table_schemas.SCHEMAS["indicators"].names)
        pq.write_table(table_schemas.arrow("indicators", frame), path, **form)
        return table_schemas.fingerprint({"indicators": path})

    shuffled = order.sample(rows, len(rows))
    assert fingerprint(shuffled) == fingerprint(rows)
    assert fingerprint(rows, row_group_size=2, compression="zstd") == fingerprint(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(["month", "indicator_id", "value"]))
    other = {
        "month": pd.Timestamp("2030-01-01").date(),
        "indicator_id": rows[place]["indicator_id"] + "异",
        "value": 1.0
        if rows[place]["value"] is None
        else np.nextafter(rows[place]["value"], 0) or 1,
    }
    changed = [*rows[:place], rows[place] | {column: other[column]}, *rows[place + 1 :]]
    assert fingerprint(changed) != fingerprint(rows)


def test_the_commands_list_and_roll_back(home, tmp_path, use_store, capsys):
    use_store(home.path)
    first, second = publish(home), publish(home, EVENTS.iloc[:2])
    assert main(["snapshots"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["id"], one["current"]) for one in listed] == [
        (second.id, True),
        (first.id, False),
    ]
    assert main(["rollback", first.id]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == first.id
    assert main(["rollback", "没有"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "“没有”" in err and second.id in err and "Traceback" not in err


def test_the_manifest_names_every_statement_once(home, tmp_path):
    paths = [merchants(tmp_path / f"{name}月", ROWS[:n]) for n, name in enumerate("一二", 2)]
    for path in (*paths, paths[0]):
        snapshot = intake.publish(assess([path], home), home, clerk("测试"))
    assert sorted(one.file for one in home.in_force(snapshot)) == ["一月.csv", "二月.csv"]


@pytest.mark.parametrize("name", ["manifest.json", "merchants.parquet"])
def test_a_damaged_version_is_named_and_left(home, name):
    first = publish(home)
    second = publish(home, statements=["一月"])
    (second.path / name).write_bytes(b"{")
    with pytest.raises(StoreError, match=f"“{second.id}”的文件“{name}”缺失或损坏"):
        home.snapshot(second.id).manifest if name.endswith("json") else second.frame("merchants")
    assert first.id in [facts["id"] for facts in home.snapshots()]
    assert home.rollback(first.id) == home.current() == first


def test_what_else_lies_in_the_folder_does_not_matter(home):
    first = publish(home)
    (home.path / "snapshots" / ".DS_Store").write_bytes(b"x")
    assert [facts["id"] for facts in home.snapshots()] == [first.id]


def test_the_same_content_from_another_statement_is_a_version_of_its_own(home):
    first, second = publish(home, statements=["一月"]), publish(home, statements=["二月"])
    assert second.manifest["content_hash"] == first.manifest["content_hash"]
    assert second.id != first.id


def test_a_version_of_an_older_layout_says_how_to_take_it_over(home):
    snapshot = publish(home)
    facts = snapshot.manifest | {"kind_inputs": []}
    (snapshot.path / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(StoreError, match=f"“{snapshot.id}”.*python -m loaders adopt"):
        dict(home.current().manifest)
    assert home.damaged() == [snapshot.id]
