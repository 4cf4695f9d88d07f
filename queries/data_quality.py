"""What may not hold: inflated coverage, sleeping and repeated shops, records without a place."""

import ibis.expr.types as ir
import pandas as pd

from domain import inflated_coverage, register_overlaps, states
from queries.engine import Engine, listing, question
from queries.scope import Scope, of_scope
from store import backend

_SLEEPER = [
    "merchant_key", "merchant_id", "name", "address", "operator_id", "county_code", "state",
    "public_cash_point", "signed_since",
]  # fmt: skip


def intake_state(snapshot_id: str) -> dict[str, int]:
    """How many merchants the snapshot has, are in review (`in_review`), have no place."""
    (row,) = _intake_state(snapshot_id).fillna(0).to_dict("records")
    return {str(name): int(count) for name, count in row.items()}


@question
def _intake_state(data: Engine, _snapshot_id: str) -> ir.Table:
    table = data.table("merchants")
    return table.agg(
        merchants=table.count(),
        in_review=table.in_review.sum(),
        unlocated=(table.county_code.isnull() & states.in_city(table)).sum(),
    )


@listing
def inflated(data: Engine, scope: Scope) -> ir.Table:
    """Venues of the scope with the signs of inflated coverage.

    Judged once for all scopes of the day. Columns: those of `inflated_coverage.venues`.
    """
    day = scope.as_of

    def judged() -> ir.Table:
        rows = inflated_coverage.venues(
            data.venues_on((day,)),
            data.merchants_on(day),
            data.scenarios_on((day,)),
            data.table("denominators"),
        )
        return backend.kept(data.backend, rows)

    return of_scope(data.keep(f"inflated_{day:%Y%m%d}", judged), scope)


@question
def asleep(data: Engine, scope: Scope) -> ir.Table:
    """Signed shops of the scope that nobody has paid at for long, the longest asleep first."""
    return _asleep(data, scope)


def longest_asleep(scope: Scope, rows: int) -> pd.DataFrame:
    """The `rows` of `asleep` that signed first: a page shows no more."""
    return _longest_asleep(scope, rows) if scope.sight.whole else asleep(scope)


@question
def _longest_asleep(data: Engine, scope: Scope, rows: int) -> ir.Table:
    return _asleep(data, scope).limit(rows)


def _asleep(data: Engine, scope: Scope) -> ir.Table:
    shops = of_scope(data.merchants_on(scope.as_of), scope)
    table = inflated_coverage.sleeping(shops).select(*_SLEEPER)
    return table.order_by("signed_since", "merchant_key")


@question
def asleep_by_operator(data: Engine, scope: Scope) -> ir.Table:
    """Signed and sleeping shops of the scope by the bank that lists them."""
    shops = of_scope(data.merchants_on(scope.as_of), scope)
    return inflated_coverage.sleeping_by_operator(shops)


@question
def listed_again(data: Engine, scope: Scope) -> ir.Table:
    """Records of the city's shops that several records list, with their `shop`."""
    return register_overlaps.listed_again(data.merchants_on(scope.as_of))


@question
def in_several_venues(data: Engine, scope: Scope) -> ir.Table:
    """Shops of the city that several venues claim; each counts in one, `also_in` are the others."""
    return register_overlaps.in_several(data.merchants_on(scope.as_of))


def repeated_records(scope: Scope) -> int:
    """Records beyond the first of the scope's shops that several records list."""
    return int(_repeated(scope)["beyond"].iloc[0])


@question
def _repeated(data: Engine, scope: Scope) -> ir.Table:
    again = register_overlaps.listed_again(of_scope(data.merchants_on(scope.as_of), scope))
    return again.agg(beyond=again.count() - again.shop.nunique())
