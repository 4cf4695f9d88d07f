"""数据导入 asks what a person has to say of a file: its columns, its coordinate system."""

import pytest

from domain.visitors import clerk
from loaders.reading import opened_tables
from loaders.senders import sender_memory
from loaders.senders.sender_memory import Reading
from store.snapshot_store import Store
from tests.support.bank_files import AS_AT, write
from tests.support.pages import open_page, press, text_of
from ui.data_import.upload import Work

BANK = "工商银行"
HEADER = ["户号", "门脸", "门牌", "东边", "北边"]
MEANT = ["merchant_id", "name", "address", "lon", "lat"]
ROWS = [["S1", "甲店", "赣榆区青口镇黄海路3号", "119.1225", "34.8409"]]
VENUES = [
    ["区域编号", "区域名称", "类别", "东边", "北边"],
    ["V1", "青口市场", "农贸市场", "119.12", "34.84"],
]
ASKED = "坐标用的是哪个坐标系"


@pytest.fixture
def home(tmp_path, use_store):
    use_store(tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture
def hand_over(home, tmp_path):
    """数据导入 with files in hand as if they had been uploaded: rows by name of file."""

    def handed(**files):
        paths = [write(tmp_path / name, rows, "xlsx") for name, rows in files.items()]
        known = sender_memory.recall(home.ledger, BANK)
        opened = opened_tables.opened(paths, known=known, sender=BANK, guess=True, as_at=AS_AT)
        now = Work(BANK, None, tuple(opened), known)
        app = open_page("data_import")
        app.text_input(key="person").set_value("甲")
        app.session_state["_work"] = now
        return app.run()

    return handed


def remember(home, kind, columns, crs):
    sender_memory.confirm(home.ledger, BANK, Reading(kind, columns, crs, whole=False), clerk("甲"))


def box(app, label):
    return next(one for one in app.selectbox if one.label == label)


def systems(app):
    return [one.label for one in app.selectbox if ASKED in one.label]


def choose(app, header, column):
    box(app, f"“{header}”对应到").select(column).run()


def shown(app):
    """The text of the page as it is read, without the marks of Markdown."""
    return text_of(app).replace("\\", "")


def remembered(home, kind="merchants"):
    """What was confirmed last of a kind."""
    known = sender_memory.recall(home.ledger, BANK)
    return next(one for one in known.readings if one.kind == kind)


def test_a_column_of_points_that_is_chosen_by_hand_brings_up_the_coordinate_system(hand_over, home):
    app = hand_over(来件=[HEADER, *ROWS])
    for header, column in zip(HEADER[:3], MEANT, strict=False):
        choose(app, header, column)
    assert systems(app) == []
    choose(app, "东边", "lon")
    choose(app, "北边", "lat")
    assert systems(app) == [ASKED] and box(app, ASKED).value is None
    press(app, "核对无误，记住并往下看")
    assert [error.value for error in app.error] == ["文件里有坐标，请先选坐标系。"]
    box(app, ASKED).select("bd09").run()
    press(app, "核对无误，记住并往下看")
    assert app.session_state["_work"].assessment.counts()["accepted"] == 1
    assert remembered(home).crs == "bd09"


@pytest.mark.parametrize(
    ("east", "north", "named"),
    [
        ("高德经度", "高德纬度", "“高德经度”写明坐标系是 GCJ-02（高德、腾讯）"),
        ("经度(百度)", "纬度(百度)", "“经度(百度)”写明坐标系是 BD-09（百度）"),
    ],
)
def test_a_header_that_names_the_coordinate_system_is_taken_at_its_word(
    hand_over, home, east, north, named
):
    app = hand_over(来件=[["户号", "名称", "地址", east, north], *ROWS])
    choose(app, east, "lon")
    choose(app, north, "lat")
    assert systems(app) == []
    assert shown(app).count(named) == 1
    press(app, "核对无误，记住并往下看")
    (sheet,) = app.session_state["_work"].assessment.sheets
    assert sheet.crs == ("gcj02" if east == "高德经度" else "bd09")


def test_a_known_sender_s_renamed_columns_of_points_keep_its_coordinate_system(hand_over, home):
    remember(home, "merchants", dict(zip(HEADER, MEANT, strict=True)), "gcj02")
    app = hand_over(八月=[[*HEADER[:3], "东侧", "北侧"], *ROWS])
    choose(app, "东侧", "lon")
    choose(app, "北侧", "lat")
    assert box(app, ASKED).value == "gcj02"
    press(app, "核对无误，记住并往下看")
    assert app.session_state["_work"].assessment.counts()["accepted"] == 1
    assert remembered(home).crs == "gcj02"


def test_a_file_without_points_leaves_the_remembered_coordinate_system(hand_over, home):
    remember(home, "merchants", dict(zip(HEADER, MEANT, strict=True)), "gcj02")
    app = hand_over(八月=[HEADER[:3], *[row[:3] for row in ROWS]])
    assert systems(app) == []
    press(app, "核对无误，记住并往下看")
    assert "东边" not in remembered(home).columns and remembered(home).crs == "gcj02"


def test_each_kind_has_a_coordinate_system_of_its_own(hand_over, home):
    venue = ["venue_id", "name", "kind_id", "lon", "lat"]
    remember(home, "merchants", dict(zip(HEADER, MEANT, strict=True)), "gcj02")
    remember(home, "venues", dict(zip(VENUES[0], venue, strict=True)), "wgs84")
    app = hand_over(名录=VENUES, 八月=[[*HEADER, "备注"], [*ROWS[0], ""]])
    assert systems(app) == [f"“特定区域名录”的{ASKED}", f"“受理点”的{ASKED}"]
    assert [box(app, label).value for label in systems(app)] == ["wgs84", "gcj02"]
    press(app, "核对无误，记住并往下看")
    assert (remembered(home).crs, remembered(home, "venues").crs) == ("gcj02", "wgs84")


def test_no_message_of_the_page_names_an_option_of_the_command_line(hand_over):
    app = hand_over(来件=[HEADER, *ROWS])
    choose(app, "门牌", "address")
    press(app, "核对无误，记住并往下看")
    (error,) = [error.value for error in app.error]
    assert "缺少必需的列" in error and "--" not in error


def test_examples_come_from_the_whole_column(hand_over):
    rows = [[f"S{i}", f"店{i}", "海州区", "是" if i == 700 else "", ""] for i in range(800)]
    app = hand_over(来件=[["商户号", "门脸", "门牌", "计入", "备注"], *rows])
    cells = [markdown.value for markdown in app.markdown]
    assert [cells.count(text) for text in ("S0、S1、S2", "是", ":gray[（没有内容）]")] == [1, 1, 1]


def test_a_file_may_have_a_name_of_any_length(home):
    name = "二〇二五年六月受理点情况表" * 8 + "2025-06-30.csv"
    app = open_page("data_import")
    app.text_input(key="person").set_value("甲")
    box(app, "报送单位").set_value(BANK)
    content = "商户编号,运营机构,商户名称,地址\nA1,工商银行,示例店,海州区新浦街道解放东路1号\n"
    app.get("file_uploader")[0].upload(name, content.encode(), "text/csv")
    press(app, "先看看")
    assert not app.error
    (table,) = app.session_state["_work"].opened
    assert table.source.file == name
    assert table.original == content.encode()
