"""The letter of an order: one A4 page in Word and PDF, the same bytes again, nothing in it runs."""

import io
import re
from dataclasses import replace
from datetime import date

import docx
import pytest
from pypdf import PdfReader

from domain.order_rules import LONGEST, MOST_FIGURES, Figure, Until
from domain.visitors import clerk
from presentation import order_proposals
from queries.scope import Scope
from reports.documents import brief_templates, order_letter
from store import snapshot_store
from tests.support.issued_orders import order, task
from tests.support.office import pages, pdfs
from tests.support.word_files import saved

DAY = date(2026, 10, 31)
NASTY = '<b>{{ x }} =1+1 #let &" $x$ @a *b* _c_ \\ {%p if x %} 😀\x0b末'


def letter(**parts):
    return order(task(**parts), DAY, number="督〔2026〕1号")


def longest():
    """An order of which every text is as long as it may be."""
    texts = {name: "办" * most for name, most in LONGEST.items()}
    figures = tuple(Figure("项" * 12, "数" * 24, DAY) for _ in range(MOST_FIGURES))
    stamp = " | ".join(["【演示数据】口径：已验证", *["银行报送截至：2026-10-31"] * 12])
    venues = tuple(f"LYG-2026-{n:05}" for n in range(60))
    until = Until("confirmed", "320706", venues=venues)
    return letter(**texts, until=until, figures=figures, stamp=stamp, demo=True,
                  code="ABCD-EFGH-JKMN", snapshot_id="20261126-202742-7363c4af-demo")  # fmt: skip


def squashed(text):
    return re.sub(r"\s", "", text)


def pdf_text(content):
    (page,) = PdfReader(io.BytesIO(content)).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    return squashed(page.extract_text())


def word_text(content):
    """All text of a document and of its header."""
    document = docx.Document(io.BytesIO(content))
    parts = [document.element.body, *(one.header._element for one in document.sections)]
    return squashed(
        "".join(node.text or "" for part in parts for node in part.iter() if node.tag[-2:] == "}t")
    )


def both(one):
    return pdf_text(order_letter.pdf(one)), word_text(order_letter.word(one))


def test_it_says_to_whom_what_by_when_what_ends_it_and_on_what_it_rests():
    one = letter(due_on=date(2026, 12, 31), code="ABCD-EFGH-JKMN")
    for text in both(one):
        for said in (
            "督办单", "督〔2026〕1号", "农业银行：", "市场V1还差1家才达标。",
            "逐家签约、开通，并巡检。", "2026年12月31日", "该场所达标（已验证口径）",
            "连政办发〔2023〕12号五（三）", "还差", "1家",
            "2025-06-30", "20250705-v", "领导小组办公室", "2026年10月31日", "联系人：王工",
            "口径：已验证", "ABCD-EFGH-JKMN",
        ):  # fmt: skip
            assert said in text, said
        assert "演示数据" not in text


def test_a_county_is_written_to_as_a_government_and_a_zone_by_its_full_name():
    county = letter(role="county", unit="320723", until=Until("area_share", "320723", share=0.6))
    zone = letter(role="county", unit="ETDZ", contact="")
    for text in both(county):
        assert (
            "灌云县人民政府：" in text and "灌云县达标率（已验证口径，主口径名录）达到60.0%" in text
        )
    for text in both(zone):
        assert "连云港经济技术开发区管理机构：" in text and "联系人" not in text


def test_the_longest_there_can_be_is_one_page_and_demo_data_is_marked():
    one = longest()
    for text in both(one):
        assert "演示数据" in text and "办" * LONGEST["measure"] in text
    (printed,) = pdfs({"督办单.docx": order_letter.word(one)}).values()
    assert pages(printed) == 1


def test_it_is_made_again_to_the_same_bytes():
    one = longest()
    assert order_letter.pdf(one) == order_letter.pdf(one)
    assert order_letter.word(one) == order_letter.word(one)


@pytest.mark.parametrize("name", ["matter", "measure", "contact", "issuer"])
def test_text_that_means_harm_is_text(name):
    one = letter(**{name: NASTY}, figures=(Figure(NASTY, NASTY, DAY),))
    pdf, word = both(one)
    # Control characters are blanks; the font of the PDF has no picture letters.
    written = squashed(NASTY.replace("\x0b", ""))
    assert word.count(written) >= 3
    assert pdf.count(written.partition("😀")[0]) >= 3


def test_the_office_s_own_template_is_used_and_a_faulty_one_refused(tmp_path):
    home = snapshot_store.Store(tmp_path / "store")
    document = docx.Document(io.BytesIO(brief_templates.standard("order")))
    document.paragraphs[0].insert_paragraph_before("内部资料")
    changed = saved(document)
    assert order_letter.check(changed) == ()
    brief_templates.keep(home, changed, "督办单.docx", clerk("甲"), "order")
    own = brief_templates.in_force(home, "order")
    assert word_text(order_letter.word(letter(), own)).find("内部资料") >= 0
    assert brief_templates.in_force(home) == brief_templates.standard("brief")
    document.paragraphs[0].text = "{{ unit }}"
    assert "没有“unit”这个字段" in order_letter.check(saved(document))[0]


def test_what_is_proposed_of_the_demo_is_one_page_whose_code_stands_for_its_area(
    demo_store, use_store
):
    use_store(demo_store)
    scope = Scope(snapshot_store.default().current().id, DAY)
    for kind in ("area", "venue", "confirm", "late", "report"):
        for key in list(order_proposals.choices(scope, kind))[:3]:
            made = order_proposals.proposal(scope, kind, key)
            made = replace(made, code=order_letter.code(made))
            for text in both(order(made, DAY)):
                assert squashed(made.matter) in text and made.code in text and "演示数据" in text
