"""Every page in every state of the store: it opens, and says what it must."""

import re
from datetime import date

import pytest
from streamlit import config

from domain.visitors import Visitor
from tests.support.pages import PAGES, ROOT, open_as, open_page, press, text_of
from tests.support.stated import JULY, JUNE, Office, shop, venue
from ui import snapshot_picker

BEFORE_ANY_DATA = date(2023, 1, 1)
OF_COVERAGE = [
    "overview", "coverage_map", "venue_register", "gap_list", "inflation_check", "county_ranking",
    "compare_days", "lapsing", "demonstration_clusters",
]  # fmt: skip
NONE = re.compile(
    r"(?<![\d.,])0 (个场所|家)|达标 0|（0 个）|(?<!有)没有(符合|要到期|快到期|需要|应覆盖数已知)"
)
"""What claims that there is none of something."""


@pytest.fixture(scope="module")
def first_months(tmp_path_factory):
    """Stores of an office that begins, each with a day: what is told by then is in its name."""
    signed = {"签约日期": "2025-03-01", "开通日期": "2025-03-02"}
    kinds = ("特色小镇", "农贸市场", "医院", "自报区域")  # one of each tier
    listed = [venue(f"V{n}", 类别=kind, 应覆盖商户数="5") for n, kind in enumerate(kinds)]
    shops = [shop("1", **signed, 所在特定区域="V1"), shop("2", **signed)]
    homes = {name: Office(tmp_path_factory.mktemp(name)) for name in ("register", "bank", "both")}
    homes["register"].lists(JUNE, *listed)
    homes["bank"].states(JUNE, *shops)
    homes["both"].lists(JUNE, *listed)
    homes["both"].states(JULY, *shops)
    return {
        "register": (homes["register"].store.path, JUNE),
        "bank": (homes["bank"].store.path, JUNE),
        "register, bank later": (homes["both"].store.path, JUNE),
        "nothing yet": (homes["both"].store.path, date(2025, 5, 31)),
    }


def sound(app):
    assert not app.exception
    assert not app.error
    return text_of(app)


def test_every_page_script_is_in_the_menu():
    scripts = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__"}
    assert scripts == set(PAGES)


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_opens_on_the_demo_an_older_version_and_a_day_before_any_data(
    stem, corrected, use_store
):
    use_store(corrected[0])
    app = open_page(stem)
    assert "演示数据" in sound(app)
    app.radio(key="knowledge").set_value(snapshot_picker.PUBLISHED).run()
    text = sound(app)
    assert "不是最新的情况" in text or "总是按现行版本办理" in text
    app.radio(key="knowledge").set_value(snapshot_picker.KNOWN)
    app.date_input(key="as_of").set_value(BEFORE_ANY_DATA).run()
    assert "nan" not in sound(app).lower()
    if any(button.label == "回到最新" for button in app.button):  # not where a page writes
        press(app, "回到最新")
        assert "不是最新的情况" not in sound(app)


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_opens_on_an_empty_store_and_a_first_import_and_says_what_an_older_store_needs(
    stem, young_store, older_store, tmp_path, use_store
):
    use_store(tmp_path)
    app = open_page(stem)
    assert not app.exception
    assert app.button or app.get("page_link")  # says what to do
    assert "None" not in text_of(app)
    use_store(young_store)
    assert "演示数据**" not in sound(app.run())
    use_store(older_store)
    app.run()
    assert not app.exception
    assert "loaders adopt" in "".join(error.value for error in app.error)


def test_nothing_that_a_script_merely_computes_is_shown():
    assert config.get_option("runner.magicEnabled") is False


@pytest.mark.parametrize("role", ["leader", "county", "department", "bank"])
def test_who_may_not_publish_is_not_offered_to_begin_with_data_or_to_go_back(
    role, tmp_path, use_store, trusted_header
):
    units = {"county": "320723", "department": "U16", "bank": "CCB"}
    who = Visitor("来人", role, units.get(role, ""))
    use_store(tmp_path)
    for damaged in (False, True):
        if damaged:
            (tmp_path / "snapshots" / "20200101-000000-00000000").mkdir(parents=True)
            (tmp_path / "current").write_text("20200101-000000-00000000", encoding="utf-8")
        app = open_as(who, "overview")
        assert not app.exception and bool(app.error) == damaged
        assert not app.button and not app.get("page_link")
        assert "领导小组办公室" in text_of(app)


@pytest.mark.parametrize("told", ["register", "bank", "register, bank later", "nothing yet"])
@pytest.mark.parametrize("stem", OF_COVERAGE)
def test_no_page_says_none_of_what_nobody_told(stem, told, first_months, use_store):
    path, day = first_months[told]
    use_store(path)
    app = open_page(stem, as_of=str(day))
    links = [link.proto.label for link in app.get("page_link")]
    text = "\n".join([sound(app), *(f"{one.label} {one.value} {one.delta}" for one in app.metric)])
    assert [one for one in [*text.split("\n"), *links] if NONE.search(one)] == []
    assert [one.value for one in app.success] == []


def test_the_register_says_of_no_venue_that_it_is_not_covered_before_a_bank_told(
    first_months, use_store
):
    use_store(first_months["register"][0])
    app = open_page("venue_register")
    rows = next(one.value for one in app.dataframe if "达标情况" in one.value)
    assert set(rows["达标情况"]) == {"还没有银行报送"}
    assert rows[["达标（已签约）", "达标（活跃）"]].isna().all(axis=None)
    assert "达标 **未知** 个" in text_of(app)
    assert {card.delta for card in app.metric} == {"达标 未知"}


@pytest.mark.parametrize("stem", PAGES)
def test_every_choice_of_a_page_opens_for_a_county(stem, demo_store, use_store):
    use_store(demo_store)
    app = open_page(stem, area="灌云县")
    sound(app)
    choices = {
        one.key: [option for option in one.options if option != one.value]
        for one in app.segmented_control
    }
    for key, others in choices.items():
        app = open_page(stem, area="灌云县")
        for option in others:
            sound(app.segmented_control(key=key).set_value(option).run())
