"""States by dates: the state of a record (a merchant or a scenario) on any day.

A record has *events*, each with its day. Events give *spells*: the days, first and last included,
on which a state held. Spells give the flags of one day.
"""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import rules
from domain.constant_tables import constants

PREFIXES = {"merchants": "m:", "venues": "v:", "scenarios": "s:", "clusters": "c:"}
"""What the keys of a table's records begin with in events, in spells and in decisions."""
KEYS = {"merchants": "merchant_key", "scenarios": "scenario_key"}
"""Key column of the tables whose records have states; clusters are judged by gates instead."""
ELSEWHERE = "elsewhere"
"""Method of the place of a record that a person found not to be in this city.

It has no spells, so it is in no state on any day and counts nowhere.
"""
FLAGS = ("eligible", "contracted", "opened", "verified", "paid", "active")
ENDED = ("suspended", "refused", "closed")
_STAGES = ("closed", "refused", "suspended", "active", "verified", "opened", "contracted")
_SIGNED = ("contracted", "opened", "inspected", "paid")
_LIVE = ("opened", "inspected", "paid")
DISPROVED = "disproved"
"""Event of a record whose inspections and payments so far were found not to verify it."""
_ORDER = ("first", *_SIGNED, "resumed", *ENDED, DISPROVED, "eligible", "ineligible")
"""Order of events on one day: the last one holds."""
_FAR = (date(9999, 12, 31) - date(1970, 1, 1)).days  # last day of a spell without an end


def _effects() -> ir.Table:
    """Effect of each event on each state: it begins (for `days`, or until ended) or ends."""
    begins: dict[str, dict[str, int | None]] = {
        "eligible": dict.fromkeys(("first", *_SIGNED, "resumed")),
        "contracted": dict.fromkeys(_SIGNED),
        "opened": dict.fromkeys(_LIVE),
        "inspected": {"inspected": rules.count("inspection_valid_days")},
        "paid": {"paid": rules.count("payment_valid_days")},
        "active": {"paid": rules.count("active_days")},
        **{state: {state: None} for state in ENDED},
        "barred": {"ineligible": None},
    }
    ends = {
        "eligible": ("closed",),
        "contracted": ("refused", "closed"),
        "opened": ENDED,
        **dict.fromkeys(("inspected", "paid", "active"), (*ENDED, DISPROVED)),
        "suspended": (*_LIVE, "resumed", "refused", "closed"),
        "refused": (*_SIGNED, "resumed", "closed"),
        "closed": (*_SIGNED, "resumed"),
        "barred": ("eligible",),
    }
    rows = [
        (state, event, _ORDER.index(event), False, days)
        for state, events in begins.items()
        for event, days in events.items()
    ]
    rows += [
        (state, event, _ORDER.index(event), True, None)
        for state, events in ends.items()
        for event in events
    ]
    return constants(rows, state="str", event="str", rank="int8", ends="bool", days="int64")


def spells(events: ir.Table, spoken: ir.Table | None = None) -> ir.Table:
    """Spells of every state: record_key, state, start, stop (last day; null if it has no end).

    `events` has record_key, event and day. With `spoken`, the days that each source's statements
    speak for (source, as_at), it also has the source of its record. Spells of one record and state
    never overlap or touch.

    When several events fall on one day, the one that ends a state wins: a shop closed on the day
    of a payment is closed. A signing, opening, inspection or payment after an end begins the state
    again. Only closing ends eligibility, so a shop that refused stays in the denominator.

    What depends on payments (paid, active) stands from one statement to the next as on the day of
    the first, because a statement tells only the last payment; it is unknown, so never true,
    before the first statement. A record whose source made no statement stands as its dates say.
    A record is verified while an inspection or a payment holds. One that is disproved is not from
    that day on, until an inspection or a payment of a later day.
    """
    sources = events
    events = events.select("record_key", "event", "day")
    own = events.filter(~_.event.isin([DISPROVED, "eligible", "ineligible"]))
    first = own.group_by("record_key").agg(event=ibis.literal("first"), day=_.day.min())
    events = ibis.union(events, first).mutate(day=_.day.epoch_days())
    pieces = _pieces(events)
    if spoken is not None:
        stated = _as_stated(pieces, sources.select("record_key", "source").distinct(), spoken)
        pieces = _until_ended(stated, events)
    verified = pieces.filter(_.state.isin(["inspected", "paid"])).mutate(
        state=ibis.literal("verified")
    )
    kept = pieces.filter(_.state != "inspected")
    joined = _merged(ibis.union(kept, verified.select(*kept.columns)))
    lasting = joined.stop.nullif(_FAR)
    return joined.select("record_key", "state", start=_date(joined.start), stop=_date(lasting))


