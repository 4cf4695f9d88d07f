"""Looking up a shop, venue, town, county, zone or bank by name, number or first letters."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from domain.visitors import Sight
from queries import sights
from queries.engine import Engine, engine, remembered
from queries.scope import Scope
from store import search_table

FOUND = 20  # hits of one search
_WORDS, _SIGNS = 5, 100  # of what is typed; those after them are left out
COLUMNS = [
    "kind", "id", "name", "county_code", "zone_id", "town_code", "operator_id", "state", "status",
    "address", "total",
]  # fmt: skip
"""What a search gives; state and address are a shop's, status a venue's on the scope's day, else
null. `total` is how many were found, in every row."""
_EXACT, _BEGINS, _HOLDS, _BEGINS_LETTERS, _HOLDS_LETTERS, _PLACE = range(6)


def ready(scope: Scope) -> bool:
    """Whether the scope's version was published with the table that a search needs."""
    return engine(scope.snapshot_id).has("searchable")


@remembered
def search(scope: Scope, text: str) -> pd.DataFrame:
    """What `hits` gives, remembered: a page runs again while a text stands in the box."""
    return hits(scope, text)


def hits(scope: Scope, text: str) -> pd.DataFrame:
    """The `FOUND` best of what has every word of `text`, the best first: `COLUMNS`.

    A word is compared with names, numbers and the first letters of names; one of several may also
    be of the place, the venue or the bank. The same name or number is best, then what begins so,
    what holds it, and the same of the letters. All counties, fields and banks are searched, but
    only what the scope's sight names is found. Nothing is where the version is not `ready`.
    """
    typed = pa.array(text[:_SIGNS].split()[:_WORDS], pa.string())
    words = [word for word in search_table.bare(typed).to_pylist() if word]
    if not (words and ready(scope)):
        return pd.DataFrame(columns=COLUMNS)
    city = Scope(scope.snapshot_id, scope.as_of, sight=scope.sight)
    texts = {f"<word{place}>": word for place, word in enumerate(words)}
    latin = tuple(word.isascii() and word.isalnum() for word in words)
    return engine(scope.snapshot_id).filled(_hits, texts, city, latin)


def _hits(data: Engine, scope: Scope, latin: Sequence[bool]) -> ir.Table:
    table = data.table("searchable")
    words = [
        _cases(table, f"<word{place}>", letters=letters, among=len(latin) > 1)
        for place, letters in enumerate(latin)
    ]
    # What a word is found in at all is asked first: few rows are left to be graded.
    table = table.filter(*(ibis.or_(*(case for case, _grade in cases)) for cases in words))
    if not scope.sight.whole:
        table = table.filter(_seen(data, table, scope.sight))
    grades = [ibis.cases(*cases) for cases in words]
    by_name = ibis.or_(*(grade < _PLACE for grade in grades))  # not by its place alone
    found = table.select("turn", grade=sum(grades[1:], grades[0]), by_name=by_name)
    found = found.filter(found.by_name)
    best = found.order_by("grade", "turn").limit(FOUND)
    best = best.cross_join(found.agg(total=found.count()))  # a window would sort all that is found
    best = best.select("grade", "total", best="turn")
    every = data.table("searchable")
    named = every.join(best, every.turn == best.best)
    shops = data.merchants_on(scope.as_of)
    shops = shops.select("state", "address", shop_id="merchant_key")
    venues = data.venues_on((scope.as_of,)).select(status_of="venue_id", status="status")
    named = named.left_join(shops, [named.id == shops.shop_id, named.kind == "shop"])
    named = named.left_join(venues, [named.id == venues.status_of, named.kind == "venue"])
    return named.order_by("grade", "turn").select(COLUMNS)


def _cases(
    table: ir.Table, word: str, *, letters: bool, among: bool
) -> list[tuple[ir.BooleanValue, int]]:
    """Where rows may have `word`, each with its grade, 0 the best.

    One with `letters` and digits alone may be a number or initials, one `among` others may be of
    the place.
    """
    line = ibis.literal("\n")
    said, first, number = table.said, table.initials, table.number
    cases = [
        (said.contains(line + word + line), _EXACT),
        (said.contains(line + word), _BEGINS),
        (said.contains(word), _HOLDS),
    ]
    if letters:
        cases = [
            (number == word, _EXACT),
            cases[0],
            (number.startswith(word), _BEGINS),
            cases[1],
            (number.contains(word), _HOLDS),
            cases[2],
            (first.contains(line + word), _BEGINS_LETTERS),
            (first.contains(word), _HOLDS_LETTERS),
        ]
    if among:
        cases.append((table.place.contains(word), _PLACE))
    return cases


def _seen(data: Engine, table: ir.Table, sight: Sight) -> ir.BooleanValue:
    """Whether everybody may see rows, or they are shops and venues that `sight` names.

    Shops as they are now: one that only was in a county once is not looked for.
    """
    venues = table.venue_id.isin(sights.venues(data.table, sight).venue_id).fill_null(False)
    shops = sights.own(table, data.table, sight)
    return ibis.cases((table.kind == "venue", venues), (table.kind == "shop", shops), else_=True)
