"""Colours of a map say how far an area is from the due line, and an unknown one is hatched."""

import math

import pandas as pd
import pytest

from presentation import legends, palette
from ui import page_maps

DUE = 0.9


@pytest.mark.parametrize("share, colour", [
    (1.0, palette.GOOD), (0.9, palette.GOOD), (0.8999, palette.CLOSE), (0.8, palette.CLOSE),
    (0.7999, palette.NEAR), (0.65, palette.NEAR), (0.6499, palette.BEHIND), (0.5, palette.BEHIND),
    (0.4999, palette.FAR), (0.0, palette.FAR), (math.nan, palette.UNKNOWN), (None, palette.UNKNOWN),
])  # fmt: skip
def test_the_class_of_a_share(share, colour):
    assert legends.gap_class(share, DUE) == colour


def test_the_legend_counts_every_area_once():
    shares = [0.95, 0.85, 0.7, 0.6, 0.1, None, 0.2]
    fills = pd.Series([legends.gap_class(share, DUE) for share in shares])
    legend = legends.gap_legend("达标率", DUE, fills, "")
    assert [count for *_, count in legend.rows] == [1, 1, 1, 1, 2, 1]
    assert [text for _, text, _ in legend.rows] == [
        "达到应达线 90.0%", "差 10 点以内", "差 10–25 点", "差 25–40 点", "差 40 点以上",
        "未知，或没有应覆盖的",
    ]  # fmt: skip


def test_towns_without_a_venue_have_a_class_of_their_own():
    fills = pd.Series([palette.NOTHING, palette.GOOD])
    assert legends.gap_legend("达标率", DUE, fills, "").rows[-1] == (palette.NOTHING, "没有场所", 1)


def test_a_shop_that_two_banks_list_is_counted_once_and_one_that_is_closed_apart():
    rows = [("1", "a", True, True, True), ("2", "a", True, False, False),
            ("3", None, True, True, False), ("4", "d", False, False, False)]  # fmt: skip
    columns = ["merchant_key", "shop_key", "eligible", "contracted", "verified"]
    shops = pd.DataFrame(rows, columns=columns)
    legend = legends.shop_legend(shops.assign(look=legends.shop_look(shops)), "")
    assert legend.counted() == "已验证1家，已签约未验证1家，已注销或不应覆盖（不计）1家"


def test_a_legend_escapes_what_it_is_told_and_hatches_the_unknown():
    fills = pd.Series([palette.UNKNOWN])
    text = page_maps.legend_html(legends.gap_legend("<b>达标率", DUE, fills, "<script>"))
    assert "&lt;b&gt;达标率" in text and "<script>" not in text
    assert "repeating-linear-gradient" in text


@pytest.mark.parametrize("dark, light", [
    (palette.INK, palette.NEAR), (palette.INK, palette.BEHIND), (palette.INK, palette.CLOSE),
    (palette.FAINT, "#ffffff"), (palette.SEA_NAME, palette.SEA),
])  # fmt: skip
def test_words_on_the_colours_of_a_map_can_be_read(dark, light):
    wanted = 3.0 if dark == palette.SEA_NAME else 4.5  # the sea's name is large
    assert contrast(dark, light) >= wanted


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
