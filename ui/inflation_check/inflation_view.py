"""Cards of 注水核查: venues by sign, shops that sleep, records listed again."""

import streamlit as st

from domain import rules
from domain.inflated_coverage import SIGNS
from presentation import inflation_listings, labels
from queries import data_quality, untold
from queries.scope import Scope


def cards(scope: Scope, asleep: int | None) -> None:
    """How many venues show each sign, how many shops sleep (None: unknown) or are listed again."""
    lack, silent = untold.coverage(scope), untold.statements(scope, "merchants")
    rows = data_quality.inflated(scope)
    texts = inflation_listings.about()
    with st.grid(5, gap="small", min_column_width=150):
        for sign, word in SIGNS.items():
            count = None if lack else rows[sign].sum()
            st.metric(word, labels.count(count, " 个场所"), border=True, help=texts[word])
        st.metric(
            "沉睡门店",
            labels.count(asleep, " 家"),
            border=True,
            help=f"签约满 {rules.count('sleeping_days')} 天，"
            f"{rules.count('payment_valid_days')} 天内没有一笔真实交易。",
        )
        st.metric(
            "重复报送",
            labels.count(None if silent else data_quality.repeated_records(scope), " 条"),
            border=True,
            help="同一家门店除第一条以外的记录。覆盖率里只算一家；名单在“特定区域名录”的“重复门店”。",
        )
