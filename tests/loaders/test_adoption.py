"""A store of version 0.4 taken over: its originals become statements, its ledger comes along."""

import hashlib
import json

import pytest

from domain.visitors import clerk
from loaders import adoption
from loaders.senders import sender_memory
from loaders.senders.sender_memory import Reading
from store.errors import IntakeError, UnconfirmedError
from store.ledger import Ledger
from store.snapshot_store import Store
from tests.support.bank_files import merchants
from tests.support.stated import AUGUST, JULY, JUNE

BANK = "工商银行"


@pytest.fixture
def old(tmp_path):
    """A folder as version 0.4 left it: a file that says its day, one that does not, a ledger."""
    folder = tmp_path / "old"
    inputs = []
    for name in ("商户202506", "七月商户"):
        content = merchants(tmp_path / name).read_bytes()
        content += f"S9,工行,{name},海州区,,,,,\n".encode()
        digest = hashlib.sha256(content).hexdigest()
        (folder / "originals").mkdir(parents=True, exist_ok=True)
        (folder / "originals" / f"{digest}.csv").write_bytes(content)
        inputs.append(
            {"file": f"{name}.csv", "sheet": "", "sha256": digest, "kind": "merchants"}
            | {"sender": BANK, "crs": None, "uploaded_by": "王工"}
            | {"imported_at": "2025-08-05T09:00:00+08:00"}
        )
    snapshot = folder / "snapshots" / "20250805-090000-abcdef12"
    snapshot.mkdir(parents=True)
    (folder / "current").write_text(f"{snapshot.name}\n", encoding="utf-8")
    manifest = {"id": snapshot.name, "demo": False, "kind_inputs": inputs}
    (snapshot / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    reading = Reading("merchants", {"商户编号": "merchant_id"}, None, whole=True)
    sender_memory.confirm(
        Ledger(f"sqlite:///{folder / 'ledger.db'}"), "甲行", reading, clerk("王工")
    )
    return folder


@pytest.fixture
def home(tmp_path):
    return Store(tmp_path / "new")


def test_the_originals_become_statements_with_who_took_them_and_when(old, home):
    snapshot = adoption.adopt(home, old, {"七月商户.csv": JULY}, clerk("李工"))
    statements = home.in_force(snapshot)
    assert [(one.file, one.as_at) for one in statements] == [
        ("商户202506.csv", JUNE), ("七月商户.csv", JULY),
    ]  # fmt: skip
    assert {(one.sender, one.taken_by, one.taken_at[:10]) for one in statements} == {
        (BANK, "王工", "2025-08-05")
    }
    names = snapshot.frame("merchants").set_index("merchant_id")["name"]
    assert names["S9"] == "七月商户" and snapshot.manifest["as_of"] == JULY.isoformat()
    assert sender_memory.recall(home.ledger, "甲行").readings
    assert all(home.original(one.digest) for one in statements)


def test_a_file_of_unknown_day_is_named_and_nothing_is_published(old, home):
    with pytest.raises(UnconfirmedError, match=r"“七月商户.csv”.*--as-at"):
        adoption.adopt(home, old, {}, clerk("李工"))
    assert home.current() is None


def test_a_store_that_has_versions_takes_nothing_over(old, home):
    adoption.adopt(home, old, {"七月商户.csv": AUGUST}, clerk("李工"))
    with pytest.raises(IntakeError, match="已有数据版本"):
        adoption.adopt(home, old, {}, clerk("李工"))


def test_a_folder_that_is_no_store_is_said(tmp_path, home):
    with pytest.raises(IntakeError, match=r"不是 0\.4 版的数据目录"):
        adoption.adopt(home, tmp_path, {}, clerk("李工"))
