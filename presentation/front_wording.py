"""The words of the front page: what the number means, and what there is to decide."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from domain import pace, reference, rules
from domain.typed_rows import cells
from presentation import labels, legends, ranking_listings
from queries import attainment, board_standings, lapsing_soon, plans, untold
from queries.engine import remembered
from queries.lapsing_soon import LAPSING
from queries.proposals import Proposal
from queries.scope import Scope

_STAGES = {"签约": "未签", "再次上门": "未签", "摸底": "名单上没有"}
"""How far a shop is by what is to be done there; for all else it is signed."""


@dataclass(frozen=True)
class Decision:
    """A question that can be answered with yes, and its effect."""

    question: str
    effect: str


def worst(areas: pd.DataFrame, due: float) -> str:
    """The areas furthest below the due line, and by how many venues; '' where none is below it.

    `areas` are rows of `venue_listings.worst_first`, the worst first.
    """
    behind = areas[legends.furthest(areas["share"], due)]
    few = rules.count("small_board")
    told = [
        f"{area} {labels.percent(share)}，差 {more:,.0f} 个场所"
        + (f"（只有 {venues:,.0f} 个）" if venues < few else "")
        for area, share, more, venues in cells(behind, "area", "share", "more", "venues")
    ]
    return "最落后：" + "；".join(told) if told else ""


def below(share: float, due: float) -> str:
    """How many points a share is below the due line; 0 where it is not below it."""
    if pd.isna(share):
        return labels.UNKNOWN
    return labels.apart(due, share).removesuffix("个百分点") if share < due else "0"


def owed(more: float, units: float, uncounted: float) -> str:
    """What an area lacks up to the due line: venues, and the fewest shops that cover them.

    Of `uncounted` of the venues nobody knows how many shops they take.
    """
    if pd.isna(more):
        return labels.UNKNOWN
    if not more:
        return "已达到"
    parts = (
        f"补 {units:,.0f} 家" if units else "",
        f"待核 {uncounted:,.0f} 个" if uncounted else "",
    )
    return f"{more:,.0f} 个（{'，'.join(filter(None, parts))}）"


def points(delta: float) -> str:
    """A month's move in points, signed; 持平 where there is none, — where it is unknown."""
    return "—" if pd.isna(delta) else labels.signed(delta, "")


def since_last_month(city: pd.Series, before: pd.Series, changes: pd.DataFrame) -> str:
    """The month's move of the scope, and the venues behind it."""
    moved = points((city["share_verified"] - before["share_verified"]) * 100)
    counts = changes["change"].value_counts()
    parts = [
        f"{label} {counts[change]} 个"
        for change, label in (("covered", "新达标"), ("lapsed", "退出"))
        if change in counts
    ]
    text = {"持平": "与上月持平", "—": "上月未知"}.get(moved, f"比上月 {moved} 点")
    return text + (f"（{'，'.join(parts)}）" if parts else "")


def unmoved(scope: Scope) -> str:
    """What is lacking, on either day, to know which venues moved in the month; '' for nothing."""
    before = replace(scope, as_of=attainment.month_before(scope.as_of))
    days = ((one.as_of, untold.coverage(one)) for one in (before, scope))
    return "，".join(f"{day} {labels.UNTOLD[lack]}" for day, lack in days if lack)


def ceiling(city: pd.Series) -> str:
    """How many venues await their count, and the share with all of them covered; '' without any."""
    if not city["unknown"] > 0:
        return ""
    most = (city["covered_verified"] + city["unknown"]) / city["venues"]
    return f"{city['unknown']:,.0f} 个应覆盖数待核，都达标是 {labels.percent(most)}"


@remembered
def rank(scope: Scope) -> str:
    """The rank of the scope's area on its board, with the ranks that the unknown leave open."""
    for kind, name in (("county", "县区"), ("zone", "功能板块")):
        board = board_standings.ranks(scope, kind)
        own = board[board["area_id"] == scope.area_id]
        if own.empty:
            continue
        row, ranked = own.iloc[0], int(board["rank"].notna().sum())
        if pd.isna(row["rank"]):
            return f"不排名：{row['reason']}"
        tied = "并列" if row["tied"] else ""
        best, worst = int(row["rank_best"]), int(row["rank_worst"])
        text = f"{name}第 {int(row['rank'])} 位{tied}（共 {ranked} 个）"
        if best != worst:
            text += f"，可能在第 {labels.rank_range(best, worst)} 位"
        return text + _way_up(scope, kind)
    return ""


def _way_up(scope: Scope, kind: str) -> str:
    """What would take the area past the one above it."""
    ways = ranking_listings.ways_board(replace(scope, area_id=""), kind)
    own = ways[ways["area_id"] == scope.area_id]
    if own.empty or pd.isna(own["next_more"].iloc[0]):
        return ""
    row = own.iloc[0]
    units = "" if pd.isna(row["next_units"]) else f"（补 {row['next_units']:,.0f} 家）"
    return f"；再达标 {row['next_more']:,.0f} 个场所{units}就超过{row['next_rivals']}"


@remembered
def way(scope: Scope) -> tuple[int, str]:
    """The signings that take the scope to the due line or as far as they can, and what they bring.

    0 and '' where it is there already, or where it is unknown how far it is.
    """
    to = plans.to_due(scope)
    if to is None or not to.more:
        return 0, ""
    line, counted = labels.percent(pace.due_share(scope.as_of)), to.more - to.uncounted
    if not to.uncounted:
        short = len(attainment.plan(scope))
        text = f"最少补 {to.units:,} 家，{short:,} 个未达标的补上 {to.more:,} 个，就到应达线 {line}"
        return to.units, text + _nameless(scope, counted)
    city = attainment.city(scope).iloc[0]
    open_ones = f"{city['unknown']:,.0f} 个待核的还要有 {to.uncounted:,} 个达标"
    rest = f"要到应达线 {line}，{open_ones}，先核定应覆盖数"
    if not counted:
        return 0, rest
    share = labels.percent((city["covered_verified"] + counted) / city["venues"])
    text = f"补 {to.units:,} 家，能算的 {counted:,} 个场所全达标，也只到 {share}；{rest}"
    return to.units, text + _nameless(scope, counted)


