"""A Word file that came from outside: whether it is one, and holds nothing that runs or fetches.

What a file may hold is listed, not what it may not. The parts are read as bytes, then as trees;
nothing is looked for in raw XML, and nothing is kept whose size was not asked first.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from reports.documents import word_contents, word_relations

LARGEST = 8_000_000  # bytes of an uploaded template
LARGEST_OPEN = 60_000_000  # bytes of all its parts, unpacked
LARGEST_PART = 2_000_000  # bytes of a part of XML
LARGEST_TEXT = 10_000_000  # bytes of all parts of XML
MOST_PARTS = 400
MOST_ELEMENTS = 200_000  # of a part
DEEPEST = 200  # elements within one another
_OLD = b"\xd0\xcf\x11\xe0"  # how files of Word 97 begin, and files locked with a password
_XML = (".xml", ".rels")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s{0,9}=\s{0,9}["']([^"'>]{1,40})["']""")
_BROKEN = "文件打不开，可能已经损坏。请在 Word 里另存为 .docx 再传。"
_NOT_WORD = "文件不是 .docx，或已经损坏。请在 Word 里另存为 .docx 再传。"


class _RefusedError(Exception):
    """A part that is not looked at any further; the message is for the office."""


def problems(content: bytes) -> list[str]:
    """What is wrong with the file itself, as Chinese sentences; nothing if it can be opened."""
    if len(content) > LARGEST:
        return [f"模板有 {len(content) / 1e6:.1f} MB，最大 {LARGEST / 1e6:.0f} MB，请去掉大图片。"]
    if content.startswith(_OLD):
        return ["文件加了密码，或是旧的 .doc 格式。请在 Word 里去掉密码，另存为 .docx 再传。"]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _measure(archive)
            trees = {name: _tree(name, archive.read(name)) for name in _texts(archive)}
            names = [name for name in archive.namelist() if not name.endswith("/")]
    except _RefusedError as refused:
        return [str(refused)]
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        return [_NOT_WORD]
    except etree.XMLSyntaxError:
        return [_BROKEN]
    found = list(word_relations.faults(names, trees))
    return list(dict.fromkeys(found or word_contents.faults(trees, word_relations.filled(trees))))


def _measure(archive: zipfile.ZipFile) -> None:
    """Refuse what would be too large; the sizes told are those that reading holds to."""
    entries = archive.infolist()
    text = [one for one in entries if one.filename.lower().endswith(_XML)]
    if len(entries) > MOST_PARTS or sum(one.file_size for one in entries) > LARGEST_OPEN:
        raise _RefusedError("文件解压后太大，不像一个模板，没有打开。")
    for one in text:
        if one.file_size > LARGEST_PART:
            raise _RefusedError(
                f"{word_contents.place(one.filename)}太长，不像一个模板，没有打开。"
            )
    if sum(one.file_size for one in text) > LARGEST_TEXT:
        raise _RefusedError("文件里的文字和样式太多，不像一个模板，没有打开。")
    names = archive.namelist()
    if len(names) != len({name.lower() for name in names}):
        raise _RefusedError("文件里有重名的部分，没有打开。请在 Word 里另存为 .docx 再传。")
    if word_relations.MAIN not in names or word_relations.TYPES not in names:
        raise _RefusedError(_NOT_WORD)


def _texts(archive: zipfile.ZipFile) -> Iterator[str]:
    return (name for name in archive.namelist() if name.lower().endswith(_XML))


def _tree(name: str, content: bytes) -> etree._Element:
    """The part as a tree: UTF-8, without definitions, neither too long nor too deep."""
    declared = _DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise _RefusedError(_encoded(name)) from None
    if b"\0" in content or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise _RefusedError(_encoded(name))
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _RefusedError("文件里有不该有的定义，没有打开。请在 Word 里另存为 .docx 再传。")
    reading = etree.iterparse(
        io.BytesIO(content), ("start", "end", "start-ns"),
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
    )  # fmt: skip
    elements = depth = 0
    for event, one in reading:
        if event == "start-ns":
            if "{" in one[1]:
                raise _RefusedError(_BROKEN)
            continue
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if elements > MOST_ELEMENTS or depth > DEEPEST:
            raise _RefusedError(
                f"{word_contents.place(name)}的内容太多或套得太深，不像一个模板，没有打开。"
            )
    return reading.root


def _encoded(name: str) -> str:
    return f"{word_contents.place(name)}的编码不是 UTF-8，没有打开。请在 Word 里另存为 .docx 再传。"
