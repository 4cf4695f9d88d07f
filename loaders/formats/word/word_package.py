"""Whether a Word file from outside is one, and holds nothing that runs or fetches.

The parts of a Word file and the relations between them are listed: only what a letter needs.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from loaders.formats.untrusted_xml import RefusedXmlError, tree
from loaders.formats.untrusted_zip import RefusedZipError, UntrustedZip
from loaders.formats.word import word_contents
from loaders.formats.word.word_contents import place

LARGEST = 8_000_000  # bytes of an uploaded template
LARGEST_OPEN = 60_000_000  # bytes of all its parts, unpacked
LARGEST_PART = 2_000_000  # bytes of a part of XML
LARGEST_TEXT = 10_000_000  # bytes of all parts of XML
MOST_PARTS = 400
MOST_ELEMENTS = 200_000  # of a part
DEEPEST = 200  # elements within one another
_MAIN, _CONTENT_TYPES = "word/document.xml", "[Content_Types].xml"
_OLD = b"\xd0\xcf\x11\xe0"  # how files of Word 97 begin, and files locked with a password
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"'>]*)["']""")
_PAGE = re.compile(r"\s*(?:https?|mailto):|(?!//|\\|[^/?#]*:)", re.IGNORECASE)  # or a relative link
_XML = (".xml", ".rels")
_ENDINGS = (
    *_XML, ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".odttf",
)  # fmt: skip
_RUNNING = ("macro", "vba", "activex", "oleobject", "control", "embeddings")

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
_LATER = "http://schemas.microsoft.com/office/"
_OPEN = "application/vnd.openxmlformats-officedocument."
_WORD = f"{_OPEN}wordprocessingml."
_OPC = "application/vnd.openxmlformats-package."
_MS = "application/vnd.ms-"
_DOCUMENT = f"{_WORD}document.main+xml"
_FILLED = (_DOCUMENT, f"{_WORD}header+xml", f"{_WORD}footer+xml")
_IMAGES = tuple(
    f"image/{name}"
    for name in ("png", "jpeg", "jpg", "gif", "bmp", "tiff", "x-emf", "emf", "x-wmf", "wmf")
)
_TARGETS: dict[str, tuple[str, ...]] = {
    source + name: (f"{kind}{name}+xml",)
    for source, kind, names in (
        (_OFFICE, _WORD, "styles settings webSettings fontTable numbering header footer"),
        (_OFFICE, _WORD, "footnotes endnotes comments"),
        (_OFFICE, _OPEN, "theme extended-properties custom-properties"),
        (_PACKAGE, _OPC, "core-properties"),
        (f"{_LATER}2007/relationships/", f"{_MS}word.", "stylesWithEffects"),
        (f"{_LATER}2011/relationships/", _WORD, "people commentsExtended"),
        (f"{_LATER}2016/09/relationships/", _WORD, "commentsIds"),
        (f"{_LATER}2018/08/relationships/", _WORD, "commentsExtensible"),
        (f"{_LATER}2020/02/relationships/", f"{_MS}office.", "classificationlabels"),
    )
    for name in names.split()
} | {
    f"{_OFFICE}officeDocument": (_DOCUMENT,),
    f"{_OFFICE}glossaryDocument": (f"{_WORD}document.glossary+xml",),
    f"{_OFFICE}image": _IMAGES,
    f"{_OFFICE}font": (f"{_OPEN}obfuscatedFont",),
    f"{_OFFICE}customXml": ("application/xml",),
    f"{_OFFICE}customXmlProps": (f"{_OPEN}customXmlProperties+xml",),
    f"{_PACKAGE}thumbnail": _IMAGES,
    f"{_LATER}2020/10/relationships/intelligence": (f"{_MS}office.intelligence2+xml",),
}
"""Content types that the target of each type of relation may have."""
_KINDS = {"application/xml", f"{_OPC}relationships+xml"}.union(*_TARGETS.values())
_SOURCES = {_OFFICE + name: _MAIN for name in ("header", "footer", "glossaryDocument")}
"""Where a relation may start, if not anywhere: what is read must be what was checked."""

_AGAIN = "请在 Word 里另存为 .docx 再传。"
_BROKEN = f"文件不是 .docx，或已经损坏。{_AGAIN}"
_NOT_WORD = f"文件不是 .docx 文档（可能是 .dotx 模板）。{_AGAIN}"
_TIED = f"文件各部分的关系写乱了，没有打开。{_AGAIN}"
_RUNS = "文件里有宏、控件或嵌入的程序。请在 Word 里另存为不带宏的 .docx，删去嵌入的对象再传。"
_OUTSIDE = "文件引用了外面的图片或模板，看板不去取。请在 Word 里断开链接，改成嵌入再传。"
_LINK = "文件里有不是网页或邮箱的超链接。请在 Word 里删去再传。"


class _RefusedError(Exception):
    """A file that is not checked any further; the message is for the office."""


