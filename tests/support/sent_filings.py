"""Filings written by code: rows of the snapshot's table."""

import pandas as pd


def sent(*rows):
    """Filings from (owner, kind, month, day)."""
    frame = pd.DataFrame(
        [
            {"filing_id": f"B{n}", "owner_id": owner, "kind_id": kind, "month": month,
             "filed_on": day, "title": f"材料{n}", "evidence": None, "task_no": None}
            for n, (owner, kind, month, day) in enumerate(rows)
        ],
        columns=["filing_id", "owner_id", "kind_id", "month", "filed_on", "title", "evidence",
                 "task_no"],
    )  # fmt: skip
    return frame.assign(
        month=pd.to_datetime(frame["month"]), filed_on=pd.to_datetime(frame["filed_on"])
    )
