"""Letters of print figures: the Chinese font that the project brings, and how wide its text is.

Importing this module makes the font the one of every matplotlib figure of this process. matplotlib
keeps one set of parameters a process, so they are set once, from its defaults: a ``matplotlibrc``
of the machine changes nothing.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

import matplotlib as mpl
from matplotlib import font_manager, ft2font

FAMILY = "print-sans"  # a name of our own, so that no font of the machine is taken for it
_PATH = str(files("mplfonts") / "fonts" / "NotoSansCJKsc-Regular.otf")
_EM = 1000  # size at which letters are measured
MM = 25.4 / 72  # of a point
_BLANK = "□"  # for a letter that the font lacks
# What a line may end after: a word or a Chinese letter with the marks that open and close it.
_WORDS = re.compile(r"[（《“〔【]*(?:[!-~]+|.)[，。；：、！？）》”〕】％…]* ?", re.DOTALL)


def _settle() -> None:
    mpl.rcdefaults()
    font_manager.fontManager.ttflist.append(
        font_manager.FontEntry(fname=_PATH, name=FAMILY, weight=400, size="scalable")
    )
    mpl.rcParams.update(
        {
            "font.family": FAMILY,
            "text.parse_math": False,  # a dollar sign in a name is a dollar sign
            "svg.fonttype": "path",
            "svg.hashsalt": "figure",  # same drawing, same names of its parts
        }
    )


_settle()


@cache
def _has(letter: str) -> bool:
    return _font().get_char_index(ord(letter)) != 0


@cache
def _advance(letter: str) -> float:
    """Width of a letter of size 1."""
    font = _font()
    font.set_size(_EM, 72)
    glyph = font.load_char(ord(letter), flags=ft2font.LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / 65536 / _EM


def _font() -> ft2font.FT2Font:
    return font_manager.get_font(_PATH)  # one a thread


def printable(text: str) -> str:
    """`text` in letters of the font: control characters are spaces, what is lacking a box."""
    spaced = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter
        for letter in text
        if unicodedata.category(letter) not in ("Cf", "Mn", "Me")
    )
    return "".join(letter if _has(letter) else _BLANK for letter in spaced)


def width(text: str, size: float) -> float:
    """Width of a line of printable `text` in millimetres at `size` points."""
    return sum(_advance(letter) for letter in text) * size * MM


def height(size: float, lines: float = 1) -> float:
    """Height of `lines` of text in millimetres at `size` points, with the space between them."""
    return 1.35 * size * MM * lines


def wrapped(text: str, room: float, size: float) -> list[str]:
    """`text` in lines no wider than `room` millimetres, none beginning with a closing mark.

    A word of letters and figures stays whole where a line has room for it, and so do the marks
    around a letter.
    """
    lines, line = [], ""
    for word in _pieces(printable(text), room, size):
        if line and width((line + word).rstrip(), size) > room:
            lines.append(line.rstrip())
            line = ""
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def shortened(text: str, room: float, size: float) -> str:
    """`text` on one line no wider than `room` millimetres, cut with … where need be."""
    text = printable(text)
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def fitted(text: str, room: float, size: float, lines: int = 2) -> str:
    """`text` on at most `lines` lines no wider than `room` millimetres, the last cut with …."""
    whole = wrapped(text, room, size)
    if len(whole) <= lines:
        return "\n".join(whole)
    last = shortened("".join(whole[lines - 1 :]), room, size)
    return "\n".join([*whole[: lines - 1], last])


def _pieces(text: str, room: float, size: float) -> list[str]:
    """The words of `text`, those wider than a line letter by letter."""
    return [
        piece
        for word in _WORDS.findall(text)
        for piece in ([word] if width(word.rstrip(), size) <= room else list(word))
    ]
