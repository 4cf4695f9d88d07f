"""Parts of a Word file and what ties them together: only what a letter needs is let in."""

import posixpath
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml import etree

MAIN = "word/document.xml"
TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_DOCUMENTS = "application/vnd.openxmlformats-officedocument."
_DOCUMENT = f"{_WORD}document.main+xml"
HYPERLINK = f"{_OFFICE}hyperlink"
_IMAGES = (
    "image/png", "image/jpeg", "image/jpg", "image/gif", "image/bmp", "image/tiff",
    "image/x-emf", "image/emf", "image/x-wmf", "image/wmf",
)  # fmt: skip
_ENDINGS = (
    ".xml", ".rels", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf",
    ".odttf",
)  # fmt: skip
_NEUTRAL = ("application/xml", "application/vnd.openxmlformats-package.relationships+xml")
_KINDS = {
    **{
        f"{_OFFICE}{name}": (f"{_WORD}{name}+xml",)
        for name in (
            "styles", "settings", "webSettings", "fontTable", "numbering", "header", "footer",
            "footnotes", "endnotes", "comments",
        )
    },
    f"{_OFFICE}officeDocument": (_DOCUMENT,),
    f"{_OFFICE}glossaryDocument": (f"{_WORD}document.glossary+xml",),
    f"{_OFFICE}theme": (f"{_DOCUMENTS}theme+xml",),
    f"{_OFFICE}image": _IMAGES,
    f"{_OFFICE}font": (f"{_DOCUMENTS}obfuscatedFont",),
    f"{_OFFICE}extended-properties": (f"{_DOCUMENTS}extended-properties+xml",),
    f"{_OFFICE}custom-properties": (f"{_DOCUMENTS}custom-properties+xml",),
    f"{_OFFICE}customXml": ("application/xml",),
    f"{_OFFICE}customXmlProps": (f"{_DOCUMENTS}customXmlProperties+xml",),
    f"{_PACKAGE}core-properties": ("application/vnd.openxmlformats-package.core-properties+xml",),
    f"{_PACKAGE}thumbnail": _IMAGES,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects": (
        "application/vnd.ms-word.stylesWithEffects+xml",
    ),
    "http://schemas.microsoft.com/office/2011/relationships/people": (f"{_WORD}people+xml",),
    "http://schemas.microsoft.com/office/2011/relationships/commentsExtended": (
        f"{_WORD}commentsExtended+xml",
    ),
    "http://schemas.microsoft.com/office/2016/09/relationships/commentsIds": (
        f"{_WORD}commentsIds+xml",
    ),
    "http://schemas.microsoft.com/office/2018/08/relationships/commentsExtensible": (
        f"{_WORD}commentsExtensible+xml",
    ),
    "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels": (
        "application/vnd.ms-office.classificationlabels+xml",
    ),
    "http://schemas.microsoft.com/office/2020/10/relationships/intelligence": (
        "application/vnd.ms-office.intelligence2+xml",
    ),
}  # fmt: skip
"""Content types that the target of each type of relation may have."""
_FROM = {
    f"{_OFFICE}officeDocument": "",
    f"{_OFFICE}header": MAIN,
    f"{_OFFICE}footer": MAIN,
    f"{_OFFICE}glossaryDocument": MAIN,
}
"""Where a relation may start, if not anywhere: what is read must be what was checked."""
_SCHEMES = ("http", "https", "mailto", "")
_RUNS = "文件里有宏、控件或嵌入的程序。请在 Word 里另存为不带宏的 .docx，删去嵌入的对象再传。"
_RUNNING = ("macro", "vba", "activex", "oleobject", "control", "embeddings")
_OUTSIDE = "文件引用了外面的图片或模板，看板不去取。请在 Word 里断开链接，改成嵌入再传。"
_NOT_WORD = "文件不是 .docx 文档（可能是 .dotx 模板）。请在 Word 里另存为 .docx 再传。"
_TIED = "文件各部分的关系写乱了，没有打开。请在 Word 里另存为 .docx 再传。"


