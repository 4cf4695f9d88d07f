"""What a chart is, apart from who draws it: a frame, its series, scale, lines and words.

The screen, print, Excel and PowerPoint draw the same `Chart`, so colours, order, words and ticks
agree by construction.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd

from presentation.palette import DUE, MAIN

Mark = Literal["line", "step", "bar", "dot", "tick", "span", "tile"]
Dash = Literal["solid", "dash", "dot"]
Form = Literal["share", "points", "count"]
"""A share of 1, a change of a share in percentage points, a number."""

WAN = 10_000
_APART = 0.06  # of the scale between the values that are written at the ends of lines
_OVER, _VALUE = {True: "日期", False: "名称"}, "数值"
_TICKS, _LYING_TICKS = 6, 4  # on a scale, at most; from left to right there is less room
_LEAST: dict[Form, float] = {"share": 1.0, "points": 0.1, "count": 1.0}  # of a scale of zeros
_NEARLY = 0.9  # of the room of a label, which months of different lengths leave
_MONTHS = (1, 2, 3, 6, 12, 24, 48)  # between labels


@dataclass(frozen=True)
class Series:
    """A column of the chart's frame, and how it is drawn; no value, no mark.

    `label` names it in the legend, which has no entry for ''. A `line` stops where a value is
    missing; a `step` holds its value up to the next. `low` and `high` are columns of bounds; a
    `span` reaches from the column `low` to its own. `told` is a column of what is said of a point.
    """

    column: str
    label: str = ""
    mark: Mark = "line"
    colour: str = MAIN
    width: float = 2.5  # of a line, in points
    dash: Dash = "solid"
    hollow: bool = False
    low: str = ""
    high: str = ""
    told: str = ""


@dataclass(frozen=True)
class Line:
    """A line across the whole chart at a value of the scale, or at a place of what it is over."""

    at: Any
    label: str = ""
    colour: str = DUE
    dash: Dash = "dash"
    upright: bool = False
    """At a day of charts over days; else at a value, whichever way values run."""


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart over the column `over` of `frame`: days, names, or numbers, in the frame's order.

    `lying` charts have a row a name, the first on top, and values from left to right; `words`, a
    column, stand at the end of each row, and `group`, a column, heads rows that belong together.
    The scale ends at `top` where one is given. `message` is the sentence that the chart bears out,
    `notes` what has to be known to read it, `empty` the sentence instead of an empty chart.
    """

    frame: pd.DataFrame
    over: str
    series: tuple[Series, ...]
    form: Form = "count"
    axis: str = ""
    unit: str = ""
    message: str = ""
    lying: bool = False
    stacked: bool = False
    top: float | None = None
    lines: tuple[Line, ...] = ()
    words: str = ""
    group: str = ""
    chosen: str = ""
    notes: tuple[str, ...] = ()
    empty: str = ""
    whole: bool = False
    """Whether values are whole numbers, which have no ticks between them."""

    @property
    def over_days(self) -> bool:
        """Whether the chart is over time."""
        return pd.api.types.is_datetime64_any_dtype(self.frame[self.over])

    @property
    def over_names(self) -> bool:
        """Whether the chart has a place for each name."""
        return bool(self.frame[self.over].dtype == object) or pd.api.types.is_string_dtype(
            self.frame[self.over]
        )

    def shown(self, one: Series) -> pd.DataFrame:
        """The rows of a series: all of a line, which has gaps, of others those with a value."""
        return self.frame if one.mark == "line" else self.frame[self.frame[one.column].notna()]

    def below(self, one: Series) -> list[str]:
        """The columns of the bars that a bar is stacked on."""
        bars = [other.column for other in self.series if other.mark == "bar"]
        return bars[: bars.index(one.column)] if self.stacked else []

    def named(self) -> list[Series]:
        """The series of the legend: those with a label and a value."""
        return [one for one in self.series if one.label and self.frame[one.column].notna().any()]

    def ends(self) -> list[tuple[Any, float]]:
        """Where lines over time end, (place, value), the widest first, those too close left out."""
        low, high, _ = self.scale()
        found: list[tuple[Any, float]] = []
        lines = [one for one in self.series if one.mark == "line"] if self.over_days else []
        for one in sorted(lines, key=lambda one: -one.width):
            known = self.frame[self.frame[one.column].notna()]
            if known.empty or known[self.over].iloc[-1] != self.frame[self.over].iloc[-1]:
                continue
            value = float(known[one.column].iloc[-1])
            if all(abs(value - other) > (high - low) * _APART for _, other in found):
                found.append((known[self.over].iloc[-1], value))
        return found

    def beside(self) -> list[str]:
        """What stands to the right of the chart: the words of rows, or the values of `ends`."""
        if self.words:
            return list(self.frame[self.words])
        return [self._short(value) for _, value in self.ends()]

    def points(self) -> pd.DataFrame:
        """The data of the chart as a table: what it is over, and a column for each series."""
        over = self.axis if not self.over_days and not self.over_names else _OVER[self.over_days]
        columns: dict[str, Any] = {over: self.frame[self.over]}
        if self.group and self.frame[self.group].any():
            columns = {"榜": self.frame[self.group], **columns}
        for one in self.series:
            name = one.label or self.axis or _VALUE
            columns |= {f"{name}（起）": self.frame[one.low]} if one.mark == "span" else {}
            columns[name] = columns.get(name, self.frame[one.column]).fillna(self.frame[one.column])
            if one.high:
                columns[f"{name}（最低）"] = self.frame[one.low].where(columns[name].notna())
                columns[f"{name}（最高）"] = self.frame[one.high].where(columns[name].notna())
        if self.words:
            columns["说明"] = self.frame[self.words]
        table = pd.DataFrame(columns)
        days = [name for name in table if pd.api.types.is_datetime64_any_dtype(table[name])]
        return table.assign(**{str(name): table[name].dt.date for name in days})

    def kind(self, heading: str) -> str:
        """The format of a column of `points`, as tables name it."""
        plain = {*_OVER.values(), "榜", "说明", self.axis if self.form == "count" else ""}
        return "percent" if self.form != "count" and heading not in plain else ""

    def reach(self) -> tuple[float, float]:
        """The least and the greatest value that is drawn, zero among them."""
        columns = {part for one in self.series for part in (one.column, one.low, one.high) if part}
        if self.stacked:
            bars = [one.column for one in self.series if one.mark == "bar"]
            frame = self.frame.assign(_stack=self.frame[bars].sum(axis=1))
            values = frame[[*(columns - set(bars)), "_stack"]]
        else:
            values = self.frame[sorted(columns)]
        numbers = values.apply(pd.to_numeric).to_numpy(float)
        found = [float(value) for value in numbers.ravel() if not math.isnan(value)]
        found += [float(line.at) for line in self.lines if not line.upright]
        return min([0.0, *found]), max([0.0, *found])

    def scale(self) -> tuple[float, float, list[float]]:
        """Where the scale of values begins and ends, and its ticks at 1, 2, 5 times ten to n."""
        low, high = self.reach()
        if self.top is not None:
            high = self.top
        reach = high - low or _LEAST[self.form]
        step = nice_step(reach, _LYING_TICKS if self.lying else _TICKS, whole=self.whole)
        first = math.floor(low / step + 1e-9)
        last = max(math.ceil(high / step - 1e-9), first + 1)
        marks = [round(number * step, 10) for number in range(first, last + 1)]
        return marks[0], max(marks[-1], high), marks

    def number(self, value: float) -> str:
        """A value as the scale writes it: a percentage, points, or a number in 万."""
        if self.form == "share":
            return f"{value:.0%}"
        if self.form == "points":
            text = f"{value * 100:+.0f}"
            return text if float(text) else "0"
        return in_wan(value, self.unit)

    def _short(self, value: float) -> str:
        """A value at the end of a line: a share to a tenth of a percent."""
        return rounded(value, self.unit) if self.form == "count" else self.exact(value)

    def exact(self, value: float) -> str:
        """A value as it is said of a point."""
        if self.form == "share":
            return f"{value:.1%}"
        if self.form == "points":
            return f"{value * 100:+.1f} 个百分点"
        return f"{value:,.10g}{' ' + self.unit if self.unit else ''}"


