"""Names of shops taken apart: what tells a shop from its neighbours, its trade, its numbers."""

import re
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from domain.city import CITY
from domain.reference import table
from loaders.reading.cell_parsing import half_width, plain

_BLOCK_M = 500.0  # names that begin alike within such a square begin with the name of a place
_BEGIN_ALIKE = 5  # how many of them it takes
_FORMS = "有限责任公司|股份有限公司|有限公司|公司|个体工商户|个体户|经营部|门市部|营业部|销售部"
_FORMS += "|服务部|商行|分店|总店|旗舰店|专卖店|连锁店|加盟店|门店|店|铺|号"
_TRADES = (  # words of one line do not tell two shops apart, words of two lines do
    "超市|便利店|便利|百货|商店|商场|卖场|副食|烟酒|杂货|小店|购物中心",
    "饭店|酒店|餐厅|餐馆|餐饮|菜馆|酒楼|酒家|小吃|快餐|美食|食府|面馆|火锅|烧烤|早餐|大排档",
    "酒店|宾馆|旅馆|旅社|民宿|招待所|客栈",
    "奶茶|咖啡|茶饮|饮品|冷饮",
    "蛋糕|烘焙|面包|糕点",
    "大药房|药房|药店|药业|医药",
    "医院|诊所|门诊|卫生室|卫生院",
    "理发|美发|美容|美甲|造型",
    "加油站|加气站|石油",
    "水果|果蔬|果业|蔬菜",
    "海鲜馆|海鲜|水产",
    "服装|服饰|童装|女装|男装|鞋业|鞋",
    "手机|通讯|数码|电器|家电",
    "五金|建材|装饰|装潢",
    "电动车|汽修|汽车|洗车|车行",
    "文具|书店|图书",
    "珠宝|黄金|首饰",
    "停车场|停车",
    "农贸市场|菜市场|批发市场|市场",
)
_ARABIC = str.maketrans("一二三四五六七八九", "123456789")
_NUMBER = re.compile(r"[0-9一二三四五六七八九十]+")
_BRANCH = re.compile(  # which of a chain's shops: (万达店), 一店, 第2分店
    r"\(([^()]*)店\)$|第?([0-9一二三四五六七八九十]+)(?:号|分)?店$"
)


def parts(names: pd.Series) -> pd.DataFrame:
    """What tells each of `names` apart, one row each, in their order.

    Columns: core (the name without generic words), trades (bits), number (a code of the numerals
    in it), generic (it has nothing but generic words); and the same of the name without the words
    that say which branch it is: bare, bare_number, branch (a code, −1 where there is none).
    """
    code, distinct = pd.factorize(names.fillna(""))
    rows = []
    for name in distinct:
        core, trades, numbers, generic = _taken_apart(plain(name))
        chain, branch = _branch(name)
        bare, _, bare_numbers, _ = _taken_apart(plain(chain)) if branch else (core, 0, numbers, 0)
        rows.append((core, trades, numbers, generic, bare, bare_numbers, branch or None))
    columns = ["core", "trades", "number", "generic", "bare", "bare_number", "branch"]
    table = pd.DataFrame(rows, columns=columns)
    both = pd.factorize(pd.concat([table["number"], table["bare_number"]]))[0]
    table["number"], table["bare_number"] = both[: len(table)], both[len(table) :]
    table["branch"] = pd.factorize(table["branch"])[0]
    return table.take(code).reset_index(drop=True)


def begun_at(names: pd.DataFrame, i: pd.Series, j: pd.Series, begins: list[str]) -> pd.DataFrame:
    """`names` (of `parts`) without the place that they begin with, `begin` its code, −1 for none.

    That is a beginning which many in the squares around (i, j; NaN for nowhere) share, such as
    their market's name, or the one of `begins` ('' for none).
    """
    whole = names["core"]
    length = [
        max(cut, len(begin) if begin and text.startswith(begin) and text != begin else 0)
        for text, cut, begin in zip(whole, _place_names(whole, i, j), begins, strict=True)
    ]
    begin = pd.Series([text[:cut] for text, cut in zip(whole, length, strict=True)], dtype="str")
    cut = {
        column: [text[at:] for text, at in zip(names[column], length, strict=True)]
        for column in ("core", "bare")
    }
    return names.assign(**cut, begin=pd.factorize(begin.mask(begin == ""))[0])


