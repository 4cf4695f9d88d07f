"""What may not stand in the parts of a Word file: fields of Word, things fetched, stray tags."""

from collections.abc import Collection, Iterator, Mapping
from xml.etree.ElementTree import Element

from loaders.formats.untrusted_xml import local, values

_OPENINGS = ("{{", "{%", "{#")
_PLACES = {
    "word/document.xml": "正文", "word/header": "页眉", "word/footer": "页脚",
    "word/footnotes": "脚注", "word/endnotes": "尾注", "word/comments": "批注",
    "word/glossary": "文档部件", "word/styles": "样式", "word/numbering": "编号",
    "docProps/": "文件属性（标题、作者等）",
}  # fmt: skip
_OWN_FIELDS = {  # that Word fills in from the document itself
    "PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "DATE", "TIME", "CREATEDATE", "SAVEDATE",
    "PRINTDATE", "TOC", "TC", "REF", "PAGEREF", "NOTEREF", "SEQ", "STYLEREF", "HYPERLINK", "TITLE",
    "AUTHOR", "SUBJECT", "KEYWORDS", "COMMENTS", "NUMWORDS", "NUMCHARS", "SYMBOL", "INDEX", "XE",
}  # fmt: skip
_FETCHING_FIELDS = {
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
    places = (words for start, words in _PLACES.items() if name.startswith(start))
    return next(places, f"文件里的“{name}”")


def faults(trees: Mapping[str, Element], filled: Collection[str]) -> Iterator[str]:
    """What may not stand in the parts `trees` (name → tree), of which `filled` are filled in."""
    for name, root in trees.items():
        where = place(name)
        if name not in filled and _has_tags(root):
            yield f"{where}里不能放字段：字段只能写在正文、页眉、页脚里。"
        for one in root.iter():
            if local(one) in _BARRED:
                yield f"{where}里有{_BARRED[local(one)]}，看板不收。请在 Word 里删去再传。"
            sources = values(one, "src") + values(one, "althref")
            if any(mark in source for source in sources for mark in ":\\"):
                yield f"{where}引用了外面的图片，看板不去取。请在 Word 里改成嵌入再传。"
        for field in _refused_fields(root):
            words = " ".join(field.split())[:40]
            yield f"{where}里有会去取外部内容的域，或不收的域：{words}。请在 Word 里删去再传。"


def _has_tags(root: Element) -> bool:
    """Whether there are tags of a template, also those that are cut in pieces."""
    texts = ["".join(root.itertext())]
    for one in root.iter():
        texts += [one.text or "", *(value for _, value in one.items())]
    return any(opening in text for text in texts for opening in _OPENINGS)


def _refused_fields(root: Element) -> Iterator[str]:
    """Instructions of fields that are not Word's own.

    The instructions of a paragraph are also read as one: a reader may see other fields begin and
    end there.
    """
    for field in _fields(root):
        if field.strip() and field.upper().split()[0] not in _OWN_FIELDS:
            yield field
    for paragraph in root.iter():
        if local(paragraph) == "p":
            joined = "".join(map(_text, filter(_is_instruction, paragraph.iter())))
            if _FETCHING_FIELDS & set(joined.upper().split()):
                yield joined


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
