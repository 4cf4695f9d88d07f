"""A Word file from outside, made anew from what a letter needs.

Taken are the text, styles, numbering, fonts of the theme, headers, footers, notes and pictures. The
new file has no other part and no relation to anything outside, whatever the old one held: no macro,
control, embedded or linked thing, no template of its own. So nothing in it need be inspected.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from PIL import Image

from loaders.formats.untrusted_xml import RefusedXmlError, local, tree, written
from loaders.formats.untrusted_zip import RefusedZipError, UntrustedZip
from loaders.formats.word import word_contents
from loaders.formats.word.word_contents import PREFIXES, W
from store.errors import FileUnreadableError

LARGEST = 8_000_000  # bytes of an uploaded template
LARGEST_OPEN = 60_000_000  # bytes of all its parts, unpacked
LARGEST_PART = 2_000_000  # bytes of a part of XML
MOST_PARTS = 400
MOST_ELEMENTS = 200_000  # of a part
MOST_PICTURES = 40
MOST_PIXELS = 40_000_000
DEEPEST = 200  # elements within one another
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"'>]*)["']""")
_MAIN = "word/document.xml"
_OLD = b"\xd0\xcf\x11\xe0"  # how files of Word 97 begin, and files locked with a password
_OPENINGS = ("{{", "{%", "{#")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_CORE = f"{_PACKAGE}relationships/metadata/core-properties"
_OPEN = "application/vnd.openxmlformats-officedocument"
_ROOTS = {  # the root element of each kind of part that is taken
    "document": "document", "styles": "styles", "numbering": "numbering", "theme": "theme",
    "settings": "settings", "header": "hdr", "footer": "ftr", "footnotes": "footnotes",
    "endnotes": "endnotes",
}  # fmt: skip
_NOTES = ("footnotes", "endnotes")
_ALONE = ("styles", "numbering", "theme", "settings", *_NOTES)
"""Kinds of parts that a document has one of."""
_SETTINGS = {  # that change how the text stands on the page
    "evenAndOddHeaders", "mirrorMargins", "gutterAtTop", "defaultTabStop", "autoHyphenation",
    "drawingGridHorizontalSpacing", "drawingGridVerticalSpacing", "characterSpacingControl",
    "displayHorizontalDrawingGridEvery", "displayVerticalDrawingGridEvery", "noLineBreaksAfter",
    "noLineBreaksBefore", "footnotePr", "endnotePr", "compat", "themeFontLang", "clrSchemeMapping",
}  # fmt: skip
_MISSED = {
    "comments": "批注", "glossaryDocument": "文档部件", "chart": "图表", "package": "嵌入的文档",
    "oleObject": "嵌入的对象", "aFChunk": "嵌入的网页或文档", "control": "控件",
    "attachedTemplate": "外面的图片、模板或文件", "diagramData": "智能图形",
}  # fmt: skip
"""Parts that are not taken, and that the office would miss."""
_PLACES = {
    "document": "正文", "header": "页眉", "footer": "页脚", "styles": "样式", "numbering": "编号",
    "footnotes": "脚注", "endnotes": "尾注", "theme": "主题", "settings": "设置",
}  # fmt: skip
_TYPES = {"theme": f"{_OPEN}.theme+xml", "document": f"{_OPEN}.wordprocessingml.document.main+xml"}
_PICTURES = ("PNG", "JPEG", "GIF", "BMP", "TIFF")
_RUNNING = ("vba", "macro", "activex", "embeddings", "oleobject")

_AGAIN = "请在 Word 里另存为 .docx 再传。"
_BROKEN = f"文件不是 .docx，或已经损坏。{_AGAIN}"
_RUNS = "宏、控件或嵌入的程序"


@dataclass(frozen=True)
class Rebuilt:
    """The new file, and what of the old one is not in it, in words of the office."""

    content: bytes
    left: tuple[str, ...]


