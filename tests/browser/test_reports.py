"""Reports in a real browser: choose, make, preview, download; and back from a code to the names."""

import io
import json
import re
import zipfile

from docx import Document
from playwright.sync_api import expect

from tests.browser.test_dashboard import PROBES


def test_a_set_is_made_and_taken_away(visitor, demo_server, tmp_path):
    page = visitor.open(f"{demo_server.url}/report-export?area=海州区")
    expect(page.get_by_role("heading", name="海州区，截至")).to_be_visible()
    expect(page.get_by_text("海州区名录内特定区域")).to_be_visible()
    page.get_by_role("button", name="生成").click()
    expect(page.get_by_text("做好了：海州区")).to_be_visible(timeout=180_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="全部下载（zip）").click()
    path = tmp_path / "set.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        listed = json.loads(archive.read("清单.json"))
        assert listed["范围"] == "海州区"
        assert set(listed["文件"]) == {
            "工作通报.docx", "数据表.xlsx", "县区一页纸/海州区.pdf", "县区一页纸/海州区.docx",
        }  # fmt: skip
        text = "\n".join(
            paragraph.text
            for paragraph in Document(io.BytesIO(archive.read("工作通报.docx"))).paragraphs
        )
    assert "海州区名录内特定区域" in text
    assert visitor.outside == []
    assert [error for error in visitor.errors if not PROBES.search(error)] == []


def test_from_a_code_to_the_names_behind_a_number(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/report-export?area=海州区")
    code = re.search(
        r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.get_by_text("查证代码").first.inner_text()
    ).group()
    visitor.open(f"{demo_server.url}/definitions-rules?code={code}")
    expect(page.get_by_text("这份文件")).to_contain_text("海州区")
    assert visitor.outside == []
