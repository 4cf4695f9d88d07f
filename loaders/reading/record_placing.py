"""Where records are, as snapshot columns: one call of the geocoder, and the grid."""

import pandas as pd

from geo import geocoding, grid
from geo.learned_places import NOTHING, Learned
from store.step_progress import Progress, silent

PLACE = (
    *("county_code", "town_code", "zone_id", "lon", "lat"),
    *(f"h3_{resolution}" for resolution in grid.RESOLUTIONS),
    *("method", "confidence", "inferred", "in_review", "reason"),
)
"""Columns that come and go together, because one reading of text and point gave them."""

_CHUNK = 20_000  # rows between two reports of progress


def placed(
    rows: pd.DataFrame, progress: Progress = silent, learned: Learned = NOTHING
) -> pd.DataFrame:
    """Place of each row: `PLACE`, names county and town, and `outside` (clearly another city).

    `rows` has name, address, lon, lat, crs, and county and town as the sender states them. Its
    index is kept. `learned` is what people settled of other records. A reason is null where there
    is nothing to say.
    """
    evidence = rows[["name", "address", "lon", "lat", "crs"]].assign(
        county_hint=rows["county"], town_hint=rows["town"]
    )
    parts = []
    for start in range(0, max(len(evidence), 1), _CHUNK):
        progress("定位", start / max(len(evidence), 1))
        chunk = evidence.iloc[start : start + _CHUNK]
        parts.append(geocoding.geocode(chunk, learned=learned))
    found = pd.concat(parts)
    cells = grid.cells(found["lon"], found["lat"])
    found["reason"] = found["reason"].mask(found["reason"] == "")
    return found.rename(columns={"review": "in_review"}).join(cells)
