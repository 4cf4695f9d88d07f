"""The table `searchable`: what can be looked up by name, number or the first letters of its pinyin.

A row is a shop, venue, town, county, zone or bank of the version in force, with the texts that a
search compares, all of them `bare`: its `number`; `said`, its name, the names that it had and its
aliases; `initials`, the first letters of these names; `place`, where it is and whose. The last
three are texts between line breaks, which no bare text holds. `turn` is its place among those that
are found equally well: `KINDS` in their order, short names first.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

import ahocorasick
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _

from domain import reference, states
from store import backend, table_schemas

SORTS = ("county", "zone", "town", "bank", "venue", "shop")
"""Kinds of what can be found, those with more behind them first."""
_PLACES = {
    "county": "county_code", "zone": "zone_id", "town": "town_code", "bank": "operator_id",
    "venue": "venue_id",
}  # fmt: skip
_CODES = tuple(_PLACES.values())
_THINGS = ("kind", "id", "number", "name", *_CODES, "now")
_REFERENCE = {  # kind: its table, and the columns of its id and of its names, the first its own
    "county": ("counties", "county_code", ("name", "short_name", "former_names")),
    "zone": ("zones", "zone_id", ("name", "short_names", "full_name", "former_or_other_names")),
    "town": ("towns", "town_code", ("name", "short_name", "aliases")),
    "bank": ("operators", "operator_id", ("operator", "aliases")),
}
_LINE = "\n"
KINDS = (*_REFERENCE, "venue", "shop")
"""Kinds of what can be found, those with more behind them first."""


def bare(texts: pa.Array) -> pa.Array:
    """Texts as they are compared: half-width, in lower case, without blanks."""
    plain = pc.utf8_lower(pc.utf8_normalize(texts, "NFKC"))
    return pc.replace_substring_regex(plain, r"[\s\pZ\pC]+", "")


def initials(texts: pa.Array) -> pa.Array:
    """First letters of the pinyin of texts, in lower case; Latin letters and digits stay.

    Every other sign is left out. A phrase is read as the dictionary of pypinyin has it, or as
    `data/reference/readings.csv` does where the people of the city read it otherwise.
    """
    letters, phrases = _readings()
    text = _LINE.join(bare(texts).to_pylist())
    parts, done = [], 0
    for last, (length, read) in phrases.iter_long(text):
        parts += [text[done : last + 1 - length], read]
        done = last + 1
    read = "".join([*parts, text[done:]])
    kept = {
        ord(sign): sign
        if sign == _LINE or (sign.isascii() and sign.isalnum())
        else letters.get(sign)
        for sign in set(read)
    }
    return pa.array(read.translate(kept).split(_LINE), pa.string())


@cache
def _readings() -> tuple[dict[str, str], Any]:
    """First letters of single characters, and of the phrases that are not read as these are."""
    from pypinyin.phrases_dict import phrases_dict
    from pypinyin.pinyin_dict import pinyin_dict

    letters = {chr(code): _first(read) for code, read in pinyin_dict.items()}
    phrases = {
        phrase: "".join(_first(read[0]) for read in readings)
        for phrase, readings in phrases_dict.items()
    } | reference.labels("readings", "phrase", "initials")
    found = ahocorasick.Automaton()
    for phrase, read in phrases.items():
        if read != "".join(letters.get(sign, "") for sign in phrase):
            found.add_word(phrase, (len(phrase), read))
    found.make_automaton()
    return letters, found


def _first(read: str) -> str:
    """The first letter of a syllable, without its tone."""
    return unicodedata.normalize("NFD", read)[0]


def question(connection: ibis.BaseBackend) -> tuple[Any, ...]:
    """What makes the table `searchable` of the tables of a snapshot, see `backend.rows`."""
    records = [
        backend.called(table_schemas.EVER[name], table_schemas.SCHEMAS[name])
        for name in ("merchants", "venues")
    ]
    fixed = _of_reference()
    own = backend.rows(connection, _names, *records)["name"].cast(pa.string())  # null without rows
    called = pa.concat_tables([pa.table({"name": own}), fixed.select(["name"])])["name"]
    called = called.combine_chunks().unique()
    names = pa.table({"name": called, "bare": bare(called), "letters": initials(called)})
    return (_searchable, *records, *(backend.named(connection, one) for one in (fixed, names)))


def _of_reference() -> pa.Table:
    """Counties, zones, towns and banks, a row for each name of theirs; `now` is the one in use."""
    found = [
        {"kind": kind, "id": row[code], "number": row[code], "name": name, "now": place == 0}
        | {own: row[own] or None for own in _CODES if own in row}
        for kind, (table, code, columns) in _REFERENCE.items()
        for row in reference.records(table)
        for place, name in enumerate(_each(row[column] for column in columns))
    ]
    types = {name: pa.bool_() if name == "now" else pa.string() for name in _THINGS}
    return pa.Table.from_pylist(found, schema=pa.schema(types))


def _each(lists: Iterable[str]) -> list[str]:
    """The names in lists that ";" divides, each once."""
    return list(dict.fromkeys(name for names in lists for name in names.split(";") if name))


def _names(merchants: ir.Table, venues: ir.Table) -> ir.Table:
    """Every name that a shop or a venue has or had."""
    names = ibis.union(merchants.select("name"), venues.select("name"), distinct=True)
    return names.filter(names.name.notnull())


def _searchable(
    merchants: ir.Table, venues: ir.Table, fixed: ir.Table, names: ir.Table
) -> ir.Table:
    shops = merchants.mutate(kind=ibis.literal("shop"), id=_.merchant_key, number=_.merchant_id)
    venues = venues.mutate(kind=ibis.literal("venue"), id=_.venue_id, number=_.venue_id)
    records = [
        one.filter(states.in_city(one)).mutate(now=one.until.isnull()).select(_THINGS)
        for one in (shops, venues)
    ]
    every = ibis.union(*records, fixed.select(_THINGS))
    texts = every.select("kind", "id", "name").distinct().join(names, "name")
    by_name = {"sep": _LINE, "order_by": "name"}
    texts = texts.group_by("kind", "id").agg(
        said=_.bare.group_concat(**by_name), letters=_.letters.group_concat(**by_name)
    )
    things = every.filter(every.now).left_join(texts, ["kind", "id"])
    own = names.select(label_name="name", label=names.bare + _LINE + names.letters)
    labels = every.filter(every.now, every.kind != "shop").join(own, every.name == own.label_name)
    for kind, code in _PLACES.items():
        label = labels.filter(labels.kind == kind).select(
            **{f"{kind}_of": labels.id, f"{kind}_label": labels.label}
        )
        things = things.left_join(label, things[code] == label[f"{kind}_of"])
    place = [
        things[f"{kind}_label"].fill_null("")
        for kind in ("county", "zone", "town", "bank", "venue")
    ]
    ranks = {kind: rank for rank, kind in enumerate(KINDS)}
    found = things.select(
        "kind", "id", "name", *_CODES,
        number=things.number.lower(),
        said=_lines(things.said.fill_null("")),
        initials=_lines(things.letters.fill_null("")),
        place=_lines(*place),
        rank=things.kind.cases(*ranks.items()),
    )  # fmt: skip
    order = [found[name] for name in ("rank", "name", "id")]
    order.insert(1, found.name.length())
    found = found.mutate(turn=ibis.row_number().over(ibis.window(order_by=order)))
    return found.drop("rank").order_by("turn")


def _lines(*texts: ir.StringValue) -> ir.StringValue:
    """Texts, each between two line breaks."""
    return ibis.literal(_LINE) + ibis.literal(_LINE).join(texts) + _LINE
