"""A messy file on its way from upload to publication, in a real browser."""

from datetime import date

import openpyxl
import pytest
from playwright.sync_api import expect

from domain.visitors import clerk
from loaders import intake
from store.snapshot_store import Store
from tests.browser.conftest import clerk_at
from tests.support import bank_files
from tests.support.bank_files import write
from tests.support.stated import JUNE as END_OF_JUNE
from tests.support.stated import Office as Town
from tests.support.stated import shop, venue

TITLE = ["附件2：受理点明细表"]
GROUPS = ["商户信息", "", "", "坐标", "", "属性", ""]
HEADER = ["户号", "店招名称", "门牌", "经度", "纬度", "行当", "签约日期"]
SHOPS = [
    ["A1", "示例一店", "连云港市海州区新浦街道解放东路1号", "119.1718", "34.6083", "菜场生意",
     "2024-03-05"],
    ["A2", "示例二店", "赣榆县青口镇黄海路2号", "119°07′30″", "34°50′24″", "菜场生意", "2024.3.6"],
    ["A3", "示例三店", "南京市鼓楼区中山路3号", "", "", "", "2024-03-07"],
    ["A4", "示例四店", "连云区墟沟街道中华西路4号", "", "", "", "待定"],
]  # fmt: skip
TOTAL = ["合计", "4 家", "", "", "", "", ""]
JUNE, JULY = [TITLE, GROUPS, HEADER, *SHOPS, TOTAL], [TITLE, GROUPS, HEADER, *SHOPS[1:2], TOTAL]


@pytest.fixture
def office(visit, fresh_server):
    with clerk_at(visit, fresh_server, "data-import") as visitor:
        yield visitor


@pytest.fixture
def reader(visit, demo_server):
    """A clerk who publishes nothing and decides nothing."""
    with clerk_at(visit, demo_server, "data-import") as visitor:
        yield visitor


def hand_over(visitor, path, kind=None, sender="工商银行"):
    page = visitor.page
    choose(visitor, "报送单位", sender)
    if kind:
        choose(visitor, "内容", kind)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text(path.name)).to_be_visible()  # before that, the page has no file
    page.get_by_role("button", name="先看看").click()
    visitor.settle()


def agree(visitor):
    """Confirm what is asked of a sender's first file."""
    visitor.page.get_by_role("button", name="核对无误，记住并往下看").click()
    visitor.settle()


def choose(visitor, label, option):
    box = visitor.page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option)
    visitor.page.get_by_role("option", name=option).first.click()
    visitor.settle()


def figure(page, label):
    return page.locator("[data-testid='stMetric']", has_text=label)


def test_a_messy_file_is_published_and_the_next_month_recognised_and_compared(office, tmp_path):
    page = office.page
    hand_over(office, write(tmp_path / "2026年6月", JUNE, "xlsx"), "受理点")
    expect(
        page.get_by_text("文件里有坐标").or_(page.get_by_text("坐标用的是")).first
    ).to_be_visible()
    for header, column in {
        "户号": "受理点编号", "店招名称": "名称", "门牌": "地址",
        "行当": "场景类型",
    }.items():  # fmt: skip
        choose(office, f"“{header}”对应到", column)
    choose(office, "坐标用的是哪个坐标系", "WGS-84")
    page.get_by_text("全部记录").click()
    page.get_by_role("button", name="核对无误，记住并往下看").click()

    expect(figure(page, "读到")).to_contain_text("4 行")
    expect(figure(page, "可以入库")).to_contain_text("2 行")
    expect(figure(page, "退回")).to_contain_text("2 行")
    office.settle()
    page.get_by_role("tab", name="不是数据的行（1）").click()
    page.get_by_role("tab", name="认不出的词（1）").click()
    choose(office, "“菜场生意”是", "F2-12")
    page.get_by_role("button", name="记住这些词，重新核对").click()
    expect(page.get_by_role("tab", name="认不出的词（0）")).to_be_visible()
    expect(figure(page, "待复核")).to_contain_text("0 行")

    page.get_by_role("button", name="发布（经办人：王工）").click()
    expect(page.get_by_text("已发布，数据版本")).to_be_visible()
    expect(page.get_by_text("不是连云港的真实数据")).to_have_count(0)

    hand_over(office, write(tmp_path / "2026年7月", JULY, "xlsx"))
    expect(figure(page, "可以入库")).to_contain_text("1 行")  # nothing was asked
    expect(figure(page, "未再报送")).to_contain_text("1 条")
    office.settle()
    page.get_by_role("button", name="换一批文件").click()
    page.get_by_role("tab", name="报送质量").click()
    expect(page.get_by_role("button", name="下载报送质量表")).to_be_visible()


