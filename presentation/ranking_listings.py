"""Tables and sentences of the boards: why a rank is what it is, and what would move it."""

from collections.abc import Iterable

import pandas as pd

from domain import gaps, reference, rules
from domain.ranking import TIERS
from domain.typed_rows import cells
from presentation import labels, venue_listings
from presentation.labels import plain

_NAMED = 3
_PER = 10_000  # inhabitants
_ORDER = {"short": 0, "near": 0, "unknown": 1, "covered": 2}  # what there is to do comes first


def why(row: pd.Series, ranks: pd.DataFrame, ways: pd.DataFrame, due: float) -> str:
    """How the rank and the tier of one row of a board come about, in a few sentences."""
    name = f"**{plain(row['area'])}**"
    if not row["venues"] > 0:
        return f"{name}：不排名，{plain(row['reason'])}。"
    text = f"{name} {row['covered']}/{row['venues']} = {labels.percent(row['share'])}"
    if pd.isna(row["rank"]):
        return f"{text}，不排名：{plain(row['reason'])}。"
    ahead = int((ranks["share"] > row["share"]).where(ranks["rank"].notna(), False).sum())
    text += f"，第 {int(row['rank'])} 名"
    text += f"，比它高的有 {ahead} 个" if ahead else "，没有比它高的"
    ties = ranks[(ranks["rank"] == row["rank"]) & (ranks["area_id"] != row["area_id"])]
    if len(ties):
        text += f"，与{plain('、'.join(ties['area']))}并列"
    text += _distance(ways[(ways["goal"] == "pass") & (ways["goal_rank"] < row["rank"])])
    best, worst = int(row["rank_best"]), int(row["rank_worst"])
    text += f"。按 95% 区间，可能在第 {best}–{worst} 名。" + _tier(row, due)
    return text + (f"**{venue_listings.FEW}**，不宜拿名次说话。" if row["small"] else "")


def _distance(above: pd.DataFrame) -> str:
    """How far the next rank above is, in venues."""
    if above.empty:
        return ""
    step = above.iloc[0]
    rivals = f"第 {step['goal_rank']} 名（{plain(step['rivals'])}）"
    if pd.isna(step["ties_at"]):
        return f"，再达标 {step['more']} 个场所就超过{rivals}"
    return f"，与{rivals}差 {step['ties_at']} 个场所，达标 {step['more']} 个就超过"


def _tier(row: pd.Series, due: float) -> str:
    late = rules.number("late_share")
    reasons = {
        "attained": "达标率达到目标，没有整类空白",
        "near": f"应达线 {labels.percent(due)} 在区间之内或以下",
        "behind": f"区间整个低于应达线 {labels.percent(due)}",
        "alarm": f"达标率不到应达线 {labels.percent(due)} 的 {late:.0%}"
        f"（{labels.percent(due * late)}）",
    }
    return f"分档为**{TIERS[row['tier']]}**：{reasons[row['tier']]}。"


def ways_of(ways: pd.DataFrame, venues: pd.DataFrame, due: float) -> pd.DataFrame:
    """What one area must do for each goal, with the names of the cheapest venues.

    After the due day the line is the target, and where no kind is at zero one row says both.
    """
    names = dict(zip(venues["venue_id"], venues["name"], strict=True))
    target = f"到目标 {rules.number('county_covered_share'):.0%}，没有整类空白（基本全覆盖）"
    goals = {"due": f"到应达线 {labels.percent(due)}", "target": target}
    late = ways[ways["goal"] != "pass"]
    ways = ways.drop(late.index[late.duplicated(["more", "units", "first"])])
    return ways.assign(
        goal_label=[
            goals.get(goal, f"超过第 {rank} 名 {rivals}")
            for goal, rank, rivals in cells(ways, "goal", "goal_rank", "rivals")
        ],
        first_names=[
            _some(names[venue_id] for venue_id in ids.split(";"))
            if ids
            else "分母已知的未达标场所不够"
            for ids in ways["first"]
        ],
    )


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return "、".join(listed[:_NAMED]) + (f" 等 {len(listed)} 个" if len(listed) > _NAMED else "")


