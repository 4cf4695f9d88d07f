"""What a person confirms of files the first time: columns, coordinate system, whole or part."""

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from geo import coordinate_systems
from loaders.kinds import KINDS
from loaders.reading import column_names, named_systems, opened_tables
from loaders.reading.header_matching import HOW
from loaders.reading.opened_tables import Opened
from loaders.reading.stated_days import WHERE
from loaders.senders import sender_memory
from loaders.senders.sender_memory import Reading
from presentation.labels import plain
from store import snapshot_store
from ui import page_tables, session
from ui.data_import import upload
from ui.data_import.upload import Work, keep
from ui.frame import errors_shown

SYSTEMS = {
    "wgs84": "WGS-84 / CGCS2000（天地图、GPS）",
    "gcj02": "GCJ-02（高德、腾讯）",
    "bd09": "BD-09（百度）",
}
UNUSED = "（不用）"
_EXTENT = {
    True: "全部记录（同一天再报一份，就替换前一份）",
    False: "新增和变更的部分（与同一天的并存）",
}


def ask(now: Work) -> None:
    """Ask what the columns mean, which coordinates they hold and whether the list is whole."""
    for question in now.questions:
        st.warning(plain(question), icon=":material/help:")
    mappings: dict[tuple[Any, ...], dict[str, str]] = {}
    groups: dict[tuple[Any, ...], list[Opened]] = {}
    for table in now.opened:
        groups.setdefault(table.shape, []).append(table)
    for number, (shape, members) in enumerate(groups.items()):
        st.markdown("**" + plain("、".join(table.title for table in members)) + "**")
        mappings[shape] = _columns(members[0], key=f"columns_{members[0].digest[:12]}_{number}")
    tables = [opened_tables.with_columns(table, mappings[table.shape]) for table in now.opened]
    _named(now, tables)
    points = upload.pointed(tables)
    systems = {kind: _system(now, kind, points) for kind in points}
    days = _days(now)
    whole = st.radio(
        "这批文件是该单位的",
        [True, False],
        index=1 if any(table.part for table in now.opened) else 0,
        format_func=lambda all_: _EXTENT[all_],
        help="没有列出的记录仍按原来的状态计算；差异里会一条一条列出来。",
    )
    if st.button("核对无误，记住并往下看", type="primary", icon=":material/check:"):
        _confirmed(now, mappings, systems, days, whole)


def _days(now: Work) -> list[date | None]:
    """Ask for the day that each table speaks for, with what the table itself says.

    Sheets of one file that say the same are asked about together.
    """
    alike: dict[tuple[str, date | None], list[Opened]] = {}
    for table in now.opened:
        alike.setdefault(_said(table), []).append(table)
    days: dict[tuple[str, date | None], date | None] = {}
    for number, (said, tables) in enumerate(alike.items()):
        one, found = tables[0], tables[0].found_day
        title = one.title if len(tables) == 1 else one.source.file
        days[said] = st.date_input(
            f"“{plain(title)}”的数据截止日期",
            value=one.as_at or (found.day if found else None),
            max_value=date.today(),
            help="这份文件说的是截至哪一天的情况，不是填表或导入的日子。",
            key=f"day_{one.digest[:12]}_{number}",
        )
        if found and one.as_at is None:
            st.caption(f"从{WHERE[found.where]}“{plain(found.words)}”看是 {found.choice}。")
    return [days[_said(table)] for table in now.opened]


def _said(table: Opened) -> tuple[str, date | None]:
    """The file of a table, and the day that the table says."""
    return table.digest, table.found_day.day if table.found_day else None


