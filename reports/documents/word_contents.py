"""What stands in the parts of a Word file: fields of Word, things fetched, tags out of place."""

from collections.abc import Collection, Iterator, Mapping

from lxml import etree

OPENINGS = ("{{", "{%", "{#")
_PLACES = {
    "word/document.xml": "正文", "word/header": "页眉", "word/footer": "页脚",
    "word/footnotes": "脚注", "word/endnotes": "尾注", "word/comments": "批注",
    "word/glossary": "文档部件", "word/styles": "样式", "word/numbering": "编号",
    "docProps/": "文件属性（标题、作者等）",
}  # fmt: skip
_WORDS = {
    "PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "DATE", "TIME", "CREATEDATE", "SAVEDATE",
    "PRINTDATE", "TOC", "TC", "REF", "PAGEREF", "NOTEREF", "SEQ", "STYLEREF", "HYPERLINK", "TITLE",
    "AUTHOR", "SUBJECT", "KEYWORDS", "COMMENTS", "NUMWORDS", "NUMCHARS", "SYMBOL", "INDEX", "XE",
}  # fmt: skip
"""Fields that Word fills in from the document itself."""
_FETCHING = {
    "DDE", "DDEAUTO", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "DATABASE",
    "EMBED", "MACROBUTTON",
}  # fmt: skip
_INSTRUCTION = ("instrText", "delInstrText")
_BARRED = {
    "altChunk": "嵌入的网页或文档", "object": "嵌入的对象", "OLEObject": "嵌入的对象",
    "control": "控件", "subDoc": "子文档", "mailMerge": "邮件合并的数据源", "frameset": "网页框架",
    "attachedTemplate": "外面的模板", "movie": "影片", "contentPart": "墨迹",
}  # fmt: skip


def place(name: str) -> str:
    """The part `name` in words that the office knows."""
    found = (words for start, words in _PLACES.items() if name.startswith(start))
    return next(found, f"文件里的“{name}”")


def faults(trees: Mapping[str, etree._Element], filled: Collection[str]) -> Iterator[str]:
    """What may not stand in the parts `trees` (name → tree), of which `filled` are filled in."""
    for name, root in trees.items():
        where = place(name)
        if name not in filled:
            yield from _tagged(where, root)
        yield from _fetched(where, root)
        orders = (order for order in _orders(root) if order.upper().split()[0] not in _WORDS)
        pieces = (order for order in _joined(root) if _FETCHING & set(order.upper().split()))
        for order in (*orders, *pieces):
            told = " ".join(order.split())[:40]
            yield f"{where}里有会去取外部内容的域，或不收的域：{told}。请在 Word 里删去再传。"


def _tagged(where: str, root: etree._Element) -> Iterator[str]:
    """Tags in a part that is not filled in, also those that are cut in pieces."""
    texts = ["".join(root.itertext())]
    for one in root.iter():
        texts.append(one.text or "")
        texts.extend(one.attrib.values())
    if any(opening in text for text in texts for opening in OPENINGS):
        yield f"{where}里不能放字段：字段只能写在正文、页眉、页脚里。"


def _fetched(where: str, root: etree._Element) -> Iterator[str]:
    for one in root.iter(etree.Element):
        local = _local(one)
        if local in _BARRED:
            yield f"{where}里有{_BARRED[local]}，看板不收。请在 Word 里删去再传。"
        sources = _attribute(one, "src") + _attribute(one, "althref")
        if any(mark in source for source in sources for mark in ":\\"):
            yield f"{where}引用了外面的图片，看板不去取。请在 Word 里改成嵌入再传。"


def _orders(root: etree._Element) -> Iterator[str]:
    """Instructions of the fields of Word in a part: each field put together from its pieces."""
    begun: list[str] = []
    for one in root.iter(etree.Element):
        local = _local(one)
        if local == "fldSimple":
            yield from filter(str.strip, _attribute(one, "instr"))
        elif local == "fldChar" and "begin" in _attribute(one, "fldCharType"):
            begun.append("")
        elif local == "fldChar" and "end" in _attribute(one, "fldCharType") and begun:
            yield from filter(str.strip, [begun.pop()])
        elif local in _INSTRUCTION:
            text = "".join(one.itertext())
            if begun:
                begun[-1] += text
            else:
                yield from filter(str.strip, [text])
    yield from filter(str.strip, begun)


def _joined(root: etree._Element) -> Iterator[str]:
    """All instructions of a paragraph in one, wherever a reader sees its fields begin and end."""
    for paragraph in root.iter("{*}p"):
        found = paragraph.iter(*(f"{{*}}{name}" for name in _INSTRUCTION))
        yield "".join(text for one in found for text in one.itertext())


def _attribute(element: etree._Element, name: str) -> list[str]:
    """Values of the attribute, whatever its prefix."""
    return [value for key, value in element.attrib.items() if etree.QName(key).localname == name]


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