def faults(names: list[str], trees: Mapping[str, etree._Element]) -> Iterator[str]:
    """What is wrong with the parts `names` and their ties; `trees` are those that are XML."""
    types = _types(trees[TYPES])
    if types is None:
        yield _TIED
        return
    kinds = {name: _kind(name, types) for name in names if name != TYPES}
    for name, kind in kinds.items():
        if any(word in f"/{name} {kind}".lower() for word in _RUNNING):
            yield _RUNS
        elif not name.lower().endswith(_ENDINGS):
            yield f"文件里有看板不收的内容“{name}”。请在 Word 里删去，或改成 PNG 图片再传。"
        elif name.lower().endswith((".xml", ".rels")) != (kind.endswith("xml")):
            yield _TIED
        elif kind not in _NEUTRAL and not any(kind in allowed for allowed in _KINDS.values()):
            wrong = "template.main" in kind or name == MAIN
            yield _NOT_WORD if wrong else f"文件里有看板不收的内容“{name}”。请在 Word 里删去再传。"
    if kinds.get(MAIN) != _DOCUMENT:
        yield _NOT_WORD
    mains = []
    for name in trees:
        if name.lower().endswith(".rels"):
            source = _source(name)
            for relation in trees[name].iterdescendants():
                yield from _relation(source, relation, kinds)
                if relation.get("Type") == f"{_OFFICE}officeDocument":
                    mains.append(_target(source, relation))
    if mains != [MAIN]:
        yield _TIED


def filled(trees: Mapping[str, etree._Element]) -> set[str]:
    """Names of the parts whose tags are filled in, by what they are, not by their names."""
    types = _types(trees[TYPES]) or {}
    wanted = (_DOCUMENT, f"{_WORD}header+xml", f"{_WORD}footer+xml")
    return {name for name in trees if _kind(name, types) in wanted}


def _types(tree: etree._Element) -> dict[str, str] | None:
    """Content types by ``/part`` and ``.ending``, in lower case; nothing if one is told twice."""
    told = [
        (one.get("PartName", "." + one.get("Extension", "")).lower(), one.get("ContentType", ""))
        for one in tree
        if isinstance(one.tag, str)
    ]
    types = dict(told)
    return types if len(types) == len(told) else None


def _kind(name: str, types: Mapping[str, str]) -> str:
    ending = "." + name.rpartition(".")[2]
    return types.get(f"/{name}".lower(), types.get(ending.lower(), ""))


def _source(name: str) -> str:
    """The part whose relations `name` holds; '' for those of the file itself."""
    folder, file = posixpath.split(name)
    return posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))


def _target(source: str, relation: etree._Element) -> str:
    path = posixpath.join("/", posixpath.dirname(source), relation.get("Target", ""))
    return posixpath.normpath(path).lstrip("/")


def _relation(source: str, relation: etree._Element, kinds: Mapping[str, str]) -> Iterator[str]:
    kind, mode = relation.get("Type", ""), relation.get("TargetMode", "Internal")
    if not isinstance(relation.tag, str) or mode not in ("Internal", "External"):
        yield _TIED
    elif mode == "External" or kind == HYPERLINK:
        if kind != HYPERLINK:
            yield _OUTSIDE
        elif not _leads_to_a_page(relation.get("Target", "")):
            yield "文件里有不是网页或邮箱的超链接。请在 Word 里删去再传。"
    elif kind.endswith("/package") or any(
        word in kind.rpartition("/")[2].lower() for word in _RUNNING
    ):
        yield _RUNS
    elif kind not in _KINDS:
        what = kind.rpartition("/")[2]
        yield (
            f"文件里有看板不收的内容（{what}），如图表、智能图形、嵌入的文档。"
            "请在 Word 里删去，或改成图片再传。"
        )
    elif (
        _FROM.get(kind, source) != source
        or kinds.get(_target(source, relation)) not in _KINDS[kind]
    ):
        yield _TIED


def _leads_to_a_page(target: str) -> bool:
    if target.startswith(("\\", "//")):
        return False
    try:
        return urlsplit(target).scheme.lower() in _SCHEMES
    except ValueError:
        return False
