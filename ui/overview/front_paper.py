"""The front page on paper: of the city, of an area, and of a place inside it."""

from domain import pace
from presentation import front_wording, page_headlines, scope_charts, venue_listings
from queries import attainment
from queries.scope import Scope
from ui import page_charts, page_print
from ui.overview import area_panel, front_more
from ui.page_downloads import Sheets
from ui.page_pictures import Figure
from ui.place_selection import Place


def button(scope: Scope, place: Place, drawn: Figure, level: Sheets) -> None:
    """The button that prints what the front page says of a place; the map is `drawn`.

    `level` are the tables of what the map draws.
    """
    where = place.venue or place.town
    if where:
        page_print.button(where, scope, level, figures=[drawn])
        return
    page_print.button(
        "特定区域覆盖情况",
        scope,
        lambda: _sheets(scope),
        sentence=lambda: _sentence(scope),
        figures=lambda: [drawn, *_course(scope)],
    )


def _sentence(scope: Scope) -> str:
    """The number; of an area also its rank, why, its way up, and what lapses, as the page says."""
    city = attainment.city(scope).iloc[0]
    text = page_headlines.overview(scope, city, pace.due_share(scope.as_of))
    if not scope.area_id:
        return text
    _, way = front_wording.way(scope)
    more = (front_wording.rank(scope), front_wording.cause(scope), way, front_wording.ending(scope))
    return text + "".join(f"{one}。" for one in more if one)


def _course(scope: Scope) -> list[Figure]:
    course = scope_charts.trend(scope)
    return [] if course.frame.empty else [page_charts.on_paper(course, "各月达标率与应达线")]


def _sheets(scope: Scope) -> Sheets:
    """The tables of the city; of an area what it lacks, the shortest way first."""
    if not scope.area_id:
        return front_more.sheets(scope)
    unknown = venue_listings.unconfirmed(scope)
    return {
        "最省的补法": (venue_listings.short(scope), area_panel.SHORT_COLUMNS),
        "应覆盖数待核": (unknown, ["venue_id", "venue", "kind", "town", "operator"]),
        "欠账银行": (area_panel.owed(scope), area_panel.OWED_COLUMNS),
        **front_more.sheets(scope),
    }
