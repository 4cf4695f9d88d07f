"""Which shops stand in which venue, which records are one shop, and who belongs to a cluster.

All of it follows from the tables and from what people decided, and is derived anew for every
snapshot. What a file states wins over an outline. How a merchant's venue is known (joined_by):

=========  ======================================================================================
stated     a file names it
outline    the smallest outline that holds the shop, venues delisted by the last day of data last
same_shop  this record names none, but another record of the same shop does
overruled  this record names another, which stands first in also_in: a shop counts in one venue,
           that of the first of its records that live, else of those that ended
elsewhere  none, because the record's address names another city, or a person found it is in none
           of ours; what its file names stands first in also_in
=========  ======================================================================================

On a past day a shop is in the venue that its file named then, or whose outline holds the place it
had then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
from ibis import _

from domain import rules, states
from geo import containment
from loaders.decisions import outline_decisions, same_shops
from loaders.kinds import KINDS, OUTLINED
from loaders.reading import record_placing
from store import backend, table_schemas
from store.ledger import Entry, Ledger

Frames = dict[str, pd.DataFrame]

BY_OUTLINE = "outline"
"""Method of a place that only the outline gives."""
_GIVEN = [name for name in record_placing.PLACE if name not in ("in_review", "reason")]
_AWAY = ("outside", states.ELSEWHERE)
"""Methods of a place in another city, before and after a person has looked."""
_ENDED = ("suspended", "refused", "closed")


@dataclass(frozen=True)
class Decisions:
    """Ledger decisions that affect the join, by subject."""

    outlines: Mapping[str, Entry] = field(default_factory=dict)
    same_shop: Mapping[str, Entry] = field(default_factory=dict)


def decisions(ledger: Ledger) -> Decisions:
    """The decisions that hold in `ledger`."""
    return Decisions(ledger.latest(outline_decisions.TOPIC), ledger.latest(same_shops.TOPIC))


def told_apart(frames: Frames, decided: Decisions | None = None) -> Frames:
    """`frames` with the key of the shop that each record of merchants stands for (shop_key)."""
    shops, answers = frames["merchants"], (decided or Decisions()).same_shop
    shop_key = same_shops.shop_keys(shops, answers).astype("str")
    return frames | {"merchants": shops.assign(shop_key=shop_key)}


def joined(frames: Frames, events: ir.Table, decided: Decisions | None = None) -> Frames:
    """`frames` with outlines, spans, places by outline, venues of shops, and members.

    Needs merchants that are `told_apart`, venues and clusters; gives them and cluster_members anew,
    and what held before of merchants and venues.
    """
    decided = decided or Decisions()
    places = {
        table: _placed(outline_decisions.settled(frames[table], kind, decided.outlines))
        for kind in OUTLINED
        for table in (kind.name, table_schemas.BEFORE.get(kind.name))
        if table
    }
    shops = frames["merchants"]
    venues = places["venues"]
    last = backend.rows(events.get_backend(), _last_day, events)["day"][0].as_py()
    venues = venues.assign(gone=venues["delisted_on"] <= pd.Timestamp(last))
    before = frames["merchants_before"]
    stands = shops.set_index("merchant_key")["shop_key"]
    before = _within(before.assign(shop_key=before["merchant_key"].map(stands)), venues)
    shops = _one_venue(_within(shops, venues), events)
    members = _members(places["clusters"], shops)
    shops_and_members = {"merchants": shops, "merchants_before": before, "cluster_members": members}
    return frames | places | shops_and_members


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Records with the counties that their outlines span; placed by the outline where unknown.

    A venue counts for one county: the one it is known to be in, else that with the larger share.
    The reason and the review flag stay as they are, so that a withdrawn outline leaves no trace.
    """
    if rows.empty:
        return rows
    found = containment.county_shares(containment.shapes(rows["outline"]))
    if "spans" in rows:
        rows = rows.assign(spans=_spans(found, rows.index))
    largest = found.drop_duplicates("outline").set_index("outline")
    unknown = np.flatnonzero(rows["county_code"].isna())
    asked = largest.loc[largest.index.isin(unknown)]
    if asked.empty:
        return rows
    at = rows.index[asked.index]
    points = rows.loc[at, ["name", "address"]].assign(
        lon=[point.x for point in asked["inside"]],
        lat=[point.y for point in asked["inside"]],
        crs="wgs84",
        county=None,
        town=None,
    )
    place = record_placing.placed(points).assign(
        county_code=asked["county_code"].to_numpy(), method=BY_OUTLINE
    )
    rows = rows.copy()
    for column in (column for column in _GIVEN if column in rows):
        rows.loc[at, column] = place[column].astype(rows[column].dtype)
    return rows