def _as_stated(pieces: ir.Table, sources: ir.Table, spoken: ir.Table) -> ir.Table:
    """`pieces`, those of payments from each statement to the day before the next.

    The statements that one piece covers follow each other, so what stands of it is one piece too.
    """
    by_day = ibis.window(group_by="source", order_by="as_at")
    days = spoken.mutate(as_at=spoken.as_at.epoch_days()).distinct()
    days = days.mutate(until=(days.as_at.lead().over(by_day) - 1).fill_null(_FAR))
    days = days.rename(spoken="source")
    paid = _merged(pieces.filter(_.state.isin(["paid", "active"]))).join(sources, "record_key")
    speakers = days.select(speaker="spoken").distinct()
    speaks = paid.left_join(speakers, paid.source == speakers.speaker)
    held = speaks.left_join(
        days, [speaks.source == days.spoken, speaks.start <= days.as_at, speaks.stop >= days.as_at]
    )
    held = held.group_by("record_key", "state", "start", "stop", "speaker").agg(
        said=_.as_at.min(), until=_.until.max()
    )
    held = held.filter(_.speaker.isnull() | _.said.notnull())
    others = pieces.filter(~_.state.isin(["paid", "active"]))
    stands = held.select(
        "record_key",
        "state",
        stop=ibis.coalesce(held.until, held.stop),
        start=ibis.coalesce(held.said, held.start),
    )
    return ibis.union(others.select(stands.columns), stands)


def _until_ended(pieces: ir.Table, events: ir.Table) -> ir.Table:
    """`pieces` of payments that end where their record ends or is disproved, on that very day.

    That needs no statement of its source: what was stated stands only while the record lives.
    """
    ends = events.filter(_.event.isin([*ENDED, DISPROVED]))
    days = ends.select(ended="record_key", on="day")
    proofs = pieces.state.isin(["paid", "active"])
    ends = pieces.filter(proofs).join(
        days, [pieces.record_key == days.ended, pieces.start < days.on, pieces.stop >= days.on]
    )
    key = ["record_key", "state", "stop", "start"]
    ends = ends.group_by(key).agg(end=_.on.min() - 1)
    cut = pieces.left_join(ends, key)
    return cut.select("record_key", "state", "start", stop=ibis.coalesce(cut.end, cut.stop)).select(
        pieces.columns
    )


def _pieces(events: ir.Table) -> ir.Table:
    """Spells as single events begin them, each cut at the first end that follows.

    Days are counted from 1970-01-01: in DuckDB a date plus an interval is a timestamp. Pieces with
    the same last day are merged here already, so that few rows are left for `_merged`. Most records
    have no event that ends anything: of those only the first event of a kind begins what lasts.
    """
    effects = _effects()
    ended = (
        events.filter(_.event.isin([*ENDED, DISPROVED, "ineligible"]))
        .select("record_key")
        .distinct()
    )
    live = events.anti_join(ended, "record_key")
    first = live.group_by("record_key", "event").agg(day=_.day.min())
    begins = effects.filter(~_.ends)
    onward = ibis.window(
        group_by=["record_key", "state"], order_by=["day", "rank"], following=(0, None)
    )
    steps = events.semi_join(ended, "record_key").join(effects, "event")
    steps = steps.mutate(end=_.day.min(where=_.ends).over(onward))
    cut = ibis.least((_.day + _.days).fill_null(_FAR), (_.end - 1).fill_null(_FAR))
    pieces = ibis.union(
        first.join(begins.filter(_.days.isnull()), "event").select(
            "record_key", "state", start=_.day, stop=ibis.literal(_FAR, "int64")
        ),
        live.join(begins.filter(_.days.notnull()), "event").select(
            "record_key", "state", start=_.day, stop=_.day + _.days
        ),
        steps.filter(~_.ends).select("record_key", "state", start=_.day, stop=cut),
    )
    return (
        pieces.filter(_.stop >= _.start)
        .group_by("record_key", "state", "stop")
        .agg(start=_.start.min())
    )


