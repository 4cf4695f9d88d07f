"""A set of documents is built again with the same bytes, and says what it was made from."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain import reference, rules
from queries.scope import Scope, areas_by_name
from reports import __main__ as command
from reports import document_codes, document_set
from reports.figures.figure_catalogue import FIGURES
from store import snapshot_store
from tests.support.pages import ROOT


@pytest.fixture(scope="module")
def scope(demo_store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        current = snapshot_store.default().current()
        yield Scope(current.id, date.fromisoformat(current.manifest["as_of"]))


@pytest.fixture(scope="module")
def county(scope):
    return replace(scope, area_id="320706")


@pytest.fixture(scope="module")
def files(county):
    return document_set.build(county, document_set.PARTS)


def run(store_folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "reports", *arguments],
        cwd=ROOT,
        env={**os.environ, "COVERAGE_STORE": str(store_folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_set_has_every_part(scope):
    paths = {
        one.path
        for one in document_set.documents(scope, document_set.PARTS, document_set.Letter(), b"")
    }
    assert {"工作通报.docx", "数据表.xlsx", "领导汇报.pptx"} <= paths
    for area in areas_by_name():
        assert {f"县区一页纸/{area}.pdf", f"县区一页纸/{area}.docx"} <= paths
    for folder in document_set.SHAPES.values():
        figures = {path for path in paths if path.startswith(f"图/{folder}/")}
        drawn = {path[:-3] for path in figures if path.endswith("png")}
        assert drawn == {path[:-3] for path in figures if path.endswith("svg")}
        assert len(drawn) >= len(FIGURES) - len(reference.table("indicators"))


def test_the_list_names_what_the_set_was_made_from(files, county):
    said = json.loads(files[document_set.LIST])
    assert said["数据版本"] == county.snapshot_id and said["截止日"] == county.as_of.isoformat()
    assert said["范围"] == "海州区" and said["查证代码"] == document_codes.code(county)
    assert said["规则版本"] == rules.VERSION and said["演示数据"] is True
    assert said["文件"] == {
        path: hashlib.sha256(content).hexdigest()
        for path, content in files.items()
        if path != document_set.LIST
    }


def test_another_process_builds_the_same_bytes(files, county, demo_store, tmp_path):
    done = run(
        demo_store, "build", "--as-of", str(county.as_of), "--snapshot", county.snapshot_id,
        "--county", county.area_id, "--out", str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = {
        str(path.relative_to(tmp_path)): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert {path: hashlib.sha256(content).hexdigest() for path, content in written.items()} == {
        path: hashlib.sha256(content).hexdigest() for path, content in files.items()
    }
    assert json.loads(done.stdout) == json.loads(files[document_set.LIST])


def test_a_set_of_one_county_has_its_page_alone(scope):
    made = document_set.build(replace(scope, area_id="320706"), ["pagers"])
    assert sorted(made) == sorted(
        [document_set.LIST, "县区一页纸/海州区.pdf", "县区一页纸/海州区.docx"]
    )


def test_a_zip_holds_the_files_and_is_the_same_twice(scope):
    made = document_set.build(scope, ["tables"])
    packed = document_set.zipped(made)
    assert packed == document_set.zipped(made)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == made


def test_progress_goes_from_the_first_file_to_the_last(scope):
    told = []
    document_set.build(
        replace(scope, area_id="320706"), ["pagers", "tables"], lambda *one: told.append(one)
    )
    assert [share for _, share in told] == pytest.approx([1 / 3, 2 / 3, 1])
    assert {stage for stage, _ in told} == {
        "已做好 数据表.xlsx", "已做好 县区一页纸/海州区.pdf", "已做好 县区一页纸/海州区.docx",
    }  # fmt: skip


def test_an_older_file_is_replaced_and_no_draft_stays(tmp_path):
    document_set.write({"a/通报.docx": b"old"}, tmp_path)
    document_set.write({"a/通报.docx": b"new"}, tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["通报.docx"]
    assert (tmp_path / "a" / "通报.docx").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--county", "浦东新区"], "没有县区或功能板块“浦东新区”"),
        (["--as-of", "2026-13-01"], "不是有效日期"),
        (["--as-of", "2099-01-01"], "那一天还没有数据"),
        (["--as-of", "0001-01-01"], "早于试点开始"),
        (["--county", ""], "没有县区或功能板块“”"),
        (["--snapshot", "nothing"], "nothing"),
    ],
)
def test_what_cannot_be_met_is_said(arguments, said, demo_store, use_store, tmp_path, capsys):
    use_store(demo_store)
    assert command.main(["build", "--out", str(tmp_path / "out"), *arguments]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_said(
    demo_store, use_store, tmp_path, capsys, monkeypatch
):
    use_store(demo_store)
    monkeypatch.setattr(document_set, "PARTS", {"tables": ""})
    (tmp_path / "out").write_text("a file")
    assert command.main(["build", "--county", "海州区", "--out", str(tmp_path / "out")]) == 1
    assert "写不进文件夹" in capsys.readouterr().err
