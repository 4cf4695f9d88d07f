"""What a search found, in words: kinds, places, banks and states for codes."""

import pandas as pd

from presentation.labels import STATE_LABELS, STATUS_LABELS, with_names

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


def told(hits: pd.DataFrame) -> pd.DataFrame:
    """Rows of `queries.search.search` with kind_label and about: where it is, whose, its state."""
    named = with_names(hits)
    placed = named["kind"].isin(["town", "venue", "shop"])
    owned = named["kind"].isin(["venue", "shop"])
    parts = [
        named["county"].where(placed, ""),
        named["town"].where(owned, ""),
        named["operator"].where(owned, ""),
        named["state"].map(STATE_LABELS).fillna(named["status"].map(STATUS_LABELS)).fillna(""),
    ]
    about = ["，".join(part for part in row if part) for row in zip(*parts, strict=True)]
    return named.assign(kind_label=named["kind"].map(KINDS), about=about)
