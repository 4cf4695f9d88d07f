"""``python -m reports coverage``: JSON on stdout, or exit 1 and a Chinese sentence on stderr."""

import io
import json
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain import rules
from queries.day_report import report
from reports import __main__ as command
from store import snapshot_store
from tests.support.engines import opened, written
from tests.support.small_city import DAY, PAID, SIGNED, VERIFIED, City, rows

MANIFEST = {"id": "20260701-080000-abcdef01", "demo": False, "as_of": DAY.isoformat()}


def reported(city, as_of=DAY, **options):
    with tempfile.TemporaryDirectory() as folder:
        return report(opened(written(city, Path(folder)), "duckdb"), MANIFEST, as_of, **options)


def city_of_two():
    city = City()
    city.venue("V1", eligible_count=2)
    city.shop("V1", events=VERIFIED)
    city.shop("V1", events=SIGNED)
    city.venue("V2", eligible_count=4, county_code="320703", zone_id="ETDZ")
    city.shop("V2", events=PAID, county_code="320703", zone_id="ETDZ")
    city.shop(None, county_code=None)
    return city


@pytest.fixture(scope="module")
def answer():
    return reported(city_of_two())


def test_report_says_what_it_is_about(answer):
    assert answer["snapshot_id"] == MANIFEST["id"] and answer["demo"] is False
    assert answer["as_of"] == "2026-06-30" and answer["rules_version"] == rules.VERSION
    assert list(answer["bases"]) == ["contracted", "verified", "active"]


def test_report_has_city_areas_and_boards_worked_by_hand(answer):
    assert (answer["city"]["venues"], answer["city"]["covered_verified"]) == (2, 1)
    merchants = answer["city"]["merchants"]
    assert [merchants[name] for name in ("eligible", "contracted", "verified", "active")] == [
        4, 3, 2, 1,
    ]  # fmt: skip
    assert merchants["verified_share"] == 0.5
    haizhou = answer["counties"][0]
    assert (haizhou["area"], haizhou["share_verified"]) == ("海州区", 1.0)
    assert haizhou["merchants"]["contracted_share"] == 1.0
    zones = {row["area_id"]: row for row in answer["zones"]}
    assert zones["ETDZ"]["merchants"]["active"] == 1 and zones["ETDZ"]["needed"] == 2
    assert answer["unlocated"] == {
        "merchants": 1, "merchants_eligible": 1, "venues": 0, "scenarios": None,
    }  # fmt: skip
    assert [row["area"] for row in answer["ranking"]["counties"] if row["rank"]] == ["海州区"]
    territory = {row["area"]: row["rank"] for row in answer["ranking"]["counties_territory"]}
    assert (territory["海州区"], territory["连云区"]) == (1, 2)


def test_report_counts_a1_and_a2_unless_all_tiers_are_asked_for():
    city = city_of_two()
    city.venue("V3", "医院")
    headline, whole = reported(city), reported(city, tiers="all")
    assert (headline["tiers"], headline["tiers_counted"]) == ("headline", ["A1", "A2"])
    assert (whole["tiers"], whole["tiers_counted"]) == ("all", ["A1", "A2", "B", "C"])
    assert (headline["city"]["venues"], whole["city"]["venues"]) == (2, 3)
    assert headline["city"]["merchants"] == whole["city"]["merchants"]


def test_counties_by_territory_and_the_unlocated_add_up_to_the_city(answer):
    for name in ("eligible", "contracted", "verified", "active"):
        counties = sum(row["merchants"][name] for row in answer["counties_territory"])
        unlocated = answer["unlocated"]["merchants_eligible"] if name == "eligible" else 0
        assert counties + unlocated == answer["city"]["merchants"][name]


def test_report_of_a_past_day_uses_that_day():
    assert reported(city_of_two(), date(2026, 5, 1))["city"]["covered_verified"] == 0


def test_report_of_an_empty_snapshot_is_all_zeros_and_nulls():
    answer = reported(City())
    assert answer["city"]["venues"] is None and answer["city"]["share_verified"] is None
    assert answer["city"]["merchants"]["eligible"] is None
    assert len(answer["counties"]) == 6 and len(answer["zones"]) == 4
    assert json.dumps(answer, allow_nan=False)


# ---- the command ------------------------------------------------------------------------------


@pytest.fixture
def demo(demo_store, use_store):
    use_store(demo_store)
    return snapshot_store.Store(demo_store).current()


@pytest.fixture(scope="module")
def printed(demo_store):
    """What the command prints of the snapshot in force without any option: one JSON object."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("COVERAGE_STORE", str(demo_store))
        assert command.main(["coverage"]) == 0
    assert err.getvalue() == ""
    return json.loads(out.getvalue())


def run(capsys, *arguments):
    code = command.main(["coverage", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_command_prints_one_json_object_of_the_snapshot_in_force(demo, printed):
    assert printed["snapshot_id"] == demo.id and printed["demo"] is True
    assert printed["as_of"] == demo.manifest["as_of"]
    merchants = demo.connect().table("merchants")
    (counted,) = rows(merchants.agg(unlocated=merchants.county_code.isnull().sum()))
    assert printed["unlocated"]["merchants"] == counted["unlocated"]


def test_command_takes_a_day_and_a_snapshot(demo, printed, capsys):
    _, out, _ = run(capsys, "--as-of", "2024-12-31", "--snapshot", demo.id)
    earlier = json.loads(out)
    assert earlier["as_of"] == "2024-12-31"
    assert earlier["city"]["covered_verified"] < printed["city"]["covered_verified"]


def test_command_takes_the_tiers(demo, printed, capsys):
    whole = json.loads(run(capsys, "--tiers", "all")[1])
    assert (printed["tiers"], whole["tiers"]) == ("headline", "all")
    assert printed["city"]["venues"] < whole["city"]["venues"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--as-of", "2026-13-01"], "截止日“2026-13-01”不是有效日期"),
        (["--as-of", "昨天"], "截止日“昨天”不是有效日期"),
        (["--as-of", "2020-01-01"], "早于试点开始的"),
        (["--as-of", "2030-01-01"], "晚于数据版本“"),
        (["--snapshot", "没有"], "没有数据版本“没有”"),
    ],
)
def test_command_refuses_what_does_not_exist(demo, capsys, arguments, message):
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert message in err


def test_command_says_what_to_do_when_nothing_is_published(tmp_path, use_store, capsys):
    use_store(tmp_path)
    code, out, err = run(capsys)
    assert (code, out) == (1, "")
    assert "还没有发布过数据" in err and "python -m loaders demo" in err


def test_no_command_answers_for_a_day_after_the_snapshot_s_last(demo, tmp_path, capsys):
    last = date.fromisoformat(demo.manifest["as_of"])
    asked = ["--snapshot", demo.id, "--as-of", str(last + timedelta(days=1))]
    for arguments in (["coverage", *asked], ["build", "--out", str(tmp_path / "报告"), *asked]):
        assert command.main(arguments) == 1
        message = capsys.readouterr().err
        assert f"的截止日 {last}，那一天还没有数据" in message and "不晚于它" in message
    assert not (tmp_path / "报告").exists()


@pytest.mark.parametrize("arguments", [[], ["build"], ["coverage", "--tiers", "some"], ["dropped"]])
def test_a_command_that_is_not_understood_exits_1_with_a_message(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        command.main(arguments)
    assert left.value.code == 1
    assert "命令写得不对" in capsys.readouterr().err
