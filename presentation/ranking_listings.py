"""Tables and sentences of the boards: why a rank is what it is, and what would move it."""

import pandas as pd

from domain import gaps, reference, rules
from domain.ranking import BANDS
from domain.typed_rows import cells
from presentation import labels, venue_listings
from presentation.labels import plain
from queries import board_standings
from queries.engine import remembered
from queries.scope import Scope

UNSURE = "核定未知分母，进退可能改变"
_PER = 10_000  # inhabitants
# What there is to do comes first.
_ORDER = {"short": 0, "near": 0, "unknown": 1, "untold": 1, "covered": 2}


def why(row: pd.Series, ranks: pd.DataFrame, ways: pd.DataFrame, due: float) -> str:
    """How the rank and the band of one row of a board come about, in a few sentences."""
    name = f"**{plain(row['area'])}**"
    if pd.isna(row["share"]):
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
    text += "。" + _open(row) + _band(row, due)
    return text + (f"**{venue_listings.FEW}**。" if row["small"] else "")


def _open(row: pd.Series) -> str:
    """What its own unknown venues, and those of others, leave open of a rank."""
    ranks = labels.rank_range(int(row["rank_best"]), int(row["rank_worst"]))
    if row["unknown"]:
        high = labels.percent(row["high"])
        text = f"有 {row['unknown']} 个场所应覆盖数待核，都按不达标算；都达标时达标率为 {high}，"
    else:
        text = "自己没有应覆盖数待核的场所，"
    if row["rank_best"] == row["rank_worst"]:
        return text + "未知的怎么定，名次都不变。"
    return text + f"算上各家未知的，可能在第 {ranks} 名。"


def _distance(above: pd.DataFrame) -> str:
    """How far the next rank above is, in venues."""
    if above.empty:
        return ""
    step = above.iloc[0]
    rivals = f"第 {step['goal_rank']} 名（{plain(step['rivals'])}）"
    if pd.isna(step["ties_at"]):
        return f"，再达标 {step['more']} 个场所就超过{rivals}"
    return f"，与{rivals}差 {step['ties_at']} 个场所，达标 {step['more']} 个就超过"


def _band(row: pd.Series, due: float) -> str:
    low, line = f"低 {labels.rounded((due - row['share']) * 100, 1)} 个百分点", labels.percent(due)
    step, behind = (labels.rounded(gap * 100, 0) for gap in band_gaps())
    reasons = {
        "reached": f"达标率不低于应达线 {line}",
        "in_step": f"比应达线 {line} {low}，不超过 {step} 个",
        "behind": f"比应达线 {line} {low}，超过 {step} 个，不超过 {behind} 个",
        "far_behind": f"比应达线 {line} {low}，超过 {behind} 个",
    }
    return f"分档为**{BANDS[row['band']]}**：{reasons[row['band']]}。"


def band_gaps() -> tuple[float, float]:
    """How far below the due line 基本同步 and 落后 end."""
    return rules.number("in_step_gap"), rules.number("behind_gap")


def bands_explained() -> str:
    """What the bands mean, in one sentence."""
    step, behind = (labels.rounded(gap * 100, 0) for gap in band_gaps())
    return (
        f"分档看达标率离当天的应达线有多远：{BANDS['reached']}＝不低于应达线；"
        f"{BANDS['in_step']}＝低不超过 {step} 个百分点；{BANDS['behind']}＝低不超过 {behind} 个；"
        f"{BANDS['far_behind']}＝低得更多。"
    )


@remembered
def board(scope: Scope, kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ranks of a board, and the same with labels; a bank's with the shares of its own shops.

    `confirm_names` are the venues whose denominator to confirm; "—" where none.
    """
    ranks = board_standings.ranks(scope, kind)
    if kind == "operator":
        ranks = ranks.merge(board_standings.own_shops(scope), on="area_id", how="left")
    frame = venue_listings.board(ranks, kind)
    unknown = labels.listed(board_standings.to_confirm(scope, kind))
    names = unknown.groupby("area_id")["name"].agg(labels.named)
    return ranks, frame.assign(confirm_names=[names.get(code, "—") for code in frame["area_id"]])


@remembered
def to_confirm(scope: Scope, kind: str) -> pd.DataFrame:
    """Venues of unknown denominator in the order of the board whose ranks they leave open."""
    subject = venue_listings.SUBJECTS.get(kind, "area")
    _, frame = board(scope, kind)
    places = frame.reset_index()[["area_id", "index", subject, "rank_range"]]
    named = venue_listings.unknown(board_standings.to_confirm(scope, kind))
    own = named.drop(columns=[subject], errors="ignore").merge(places, on="area_id")
    own = venue_listings.with_denominators(own, scope)
    return own.sort_values(["index", "venue_id"], ignore_index=True)


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
            labels.named(names[venue_id] for venue_id in ids.split(";"))
            if ids
            else "应覆盖数已知的未达标场所不够"
            for ids in ways["first"]
        ],
    )


@remembered
def ways_board(scope: Scope, kind: str) -> pd.DataFrame:
    """One row an area: what takes it past the rank above, to the due line and to the target."""
    ranks, _ = board(scope, kind)
    ways = board_standings.ways(scope, kind)
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


def venues(scope: Scope, members: pd.DataFrame) -> pd.DataFrame:
    """The venues behind a share, covered or not: what there is to do comes first."""
    frame = labels.with_names(members).rename(columns={"name": "venue"})
    frame = venue_listings.with_denominators(frame, scope)
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
    notes = progress["sure"].map({True: "", False: UNSURE})
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
    frame = frame.assign(rank=rank, rank_label=label.where(~tied, label + "（并列）"))
    return frame.sort_values(["rank", "area_id"], ignore_index=True)
