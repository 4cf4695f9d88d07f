"""Shops that seem to stand twice: in two sheets of an upload, or in an upload and on record.

A pair is for a person to look at; nothing is dropped. Of several alike, each is paired with the
first: the one on record, else the first sent. So n alike give n − 1 pairs.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from domain import rules
from domain.city import CITY
from geo import boundaries
from loaders.comparing import shop_addresses, shop_names
from loaders.reading.cell_parsing import plain

HOW = {
    "id": "机构和编号相同",
    "name_address": "名称和地址相同",
    "near": "位置相近且名称相似",
    "address": "地址相同且名称相似",
}
"""How a pair was found, the strongest first, and what to call it."""

COLUMNS = [
    "how", "source_file", "source_row", "key", "merchant_id", "name", "address", "operator_id",
    "other_file", "other_row", "other_key", "other_name", "other_address", "other_operator_id",
    "distance_m", "likeness",
]  # fmt: skip

_SAID = [
    "merchant_id", "name", "address", "operator_id", "lon", "lat", "county_code", "town_code",
    "source_file", "source_row",
]  # fmt: skip
_CITY = re.compile(f"^({CITY.province}|{CITY.province_short})?({CITY.name}|{CITY.short_name})?")

_Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class _Place:
    """What puts two shops at one place.

    Shops with equal `spots` (by row) are at one. `cells` are those that `rows` are kept by, and
    `around` those in which each looks for others; `meet` tells whether two really are at one place.
    """

    spots: pd.DataFrame
    rows: NDArray[np.int64]
    cells: NDArray[np.int64]
    around: tuple[NDArray[np.int64], ...]
    meet: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]


def found(rows: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Pairs of shops that may be one and the same, the surest first (`COLUMNS`).

    `rows` are the accepted merchants of all sheets, in the order of publishing; `published` the
    merchants on record, of which those that `rows` sends again are the same shop and no
    duplicates. Both have operator_id, merchant_id, name, address, lon, lat (WGS-84, degrees),
    county_code and town_code; `rows` also source_file and source_row, `published` merchant_key. A
    pair stands once, under its strongest `how` (`HOW`). `other_file` and `other_row` are null for a
    shop on record. `distance_m` is in metres, null without both points: the address then says
    whether two are at one place. `likeness` of the names is 0 to 1.
    """
    both = _together(rows, published)
    names = shop_names.parts(both["name"])
    parts = {
        "id": _stars(_codes(both["key"]), both["fresh"]),
        "name_address": _stars(_codes(name_address(both)), both["fresh"]),
        "near": _near(both, names),
        "address": _at_one_address(both, names),
    }
    pairs = pd.concat(
        pd.DataFrame({"how": how, "source": source, "other": other})
        for how, (source, other) in parts.items()
    ).drop_duplicates(["source", "other"], ignore_index=True)
    return _described(pairs, both, names)