def ways_board(ranks: pd.DataFrame, ways: pd.DataFrame, kind: str) -> pd.DataFrame:
    """One row an area: what takes it past the rank above, to the due line and to the target."""
    frame = venue_listings.board(ranks, kind).dropna(subset=["rank"])
    own = ways.merge(frame[["area_id", "rank"]], on="area_id")
    above = own[(own["goal"] == "pass") & (own["goal_rank"] < own["rank"])]
    parts = {
        "next": above.drop_duplicates("area_id"),
        "due": own[own["goal"] == "due"],
        "target": own[own["goal"] == "target"],
    }
    for goal, part in parts.items():
        columns = {name: f"{goal}_{name}" for name in ("rivals", "more", "units")}
        own_part = part[["area_id", *columns]].rename(columns=columns)
        frame = frame.merge(own_part, on="area_id", how="left")
    return frame.assign(next_rivals=frame["next_rivals"].fillna("—"))


def venues(members: pd.DataFrame) -> pd.DataFrame:
    """The venues behind a share, covered or not: what there is to do comes first."""
    frame = labels.with_names(members).rename(columns={"name": "venue"})
    frame = frame.assign(status_label=frame["status"].map(labels.STATUS_LABELS))
    return frame.sort_values(
        ["status", "needed", "venue_id"],
        key=lambda column: column.map(_ORDER) if column.name == "status" else column,
        ignore_index=True,
    )


def shops(found: pd.DataFrame, carrier: str) -> pd.DataFrame:
    """Shops of a venue: whether each counts as live, its state, and what it calls for."""
    live = found["paid"] if carrier == "线上型" else found["verified"]
    todo = found["eligible"] & ~live
    return (
        venue_listings.missing(found)
        .assign(
            counted_label=live.map({True: "已验证", False: "未验证"}).where(
                found["eligible"], "不计入分母"
            ),
            action=found["state"].map(gaps.ACTIONS).fillna("验证").where(todo, "—"),
        )
        .sort_values(["counted_label", "merchant_id"], ascending=[False, True], ignore_index=True)
    )


def links(required: str, missing: pd.DataFrame) -> pd.DataFrame:
    """The links that the notice asks of a venue, and which of them are live."""
    recorded = dict(zip(missing["scenario_id"], missing["recorded"], strict=True))
    names = reference.labels("scenarios", "scenario_id", "scenario")
    labels = {None: "已通", True: "有记录，未验证", False: "还没有"}
    rows = [(names[link], labels[recorded.get(link)]) for link in required.split(";") if link]
    return pd.DataFrame(rows, columns=["link", "live_label"])


def gains(progress: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The board of progress with its labels; changes in percentage points."""
    notes = progress["sure"].map({True: "", False: "区间跨 0，可能只是波动"})
    few = progress["small"].map({True: venue_listings.FEW, False: ""})
    return progress.assign(
        **{venue_listings.SUBJECTS.get(kind, "area"): progress["area"]},
        rank_label=venue_listings.rank_label(progress),
        share_then=progress["share_before"],
        gain=progress["change"] * 100,
        gain_low=progress["change_low"] * 100,
        gain_high=progress["change_high"] * 100,
        caution=(notes + "；" + few).str.strip("；"),
    )


def indicator(
    months: pd.DataFrame, names: dict[str, str], nobody: str, per_head: bool
) -> pd.DataFrame:
    """The last month of one indicator, ranked, one row an area or bank (columns of its table).

    Ranked by the figure per 10,000 inhabitants of 2020 where that is fair, else by the figure
    itself. Without a figure of the last month, without a code, or at a break there is no rank.
    """
    last = months.loc[months.groupby("area_id")["month"].idxmax()].reset_index(drop=True)
    people = reference.table("counties").set_index("county_code")["population_2020"].astype(float)
    broken = months[months["broken"]]
    marks = [
        "、".join(broken.loc[broken["area_id"] == code, "month"].dt.strftime("%Y-%m"))
        for code in last["area_id"]
    ]
    frame = last.assign(
        name=last["area_id"].map(names).fillna(nobody),
        month=last["month"].dt.strftime("%Y-%m"),
        quantity=last["value"],
        per_head=(last["value"] / last["area_id"].map(people) * _PER).round(2),
        broken_on=[mark or "—" for mark in marks],
    )
    fair = (last["month"] == last["month"].max()) & last["area_id"].isin(names) & ~last["broken"]
    measure = frame["per_head"] if per_head else frame["quantity"]
    rank = measure.where(fair).rank(method="min", ascending=False)
    label = rank.astype("Int64").astype("string").fillna("不排名")
    tied = rank.duplicated(keep=False) & rank.notna()
    frame = frame.assign(rank=rank, rank_label=label.where(~tied, label + "(并列)"))
    return frame.sort_values(["rank", "area_id"], ignore_index=True)
