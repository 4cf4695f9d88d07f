"""States by dates: what was true of a record on any day.

A record (a merchant or a scenario) has *events*, each with its day. Events become *spells*: the
days, first and last included, on which a state held. Spells become the flags of one day.
"""

from collections.abc import Sequence
from datetime import date

import ibis
from ibis import _

from domain import rules

STATES = (
    "eligible",
    "contracted",
    "opened",
    "verified",
    "paid",
    "active",
    "suspended",
    "refused",
    "closed",
)
_SIGNED = ("contracted", "opened", "inspected", "paid")
_LIVE = ("opened", "inspected", "paid")
_OFF = ("suspended", "refused", "closed")
_ORDER = ("first", "target", *_SIGNED, *_OFF)  # events of one day, in this order: the last one wins
_FAR = date(9999, 12, 31)


def _effects() -> ibis.Table:
    """What each event does to each state: begins it (for `days`, or until ended) or ends it."""
    inspection = rules.value("inspection_valid_days")
    payment = rules.value("payment_valid_days")
    active = rules.value("active_days")
    begins = {
        "eligible": {"first": None, **dict.fromkeys(_SIGNED)},
        "contracted": dict.fromkeys(_SIGNED),
        "opened": dict.fromkeys(_LIVE),
        "verified": {"inspected": inspection, "paid": payment},
        "paid": {"paid": payment},
        "active": {"paid": active},
        "suspended": {"suspended": None},
        "refused": {"refused": None},
        "closed": {"closed": None},
    }
    ends = {
        "eligible": ("closed",),
        "contracted": ("refused", "closed"),
        "opened": _OFF,
        "verified": _OFF,
        "paid": _OFF,
        "active": _OFF,
        "suspended": (*_LIVE, "refused", "closed"),
        "refused": (*_SIGNED, "closed"),
        "closed": _SIGNED,
    }
    rows = [
        (state, event, _ORDER.index(event), False, days)
        for state, events in begins.items()
        for event, days in events.items()
    ] + [
        (state, event, _ORDER.index(event), True, None)
        for state, events in ends.items()
        for event in events
    ]
    schema = {"state": "str", "event": "str", "rank": "int8", "ends": "bool", "days": "int32"}
    return ibis.memtable(rows, schema=schema)


def spells(events: ibis.Table) -> ibis.Table:
    """Spells of every state: record_key, state, start, stop (last day; null while it lasts).

    `events` has record_key, event and day. Spells of one record and state never overlap or touch.
    When events fall on one day, the one that ends wins, so a shop closed on the day it paid is
    closed. A signing, opening, inspection or payment after an end begins the state again; only
    closing ends eligibility, so a shop that refused stays in the denominator. A record with an
    'ineligible' event is never eligible.
    """
    events = events.select("record_key", "event", "day")
    first = events.group_by("record_key").agg(day=_.day.min(), event=ibis.literal("first"))
    barred = events.filter(_.event == "ineligible").select("record_key").distinct()
    first = first.select("record_key", "event", "day")
    steps = ibis.union(events, first).join(_effects(), "event")
    never = barred.mutate(state=ibis.literal("eligible"))
    steps = steps.anti_join(never, ["record_key", "state"])

    history = ibis.window(
        group_by=["record_key", "state"],
        order_by=["day", "rank"],
        rows=(None, 0),
    )
    steps = steps.mutate(ended=_.ends.cast("int32").sum().over(history) - _.ends.cast("int32"))
    run = ["record_key", "state", "ended"]  # what lies between two ends
    steps = steps.mutate(end=_.day.min(where=_.ends).over(group_by=run))
    # Days as numbers: DuckDB turns date + interval into a timestamp.
    far = ibis.literal(_FAR).epoch_days()
    pieces = steps.filter(~_.ends).select(
        *run,
        start=_.day.epoch_days(),
        stop=ibis.least(
            (_.day.epoch_days() + _.days).fill_null(far), (_.end.epoch_days() - 1).fill_null(far)
        ),
    )
    pieces = pieces.filter(_.stop >= _.start)
    before = ibis.window(group_by=run, order_by=["start", "stop"], rows=(None, -1))
    pieces = pieces.mutate(apart=(_.start > _.stop.max().over(before) + 1).fill_null(True))
    so_far = ibis.window(group_by=run, order_by=["start", "stop"], rows=(None, 0))
    pieces = pieces.mutate(island=_.apart.cast("int32").sum().over(so_far))
    merged = pieces.group_by([*run, "island"]).agg(start=_.start.min(), stop=_.stop.max())
    return merged.select(
        "record_key",
        "state",
        start=_day(merged.start),
        stop=ibis.ifelse(merged.stop >= far, ibis.null("date"), _day(merged.stop)),
    )


def _day(number: ibis.expr.types.IntegerValue) -> ibis.expr.types.DateValue:
    epoch = ibis.literal(date(1970, 1, 1))
    return (epoch + number.as_interval("D")).cast("date")


def on_days(
    records: ibis.Table,
    spells: ibis.Table,
    days: Sequence[date],
    key: str = "merchant_key",
    prefix: str = "m:",
) -> ibis.Table:
    """Records with their state on each of `days`: the columns of `records`, as_of, flags, state.

    Flags: eligible, contracted, opened, verified, paid, active; all but eligible are counted only
    where the record is eligible. `state` is the furthest state reached, or suspended, refused or
    closed. `prefix` and `key` tie a record to its spells.
    """
    wanted = ibis.memtable([(day,) for day in days], schema={"as_of": "date"})
    held = spells.join(
        wanted,
        [spells.start <= wanted.as_of, spells.stop.isnull() | (spells.stop >= wanted.as_of)],
    )
    flags = held.group_by(["as_of", "record_key"]).agg(
        **{state: (held.state == state).any() for state in STATES}
    )
    table = records.mutate(record_key=ibis.literal(prefix) + records[key]).cross_join(wanted)
    table = table.left_join(flags, ["as_of", "record_key"])
    table = table.drop("as_of_right", "record_key_right", "record_key")
    table = table.mutate(**{state: table[state].fill_null(False) for state in STATES})
    label = ibis.cases(
        *((table[state], state) for state in ("closed", "refused", "suspended")),
        *((table[state], state) for state in ("active", "verified", "opened", "contracted")),
        else_="target",
    )
    table = table.mutate(state=label)
    flagged = ("contracted", "opened", "verified", "paid", "active")
    return table.mutate(**{state: table[state] & table.eligible for state in flagged}).drop(*_OFF)
