"""Slides for the leading group (领导汇报): 16:9, one message each, charts that can be edited."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from domain.city import CITY
from presentation import labels, slide_messages
from presentation.brief_facts import PAYMENTS
from presentation.statements import Statement, statements
from queries.scope import Scope, area_name
from queries.stamps import stamp_of
from reports.documents import brief_tables, slide_bodies, slide_parts
from reports.documents.slide_bodies import Report
from reports.figures.figure_catalogue import Pictures
from store import snapshot_store

TITLE = "数字人民币特定区域覆盖情况汇报"


@dataclass(frozen=True)
class _Page:
    """A slide: its message, how it is drawn, the statements that it tells, and where more is."""

    message: Callable[[Scope], str]
    draw: Callable[[Report, Slide], None]
    sources: str
    addresses: str


def slides(scope: Scope, pictures: Pictures) -> bytes:
    """The slides on `scope` as a PPTX file, with the map of `pictures`.

    Raises `ValueError` for a scope narrowed to a field or a bank, which has no code.
    """
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    where = CITY.name + (area_name(scope) if scope.area_id else "")
    day, stamp = f"数据截至{labels.chinese_day(scope.as_of)}", stamp_of(scope, manifest)
    deck = slide_parts.deck(f"{where}{TITLE}", f"{where}，{day}", CITY.dashboard)
    made = datetime.fromisoformat(manifest["created_at"]).astimezone(UTC).replace(tzinfo=None)
    deck.core_properties.created = deck.core_properties.modified = made
    slide_parts.notes(slide_parts.cover(deck, TITLE, [where, day]), [stamp])
    _add_pages(deck, Report(scope, pictures), stamp)
    for one in deck.slides:
        slide_parts.foot(one, stamp, manifest["demo"])
    return slide_parts.content(deck)


def _add_pages(deck: Deck, report: Report, stamp: str) -> None:
    """The slides that have something to say, with notes on where their numbers are from."""
    made = statements(report.scope)
    for page in _PAGES:
        message = page.message(report.scope)
        if not message:
            continue
        new = slide_parts.slide(deck, message)
        page.draw(report, new)
        origins = [_source(made[key]) for key in page.sources.split() if key in made]
        more = f"看板页面：{page.addresses}"
        slide_parts.notes(new, [*(["数字来源：", *origins] if origins else []), more, stamp])


def _source(made: Statement) -> str:
    return f"{made.number} {made.label} {made.text}：{made.how}（{made.clause}；{made.page}）"


_PAGES = (
    _Page(
        slide_messages.overall,
        slide_bodies.overall,
        "venues covered share due lag to_due share_contracted share_active share_before delta "
        "below worst gained rank rank_range band unknown",
        "/",
    ),
    _Page(
        slide_messages.places,
        slide_bodies.places,
        "venues covered share due below",
        "/、/coverage-map",
    ),
    _Page(
        slide_messages.ranking,
        slide_bodies.ranking,
        "rank rank_range bounds band below worst gained",
        "/county-ranking",
    ),
    _Page(
        slide_messages.trend,
        slide_bodies.trend,
        "share share_before delta due newly lapsed",
        "/、/compare-days",
    ),
    _Page(
        slide_messages.gaps,
        slide_bodies.gaps,
        "short needed half_units half_venues unknown",
        "/gap-list",
    ),
    _Page(
        slide_messages.clusters,
        slide_bodies.clusters,
        "clusters mature mature_places obliged floor clusters_short mature_own mature_short",
        "/demonstration-clusters",
    ),
    _Page(
        slide_messages.payments,
        slide_bodies.payments,
        " ".join(["paid_month", *(f"{key} {key}_move" for key in PAYMENTS), "province"]),
        "/county-ranking、/province-cities",
    ),
    _Page(
        lambda scope: slide_messages.targets(brief_tables.targets(scope)),
        slide_bodies.targets,
        "targets met failed behind no_data open",
        "/targets-progress",
    ),
    _Page(
        slide_messages.problems,
        slide_bodies.problems,
        "unknown unknown_where padded padded_why share_firm report_month overdue_reports "
        "overdue_named unsent obliged clusters_short reinspect lapsing lapsing_falls "
        "lapsing_share disputes_upheld disputes_late orders_open orders_late",
        "/gap-list、/padding-check、/tasks-reports、/demonstration-clusters、/lapsing-soon",
    ),
    _Page(slide_messages.asked, slide_bodies.asked, "unknown short needed", "/、/gap-list"),
    _Page(slide_messages.steps, slide_bodies.steps, "", "/gap-list、/supervision-orders"),
    _Page(lambda _: "口径与查证", slide_bodies.meaning, "", "/definitions-rules"),
)
