"""Tokens of the interface, given and taken back where the store is kept."""

import json

import pytest

from store import __main__ as command
from store import people, snapshot_store


@pytest.fixture
def run(use_store, tmp_path, capsys):
    """What a command answers, or what it complains of."""
    use_store(tmp_path)

    def answer(*arguments: str):
        code = command.main([*arguments])
        said = capsys.readouterr()
        return json.loads(said.out) if code == 0 else said.err

    return answer


@pytest.mark.parametrize("unit", ["ABC", "农业银行"])
def test_a_token_stands_for_whom_it_was_given_to_until_it_is_taken_back(unit, run):
    given = run("token", "--name", "农行接口", "--role", "bank", "--unit", unit)
    ledger = snapshot_store.default().ledger
    visitor = people.by_token(ledger, given["token"])
    assert (visitor.name, visitor.role, visitor.unit) == ("农行接口", "bank", "ABC")
    assert given["token"] not in "".join(one["subject"] for one in ledger.entries())
    taken = run("revoke", given["digest"][:8])
    assert taken == {"revoked": given["digest"], "name": "农行接口"}
    assert people.by_token(ledger, given["token"]) is None


def test_a_unit_that_is_not_there_is_quoted(run):
    assert "“花旗”" in run("token", "--name", "某", "--role", "bank", "--unit", "花旗")
    assert "“”" in run("token", "--name", "某", "--role", "county")
    assert snapshot_store.default().ledger.version == 0


def test_a_mark_that_fits_no_token_or_several_takes_nothing_back(run):
    first = run("token", "--name", "甲", "--role", "office")
    second = run("token", "--name", "乙", "--role", "leader")
    for mark in ("", "zz"):
        said = run("revoke", mark)
        assert f"{first['digest'][:8]}（甲）" in said and f"{second['digest'][:8]}（乙）" in said
    tokens = people.tokens(snapshot_store.default().ledger)
    assert [one.body["role"] for one in tokens.values()] == ["office", "leader"]