def _merged(pieces: ir.Table) -> ir.Table:
    """Pieces that overlap or touch, joined into one spell each.

    Of those that begin on one day the longest is taken first: rows that tie would stand in another
    order in each of the two windows.
    """
    window = {"group_by": ["record_key", "state"], "order_by": "start"}
    pieces = pieces.group_by("record_key", "state", "start").agg(stop=_.stop.max())
    pieces = pieces.mutate(reach=_.stop.max().over(ibis.window(preceding=(None, 1), **window)))
    pieces = pieces.mutate(apart=(_.start > _.reach + 1).fill_null(False).cast("int64"))
    pieces = pieces.mutate(island=_.apart.sum().over(ibis.window(preceding=(None, 0), **window)))
    joined = pieces.group_by("record_key", "state", "island").agg(
        start=_.start.min(), stop=_.stop.max()
    )
    return joined.drop("island")


def _date(number: ir.IntegerValue) -> ir.DateValue:
    """The date that is `number` days after 1970-01-01."""
    return (ibis.date(1970, 1, 1) + number.as_interval("D")).cast("timestamp").date()


def in_city(records: ir.Table) -> ir.BooleanValue:
    """Whether records are in this city, as far as anybody found."""
    return (records.method != ELSEWHERE).fill_null(True)


def calendar(days: Sequence[date] | ir.Table) -> ir.Table:
    """Days, or a table of them, as a table: as_of."""
    if isinstance(days, ir.Table):
        return days
    return constants(((day,) for day in days), as_of="date")


def on_days(
    records: ir.Table, spells: ir.Table, days: Sequence[date] | ir.Table, table: str = "merchants"
) -> ir.Table:
    """Records on each of `days`: all their columns, as_of, six flags, `state` and `signed_since`.

    The flags (eligible, contracted, opened, verified, paid, active) are true only where the record
    is eligible. `state` is the furthest stage reached, or suspended, refused or closed; null on a
    day before the record's first event. `signed_since` is the first day of the contract that
    stands. `table` names the table that `records` are of (`KEYS`).
    Records with `since` and `until` stand on the days between, both included; null is no limit.
    """
    asked = calendar(days)
    records = records.mutate(record_key=ibis.literal(PREFIXES[table]) + records[KEYS[table]])
    on_each = records.select(held_by="record_key").distinct().cross_join(asked)
    held = spells.join(
        on_each,
        [
            spells.record_key == on_each.held_by,
            spells.start <= on_each.as_of,
            spells.stop.isnull() | (spells.stop >= on_each.as_of),
        ],
    )
    standing = held.group_by("as_of", "record_key").agg(
        **{state: (held.state == state).any() for state in (*FLAGS, *ENDED, "barred")},
        signed_since=held.start.max(where=held.state == "contracted"),
    )
    counts = standing.eligible & ~standing.barred
    listed = ibis.ifelse(standing.eligible, "target", ibis.null("string"))
    standing = standing.select(
        "as_of",
        "record_key",
        eligible=counts,
        **{flag: standing[flag] & counts for flag in FLAGS[1:]},
        state=ibis.cases(*((standing[state], state) for state in _STAGES), else_=listed),
        signed_since="signed_since",
    )
    on_day = holding(records.cross_join(asked))
    joined = on_day.left_join(standing, ["as_of", "record_key"])
    return joined.mutate(**{flag: joined[flag].fill_null(False) for flag in FLAGS}).drop(
        "record_key", "as_of_right", "record_key_right"
    )


def holding(table: ir.Table) -> ir.Table:
    """Rows of `table` that hold on their `as_of`: from `since` to `until`, both included."""
    if "since" not in table.columns:
        return table
    return table.filter(
        _.since.isnull() | (_.since <= _.as_of), _.until.isnull() | (_.until >= _.as_of)
    )
