"""What happened to records according to one set of events and not to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from domain.lives import ALWAYS
from domain.states import ENDED
from store import backend

Tables = Mapping[str, ir.Table]
"""The tables of a snapshot in an engine, by name."""

_TOLD = {
    "contracted": "签约", "opened": "开通", "suspended": "停用", "refused": "拒绝",
    "closed": "注销",
    "disproved": "认定不算验证", "ineligible": "退出应覆盖", "eligible": "计入应覆盖",
}  # fmt: skip
_SEEN = {"inspected": "巡检", "paid": "交易"}
_EVENTS = _TOLD | _SEEN
FACTS = _TOLD | {
    "reopened": "恢复", "redated": "改日期", "taken_back": "收回日期", "listed": "进名录",
    "delisted": "出名录", "raised": "分母增加", "lowered": "分母减少", "moved": "换县区",
    "venue": "换场所", "corrected": "其他更正",
}  # fmt: skip
"""What may change of a record, and what to call it."""
_FIRST = "自首次报送起"  # instead of the day of what held always
_KEY = ["record_key", "event", "day"]
_TYPES = dict.fromkeys(("record_key", "event"), "str")
_TYPES |= dict.fromkeys(("day", "day_was"), "datetime64[s]")


@dataclass(frozen=True)
class Versions:
    """Two versions in one engine: their tables, and the last day of each.

    Without `day_before` there was none, and the tables of `was` are empty.
    """

    connection: ibis.BaseBackend
    was: Tables
    now: Tables
    day_before: date | None
    day_after: date


def happened(versions: Versions) -> pd.DataFrame:
    """Changes of events, by record key: facts, what, happened_on.

    `facts` are keys of `FACTS`, separated by ';', `what` says them in Chinese with their days, and
    `happened_on` is the latest of these; what held always has no day. An inspection or a payment
    that is added is no change of its own, one that is gone is. The day from which a record should
    accept ('target') is left out: it follows the first statement of each bank. A record is reopened
    if it had ended on `day_before` and has not on `day_after`.
    """
    events = versions.was["events"], versions.now["events"]
    pairs = backend.frame(versions.connection, _pairs, *events).drop(columns="turn")
    pairs = pairs.astype(_TYPES)
    name, new, old = pairs["event"].map(_EVENTS), _text(pairs["day"]), _text(pairs["day_was"])
    redated = pairs["day"].notna() & pairs["day_was"].notna()
    lost = pairs["day"].isna()
    told = pairs.assign(
        facts=np.select([redated, lost], ["redated", "taken_back"], pairs["event"]),
        what=np.select(
            [redated, lost],
            [name + "日期：" + old + " → " + new, "收回" + name + "日期 " + old],
            name + " " + new,
        ),
        happened_on=_known(pairs["day"].fillna(pairs["day_was"])),
    )
    again = _reopened(versions)
    rows = pd.concat([again, told[again.columns]])
    texts = rows.groupby("record_key").agg(
        facts=("facts", lambda found: ";".join(dict.fromkeys(found))), what=("what", "；".join)
    )
    return texts.assign(happened_on=rows.groupby("record_key")["happened_on"].max())


def _pairs(was: ir.Table, now: ir.Table) -> ir.Table:
    """Events that only one set has, the n-th of a record beside the n-th: key, event, turn, days.

    `day` is null where it is gone, `day_was` where it came.
    """
    key = ["record_key", "event", "turn"]
    none = ibis.null("date")
    came = _lacking(now, was).mutate(day_was=none)
    gone = _lacking(was, now).mutate(day_was=_.day, day=none)
    both = ibis.union(came, gone.select(came.columns))
    pairs = both.group_by(key).agg(day=_.day.max(), day_was=_.day_was.max())
    return pairs.filter(pairs.day_was.notnull() | ~pairs.event.isin(list(_SEEN))).order_by(key)


def _lacking(events: ir.Table, others: ir.Table) -> ir.Table:
    """Events that are not among `others`, those of one record and event numbered by day."""
    rows = events.filter(_.event.isin(list(_EVENTS))).anti_join(others, [*_KEY])
    by_day = ibis.window(group_by=["record_key", "event"], order_by="day")
    return rows.select(*_KEY, turn=ibis.row_number().over(by_day))


def _text(days: pd.Series) -> pd.Series:
    texts: pd.Series = _known(days).dt.strftime("%Y-%m-%d").astype("str")
    return texts.mask(days == pd.Timestamp(ALWAYS), _FIRST)


def _known(days: pd.Series) -> pd.Series:
    """Days without that of what held always."""
    return days.mask(days == pd.Timestamp(ALWAYS))


def _reopened(versions: Versions) -> pd.DataFrame:
    """Records that had ended and have not any more: record_key, facts, what, happened_on."""
    columns = ["record_key", "facts", "what", "happened_on"]
    if versions.day_before is None:
        empty = pd.DataFrame(columns=columns, dtype="str")
        return empty.astype({"happened_on": "datetime64[s]"})
    spells = versions.was["spells"], versions.now["spells"]
    days = versions.day_before, versions.day_after
    rows = backend.frame(versions.connection, _ended_before, *spells, *days)
    rows = rows.sort_values(["record_key", "state"])
    rows = rows.drop_duplicates("record_key").astype({"record_key": "str", "state": "str"})
    told: pd.DataFrame = rows.assign(
        facts="reopened",
        what="恢复（原" + rows["state"].map(_TOLD).astype("str") + "）",
        happened_on=pd.Series(pd.NaT, rows.index, dtype="datetime64[s]"),
    )
    return told[columns]


def _ended_before(was: ir.Table, now: ir.Table, day_before: date, day_after: date) -> ir.Table:
    return _ended(was, day_before).anti_join(_ended(now, day_after), "record_key")


def _ended(spells: ir.Table, day: date) -> ir.Table:
    held = spells.filter(_.state.isin(ENDED), _.start <= day, _.stop.isnull() | (_.stop >= day))
    return held.select("record_key", "state")
