"""The work list as it comes out of a printer: few pages, all of them full, type to be read."""

import pandas as pd

from reports.documents import work_list
from reports.figures import plan_figure
from tests.support import office

STAMP = "【演示数据】口径：已验证 | 截止日：2026-06-30 | 数据版本：V | 规则：R"
BANKS = (
    "工商银行",
    "农业银行",
    "中国银行",
    "建设银行",
    "交通银行",
    "邮储银行",
    "兴业银行",
    "江苏银行",
)


def lines(count):
    return pd.DataFrame(
        [
            {
                "place": f"{number % 9 + 1}. 新浦中央商贸城", "name": f"兴旺小吃店第{number}号",
                "address": f"连云港市海州区解放东路{number}号（新浦中央商贸城内二层）",
                "todo": "签约、开通、验证", "state_label": "未签约", "cash_point": "否",
                "operator": BANKS[number % len(BANKS)], "note": "",
            }
            for number in range(count)
        ]
    )  # fmt: skip


def test_fifty_lines_of_eight_banks_print_on_a_handful_of_full_pages():
    venues = pd.DataFrame(
        {"number": [1], "venue": "新浦中央商贸城", "kind": "商场", "area": "海州区", "units": 50,
         "address": "解放东路1号", "operator": "工商银行", "done": True, "lon": 119.2, "lat": 34.6}
    )  # fmt: skip
    paper = work_list.Paper("灌云县工作单（50 家）", STAMP, ("再签 50 家，多 9 个。",))
    book = work_list.worklist(paper, venues, lines(50), plan_figure.png(venues, STAMP))
    content = office.pdfs({"work.xlsx": book})["work.xlsx"]
    pages = office.texts(content)
    assert len(pages) <= 8  # twelve, most of them white, when every bank had pages of its own
    whole = "".join(pages)
    assert all(whole.count(f"兴旺小吃店第{number}号") == 2 for number in range(50))
    listed = [text for text in pages if "商户" in text]
    assert len(listed) >= len(pages) - 1, "headings stand on every page of a list"
