"""Oddities among the changes of files that a person should look at before publishing."""

from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from domain import reference, rules
from domain.typed_rows import rows
from loaders.comparing.attribute_changes import named, number
from loaders.comparing.difference import totals
from loaders.kinds import KINDS, Kind


class _Totals(NamedTuple):
    before: int
    gone: int
    removed: int
    moved_out: int
    after: int

    @property
    def lost_share(self) -> float:
        """Share of the records that are lost here; of none, none is."""
        return (self.gone + self.removed + self.moved_out) / max(self.before, 1)


class _Moved(NamedTuple):
    key: str
    name: str
    county: str
    county_was: str
    moved_m: float


class _Figure(NamedTuple):
    key: str
    name: str
    change: str
    value: float
    value_before: float


_Odd = list[tuple[float, str, str, str]]  # weight, what, subject, key


def odd(changes: pd.DataFrame, kind: str, today: date) -> pd.DataFrame:
    """Oddities of `changes` (`difference.between`), the gravest first.

    Columns: weight, what (a Chinese sentence with the numbers),
    subject ('operator', 'county', 'file', 'record'), key (operator id, county code, file name,
    record key; '' where unknown). The whole part of a weight is how grave that kind of oddness
    is, 5 to 1; the rest is its extent. `today` decides which deadline is near.
    """
    about = KINDS[kind]
    if about.figures:
        found = _jumps(changes, about)
    else:
        theirs = changes[changes["theirs"]]
        found = _losses(theirs, "operator_id", about) if about.has_bank else []
        found += [*_losses(theirs, "county_code", about), *_growth(theirs, about)]
        found += [*_rewritten(changes), *_moves(changes, about)]
        found += _shrunk(changes, today) if about.measure else []
    odd = pd.DataFrame(found, columns=["weight", "what", "subject", "key"])
    odd = odd.astype({"weight": "float64", "what": "str", "subject": "str", "key": "str"})
    return odd.sort_values("weight", ascending=False, kind="stable", ignore_index=True)


def _weight(level: int, extent: float) -> float:
    return level + min(extent, 0.999)


def _losses(changes: pd.DataFrame, by: str, kind: Kind) -> _Odd:
    """Operators or counties that lost a large share of their records."""
    counts = totals(changes, by)
    subject, unknown = ("operator", "未注明机构") if by == "operator_id" else ("county", "未定位")
    unknown = "全市" if "county" in kind.city_wide else unknown
    odd = []
    for row, key, name in zip(
        rows(counts, _Totals), counts[by], named(counts[by], by).fillna(unknown), strict=True
    ):
        if row.lost_share < rules.number("odd_lost_share"):
            continue
        parts = {"未再报送": row.gone, "撤下": row.removed, "转到别处": row.moved_out}
        lost = "，".join(f"{count:,} 条{label}" for label, count in parts.items() if count)
        what = (
            f"{name}的{kind.noun}原有 {row.before:,} 条，{lost}（共 {row.lost_share:.0%}），"
            f"发布后为 {row.after:,} 条，请核对报送是否齐全"
        )
        odd.append((_weight(5, row.lost_share), what, subject, "" if pd.isna(key) else key))
    return odd


def _growth(changes: pd.DataFrame, kind: Kind) -> _Odd:
    """Operators whose records multiplied."""
    counts = totals(changes, "operator_id").dropna(subset="operator_id")
    counts = counts[counts["before"] >= rules.count("odd_least_count")]
    counts = counts[counts["after"] >= rules.count("odd_growth_factor") * counts["before"]]
    banks = counts["operator_id"]
    return [
        (
            _weight(3, 1 - row.before / row.after),
            f"{name}的{kind.noun}从 {row.before:,} 条增加到 {row.after:,} 条"
            f"（{row.after / row.before:.1f} 倍），请核对是否重复报送",
            "operator",
            bank,
        )
        for row, bank, name in zip(
            rows(counts, _Totals), banks, named(banks, "operator_id"), strict=True
        )
    ]


