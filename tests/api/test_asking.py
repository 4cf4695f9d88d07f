"""Who may ask, how questions are put, and what is said of those that cannot be answered."""

import json
import shutil
from urllib.parse import quote

import pytest

from api.resources import RESOURCES
from domain.visitors import Visitor, clerk
from store import people, snapshot_store
from tests.api.conftest import OFFICE
from tests.support.dashboard_server import Server

BY_PATH = {resource.path: resource for resource in RESOURCES}
PATHS = [*BY_PATH]
BANK = Visitor("农行接口", "bank", "ABC")


def detail(answer) -> str:
    """What a problem says."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == answer.status
    return answer.json["detail"]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_reads_without_a_token_in_force(path, interface, ledger):
    for token in ("", "ecny_made-up"):
        answer = interface.ask(path, token=token)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "领导小组办公室" in detail(answer)


def test_a_token_that_was_taken_back_opens_nothing(interface, ledger):
    assert interface.ask("coverage").status == 200
    people.revoke(ledger, people.digest(interface.token), clerk("测试"))
    answer = interface.ask("coverage")
    assert (answer.status, "收回" in detail(answer)) == (401, True)


def test_only_a_bearer_token_is_taken(interface):
    answer = interface.ask("coverage", token="", Authorization=f"Basic {interface.token}")
    assert answer.status == 401


def test_an_answer_that_has_not_changed_is_not_sent_again(interface, ledger):
    first = interface.ask("venues?size=5")
    tag = first.headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = interface.ask("venues?size=5", If_None_Match=known)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    for other in ("venues?size=6", "venues?size=5&page=2", "venues?size=5&area=320723",
                  "venues?size=5&format=csv", "venues?size=5&as_of=2025-06-30"):  # fmt: skip
        assert interface.ask(other, If_None_Match=tag).status == 200, other


def test_the_answer_of_one_is_not_the_known_answer_of_another(interface, ledger):
    tag = interface.ask("gaps/shops").headers["ETag"]
    bank = people.issue(ledger, BANK, clerk("测试"))
    assert interface.ask("gaps/shops", token=bank, If_None_Match=tag).status == 200


def test_pages_follow_each_other_and_hold_every_row_once(interface):
    whole = interface.rows("venues?size=1000")
    first = interface.ask("venues?size=60").json
    assert (first["page"], first["size"], first["total"]) == (1, 60, len(whole))
    assert interface.rows("venues?size=60") == whole
    answer = interface.ask("venues?size=60&format=csv")
    assert answer.headers["Link"] == '</api/v1/venues?size=60&format=csv&page=2>; rel="next"'
    after = interface.ask("venues?size=60&page=99").json
    assert (after["items"], after["next"]) == ([], None)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("area=海州", 400, "“海州”"),
        ("area=320706&area=320707", 400, "area 写了不止一次"),
        ("aera=320706", 400, "“aera”"),
        ("as_of=2026-13-01", 400, "“2026-13-01”"),
        ("as_of=20261031", 400, "“20261031”"),
        ("as_of=1999-01-01", 404, "“1999-01-01”"),
        ("as_of=2999-01-01", 404, "“2999-01-01”"),
        ("snapshot=../..", 404, "“../..”"),
        ("snapshot=", 400, "“”"),
        ("tiers=A1", 400, "“A1”"),
        ("page=0", 400, "“0”"),
        ("page=٣", 400, "“٣”"),
        ("size=1001", 400, "“1001”"),
        ("size=ten", 400, "“ten”"),
        ("format=xlsx", 400, "“xlsx”"),
        ("size=" + "9" * 5000, 400, "“999"),
    ],
)
def test_a_question_that_makes_no_sense_is_quoted(query, status, said, interface):
    answer = interface.ask("venues?" + quote(query, safe="=&"))
    assert answer.status == status
    assert said in detail(answer)
    assert len(detail(answer)) < 400


def test_an_address_or_a_method_that_is_not_there_is_a_problem_too(interface):
    for path in ("nothing", "venues/", ""):
        assert (interface.ask(path).status, "/api/v1/docs" in detail(interface.ask(path))) == (
            404,
            True,
        )
    answer = interface.ask("venues", method="POST")
    assert (answer.status, "GET" in detail(answer)) == (405, True)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", [path for path in PATHS if "as_of" in BY_PATH[path].accepts])
def test_what_is_not_known_yet_is_unknown(path, interface):
    for form in BY_PATH[path].forms:
        answer = interface.ask(f"{path}?as_of=2023-01-01&format={form}")
        assert answer.status == 200
        assert b"nan" not in answer.body.lower()
    for area in interface.rows("areas?as_of=2023-01-01"):
        assert (area["venues"], area["share"], area["verified"]) == (None, None, None)


def test_a_version_is_named_by_its_id_from_its_own_tables(interface):
    (version,) = interface.rows("snapshots")
    assert version["in_force"]
    asked = interface.ask(f"coverage?snapshot={version['snapshot_id']}").json
    assert asked == interface.ask("coverage").json | {"next": asked["next"]}


def test_a_store_without_data_and_a_damaged_one_say_so(interface, api_store, use_store, tmp_path):
    use_store(tmp_path)
    token = people.issue(snapshot_store.default().ledger, OFFICE, clerk("测试"))
    answer = interface.ask("coverage", token=token)
    assert (answer.status, detail(answer)) == (404, "还没有发布过数据")
    shutil.copytree(api_store / "snapshots", tmp_path / "snapshots")
    answer = interface.ask("coverage", token=token)
    assert answer.status == 503
    assert "不知道哪个在用" in detail(answer)


def test_a_ledger_that_cannot_be_read_lets_nobody_in(interface, use_store, tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"not a database" * 100)
    use_store(tmp_path)
    answer = interface.ask("coverage")
    assert (answer.status, "台账" in detail(answer)) == (503, True)


def test_the_dashboard_serves_the_interface_beside_its_pages(api_store):
    server = Server(api_store)
    try:
        assert json.loads(server.get("/api/v1/openapi.json"))["openapi"].startswith("3.1")
        assert "数据接口" in server.get("/api/v1/docs").decode()
    finally:
        server.stop()
