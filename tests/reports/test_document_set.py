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

import pytest

from domain import release, rules
from presentation import readiness_wording
from queries.scope import Scope, areas_by_name
from reports import __main__ as command
from reports import document_codes, document_set, set_list
from reports.documents import brief
from reports.figures.figure_catalogue import FIGURES, Pictures
from reports.set_list import Recipe
from store import snapshot_store
from tests.support import fingerprints
from tests.support.pages import ROOT


@pytest.fixture(scope="module")
def scope(demo_store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        current = snapshot_store.default().current()
        yield Scope(current.id, date.fromisoformat(current.manifest["as_of"]))


@pytest.fixture(scope="module")
def files(zone_set):
    """The set of a zone, with two of its figures."""
    made, _ = zone_set
    return made


def test_a_set_has_every_part(scope):
    recipe = Recipe(scope, tuple(document_set.PARTS), brief.Letter(), "")
    paths = {path for one in document_set.documents(recipe) for path in one.paths}
    assert {"工作通报.docx", "数据表.xlsx", "领导汇报.pptx"} <= paths
    for area in areas_by_name():
        assert {f"县区一页纸/{area}.pdf", f"县区一页纸/{area}.docx"} <= paths
    for folder in document_set.SHAPES.values():
        figures = {path for path in paths if path.startswith(f"图/{folder}/")}
        drawn = {path[:-3] for path in figures if path.endswith("png")}
        assert drawn == {path[:-3] for path in figures if path.endswith("svg")}
        assert len(drawn) == len(FIGURES)


def test_the_list_names_what_the_set_was_made_from(files, scope):
    zone = replace(scope, area_id=fingerprints.AREA)
    said = json.loads(files[set_list.LIST])
    assert said["数据版本"] == zone.snapshot_id and said["截止日"] == zone.as_of.isoformat()
    assert said["范围"] == "云台山景区" and said["查证代码"] == document_codes.code(zone)
    assert said["规则版本"] == rules.VERSION and said["演示数据"] is True
    assert said["看板版本"] == release.VERSION and said["台账版本"] == 0
    assert said["提示"] == readiness_wording.hints(zone)
    assert said["没有做的图"] == Pictures(zone).left_out() != {}
    assert said["文件"] == {
        path: hashlib.sha256(content).hexdigest()
        for path, content in files.items()
        if path != set_list.LIST
    }


def test_another_process_builds_the_same_bytes(files, scope, demo_store):
    env = os.environ | {"COVERAGE_STORE": os.fspath(demo_store), "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-m", "tests.support.fingerprints", scope.snapshot_id]
    done = subprocess.run(
        [*command, str(scope.as_of)], cwd=ROOT, env=env, capture_output=True, check=True
    )
    here = fingerprints.hashes(files, scope.snapshot_id, scope.as_of)
    assert json.loads(done.stdout) == here
    assert len(set(here.values())) == len(here) > len(files)


def test_a_set_of_one_zone_has_its_page_alone(files):
    pages = [path for path in files if path.startswith("县区一页纸/")]
    assert sorted(pages) == ["县区一页纸/云台山景区.docx", "县区一页纸/云台山景区.pdf"]


def test_a_zip_holds_the_files_and_is_the_same_twice(files):
    packed = document_set.zipped(files)
    assert packed == document_set.zipped(files)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_progress_goes_from_the_first_document_to_the_last(zone_set):
    files, steps = zone_set
    drawn_with = ".svg"  # a figure's other file
    made = [path for path in files if path != set_list.LIST and not path.endswith(drawn_with)]
    assert [share for _, share in steps] == pytest.approx(
        [number / len(made) for number in range(1, len(made) + 1)]
    )
    assert {stage for stage, _ in steps} == {f"已做好 {path}" for path in made}


def test_the_command_writes_the_set_and_prints_its_list(
    demo_store, use_store, tmp_path, capsys, monkeypatch
):
    use_store(demo_store)
    monkeypatch.setattr(document_set, "PARTS", {"tables": ""})
    assert command.main(["build", "--county", "云台山景区", "--out", str(tmp_path)]) == 0
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(written) == {"数据表.xlsx", set_list.LIST}
    listed = json.loads(capsys.readouterr().out)
    assert listed == json.loads(written[set_list.LIST])
    assert listed["文件"] == {"数据表.xlsx": hashlib.sha256(written["数据表.xlsx"]).hexdigest()}


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
