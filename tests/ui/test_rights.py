"""Whose names a visitor is shown: every role on every page, with all that can be taken away."""

import io
import pickle
import zipfile
from dataclasses import replace
from datetime import date
from functools import partial

import pandas as pd
import pypdf
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import local_script_runner

from api.resources import RESOURCES
from api.routes import ROUTES
from domain.visitors import Sight, Visitor, clerk
from loaders.decisions import dispute_decisions, order_decisions
from presentation import order_proposals
from queries.scope import Scope
from reports import document_codes, document_set
from reports.documents import printed_page
from reports.figures import figure_files
from store import people
from store.errors import NotAllowedError
from store.snapshot_store import Store
from tests.support import marked_city
from tests.support.pages import PAGES, open_page, text_of
from ui import menu, page_downloads

VISITORS = {
    "leader": Visitor("市领导", "leader", login="leader"),
    "office": Visitor("办公室", "office", login="office"),
    "county": Visitor("灌云", "county", "320723", login="guanyun"),
    "zone": Visitor("徐圩", "county", "XUWEI", login="xuwei"),
    "department": Visitor("商务局", "department", "U16", login="shangwu"),
    "bank": Visitor("建行", "bank", "CCB", login="ccb"),
}


VIEWS = [
    *((stem, {}) for stem in PAGES),
    ("overview", {"view": "screen"}),
    *(("county_ranking", {"board": board}) for board in (
        "部门", "运营机构", "进步榜", "指标", "综合视角")),
    ("coverage_map", {"layer": "场所"}),
    ("compare_days", {"from": "2025-10-31", "tiers": "全部名录（含 B、C）"}),
    ("lapsing", {"within": "60 天内"}),
    ("lapsing", {"lapsing_part": "新情况"}),
    ("demonstration_clusters", {"cluster_tabs": "责任单位"}),
    ("demonstration_clusters", {"cluster_tabs": "候选"}),
    *(("disputes", {"dispute_part": part}) for part in ("我提出的", "待答复", "待裁定", "已办结")),
    *(("supervision_orders", {"order_part": part}) for part in ("未销号", "各单位")),
    *(("venue_register", {"register_part": part}) for part in ("画轮廓", "特殊情形", "重复门店")),
]  # fmt: skip
FOR_ROLES = {entry.stem: entry.roles for entry in menu.entries()}
CHOSEN = {"county": {"area": "全市"}, "bank": {"operator": "建设银行"}}
"""What else a visitor of a role may look at: a county is shown its own first, a bank all banks."""


