"""Checks of records that can be read: days, duplicates, places, links.

A *problem* rejects rows: a frame of column, value and reason, indexed by the row. A *note* sends
an accepted row to a person.
"""

import math
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b

import pandas as pd

from loaders.formats.cell_sheet import Sheet
from loaders.kinds import Kind
from loaders.reading.cell_parsing import plain, text

Problem = pd.DataFrame

_MONTHLY = ("INFO", "PROGRESS")  # filings of the month in which they come, if they state none
_NOT_BEFORE = {
    "contracted_on": ("opened_on", "inspected_on", "paid_on", "closed_on"),
    "declared_on": ("planned_on", "plaque_on", "withdrawn_on"),
}
_DAYS = {
    "contracted_on": "签约",
    "opened_on": "开通",
    "inspected_on": "巡检",
    "paid_on": "交易",
    "closed_on": "注销",
    "declared_on": "申报",
    "planned_on": "方案",
    "plaque_on": "挂牌",
    "withdrawn_on": "撤销",
}
_DRAWN = timedelta(days=31)  # after the day that a list speaks for
_POINT_DECIMALS = 4  # about 10 m


def problem(column: str, cells: pd.Series, reasons: pd.Series) -> Problem:
    """Problem of the rows in the index of `reasons`."""
    values = [text(cell) for cell in cells.loc[reasons.index]]
    return pd.DataFrame(
        {"column": column, "value": values, "reason": reasons}, index=reasons.index, dtype="str"
    )


def reason(holds: pd.Series, sentence: str) -> pd.Series:
    """One reason for the rows where a condition holds."""
    return pd.Series(sentence, index=holds.index[holds], dtype="str")


def joined(first: pd.Series, second: pd.Series) -> pd.Series:
    """Two notes in one, each sentence once; null where neither says anything."""
    result = first.fillna(second)
    both = first.notna() & second.notna()
    if both.any():
        result.loc[both] = list(map(_sentences, first[both], second[both]))
    return result


@lru_cache(maxsize=4096)
def _sentences(first: str, second: str) -> str:
    return "；".join(dict.fromkeys([*first.split("；"), *second.split("；")]))


def to_come(
    rows: pd.DataFrame, kind: Kind, today: date, as_at: date | None = None
) -> list[Problem]:
    """Rows that report what has not happened yet, by `today` or when a list was drawn.

    That is some days after `as_at`, the day that it speaks for.
    """
    drawn = today if as_at is None else min(today, as_at + _DRAWN)
    found = []
    for column in kind.past_days:
        last = drawn if column in kind.events.values() else today
        told = f"晚于今天（{today}），请核对"
        if last < today:
            told = f"比数据截止日期（{as_at}）晚 {_DRAWN.days} 天以上，请核对这两个日期"
        late = rows[column] > pd.Timestamp(last)
        shown = rows.loc[late, column].dt.strftime("%Y-%m-%d").astype("str")
        found.append(problem(column, shown, "“" + shown + "”" + told))
    return found


def unsaid(rows: pd.DataFrame, columns: Collection[str]) -> Problem:
    """Rows of indicators that leave open whose figures they are, though the file has a column.

    `columns` are those of the file. Only 全市, 全部 and the like mean the whole.
    """
    whole = {
        "county": "没有填写，全市的请写“全市”",
        "operator": "没有填写，全部机构的请写“全部”",
    }
    blank = pd.Series("", index=rows.index, dtype="str")
    return pd.concat([
        problem(column, blank, reason(rows[column].isna() & (column in columns), sentence))
        for column, sentence in whole.items()
    ])  # fmt: skip


def early(rows: pd.DataFrame, day: str) -> Problem:
    """Figures and monthly reports of a month that had not begun on the day of the column `day`."""
    rows = rows[_monthly(rows)]
    soon = rows[day] < rows["month"]
    shown = rows.loc[soon, day].dt.strftime("%Y-%m-%d").astype("str")
    month = rows.loc[soon, "month"].dt.strftime("%Y-%m").astype("str")
    return problem(day, shown, "“" + shown + "”早于所写的月份（" + month + "），请核对")


