"""The text of a file, in the encodings that Chinese senders use."""

from collections import Counter

from store.errors import EncodingError, FileUnreadableError

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LONGEST = 120_000_000  # bytes of a text file: 300,000 rows of 15 columns take about 60 MB
_SAMPLE = 200_000  # characters in which rare ones are counted
_RARE = 0.25  # share of characters outside GB2312: place and shop names have next to none
_FEWEST = 5  # rare characters
_EXAMPLES = 6
_BEFORE = 10  # characters before a wrong byte that a message quotes
_RESAVE = "请用 Excel 或 WPS 另存为 XLSX 后重新导入"


def text(content: bytes) -> str:
    """The text of a file. Raises `EncodingError`, or `FileUnreadableError` if it is no text."""
    if len(content) > _LONGEST:
        raise FileUnreadableError(
            f"有 {len(content) / 1e6:.0f} MB，文本文件超过 {_LONGEST / 1e6:.0f} MB，没有打开。"
            "请按县区或月份拆成几个文件后分别导入"
        )
    where, nearest = -1, ""
    bom = next((encoding for mark, encoding in _BOMS.items() if content.startswith(mark)), None)
    bom = bom or _wide(content[:_SAMPLE])
    for encoding in [bom] if bom else ["utf-8", "gb18030"]:
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError as error:
            where, nearest = max((where, nearest), (error.start, encoding))
            continue
        if "\0" in decoded:
            raise FileUnreadableError(f"不是文本，也不是 Excel 工作簿。{_RESAVE}")
        if encoding == "gb18030":
            _check_usual(decoded)
        return decoded
    around = content[where : where + 4].hex(" ")
    line = content.count(b"\n", 0, where) + 1
    before = content[:where].rpartition(b"\n")[2].decode(nearest, "ignore").strip()[-_BEFORE:]
    after = f"“{before}”之后，" if before else ""
    raise EncodingError(
        f"的编码认不出来（第 {line} 行，{after}第 {where + 1} 个字节起为 {around}），"
        f"应为 UTF-8 或 GBK。{_RESAVE}"
    )


def _wide(top: bytes) -> str | None:
    """The encoding of two bytes a character that signs and figures show; None for any other."""
    low, high = top[1::2].count(0), top[::2].count(0)
    if not low and not high:
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def _check_usual(decoded: str) -> None:
    """Refuse many rare characters: another encoding, such as Big5, was read as GBK."""
    letters = Counter(letter for letter in decoded[:_SAMPLE] if letter > "\x7f")
    rare = [letter for letter in letters if not letter.encode("gb2312", "ignore")]
    if sum(letters[letter] for letter in rare) >= max(_FEWEST, _RARE * letters.total()):
        shown = "".join(rare[:_EXAMPLES])
        raise EncodingError(f"的编码不像 UTF-8 或 GBK：读出来有许多生僻字，如“{shown}”。{_RESAVE}")