@pytest.fixture(scope="module")
def marked(demo_store, tmp_path_factory):
    store = marked_city.published(demo_store, tmp_path_factory.mktemp("marked"))
    for who in VISITORS.values():
        people.enrol(store.ledger, who, clerk("测试"))
    for key in _one_of_each(store, "merchants", "merchant_key", "operator_id"):
        dispute_decisions.raise_dispute(store, "shop", key, "refuses", "不会收", by=clerk("测试"))
    for key in _one_of_each(store, "venues", "venue_id", "owner"):
        dispute_decisions.raise_dispute(store, "venue", key, "closed", "已关闭", by=clerk("测试"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(store.path))
        _order_all(store)
    return store.path


def _one_of_each(store, table, key, unit):
    """Keys of records, one of every unit, of every county and of every zone: all have a share."""
    placed = store.current().frame(table).dropna(subset=["county_code"])
    columns = (unit, "county_code", "zone_id")
    firsts = [placed.dropna(subset=[one]).drop_duplicates(one)[key] for one in columns]
    return dict.fromkeys(pd.concat(firsts))


def _order_all(store):
    """Issue what would be proposed of every area, of some venues, and of every dispute."""
    facts = store.current().manifest
    scope = Scope(facts["id"], date.fromisoformat(facts["as_of"]))
    for kind, most in (
        ("area", None),
        ("venue", 30),
        ("late", None),
        ("report", 5),
        ("dispute", None),
    ):
        for key in list(order_proposals.choices(scope, kind))[:most]:
            proposed = order_proposals.proposal(scope, kind, key)
            if proposed is not None:
                order_decisions.issue(store, proposed, clerk("测试"))


@pytest.fixture
def signed_in(marked, use_store, trusted_header):
    """A page opened by a visitor whom the office's proxy names."""
    use_store(marked)
    return lambda who, stem, **query: open_page(stem, user={"login": who}, **query)


def sent(app):
    """All that a page sends to the browser, as text."""
    return "\n".join(_sent(app._tree))


def _sent(block):
    for child in block.children.values():
        if hasattr(child, "children"):
            yield child.proto.SerializeToString().decode("utf-8", "ignore") if child.proto else ""
            yield from _sent(child)
        else:
            yield child.proto.SerializeToString().decode("utf-8", "ignore")


def unpacked(content):
    """The text of a file that a page gives away."""
    if content.startswith(b"%PDF"):
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return "".join(page.extract_text() for page in pages).replace("\n", "")
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("utf-8", "ignore")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(unpacked(archive.read(name)) for name in archive.namelist())


@pytest.mark.parametrize("role", VISITORS)
def test_no_page_and_no_download_names_what_is_none_of_the_visitors_business(
    role, signed_in, monkeypatch
):
    who, given = VISITORS[role], []
    file = page_downloads.file

    def noted(label, content, name, **options):
        if not name.endswith((".png", ".svg")):  # of what the page draws; no text is in them
            given.append(unpacked(content() if callable(content) else content))
        file(label, content, name, **options)

    monkeypatch.setattr(page_downloads, "file", noted)
    # What is printed is read before it is set: the text of drawings is outlines.
    monkeypatch.setattr(printed_page, "pdf", lambda said, _: pickle.dumps(said))
    monkeypatch.setattr(figure_files, "svg", lambda _: b"")
    seen = 0
    # To whom everything is shown, nothing can be shown too much: their pages open.
    for stem, query in VIEWS if not who.sight.whole else VIEWS[: len(PAGES)]:
        for chosen in ({}, CHOSEN[role]) if role in CHOSEN else ({},):
            given.clear()
            app = signed_in(who.login, stem, **query, **chosen)
            assert not app.exception and not app.error, (stem, query, app.error)
            shut = "不对您的角色开放" in text_of(app)
            assert shut == (who.role not in FOR_ROLES[stem]), (stem, query)
            text = sent(app) + "\n".join(given)
            assert marked_city.foreign(text, who.sight) == set(), (stem, query | chosen)
            seen += marked_city.names(text)
    assert seen > 100


@pytest.mark.parametrize("role", VISITORS)
def test_the_page_of_a_record_of_others_is_that_of_none(role, marked, signed_in):
    who, store = VISITORS[role], Store(marked)
    for stem, name, table, key in (
        ("venue_record", "venue_id", "venues", "venue_id"),
        ("shop_record", "shop_id", "merchants", "merchant_key"),
    ):
        rows = store.current().frame(table)
        others = rows["name"].map(lambda name: bool(marked_city.foreign(name, who.sight)))
        none = sentences(signed_in(who.login, stem, **{name: "没有的编号"}))
        assert "不归本单位查看" in none
        for one in rows.loc[~others, key].head(2):
            app = signed_in(who.login, stem, **{name: one})
            assert not app.exception and not app.error, (stem, one, app.error)
            assert marked_city.foreign(sent(app), who.sight) == set(), (stem, one)
            assert marked_city.names(sent(app)) > 0, (stem, one)
        for one in rows.loc[others, key].iloc[:: len(rows) // 3]:
            app = signed_in(who.login, stem, **{name: one})
            assert sentences(app) == none, (stem, one)
            assert marked_city.names(sent(app)) == 0, (stem, one)


def sentences(app):
    return "\n".join(element.value for element in [*app.markdown, *app.info, *app.caption])


@pytest.mark.parametrize("role", VISITORS)
def test_a_search_names_what_is_the_visitors_business(role, signed_in):
    who, seen = VISITORS[role], 0
    app = signed_in(who.login, "definitions")  # the search is on every page
    for text in ("qq", "qqicbc", "qqccb", "320722", "zs1", "zv2", "11000", "qq 灌云", "q00"):
        app.text_input(key="search_text").set_value(text).run()
        assert not app.exception and not app.error, (text, app.error)
        assert marked_city.foreign(sent(app), who.sight) == set(), text
        seen += marked_city.names(sent(app))
    assert seen > 20


def test_the_documents_of_a_county_name_its_own_alone_and_no_other_document_is_made(
    marked, use_store
):
    use_store(marked)
    facts, who = Store(marked).current().manifest, VISITORS["county"]
    scope = Scope(
        facts["id"], date.fromisoformat(facts["as_of"]), area_id=who.unit, sight=who.sight
    )
    # The text of drawings is outlines: nothing is found in a figure.
    files = document_set.build(scope, [part for part in document_set.PARTS if part != "figures"])
    texts = {name: unpacked(content) for name, content in files.items()}
    assert {name: marked_city.foreign(text, who.sight) for name, text in texts.items()} == {
        name: set() for name in texts
    }
    assert marked_city.names("".join(texts.values())) > 50
    with pytest.raises(NotAllowedError, match="全市的文件不在本单位范围"):
        document_set.build(replace(scope, area_id=""), ["tables"])


@pytest.mark.parametrize("role", VISITORS)
def test_the_interface_for_programs_names_what_the_pages_name(role, marked, use_store):
    use_store(marked)
    who, client = VISITORS[role], TestClient(Starlette(routes=ROUTES))
    token = people.issue(Store(marked).ledger, who, clerk("测试"))
    seen = 0
    for resource in RESOURCES:
        for form in resource.forms:
            following = f"/api/v1/{resource.path}?size=1000&tiers=all&format={form}"
            following = following if "tiers" in resource.accepts else following.replace(
                "tiers=all&", "")  # fmt: skip
            answer = client.get(following, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 200, answer.text
            assert marked_city.foreign(answer.text, who.sight) == set(), following
            seen += marked_city.names(answer.text)
    assert seen > 30


def test_a_code_of_another_countys_document_is_refused_and_written_down(marked, signed_in):
    facts = Store(marked).current().manifest
    scope = Scope(facts["id"], date.fromisoformat(facts["as_of"]), area_id="320722")
    code = document_codes.code(scope)
    before = Store(marked).ledger.version
    app = signed_in("guanyun", "definitions", code=code)
    assert "不在本单位范围" in app.error[0].value
    (refused,) = [one for one in Store(marked).ledger.history("refused") if one.id > before]
    assert refused.login == "guanyun" and code in refused.subject
    own = document_codes.code(replace(scope, area_id="320723"))
    assert not signed_in("guanyun", "definitions", code=own).error


def test_figures_are_the_same_for_everybody(signed_in):
    def figures(who, stem):
        return [(one.label, one.value) for one in signed_in(who, stem, area="全市").metric]

    for stem in ("overview", "county_ranking", "target_progress", "inflation_check"):
        whole = figures("office", stem)
        assert [who for who in VISITORS if figures(VISITORS[who].login, stem) != whole] == []


def test_another_area_or_bank_in_the_address_changes_nothing(signed_in):
    app = signed_in("guanyun", "gap_list", area="东海县")
    assert app.selectbox(key="area").value in {"灌云县", "全市"}
    assert "东海县" not in app.selectbox(key="area").options
    app = signed_in("ccb", "gap_list", operator="工商银行")
    assert app.selectbox(key="operator").options == ["全部", "建设银行"]


def test_a_stranger_and_one_who_was_shut_out_see_nothing(marked, signed_in):
    assert "没有登记" in text_of(signed_in("nobody", "overview"))
    people.enrol(Store(marked).ledger, Visitor("走的人", "leader", login="gone"), clerk("测试"))
    assert "特定区域达标" in text_of(signed_in("gone", "overview"))
    people.dismiss(Store(marked).ledger, "gone", clerk("测试"))
    app = signed_in("gone", "overview")
    assert "已经停用" in text_of(app) and not app.metric


@pytest.mark.parametrize(
    ("stem", "query", "parts"),
    [
        ("definitions", {}, 1),
        ("gap_list", {}, 2),
        ("coverage_map", {}, 2),
        ("overview", {"view": "screen"}, 2),
    ],
)
def test_a_page_that_stays_open_gives_nothing_to_one_who_was_shut_out_or_moved(
    stem, query, parts, marked, signed_in, monkeypatch
):
    ledger, files, offered = Store(marked).ledger, [], st.download_button

    def noted(label, data, **options):
        files.append(data)
        return offered(label, data, **options)

    monkeypatch.setattr(st, "download_button", noted)
    for part in range(parts):
        people.enrol(ledger, Visitor("走的人", "leader", login="gone"), clerk("测试"))
        files.clear()
        app = signed_in("gone", stem, **query)
        kept = files.copy()
        people.enrol(ledger, Visitor("走的人", "bank", "CCB", login="gone"), clerk("测试"))
        rerun_alone(app, part, parts, monkeypatch)
        assert marked_city.foreign(sent(app), Sight("bank", "CCB")) == set()
        for one in kept:
            with pytest.raises(NotAllowedError, match="请刷新页面"):
                one()
        people.dismiss(ledger, "gone", clerk("测试"))
        rerun_alone(app, part, parts, monkeypatch)
        assert "已经停用" in text_of(app)
        assert marked_city.names(sent(app)) == 0


def rerun_alone(app, part, parts, monkeypatch):
    """Run one of the parts of a page as its widgets and its timer do, without its script."""
    known = list(app._fragment_storage._fragments)
    assert len(known) == parts
    with monkeypatch.context() as patch:
        alone = partial(local_script_runner.RerunData, fragment_id=known[part])
        patch.setattr(local_script_runner, "RerunData", alone)
        app.run()


def test_without_the_proxys_header_nobody_gets_in(signed_in):
    app = signed_in("", "overview")
    assert "请从办公室公布的网址进入" in text_of(app) and not app.metric


@pytest.mark.parametrize("role", ["leader", "county", "department", "bank"])
def test_a_write_without_the_right_is_refused_and_written_down(role, marked):
    store, who = Store(marked), VISITORS[role]
    before = store.ledger.version
    with pytest.raises(NotAllowedError, match="没有“导入、撤回和发布”的权限"):
        store.publish(lambda _: pytest.fail("built"), who)
    topics = ["place", "cluster", "template", "person", "force", "withdrawn"]
    topics += [] if role == "leader" else ["order", "order_cancelled"]
    for topic in topics:
        with pytest.raises(NotAllowedError):
            store.ledger.write(topic, "x", {}, who)
    refused = [one for one in store.ledger.history("refused") if one.id > before]
    assert len(refused) == len(topics) + 1 and {one.login for one in refused} == {who.login}
    assert store.ledger.version == before + len(refused)  # nothing else was written


def test_sights_are_narrow_for_units_alone():
    assert VISITORS["leader"].sight == Sight() == VISITORS["office"].sight
    assert VISITORS["zone"].sight == Sight("county", "XUWEI")
