"""Any past day: as known today and as it was published, each named, and both right."""

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest

from domain.revision import revision
from queries import attainment, shop_records
from queries.scope import Scope
from tests.support.pages import open_page, press, share, stamps, text_of
from tests.ui.conftest import DAY
from ui import session, snapshot_picker
from ui.compare_days import corrections, day_choice


@pytest.fixture
def both(corrected, use_store):
    """The scope of 30 June 2025 as it was published, and as it is known today."""
    folder, old, _ = corrected
    use_store(folder)
    return Scope(old, DAY), Scope(session.current_id(), DAY)


def test_a_correction_shows_in_what_is_known_and_not_in_what_was_published(both, corrected):
    published, known = (attainment.city(scope).iloc[0] for scope in both)
    assert published["venues"] == known["venues"]
    assert known["covered_verified"] - published["covered_verified"] == 1
    rows = revision(attainment.venues(both[0]), attainment.venues(both[1]))
    assert rows[["venue_id", "revised"]].values.tolist() == [[corrected[2], "covered"]]


def test_the_stamp_names_both_ways_of_looking(both):
    published, known = both
    assert "2025-07-05 公布的版本" in session.stamp(published)
    assert "按现行版本回看 2025-06-30" in session.stamp(known)
    assert "（现行版本）" in session.stamp(replace(known, as_of=date(2026, 10, 31)))


def test_a_link_opens_the_version_and_its_own_day(both):
    app = open_page("overview", knowledge=snapshot_picker.PUBLISHED)
    assert not app.exception and not app.error
    assert app.date_input(key="as_of").value == DAY and app.date_input(key="as_of").max == DAY
    assert "2025-07-05 公布的版本" in text_of(app) and "不是最新的情况" in text_of(app)
    assert all("2025-07-05 公布的版本" in stamp for stamp in stamps(app))
    published = attainment.city(both[0]).iloc[0]["share_verified"]
    assert f"{share(app):.1f}" == f"{published * 100:.1f}"


def test_a_link_may_name_an_earlier_day_of_an_older_version(both):
    name = (
        open_page("overview", knowledge=snapshot_picker.PUBLISHED)
        .selectbox(key="published")
        .options[0]
    )
    link = {"knowledge": snapshot_picker.PUBLISHED, "published": name, "as_of": "2025-03-31"}
    app = open_page("gap_list", **link)
    assert not app.exception
    assert app.date_input(key="as_of").value == date(2025, 3, 31)
    assert all("2025-07-05 公布的版本" in stamp for stamp in stamps(app))


def test_from_the_older_version_to_today_the_day_stays_and_the_figure_moves(both):
    app = open_page("overview", knowledge=snapshot_picker.PUBLISHED)
    before = share(app)
    app.radio(key="knowledge").set_value(snapshot_picker.KNOWN).run()
    assert app.date_input(key="as_of").value == DAY
    assert share(app) != before
    assert f"按现行版本回看 {DAY}" in text_of(app)
    press(app, "回到最新")
    assert app.date_input(key="as_of").value == date(2026, 10, 31)
    assert "不是最新的情况" not in text_of(app)


def test_what_was_published_stands_beside_what_is_known(both):
    app = open_page("compare_days", as_of=DAY.isoformat(), compare=day_choice.TWO_VERSIONS)
    shares = {metric.label: metric.value for metric in app.metric}
    published, known = (attainment.city(scope).iloc[0]["share_verified"] for scope in both)
    assert shares["当时公布"] == f"{published:.1%}"
    assert shares["今天所知"] == f"{known:.1%}"
    assert "更正 1 个" in app.header[0].value
    reasons, came = app.dataframe[0].value, app.dataframe[1].value
    assert reasons["原因"].to_list() == ["更正"]
    assert came["怎么变的"].to_list() == ["后来的文件改为达标"]


@pytest.mark.parametrize("day", ["2025-05-31", "2026-10-31"])
def test_nothing_is_compared_where_nothing_was_published(both, day):
    app = open_page("compare_days", as_of=day, compare=day_choice.TWO_VERSIONS)
    assert not app.exception and not app.metric
    assert "没有公布过别的版本" in text_of(app)


def test_demo_and_real_versions_are_not_compared(both, corrected, tmp_path, use_store):
    shutil.copytree(corrected[0], tmp_path / "store")
    use_store(tmp_path / "store")
    assert corrections.published_then(both[1]) == both[0]
    manifest = tmp_path / "store" / "snapshots" / both[0].snapshot_id / "manifest.json"
    facts = json.loads(manifest.read_text("utf-8")) | {"demo": False}
    manifest.write_text(json.dumps(facts), "utf-8")
    assert corrections.published_then(both[1]) is None


@pytest.mark.parametrize("stem", ["data_import", "review_queue"])
def test_pages_that_write_work_on_the_version_in_force(stem, both):
    app = open_page(stem, knowledge=snapshot_picker.PUBLISHED)
    assert not app.exception
    assert "总是按现行版本办理" in text_of(app)
    assert app.session_state["_scope"].snapshot_id == session.current_id()


def test_versions_that_cannot_be_read_are_said(corrected, tmp_path, use_store):
    home = tmp_path / "store"
    shutil.copytree(corrected[0], home)
    use_store(home)
    (home / "snapshots" / "foreign").mkdir()
    (home / "snapshots" / "foreign" / "manifest.json").write_text('{"city": "别处"}')
    app = open_page("overview", knowledge=snapshot_picker.PUBLISHED, published="没有的版本")
    assert not app.exception
    assert "foreign" in text_of(app) and "链接里说的版本这里没有" in text_of(app)
    broken = shutil.copytree(home, tmp_path / "broken")
    use_store(broken)
    (broken / "snapshots" / corrected[1] / "venues.parquet").write_bytes(b"PAR1")
    app.run()
    assert not app.exception
    assert "缺失或损坏" in "".join(error.value for error in app.error)


# ---- the register that the headline counts ----------------------------------------------------


def test_the_headline_counts_a1_and_a2_and_the_switch_counts_all(demo_store, use_store):
    use_store(demo_store)
    app = open_page("overview")
    scope = Scope(session.current_id(), date(2026, 10, 31))
    tiers = attainment.venues(replace(scope, tiers="all"))["tier"]
    assert set(attainment.venues(scope)["tier"]) == {"A1", "A2"}
    assert f"/ {tiers.isin(['A1', 'A2']).sum():,} 个" in text_of(app)
    assert all("名录：A1、A2（主口径）" in stamp for stamp in stamps(app))
    app.selectbox(key="tiers").select("全部名录（含 B、C）").run()
    assert not app.exception
    assert f"/ {len(tiers):,} 个" in text_of(app)
    assert all("名录：全部名录（含 B、C）" in stamp for stamp in stamps(app))


def test_the_register_does_not_filter_shops(demo_store, use_store):
    use_store(demo_store)
    scope = Scope(session.current_id(), date(2026, 10, 31))
    whole = replace(scope, tiers="all")
    assert shop_records.area_merchants(scope).equals(shop_records.area_merchants(whole))