def rebuilt(content: bytes) -> Rebuilt:
    """The Word file `content` made anew; what was made so is made again the same.

    Raises `FileUnreadableError`, a sentence for the office, where it is none, or too much to read.
    """
    if len(content) > LARGEST:
        raise FileUnreadableError(
            f"模板有 {len(content) / 1e6:.1f} MB，最大 {LARGEST / 1e6:.0f} MB，请去掉大图片。"
        )
    if content.startswith(_OLD):
        raise FileUnreadableError(
            "文件加了密码，或是旧的 .doc 格式。请在 Word 里去掉密码，另存为 .docx 再传。"
        )
    try:
        archive = UntrustedZip(content)
        if len(archive.names) > MOST_PARTS or not archive.fits(LARGEST_OPEN):
            raise FileUnreadableError("文件解压后太大，不像一个模板，没有打开。")
        return _Package(archive).rebuilt()
    except RefusedZipError as error:
        message = f"文件里有重名的部分，没有打开。{_AGAIN}" if error.twice else _BROKEN
        raise FileUnreadableError(message) from error


class _Package:
    """A package that is read, and the parts of the new one as they are found to be needed."""

    def __init__(self, archive: UntrustedZip) -> None:
        self._archive = archive
        self._parts: dict[str, bytes] = {}
        self._relations: dict[str, list[str]] = {}
        self._names: dict[str, str] = {}  # of the new part, by that of the old one
        self._left = [_RUNS] if any(map(_runs, archive.names)) else []

    def rebuilt(self) -> Rebuilt:
        mains = [path for kind, path in self._related("").values() if kind == "officeDocument"]
        main = mains[0] if mains else ""
        root = self._root("document", main)
        if root is None:
            raise FileUnreadableError(_BROKEN)
        related = self._related(main)
        self._parts[_MAIN] = b""  # the first of all
        for kind in _ALONE:
            paths = [path for found, path in related.values() if found == kind]
            part = self._root(kind, paths[0]) if paths else None
            if part is None:
                continue
            if kind == "settings":
                for setting in [one for one in part if local(one) not in _SETTINGS]:
                    part.remove(setting)
            self._take(kind, f"word/{kind}.xml", part, {})
            self._relate(_MAIN, kind, f"{kind}.xml")
        self._take("document", _MAIN, root, related)
        self._left += [_MISSED.get(kind, "") for kind, _ in related.values()]
        return Rebuilt(self._packed(), tuple(dict.fromkeys(filter(None, self._left))))

    def _take(
        self, kind: str, name: str, root: Element, related: Mapping[str, tuple[str, str]]
    ) -> None:
        """Copy a part into the new package under `name`, and what it refers to."""

        def relate(wanted: str, old_id: str) -> str | None:
            if wanted in _NOTES:
                return "" if f"word/{wanted}.xml" in self._parts and name == _MAIN else None
            found, path = related.get(old_id, ("", ""))
            target = self._further(wanted, path) if found == wanted else None
            return target and self._relate(name, wanted, posixpath.relpath(target, "word"))

        copy = word_contents.Copy(root, relate)
        if kind in _NOTES and _has_tags(copy.root):
            raise FileUnreadableError(
                f"{_PLACES[kind]}里不能放字段：字段只能写在正文、页眉、页脚里。"
            )
        self._left += copy.left
        self._parts[name] = written(copy.root, PREFIXES)

    def _further(self, kind: str, path: str) -> str | None:
        """The name in the new package of a header, footer or picture; None if it is not taken."""
        if path in self._names:
            return self._names[path]
        number = 1 + sum(f"/{kind}" in name for name in self._parts)
        if kind == "image":
            picture = _picture(self._archive.read(path)) if number <= MOST_PICTURES else None
            if picture is None:
                return None
            self._names[path] = f"word/media/image{number}.{picture[0]}"
            self._parts[self._names[path]] = picture[1]
        else:
            root = self._root(kind, path)
            if root is None:
                return None
            self._names[path] = name = f"word/{kind}{number}.xml"
            self._parts[name] = b""  # takes its number
            self._take(kind, name, root, self._related(path))
        return self._names[path]

    def _relate(self, source: str, kind: str, target: str) -> str:
        """The id of a relation in the new package."""
        relations = self._relations.setdefault(source, [])
        relation = f'Type="{_OFFICE}{kind}" Target="{target}"'
        if relation not in relations:
            relations.append(relation)
        return f"rId{relations.index(relation) + 1}"

    def _root(self, kind: str, path: str) -> Element | None:
        """The root of a part that is taken as `kind`; None where it is none."""
        content = self._archive.read(path)
        if not content:
            return None
        if len(content) > LARGEST_PART:
            raise FileUnreadableError(f"{_PLACES[kind]}太长，不像一个模板，没有打开。")
        root = _tree(_PLACES[kind], content)
        space = word_contents.A if kind == "theme" else W
        return root if root.tag == f"{{{space}}}{_ROOTS[kind]}" else None

    def _related(self, path: str) -> dict[str, tuple[str, str]]:
        """Kind and path of what a part is related to within the package, by id."""
        folder, name = posixpath.split(path)
        content = self._archive.read(posixpath.join(folder, "_rels", f"{name}.rels"))
        if len(content) > LARGEST_PART:
            raise FileUnreadableError("文件各部分的关系太长，不像一个模板，没有打开。")
        found = {}
        for one in _tree("文件各部分的关系", content) if content else ():
            kind = one.get("Type", "").removeprefix(_OFFICE)
            target = posixpath.join("/", folder, one.get("Target", ""))
            if one.get("TargetMode", "Internal") != "Internal":
                self._left.append("超链接" if kind == "hyperlink" else "外面的图片、模板或文件")
            else:
                found[one.get("Id", "")] = kind, posixpath.normpath(target).lstrip("/")
        return found

    def _packed(self) -> bytes:
        """The new package; the same parts give the same bytes."""
        root = [
            f'Type="{_OFFICE}officeDocument" Target="word/document.xml"',
            f'Type="{_CORE}" Target="docProps/core.xml"',
        ]
        parts = {
            "[Content_Types].xml": _content_types(self._parts),
            "_rels/.rels": _relations(root),
            "docProps/core.xml": (
                f'<coreProperties xmlns="{_PACKAGE}metadata/core-properties"/>'.encode()
            ),
            **self._parts,
        }
        for source, relations in self._relations.items():
            folder, name = posixpath.split(source)
            parts[f"{folder}/_rels/{name}.rels"] = _relations(relations)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def _runs(name: str) -> bool:
    return any(word in name.lower() for word in _RUNNING)