def _nameless(scope: Scope, counted: int) -> str:
    """How many of the signings of the cheapest venues have no shop on any list, and where."""
    plan = attainment.plan(scope).head(counted)
    steps = plans.outlook(scope).steps
    steps = steps[(steps["part"] == "unnamed") & steps["venue_id"].isin(plan["venue_id"])]
    if steps.empty:
        return ""
    names = labels.listed(plan).set_index("venue_id")["name"]
    first = steps.iloc[0]
    known = len(steps) == 1 and first["venue_id"] in names
    where = names[first["venue_id"]] if known else ""
    return f"。其中{where} {steps['units'].sum():,} 家名单上没有店名，要先摸底"


@remembered
def cause(scope: Scope) -> str:
    """Why the scope is behind: what is not counted, what is short and at which step, whole kinds.

    '' where it is unknown, or nothing of it is the case.
    """
    city, outlook = attainment.city(scope).iloc[0], plans.outlook(scope)
    if not city["venues"] > 0 or pd.isna(city["covered_verified"]):
        return ""
    parts = []
    if city["unknown"]:
        parts.append(f"{city['unknown']:,.0f} 个场所应覆盖数待核")
    if len(outlook.plan):
        unit = "家（项）" if (outlook.steps["part"] == "link").any() else "家"
        parts.append(f"{len(outlook.plan):,} 个场所差 {outlook.plan['needed'].sum():,} {unit}")
        parts[-1] += f"，其中{'、'.join(_stages(outlook.steps))}"
    if city["kinds_at_zero"]:
        parts.append(f"有 {city['kinds_at_zero']:,.0f} 个类别的场所还没有一个达标")
    return "主因：" + "；".join(parts) if parts else ""


def _stages(steps: pd.DataFrame) -> list[str]:
    """The planned steps by how far the shop or link is: 未签 27 家, 签了未验证 60 家."""
    stage = (
        steps["action"].map(_STAGES).fillna("签了未验证").mask(steps["part"] == "link", "环节不通")
    )
    units = steps.groupby(stage)["units"].sum()
    order = {"未签": "家", "签了未验证": "家", "名单上没有": "家", "环节不通": "项"}
    return [f"{name} {units[name]:,} {unit}" for name, unit in order.items() if name in units]


@remembered
def owed_note(scope: Scope) -> str:
    """How what banks owe adds up: the unverified shops of the venues that are short or to count."""
    missing, short = attainment.missing(scope), attainment.plan(scope)["venue_id"]
    own = int(missing["venue_id"].isin(short).sum())
    text = f"共 {len(missing):,} 家：“最省的补法”各场所的“名单未验证”合计 {own:,} 家"
    if rest := len(missing) - own:
        text += f"，“应覆盖数待核”的 {rest:,} 家"
    return text + "，按门店自己的银行数。达标不必家家验证，所以比“还差”多。"


@remembered
def ending(scope: Scope) -> str:
    """What lapses soon unless somebody acts; '' where nothing does."""
    soon = lapsing_soon.rows(scope, LAPSING)
    if soon.empty:
        return ""
    falls, _ = lapsing_soon.falling(scope, LAPSING)
    text = (
        f"{scope.as_of.month} 月 {scope.as_of.day} 日起 {LAPSING} 天内有 {len(soon):,} 家（项）到期"
    )
    return text + (f"，不办会掉下 {falls:,} 个场所" if falls else "，不影响达标")


def decision(one: Proposal) -> Decision:
    """A proposal as a question with a verb, and its effect."""
    when = month_end(one.due)
    if one.sort == "venue":
        bank = reference.labels("operators", "operator_id", "operator")[one.unit]
        return Decision(f"同意由{bank}{when}前补齐{one.subject} {one.units:,} 家？", "多 1 个达标")
    if one.sort == "confirm":
        effect = "可算出还差多少家"
        if one.more:
            effect = f"{one.more:,} 个核定就达标，达标率可到 {labels.percent(one.after)}"
        if one.best < one.now[0]:
            effect = f"名次可由第 {one.now[0]} 升到第 {one.best}"
        return Decision(f"请{one.subject}{when}前核定 {one.units:,} 个场所的应覆盖数？", effect)
    if one.heard:
        bank = reference.labels("operators", "operator_id", "operator")[one.unit]
        day = f" {one.due.month} 月 {one.due.day} 日前"
        question = f"催{bank}{day}补报 {since(one.heard)}以来的名单、补办验证？"
        return Decision(question, f"不办，{one.more:,} 个达标场所退出")
    effect = f"多 {one.more:,} 个达标，{labels.percent(one.before)} → {labels.percent(one.after)}"
    where = "" if one.subject == "全市" else one.subject
    question = f"{where}{when}前先补最省的 {one.units:,} 家（签约、巡检）？"
    return Decision(question.lstrip(), effect)


def since(heard: date) -> str:
    """The first day of which a bank has not been heard, without the day where a month begins."""
    day = heard + timedelta(days=1)
    return f"{day.month} 月" if day.day == 1 else f"{day.month} 月 {day.day} 日"


def month_end(day: date) -> str:
    """The end of a month as people say it, 12 月底."""
    return f" {day.month} 月底"
