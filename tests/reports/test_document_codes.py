"""Codes of documents lead back to the version, day and part of the city."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import rules
from queries.scope import Scope, areas_by_name
from reports import document_codes
from reports.document_codes import CodeError

AREAS = ["", *areas_by_name().values()]
VERSIONS = ["20261031-080000-aaaaaaaa", "20261130-080000-bbbbbbbb", "20261130-090000-cccccccc-demo"]


@given(
    st.sampled_from(VERSIONS),
    st.dates(date(2019, 1, 1), date(2100, 1, 1)),
    st.sampled_from(AREAS),
    st.sampled_from(["management", "territory"]),
    st.sampled_from(["headline", "all"]),
)
def test_a_code_leads_back_to_its_scope(version, day, area, attribution, tiers):
    scope = Scope(version, day, area, attribution=attribution, tiers=tiers)
    found = document_codes.found(document_codes.code(scope), VERSIONS)
    assert found.scope == scope
    assert found.same_rules


def test_no_two_documents_of_a_year_share_a_code():
    days = [date(2026, month, 1) for month in range(1, 13)]
    scopes = [
        Scope(version, day, area, tiers=tiers)
        for version, day, area, tiers in product(VERSIONS, days, AREAS, ["headline", "all"])
    ]
    assert len({document_codes.code(scope) for scope in scopes}) == len(scopes)


def test_a_code_is_the_same_on_every_machine(monkeypatch):
    monkeypatch.setattr(rules, "VERSION", "2026.11-2")
    assert document_codes.code(Scope(VERSIONS[0], date(2026, 10, 31))) == "CCQE-2SC0-0T19"


@given(st.integers(0, 13), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_sign_is_noticed(place, sign):
    code = document_codes.code(Scope(VERSIONS[0], date(2026, 10, 31), "320706"))
    if code[place] in ("-", sign):
        return
    with pytest.raises(CodeError, match="抄错了"):
        document_codes.found(code[:place] + sign + code[place + 1 :], VERSIONS)


def test_a_pasted_line_is_read():
    scope = Scope(VERSIONS[0], date(2026, 10, 31))
    assert document_codes.found(f"查证代码：{document_codes.code(scope)}", VERSIONS).scope == scope


def test_a_code_keeps_its_area_when_another_one_is_added(monkeypatch):
    scope = Scope(VERSIONS[0], date(2026, 10, 31), "XUWEI")
    code = document_codes.code(scope)
    more = {"新区": "320799", **areas_by_name()}
    monkeypatch.setattr(document_codes, "areas_by_name", lambda: more)
    assert document_codes.found(code, VERSIONS).scope == scope


def test_a_day_before_the_pilot_has_no_code():
    with pytest.raises(ValueError, match="before 2019-01-01"):
        document_codes.code(Scope(VERSIONS[0], date(2018, 12, 31)))


def test_two_versions_of_one_fingerprint_are_both_named(monkeypatch):
    code = document_codes.code(Scope(VERSIONS[0], date(2026, 10, 31)))
    with pytest.raises(CodeError, match="对得上 2 个数据版本"):
        document_codes.found(code, [VERSIONS[0], VERSIONS[0]])


def test_spaces_small_letters_and_letters_like_digits_are_read():
    scope = Scope(VERSIONS[0], date(2026, 10, 31))
    code = document_codes.code(scope)
    typed = " " + code.lower().replace("-", " — ").replace("0", "o").replace("1", "l") + " "
    assert document_codes.found(typed, VERSIONS).scope == scope


@pytest.mark.parametrize("text", ["", "123", "7K3Q-0WDA-1MX?", "查证代码", "7K3Q-0WDA-1MXTT"])
def test_what_is_no_code_is_said(text):
    with pytest.raises(CodeError, match="不是查证代码"):
        document_codes.found(text, VERSIONS)


def test_a_version_that_is_not_here_is_said():
    code = document_codes.code(Scope(VERSIONS[0], date(2026, 10, 31)))
    with pytest.raises(CodeError, match="本机没有的数据版本"):
        document_codes.found(code, VERSIONS[1:])


def test_changed_rules_are_said(monkeypatch):
    code = document_codes.code(Scope(VERSIONS[0], date(2026, 10, 31)))
    monkeypatch.setattr(rules, "VERSION", "2031.01-1")
    assert not document_codes.found(code, VERSIONS).same_rules


def test_a_narrowed_scope_has_no_code():
    with pytest.raises(ValueError, match="not about one field or bank"):
        document_codes.code(Scope(VERSIONS[0], date(2026, 10, 31), operator_id="ICBC"))