def rounded(value: float, unit: str) -> str:
    """A number as a scale in this unit writes it: 亿 with two decimals at most and 万 with one.

    These are the decimals of `labels.large`. A smaller number has at most four digits.
    """
    for size, places in ((WAN * WAN, 2), (WAN, 1)) if "万" not in unit else ():
        if abs(value) >= size:
            return in_wan(round(value / size, places) * size, unit)
    return in_wan(float(f"{value:.4g}"), unit)


def in_wan(value: float, unit: str) -> str:
    """A round number in words of a scale: 8,000, 2万, 125万, 1.2亿; of 万元 in figures alone."""
    for size, name in ((WAN * WAN, "亿"), (WAN, "万")) if "万" not in unit else ():
        if abs(value) >= size:
            return f"{value / size:,.6g}{name}"
    return f"{value:,.10g}"


def nice_step(reach: float, most: int, *, whole: bool = False) -> float:
    """The smallest of 1, 2, 5 times ten to n that divides `reach` into at most `most` parts."""
    rough = reach / (most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough * (1 - 1e-9))
    return max(step, 1.0) if whole else step


def month_ticks(days: Sequence[date] | pd.Series, most: int) -> list[pd.Timestamp]:
    """The days of `days` to label with their month, at most `most`: the last one always.

    Counted back from the last in whole months, so that an as-of day early in a month moves nothing.
    """
    every = sorted({pd.Timestamp(day) for day in days})
    numbers = [day.year * 12 + day.month for day in every]
    last = dict(zip(numbers, every, strict=True))
    for step in _MONTHS:
        found = [last[one] for one in last if (numbers[-1] - one) % step == 0]
        if len(found) <= most:
            return _spread(found, (every[-1] - every[0]) / most)
    return [every[-1]]


def _spread(days: list[pd.Timestamp], apart: pd.Timedelta) -> list[pd.Timestamp]:
    """Those of rising `days` that are `apart`, counted back from the last."""
    kept = [days[-1]]
    for day in reversed(days[:-1]):
        if kept[-1] - day >= apart * _NEARLY:
            kept.append(day)
    return kept[::-1]