def of_one_bank(pairs: pd.DataFrame) -> pd.DataFrame:
    """The `pairs` that one bank lists twice; two banks that list one shop are both right."""
    return pairs[pairs["operator_id"].fillna("") == pairs["other_operator_id"].fillna("")]


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
    known = known.reindex(columns=[*_SAID[:8], "merchant_key"])
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
    i, j = (shop_names.squares(both[axis]) for axis in "xy")
    names = shop_names.begun_at(names, i, j, [""] * len(both))
    reach = rules.count("duplicate_near_m")
    rows = np.flatnonzero(both["x"].notna())
    x, y = ((both[axis].to_numpy()[rows] // reach).astype("int64") for axis in "xy")
    around = tuple(_key(x + step[0] - 1, y + step[1] - 1) for step in np.ndindex(3, 3))
    spots = both[["x", "y"]].round(1)

    def meet(source: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
        return _distance(source, other, both) <= reach

    return _alike(both, names, _Place(spots, rows, _key(x, y), around, meet))


def _at_one_address(both: pd.DataFrame, names: pd.DataFrame) -> _Pairs:
    """Pairs at one address whose names are alike, of which at least one has no point."""
    lacking = both["x"].isna().to_numpy()
    sent = both["fresh"].to_numpy(dtype=bool)
    asked = lacking | sent | bool(lacking[sent].any())
    addresses = shop_addresses.read(both["address"].where(asked & lacking.any()))
    landmarks = [shop_names.core(one.landmark) for one in addresses]
    block = _codes(pd.Series(landmarks, dtype="str").replace("", None))
    i = pd.Series(2.0 * block).where(block >= 0)  # no two landmarks touch
    names = shop_names.begun_at(names, i, i * 0, landmarks)
    keys = [(row, key) for row, one in enumerate(addresses) for key in one.keys]
    rows = np.array([row for row, _ in keys], dtype="int64")
    cells = _codes(pd.Series([key for _, key in keys], dtype="str"))
    spots = both[["x", "y", "address", "county_code", "town_code"]]
    county, town = (both[name].fillna("").to_numpy() for name in ("county_code", "town_code"))

    def meet(source: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
        fits = lacking[source] | lacking[other]
        for pair in np.flatnonzero(fits):
            one, two = source[pair], other[pair]
            here = all(
                place[one] == place[two] or "" in (place[one], place[two])
                for place in (county, town)
            )
            same_town = town[one] == town[two] != ""
            fits[pair] = here and addresses[one].meets(addresses[two], same_town)
        return fits

    return _alike(both, names, _Place(spots, rows, cells, (cells,), meet))


def _alike(both: pd.DataFrame, names: pd.DataFrame, place: "_Place") -> _Pairs:
    """Pairs of one place whose names are alike, whole or without the branch of a chain."""
    whole = names[["core", "begin", "trades", "number"]].assign(branch=-1)
    bare = whole.assign(core=names["bare"], number=names["bare_number"], branch=names["branch"])
    chains = set(bare.loc[names["branch"] >= 0, "core"])
    told = ~names["generic"]
    return _joined(
        _matched(both, form[used & (form["core"] != "")], place)
        for form, used in ((whole, told), (bare, told & bare["core"].isin(chains)))
    )


def _joined(parts: Iterable[_Pairs]) -> _Pairs:
    sources, others = zip(*parts, strict=True)
    return np.concatenate(sources), np.concatenate(others)


def _matched(both: pd.DataFrame, form: pd.DataFrame, place: "_Place") -> _Pairs:
    """Pairs of one place that are alike in this form of their names (core, begin, … by row).

    Of those with the same spot and form, the first stands for all.
    """
    form = form[form.index.isin(place.rows)]
    spots = form.join(place.spots)
    group = np.full(len(both), -1, dtype="int64")
    group[form.index] = spots.groupby([*spots], sort=False, dropna=False).ngroup()
    stars = _stars(group, both["fresh"])
    pairs = _candidates(form[~spots.duplicated()], both["fresh"], place)
    pairs = _fitting(*pairs, form)
    source, other = _joined([stars, pairs])
    here = place.meet(source, other)
    return source[here], other[here]


def _candidates(form: pd.DataFrame, fresh: pd.Series, place: "_Place") -> _Pairs:
    """Pairs that may be of one place and alike, each once, the later one sent; none is missed.

    Two shops meet where a cell of the place, a number in the name and one of the rarest characters
    of the name are the same (`_marks`).
    """
    entry = np.flatnonzero(np.isin(place.rows, form.index))
    named = form.loc[place.rows[entry]]
    record, mark = _marks(named["core"])
    entry, number = entry[record], named["number"].to_numpy()[record]
    row = place.rows[entry]
    key = _key(place.cells[entry], mark, number)
    order = np.argsort(key, kind="stable")
    key = key[order]
    sent = np.flatnonzero(fresh.to_numpy(dtype=bool)[row])
    pairs = []
    for cells in place.around:
        wanted = _key(cells[entry[sent]], mark[sent], number[sent])
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


def _fitting(source: NDArray[np.int64], other: NDArray[np.int64], form: pd.DataFrame) -> _Pairs:
    """The pairs that are alike by name, and of one trade, number and branch."""
    one, two = form.reindex(source), form.reindex(other)
    first, second = one["trades"].to_numpy(), two["trades"].to_numpy()
    fits = one["number"].to_numpy() == two["number"].to_numpy()
    fits &= (first & second > 0) | (first * second == 0)
    for name in ("begin", "branch"):
        mine, his = one[name].to_numpy(), two[name].to_numpy()
        fits &= (mine == his) | (mine < 0) | (his < 0)
    source, other = source[fits], other[fits]
    alike = _likeness(source, other, form["core"]) >= rules.number("duplicate_likeness")
    return source[alike], other[alike]


def _distance(
    source: NDArray[np.int64], other: NDArray[np.int64], both: pd.DataFrame
) -> NDArray[np.float64]:
    x, y = both["x"].to_numpy(dtype=np.float64), both["y"].to_numpy(dtype=np.float64)
    apart: NDArray[np.float64] = np.hypot(x[source] - x[other], y[source] - y[other])
    return apart


def _likeness(
    source: NDArray[np.int64], other: NDArray[np.int64], cores: pd.Series
) -> NDArray[np.float64]:
    mine, his = (cores.reindex(rows).to_numpy(dtype=object) for rows in (source, other))
    ratio = process.cpdist(mine, his, scorer=fuzz.ratio, dtype=np.float64)
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
    )
    forms = [_likeness(source, other, names[form]) for form in ("core", "bare")]
    described["distance_m"] = _distance(source, other, both)
    described["likeness"] = np.maximum(*forms)
    order = described["how"].map({how: place for place, how in enumerate(HOW)})
    described = described.assign(order=order).sort_values(
        ["order", "likeness", "distance_m"], ascending=[True, False, True], kind="stable"
    )
    return described[COLUMNS].reset_index(drop=True)
