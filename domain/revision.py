"""Revision: venues of one day whose coverage differs between two snapshots."""

import pandas as pd

REASONS = {
    "covered": "改为达标",
    "lapsed": "改为未达标",
    "listed": "名录增加（已达标）",
    "listed_short": "名录增加（未达标）",
    "delisted": "名录去掉（已达标）",
    "delisted_short": "名录去掉（未达标）",
}


def revision(published: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Venues whose count in the headline was changed by later files.

    `published` and `known` are rows of `venue_coverage` on the same day, from the earlier and the
    later snapshot. Columns: those of `known` (of `published` where a venue left the register) and
    `revised`, a key of `REASONS`. A venue that counts the same in both has no row.
    """
    was = published.set_index("venue_id")["covered_verified"].astype(bool)
    now = known.set_index("venue_id")["covered_verified"].astype(bool)
    both = was.index.intersection(now.index)
    moved = both[was[both] != now[both]]
    reasons = now[moved].map({True: "covered", False: "lapsed"})
    added = now[now.index.difference(was.index)].map({True: "listed", False: "listed_short"})
    gone = was[was.index.difference(now.index)].map({True: "delisted", False: "delisted_short"})
    known = known.merge(pd.concat([reasons, added]).rename("revised"), on="venue_id")
    published = published.merge(gone.rename("revised"), on="venue_id")
    rows = pd.concat([part for part in (known, published) if len(part)] or [known])
    return rows.sort_values(["revised", "venue_id"], ignore_index=True)
