"""Whoever changed a file of a set, or its list, is found out; a set as it was made is unchanged."""

import io
import json
import zipfile
from datetime import date
from unittest import mock

import docx
import openpyxl
import pptx
import pytest

from domain import release
from domain.visitors import Visitor, clerk
from loaders.formats import reading_process
from queries.scope import Scope
from reports import __main__ as command
from reports import document_set, set_files, set_list, verification
from reports.documents import brief_templates
from reports.figures.figure_catalogue import Pictures
from reports.set_list import LIST, ListError
from store import snapshot_store
from store.errors import FileUnreadableError, NotAllowedError
from tests.support import fingerprints
from tests.support.linked_stores import linked_copy
from tests.support.word_files import altered, saved

OFFICE = clerk("办公室")
ZONE = Visitor("云台山", "county", fingerprints.AREA, login="yts")


@pytest.fixture(scope="module")
def store(demo_store):
    """The demo, with two figures of a set instead of all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        patch.setattr(Pictures, "names", lambda _: fingerprints.FIGURES)
        yield snapshot_store.default()


@pytest.fixture(scope="module")
def scope(store):
    facts = store.current().manifest
    return Scope(facts["id"], date.fromisoformat(facts["as_of"]), fingerprints.AREA)


@pytest.fixture(scope="module")
def made(store, zone_set):
    files, _ = zone_set
    return files


@pytest.fixture(scope="module")
def small(scope):
    """A set of three files."""
    return document_set.build(scope, ["pagers", "tables"])


def states(files, who=OFFICE, **options):
    found = verification.verify(files, who, **options)
    return {one.path: one.state for one in found.findings}


def where(files, path, *others):
    """Where a file differs, verified with its list and some others of its set."""
    files = {one: files[one] for one in (LIST, path, *others)}
    found = verification.verify(files, OFFICE, whole=False)
    (finding,) = [one for one in found.findings if one.path == path]
    assert finding.state == "changed" and not found.unchanged
    return "\n".join(finding.where)


def listed(files, **facts):
    """The files with a list that gives the hashes they have, and says `facts`."""
    said = json.loads(files[LIST]) | facts
    said["文件"] = document_set.hashes({path: files[path] for path in files if path != LIST})
    return files | {LIST: json.dumps(said, ensure_ascii=False, indent=2).encode()}


def office_file(content, change, opened):
    document = opened(io.BytesIO(content))
    change(document)
    return saved(document)


def test_a_set_as_it_was_made_is_unchanged(made):
    found = verification.verify(made, OFFICE)
    assert found.unchanged and found.limits == ()
    assert [one.path for one in found.findings] == [LIST, *(path for path in made if path != LIST)]


def test_what_the_office_filled_in_is_made_again(made):
    texts = [one.text for one in docx.Document(io.BytesIO(made["工作通报.docx"])).paragraphs]
    assert any(fingerprints.LETTER.number in text for text in texts)
    other = json.loads(made[LIST])
    other["重做"]["letter"]["number"] = "连数办〔2026〕4号"
    files = made | {LIST: json.dumps(other, ensure_ascii=False, indent=2).encode()}
    assert "〔2026〕4号”，现为“…数办〔2026〕3号”" in where(files, "工作通报.docx")


def test_each_file_with_one_byte_more_is_named(made):
    for path, content in made.items():
        found = states({LIST: made[LIST]} | {path: content + b" "}, whole=False)
        assert {name for name, state in found.items() if state == "changed"} == {path}


def test_a_changed_paragraph_is_said_with_its_place(made):
    def change(document):
        numbered = [one for one in document.paragraphs if one.text]
        numbered[2].runs[0].text = "改过的一段"

    content = office_file(made["工作通报.docx"], change, docx.Document)
    assert "正文 第 3 段：原为“" in where(made | {"工作通报.docx": content}, "工作通报.docx")


def test_a_changed_cell_of_a_table_is_said_with_its_place(made):
    def change(document):
        document.tables[0].rows[1].cells[0].text = "改"

    content = office_file(made["工作通报.docx"], change, docx.Document)
    said = where(made | {"工作通报.docx": content}, "工作通报.docx")
    assert "正文 第 1 个表第 2 行第 1 格：" in said and "现为“" in said


def test_a_changed_number_of_the_workbook_is_said_with_its_cell(made):
    book = openpyxl.load_workbook(io.BytesIO(made["数据表.xlsx"]))
    sheet, cell = next(
        (sheet, cell)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int) and cell.data_type == "n"
    )
    before, cell.value = cell.value, cell.value + 9
    content = saved(book)
    said = where(made | {"数据表.xlsx": content}, "数据表.xlsx")
    place = f"数据表“{sheet.title}”第 {cell.row} 行 {cell.column_letter} 列"
    assert f"{place}：原为 {before}，现为 {before + 9}" in said


def test_a_changed_slide_is_said_with_its_number(made):
    def change(slides):
        frames = [one.text_frame for one in slides.slides[1].shapes if one.has_text_frame]
        next(one for one in frames if one.text).paragraphs[0].runs[0].text = "改"

    content = office_file(made["领导汇报.pptx"], change, pptx.Presentation)
    assert "第 2 页 第 " in where(made | {"领导汇报.pptx": content}, "领导汇报.pptx")


def test_a_macro_and_a_swapped_picture_are_said(made):
    def change(parts):
        parts["word/vbaProject.bin"] = b"x"
        picture = next(name for name in parts if name.startswith("word/media/"))
        parts[picture] += b"x"

    content = altered(made["工作通报.docx"], change)
    said = where(made | {"工作通报.docx": content}, "工作通报.docx")
    assert "文字以外的部分：图片 " in said and "多了宏" in said


def test_a_file_that_was_only_packed_again_is_said_so(made):
    content = altered(made["数据表.xlsx"], lambda _: None)
    said = where(made | {"数据表.xlsx": content}, "数据表.xlsx")
    assert said == "内容都相同，只是重新打包过"


def test_a_file_that_is_not_ours_and_one_that_is_missing_are_named(small):
    files = {path: content for path, content in small.items() if path != "数据表.xlsx"}
    found = states(files | {"县区一页纸/补充.docx": b"x"})
    assert found.pop("县区一页纸/补充.docx") == "foreign"
    assert found.pop("数据表.xlsx") == "absent"
    assert set(found.values()) == {"same"}


def test_a_list_that_was_edited_to_fit_is_found_out(small):
    pdf = next(path for path in small if path.endswith(".pdf"))
    files = listed(small | {pdf: small[pdf] + b"\n", "补充.docx": b"x"})
    assert states(files)[pdf] == "changed" and states(files)["补充.docx"] == "foreign"
    said = where(files, LIST, pdf, "补充.docx")
    assert f"“{pdf}”的校验码与重做的不符" in said and "多了“补充.docx”" in said


@pytest.mark.parametrize(
    ("name", "value"), [("截止日", "2026-09-30"), ("范围", "全市"), ("提示", []), ("台账版本", 7)]
)
def test_a_list_that_says_something_else_is_found_out(small, name, value):
    assert f"{name}：应为" in where(listed(small, **{name: value}), LIST)


def test_only_some_files_are_made_again_and_the_others_are_not_missed(made):
    files = {path: made[path] for path in (LIST, "数据表.xlsx")}
    assert states(files, whole=False) == {LIST: "same", "数据表.xlsx": "same"}


def test_what_another_store_cannot_make_again_is_held_against_the_list(made, monkeypatch, tmp_path):
    monkeypatch.setenv("COVERAGE_STORE", str(tmp_path / "other"))
    files = made | {"数据表.xlsx": made["数据表.xlsx"] + b" "}
    found = verification.verify(files, OFFICE)
    assert "本机没有数据版本" in found.limits[0] and not found.unchanged
    own = {one.path: one.state for one in found.findings}
    assert own.pop(LIST) == "unchecked" and own.pop("数据表.xlsx") == "changed"
    assert set(own.values()) == {"listed"}


def test_another_release_cannot_tell_a_change_of_the_program_from_one_of_the_file(
    small, monkeypatch
):
    monkeypatch.setattr(release, "VERSION", "9.9.9")
    found = verification.verify(small | {"数据表.xlsx": b"x"}, OFFICE)
    assert "本机是“9.9.9”" in found.limits[0]
    own = {one.path: one.state for one in found.findings}
    assert own.pop(LIST) == "unchecked" and own.pop("数据表.xlsx") == "changed"
    assert set(own.values()) == {"same"}, "what is the same all the same was not changed"


def test_a_list_of_an_older_release_is_said(made):
    said = json.loads(made[LIST])
    del said["重做"]
    found = verification.verify(made | {LIST: json.dumps(said).encode()}, OFFICE)
    assert "旧版看板" in found.limits[0]
    assert {one.state for one in found.findings} == {"unchecked", "listed"}


@pytest.fixture
def own_store(store, tmp_path, monkeypatch):
    """A copy of the demo that a test may write to."""
    monkeypatch.setenv("COVERAGE_STORE", str(linked_copy(store.path, tmp_path / "store")))
    return snapshot_store.default()


def test_a_template_that_is_no_longer_in_force_is_found_again(own_store, demo_store, monkeypatch):
    home = own_store
    template = docx.Document(io.BytesIO(brief_templates.standard("brief")))
    template.add_paragraph("这是本单位加的一段。")
    brief_templates.keep(home, saved(template), "我的.docx", OFFICE)
    facts = home.current().manifest
    scope = Scope(facts["id"], date.fromisoformat(facts["as_of"]), fingerprints.AREA)
    files = document_set.build(scope, ["brief"])
    brief_templates.withdraw(home, OFFICE)
    assert states(files) == {LIST: "same", "工作通报.docx": "same"}
    monkeypatch.setenv("COVERAGE_STORE", str(demo_store))  # where it never was
    found = verification.verify(files, OFFICE)
    assert "模板不在本机" in found.limits[0]
    assert {one.state for one in found.findings} == {"same", "listed"}


def test_a_unit_verifies_its_own_set_and_no_other(own_store):
    facts = own_store.current().manifest
    day = date.fromisoformat(facts["as_of"])
    own = Scope(facts["id"], day, fingerprints.AREA, sight=ZONE.sight)
    assert verification.verify(document_set.build(own, ["tables"]), ZONE).unchanged
    city = document_set.build(Scope(facts["id"], day), [])
    for who in (ZONE, Visitor("建行", "bank", "CCB", login="ccb")):
        with pytest.raises(NotAllowedError):
            verification.verify(city, who)
    assert len(own_store.ledger.history("refused")) == 2


def test_a_unit_is_shown_nothing_of_a_set_that_the_office_made_of_more(small):
    found = verification.verify(listed(small | {"数据表.xlsx": b"x"}), ZONE)
    assert "更宽的权限" in found.limits[0]
    assert {one.state for one in found.findings} <= {"same", "listed", "unchecked"}
    assert all(one.where == () for one in found.findings)


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["重做"].update(snapshot="../../etc"),
        lambda said: said["重做"].update(as_of="2099-01-01"),
        lambda said: said["重做"].update(area="320799"),
        lambda said: said["重做"].update(role="boss"),
        lambda said: said["重做"].update(parts=[["brief"]]),
        lambda said: said["重做"]["letter"].update(number=5),
        lambda said: said["重做"]["letter"].update(sender="x"),
        lambda said: said["重做"]["letter"].update(number="长" * 100_000),
        lambda said: said.update(文件=["工作通报.docx"]),
        lambda said: said.update(重做=None),
    ],
)
def test_a_list_that_means_harm_harms_nothing(made, change):
    said = json.loads(made[LIST])
    change(said)
    try:
        found = verification.verify({LIST: json.dumps(said).encode()}, OFFICE, whole=False)
    except ListError:
        return
    assert not found.unchanged and "本机没有数据版本" in found.limits[0]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"[" * 100_000, b"\xff", b"0" * set_list.LARGEST + b"0"]
)
def test_what_is_no_list_is_said(made, content):
    with pytest.raises(ListError):
        verification.verify({LIST: content}, OFFICE)


def test_files_without_a_list_are_refused(made):
    with pytest.raises(ListError, match="没有找到清单"):
        verification.verify({"数据表.xlsx": made["数据表.xlsx"]}, OFFICE)


def test_a_file_that_means_harm_is_only_said_to_be_different(small, monkeypatch):
    monkeypatch.setattr(
        reading_process, "read", mock.Mock(side_effect=FileUnreadableError("打不开"))
    )
    assert "看不出改在哪里" in where(small | {"数据表.xlsx": b"x"}, "数据表.xlsx")


# ---- files as they come back ------------------------------------------------------------------


def test_a_zip_is_read_with_a_folder_around_it(made):
    packed = document_set.zipped({f"一套/{path}": content for path, content in made.items()})
    assert set_files.unpacked(packed) == made


class _FromWindows(zipfile.ZipInfo):
    """A member whose name is in GBK, as the Explorer of a Chinese Windows writes it."""

    def _encodeFilenameFlags(self):  # noqa: N802
        return self.filename.encode("gbk"), 0


def test_a_zip_packed_by_windows_is_read(made):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in made.items():
            archive.writestr(_FromWindows(path), content)
    assert set_files.unpacked(buffer.getvalue()) == made


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"x" * 100])
def test_what_is_no_zip_is_said(content):
    with pytest.raises(FileUnreadableError, match="打不开"):
        set_files.unpacked(content)


def test_a_zip_that_grows_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(set_files, "LARGEST", 1_000_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(2_000_000))
    with pytest.raises(FileUnreadableError, match="太大"):
        set_files.unpacked(buffer.getvalue())


def test_files_taken_away_one_by_one_find_their_place(made):
    hashes = {LIST: "", **json.loads(made[LIST])["文件"]}
    pictures = [path for path in hashes if path.endswith(".png")]
    name = "云台山景区数字人民币覆盖报告_2026-10-31_"
    loose = [(name + path.rsplit("/")[-1], made[path]) for path in reversed(made)]
    loose[0] = (loose[0][0].replace(".", " (1).", 1), loose[0][1])
    assert set_files.placed(loose, hashes) == made and len(pictures) == 4
    assert set(set_files.placed([("别的.docx", b"x")], hashes)) == {"别的.docx"}


# ---- the command ------------------------------------------------------------------------------


def test_the_command_verifies_a_folder_and_a_zip(small, tmp_path, capsys):
    folder = tmp_path / "一套"
    document_set.write(small, folder)
    assert command.main(["verify", str(folder)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["全部未改动"] is True
    assert {one["结果"] for one in answer["文件"]} == {"未改动"}
    (folder / "数据表.xlsx").write_bytes(b"x")
    packed = tmp_path / "一套.zip"
    packed.write_bytes(document_set.zipped(set_files.of_folder(folder)))
    for place in (folder, packed):
        assert command.main(["verify", str(place)]) == 1
        answer = json.loads(capsys.readouterr().out)
        assert answer["全部未改动"] is False
        assert [one["文件"] for one in answer["文件"] if one["结果"] == "已改动"] == ["数据表.xlsx"]


@pytest.mark.parametrize("place", ["没有", "."])
def test_a_place_without_a_set_is_said(store, place, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert command.main(["verify", place]) == 1
    assert "没有" in capsys.readouterr().err