def _tree(place: str, content: bytes) -> Element:
    declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    try:
        if b"\0" in content or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
            raise UnicodeError
        content.decode("utf-8")
        return tree(content, MOST_ELEMENTS, DEEPEST)
    except UnicodeError as error:
        raise FileUnreadableError(f"{place}的编码不是 UTF-8，没有打开。{_AGAIN}") from error
    except RefusedXmlError as error:
        messages = {
            "broken": f"文件打不开，可能已经损坏。{_AGAIN}",
            "doctype": f"文件里有不该有的定义，没有打开。{_AGAIN}",
            "large": f"{place}的内容太多或套得太深，不像一个模板，没有打开。",
        }
        raise FileUnreadableError(messages[error.why]) from error


def _has_tags(root: Element) -> bool:
    """Whether there are tags of a template, also those that are cut in pieces."""
    texts = ["".join(root.itertext())]
    for one in root.iter():
        texts += [one.text or "", *(value for _, value in one.items())]
    return any(opening in text for text in texts for opening in _OPENINGS)


def _picture(content: bytes) -> tuple[str, bytes] | None:
    """Kind and content of a picture, PNG and JPEG as they are, others as PNG; None for none."""
    try:
        with Image.open(io.BytesIO(content), formats=_PICTURES) as found:
            if found.width * found.height > MOST_PIXELS:
                return None
            if found.format in ("PNG", "JPEG"):
                found.verify()
                return str(found.format).lower(), content
            drawn = io.BytesIO()
            found.convert("RGBA").save(drawn, "PNG")
            return "png", drawn.getvalue()
    except Exception:  # a damaged picture raises whatever its decoder does
        return None


def _content_types(names: Mapping[str, bytes]) -> bytes:
    word = f"{_OPEN}.wordprocessingml"
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "png": "image/png",
        "jpeg": "image/jpeg",
    }
    overrides = {"docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml"}
    for name in names:
        kind = re.sub(r"\d*\.xml$", "", posixpath.basename(name))
        if name.endswith(".xml"):
            overrides[name] = _TYPES.get(kind, f"{word}.{kind}+xml")
    lines = [f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in defaults.items()]
    lines += [
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items()
    ]
    return f'<Types xmlns="{_PACKAGE}content-types">{"".join(lines)}</Types>'.encode()


def _relations(relations: list[str]) -> bytes:
    lines = [
        f'<Relationship Id="rId{number}" {relation}/>'
        for number, relation in enumerate(relations, start=1)
    ]
    return (
        f'<Relationships xmlns="{_PACKAGE}relationships">{"".join(lines)}</Relationships>'.encode()
    )