def _columns(table: Opened, key: str) -> dict[str, str]:
    """Ask what each column of a table is: header to our column, '' for unused."""
    layout = table.source.layout
    labels = dict(KINDS[layout.kind].labels)
    used = sender_memory.columns(layout)
    labels |= {name: column_names.label(layout.kind, name) for name in used.values() if name}
    how = dict(zip(layout.headers["header"], layout.headers["how"], strict=True))
    mapping: dict[str, str] = {}
    with st.container(height=430, key=key):
        for place, (header, column) in enumerate(used.items()):
            left, middle, right = st.columns([2, 4, 2], vertical_alignment="center")
            left.markdown(f"**{plain(header)}**  \n:gray[{HOW[how[header]]}]")
            middle.markdown(plain(table.examples[header]) or ":gray[（没有内容）]")
            mapping[header] = right.selectbox(
                f"“{header}”对应到",
                ["", *labels],
                index=["", *labels].index(column),
                format_func=lambda name: labels.get(name, UNUSED),
                label_visibility="collapsed",
                key=f"{key}_{place}",
            )
    return mapping


def _system(now: Work, kind: str, points: dict[str, list[Opened]]) -> str | None:
    """Ask for the coordinate system of a kind, with what headers and the points themselves say."""
    tables, remembered = points[kind], now.system(kind)
    crs: str | None = st.selectbox(
        f"{f'“{KINDS[kind].label}”的' if len(points) > 1 else ''}坐标用的是哪个坐标系",
        list(SYSTEMS),
        index=list(SYSTEMS).index(remembered) if remembered else None,
        format_func=lambda code: SYSTEMS[code],
        placeholder="请选择；不清楚就问报送单位，不要猜",
        help="三种坐标系在本市相差约 0.5 到 1.2 公里。",
        key=f"crs_{tables[0].digest[:12]}_{kind}",
    )
    _evidence(now, tables, crs)
    return crs


def _named(now: Work, tables: list[Opened]) -> None:
    """Say which system the headers of points name, where the files did not say so when opened."""
    shown = {note for table in now.opened for note in table.notes}
    for table in tables:
        layout = table.source.layout
        for note in named_systems.note(layout.point_headers, now.system(layout.kind)):
            if note not in shown:
                shown.add(note)
                st.info(plain(note), icon=":material/help:")


def _evidence(now: Work, tables: list[Opened], crs: str | None) -> None:
    """How well the points fit what else is known, under each coordinate system."""
    fits = now.fits(tables)
    if fits is None:
        return
    advice = coordinate_systems.advice(fits, crs)
    if advice:
        st.warning(plain(advice), icon=":material/wrong_location:")
    st.caption("在各坐标系下，坐标与文字、与已知受理点的吻合程度：")
    shown = fits.assign(system=fits["crs"].map(SYSTEMS), known_m=fits["known_m"].round())
    columns = ["system", "inside", "in_county", "in_town"]
    if shown["known"].any():
        columns += ["known", "known_m", "overlap"]
    page_tables.show(shown, columns, f"{KINDS[tables[0].source.layout.kind].label}坐标系证据")


def _confirmed(
    now: Work,
    mappings: dict[tuple[Any, ...], dict[str, str]],
    systems: dict[str, str | None],
    days: list[date | None],
    whole: bool,
) -> None:
    """Read the tables by these columns, and remember them for the sender's next files.

    A kind without points keeps the coordinate system that was remembered of it.
    """
    if None in systems.values():
        st.error("文件里有坐标，请先选坐标系。", icon=":material/error:")
        return
    if None in days:
        st.error("请先填写数据截止日期。", icon=":material/error:")
        return
    ledger = snapshot_store.default().ledger
    with errors_shown():
        opened = tuple(
            replace(
                opened_tables.read_as(table, mappings[table.shape]),
                as_at=day,
                part=not whole or table.answers is not None,
            )
            for table, day in zip(now.opened, days, strict=True)
        )
        for table in {table.shape: table for table in opened}.values():
            layout = table.source.layout
            crs = systems.get(layout.kind, now.system(layout.kind))
            reading = Reading(
                layout.kind, sender_memory.columns(layout), crs, whole, table.day_from
            )
            sender_memory.confirm(ledger, now.sender, reading, session.visitor())
        known = sender_memory.recall(ledger, now.sender)
        keep(replace(now, opened=opened, known=known, confirmed=True))
        st.rerun()
