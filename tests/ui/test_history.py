"""Any past day: as known today and as it was published, each named, and both right."""

import json
import shutil
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from domain.revision import revision
from queries import attainment, shop_records
from queries.scope import Scope
from store import snapshot_store, table_schemas
from tests.ui.test_pages import PAGES, ROOT, open_page, text_of
from ui import session, snapshot_picker
from ui.overview import corrections

DAY = date(2025, 6, 30)
PUBLISHED_AT = "2025-07-05T09:30:00+00:00"


def rewrite(folder, **facts):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | facts), "utf-8")


@pytest.fixture(scope="module")
def corrected(demo_store, tmp_path_factory):
    """The demo, and before it a version of June 2025 that lacks what came in late of one market.

    Returns the folder, the id of the older version, and the market's id.
    """
    demo = snapshot_store.Store(demo_store).current()
    scope = Scope(demo.id, DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        venues = attainment.venues(scope)
    covered = venues["covered_verified"] & (venues["carrier"] == "区域型")
    market = venues.loc[covered, "venue_id"].iloc[0]
    frames = {name: demo.frame(name) for name in table_schemas.SCHEMAS if name != "spells"}
    shops = frames["merchants"]
    here = shops.loc[shops["venue_id"] == market, "shop_key"]
    late = "m:" + shops.loc[shops["shop_key"].isin(here), "merchant_key"]  # every bank's record
    events = frames["events"]
    events = events[events["day"] <= pd.Timestamp(DAY)]
    checks = events["event"].isin(["inspected", "paid"])
    events = events[~(checks & events["record_key"].isin(late))]
    folder = tmp_path_factory.mktemp("corrected")
    here = snapshot_store.Store(folder)
    old = here.publish(
        lambda _: snapshot_store.Draft(frames | {"events": events}, demo=True), "测试"
    )
    rewrite(old.path, created_at=PUBLISHED_AT)
    shutil.copytree(demo.path, folder / "snapshots" / demo.id)
    here.rollback(demo.id)
    return folder, old.id, market


@pytest.fixture
def both(corrected, use_store):
    """The scope of 30 June 2025 as it was published, and as it is known today."""
    folder, old, _ = corrected
    use_store(folder)
    return Scope(old, DAY), Scope(session.current_id(), DAY)


def opened(stem, **query):
    app = AppTest.from_file(str(ROOT / "ui" / "dashboard.py"), default_timeout=60)
    app.query_params.update(query)
    app.run()
    return app if stem == "overview" else app.switch_page(f"../pages/{stem}.py").run()


def stamps(app):
    return [element.value for element in app.get("html") if "口径：" in element.value]


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
    app = opened("overview", knowledge=snapshot_picker.PUBLISHED)
    assert not app.exception and not app.error
    assert app.date_input(key="as_of").value == DAY and app.date_input(key="as_of").max == DAY
    assert "2025-07-05 公布的版本" in text_of(app) and "不是最新的情况" in text_of(app)
    assert all("2025-07-05 公布的版本" in stamp for stamp in stamps(app))
    published = attainment.city(both[0]).iloc[0]["share_verified"]
    assert app.metric[0].value == f"{published:.1%}"


def test_a_link_may_name_an_earlier_day_of_an_older_version(both):
    name = (
        opened("overview", knowledge=snapshot_picker.PUBLISHED)
        .selectbox(key="published")
        .options[0]
    )
    link = {"knowledge": snapshot_picker.PUBLISHED, "published": name, "as_of": "2025-03-31"}
    app = opened("gap_list", **link)
    assert not app.exception
    assert app.date_input(key="as_of").value == date(2025, 3, 31)
    assert all("2025-07-05 公布的版本" in stamp for stamp in stamps(app))


def test_from_the_older_version_to_today_the_day_stays_and_the_figure_moves(both):
    app = opened("overview", knowledge=snapshot_picker.PUBLISHED)
    before = app.metric[0].value
    app.radio(key="knowledge").set_value(snapshot_picker.KNOWN).run()
    assert app.date_input(key="as_of").value == DAY
    assert app.metric[0].value != before
    assert f"按现行版本回看 {DAY}" in text_of(app)
    next(button for button in app.button if button.label == "回到最新").click().run()
    assert app.date_input(key="as_of").value == date(2026, 10, 31)
    assert "不是最新的情况" not in text_of(app)


def test_the_overview_compares_the_two_side_by_side(both):
    app = opened("overview", as_of=DAY.isoformat())
    shares = {metric.label: metric.value for metric in app.metric}
    published, known = (attainment.city(scope).iloc[0]["share_verified"] for scope in both)
    assert shares["当时公布"] == f"{published:.1%}"
    assert shares["今天所知"] == f"{known:.1%}"
    assert any("改为达标 1 个" in expander.label for expander in app.expander)


@pytest.mark.parametrize("day", ["2025-05-31", "2026-10-31"])
def test_nothing_is_compared_where_nothing_was_published(both, day):
    app = opened("overview", as_of=day)
    assert "今天所知" not in {metric.label for metric in app.metric}


def test_demo_and_real_versions_are_not_compared(both, corrected, tmp_path, use_store):
    shutil.copytree(corrected[0], tmp_path / "store")
    use_store(tmp_path / "store")
    assert corrections.published_then(both[1]) == both[0]
    rewrite(tmp_path / "store" / "snapshots" / both[0].snapshot_id, demo=False)
    assert corrections.published_then(both[1]) is None


@pytest.mark.parametrize("stem", ["data_import", "review_queue"])
def test_pages_that_write_work_on_the_version_in_force(stem, both):
    app = opened(stem, knowledge=snapshot_picker.PUBLISHED)
    assert not app.exception
    assert "总是按现行版本办理" in text_of(app)
    assert app.session_state["_scope"].snapshot_id == session.current_id()


@pytest.mark.parametrize("stem", PAGES)
def test_every_page_opens_on_an_older_version(stem, both):
    app = opened(stem, knowledge=snapshot_picker.PUBLISHED)
    assert not app.exception and not app.error


def test_versions_that_cannot_be_read_are_said(corrected, tmp_path, use_store):
    home = tmp_path / "store"
    shutil.copytree(corrected[0], home)
    use_store(home)
    (home / "snapshots" / "foreign").mkdir()
    (home / "snapshots" / "foreign" / "manifest.json").write_text('{"city": "别处"}')
    app = opened("overview", knowledge=snapshot_picker.PUBLISHED, published="没有的版本")
    assert not app.exception
    assert "foreign" in text_of(app) and "链接里说的版本这里没有" in text_of(app)
    broken = shutil.copytree(home, tmp_path / "broken")
    use_store(broken)
    (broken / "snapshots" / corrected[1] / "venues.parquet").write_bytes(b"PAR1")
    app.run()
    assert not app.exception
    assert "缺失或损坏" in "".join(error.value for error in app.error)


# ---- a day before there was anything ----------------------------------------------------------


@pytest.mark.parametrize("stem", PAGES)
def test_every_page_has_sense_on_a_day_before_any_data(stem, demo_store, use_store):
    use_store(demo_store)
    app = open_page(stem)
    app.date_input(key="as_of").set_value(date(2023, 1, 1)).run()
    assert not app.exception and not app.error
    assert "nan" not in text_of(app).lower()


# ---- the register that the headline counts ----------------------------------------------------


def test_the_headline_counts_a1_and_a2_and_the_switch_counts_all(demo_store, use_store):
    use_store(demo_store)
    app = open_page("overview")
    scope = Scope(session.current_id(), date(2026, 10, 31))
    tiers = attainment.venues(replace(scope, tiers="all"))["tier"]
    assert set(attainment.venues(scope)["tier"]) == {"A1", "A2"}
    assert f"{tiers.isin(['A1', 'A2']).sum():,} 个场所" in app.metric[0].delta
    assert all("名录：A1、A2（主口径）" in stamp for stamp in stamps(app))
    app.selectbox(key="tiers").select("全部名录（含 B、C）").run()
    assert not app.exception
    assert f"{len(tiers):,} 个场所" in app.metric[0].delta
    assert all("名录：全部名录（含 B、C）" in stamp for stamp in stamps(app))


def test_the_register_does_not_filter_shops(demo_store, use_store):
    use_store(demo_store)
    scope = Scope(session.current_id(), date(2026, 10, 31))
    whole = replace(scope, tiers="all")
    assert shop_records.area_merchants(scope).equals(shop_records.area_merchants(whole))
