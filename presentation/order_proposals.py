"""What an order would say about what is behind, unknown, late or disputed, to be edited."""

from dataclasses import replace
from datetime import date, timedelta
from math import ceil

import pandas as pd

from domain import dispute_rules, filings, owners, pace, reference, rules
from domain.boards import KINDS as BOARDS
from domain.city import CITY
from domain.dispute_rules import Dispute, Subject
from domain.order_rules import LONGEST, MOST_FIGURES, Figure, Kind, Task, Until
from domain.typed_rows import cells
from domain.visitors import Role, Visitor
from presentation import dispute_listings, labels, progress_listings, venue_listings
from presentation.labels import chinese_day
from queries import attainment, board_standings, commitments, dispute_standing, lapsing_soon
from queries.engine import engine
from queries.knowledge import bank_name
from queries.scope import Scope, area_name
from queries.stamps import stamp_of
from store import snapshot_store

ISSUER = f"{CITY.name}数字人民币试点工作领导小组办公室"
SEPARATOR = "|"
Party = tuple[Role, str]
"""The role and the unit of whom an order goes to."""
_ROLES: dict[str, Role] = {"unit": "department", "operator": "bank"}
_ANYBODY = Visitor("", "office")
_NAMED = 40  # characters of a name in a matter
_SEVERAL, _FEW, _SHORT = 6, 4, 12  # names in a matter: alone, beside much else; their characters


def choices(scope: Scope, kind: Kind) -> dict[str, str]:
    """What an order of `kind` may be about, the most urgent first: keys, and what each is called.

    Areas below the due line, venues that are short, areas with venues of unknown denominator, and
    disputes that wait for an answer, all of the scope; late banks, and reports that have not come,
    of the city.
    """
    city = _city(scope)
    areas = venue_listings.areas(city)
    areas = areas[areas["area_id"] == scope.area_id] if scope.area_id else areas
    if kind == "area":
        late = areas[areas["share"] < pace.due_share(city.as_of)].sort_values("share")
        found = cells(late, "area_id", "area", "share")
        return {key: f"{area}（达标率 {labels.percent(share)}）" for key, area, share in found}
    if kind == "confirm":
        unclear = areas[areas["unknown"] > 0].sort_values("unknown", ascending=False)
        found = cells(unclear, "area_id", "area", "unknown")
        return {key: f"{area}（{count:,.0f} 个场所）" for key, area, count in found}
    if kind == "venue":
        found = cells(attainment.plan(scope), "venue_id", "name", "needed")
        return {key: f"{name}（{key}），还差 {needed:,.0f}" for key, name, needed in found}
    if kind == "late":
        return {
            bank: f"{bank_name(bank)}（最后报到 {last}）"
            for bank, last in _late_banks(city).items()
        }
    if kind == "report":
        asked = progress_listings.reminders(city)
        told = asked["owner"] + "：" + asked["month_text"] + " 信息" + asked["report_state"]
        return dict(zip(report_keys(asked), told, strict=True))
    return {
        one.number: f"{one.number}：{one.subject.name}"
        for one in dispute_standing.now()
        if _waits(one)
        and scope.area_id in ("", one.subject.county_code, one.subject.zone_id)
        and scope.operator_id in ("", one.subject.operator_id)
    }


def report_keys(asked: pd.DataFrame) -> list[str]:
    """Keys of rows of `filings.reporting`, under which an order is about a report."""
    return list(asked["owner_id"] + SEPARATOR + asked["month"].dt.strftime("%Y-%m-%d"))


def proposal(
    scope: Scope, kind: Kind, key: str, due: date | None = None, effect: str = ""
) -> Task | None:
    """An order about `key` as the data of the scope's day suggest it; None where none fits.

    A question that led to it gave the deadline `due`, which holds unless it has passed, and the
    `effect` that it promised.
    """
    city = _city(scope)
    made = {
        "area": _area,
        "venue": _venue,
        "confirm": _confirm,
        "late": _late_bank,
        "report": _report,
        "dispute": _dispute,
    }[kind](city, key)
    promised = f"预计效果：{effect}。" if effect else ""
    return made and replace(
        made,
        matter=f"{made.matter}{promised}"[: LONGEST["matter"]],
        due_on=due if due and due >= date.today() else made.due_on,
        figures=made.figures[:MOST_FIGURES],
        issuer=ISSUER,
    )