def _spans(found: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Counties with their shares, of outlines that a second county has a real share of."""
    real = found[found["share"] >= rules.number("outline_split_share")]
    real = real[real.groupby("outline")["outline"].transform("size") > 1]
    shares = real["county_code"] + ":" + real["share"].map("{:.2f}".format).astype("str")
    texts = shares.groupby(real["outline"]).agg(";".join)
    return texts.reindex(range(len(index))).set_axis(index).astype("str")


def _within(shops: pd.DataFrame, venues: pd.DataFrame) -> pd.DataFrame:
    """Shops with their venue, how it is known, and the further venues whose outlines hold them.

    Venues that are `gone` come last.
    """
    if shops.empty:
        return shops
    away = shops["method"].isin(_AWAY)
    lon, lat = shops["lon"].mask(away), shops["lat"].mask(away)
    found = containment.holding(lon, lat, containment.shapes(venues["outline"]))
    found["venue_id"] = venues["venue_id"].to_numpy()[found["outline"]]
    found["gone"] = venues["gone"].to_numpy()[found["outline"]]
    found = found.sort_values(["point", "gone"], kind="stable")
    nearest = found.drop_duplicates("point").set_index("point")["venue_id"]
    drawn = nearest.reindex(range(len(shops))).set_axis(shops.index).astype("str")
    stated = shops["venue_id"].notna()
    venue = shops["venue_id"].fillna(drawn)
    by = pd.Series(np.where(stated, "stated", BY_OUTLINE), shops.index).where(venue.notna())
    further = found[found["venue_id"] != venue.to_numpy()[found["point"]]]
    also = _lists(further).reindex(range(len(shops))).set_axis(shops.index)
    named = away & stated
    return shops.assign(
        venue_id=venue.mask(named),
        joined_by=by.mask(named, states.ELSEWHERE).astype("str"),
        also_in=also.mask(named, venue).astype("str"),
    )


def _lists(found: pd.DataFrame) -> pd.Series:
    """Ids of the venues of each point, in their order; one pass, for there are many points."""
    texts: dict[int, str] = {}
    for point, venue_id in zip(found["point"].tolist(), found["venue_id"], strict=True):
        texts[point] = f"{texts[point]};{venue_id}" if point in texts else venue_id
    return pd.Series(texts, dtype="str")


def _one_venue(shops: pd.DataFrame, events: ir.Table) -> pd.DataFrame:
    """Shops, all records of one in one venue: that of the first record that has any.

    Those that live go before those that ended, then a stated venue before one by outline.
    """
    here = shops[~shops["method"].isin(_AWAY)]
    several = here[here.duplicated("shop_key", keep=False)]
    named = several[several["venue_id"].notna()]
    first = named.assign(
        ended=_ended(named["merchant_key"], events), drawn=named["joined_by"] != "stated"
    ).sort_values(["ended", "drawn", "merchant_key"])
    main = first.drop_duplicates("shop_key").set_index("shop_key")["venue_id"]
    venue = several["shop_key"].map(main).astype("str")
    differs = venue.notna() & (several["venue_id"].fillna("") != venue.fillna(""))
    moved, venue = several[differs], venue[differs]
    if moved.empty:
        return shops
    before = moved["venue_id"].fillna("") + ";" + moved["also_in"].fillna("")
    also = [
        ";".join(one for one in ids.split(";") if one not in ("", own)) or None
        for ids, own in zip(before, venue, strict=True)
    ]
    by = moved["joined_by"].map({"stated": "overruled"}).fillna("same_shop")
    result = shops.copy()
    result.loc[moved.index, "venue_id"] = venue
    result.loc[moved.index, "joined_by"] = by.astype("str")
    result.loc[moved.index, "also_in"] = pd.Series(also, moved.index, dtype="str")
    return result


def _last_day(events: ir.Table) -> ir.Table:
    return events.agg(day=_.day.max())


def _ended(keys: pd.Series, events: ir.Table) -> pd.Series:
    """Whether the merchants with these keys are suspended, refused or closed since."""
    if keys.empty:
        return pd.Series(False, keys.index)
    record_key = KINDS["merchants"].prefix + keys
    engine = events.get_backend()
    asked = backend.named(engine, pa.table({"record_key": pa.array(record_key, pa.string())}))
    return record_key.isin(backend.rows(engine, _lasting, events, asked)["record_key"].to_pylist())


def _lasting(events: ir.Table, records: ir.Table) -> ir.Table:
    """Those of `records` that have ended for good."""
    spells = states.spells(events.semi_join(records, "record_key"))
    return spells.filter(_.state.isin(_ENDED), _.stop.isnull()).select("record_key")


def _members(clusters: pd.DataFrame, shops: pd.DataFrame) -> pd.DataFrame:
    """Merchants of each cluster: within its outline, else those of its venue."""
    shops = shops[~shops["method"].isin(_AWAY)]
    shapes = containment.shapes(clusters["outline"])
    found = containment.holding(shops["lon"], shops["lat"], shapes)
    inside = pd.DataFrame(
        {
            "cluster_id": clusters["cluster_id"].to_numpy()[found["outline"]],
            "merchant_key": shops["merchant_key"].to_numpy()[found["point"]],
        }
    )
    others = clusters.loc[clusters["outline"].isna(), ["cluster_id", "venue_id"]].dropna()
    stated = others.merge(shops[["venue_id", "merchant_key"]], on="venue_id")
    both = pd.concat([inside, stated[["cluster_id", "merchant_key"]]], ignore_index=True)
    return both.astype(table_schemas.empty("cluster_members").dtypes)
