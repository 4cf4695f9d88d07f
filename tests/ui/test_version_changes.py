"""数据版本: each version by what it changed; the way back asks first and says what was done."""

from datetime import date

import pytest

from domain.visitors import clerk
from loaders import intake
from store.ledger import Ledger
from store.snapshot_store import Store
from store.statement_store import Statement
from tests.support import bank_files
from tests.support.pages import open_page, press, text_of
from ui.data_import.version_changes import changes, moved

ROWS = bank_files.ROWS[1:]


def version(files=(), merchants=0, ledger_version=0, **facts):
    rows = {"merchants": merchants, "venues": 3}
    made = {"demo": False, "statements": list(files), "rows": rows, "rules_version": "1"}
    return made | {"ledger_version": ledger_version} | facts


STATEMENTS = {
    name: Statement(
        "农业银行",
        "merchants",
        date(2025, 6, 30),
        False,
        name,
        "",
        name,
        {},
        None,
        0,
        "",
        "",
        id=name,
    )
    for name in ("六月.xlsx", "七月.xlsx", *(f"{month}月.xlsx" for month in range(1, 6)))
}


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    ledger.write_all("place", {"m:1": {}, "m:2": {}}, clerk("甲"))
    ledger.write("outline", "v:1", {}, clerk("甲"))
    ledger.write("layout", "农业银行|merchants", {}, clerk("甲"))
    return ledger


JUNE = version(["六月.xlsx"], 100)


@pytest.mark.parametrize(
    ("later", "change"),
    [
        (
            version(["六月.xlsx", "七月.xlsx"], 103),
            "收到农业银行的受理点（七月.xlsx）；受理点 +3",
        ),
        (version(["七月.xlsx"], 90), "收到农业银行的受理点（七月.xlsx）；受理点 -10"),
        (version(["六月.xlsx"], 100, 3), "并入2 项位置核定、1 项轮廓决定"),
        (version(["六月.xlsx"], 100, 4), "并入2 项位置核定、1 项轮廓决定"),
        (version(["六月.xlsx"], 100, rules_version="2"), "规则由 1 改为 2"),
        (version(["六月.xlsx"], 100), "没有增减，只有内容更正"),
        (version(["六月.xlsx"], 100, demo=True), "演示数据"),
    ],
)
def test_a_version_is_told_by_what_it_changed(ledger, later, change):
    assert changes(later, JUNE, ledger, STATEMENTS) == change


def test_many_files_are_counted_and_the_first_ones_named(ledger):
    later = version([f"{month}月.xlsx" for month in range(1, 6)], 100)
    assert "（1月.xlsx、2月.xlsx等 5 个文件）" in changes(later, None, ledger, STATEMENTS)


@pytest.mark.parametrize("before", [None, version(merchants=5000, demo=True)])
def test_the_first_real_version_changes_nothing_of_the_demo(ledger, before):
    assert changes(JUNE, before, ledger, STATEMENTS) == (
        "收到农业银行的受理点（六月.xlsx）；受理点 +100、特定区域名录 +3"
    )


@pytest.mark.parametrize(
    ("number", "before", "shown"),
    [
        (1200, 1185, "1,200（+15）"),
        (9, 10, "9（-1）"),
        (9, 9, "9"),
        (9, None, "9"),
        (9, 0, "9（+9）"),
    ],
)
def test_a_number_of_rows_says_how_many_more(number, before, shown):
    assert moved(number, before) == shown


@pytest.fixture
def home(tmp_path, use_store):
    """A store of two imports."""
    use_store(tmp_path / "store")
    store = Store(tmp_path / "store")
    for name, rows in {"六月": ROWS[:1], "七月": ROWS}.items():
        sent = bank_files.merchants(tmp_path / name, rows)
        intake.publish(bank_files.assess([sent], store), store, clerk("甲"))
    return store


def opened(person):
    app = open_page("data_import")
    app.text_input(key="person").set_value(person).run()
    return app


def test_the_list_and_the_selector_say_what_changed(home):
    app = opened("甲")
    listed = next(one.value for one in app.dataframe if "变化" in one.value)
    assert ["六月" in change for change in listed["变化"]] == [False, True]
    assert listed["受理点"].tolist()[0].endswith(f"（+{len(ROWS) - 1}）")
    (choice,) = app.selectbox(key="_back_to").options
    assert "六月" in choice and choice[:2] == "20"


def test_going_back_is_asked_once_more_and_then_said(home):
    newer, older = (facts["id"] for facts in home.snapshots())
    app = opened("甲")
    press(app, "退回到这个版本")
    assert "要退回到：" in text_of(app) and home.current().id == newer
    press(app, "不退回")
    assert "要退回到：" not in text_of(app) and home.current().id == newer
    press(app, "退回到这个版本")
    press(app, "确定退回")
    assert home.current().id == older
    assert ["已退回，现在在用的是" in one.value for one in app.success] == [True]
    assert "经办人：甲" in app.success[0].value and "要退回到：" not in text_of(app)


def test_nobody_goes_back_without_a_name(home):
    app = opened("")
    press(app, "退回到这个版本")
    assert "要退回到：" not in text_of(app) and "填写经办人" in text_of(app)


@pytest.mark.parametrize("said", [None, "", "20200101-000000-00000000"])
def test_a_store_that_lost_its_version_offers_the_way_back_and_no_demo(tmp_path, use_store, said):
    store = Store(tmp_path / "store")
    found = bank_files.assess([bank_files.merchants(tmp_path / "六月", ROWS)], store)
    known = intake.publish(found, store, clerk("测试"))
    use_store(store.path)
    pointer = store.path / "current"
    pointer.unlink()
    if said is not None:
        pointer.write_text(said)
    overview = open_page("overview")
    (error,) = overview.error
    assert known.id in error.value.replace("\\", "") and not overview.exception
    assert not overview.button
    app = open_page("data_import")
    assert not app.exception
    app.text_input(key="person").set_value("王工").run()
    press(app, "退回到这个版本")
    press(app, "确定退回")
    assert store.current() == known and not app.error


def test_what_a_file_is_called_and_who_published_it_runs_nowhere(tmp_path, use_store):
    store = Store(tmp_path / "store")
    name = "![图](http://127.0.0.1:9/x) **粗** $a^2$"
    path = bank_files.merchants(tmp_path / "六月", ROWS)
    path = path.rename(path.with_name(f"{name.replace('/', '／')}.csv"))
    intake.publish(bank_files.assess([path], store), store, clerk(name))
    use_store(store.path)
    (table,) = [one for one in open_page("definitions").table if "来源文件" in str(one.value)]
    cells = "".join(map(str, table.value.to_numpy().ravel()))
    assert r"\!\[图\]" in cells and r"\*\*粗" in cells and r"\$a" in cells


def test_the_wrong_cells_of_any_statement_are_taken_away(tmp_path, use_store):
    store = Store(tmp_path / "store")
    rows = [["S1", "工商银行", "示例店", "待定"], ["S2", "工商银行", "示例二店", "2025-01-05"]]
    header = ["商户编号", "运营机构", "商户名称", "签约日期"]
    path = bank_files.write(tmp_path / "六月", [header, *rows], "csv-utf8")
    intake.publish(bank_files.assess([path], store), store, clerk("测试"))
    (one,) = store.in_force(store.current())
    cells = store.statements.rejects(one)
    assert cells[["row", "column", "value"]].to_numpy().tolist() == [[2, "签约日期", "待定"]]
    use_store(store.path)
    buttons = [button.proto.label for button in open_page("data_import").get("download_button")]
    assert "下载退回的单元格（1 行）" in "".join(buttons)
