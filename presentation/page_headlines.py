"""The sentence on top of each page, in Markdown: a function a page, under the page's name.

Names from files are escaped, so that they cannot bring formats or links of their own.
"""

from dataclasses import replace
from datetime import date

import pandas as pd

from domain import rules
from domain.city import CITY
from domain.clusters import MATURE
from domain.ranking import BANDS
from domain.targets import STATUS, Standing
from domain.typed_rows import cells
from presentation import comparison_listings, labels, progress_listings, ranking_listings
from presentation.labels import plain
from queries import attainment, commitments, data_quality, untold
from queries.scope import Scope, area_name

NO_VENUES = "选定范围内名录里还没有特定区域。"


def overview(scope: Scope, city: pd.Series, due: float) -> str:
    """Covered venues and their share against the due line; of the whole city, who is lowest.

    The lowest is that of all counties and zones, whatever is unknown of it.
    """
    if lack := untold.coverage(scope):
        return f"截至 {scope.as_of}，{area_name(scope)}{coverage_untold(lack, city)}"
    if not city["venues"]:
        return f"截至 {scope.as_of}，{NO_VENUES}"
    text = (
        f"截至 {scope.as_of}，{area_name(scope)}特定区域达标 "
        f"{city['covered_verified']:,.0f}/{city['venues']:,.0f} 个，"
        f"达标率 **{labels.percent(city['share_verified'])}**，应达 {labels.percent(due)}"
    )
    lag = due - city["share_verified"]
    text += f"，**落后 {lag * 100:.1f} 个百分点**。" if lag > 0 else "，已达到应达线。"
    areas = attainment.areas(replace(scope, area_id="")).rename(columns={"share_verified": "share"})
    last = areas[areas["share"] == areas["share"].min()]
    if scope.area_id == "" and 0 < len(last) < areas["share"].count():
        text += f"最低的是 **{'、'.join(last['area'])}**（{labels.share_of(last)}）。"
    return text


def coverage_untold(lack: str, city: pd.Series) -> str:
    """That it is unknown how many venues are covered, and what is lacking to know it."""
    listed = "" if pd.isna(city["venues"]) else f"名录里有特定区域 {city['venues']:,.0f} 个；"
    return f"{listed}{labels.UNTOLD[lack]}，达标率未知。"


