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

    A page that `writes` works on the version in force, whatever version is looked at. It is for
    the `roles`. One that is not `listed` is opened from a search or a list, for one record.
    """

    stem: str
    title: str
    path: str
    about: str
    writes: bool = False
    roles: frozenset[Role] = frozenset(ROLES)
    listed: bool = True

    @property
    def managing(self) -> bool:
        """Whether the page opens while nothing is published: the office begins there."""
        return self.stem in {"data_import", "user_rights"}


_OFFICE: frozenset[Role] = frozenset({"office"})
_WITH_DOCUMENTS: frozenset[Role] = frozenset({"leader", "office", "county"})


# No icons: Streamlit fetches a page's icon from the internet to make it the tab's picture.
MENU = {
    "覆盖": [
        Entry("overview", "全市总览", "overview-city", "一眼看清全市离全覆盖多远。"),
        Entry("coverage_map", "覆盖热力图", "coverage-map", "从县区点到乡镇、场所、门店。"),
        Entry(
            "venue_register", "特定区域名录", "venue-register", "名录、轮廓、归店，一店只算一次。"
        ),
        Entry("gap_list", "缺口清单", "gap-list", "缺哪些场所、哪些门店、差几家。"),
        Entry("inflation_check", "注水核查", "padding-check", "哪些达标靠不住，哪些门店在沉睡。"),
        Entry("venue_record", "场所", "venue", "一个场所的全部情况。", listed=False),
        Entry("shop_record", "门店", "shop", "一家门店的全部情况。", listed=False),
    ],
    "进度": [
        Entry("county_ranking", "县区排名", "county-ranking", "名次、可能的名次和分档。"),
        Entry(
            "target_progress", "目标进度", "targets-progress", "应到哪里、现在到哪里、还缺什么。"
        ),
        Entry(
            "demonstration_clusters", "示范聚集区", "demonstration-clusters", "门槛、状态和个数。"
        ),
        Entry("tasks_reports", "任务与报送", "tasks-reports", "重点任务、每月信息和责任空白。"),
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


def navigation(role: Role) -> tuple[Page, Entry]:
    """Draw the menu of a role; the page that was chosen, and its entry.

    Every page has an address, so that a link to one that is not for the role says so.
    """
    chosen = st.navigation(
        {
            group: [
                st.Page(
                    script(page.stem),
                    title=page.title,
                    url_path=page.path,
                    help=page.about,
                    visibility="visible" if page.listed and role in page.roles else "hidden",
                )
                for page in pages
            ]
            for group, pages in MENU.items()
        },
        position="top",
    )
    return chosen, next(entry for entry in entries() if entry.title == chosen.title)


def link(stem: str, label: str, icon: str | None = None) -> None:
    """A link to the page `stem`, where it is for the visitor."""
    if session.visitor().role in _entry(stem).roles:
        st.page_link(script(stem), label=label, icon=icon)


def _entry(stem: str) -> Entry:
    return next(entry for entry in entries() if entry.stem == stem)


def go(stem: str, **query: str) -> None:
    """Open the page `stem`, with `query` in its address.

    The selection goes along. Streamlit would clear the address first, and refuses to where a
    selection stands in it; an empty address of our own is taken, and the selection comes back.
    """
    st.switch_page(script(stem), query_params=query)
