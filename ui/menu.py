"""The menu: every page of the dashboard by group, and the links between pages."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from domain.visitors import ROLES, Role
from ui import session

_SCRIPTS = Path(__file__).parents[1] / "pages"


@dataclass(frozen=True)
class Entry:
    """One page: the stem of its script in ``pages/``, its title, its address and its question.

    A page that `writes` works on the version in force, whatever version is looked at. One that
    `drills` goes down to towns and venues; one that is not `listed` is opened from a search or a
    list, for one record. It is for the `roles`.
    """

    stem: str
    title: str
    path: str
    about: str
    writes: bool = False
    drills: bool = False
    roles: frozenset[Role] = frozenset(ROLES)
    listed: bool = True

    @property
    def managing(self) -> bool:
        """Whether the page opens while nothing is published: the office begins there."""
        return self.stem in {"data_import", "user_rights"}


_OFFICE: frozenset[Role] = frozenset({"office"})
_WITH_DOCUMENTS: frozenset[Role] = frozenset({"leader", "office", "county"})


FRONT = "全市总览"

# No icons: Streamlit fetches a page's icon from the internet to make it the tab's picture.
MENU = {
    "": [Entry("overview", FRONT, "", "一眼看清离全覆盖多远，差在哪里。", drills=True)],
    "覆盖": [
        Entry(
            "coverage_map",
            "覆盖热力图",
            "coverage-map",
            "热力、网格和逐月变化，从县区点到门店。",
            drills=True,
        ),
        Entry(
            "venue_register", "特定区域名录", "venue-register", "名录、轮廓、归店，一店只算一次。"
        ),
        Entry("gap_list", "缺口清单", "gap-list", "缺哪些场所、哪些门店、差几家。"),
        Entry("inflation_check", "注水核查", "padding-check", "哪些达标存疑，哪些门店在沉睡。"),
        Entry("venue_record", "场所", "venue", "一个场所的全部情况。", listed=False),
        Entry("shop_record", "门店", "shop", "一家门店的全部情况。", listed=False),
    ],
    "进度": [
        Entry("county_ranking", "县区排名", "county-ranking", "名次、可能的名次和分档。"),
        Entry("compare_days", "变化对比", "compare-days", "两天之间哪里变了，为什么。"),
        Entry("lapsing", "到期与新情况", "lapsing-soon", "什么快到期，上次来以后有什么新情况。"),
        Entry(
            "target_progress", "目标进度", "targets-progress", "应到哪里、现在到哪里、还缺什么。"
        ),
        Entry(
            "demonstration_clusters", "示范聚集区", "demonstration-clusters", "门槛、状态和个数。"
        ),
        Entry("tasks_reports", "任务与报送", "tasks-reports", "重点任务、每月信息和责任空白。"),
        Entry(
            "supervision_orders",
            "督办",
            "supervision-orders",
            "谁该做什么、哪天以前、办成了没有。",
            writes=True,
        ),
        Entry("province_comparison", "省内对比", "province-cities", "在全省排在哪里，数有多新。"),
    ],
    "数据": [
        Entry(
            "data_import",
            "数据导入",
            "data-import",
            "导入、核对、发布、回退。",
            writes=True,
            roles=_OFFICE,
        ),
        Entry(
            "review_queue",
            "待复核",
            "review-queue",
            "位置拿不准的记录，逐条核定。",
            writes=True,
            roles=_OFFICE,
        ),
        Entry(
            "report_export",
            "报告导出",
            "report-export",
            "通报、一页纸、数据表、汇报和图。",
            roles=_WITH_DOCUMENTS,
        ),
        Entry("disputes", "质询", "disputes", "哪条记录不对，谁来答复，怎样裁定。", writes=True),
        Entry("definitions", "口径说明", "definitions-rules", "每个数怎么来的。"),
    ],
    "管理": [
        Entry(
            "user_rights",
            "用户与权限",
            "user-rights",
            "谁能看什么、办什么；接口令牌。",
            roles=_OFFICE,
        ),
        Entry("activity_log", "操作记录", "activity-log", "谁在什么时候改了什么。", roles=_OFFICE),
    ],
}


def entries() -> list[Entry]:
    """All pages in the order of the menu."""
    return [entry for group in MENU.values() for entry in group]


def script(stem: str) -> Path:
    """The script of the page `stem`, as Streamlit takes it from wherever its own script lies."""
    return _SCRIPTS / f"{stem}.py"


def chosen(role: Role) -> Entry:
    """The page that the address names, of those of a role, before the menu is drawn.

    Every page has an address, so that a link to one that is not for the role says so.
    """
    pages = _pages(role, FRONT)
    return entries()[_flat(pages).index(st.navigation(pages, position="hidden"))]


def navigation(role: Role, shown: Entry, front: str) -> Page:
    """Draw the menu of a role; the page that is `shown`.

    The first page is named `front`, after the area it is about; the group of the page that is
    shown has its name.
    """
    pages = _pages(role, front)
    here = _flat(pages)[entries().index(shown)]
    named = {
        f"{group} · {here.title}" if group and here in own else group: own
        for group, own in pages.items()
    }
    return st.navigation(named, position="top")


def _pages(role: Role, front: str) -> dict[str, list[Page]]:
    return {
        group: [
            st.Page(
                script(one.stem),
                title=one.title if one.path else front,
                url_path=one.path or None,
                default=not one.path,
                help=one.about,
                visibility="visible" if role in one.roles and one.listed else "hidden",
            )
            for one in own
        ]
        for group, own in MENU.items()
    }


def _flat(pages: dict[str, list[Page]]) -> list[Page]:
    return [page for own in pages.values() for page in own]


def link(stem: str, label: str, icon: str | None = None) -> None:
    """A link to the page `stem`, where it is for the visitor."""
    if session.visitor().role in _entry(stem).roles:
        st.page_link(script(stem), label=label, icon=icon)


def _entry(stem: str) -> Entry:
    return next(entry for entry in entries() if entry.stem == stem)


def stem_at(address: str) -> str:
    """The stem of the page at `address`, such as /gap-list; / is the front page."""
    return next(entry.stem for entry in entries() if f"/{entry.path}" == address)


def go(stem: str, **query: str) -> None:
    """Open the page `stem`, with `query` in its address.

    The selection goes along. Streamlit would clear the address first, and refuses to where a
    selection stands in it; an empty address of our own is taken, and the selection comes back.
    """
    st.switch_page(script(stem), query_params=query)