def test_rejects_go_back_and_come_back(office, tmp_path):
    header = ["受理点编号", "名称", "地址", "签约日期"]
    rows = [
        ["A1", "示例一店", "海州区新浦街道解放东路1号", "待定"],
        ["A2", "示例二店", "赣榆区青口镇", ""],
    ]
    page = office.page
    hand_over(office, write(tmp_path / "2026年6月", [header, *rows], "xlsx"))
    agree(office)
    expect(figure(page, "退回")).to_contain_text("1 行")
    office.settle()
    page.get_by_role("tab", name="退回（1）").click()
    download = office.download("下载退回清单")
    path = tmp_path / "退回.xlsx"
    download.save_as(path)
    book = openpyxl.load_workbook(path)
    assert book.active["E2"].value.startswith("第 2 行：签约日期：“待定”")
    book.active["D2"].value = "2024-03-05"
    book.save(path)
    page.get_by_role("button", name="换一批文件").click()
    office.settle()
    hand_over(office, path)
    expect(page.get_by_text("退回 1 行，本次收到 1 行，其中 1 行通过")).to_be_visible()


def test_going_back_is_written_down_and_the_demo_comes_back(visit, writable_server, tmp_path):
    store = Store(tmp_path / "store")
    sent = bank_files.merchants(tmp_path / "六月", bank_files.ROWS[1:])
    day = date(2025, 12, 31)
    intake.publish(bank_files.assess([sent], store, as_at=day), store, clerk("测试"))
    writable_server.replace_store(store.path)
    home = Store(writable_server.store)
    with clerk_at(visit, writable_server, "data-import") as office:
        page = office.page
        page.get_by_role("tab", name="数据版本").click()
        page.get_by_role("button", name="装回演示数据").click()
        expect(page.get_by_text("不是连云港的真实数据")).to_be_visible(timeout=180_000)
        office.settle()
        (real,) = [facts["id"] for facts in home.snapshots() if not facts["demo"]]
        expect(page.locator(".told-scope")).to_contain_text("截至 2026")
        choose(office, "退回到哪个版本", "六月")
        page.get_by_role("button", name="退回到这个版本").click()
        page.get_by_role("button", name="确定退回").click()
        expect(page.get_by_text("已退回，现在在用的是")).to_be_visible()
        expect(page.get_by_text("不是连云港的真实数据")).to_have_count(0)
        expect(page.get_by_text("退回记录（1 次）")).to_be_visible()
        expect(page.locator(".told-scope")).to_contain_text("截至 2025")
        assert home.current().id == real
        (entry,) = home.ledger.history("force")
        assert (entry.subject, entry.by) == (real, "王工")
        page.get_by_role("tab", name="各次报送").click()
        office.download("下载原件").save_as(tmp_path / "原件.csv")
    assert (tmp_path / "原件.csv").read_bytes() == sent.read_bytes()


def test_only_the_chosen_sheets_are_read(office, tmp_path):
    header = ["受理点编号", "名称", "地址"]
    book = openpyxl.Workbook()
    for title, number in {"城区": "A1", "乡镇": "A2"}.items():
        sheet = book.create_sheet(title)
        sheet.append(header)
        sheet.append([number, f"示例{number}店", "海州区新浦街道解放东路1号"])
    book.remove(book.active)
    book.save(tmp_path / "2026年6月两张表.xlsx")
    page = office.page
    hand_over(office, tmp_path / "2026年6月两张表.xlsx")
    agree(office)
    expect(figure(page, "读到")).to_contain_text("2 行")
    office.settle()
    page.get_by_label("读哪些工作表").locator("[aria-label='Remove 乡镇']").or_(
        page.get_by_role("button", name="乡镇")
    ).first.click()
    expect(figure(page, "读到")).to_contain_text("1 行")


