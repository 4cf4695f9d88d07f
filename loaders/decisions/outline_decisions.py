"""Outlines that people drew or uploaded: decisions of the ledger, and the tables with them.

An entry of the topic ``outline`` is about ``v:<venue_id>`` or ``c:<cluster_id>``. Its body has the
outline as GeoJSON text (WGS-84), or null where it was withdrawn, and its source: the name of the
file, or `BY_HAND`. The last entry holds over whatever the table has.
"""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from domain.visitors import Visitor
from loaders.kinds import Kind
from loaders.reading.cell_parsing import plain
from store.ledger import Entry, Ledger

TOPIC = "outline"
BY_HAND = "手绘"

Answers = Mapping[str, Entry]


def keep(ledger: Ledger, outlines: Mapping[str, str], source: str, by: Visitor) -> None:
    """Write down the outline (GeoJSON text) of each subject: all of them, or none."""
    bodies = {one: {"outline": text, "source": source} for one, text in outlines.items()}
    ledger.write_all(TOPIC, bodies, by)


def withdraw(ledger: Ledger, subject: str, by: Visitor) -> None:
    """Take the outline of `subject` back: it has none then."""
    ledger.write(TOPIC, subject, {"outline": None, "source": ""}, by)


def settled(rows: pd.DataFrame, kind: Kind, answers: Answers) -> pd.DataFrame:
    """`rows` of the table of `kind` with the outlines that people settled."""
    subject = kind.prefix + rows[kind.key_column]
    asked = subject.isin(list(answers))
    if not asked.any():
        return rows
    outline = rows["outline"].astype(object)
    outline[asked] = [answers[one].body["outline"] for one in subject[asked]]
    return rows.assign(outline=outline.astype("str"))


def matched(found: gpd.GeoDataFrame, venues: pd.DataFrame) -> pd.Series:
    """Venue that each uploaded outline is of, by its id, else by its plain name; null for none.

    `found` has venue_id and name as `outline_files.read` gives them; `venues` too. A name that two
    venues share matches neither.
    """
    ids = venues.set_index("venue_id", drop=False)["venue_id"]
    names = venues["name"].map(plain)
    once = venues[~names.duplicated(keep=False)]
    by_name = once.set_index(once["name"].map(plain))["venue_id"]
    names = found["name"].where(found["name"] != "", found["venue_id"]).map(plain)
    by_id: pd.Series = found["venue_id"].map(ids)
    return by_id.fillna(names.map(by_name)).astype("str")