def _city(scope: Scope) -> Scope:
    """The whole city on the scope's day, in the headline's tiers: what a code stands for."""
    return Scope(scope.snapshot_id, scope.as_of)


def _task(
    city: Scope,
    subject: Subject,
    to: Party,
    *texts: str,
    until: Until,
    figures: dict[str, str],
) -> Task:
    """An order to be edited; `texts` are its matter and its measure."""
    matter, measure = texts
    manifest = snapshot_store.default().snapshot(city.snapshot_id).manifest
    role, unit = to
    return Task(
        subject=subject,
        role=role,
        unit=unit,
        matter=matter,
        measure=measure,
        due_on=date.today() + timedelta(days=rules.count("order_days")),
        until=until,
        figures=tuple(Figure(label, value, city.as_of) for label, value in figures.items()),
        snapshot_id=city.snapshot_id,
        as_of=city.as_of,
        stamp=stamp_of(city, manifest),
        demo=manifest["demo"],
    )


def _area(city: Scope, key: str) -> Task | None:
    areas = venue_listings.areas(city)
    found = areas[areas["area_id"] == key]
    if found.empty or pd.isna(found["share"].iloc[0]):
        return None
    row, due = found.iloc[0], pace.due_share(city.as_of)
    short = max(ceil(round(due * row["venues"], 6)) - int(row["covered"]), 0)
    subject = _division(city, "area", row)
    return _task(
        city,
        subject,
        ("county", key),
        f"{subject.name}特定区域达标率 {labels.percent(row['share'])}，"
        f"应达线 {labels.percent(due)}，还差 {short} 个场所达标。",
        "对照缺口清单，逐个场所明确责任银行和完成时间，差得少的先补；没有核定应覆盖数的场所先核定。"
        "办理情况报领导小组办公室。",
        until=Until("area_share", key),
        figures={
            "达标率": _share(row),
            "应达线": labels.percent(due),
            "到应达线还差": f"{short} 个场所",
            "未达标场所共差": labels.count(row["needed"], " 家（项）"),
            "应覆盖数待核": labels.count(row["unknown"], " 个场所"),
            **_rank(city, row),
        },
    )


def _division(city: Scope, kind: Kind, row: pd.Series) -> Subject:
    """The area of a `row` of `venue_listings.areas` as the subject of an order of `kind`."""
    key, own = row["area_id"], "zone_id" if row["area_kind"] == "zone" else "county_code"
    return Subject(kind, key, area_name(replace(city, area_id=key)), **{own: key})


def _share(row: pd.Series) -> str:
    """The share of an area and the venues that it is of."""
    return f"{labels.percent(row['share'])}（{row['covered']:,.0f} / {row['venues']:,.0f} 个场所）"


def _rank(city: Scope, row: pd.Series) -> dict[str, str]:
    """The rank of an area on its board, by what it is called."""
    kind = str(row["area_kind"])
    rank = board_standings.ranks(city, kind).set_index("area_id")["rank"].get(row["area_id"])
    place = "不排名" if rank is None or pd.isna(rank) else f"第 {rank:.0f} 名"
    return {f"{BOARDS[kind]}榜名次": place}


