"""Terms tell their meaning: each has one, of the definitions, and is a word that pages use."""

from collections import Counter

from domain import reference
from presentation import columns, term_meanings


def test_a_term_has_one_meaning():
    terms = Counter(
        term for text in reference.table("definitions")["terms"] for term in text.split(";") if term
    )
    assert {term: count for term, count in terms.items() if count > 1} == {}
    assert set(terms) == set(term_meanings.meanings())


def test_a_meaning_has_its_thresholds_and_its_clause():
    told = term_meanings.meanings()["已验证"]
    assert "180 天内巡检过" in told
    assert told.endswith("依据通知一（二）1。")


def test_headings_that_stand_for_the_measures_are_terms():
    headings = {heading for heading, _ in columns.COLUMNS.values()}
    for term in ("达标率", "应覆盖", "已签约", "已验证", "活跃", "名次", "可能名次", "还差（家）"):
        assert term in headings
        assert term in term_meanings.meanings()


def test_a_term_is_marked_with_its_meaning():
    told = term_meanings.meanings()["活跃"]
    assert term_meanings.marked("活跃") == (
        f'<dfn tabindex="0" data-meaning="{told}" aria-description="{told}">活跃</dfn>'
    )
