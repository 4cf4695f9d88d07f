"""The register of venues as pages list it: counts by kind, and the special cases."""

from dataclasses import replace

import pandas as pd

from domain import reference
from presentation import labels, venue_listings
from queries import attainment, data_quality, untold
from queries.scope import Scope

JOINED = {
    "stated": "报送文件写明",
    "outline": "按最小的轮廓",
    "same_shop": "按同一家门店的另一条记录",
    "overruled": "同一家门店报了两处，按第一条记录",
}
TABLE = [
    "venue_id", "venue", "tier", "kind", "county", "zone", "status_label",
    "covered_contracted_label", "covered_active_label", *venue_listings.DENOMINATOR, "contracted",
    "verified", "active", "outline_label", "carrier", "department", "operator", "eligible_source",
    "eligible_on", "grade", "denominator_note",
]  # fmt: skip
PRINTED = [
    "venue_id", "venue", "tier", "kind", "county", "zone", "status_label",
    *venue_listings.DENOMINATOR, "verified", "department", "operator", "grade",
]  # fmt: skip
CASES = {
    "一店两处": (
        ["name", "operator", "counted_in", "joined_label", "also_label", "address"],
        "一家门店只在“计入”的那一个场所里算一次。报送文件写明场所的，以写明的为准；"
        "没有写明的，算在圈住它的最小的轮廓里；同一家门店的几条记录写明不同场所的，按第一条记录。",
    ),
    "跨县区": (
        ["venue_id", "venue", "kind", "shares_label", "answer", "zone"],
        "一个场所只算在一个县区：名录写明或地址指明的县区；都没有的，算在轮廓占得最多的县区。",
    ),
    "没有门店的场所": (
        ["venue_id", "venue", "kind", "county", "department", "operator", "declared", "answer"],
        "名单上没有一家应覆盖的门店，留在名录里，不算达标。请责任银行报名单，或画出轮廓，"
        "让轮廓里的门店自动归入。机构型、线路型、线上型场所按环节算，不要求有门店，不在此列。",
    ),
    "应覆盖数待核的场所": (
        ["venue_id", "venue", "kind", "county", "department", "operator", "listed", "answer"],
        "不知道应覆盖多少家，不当作零，也不算达标，在各表里单列。请主管部门核定应覆盖商户数。",
    ),
    "名单多于名册": (
        [
            "venue_id",
            "venue",
            "kind",
            "county",
            "department",
            *venue_listings.DENOMINATOR,
            "denominator_note",
        ],
        "名单上应覆盖的门店比名册写明的多，分母采用名单数，名册数请主管部门更正。",
    ),
}


def names(scope: Scope) -> dict[str, str]:
    """Names of all venues by their ids, whatever the scope narrows."""
    whole = attainment.venues(replace(scope, area_id="", field_id="", operator_id="", tiers="all"))
    return dict(zip(whole["venue_id"], whole["name"], strict=True))


def by_kind(entries: pd.DataFrame) -> pd.DataFrame:
    """Venues of each tier and kind: how many, and how many are covered, in the three bases.

    Null where that is unknown of one of them.
    """
    counted = entries.assign(
        unknown=entries["denominator"] == "unknown", drawn=entries["outline"].notna()
    )
    covered = {
        "covered_contracted": "covered_contracted",
        "covered": "covered_verified",
        "covered_active": "covered_active",
    }
    kinds = counted.groupby(["tier", "kind_id", "kind"], as_index=False).agg(
        venues=("venue_id", "size"),
        **{name: (of, _known_sum) for name, of in covered.items()},
        unknown=("unknown", "sum"),
        drawn=("drawn", "sum"),
    )
    return kinds.assign(share=kinds["covered"] / kinds["venues"])


def _known_sum(flags: "pd.Series[bool]") -> float:
    return flags.sum(skipna=False)


def untold_of(scope: Scope, title: str) -> untold.Lack:
    """What is lacking to know whether there are venues or shops of the case `title`."""
    of_lists = title in ("一店两处", "没有门店的场所", "名单多于名册")
    lack = untold.coverage(scope)
    return lack if lack == "venues" or of_lists else ""


def cases(scope: Scope, entries: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The special cases among the `entries` of the register, by the titles of `CASES`."""
    by_shops = entries["carrier"] == "区域型"
    empty = entries[by_shops & (entries["listed"] == 0)]
    unknown = entries[entries["denominator"] == "unknown"]
    return {
        "一店两处": _in_several(scope, entries),
        "跨县区": _spanning(entries),
        "没有门店的场所": empty.assign(answer=[_of_empty(needed) for needed in empty["needed"]]),
        "应覆盖数待核的场所": unknown.assign(answer="计入名录，不判定，不算达标"),
        "名单多于名册": entries[entries["raised"]],
    }


def _of_empty(needed: float) -> str:
    return "应覆盖数待核，不判定" if pd.isna(needed) else f"还差 {int(needed):,} 家，都没有名单"


def _spanning(entries: pd.DataFrame) -> pd.DataFrame:
    """Venues across counties with their shares in words."""
    frame = entries[entries["spans"].fillna("") != ""]
    names = reference.labels("counties", "county_code", "name")
    shares = [
        "、".join(
            f"{names[code]} {float(share):.0%}"
            for code, share in (part.split(":") for part in spans.split(";"))
        )
        for spans in frame["spans"]
    ]
    return frame.assign(shares_label=shares, answer="算在" + frame["county"])


def _in_several(scope: Scope, entries: pd.DataFrame) -> pd.DataFrame:
    """Shops that count in one of `entries` and are claimed by others too, with names for ids."""
    called = names(scope)
    frame = data_quality.in_several_venues(scope)
    frame = frame[frame["venue_id"].isin(entries["venue_id"])]
    also = [
        "、".join(called.get(code, code) for code in ids.split(";")) for ids in frame["also_in"]
    ]
    frame = labels.with_names(frame)
    return frame.assign(
        counted_in=frame["venue_id"].map(called),
        also_label=also,
        joined_label=frame["joined_by"].map(JOINED),
    )


def shops(found: pd.DataFrame) -> pd.DataFrame:
    """Shops of a venue with labels, and how each came to be counted there (`joined_label`)."""
    named = venue_listings.missing(found)
    return named.assign(joined_label=named["joined_by"].map(JOINED).fillna("—"))