def _confirm(city: Scope, key: str) -> Task | None:
    areas = venue_listings.areas(city)
    venues = venue_listings.unconfirmed(replace(city, area_id=key))
    if venues.empty or key not in set(areas["area_id"]):
        return None
    row = areas[areas["area_id"] == key].iloc[0]
    subject = _division(city, "confirm", row)
    names = [labels.abridged(name, _SHORT) for name in venues["venue"]]
    most = (row["covered"] + row["unknown"]) / row["venues"]
    return _task(
        city,
        subject,
        ("county", key),
        f"{subject.name} {len(venues)} 个场所没有应覆盖数，不能判定是否达标："
        f"{labels.named(names, _SEVERAL)}。",
        "逐个场所核定应覆盖商户数，写明来源和日期，由主管部门报进名录；已经关闭的场所报请移出名录。"
        "办理情况报领导小组办公室。",
        until=Until("confirmed", key, venues=tuple(venues["venue_id"])),
        figures={
            "应覆盖数未知": labels.count(row["unknown"], " 个场所"),
            "达标率": _share(row),
            "都算达标的达标率": labels.percent(most),
            **_rank(city, row),
        },
    )


def _record(city: Scope, key: str) -> Subject | None:
    """The venue `key` as the subject of an order."""
    found = dispute_standing.search(city, "venue", key, _ANYBODY)
    found = found[found["key"] == key]
    if found.empty:
        return None
    (cells,) = found[dispute_standing.SUBJECT].itertuples(index=False, name=None)
    return Subject(*cells)


def _against(subject: Subject) -> Party | None:
    """Who answers for a record, as of disputes; None where nobody does."""
    role, unit = subject.against
    return (role, unit) if role else None


def _venue(city: Scope, key: str) -> Task | None:
    subject = _record(city, key)
    venues = attainment.venues(replace(city, tiers="all"))
    found = venues[venues["venue_id"] == key]
    if subject is None or found.empty:
        return None
    row = found.iloc[0]
    to = _against(subject) or ("county", subject.zone_id or subject.county_code)
    unit = "家" if row["carrier"] == "区域型" else "项"
    count = {
        label: labels.count(row[name], f" {unit}")
        for label, name in {
            "应覆盖": "eligible", "已验证": "verified", "达标要验证": "required", "还差": "needed",
            "名单上未验证": "named_missing",
        }.items()
    }  # fmt: skip
    return _task(
        city,
        subject,
        to,
        f"{subject.name[:_NAMED]}（{key}）应覆盖 {count['应覆盖']}，已验证 {count['已验证']}，"
        f"还差 {count['还差']}才达标。",
        "按缺口清单所列门店逐家签约、开通，并巡检或做成一笔真实交易；公共收银点全部补齐。"
        "办不下来的逐家写明原因，报领导小组办公室。",
        until=Until("venue_covered", key),
        figures=count | {"现状": labels.STATUS_LABELS[row["status"]]},
    )


def _late_banks(city: Scope) -> dict[str, date]:
    """Late banks, the one that was heard of longest ago first, and the last day of each."""
    late = engine(city.snapshot_id).known.late(city.as_of)
    banks = reference.labels("operators", "operator_id", "operator")
    return {bank: late[bank] for bank in sorted(late, key=late.__getitem__) if bank in banks}


def _late_bank(city: Scope, key: str) -> Task | None:
    last, bank = _late_banks(city).get(key), bank_name(key)
    if last is None:
        return None
    own = lapsing_soon.rows(replace(city, operator_id=key), lapsing_soon.LAPSING)
    kept = lapsing_soon.kept_by(city, lapsing_soon.LAPSING).set_index("operator_id")["names"]
    names, ending = kept.get(key, ()), f"{lapsing_soon.LAPSING} 天内到期"
    short = [labels.abridged(name, _SHORT) for name in names]
    falls = f"{len(names):,} 个达标场所陆续退出：{labels.named(short, _FEW)}" if names else ""
    return _task(
        city,
        Subject("late", key, f"{bank}受理点名单", operator_id=key),
        ("bank", key),
        f"{bank}的受理点名单只报到{chinese_day(last)}，以后的巡检和交易没有报来。"
        f"{chinese_day(city.as_of)}起 {ending} {len(own):,} 家（项）"
        + (f"，都不补，{falls}。" if falls else "，不影响达标。"),
        f"补报{chinese_day(last)}以后的受理点名单，已经巡检或有真实交易的写明日期；没有的在到期前补办验证。"
        "以后每月按时报送。办理情况报领导小组办公室。",
        until=Until("heard", key, month=city.as_of.replace(day=1)),
        figures={
            "名单报到": chinese_day(last),
            ending: f"{len(own):,} 家（项）",
            "不补会退出": f"{len(names):,} 个场所",
        },
    )


