"""Documents speak as an office does: one list of words that none of them may say."""

import html
import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from queries.scope import Scope
from reports.documents import brief, data_workbook, one_pager, slides
from reports.documents.template_fields import TEMPLATES
from store import snapshot_store
from tests.support.blank_pictures import BlankPictures

DAY = date(2026, 10, 31)
FORBIDDEN = (
    "靠不住", "挤水分", "挤掉", "水分后", "最省", "门口一块牌", "怎么来的",
    "是什么", "补法", "谁没报", "拖后腿", "搞定", "差不多", "老大难", "见全市通报",
)  # fmt: skip
TAG, BREAK = re.compile(r"<[^>]*>"), re.compile(r"</(?:w:p|a:p|si|c)>")


def written(content):
    """All text in the XML of an Office document, a paragraph or cell a line."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        xml = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")]
    return "\n".join(html.unescape(TAG.sub("", BREAK.sub("\n", part))) for part in xml)


@pytest.fixture(scope="module")
def texts(demo_store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        city = Scope(snapshot_store.default().current().id, DAY)
        county, zone = (replace(city, area_id=area) for area in ("320723", "HITECH"))
        made = {
            "通报": brief.brief(city, BlankPictures()),
            "县通报": brief.brief(county, BlankPictures()),
            "板块通报": brief.brief(zone, BlankPictures()),
            "数据表": data_workbook.workbook(city),
            "汇报": slides.slides(city, BlankPictures()),
            "一页纸": one_pager.word(county, BlankPictures()),
        }
    return {name: written(content) for name, content in made.items()}


@pytest.mark.parametrize("name", ["通报", "县通报", "板块通报", "数据表", "汇报", "一页纸"])
def test_no_document_says_a_forbidden_word(texts, name):
    assert len(texts[name]) > 1000
    assert [word for word in FORBIDDEN if word in texts[name]] == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.docx")) + sorted(TEMPLATES.glob("*.typ")))
def test_no_template_says_one(path):
    content = path.read_bytes()
    text = written(content) if path.suffix == ".docx" else content.decode()
    assert [word for word in FORBIDDEN if word in text] == []
