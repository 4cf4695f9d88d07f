"""What can be asked for: a resource is one entry, its rows those of a page of the dashboard."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

import pandas as pd
from shapely.geometry.base import BaseGeometry

from api.answer_columns import Column, columns
from api.questions import Question
from domain import boards, clusters, dispute_rules, order_rules, pace, reference, targets
from domain.typed_rows import cells
from domain.visitors import Visitor
from presentation import (
    basemap,
    dispute_listings,
    labels,
    map_layers,
    order_listings,
    progress_listings,
    ranking_listings,
    venue_listings,
)
from queries import attainment, commitments, dispute_standing, monthly_figures, shop_records
from queries.scope import Scope
from store import snapshot_store

_STATUS: dict[str, str] = dict(dispute_rules.STATUS.items())
_ORDER_KINDS: dict[str, str] = dict(order_rules.KINDS.items())
_ORDER_STATES: dict[str, str] = dict(order_rules.STATES.items())
_LIGHTS: dict[str, str] = dict(order_rules.LIGHTS.items())
_OWN_SHARES = ("contracted_share", "verified_share", "active_share", "sleeping_share")


@dataclass(frozen=True)
class Resource:
    """One resource: its path, its title, what it holds, its columns, its rows.

    `rows` answers a question with a frame that has at least `columns`; `accepts` are the
    parameters that it looks at, beside those of every list; `places` are where rows of it lie
    (WGS-84, None where unknown), for GeoJSON; `beyond` tells what the rows depend on beside the
    snapshot.
    """

    path: str
    title: str
    about: str
    columns: dict[str, Column]
    rows: Callable[[Question], pd.DataFrame]
    accepts: tuple[str, ...] = ("snapshot", "as_of", "area", "tiers")
    places: Callable[[pd.DataFrame], Sequence[BaseGeometry | None]] | None = None
    beyond: Callable[[], str] = str

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return (*self.accepts, "page", "size", "format")

    @property
    def forms(self) -> tuple[str, ...]:
        """Names of the forms that the answer may have."""
        return ("json", "csv", "geojson") if self.places else ("json", "csv")


def _versions(_: Question) -> pd.DataFrame:
    store = snapshot_store.default()
    found = pd.DataFrame(store.snapshots())
    return found.assign(snapshot_id=found["id"], in_force=found["id"] == store.pointed())


def _versions_known() -> str:
    """Changes with what is published and what is in force."""
    store = snapshot_store.default()
    return ";".join([store.pointed() or "", *sorted(path.name for path in store.folders())])


def _coverage(question: Question) -> pd.DataFrame:
    months = attainment.trend(question.scope)
    months = months.assign(due_share=[pace.due_share(day) for day in months["as_of"]])
    return _in_basis(months, question.basis)[::-1]


def _in_basis(frame: pd.DataFrame, basis: str) -> pd.DataFrame:
    return frame.assign(covered=frame[f"covered_{basis}"], share=frame[f"share_{basis}"])


def _areas(question: Question) -> pd.DataFrame:
    whole = replace(question.scope, area_id="")
    areas = _in_basis(venue_listings.areas(whole), question.basis)
    shops = shop_records.area_merchants(whole).drop(columns="as_of")
    return _of_area(areas.merge(shops, on="area_id", how="left"), question)


def _of_area(rows: pd.DataFrame, question: Question) -> pd.DataFrame:
    area_id = question.scope.area_id
    return rows[rows["area_id"] == area_id] if area_id else rows


def _area_shapes(rows: pd.DataFrame) -> list[BaseGeometry | None]:
    shapes = basemap.areas().set_index("area_id").geometry
    return [shapes.get(area_id) for area_id in rows["area_id"]]


def _outlines(rows: pd.DataFrame) -> list[BaseGeometry | None]:
    return [map_layers.place(*where) for where in cells(rows, "outline", "lon", "lat")]


def _points(rows: pd.DataFrame) -> list[BaseGeometry | None]:
    return [map_layers.place(None, *where) for where in cells(rows, "lon", "lat")]


def _venues(question: Question) -> pd.DataFrame:
    return venue_listings.register(question.scope)


def _gaps(question: Question) -> pd.DataFrame:
    return venue_listings.short(question.scope)


def _missing_shops(question: Question) -> pd.DataFrame:
    return venue_listings.missing(attainment.missing(question.scope))


def _missing_links(question: Question) -> pd.DataFrame:
    return venue_listings.links(attainment.missing_links(question.scope))


def _ranking(question: Question) -> pd.DataFrame:
    whole = replace(question.scope, area_id="")
    return _of_area(pd.concat([_board(whole, kind) for kind in boards.KINDS]), question)


def _board(scope: Scope, kind: str) -> pd.DataFrame:
    _, board = ranking_listings.board(scope, kind)
    missing = [
        name for name in _OWN_SHARES if name not in board
    ]  # only a bank has shops of its own
    return board.assign(board=kind, **dict.fromkeys(missing, float("nan")))


def _targets(question: Question) -> pd.DataFrame:
    found = commitments.standings(question.scope)
    standings = pd.DataFrame([asdict(one) | asdict(one.target) for one in found])
    listed = progress_listings.targets(question.scope)
    return standings.assign(
        **{name: listed[name] for name in ("owner_kinds", "forecast_text", "missing_count")},
        status_label=standings["status"].map(targets.STATUS),
    )


def _clusters(question: Question) -> pd.DataFrame:
    return labels.with_names(progress_listings.clusters(question.scope))


def _indicators(question: Question) -> pd.DataFrame:
    months = monthly_figures.indicators(question.scope)
    known = reference.table("indicators")[["indicator_id", "indicator", "unit", "kind"]]
    months = months.merge(known, on="indicator_id", how="left")
    return months.sort_values(["month", "indicator_id"], ascending=[False, True])


def _disputes(question: Question) -> pd.DataFrame:
    sight = question.scope.sight
    who = Visitor("", sight.role or "leader", sight.unit)
    found = dispute_rules.seen(who, dispute_standing.now())
    rows = dispute_listings.listed(dispute_standing.rows(found, date.today()))
    area = question.scope.area_id
    here = (rows["county_code"] == area) | (rows["zone_id"] == area)
    return labels.with_names(rows[here] if area else rows)


def _orders(question: Question) -> pd.DataFrame:
    return labels.with_names(labels.listed(order_listings.standing(question.scope)))


def _decided() -> str:
    """What disputes and orders depend on: the ledger, and today, by which one is overdue."""
    return f"{snapshot_store.default().ledger.version} {date.today()}"


_DAYS = ("snapshot", "as_of")
_COUNTY, _TOWN = ("county_code", "county", "zone_id", "zone"), ("town_code", "town")
_ATTAINMENT = (
    "venues", "covered", "share", "share_contracted", "share_verified", "share_active", "unknown",
    "needed", "kinds_at_zero", "zero_kinds", "graded_share", "attained",
)  # fmt: skip
_SHARES = ("contracted_share", "verified_share", "active_share")

RESOURCES = (
    Resource(
        "snapshots",
        "数据版本",
        "每一个发布过、现在读得出的数据版本，新的在前。",
        columns("snapshot_id", "as_of", "created_at", "in_force", "demo", "rules_version",
                "content_hash"),
        _versions,
        accepts=(),
        beyond=_versions_known,
    ),
    Resource(
        "coverage",
        "达标率",
        "所问范围到截止日为止各月末的场所达标率和应达线，最近的在前；第一行就是截止日那一天。"
        "还没有名录的月份没有行。",
        columns("as_of", *_ATTAINMENT, "due_share", "dated"),
        _coverage,
        accepts=(*_DAYS, "area", "basis", "tiers"),
    ),
    Resource(
        "areas",
        "县区和功能板块",
        "每个县区、功能板块（管理归属）的场所达标情况，和它的受理点在三种口径下的数。"
        "县区的图形是天地图界线，功能板块的由乡镇示意分区拼成，不是行政界线。",
        columns("area_kind", "area_id", "area", *_ATTAINMENT, "delta", "eligible", "contracted",
                "verified", "active", *_SHARES),
        _areas,
        accepts=(*_DAYS, "area", "basis", "tiers"),
        places=_area_shapes,
    ),
    Resource(
        "venues",
        "特定区域（场所）名录",
        "名录里的场所，逐个列出。图形是轮廓，没有轮廓的是一个点。",
        columns("venue_id", "venue", "kind", "tier", "carrier", *_COUNTY, *_TOWN, "address",
                "department", "operator_id", "operator", "status", "status_label",
                "covered_contracted", "covered_verified", "covered_active", "declared", "listed",
                "adopted", "contracted", "verified", "active", "required", "needed", "grade",
                "eligible_source", "eligible_on", "denominator_note", "lon", "lat"),
        _venues,
        places=_outlines,
    ),
    Resource(
        "gaps",
        "缺口：未达标的场所",
        "分母已知而未达标的场所，照补得最少、达标最多的次序。图形是轮廓，没有轮廓的是一个点。",
        columns("venue_id", "venue", "kind", "tier", *_COUNTY, *_TOWN, "department", "operator_id",
                "operator", "declared", "listed", "adopted", "verified", "required", "needed",
                "named_missing", "unnamed_missing", "signings", "venues_closed", "grade",
                "denominator_note", "lon", "lat"),
        _gaps,
        places=_outlines,
    ),
    Resource(
        "gaps/shops",
        "缺口：还没有验证的门店",
        "未达标场所里在名单上而还没有验证的门店，公共收银点在前。",
        columns("venue_id", "venue", "merchant_id", "name", "action", "state", "state_label",
                "public_cash_point", *_COUNTY, *_TOWN, "address", "operator_id", "operator", "lon",
                "lat"),
        _missing_shops,
        places=_points,
    ),
    Resource(
        "gaps/links",
        "缺口：缺的环节",
        "未达标的机构、线路和线上平台还缺的环节。",
        columns("venue_id", "venue", "kind", "scenario_id", "link", "recorded", *_COUNTY,
                "operator_id", "operator"),
        _missing_links,
    ),
    Resource(
        "ranking",
        "排名",
        "县区榜、功能板块榜（管理归属）、责任单位榜和运营机构榜，都按已验证口径的达标率排。"
        "签约率、验证率、活跃率、沉睡率是运营机构自己的受理点，不论在哪里；别的榜上没有。",
        columns("board", "area_id", "area", "rank", "tied", "rank_best", "rank_worst",
                "rank_before", "band", "band_label", "covered", "venues", "share", "low", "high",
                "unknown", "share_before", "delta", "graded_share", "zero_kinds", "attained",
                "small", "caution", "confirm_names", *_SHARES, "sleeping_share",
                covered=Column("integer", "按已验证口径达标的场所", unit="个场所"),
                share=Column("share", "按已验证口径达标的场所占名录场所")),
        _ranking,
    ),
    Resource(
        "targets",
        "目标",
        "通知的各项目标（全市的）：应到哪里，现在到哪里，还缺几条。",
        columns("target_id", "target", "clause", "owner_kinds", "due", "monthly", "goal", "unit",
                "done", "owed", "share", "should", "status", "status_label", "reached_on", "since",
                "forecast_text", "missing_count",
                share=Column("number", "做到的占应做到的", "完成比例", "小数"),
                status=Column("text", "目标的到期情况", "到期情况代码", codes=targets.STATUS),
                status_label=Column("text", "到期情况的名称", "到期情况")),
        _targets,
        accepts=(*_DAYS, "tiers"),
    ),
    Resource(
        "clusters",
        "示范聚集区",
        "登记的示范聚集区，退回的在前，再照成熟的先后。图形是轮廓，没有轮廓的是一个点。",
        columns("cluster_id", "cluster", "owners", "owner_names", "state", "state_text", *_COUNTY,
                *_TOWN, "points", "points_needed", "verified", "active", "accepting_share",
                "active_share", "scenario_kinds", "declared_on", "planned_on", "plaque_on",
                "withdrawn_on", "held_since", "inspected_on", "lacking_gates", "place", "lon",
                "lat",
                state=Column("text", "聚集区的状态", "状态代码", codes=clusters.STATES)),
        _clusters,
        accepts=(*_DAYS, "area"),
        places=_outlines,
    ),
    Resource(
        "indicators",
        "月度指标",
        "到截止日为止各月的指标，最近的在前。县区只算自己报的；功能板块没有自己的指标。",
        columns("month", "indicator_id", "indicator", "kind", "unit", "value", "reports",
                kind=Column("text", "期末数还是当月数；各项指标不相加", "统计方式")),
        _indicators,
        accepts=(*_DAYS, "area"),
    ),
    Resource(
        "disputes",
        "质询",
        "现行版本的记录受到的质询，新的在前；只有与令牌的单位有关的。",
        columns(*_COUNTY, "operator_id", "operator",
                number=Column("id", "质询的编号"),
                kind=Column("text", "质询什么", "对象的种类", codes=dispute_rules.KINDS),
                key=Column("text", "受质询的记录的编号", "对象编号"),
                name=Column("text", "受质询的记录在提出时的名称", "名称"),
                dispute_reason=Column("text", "提出的理由"),
                status=Column("text", "办到哪一步", "办理情况代码", codes=_STATUS),
                dispute_status=Column("text", "办到哪一步"),
                against=Column("text", "由哪个单位答复"),
                raised_on=Column("day", "哪一天提出"),
                answer_due=Column("day", "最迟哪一天答复"),
                answered_in=Column("integer", "用几个工作日答复；没有答复的为空", unit="个工作日")),
        _disputes,
        accepts=("area",),
        beyond=_decided,
    ),
    Resource(
        "orders",
        "督办单",
        "到所问的一天为止签发的督办单，照办理单位和期限的次序；只有与令牌的单位有关的。",
        columns(*_COUNTY, "operator_id", "operator",
                number=Column("id", "督办单的编号"),
                kind=Column("text", "为什么督办", "督办事由代码", codes=_ORDER_KINDS),
                key=Column("text", "督办的场所、县区、信息或质询的编号", "对象编号"),
                name=Column("text", "督办的对象在签发时的名称", "名称"),
                order_unit=Column("text", "由哪个单位办理"),
                order_matter=Column("text", "督办事项"),
                state=Column("text", "办到哪一步", "办理状态代码", codes=_ORDER_STATES),
                light=Column("text", "距期限多远：蓝、黄、红；已经销号或撤销的为空", "灯",
                             codes=_LIGHTS),
                issued_on=Column("day", "哪一天签发"),
                order_due=Column("day", "办理期限"),
                days_left=Column("integer", "距期限还有几天，过了期限的是负数", unit="天"),
                done_on=Column("day", "数据显示办成的那一天；没有办成的为空"),
                relapsed_on=Column("day", "最近一次反弹的日子")),
        _orders,
        accepts=(*_DAYS, "area"),
        beyond=_decided,
    ),
)  # fmt: skip