def _rewritten(changes: pd.DataFrame) -> _Odd:
    """Files in which many of the records known before have another address."""
    known = changes[changes["sent"] & (changes["change"] != "new")]
    changed = (";" + known["attributes"] + ";").str.contains(";address;")
    files = changed.groupby(known["source_file"])
    odd = []
    for file, count, of in zip(files.sum().index, files.sum(), files.size(), strict=True):
        if of >= rules.count("odd_least_count") and count / of > rules.number("odd_address_share"):
            what = (
                f"文件“{file}”里原有的 {of:,} 条记录中，{count:,} 条改了地址"
                f"（{count / of:.0%}），请核对行与行是否错位"
            )
            odd.append((_weight(3, count / of), what, "file", file))
    return odd


def _moves(changes: pd.DataFrame, kind: Kind) -> _Odd:
    """Records that went to another county: many from one to another together, then each."""
    both = changes["county_code"].notna() & changes["county_before"].notna()
    moved = changes[both & (changes["county_code"] != changes["county_before"])]
    moved = moved.assign(
        county=named(moved["county_code"], "county_code"),
        county_was=named(moved["county_before"], "county_code"),
    )
    odd = [
        (
            _weight(1, row.moved_m / 1e6 if row.moved_m > 0 else 0.0),
            f"{kind.noun}“{row.name}”（{row.key}）从{row.county_was}改到{row.county}，请核对地址",
            "record",
            row.key,
        )
        for row in rows(moved, _Moved)
    ]
    together = moved.groupby(["county_before", "county_was", "county"], as_index=False).size()
    for code, was, now, count in together.itertuples(index=False, name=None):
        if count >= rules.count("odd_least_count"):
            share = count / (changes["county_before"] == code).sum()
            what = f"有 {count:,} 条{kind.noun}从{was}改到{now}，请核对地址和坐标系"
            odd.append((_weight(3, share), what, "county", code))
    return odd


def _shrunk(changes: pd.DataFrame, today: date) -> _Odd:
    """Venues whose denominator shrank, graver before a deadline."""
    less = changes[changes["sent"] & (changes["value"] < changes["value_before"])]
    deadline = _deadline(today)
    level = 4 if deadline else 2
    odd = []
    for row in rows(less, _Figure):
        lost = 1 - row.value / row.value_before
        what = (
            f"“{row.name}”（{row.key}）的应覆盖商户数从 {number(row.value_before)} 家减少到 "
            f"{number(row.value)} 家（减少 {lost:.0%}）{deadline}，请主管部门说明依据"
        )
        odd.append((_weight(level, lost), what, "record", row.key))
    return odd


def _deadline(today: date) -> str:
    """The next target that falls due soon, one judged by venues before others; '' if none."""
    last = today + timedelta(days=rules.count("odd_deadline_days"))
    table = reference.table("targets")
    columns = (table[name] for name in ("due", "measure", "target_id", "target"))
    soon = [
        (date.fromisoformat(due), "场所" not in measure, target_id, target)
        for due, measure, target_id, target in zip(*columns, strict=True)
        if due[:1].isdigit() and today <= date.fromisoformat(due) <= last
    ]
    if not soon:
        return ""
    due, _, target_id, target = min(soon)
    return f"，距 {target_id}“{target}”{due} 到期还有 {(due - today).days} 天"


def _jumps(changes: pd.DataFrame, kind: Kind) -> _Odd:
    """Figures many times larger or smaller than they were, or than the month before."""
    figures = changes[changes["change"] != "removed"].sort_values("key")
    earlier = figures.groupby(figures["key"].str[7:], sort=False)["value"].shift()
    figures = figures.assign(value_before=figures["value_before"].fillna(earlier))
    fresh = figures["change"].isin(["new", "changed"])
    fresh &= (figures["value_before"] > 0) & (figures["value"] > 0)
    odd = []
    for row in rows(figures[fresh], _Figure):
        times = max(row.value / row.value_before, row.value_before / row.value)
        if times >= rules.count("odd_jump_factor"):
            compared_to = "原报" if row.change == "changed" else "上一期"
            verb = "增加到" if row.value > row.value_before else "减少到"
            what = (
                f"{kind.noun}“{row.name}”从{compared_to} {number(row.value_before)} {verb} "
                f"{number(row.value)}（相差 {times:,.0f} 倍），请核对单位是{kind.unit_slip}"
            )
            odd.append((_weight(4, 1 - 1 / times), what, "record", row.key))
    return odd