def problems(content: bytes) -> list[str]:
    """What is wrong with the file itself, as Chinese sentences; nothing if it can be opened."""
    if len(content) > LARGEST:
        return [f"模板有 {len(content) / 1e6:.1f} MB，最大 {LARGEST / 1e6:.0f} MB，请去掉大图片。"]
    if content.startswith(_OLD):
        return ["文件加了密码，或是旧的 .doc 格式。请在 Word 里去掉密码，另存为 .docx 再传。"]
    try:
        archive = UntrustedZip(content)
        texts = _measured(archive)
        parts = {name: archive.read(name) for name in archive.names}
        trees = {name: _tree(name, parts[name]) for name in texts}
        kinds = _kinds(archive.names, trees[_CONTENT_TYPES])
    except RefusedZipError as error:
        return [f"文件里有重名的部分，没有打开。{_AGAIN}" if error.twice else _BROKEN]
    except _RefusedError as error:
        return [str(error)]
    filled = {name for name, kind in kinds.items() if kind in _FILLED}
    found = list(filter(None, _faults(kinds, trees)))
    return list(dict.fromkeys(found or word_contents.faults(trees, filled)))


def _measured(archive: UntrustedZip) -> list[str]:
    """Names of the parts of XML, once it is sure that none is too large to read."""
    if len(archive.names) > MOST_PARTS or not archive.fits(LARGEST_OPEN):
        raise _RefusedError("文件解压后太大，不像一个模板，没有打开。")
    texts = [name for name in archive.names if name.lower().endswith(_XML)]
    for name in texts:
        if archive.sizes[name] > LARGEST_PART:
            raise _RefusedError(f"{place(name)}太长，不像一个模板，没有打开。")
    if sum(archive.sizes[name] for name in texts) > LARGEST_TEXT:
        raise _RefusedError("文件里的文字和样式太多，不像一个模板，没有打开。")
    if not {_MAIN, _CONTENT_TYPES} <= set(texts):
        raise _RefusedError(_BROKEN)
    return texts


def _tree(name: str, content: bytes) -> Element:
    declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    try:
        if b"\0" in content or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
            raise UnicodeError
        content.decode("utf-8")
        return tree(content, MOST_ELEMENTS, DEEPEST, comments=True)
    except UnicodeError as error:
        raise _RefusedError(f"{place(name)}的编码不是 UTF-8，没有打开。{_AGAIN}") from error
    except RefusedXmlError as error:
        messages = {
            "broken": f"文件打不开，可能已经损坏。{_AGAIN}",
            "doctype": f"文件里有不该有的定义，没有打开。{_AGAIN}",
            "large": f"{place(name)}的内容太多或套得太深，不像一个模板，没有打开。",
        }
        raise _RefusedError(messages[error.why]) from error


def _kinds(names: list[str], root: Element) -> dict[str, str]:
    """Content type of each part, '' for none."""
    listed = [
        (one.get("PartName", "." + one.get("Extension", "")).lower(), one.get("ContentType", ""))
        for one in root
        if isinstance(one.tag, str)
    ]
    types = dict(listed)
    if len(types) < len(listed):
        raise _RefusedError(_TIED)
    parts = [name for name in names if name != _CONTENT_TYPES]
    return {
        name: types.get(f"/{name.lower()}", types.get(f".{name.lower().rpartition('.')[2]}", ""))
        for name in parts
    }


def _faults(kinds: Mapping[str, str], trees: Mapping[str, Element]) -> Iterator[str]:
    """What is wrong with the parts and their relations, '' for nothing."""
    for name, kind in kinds.items():
        yield _part_fault(name, kind)
    if kinds[_MAIN] != _DOCUMENT:
        yield _NOT_WORD
    mains = []
    for name in trees:
        if name.lower().endswith(".rels"):
            folder, file = posixpath.split(name)
            source = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
            for relation in list(trees[name].iter())[1:]:
                path = posixpath.join("/", posixpath.dirname(source), relation.get("Target", ""))
                target = posixpath.normpath(path).lstrip("/")
                yield _relation_fault(relation, source, kinds.get(target, ""))
                if relation.get("Type") == f"{_OFFICE}officeDocument":
                    mains.append((source, target))
    if mains != [("", _MAIN)]:
        yield _TIED


def _part_fault(name: str, kind: str) -> str:
    ending, unwanted = name.lower(), f"文件里有看板不收的内容“{name}”。请在 Word 里删去"
    if any(word in f"/{name} {kind}".lower() for word in _RUNNING):
        return _RUNS
    if not ending.endswith(_ENDINGS):
        return f"{unwanted}，或改成 PNG 图片再传。"
    if ending.endswith(_XML) != kind.endswith("xml"):
        return _TIED
    if kind in _KINDS:
        return ""
    return _NOT_WORD if "template.main" in kind or name == _MAIN else f"{unwanted}再传。"


def _relation_fault(relation: Element, source: str, target: str) -> str:
    """What is wrong with a relation from a part to one of the content type `target`."""
    kind, mode = relation.get("Type", ""), relation.get("TargetMode", "Internal")
    name = kind.rpartition("/")[2]
    if not isinstance(relation.tag, str) or mode not in ("Internal", "External"):
        return _TIED
    if kind == f"{_OFFICE}hyperlink":
        return "" if _PAGE.match(relation.get("Target", "")) else _LINK
    if mode == "External":
        return _OUTSIDE
    if name == "package" or any(word in name.lower() for word in _RUNNING):
        return _RUNS
    if kind not in _TARGETS:
        return (
            f"文件里有看板不收的内容（{name}），如图表、智能图形、嵌入的文档。"
            "请在 Word 里删去，或改成图片再传。"
        )
    return "" if target in _TARGETS[kind] and _SOURCES.get(kind, source) == source else _TIED