def identified(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Rows with `derived_id`: those without an id get one of what they say (`Kind.identity`).

    It is the same in every file that writes these alike. So another report of the same title and
    month, filed later, is another filing.
    """
    if not kind.identity:
        return rows
    missing = rows[kind.id_column].isna()
    rows = rows.assign(derived_id=missing)
    words = [_words(rows[missing], column) for column in kind.identity]
    records = ["|".join(record).encode() for record in zip(*words, strict=True)]
    ids = ["auto-" + blake2b(record, digest_size=8).hexdigest() for record in records]
    rows.loc[missing, kind.id_column] = ids
    return rows


def _words(rows: pd.DataFrame, column: str) -> list[str]:
    """What rows say in a column of their identity, '' where they say nothing."""
    if column == "point":
        points = zip(rows["lon"], rows["lat"], strict=True)
        return [
            "" if math.isnan(lon) else f"{lon:.{_POINT_DECIMALS}f},{lat:.{_POINT_DECIMALS}f}"
            for lon, lat in points
        ]
    cells: pd.Series = rows[column]
    if pd.api.types.is_datetime64_any_dtype(cells):
        days = cells.dt.strftime("%Y-%m" if column == "month" else "%Y-%m-%d").astype("str")
        return list(days.fillna(""))
    if column.endswith("_id"):
        return list(cells.fillna(""))
    return [plain(cell) if isinstance(cell, str) else "" for cell in cells]


def of_a_month(rows: pd.DataFrame, day: str) -> pd.DataFrame:
    """Rows with the month in which they came (column `day`), where a monthly one states none."""
    came = rows[day].dt.to_period("M").dt.to_timestamp().astype(rows["month"].dtype)
    return rows.assign(month=rows["month"].fillna(came.where(_monthly(rows))))


def _monthly(rows: pd.DataFrame) -> pd.Series:
    """Whether rows are of one month: figures, and the kinds of filings that are due every month."""
    if "kind_id" not in rows:
        return pd.Series(True, index=rows.index)
    return rows["kind_id"].isin(_MONTHLY)


def repeated(rows: pd.DataFrame, kind: Kind, sheet: Sheet) -> Problem:
    """Rows whose record stands again further down: the last one holds."""
    key = [*kind.key, *(["name"] if "twin" in rows and rows["twin"].any() else [])]
    again = rows[rows.duplicated(key, keep=False)]
    last = again.groupby(key, dropna=False, sort=False)["source_row"].transform("last")
    earlier = last[again["source_row"] != last]
    earlier = earlier[~earlier.index.duplicated()]
    shown = again.loc[~again.index.duplicated(), kind.key[-1]].loc[earlier.index].astype("str")
    reasons = [
        f"与第 {row} 行完全相同，只留后一行"
        if sheet.rows[row - 1] == sheet.rows[number - 1]
        else f"与第 {row} 行重复，以后一行为准"
        for number, row in zip(earlier.index, earlier, strict=True)
    ]
    return problem(kind.key[-1], shown, pd.Series(reasons, index=earlier.index, dtype="str"))


def twins(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Rows with `twin`: another row has the same number of its bank and another name.

    Both are kept, and a note asks which of the two has the number.
    """
    if not kind.in_venue or "name" not in rows:
        return rows
    key = list(kind.key)
    again = rows[rows[kind.id_column].notna() & rows.duplicated(key, keep=False)]
    named = again["name"].map(plain)
    several = named.groupby([again[name] for name in key], dropna=False).transform("nunique") > 1
    twin = several.reindex(rows.index, fill_value=False)
    if not twin.any():
        return rows.assign(twin=False)
    sentence = twin_note(rows.loc[twin, kind.id_column], kind.noun)
    return rows.assign(twin=twin, note=joined(rows["note"], sentence.reindex(rows.index)))


def twin_note(ids: pd.Series, noun: str) -> pd.Series:
    """What is asked of records, called `noun`, of different names that have one number."""
    number = ids.str.partition("#")[0]  # without the sign that tells them apart
    return "编号“" + number + f"”下有名称不同的{noun}，都已收下，请核对编号"


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a note where a later state is dated before the contract or the declaration."""
    for start in (c for c in _NOT_BEFORE if c in rows):
        for column in (c for c in _NOT_BEFORE[start] if c in rows):
            sentence = f"{_DAYS[column]}日期早于{_DAYS[start]}日期"
            note = reason(rows[column] < rows[start], sentence).reindex(rows.index)
            rows = rows.assign(note=joined(rows["note"], note))
    return rows


def _bare(number: str) -> str:
    """A number without leading zeros; any other id as it is."""
    return number.lstrip("0") if number.isdecimal() else number


def linked(rows: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Rows with `venue_id` from the register, by id or by a name that only one venue has.

    An id that lost its leading zeros is that of the only venue that it may be.
    """
    ids = dict.fromkeys(register["venue_id"])
    names = register.assign(plain=register["name"].map(plain))
    single = names[~names.duplicated("plain", keep=False)]
    known = dict(zip(single["plain"], single["venue_id"], strict=True))
    known |= {venue_id: venue_id for venue_id in ids}
    shared = set(names.loc[names.duplicated("plain"), "plain"])
    bare = pd.Series(list(ids), list(map(_bare, ids)), dtype="str")
    bare = bare[~bare.index.duplicated(keep=False)]
    notes, found = {}, {}
    for written in rows["venue_id"].dropna().unique():
        found[written] = known.get(written) or known.get(plain(written)) or bare.get(_bare(written))
        if found[written] is None:
            why = "在名录里不止一处，请填区域编号" if plain(written) in shared else "不在名录里"
            notes[written] = f"特定区域“{written}”{why}"
    note = rows["venue_id"].map(notes).astype("str")
    venue_id = rows["venue_id"].map(found).astype("str")
    return rows.assign(venue_id=venue_id, note=joined(rows["note"], note))
