"""方案即数据: another folder in place of data/ is another city, with the same code."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import second_city

ROOT = Path(__file__).resolve().parents[2]
SHOPS = [
    ("A1", "示例一店", "盐城市响水县响水镇人民路1号", "", ""),
    ("A2", "示例二店", "江苏省盐城市滨海县东坎街道人民路2号", "", ""),
    ("A3", "示例三店", "滨海县正红镇人民路3号", "", ""),
    ("A4", "示例四店", "", "119.6900", "34.1200"),
    # The last one belongs to another city.
    ("A5", "外市一店", "连云港市海州区人民路5号", "", ""),
]
VENUES = [("Q1", "示例农贸市场", "农贸市场", "响水县响水镇人民路1号", "4", "A", "2026-06-30")]
OPENED = """
import io
import json
from contextlib import redirect_stderr, redirect_stdout
import streamlit as st
from loaders import __main__ as loaders
from reports import __main__ as reports
from tests.support.pages import PAGES, open_page

titles = []
configure = st.set_page_config
st.set_page_config = lambda **said: titles.append(said["page_title"]) or configure(**said)
pages = {}
for stem in PAGES:
    before = len(titles)
    app = open_page(stem)
    said = titles[before:]
    said += [str(getattr(one, "value", "")) + str(one.proto) for one in app.main]
    faults = [one.value for one in (*app.exception, *app.error)]
    pages[stem] = {"faults": faults, "text": "\\n".join(said)}
with redirect_stdout(io.StringIO()) as printed:
    assert reports.main(["coverage"]) == 0
with redirect_stderr(io.StringIO()) as refused:
    assert loaders.main(["demo"]) == 1
told = {"titles": titles, "pages": pages, "report": json.loads(printed.getvalue())}
print(json.dumps(told | {"demo": refused.getvalue()}))
"""
"""Everything that is asked of the second city, in one process: its reference is read once."""


def write(path: Path, *rows: tuple) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def run(folder: Path, *command: str) -> dict:
    """What a command prints, as JSON, in the city of `folder`."""
    env = os.environ | {"COVERAGE_DATA": str(folder)}
    env.pop("COVERAGE_STORE", None)
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def imported(folder: Path, shops: list[tuple]) -> dict:
    sent = write(
        folder / "商户.csv",
        (
            "商户编号",
            "商户名称",
            "地址",
            "经度",
            "纬度",
            "坐标系",
            "运营机构",
            "签约日期",
            "开通日期",
        ),
        *(
            (*shop, "WGS84" if shop[3] else "", "工行", "2026-03-01", "2026-03-02")
            for shop in shops
        ),
    )
    venues = write(
        folder / "名录.csv",
        ("区域编号", "区域名称", "类别", "地址", "应覆盖商户数", "分母等级", "分母日期"),
        *VENUES,
    )
    day = ("--as-at", "2026-03-31")
    return run(folder, "-m", "loaders", "import", str(venues), str(sent), *day)


@pytest.fixture(scope="module")
def lone_city(tmp_path_factory):
    """What the second city tells, published, which knows nothing of what lies around it."""
    folder = second_city.build(tmp_path_factory.mktemp("lone"), around=False)
    imported(folder, SHOPS[:-1])
    return run(folder, "-c", OPENED)


def test_addresses_are_placed_in_the_second_city_and_others_are_sent_back(tmp_path):
    told = imported(second_city.build(tmp_path / "city", around=True), SHOPS)
    assert told["by_county"] == {"响水县": 3, "滨海县": 2}  # two shops each, and the venue
    assert (told["accepted"], told["rejected"]) == (5, 1)
    assert (tmp_path / "city" / "store" / "current").is_file()


def test_every_page_opens_and_speaks_of_the_second_city_alone(lone_city):
    assert all(title.endswith("盐城数字人民币场景覆盖看板") for title in lone_city["titles"])
    for stem, page in lone_city["pages"].items():
        assert page["faults"] == [], stem
        assert "盐城" in page["text"], stem
        assert "连云港" not in page["text"], stem


def test_the_report_answers_for_the_second_city(lone_city):
    told = lone_city["report"]
    assert [row["area"] for row in told["counties"]] == ["响水县", "滨海县"]
    assert told["zones"] == []
    assert told["city"]["venues"] == 1


def test_a_city_without_demo_data_says_so(lone_city):
    assert "这个城市没有演示数据" in lone_city["demo"]
