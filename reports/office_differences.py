"""Where a Word, Excel or PowerPoint file differs from the one that it should be, in words.

One of both is from outside: this is to be run by `reading_process.read`.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import takewhile, zip_longest
from typing import Any
from xml.etree.ElementTree import Element

from python_calamine import CalamineError, CalamineWorkbook

from loaders.formats.untrusted_xml import RefusedXmlError, local, tree
from loaders.formats.untrusted_zip import RefusedZipError, UntrustedZip

MOST = 20  # places that are told of a file
LARGEST = 200_000_000  # bytes of a file, unpacked
_DEEPEST = 200
_AROUND = 8  # characters told on both sides of what differs
_CELLS = ("xl/worksheets/", "xl/sharedStrings.xml")
_PARTS = (  # what the parts of a file are called, the first that matches
    (r"word/document\.xml", "正文"),
    (r"word/header(\d+)\.xml", "页眉 {}"),
    (r"word/footer(\d+)\.xml", "页脚 {}"),
    (r"ppt/slides/slide(\d+)\.xml", "第 {} 页"),
    (r"ppt/notesSlides/notesSlide(\d+)\.xml", "备注 {}"),
    (r"\w+/charts/chart(\d+)\.xml", "图表 {}"),
    (r".*/media/(.+)", "图片 {}"),
    (r".*embeddings/(.+)", "图表后面的数据 {}"),
    (r"xl/worksheets/.*", "工作表的格式或公式"),
    (r".*/styles\.xml", "样式"),
    (r".*/numbering\.xml", "编号"),
    (r"docProps/.*", "文件属性"),
    (r".*vbaProject.*", "宏"),
    (r".*\.rels|\[Content_Types\]\.xml", "各部分的关系"),
)
Line = tuple[str, str]
"""Where a text stands, and the text."""


def differences(both: bytes) -> list[str]:
    """Where ``theirs`` differs from ``ours``, two Office files in the ZIP `both` of our own."""
    archive = UntrustedZip(both)
    archive.fits(len(both))
    ours, theirs = archive.read("ours"), archive.read("theirs")
    was = _unpacked(ours)
    try:
        now = _unpacked(theirs)
    except RefusedZipError:
        return ["打不开，已经损坏"]
    found, other = [], []
    if "xl/workbook.xml" in was:
        found = list(_of_cells(ours, theirs))
    for name in sorted(was.keys() | now.keys()):
        if name not in was:
            other.append(f"多了{_called(name)}")
        elif name not in now:
            other.append(f"少了{_called(name)}")
        elif was[name] != now[name] and not (found and name.startswith(_CELLS)):
            texts = list(_of_texts(name, was[name], now[name]))
            found += texts
            other += [] if texts else [_called(name)]
    told = found[:MOST] + ([f"……共 {len(found)} 处"] if len(found) > MOST else [])
    if other:
        told.append(f"文字以外的部分：{'、'.join(list(dict.fromkeys(other))[:MOST])}")
    return told or ["内容都相同，只是重新打包过"]


def _unpacked(content: bytes) -> dict[str, bytes]:
    archive = UntrustedZip(content)
    if not archive.fits(LARGEST):
        raise RefusedZipError
    return {name: archive.read(name) for name in archive.names}


def _called(name: str) -> str:
    for pattern, words in _PARTS:
        if found := re.fullmatch(pattern, name):
            return words.format(*found.groups())
    return name[:60]


def _of_texts(name: str, ours: bytes, theirs: bytes) -> Iterator[str]:
    """Where the texts of a part differ; nothing where they are the same, or it has none."""
    if not name.endswith(".xml"):
        return
    where = _called(name)
    try:
        was, now = (list(_lines(tree(part, deepest=_DEEPEST))) for part in (ours, theirs))
    except RefusedXmlError:
        return
    matcher = SequenceMatcher(a=[text for _, text in was], b=[text for _, text in now])
    for _, first, last, begin, end in matcher.get_opcodes():
        for old, new in zip_longest(was[first:last], now[begin:end]):
            if old != new and (old is None or new is None or old[1] != new[1]):
                yield f"{where} {_told(old, new)}"


def _told(old: Line | None, new: Line | None) -> str:
    if old is None:
        place, text = new or ("", "")
        return f"{place}：多了“{_cut(text)}”"
    if new is None:
        return f"{old[0]}：少了“{_cut(old[1])}”"
    return f"{old[0]}：{_changed(old[1], new[1])}"


def _changed(old: str, new: str) -> str:
    """The piece of a text that differs, before and after, with a little around it."""
    same = _alike(old, new)
    rest = _alike(old[same:][::-1], new[same:][::-1])
    start = max(0, same - _AROUND)

    def piece(text: str) -> str:
        end = min(len(text), len(text) - rest + _AROUND)
        before, after = "…" if start else "", "…" if end < len(text) else ""
        return f"{before}{_cut(text[start:end])}{after}"

    return f"原为“{piece(old)}”，现为“{piece(new)}”"


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _lines(root: Element) -> Iterator[Line]:
    """Texts of a part: of paragraphs, of the cells of tables, and the numbers of a chart."""
    paragraphs = tables = numbers = 0
    waiting = [root]
    while waiting:
        one = waiting.pop()
        kind = local(one)
        if kind == "tbl":
            tables += 1
            yield from _of_table(one, tables)
        elif kind == "p":
            if text := _text(one):
                paragraphs += 1
                yield f"第 {paragraphs} 段", text
        elif kind == "v" and one.text:
            numbers += 1
            yield f"第 {numbers} 个数", one.text
        else:
            waiting += reversed(one)


def _of_table(table: Element, number: int) -> Iterator[Line]:
    for row, cells in enumerate((one for one in table if local(one) == "tr"), start=1):
        for column, cell in enumerate((one for one in cells if local(one) == "tc"), start=1):
            if text := _text(cell):
                yield f"第 {number} 个表第 {row} 行第 {column} 格", text


def _text(element: Element) -> str:
    return "".join(one.text or "" for one in element.iter() if local(one) == "t")


def _of_cells(ours: bytes, theirs: bytes) -> Iterator[str]:
    """Cells of a workbook that differ, and sheets that came or went."""
    was = _sheets(ours)
    try:
        now = _sheets(theirs)
    except (CalamineError, OSError, ValueError):
        yield "工作表读不出来"
        return
    for name in [*was, *(name for name in now if name not in was)]:
        if name not in was or name not in now:
            yield f"{'多了' if name in now else '少了'}数据表“{name[:60]}”"
            continue
        for row, pair in enumerate(zip_longest(was[name], now[name], fillvalue=()), start=1):
            yield from (
                f"数据表“{name}”第 {row} 行 {_column(column)} 列：{_of_cell(old, new)}"
                for column, (old, new) in enumerate(zip_longest(*pair, fillvalue=""))
                if old != new
            )


def _sheets(content: bytes) -> Mapping[str, Sequence[Sequence[Any]]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in workbook.sheet_names
    }


def _of_cell(old: Any, new: Any) -> str:
    if isinstance(old, str) and isinstance(new, str) and old and new:
        return _changed(old, new)
    return f"原为{_value(old)}，现为{_value(new)}"


def _value(value: Any) -> str:
    if value == "":
        return "空"
    return f" {value:.15g}" if isinstance(value, float) else f"“{_cut(str(value))}”"


def _column(place: int) -> str:
    """The letters of a column, from 0."""
    letters = ""
    while place >= 0:
        letters = chr(65 + place % 26) + letters
        place = place // 26 - 1
    return letters