def _report(city: Scope, key: str) -> Task | None:
    owed = commitments.reports(city.snapshot_id, city.as_of)
    found = owed[[one == key for one in report_keys(owed)]]
    if found.empty or found["owner_kind"].iloc[0] not in _ROLES:
        return None
    row = found.iloc[0]
    owner, month = row["owner_id"], row["month"].date()
    role = _ROLES[row["owner_kind"]]
    own = {"bank": "operator_id", "department": "unit_id"}[role]
    totals = filings.by_owner(owed[owed["owner_id"] == owner]).iloc[0]
    return _task(
        city,
        Subject("report", key, f"{row['owner']} {month:%Y-%m} 信息", **{own: owner}),
        (role, owner),
        f"{owners.names(city.as_of)[owner]}没有报送 {month:%Y-%m} 数字人民币试点工作信息"
        f"（每月至少 1 篇，应于 {row['due_on']:%Y-%m-%d} 以前报送）。",
        f"补报 {month:%Y-%m} 的信息，写明做法、成效和问题；明确专人按月报送。",
        until=Until("reported", owner, month=month),
        figures={
            "应报日期": f"{row['due_on']:%Y-%m-%d}",
            f"{month:%Y-%m} 信息": filings.STATES[row["state"]],
            "累计应报": f"{totals['expected']} 篇",
            "已报": f"{totals['received']} 篇",
            "按时率": labels.percent(totals["on_time_share"]),
        },
    )


def _waits(dispute: Dispute) -> bool:
    """Whether somebody has to answer a dispute and has not."""
    return dispute_rules.status(dispute, date.today()) in ("open", "overdue")


def _dispute(city: Scope, key: str) -> Task | None:
    dispute = next((one for one in dispute_standing.now() if one.number == key), None)
    if dispute is None:
        return None
    waits, venue = _waits(dispute), _questioned_venue(city, dispute)
    to, subject = _against(dispute.subject), replace(dispute.subject, kind="dispute", key=key)
    if to is None or not (waits or venue):
        return None
    now = dispute_rules.STATUS[dispute_rules.status(dispute, date.today())]
    about = f"{key}：{subject.name[:_NAMED]}，质询理由“{dispute.reason.reason}”"
    asked = f"应于 {dispute.due_on} 以前答复，现在{now}。"
    return _task(
        city,
        subject,
        to,
        f"{about}，{asked if waits else '裁定成立，要整改。'}",
        "核实情况，在看板“质询”里答复，附佐证。"
        if waits
        else "按裁定整改到位，场所重新达到全覆盖；办理情况报领导小组办公室。",
        until=Until("dispute_answered", key) if waits else Until("venue_covered", venue),
        figures={
            "质询对象": dispute_rules.KINDS[dispute.subject.kind],
            "提出日期": f"{dispute.asked_on}",
            "应答复日期": f"{dispute.due_on}",
            "答复单位": dispute_listings.party(*to),
            "办理情况": now,
        },
    )


def _questioned_venue(city: Scope, dispute: Dispute) -> str:
    """The venue that an upheld dispute is about or whose shop it is about; '' for all others."""
    subject = dispute.subject
    if dispute_rules.status(dispute, date.today()) != "upheld":
        return ""
    if subject.kind in ("venue", "denominator"):
        return subject.key
    if subject.kind != "shop":
        return ""
    shops = engine(city.snapshot_id).read(
        lambda data: data.table("merchants").filter(
            data.table("merchants").merchant_key == subject.key
        )
    )
    return next(iter(shops["venue_id"].dropna()), "")
