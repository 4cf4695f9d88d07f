"""Shops that seem to stand twice: in two sheets of an upload, or in an upload and on record.

A pair is for a person to look at; nothing is dropped. Of several alike, each is paired with the
first: the one on record, else the first sent. So n alike give n − 1 pairs.
"""

import re

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from domain import rules
from domain.city import CITY
from geo import boundaries
from loaders.comparing import shop_names
from loaders.reading.cell_parsing import plain

HOW = {
    "id": "机构和编号相同",
    "name_address": "名称和地址相同",
    "near": "位置相近且名称相似",
}
"""How a pair was found, the strongest first, and what to call it."""

COLUMNS = [
    "how", "source_file", "source_row", "key", "merchant_id", "name", "address", "operator_id",
    "other_file", "other_row", "other_key", "other_name", "other_address", "other_operator_id",
    "distance_m", "likeness",
]  # fmt: skip

_SAID = ["merchant_id", "name", "address", "operator_id", "lon", "lat", "source_file", "source_row"]
_CITY = re.compile(f"^({CITY.province}|{CITY.province_short})?({CITY.name}|{CITY.short_name})?")

_Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def found(rows: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Pairs of shops that may be one and the same, the surest first (`COLUMNS`).

    `rows` are the accepted merchants of all sheets, in the order of publishing; `published` the
    merchants on record, of which those that `rows` sends again are the same shop and no
    duplicates. Both have operator_id, merchant_id, name, address, lon, lat (WGS-84, degrees);
    `rows` also source_file and source_row, `published` merchant_key. A pair stands once, under
    its strongest `how` (`HOW`). `other_file` and `other_row` are null for a shop on record.
    `distance_m` is in metres, null without both points; `likeness` of the names is 0 to 1.
    """
    both = _together(rows, published)
    names = shop_names.parts(both)
    parts = {
        "id": _stars(_codes(both["key"]), both["fresh"]),
        "name_address": _stars(_codes(name_address(both)), both["fresh"]),
        "near": _near(both, names),
    }
    pairs = pd.concat(
        pd.DataFrame({"how": how, "source": source, "other": other})
        for how, (source, other) in parts.items()
    ).drop_duplicates(["source", "other"], ignore_index=True)
    return _described(pairs, both, names)


def name_address(shops: pd.DataFrame) -> pd.Series:
    """Plain name and plain address of each of `shops` in one text, null where it lacks one."""
    name = shops["name"].map(plain, na_action="ignore").astype("str")
    address = shops["address"].map(plain, na_action="ignore").astype("str")
    address = address.str.replace(_CITY, "", regex=True)
    return (name + "|" + address).where(address.ne("") & name.ne(""))


def _together(rows: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Shops on record that are not sent again, then those sent: `_SAID`, key, fresh, x, y (m)."""
    key = rows["operator_id"].fillna("-") + "/" + rows["merchant_id"]
    sent = rows[_SAID].assign(key=key, fresh=True)
    known = published[~published["merchant_key"].isin(key)]
    known = known.reindex(columns=[*_SAID[:6], "merchant_key"])
    known = known.rename(columns={"merchant_key": "key"}).assign(fresh=False)
    both = pd.concat([part for part in (known, sent) if len(part)] or [sent], ignore_index=True)
    both = both.reindex(columns=sent.columns)
    points = gpd.points_from_xy(both["lon"], both["lat"], crs="EPSG:4326").to_crs(boundaries.METRIC)
    return both.assign(x=points.x, y=points.y, source_row=both["source_row"].astype("Int64"))


def _codes(values: pd.Series) -> NDArray[np.int64]:
    """Equal values by one number, −1 where null."""
    return pd.factorize(values)[0].astype("int64")


def _stars(group: NDArray[np.int64], fresh: pd.Series) -> _Pairs:
    """Every shop sent and the first of its group, itself left out; group −1 is none."""
    first = np.full(group.max(initial=-1) + 1, len(group))
    grouped = np.flatnonzero(group >= 0)
    np.minimum.at(first, group[grouped], grouped)
    source = grouped[fresh.to_numpy(dtype=bool)[grouped]]
    other = first[group[source]]
    return source[source != other], other[source != other]


def _near(both: pd.DataFrame, names: pd.DataFrame) -> _Pairs:
    """Pairs within reach of each other whose names are alike."""
    spots = names.assign(x=both["x"].round(1), y=both["y"].round(1))
    usable = spots["x"].notna() & ~spots["generic"] & names["core"].ne("")
    spots = spots[usable]
    group = np.full(len(both), -1, dtype="int64")
    columns = ["x", "y", *names]
    group[spots.index] = spots.groupby(columns, sort=False).ngroup()
    stars = _stars(group, both["fresh"])
    single = spots[~spots.duplicated(columns)]
    source, other = _candidates(single, both["fresh"])
    source, other = _alike(source, other, both, names)
    return np.concatenate([stars[0], source]), np.concatenate([stars[1], other])


def _candidates(spots: pd.DataFrame, fresh: pd.Series) -> _Pairs:
    """Pairs that may be near and alike, each once, the later one sent; none that is is missed.

    Two shops meet where a square of the reach, its neighbours counted in, a number in the name
    and one of the rarest characters of the name are the same (`_marks`).
    """
    reach = rules.count("duplicate_near_m")
    record, mark = _marks(spots["core"])
    row = spots.index.to_numpy()[record]
    number = spots["number"].to_numpy()[record]
    i, j = ((spots[axis] // reach).to_numpy(dtype="int64")[record] for axis in "xy")
    key = _key(i, j, mark, number)
    order = np.argsort(key, kind="stable")
    key = key[order]
    sent = np.flatnonzero(fresh.to_numpy(dtype=bool)[row])
    pairs = []
    for step in np.ndindex(3, 3):
        wanted = _key(i[sent] + step[0] - 1, j[sent] + step[1] - 1, mark[sent], number[sent])
        start, stop = np.searchsorted(key, wanted), np.searchsorted(key, wanted, side="right")
        count = stop - start
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        other = row[order[np.repeat(start, count) + offset]]
        source = np.repeat(row[sent], count)
        pairs.append(np.stack([source, other])[:, other < source])
    unique = np.unique(np.concatenate(pairs, axis=1), axis=1)
    return unique[0], unique[1]


def _key(*parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number of several; that two may share it costs a look, no more."""
    key = np.zeros(len(parts[0]), dtype="int64")
    for part in parts:
        key = (key ^ part) * np.int64(0x9E3779B97F4A7C1)
        key ^= key >> 29
    return key


def _marks(cores: pd.Series) -> _Pairs:
    """Positions of `cores` and, of each, so many of its rarest characters that no pair is missed.

    Texts of n characters whose ratio is at least t share at least n·t ÷ (2 − t) of them; so they
    share one of the n − that + 1 rarest (prefix filter; Chaudhuri, Ganti, Kaushik, ICDE 2006).
    """
    code, distinct = pd.factorize(cores)
    _, counts = np.unique(list("".join(distinct)), return_counts=True)
    often = dict(zip(sorted(set("".join(distinct))), counts.tolist(), strict=True))
    least = rules.number("duplicate_likeness")
    share = least / (2 - least)
    marks = []
    for text in distinct:
        letters = [(often[c], ord(c), text[:place].count(c)) for place, c in enumerate(text)]
        kept = len(text) - int(np.ceil(len(text) * share - 1e-9)) + 1
        marks.append([letter * 64 + nth for _, letter, nth in sorted(letters)[:kept]])
    sizes = np.array([len(one) for one in marks], dtype="int64")
    flat = np.array([mark for one in marks for mark in one], dtype="int64")
    start = np.cumsum(sizes) - sizes
    count = sizes[code]
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(np.arange(len(code)), count), flat[np.repeat(start[code], count) + offset]


def _alike(
    source: NDArray[np.int64],
    other: NDArray[np.int64],
    both: pd.DataFrame,
    names: pd.DataFrame,
) -> _Pairs:
    """The pairs that are near and alike by name, and of one place, trade and number."""
    number, trades = names["number"].to_numpy(), names["trades"].to_numpy()
    first, second = trades[source], trades[other]
    fits = (number[source] == number[other]) & ((first & second > 0) | (first * second == 0))
    begin = names["begin"].to_numpy()
    fits &= (begin[source] == begin[other]) | (begin[source] < 0) | (begin[other] < 0)
    fits &= _distance(source, other, both) <= rules.count("duplicate_near_m")
    source, other = source[fits], other[fits]
    alike = _likeness(source, other, names) >= rules.number("duplicate_likeness")
    return source[alike], other[alike]


def _distance(
    source: NDArray[np.int64], other: NDArray[np.int64], both: pd.DataFrame
) -> NDArray[np.float64]:
    x, y = both["x"].to_numpy(dtype=np.float64), both["y"].to_numpy(dtype=np.float64)
    apart: NDArray[np.float64] = np.hypot(x[source] - x[other], y[source] - y[other])
    return apart


def _likeness(
    source: NDArray[np.int64], other: NDArray[np.int64], names: pd.DataFrame
) -> NDArray[np.float64]:
    core = names["core"].to_numpy(dtype=object)
    ratio = process.cpdist(core[source], core[other], scorer=fuzz.ratio, dtype=np.float64)
    return np.asarray(ratio / 100, dtype=np.float64)


def _described(pairs: pd.DataFrame, both: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    source, other = pairs["source"].to_numpy(), pairs["other"].to_numpy()
    mine = ["source_file", "source_row", "key", "merchant_id", "name", "address", "operator_id"]
    theirs = {"source_file": "other_file", "source_row": "other_row", "key": "other_key"}
    theirs |= {name: f"other_{name}" for name in ("name", "address", "operator_id")}
    described = pd.concat(
        [
            pairs[["how"]],
            both[mine].take(source).reset_index(drop=True),
            both[[*theirs]].take(other).rename(columns=theirs).reset_index(drop=True),
        ],
        axis=1,
    ).assign(distance_m=_distance(source, other, both), likeness=_likeness(source, other, names))
    order = described["how"].map({how: place for place, how in enumerate(HOW)})
    described = described.assign(order=order).sort_values(
        ["order", "likeness", "distance_m"], ascending=[True, False, True], kind="stable"
    )
    return described[COLUMNS].reset_index(drop=True)