def squares(metres: pd.Series) -> pd.Series:
    """Squares within which shops of one market lie, along one axis."""
    return metres // _BLOCK_M


def core(name: str) -> str:
    """What tells a name apart, '' where it is all generic words."""
    text, _, _, generic = _taken_apart(plain(name))
    return "" if generic else text


def without_places(name: str) -> str:
    """A plain text without the names of province, city, counties and towns."""
    return _words()[2].sub("", name)


def arabic(numeral: str) -> str:
    """A number below a hundred in digits, where it is written in Chinese numerals."""
    tens, ten, ones = numeral.translate(_ARABIC).rpartition("十")
    return f"{tens or 1}{ones or 0}" if ten else ones


def _branch(name: str) -> tuple[str, str]:
    """The name of a chain and which of its shops it is, '' where the name does not say it."""
    text = "".join(half_width(name).split()).replace("[", "(").replace("【", "(")
    text = text.replace("]", ")").replace("】", ")")
    found = _BRANCH.search(text)
    if found is None or not found.start():
        return text, ""
    inside = without_places(plain(found[1] or found[2]))
    number = re.fullmatch(r"第?([0-9一二三四五六七八九十]+)(?:号|分)?", inside)
    return text[: found.start()], arabic(number[1]) if number else inside


def _taken_apart(name: str) -> tuple[str, int, str, bool]:
    numbers = ",".join(_NUMBER.findall(name))
    bits, word, place = _words()
    trades = 0
    for trade in word.findall(name):
        trades |= bits.get(trade, 0)
    bare = _NUMBER.sub("", word.sub("", name))
    core = place.sub("", bare)
    if core:
        return core, trades, numbers, False
    return name, trades, numbers, not bare  # 海州宾馆 has nothing but a place to tell it apart


@cache
def _words() -> tuple[dict[str, int], re.Pattern[str], re.Pattern[str]]:
    """Bits of each word for a trade; the pattern of generic words; that of the city's places."""
    bits: dict[str, int] = {}
    for number, line in enumerate(_TRADES):
        for word in line.split("|"):
            bits[word] = bits.get(word, 0) | 1 << number
    places = {CITY.province, CITY.province_short, CITY.name, CITY.short_name}
    places |= {*table("counties")["name"], *table("counties")["short_name"]}
    for name in table("towns")["name"]:
        places |= {name, re.sub(r"(街道|镇|乡)$", "", name)}
    generic, named = (
        re.compile("|".join(sorted(words, key=len, reverse=True)))
        for words in ({*bits, *_FORMS.split("|")}, places)
    )
    return bits, generic, named


def _place_names(core: pd.Series, i: pd.Series, j: pd.Series) -> list[int]:
    """Length of the beginning that a core shares with many around, such as their market's name."""
    block = pd.DataFrame({"i": i, "j": j, "core": core})
    known = block.dropna().drop_duplicates().sort_values(["i", "j", "core"])
    span = _BEGIN_ALIKE - 1
    if len(known) <= span:
        return [0] * len(core)
    texts, square = known["core"].to_list(), known[["i", "j"]].to_numpy()
    shared = np.zeros(len(known), dtype="int64")
    for place in np.flatnonzero((square[:-span] == square[span:]).all(axis=1)).tolist():
        window = shared[place : place + _BEGIN_ALIKE]
        np.maximum(window, _shared(texts[place], texts[place + span]), out=window)
    begins = {
        (x, y, text[:length])
        for (x, y), text, length in zip(square.tolist(), texts, shared.tolist(), strict=True)
        if 1 < length < len(text)
    }
    around: dict[tuple[float, float], set[str]] = {}
    for x, y, begin in begins:  # a market may lie across the edge of a square
        for step in product((-1, 0, 1), repeat=2):
            around.setdefault((x + step[0], y + step[1]), set()).add(begin)
    nothing: set[str] = set()
    return [
        _longest(text, around.get((x, y), nothing))
        for x, y, text in block.itertuples(index=False, name=None)
    ]


def _longest(text: str, begins: set[str]) -> int:
    """Length of the longest of `begins` that a text starts with; 0 for none."""
    lengths = range(len(text) - 1, 1, -1) if begins else ()
    return next((length for length in lengths if text[:length] in begins), 0)


def _shared(first: str, second: str) -> int:
    """Length of the beginning that two texts have in common."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(first), len(second)))
