"""Scores of the senders: rejects, places, duplicates and deadlines of all their files."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from domain import rules
from loaders.kinds import KINDS
from store.statement_store import Statement

UNKNOWN = "未注明"

RULE = (
    f"排序：先比按时率，每月 {rules.count('report_due_day')} 日以前导入过文件的月份算按时；"
    "再比退回率，低的在前；再比定位率，高的在前；再比疑似重复率（同一家银行自己的），低的在前。"
    "四项都相同的并列；还没有满一个报送期的排在最后；没有的一项不扣分。"
)
"""The order of the scores, in words."""

COLUMNS = [
    "rank", "sender", "files", "rows", "rejected_share", "located_share", "duplicates_share",
    "months_on_time", "months_expected", "on_time_share", "last_on",
]  # fmt: skip


def table(statements: Iterable[Statement], today: date) -> pd.DataFrame:
    """One row a sender, the best first (see `RULE`): `COLUMNS`.

    The shares are of the rows sent (rejected), and of the accepted records (located: without those
    that have no place; duplicates: of merchants that another record of the same bank may stand
    for); null where there is nothing to take a share of. A month is expected from the first due day
    after the sender's first file, and on time when a file came in the following month up to the due
    day. `last_on` is the day of the last file. Senders that tie share a rank.
    """
    senders: dict[str, list[Statement]] = {}
    for one in statements:
        senders.setdefault(one.sender or UNKNOWN, []).append(one)
    rows = [_row(sender, own, today) for sender, own in senders.items()]
    found = pd.DataFrame(rows, columns=COLUMNS[1:])
    found = found.astype({name: "float64" for name in COLUMNS if name.endswith("_share")})
    merits = pd.DataFrame(
        {
            "time": -found["on_time_share"].fillna(-1.0),
            "rejected": found["rejected_share"].fillna(0.0),
            "located": -found["located_share"].fillna(1.0),
            "duplicates": found["duplicates_share"].fillna(0.0),
        }
    )
    keys = list(merits.itertuples(index=False, name=None))
    ordered = sorted(keys)
    found["rank"] = [ordered.index(key) + 1 for key in keys]
    return found.sort_values(["rank", "sender"], ignore_index=True)[COLUMNS]


def _row(sender: str, statements: list[Statement], today: date) -> dict[str, Any]:
    days = {datetime.fromisoformat(one.taken_at).date() for one in statements}
    on_time, expected = _months(days, today)
    placed = [one for one in statements if KINDS[one.kind].placed and "located" in one.counts]
    shops = [one for one in statements if one.kind == "merchants" and "duplicates" in one.counts]
    return {
        "sender": sender,
        "files": len({one.digest for one in statements}),
        "rows": sum(one.counts["rows"] for one in statements),
        "rejected_share": _share(statements, "rejected", "rows"),
        "located_share": _share(placed, "located", "accepted"),
        "duplicates_share": _share(shops, "duplicates", "accepted"),
        "months_on_time": on_time,
        "months_expected": expected,
        "on_time_share": on_time / expected if expected else None,
        "last_on": max(days),
    }


def _share(statements: Iterable[Statement], part: str, whole: str) -> float | None:
    """Sum of `part` in the sum of `whole`, at most 1; None where there is no whole."""
    pairs = [(one.counts[part], one.counts[whole]) for one in statements]
    total = sum(of for _, of in pairs)
    return min(sum(count for count, _ in pairs) / total, 1.0) if total else None


def _months(days: set[date], today: date) -> tuple[int, int]:
    """Months on time and months expected of a sender whose files came on `days`.

    A month that is not due yet is expected once its file has come.
    """
    on_time = expected = 0
    start = min(days).replace(day=1)
    while start <= today:
        following = (start + timedelta(days=31)).replace(day=1)
        due_day = timedelta(days=rules.count("report_due_day") - 1)
        due = min(start + due_day, following - timedelta(days=1))
        came = any(start <= day <= due for day in days)
        if came or min(days) <= due < today:
            on_time += came
            expected += 1
        start = following
    return on_time, expected
