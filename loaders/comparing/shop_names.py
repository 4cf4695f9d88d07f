"""Names of shops taken apart: what tells a shop from its neighbours, its trade, its numbers."""

import re
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from domain.city import CITY
from domain.reference import table
from loaders.reading.cell_parsing import plain

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
_NUMBER = re.compile(r"[0-9一二三四五六七八九十]+")


def parts(shops: pd.DataFrame) -> pd.DataFrame:
    """What tells the names of `shops` (name, x, y in metres) apart, one row each.

    Columns: core (the name without generic words and without the place it begins with), begin (a
    code of that place, −1 for none), trades (bits), number (a code of the numerals in it), generic
    (it has nothing but generic words).
    """
    code, distinct = pd.factorize(shops["name"].fillna(""))
    parts = pd.DataFrame(
        [_taken_apart(plain(name)) for name in distinct],
        columns=["core", "trades", "number", "generic"],
    )
    parts["number"] = pd.factorize(parts["number"])[0]
    names = parts.take(code).reset_index(drop=True)
    whole = names["core"]
    length = _place_names(whole, shops["x"], shops["y"])
    pairs = list(zip(whole, length, strict=True))
    begin = pd.Series([text[:cut] for text, cut in pairs], dtype="str")
    code = pd.factorize(begin.mask(begin == ""))[0]
    return names.assign(core=[text[cut:] for text, cut in pairs], begin=code)


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


def _place_names(core: pd.Series, x: pd.Series, y: pd.Series) -> list[int]:
    """Length of the beginning that a core shares with many around, such as their market's name."""
    block = pd.DataFrame({"i": x // _BLOCK_M, "j": y // _BLOCK_M, "core": core})
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
        (i, j, text[:length])
        for (i, j), text, length in zip(square.tolist(), texts, shared.tolist(), strict=True)
        if 1 < length < len(text)
    }
    around: dict[tuple[float, float], set[str]] = {}
    for i, j, begin in begins:  # a market may lie across the edge of a square
        for di, dj in product((-1, 0, 1), repeat=2):
            around.setdefault((i + di, j + dj), set()).add(begin)
    nothing: set[str] = set()
    return [
        _longest(text, around.get((i, j), nothing))
        for i, j, text in block.itertuples(index=False, name=None)
    ]


def _longest(text: str, begins: set[str]) -> int:
    """Length of the longest of `begins` that a text starts with; 0 for none."""
    lengths = range(len(text) - 1, 1, -1) if begins else ()
    return next((length for length in lengths if text[:length] in begins), 0)


def _shared(first: str, second: str) -> int:
    """Length of the beginning that two texts have in common."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(first), len(second)))
