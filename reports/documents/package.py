"""A Word file that came from outside: whether it is one, and holds nothing that runs or fetches."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

LARGEST = 8_000_000  # bytes of an uploaded template
LARGEST_OPEN = 60_000_000  # bytes of all its parts, unpacked
LARGEST_PART = 4_000_000  # characters of a part of text
MOST_PARTS = 400
_MAIN = "word/document.xml"
_OLD = b"\xd0\xcf\x11\xe0"  # how files of Word 97 begin, and files locked with a password
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RUNS = ("vbaproject", "vbadata", "/activex/", "/embeddings/")
_OUTSIDE = re.compile(r"<(?:\w+:)?Relationship\b[^>]*?TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_FETCHES = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|MACROBUTTON)\b")
_INSTRUCTION = re.compile(r"<w:instrText[^>]*>([^<]*)|w:instr=\"([^\"]*)\"")


def problems(content: bytes) -> list[str]:
    """What is wrong with the file itself, as Chinese sentences; nothing if it can be opened."""
    if len(content) > LARGEST:
        return [f"模板有 {len(content) / 1e6:.1f} MB，最大 {LARGEST / 1e6:.0f} MB，请去掉大图片。"]
    if content.startswith(_OLD):
        return ["文件加了密码，或是旧的 .doc 格式。请在 Word 里去掉密码，另存为 .docx 再传。"]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_PARTS or sum(one.file_size for one in entries) > LARGEST_OPEN:
                return ["文件解压后太大，不像一个模板，没有打开。"]
            return list(dict.fromkeys(_of_parts(archive)))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        return ["文件不是 .docx，或已经损坏。请在 Word 里另存为 .docx 再传。"]


def _of_parts(archive: zipfile.ZipFile) -> Iterator[str]:
    names = archive.namelist()
    if _MAIN not in names or "[Content_Types].xml" not in names:
        yield "文件不是 .docx，或已经损坏。请在 Word 里另存为 .docx 再传。"
        return
    types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
    if "macroEnabled" in types or any(run in name.lower() for name in names for run in _RUNS):
        yield "文件里有宏、控件或嵌入的程序。请在 Word 里另存为不带宏的 .docx，删去嵌入的对象再传。"
    elif _DOCUMENT not in types:
        yield "文件不是 .docx 文档（可能是 .dotx 模板）。请在 Word 里另存为 .docx 再传。"
    for name in names:
        if not name.endswith((".xml", ".rels")):
            continue
        text = archive.read(name).decode("utf-8", "replace")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            yield "文件里有不该有的定义，没有打开。请在 Word 里另存为 .docx 再传。"
        if name.endswith(".rels"):
            outside = [link for link in _OUTSIDE.findall(text) if "/hyperlink" not in link]
            if outside:
                yield "文件引用了外面的图片或模板，看板不去取。请在 Word 里断开链接，改成嵌入再传。"
        if name == _MAIN or name.startswith(("word/header", "word/footer", "word/footnotes")):
            if len(text) > LARGEST_PART:
                yield "正文、页眉或页脚太长，不像一个模板。"
            orders = (first or second for first, second in _INSTRUCTION.findall(text))
            if any(_FETCHES.search(order.upper()) for order in orders):
                yield "文件里有会去取外部内容的域（如 INCLUDEPICTURE、DDE）。请在 Word 里删去再传。"