def gap_list(scope: Scope, plan: pd.DataFrame, unknown: pd.DataFrame) -> str:
    """How many venues are short and by how many shops, and what half of them would take."""
    if lack := untold.coverage(scope):
        return f"{area_name(scope)}：{labels.UNTOLD[lack]}，哪些场所未达标、差多少，都未知。"
    if plan.empty:
        text = f"{area_name(scope)}：没有应覆盖数已知而未达标的场所"
    else:
        total = int(plan["signings"].iloc[-1])
        half = plan.iloc[max(len(plan) // 2 - 1, 0)]
        text = (
            f"{area_name(scope)}还有 **{len(plan)}** 个场所未达标，共差 **{total:,}** 家；"
            f"从差得最少的做起，补 **{int(half['signings']):,}** 家，"
            f"就有一半（**{int(half['venues_closed'])}** 个）达标"
        )
    if len(unknown):
        text += f"；另有 **{len(unknown)}** 个场所应覆盖数待核"
    return text + "。" + _ceiling(scope, plan)


def _ceiling(scope: Scope, plan: pd.DataFrame) -> str:
    """The share once the whole plan is done, where it is below the target; else ''."""
    city, goal = attainment.city(scope).iloc[0], rules.number("county_covered_share")
    if not city["venues"]:
        return ""
    best = (city["covered_verified"] + len(plan)) / city["venues"]
    if best >= goal:
        return ""
    return (
        f"全部补完达标率是 **{labels.percent(best)}**，仍不到 {goal:.0%}：要先核定未知的应覆盖数。"
    )


def inflation_check(scope: Scope) -> str:
    """The share with and without the inflated venues."""
    if lack := untold.coverage(scope):
        return f"截至 {scope.as_of}，{labels.UNTOLD[lack]}，达标和水分都未知。"
    rows = data_quality.inflated(scope)
    if rows.empty:
        return f"截至 {scope.as_of}，{NO_VENUES}"
    covered, padded = int(rows["covered_verified"].sum()), int(rows["padded"].sum())
    return (
        f"截至 {scope.as_of}，{area_name(scope)}达标 {covered} 个场所，其中 **{padded}** 个"
        f"存疑；达标率 **{labels.percent(covered / len(rows))}**，剔除后 "
        f"**{labels.percent((covered - padded) / len(rows))}**。"
    )


def county_ranking(ranks: pd.DataFrame, due: float) -> str:
    """Bands by count, highest and lowest of one board, those who share it together."""
    ranked = ranks.dropna(subset=["rank"])
    if ranked.empty:
        return f"{'、'.join(ranks['reason'].unique()) or '名录里没有场所'}，没有可以比较的。"
    bands = ranked["band"].map(BANDS).value_counts()
    counted = "、".join(f"{band} {bands[band]} 个" for band in BANDS.values() if band in bands)
    text = f"应达 {labels.percent(due)}，{counted}。"
    top, last = (ranked[ranked["share"] == share] for share in _ends(ranked["share"]))
    if len(top) == len(ranked):
        return text
    return (
        text + f"最高 **{_names(top)}**（{labels.share_of(top)}），"
        f"最低 **{_names(last)}**（{labels.share_of(last)}）。"
    )


def _ends(values: pd.Series) -> tuple[float, float]:
    return values.max(), values.min()


def ranking_gains(progress: pd.DataFrame, since: date) -> str:
    """Who rose most since a day, how many rose and fell, and of how many that is open."""
    text = f"与 {since} 相比，"
    rose, fell = progress[progress["change"] > 0], progress[progress["change"] < 0]
    if len(rose):
        first = rose[rose["change"] == rose["change"].max()]
        gain = first["change"].iloc[0] * 100
        text += f"进步最大的是 **{_names(first)}**（{gain:+.1f} 个百分点）；"
    text += f"进步 {len(rose)} 个，退步 {len(fell)} 个。"
    unsure = int((~progress["sure"]).sum())
    return text + (f"有 {unsure} 个{ranking_listings.UNSURE}。" if unsure else "")


def compare_days(then: Scope, now: Scope, moves: pd.DataFrame) -> str:
    """From which share to which, how many venues came in and fell out, and for which reasons."""
    was, known = (attainment.city(scope).iloc[0] for scope in (then, now))
    same = then.as_of == now.as_of
    first, last = ("当时公布", "今天所知") if same else (str(then.as_of), str(now.as_of))
    where = f"{then.as_of} 这一天，{area_name(now)}" if same else area_name(now)
    shares = [labels.percent(row["share_verified"]) for row in (was, known)]
    text = f"{where}达标率：{first} **{shares[0]}**，{last} **{shares[1]}**"
    if labels.UNKNOWN in shares:
        return f"{text}。有一天还没有银行报送或没有名录，不作比较。"
    difference = (known["share_verified"] - was["share_verified"]) * 100
    text += (
        f"（{difference:+.1f} 个百分点）" if f"{difference:.1f}".strip("-") != "0.0" else "（持平）"
    )
    for move, said in (("in", "新达标"), ("out", "掉下")):
        count = int((moves["move"] == move).sum())
        why = comparison_listings.counted(moves, move)
        text += f"；{said} **{count}** 个" + (f"（{why}）" if why else "")
    registers = [row["venues"] for row in (was, known)]
    if registers[0] != registers[1]:
        text += f"；名录 {registers[0]:,.0f} → {registers[1]:,.0f} 个"
    return text + "。"


def _names(areas: pd.DataFrame) -> str:
    return plain("、".join(areas["area"]))


def target_progress(scope: Scope, standings: list[Standing]) -> str:
    """How many targets are met, failed, behind and unknown."""
    statuses = [one.status for one in standings]
    met = sum(status in progress_listings.GOOD for status in statuses)
    failed = [one.target.target_id for one in standings if one.status in ("missed", "lost")]
    behind = [one.target.target_id for one in standings if one.status == "behind"]
    text = f"截至 {scope.as_of}，{len(standings)} 项目标中 **{met}** 项达到"
    if failed:
        text += f"，**{len(failed)}** 项到期未达到或没有保持（{'、'.join(failed)}）"
    if behind:
        text += f"，**{len(behind)}** 项落后进度（{'、'.join(behind)}）"
    unknown = statuses.count("unknown")
    return text + (f"，{unknown} 项缺数据" if unknown else "") + "。"


def target(one: Standing, as_of: date) -> str:
    """One target: status, figure, due share, dates and forecast, and how it is measured."""
    parts = [f"**{STATUS[one.status]}**", f"现在 {progress_listings.done(one)}"]
    if one.should is not None and one.target.goal is not None:
        parts.append(f"今天应达 {one.should:.0%}")
    if one.target.due is not None and one.target.due < as_of and one.since is None:
        parts.append(f"已过期限 {(as_of - one.target.due).days} 天")
    if one.since is not None:
        parts.append(f"{one.since} 起一直达到")
    elif one.reached_on is not None:
        parts.append(f"{one.reached_on} 曾经达到")
    if one.status in ("behind", "on_pace", "missed", "lost", "open") and not one.target.monthly:
        parts.append(f"按近一年的走势，{progress_listings.reach(one.reach)}")
    return "；".join(parts) + f"。怎么量：{one.target.measure}（{one.target.clause}）。"


def demonstration_clusters(scope: Scope, rows: pd.DataFrame, owners: pd.DataFrame) -> str:
    """How many are mature, by name and by place, and how many owners have enough."""
    if lack := untold.statements(scope, "clusters"):
        return f"{labels.UNTOLD[lack]}，也没有人登记过：有几个、成熟几个，未知。"
    ripe = rows[rows["state"].isin(MATURE)]
    text = (
        f"截至 {scope.as_of}，{area_name(scope)}有 **{len(ripe)}** 个成熟的示范聚集区，"
        f"同一处只算一个是 **{ripe['place'].nunique()}** 个（登记共 {len(rows)} 个）"
    )
    if scope.area_id:
        own = ripe["owners"].fillna("").str.split(";").map(lambda ids: scope.area_id in ids)
        return text + f"，其中{area_name(scope)}自己打造的 **{sum(own)}** 个。"
    if scope.operator_id:
        return text + "。"
    obliged = owners[owners["obliged"]]
    return text + (
        f"；应打造的 {len(obliged)} 个责任单位中，**{obliged['reached_floor'].sum()}** 个达到 "
        f"{rules.count('cluster_floor')} 个，{obliged['reached_stretch'].sum()} 个达到 "
        f"{rules.count('cluster_stretch')} 个。"
    )


def tasks_reports(scope: Scope, board: pd.DataFrame, asked: pd.DataFrame) -> str:
    """Tasks that move, and the reports of the last month that are due and received."""
    moving, unsure = int(board["moving"].sum()), int(board["moving"].isna().sum())
    text = f"截至 {scope.as_of}，{len(board)} 项任务"
    if moving or not unsure:
        text += f"中 **{moving}** 项有进展" + (f"，{unsure} 项未知" if unsure else "")
    else:
        text += "有没有进展未知"
    reports = commitments.reports(scope.snapshot_id, scope.as_of)
    if reports.empty:
        return text + "；还没有登记过每月信息，报送情况未知。"
    last = reports[reports["month"] == reports["month"].max()]
    came = int(last["received_on"].notna().sum())
    text += f"；{last['month'].iloc[0]:%Y 年 %-m 月}的信息应报 {len(last)} 家，收到 **{came}** 家"
    return text + (f"，还有 **{len(asked)}** 家没报。" if len(asked) else "，全部收齐。")


def province_comparison(scope: Scope, rows: pd.DataFrame) -> str:
    """The city's rank on every measure, and which figures are out of date."""
    known = rows[rows["value"].notna()]
    own = CITY.name
    if known.empty:
        return f"还没有登记{own}和其他各市的公布数，不知道排在哪里。"
    parts = [
        f"{measure}（{month}）第 **{rank}** 名" + (f"，最差第 {worst} 名" if worst != rank else "")
        for measure, month, rank, worst in cells(
            known, "measure", "month_text", "rank", "rank_worst"
        )
    ]
    text = f"截至 {scope.as_of} 已公布的数：{own}" + "；".join(parts) + "。"
    stale = known.loc[known["stale"].astype(bool), "measure"]
    return text + (f"{'、'.join(stale)}的数已经过时，只供参考。" if len(stale) else "")


def venue_register(scope: Scope, entries: pd.DataFrame) -> str:
    """Venues of the register, those that the headline counts, and those covered."""
    if untold.coverage(scope) == "venues":
        return f"截至 {scope.as_of}，{labels.UNTOLD['venues']}：有多少特定区域、达标多少，未知。"
    tiers = rules.names("headline_tiers")
    counted = entries[entries["tier"].isin(tiers)]
    covered = labels.count(counted["covered_verified"].sum(skipna=False))
    return (
        f"{scope.as_of} 在册的特定区域有 **{len(entries):,}** 个；总指标只算 {'、'.join(tiers)} 类 "
        f"**{len(counted):,}** 个，其中达标 **{covered}** 个。"
    )
