"""What a search found, in words: kinds, places, banks and states for codes."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from domain.city import CITY
from presentation.labels import STATE_LABELS, STATUS_LABELS, shortened, with_names

KINDS = {
    "county": "县区",
    "zone": "功能板块",
    "town": "乡镇街道",
    "bank": "运营机构",
    "venue": "场所",
    "shop": "门店",
}
HINT = "店名、场所、乡镇、编号、首字母"
NOTHING = (
    "没有找到。可以搜门店、场所、乡镇街道、县区、功能板块、运营机构的名称或编号，也可以只输拼音首字母；"
    "几个词用空格隔开，都要有，例如“灌云 万家福”。不归本单位的门店、场所搜不到。"
)
NOT_READY = "这个数据版本发布时还没有检索目录，不能搜索。请办公室再发布一次。"


_ADDRESS = 24  # signs of an address, without what is said before it


def counted(hits: pd.DataFrame) -> str:
    """How many were found, and that not all of them are listed where so."""
    total = int(hits["total"].iloc[0])
    return f"找到 {total:,} 个" + (f"，列出前 {len(hits)} 个" if total > len(hits) else "")


def told(hits: pd.DataFrame) -> pd.DataFrame:
    """Rows of `queries.search.search` with kind_label and about: where it is, whose, its state."""
    named = with_names(hits)
    placed = named["kind"].isin(["town", "venue", "shop"])
    owned = named["kind"].isin(["venue", "shop"])
    parts = [
        named["county"].where(placed, ""),
        named["town"].where(owned, ""),
        pd.Series(map(_street, named.to_dict("records")), named.index, dtype="object"),
        named["operator"].where(owned, ""),
        named["state"].map(STATE_LABELS).fillna(named["status"].map(STATUS_LABELS)).fillna(""),
    ]
    about = ["，".join(part for part in row if part) for row in zip(*parts, strict=True)]
    return named.assign(kind_label=named["kind"].map(KINDS), about=about)


def _street(row: dict[Hashable, Any]) -> str:
    """What the address of a shop says beside its county and town; '' without one."""
    text = "" if pd.isna(row["address"]) else str(row["address"])
    for place in (CITY.province, CITY.name, row["county"], row["town"]):
        text = text.removeprefix(place)
    return shortened(text, _ADDRESS)
