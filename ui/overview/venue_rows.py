"""Venues as rows that light up on the map; choosing one goes down to it."""

from collections.abc import Callable

import pandas as pd

from domain.typed_rows import cells
from presentation import labels, palette
from ui import panel
from ui.overview import venue_card

_HEADINGS = (
    panel.heading("场所"),
    panel.heading("类别", "spare"),
    panel.heading("已验证 / 应覆盖", "number"),
    panel.heading("还差家数", "number"),
    panel.heading("名单未验证", "number", "spare"),
    panel.heading("责任银行"),
)


COLUMNS = ("venue_id", "name", "kind", "verified", "eligible", "needed", "named_missing",
           "operator", "status")  # fmt: skip


def show(
    key: str,
    title: str,
    venues: pd.DataFrame,
    on_choose: Callable[[str], None],
    *,
    most: int = 0,
) -> None:
    """Draw `venues`, rows with names for codes; `on_choose` gets what the selection calls one.

    The list scrolls where it is higher than `most` pixels.
    """
    rows = [
        panel.Row(
            f"{name}({code})",
            f"{name}({code})",
            panel.named(name, dot=palette.VENUE_COLOURS[status]),
            (
                panel.cell(kind, "soft", "spare"),
                panel.cell(f"{labels.count(verified)} / {labels.count(eligible)}", "number"),
                panel.cell(venue_card.owing(needed), "number", "strong"),
                panel.cell(labels.count(unverified), "number", "soft", "spare"),
                panel.cell(operator, "soft"),
            ),
        )
        for code, name, kind, verified, eligible, needed, unverified, operator, status in cells(
            venues, *COLUMNS
        )
    ]
    panel.show(key, title, _HEADINGS, rows, on_choose, most=most)
