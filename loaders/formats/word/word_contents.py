"""What a letter takes from a part of a Word file: a copy of its XML with nothing else in it.

What may stand in the copy is listed; whatever is not is left out, or only its text is kept.
"""

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from loaders.formats.untrusted_xml import local, values

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
V = "urn:schemas-microsoft-com:vml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_XML = "http://www.w3.org/XML/1998/namespace"
_SHAPES = "http://schemas.microsoft.com/office/word/2010/wordprocessing"
PREFIXES = {
    "w": W, "r": R, "a": A, "v": V,
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wps": f"{_SHAPES}Shape", "wpg": f"{_SHAPES}Group",
}  # fmt: skip
"""Namespaces of what is taken, by the prefix that other programs expect of each."""
_TAKEN = {*PREFIXES.values(), _XML, ""}
_OWN_FIELDS = {  # that Word fills in from the document itself
    "PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "DATE", "TIME", "CREATEDATE", "SAVEDATE",
    "PRINTDATE", "TOC", "TC", "REF", "PAGEREF", "NOTEREF", "SEQ", "STYLEREF", "TITLE", "AUTHOR",
    "SUBJECT", "KEYWORDS", "COMMENTS", "NUMWORDS", "NUMCHARS", "SYMBOL", "INDEX", "XE",
}  # fmt: skip
_FETCHING_FIELDS = {
    "DDE", "DDEAUTO", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "DATABASE",
    "EMBED", "MACROBUTTON",
}  # fmt: skip
_INSTRUCTION = ("instrText", "delInstrText")
_OPENED = {"smartTag", "customXml", "sdt", "sdtContent", "hyperlink", "Choice", "Fallback"}
"""Elements of which only what stands in them is taken."""
_LEFT = {  # elements that are left out, with what the office calls them
    "altChunk": "嵌入的网页或文档", "object": "嵌入的对象", "control": "控件", "subDoc": "子文档",
    "contentPart": "墨迹", "movie": "影片", "ffData": "窗体控件", "comment": "批注",
    "commentReference": "批注", "commentRangeStart": "批注", "commentRangeEnd": "批注",
    "numPicBullet": "图片项目符号", "sdtPr": "", "sdtEndPr": "", "customXmlPr": "",
    "smartTagPr": "", "extLst": "", "hlinkClick": "超链接", "hlinkHover": "超链接",
    "printerSettings": "", "background": "",
}  # fmt: skip
_FETCHED = {"src", "href", "althref"}  # attributes that name a file
_REFERS = {  # elements that refer to another part: by which attribute, and to what kind
    f"{{{A}}}blip": ("embed", "image"),
    f"{{{V}}}imagedata": ("id", "image"),
    f"{{{W}}}headerReference": ("id", "header"),
    f"{{{W}}}footerReference": ("id", "footer"),
}
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_WITHIN = re.compile(r"\s*HYPERLINK\s+\\l\b", re.IGNORECASE)  # a link to a place in the document
PICTURE, FIELDS, LINK = "打不开或不收的图片", "取外部内容的域，或不收的域", "超链接"

Relate = Callable[[str, str], str | None]
"""The new id of what is referred to, by its kind and its old id; None where it is not taken."""


class Copy:
    """The copy of a part, and `left`: what is not in it, in words of the office."""

    def __init__(self, root: Element, relate: Relate) -> None:
        self.left: list[str] = []
        self._relate, self._lost = relate, 0
        copied = self._one(root)
        self.root = copied[0] if copied else Element(root.tag)
        if any(_refused_fields(self.root)):
            self.left.append(FIELDS)
            _without_fields(self.root)

    def _one(self, one: Element) -> list[Element]:
        """What is taken of an element: itself, what stands in it, or nothing."""
        if not isinstance(one.tag, str):
            return []
        name, space = local(one), _space(one.tag)
        if space == _MC or name in _OPENED:
            if name == "hyperlink":
                self.left.append(LINK)
            return self._within(_chosen(one) if name == "AlternateContent" else one)
        if name in _LEFT or space not in _TAKEN:
            self.left.append(_LEFT.get(name, ""))
            return []
        refers = _REFERS.get(one.tag)
        attributes = self._attributes(one, refers)
        if attributes is None:
            return []
        lost = self._lost
        copied = Element(one.tag, attributes)
        copied.extend(self._within(one))
        if name in ("drawing", "pict") and self._lost > lost:
            self.left.append(PICTURE)
            return []
        if not len(one):
            copied.text = one.text
        return [copied]

    def _within(self, one: Element) -> list[Element]:
        return [taken for child in one for taken in self._one(child)]

    def _attributes(self, one: Element, refers: tuple[str, str] | None) -> dict[str, str] | None:
        """The attributes that are taken; None where the element refers to what is not."""
        own = {
            name: value
            for name, value in one.items()
            if _space(name) in _TAKEN - {R} and name not in _FETCHED
        }
        if refers is not None:
            name, kind = refers
            found = self._relate(kind, one.get(f"{{{R}}}{name}", ""))
            if found is None:
                self._lost += kind == "image"
                return None
            return own | {f"{{{R}}}{name}": found}
        if any(_space(name) == R for name, _ in one.items()):
            self._lost += 1
            return None
        notes = _NOTES.get(local(one))
        return None if notes and self._relate(notes, "") is None else own


def _chosen(alternatives: Element) -> Element:
    """The first alternative in shapes of Word that are taken, else what old programs read."""
    known = {"wps", "wpg"}
    for one in alternatives:
        if local(one) == "Choice" and set((one.get("Requires") or "").split()) <= known:
            return one
    fallbacks = [one for one in alternatives if local(one) == "Fallback"]
    return fallbacks[0] if fallbacks else Element("none")


def _space(name: str) -> str:
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def _refused_fields(root: Element) -> Iterator[str]:
    """Instructions of fields that are not Word's own.

    The instructions of a paragraph are also read as one: a reader may see other fields begin and
    end there.
    """
    for field in _fields(root):
        words = field.upper().split()
        if words and words[0] not in _OWN_FIELDS and not _WITHIN.match(field):
            yield field
    for paragraph in root.iter():
        if local(paragraph) == "p":
            joined = "".join(map(_text, filter(_is_instruction, paragraph.iter())))
            if _FETCHING_FIELDS & set(joined.upper().split()):
                yield joined


def _without_fields(element: Element) -> None:
    """Take all fields of Word out of a copy; what they showed last stays as text."""
    children = list(element)
    for child in children:
        element.remove(child)
        _without_fields(child)
        if local(child) == "fldSimple":
            element.extend(child)
        elif local(child) not in ("fldChar", *_INSTRUCTION):
            element.append(child)


def _fields(root: Element) -> Iterator[str]:
    """Instructions of the fields of Word in a part: each field put together from its pieces."""
    begun: list[str] = []
    for one in root.iter():
        ends = values(one, "fldCharType") if local(one) == "fldChar" else []
        if local(one) == "fldSimple":
            yield from values(one, "instr")
        elif "begin" in ends:
            begun.append("")
        elif "end" in ends and begun:
            yield begun.pop()
        elif _is_instruction(one) and begun:
            begun[-1] += _text(one)
        elif _is_instruction(one):
            yield _text(one)
    yield from begun


def _is_instruction(element: Element) -> bool:
    return local(element) in _INSTRUCTION


def _text(element: Element) -> str:
    return "".join(element.itertext())