def test_a_template_is_taken_away(reader, tmp_path):
    page = reader.page
    page.get_by_role("tab", name="模板下载").click()
    download = reader.download("受理点模板")
    download.save_as(tmp_path / "模板.xlsx")
    book = openpyxl.load_workbook(tmp_path / "模板.xlsx")
    assert "填写说明" in book.sheetnames


def test_a_corrected_file_moves_the_number_and_taking_it_back_moves_it_again(
    visit, writable_server, tmp_path
):
    town = Town(tmp_path / "town")
    town.lists(END_OF_JUNE, venue(应覆盖商户数="1", 分母日期="2025-06-01", 分母等级="A"))
    wrong = {"签约日期": "2025-03-01", "巡检日期": "", "特定区域": "V1"}
    town.states(END_OF_JUNE, shop("1", **wrong), sender="工商银行")
    writable_server.replace_store(town.store.path)
    corrected = town.file(
        [
            {
                "商户编号": "1",
                "商户名称": "店1",
                "地址": SHOPS[0][2],
                **wrong,
                "巡检日期": "2025-06-02",
            }
        ],
        "202506更正",
    )
    with clerk_at(visit, writable_server, "data-import") as visitor:
        page = visitor.page
        hand_over(visitor, corrected)
        expect(page.get_by_text("像是 2025-06-30，请核对数据截止日期")).to_be_visible()
        page.get_by_role("button", name="核对无误，记住并往下看").click()
        expect(page.get_by_text("发布后替换 2025-06-30 的“报送.csv”")).to_be_visible()
        visitor.settle()
        page.get_by_role("button", name="发布（经办人：王工）").click()
        expect(page.get_by_text("已发布，数据版本")).to_be_visible()
        covered(visitor, writable_server, "1 / 1")

        visitor.open(f"{writable_server.url}/data-import")
        page.get_by_label("经办人", exact=True).fill("王工")
        page.keyboard.press("Enter")
        visitor.settle()
        page.get_by_role("tab", name="各次报送").click()
        choose(visitor, "撤回哪份报送", "202506更正")
        page.get_by_label("撤回的理由").fill("巡检日期没有依据")
        page.get_by_role("button", name="撤回并重算").click()
        expect(page.get_by_text("已撤回：工商银行")).to_be_visible()
        covered(visitor, writable_server, "0 / 1")


def covered(visitor, server, share):
    """The overview says that `share` of the venues are covered."""
    visitor.open(f"{server.url}/?register=all")
    expect(visitor.page.locator(".hero")).to_contain_text(f"特定区域达标 {share} 个")


def go_to(page, title):
    page.get_by_test_id("stTopNavSection").filter(has_text="数据").click()
    page.get_by_test_id("stTopNavDropdownLink").filter(has_text=title).click()


def test_publishing_is_done_to_its_end_whatever_is_clicked(visit, fresh_server, tmp_path):
    store = Store(fresh_server.store)
    with clerk_at(visit, fresh_server, "data-import") as office:
        page = office.page
        hand_over(office, bank_files.merchants(tmp_path / "2025年12月", bank_files.ROWS[1:]))
        agree(office)
        before = store.current()
        with store.held():  # another publisher, for whom this one waits
            page.get_by_role("button", name="发布（经办人：王工）").click()
            expect(page.get_by_text("会做到底")).to_be_visible()
            go_to(page, "口径说明")
            expect(page.get_by_text("会做到底")).to_be_visible()
            assert store.current() == before
        expect(page.get_by_role("heading", name="这一版数据")).to_be_visible()
        expect(page.get_by_text("会做到底")).to_be_hidden()
        assert store.current().manifest["parent"] == before.id
        go_to(page, "数据导入")
        expect(page.get_by_text("已发布，数据版本")).to_be_visible()
