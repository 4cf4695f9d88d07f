"""口径说明 takes back the files of a set, and says of each what became of it."""

from dataclasses import replace
from datetime import date

import pytest

from domain.visitors import Visitor
from presentation.labels import plain
from queries.scope import Scope
from reports import document_set
from reports.set_list import LIST
from store import snapshot_store
from tests.support.fingerprints import AREA
from tests.support.linked_stores import linked_copy
from tests.support.pages import open_as, open_page, press, text_of

ZONE = Visitor("云台山", "county", AREA, login="yts")
COUNTY = Visitor("海州", "county", "320706", login="haizhou")


@pytest.fixture
def scope(demo_store, use_store):
    use_store(demo_store)
    facts = snapshot_store.default().current().manifest
    return Scope(facts["id"], date.fromisoformat(facts["as_of"]), AREA)


def verified(app, *files):
    for name, content in files:
        app.file_uploader(key="verify_files").upload(name, content)
    app.run()
    press(app, "核对")
    return next((one.value for one in app.table if "结果" in one.value), None)


def test_a_zip_is_made_again_and_found_unchanged(scope):
    packed = document_set.zipped(document_set.build(scope, ["tables"]))
    app = open_page("definitions")
    table = verified(app, ("一套.zip", packed))
    assert list(table["结果"]) == ["未改动", "未改动"]
    assert "逐字节相同" in app.success[0].value


def test_a_file_alone_with_the_list_is_compared(scope):
    files = document_set.build(scope, ["tables"])
    name = f"{document_set.name(scope)}_数据表.xlsx"
    app = open_page("definitions")
    table = verified(app, (name, files["数据表.xlsx"] + b" "), (LIST, files[LIST]))
    assert list(zip(table["文件"], table["结果"], strict=True)) == [
        (plain("数据表.xlsx"), "已改动"),
        (plain(LIST), "未改动"),
    ]
    assert "其余见下表" in text_of(app)


def test_files_without_their_list_are_refused(scope):
    app = open_page("definitions")
    assert verified(app, ("数据表.xlsx", b"x")) is None
    assert "没有找到清单" in app.error[0].value


@pytest.mark.usefixtures("trusted_header")
def test_a_unit_verifies_what_it_may_read(demo_store, use_store, tmp_path, scope):
    use_store(linked_copy(demo_store, tmp_path / "store"))
    own = replace(scope, sight=ZONE.sight)
    packed = document_set.zipped(document_set.build(own, ["tables"]))
    assert set(verified(open_as(ZONE, "definitions"), ("一套.zip", packed))["结果"]) == {"未改动"}
    app = open_as(COUNTY, "definitions")
    assert verified(app, ("一套.zip", packed)) is None
    assert "不在本单位范围" in app.error[0].value
    (refused,) = snapshot_store.default().ledger.history("refused")
    assert refused.subject == "核对云台山景区的文件"
