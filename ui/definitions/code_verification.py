"""“查证代码”： from the code on a document to every number in it, and on to the names."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from presentation.labels import plain
from presentation.statements import Statement, statements
from queries.scope import area_name
from reports import document_codes
from reports.document_codes import CodeError, Found
from store import snapshot_store
from store.errors import NotAllowedError
from ui import menu, page_tables, session, snapshot_picker

TITLE = "文件里的数（点一行，打开它的名单）"
COLUMNS = ["statement_number", "statement", "statement_text", "how_counted", "clause"]


def show() -> None:
    """Ask for a code, and list the numbers of its document."""
    text = st.text_input(
        "文件末尾印的查证代码",
        key="code",
        bind="query-params",
        placeholder="如 7K3Q-0WDA-1MXT",
        help="通报、一页纸、数据表、汇报和图上都有。输入后列出文件里的每个数和它怎么来的。",
    )
    if not text.strip():
        return
    versions = [facts["id"] for facts in snapshot_store.default().snapshots()]
    who = session.visitor()
    try:
        found = document_codes.found(text.strip(), versions)
        about = f"查证代码 {text.strip()}（{area_name(found.scope)}的文件）"
        own = who.sight.role != "county" or found.scope.area_id in {"", who.unit}
        snapshot_store.default().ledger.require(who, "see", about, concerned=own)
    except (CodeError, NotAllowedError) as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _document(replace(found, scope=replace(found.scope, sight=who.sight)))


def _document(found: Found) -> None:
    scope = found.scope
    facts = session.manifest(scope.snapshot_id)
    if scope.as_of > session.last_day(facts):
        st.error("查证代码里的截止日晚于那一版数据，请对照文件再输一遍。", icon=":material/error:")
        return
    demo = "演示数据，" if facts["demo"] else ""
    by = plain(facts["created_by"])
    st.markdown(
        f"这份文件：{demo}**{area_name(scope)}**，截止日 **{scope.as_of}**，数据版本 "
        f"{scope.snapshot_id}（{session.moment(facts)} 由{by}发布）。"
    )
    if not found.same_rules:
        st.warning(
            "做文件时的规则版本和现在的不同，下面是按现在的规则算的，数可能和文件上不一样。",
            icon=":material/rule:",
        )
    made = list(statements(scope).values())
    chosen = page_tables.pick(listed(made), COLUMNS, TITLE, "statements", rows=20)
    if chosen is not None:
        _open(found, made[chosen])


def listed(made: list[Statement]) -> pd.DataFrame:
    """Statements as a table, under the columns of the page."""
    return pd.DataFrame(
        [(one.number, one.label, one.text, one.how, one.clause) for one in made], columns=COLUMNS
    )


def _open(found: Found, statement: Statement) -> None:
    st.markdown(f"**{statement.number} {statement.label}：{statement.text}** = {statement.how}")
    pressed = st.button(
        "打开名单",
        icon=":material/checklist:",
        help="所选的数据版本、截止日、名录范围和县区会换成这份文件的。",
        on_click=snapshot_picker.go_to,
        args=(found.scope,),
    )
    if pressed:
        menu.go(menu.stem_at(statement.page))
