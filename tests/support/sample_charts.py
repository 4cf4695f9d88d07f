"""Charts of every kind of mark, small enough to check by hand."""

from datetime import date

import numpy as np
import pandas as pd

from presentation import board_charts, charts
from presentation.chart_spec import Chart, Line, Series
from presentation.palette import GOOD, MAIN, UNKNOWN_COLOUR

DAYS = pd.date_range("2026-01-31", periods=4, freq="ME")


def lines():
    """Two lines, one with a gap, and a deadline whose words are hostile."""
    frame = pd.DataFrame(
        {"day": DAYS, "verified": [0.1, np.nan, 0.3, 0.4], "due": [0.2, 0.3, 0.4, 0.55]}
    )
    series = (Series("verified", "已验证", width=3), Series("due", "应达线", dash="dash"))
    deadline = Line(DAYS[1], "期限 <甲>", upright=True)
    return Chart(frame, "day", series, "share", message="达标率40.0%", top=1, lines=(deadline,))


def rows():
    """Stacked bars under two headings, in two colours, with words."""
    frame = pd.DataFrame(
        {"name": ["海州区  第1", "灌云县  第2", "<b>某</b>板块"], "group": ["县区", "县区", "板块"],
         "good": [0.7, np.nan, 0.2], "late": [np.nan, 0.5, np.nan], "rest": [np.nan, 0.2, np.nan],
         "words": ["70.0%  7/10", "50.0%  5/10", "20.0%  1/5"]}
    )  # fmt: skip
    series = (
        Series("good", "达标", "bar", GOOD),
        Series("late", "落后", "bar", MAIN),
        Series("rest", "未知", "bar", UNKNOWN_COLOUR),
    )
    return Chart(frame, "name", series, "share", lying=True, stacked=True, top=1,
                 lines=(Line(0.9, "应达 90%"),), words="words", group="group")  # fmt: skip


def bounds():
    """Dots with bounds on both sides of zero, and a mark."""
    frame = pd.DataFrame({"area": ["甲县", "乙县"], "sure": [0.2, np.nan], "open": [np.nan, -0.1],
                          "low": [0.1, -0.3], "high": [0.4, 0.2], "mark": [0.3, 0.1]})  # fmt: skip
    series = (
        Series("sure", "已定", "dot", low="low", high="high"),
        Series("open", "未定", "dot", low="low", high="high", hollow=True),
        Series("mark", "应达", "tick"),
    )
    return Chart(frame, "area", series, "points", axis="变化（百分点）", lying=True)


def steps():
    """Steps over a number."""
    ways = pd.DataFrame(
        {"way": ["plan", "plan", "even", "even", "largest", "largest"],
         "signings": [1, 4, 2, 4, 3, 4], "venues_closed": [1, 2] * 3}
    )  # fmt: skip
    return charts.plan(ways, 5, 2, 3)


def stacks():
    """Counts by month, one above the other."""
    months = [month for month in ("2026-01-31", "2026-02-28") for _ in range(3)]
    states = ["declared", "mature", "mature", "kept", "mature", "declared"]
    return charts.cluster_states(pd.DataFrame({"as_of": months, "state": states}))


def grid():
    """Tiles."""
    shares = {"area": ["甲", "甲", "乙", "乙"], "rank": [1, 2, 1, 2], "share": [1, 0, 0.25, 0.75]}
    return board_charts.stability(pd.DataFrame(shares))


def spans():
    """Phases over time."""
    phases = {"phase": ["试点", "推广"], "start": ["2026-01-01", "2026-03-01"]}
    return charts.phases(pd.DataFrame({**phases, "end": ["2026-03-01", ""]}), date(2026, 4, 30))


CHARTS = [lines, rows, bounds, steps, stacks, grid, spans]
