"""Numbers that differ only in leading zeros: a program took 0001 for a number and wrote 1.

Two such numbers of one source are one record where some account of each has the same plain name,
and no statement lists both. It has the number of its earliest account, so that which it is follows
from the set of statements.
"""

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from loaders.kinds import KINDS, Kind
from loaders.reading import record_checks
from loaders.reading.cell_parsing import plain

NUMBERS = pa.schema([(name, pa.string()) for name in ("whose", "written", "known")])
"""Numbers of a source that are `written` for those that are `known`."""

_NUMBER, _ZEROS = "^[0-9]+$", "^0+"


def alike(rows: ir.Table, kind: str) -> ir.Table:
    """Numbers of which several forms were sent: whose, bare, written, name, statement, turn.

    `rows` are accounts with `whose` number theirs is.
    """
    written = rows[KINDS[kind].id_column]
    numbers = rows.filter(written.re_search(_NUMBER)).select(
        "whose", "name", "statement", "turn", written=written, bare=written.re_replace(_ZEROS, "")
    )
    forms = numbers.filter(numbers.written.startswith("0")).select("whose", "bare").distinct()
    among = numbers.semi_join(forms, ["whose", "bare"])
    several = among.group_by("whose", "bare").agg(forms=among.written.nunique())
    return among.semi_join(several.filter(several.forms > 1), ["whose", "bare"])


def numbers(told: pd.DataFrame) -> pa.Table:
    """The numbers (`NUMBERS`) of `told` (see `alike`) that are those of a record known before."""
    found = []
    for (whose, _), forms in told.sort_values("turn").groupby(["whose", "bare"]):
        records: dict[str, pd.DataFrame] = {}
        for written in forms["written"].unique():
            own = forms[forms["written"] == written]
            known = next((one for one, rows in records.items() if _same(rows, own)), written)
            if known != written:
                found.append((whose, written, known))
            records[known] = pd.concat([records.get(known), own])
    return pa.Table.from_pandas(pd.DataFrame(found, columns=NUMBERS.names), NUMBERS)


def _same(known: pd.DataFrame, other: pd.DataFrame) -> bool:
    names, others = (set(rows["name"].dropna().map(plain)) for rows in (known, other))
    return bool(names & others) and not set(known["statement"]) & set(other["statement"])


def renumbered(rows: ir.Table, numbers: ir.Table, kind: str) -> ir.Table:
    """Accounts with the numbers of the records that they are of, which the reason tells."""
    own = KINDS[kind].id_column
    joined = rows.left_join(numbers, [rows.whose == numbers.whose, rows[own] == numbers.written])
    said = ibis.literal("编号“") + joined[own] + "”与“" + joined.known + f"”{_said(KINDS[kind])}"
    reason = ibis.coalesce(joined.reason + "；", "") + said
    new = {own: ibis.coalesce(joined.known, joined[own])}
    new["reason"] = ibis.ifelse(joined.known.isnull(), joined.reason, reason)
    return joined.mutate(**new).select(rows.columns)


def noted(accepted: pd.DataFrame, whose: pd.Series, kind: Kind, numbers: pa.Table) -> pd.DataFrame:
    """Accepted rows with the numbers of the records that they are of, which a note tells."""
    known = {(one["whose"], one["written"]): one["known"] for one in numbers.to_pylist()}
    written = accepted[kind.id_column]
    found = [known.get(pair) for pair in zip(whose, written, strict=True)]
    number = pd.Series(found, index=accepted.index, dtype="str")
    note = "编号“" + written + "”与“" + number + f"”{_said(kind)}；请报送单位把编号设为文本再报"
    note = record_checks.joined(accepted["note"], note)
    return accepted.assign(**{kind.id_column: number.fillna(written), "note": note})


def _said(kind: Kind) -> str:
    return f"只差前面的零，名称相同，算作同一{kind.noun}"
