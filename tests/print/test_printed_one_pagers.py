"""County one-pagers in Word: two pages each, one without a list, whatever stands on them."""

from datetime import date

import pytest

from excel.cell_text import one_line
from queries.scope import Scope, areas_by_name
from reports.documents import one_pager
from reports.documents.one_pager_sheet import sheet
from store import snapshot_store
from tests.support import office, rare_sheets
from tests.support.blank_pictures import BlankPictures

DAY, EARLY = date(2026, 10, 31), date(2022, 12, 31)
NASTY = '<b>{{ x }} =1+1 #let &" $x$ @a *b* _c_ \\ 😀\x0b末'


def test_every_one_pager_is_two_pages_or_one_without_a_list(demo_store):
    """Of every area, of areas before they had a venue, and of rare kinds; printed in one run."""
    documents = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        snapshot_id = snapshot_store.default().current().id
        whole = {area: Scope(snapshot_id, DAY, area) for area in areas_by_name().values()}
        early = {f"{area}-early": Scope(snapshot_id, EARLY, area) for area in ("320724", "YTS")}
        for name, scope in (whole | early).items():
            documents[f"{name}.docx"] = one_pager.word(scope, BlankPictures())
        usual = sheet(whole["320706"])
        rare = {
            "crowded": rare_sheets.crowded_sheet(usual),
            "nasty": rare_sheets.nasty_sheet(usual, one_line(NASTY)),
            "finished": rare_sheets.finished_sheet(whole["XUWEI"]),
        }
        for name, shown in rare.items():
            patch.setattr(one_pager, "sheet", lambda _, shown=shown: shown)
            documents[f"{name}.docx"] = one_pager.word(whole["320706"], BlankPictures())
    pages = {name: office.pages(content) for name, content in office.pdfs(documents).items()}
    asked = {name: 1 if name.removesuffix(".docx").endswith("-early") else 2 for name in pages}
    assert len(pages) == 15 and pages == asked
