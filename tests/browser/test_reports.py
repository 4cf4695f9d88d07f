"""Reports in a real browser: choose, preview, make, download; the template; a code read back."""

import io
import json
import re
import zipfile

import pytest
from docx import Document
from playwright.sync_api import expect

from reports.documents import brief_templates
from tests.browser.conftest import clerk_at

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def office(visit, fresh_server):
    with clerk_at(visit, fresh_server, "report-export?area=海州区") as visitor:
        yield visitor


def made(visitor, tmp_path):
    """Make what is chosen and take the zip away: its files by name."""
    page = visitor.page
    page.get_by_role("button", name="生成").click()
    expect(page.get_by_text("做好了：海州区")).to_be_visible(timeout=180_000)
    download = visitor.download("全部下载（zip）")
    download.save_as(tmp_path / "set.zip")
    with zipfile.ZipFile(tmp_path / "set.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(document):
    return "\n".join(one.text for one in Document(io.BytesIO(document)).paragraphs)


def template_with(paragraph):
    document = Document(io.BytesIO(brief_templates.standard("brief")))
    document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return {"name": "我的模板.docx", "mimeType": "", "buffer": buffer.getvalue()}


def test_a_set_is_made_and_taken_away(visitor, demo_server, tmp_path):
    page = visitor.open(f"{demo_server.url}/report-export?area=海州区")
    expect(page.get_by_text("海州区名录内特定区域")).to_be_visible()
    code = CODE.search(page.get_by_text("查证代码").first.inner_text()).group()
    files = made(visitor, tmp_path)
    listed = json.loads(files["清单.json"])
    assert listed["范围"] == "海州区" and listed["查证代码"] == code
    assert set(listed["文件"]) == {
        "工作通报.docx", "数据表.xlsx", "领导汇报.pptx",
        "县区一页纸/海州区.pdf", "县区一页纸/海州区.docx",
    }  # fmt: skip
    assert "海州区名录内特定区域" in text_of(files["工作通报.docx"])
    visitor.check()


def test_a_page_and_a_figure_are_seen_before_they_are_made(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/report-export?area=海州区")
    for view, caption in (("一页纸", "海州区一页纸"), ("图", "场所达标率")):
        page.get_by_role("radio", name=view, exact=True).click()
        picture = page.get_by_test_id("stImage")
        expect(picture).to_contain_text(caption)
        for one in picture.locator("img").all():  # a front and, with a list, its back
            expect(one).to_have_js_property("complete", True)
    visitor.check()


def test_a_template_is_refused_then_put_in_force_then_taken_back(office, tmp_path):
    page = office.page
    page.get_by_text("文件模板：换成本单位的样子").click()
    upload = page.get_by_test_id("stFileUploaderDropzoneInput")
    upload.set_input_files(template_with("{{ 没有的字段 }}"))
    expect(page.get_by_test_id("stAlert").filter(has_text="没有的字段")).to_be_visible()
    expect(page.get_by_role("button", name="启用这份模板")).to_be_hidden()
    upload.set_input_files(template_with("这是本单位加的一段。"))
    page.get_by_role("button", name="启用这份模板").click()
    expect(page.get_by_role("button", name="改回标准模板")).to_be_visible()  # it is in force
    expect(page.get_by_text("我的模板.docx").first).to_be_visible()
    office.settle()
    assert "这是本单位加的一段。" in text_of(made(office, tmp_path)["工作通报.docx"])
    page.get_by_role("button", name="改回标准模板").click()
    expect(page.get_by_text("现在用的是标准模板")).to_be_visible()


def test_from_a_code_to_the_names_behind_a_number(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/report-export?area=海州区")
    code = CODE.search(page.get_by_text("查证代码").first.inner_text()).group()
    visitor.open(f"{demo_server.url}/definitions-rules?code={code}")
    expect(page.get_by_text("这份文件")).to_contain_text("海州区")
    visitor.check()
