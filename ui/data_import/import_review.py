"""What an upload would change, shown before anything changes."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from geo import coordinate_systems, geocoding
from loaders import intake
from loaders.assessment import Assessment
from loaders.comparing.duplicates import HOW
from loaders.reading.header_matching import HOW as HEADER_HOW
from loaders.senders import send_backs
from presentation import dispute_listings, labels
from presentation.labels import plain
from store import snapshot_store
from store.snapshot import Snapshot
from ui import long_work, menu, page_downloads, page_tables, session
from ui.data_import import change_review, unknown_terms, upload
from ui.data_import.upload import Work

_LISTED = 2000  # rows of a list on the page; the Excel holds them all


def summary(now: Work, found: Assessment) -> None:
    """The upload in six numbers, below the warnings about it."""
    for correction in found.corrections:
        st.info(plain(correction), icon=":material/assignment_return:")
    for kind, tables in upload.pointed(now.opened).items():
        fits = now.fits(tables)
        if fits is not None and (advice := coordinate_systems.advice(fits, now.system(kind))):
            st.warning(plain(advice), icon=":material/wrong_location:")
    for old in found.replaced:
        replaced = f"发布后替换 {old.as_at} 的“{old.title}”（入库 {old.counts['accepted']:,} 行）。"
        st.info(plain(replaced), icon=":material/swap_horiz:")
    change_review.taken_back(found)
    for bank, rows in found.other_banks.items():
        warning = (
            f"报送单位是{found.sender}，却有 {rows:,} 行写的是{bank}，请核对是不是交错了文件。"
        )
        st.warning(plain(warning), icon=":material/account_balance:")
    if found.lost:
        st.warning(plain(dispute_listings.lost(found.lost)), icon=":material/gavel:")
    if found.turned:
        st.info(f"{found.turned:,} 行的经纬度写反了，已对调。", icon=":material/swap_horiz:")
    counts = found.counts()
    gone = sum(int(changes["gone"].sum()) for changes in found.changes.values())
    figures = [
        ("读到", counts["rows"], "行"),
        ("可以入库", counts["accepted"], "行"),
        ("退回", counts["rejected"], "行"),
        ("待复核", counts["in_review"], "行"),
        ("疑似重复", len(found.duplicates), "对"),
        ("未再报送", gone, "条"),
    ]
    with st.grid(6, min_column_width=140):
        for label, number, unit in figures:
            st.metric(label, f"{number:,} {unit}", border=True)


def details(now: Work, found: Assessment) -> None:
    """Everything behind the six numbers, a tab each."""
    unknown, left_out = found.unknown_words, found.left_out
    counts = found.counts()
    parts: dict[str, Callable[[], None]] = {
        "与现行版本的差异": partial(change_review.differences, found),
        f"退回（{counts['rejected']:,}）": partial(_rejects, found),
        f"待复核（{counts['in_review']:,}）": partial(_in_review, found),
        f"疑似重复（{len(found.duplicates):,}）": partial(_duplicates, found),
        f"认不出的词（{len(unknown):,}）": partial(unknown_terms.ask, now, unknown),
        "定位": partial(_located, found),
        f"不是数据的行（{len(left_out):,}）": partial(_left_out, left_out),
        "列名": partial(_headers, found),
    }
    for tab, draw in zip(st.tabs(list(parts)), parts.values(), strict=True):
        with tab:
            draw()


def _left_out(rows: pd.DataFrame) -> None:
    st.caption("合计、说明、重复的表头等。这些行没有当作数据，也没有丢：请看一眼有没有误判。")
    page_tables.show(rows, ["file", "sheet", "row", "text", "why"], "不是数据的行")


def _headers(found: Assessment) -> None:
    shown = found.headers.assign(how=found.headers["how"].map(HEADER_HOW))
    page_tables.show(shown, ["file", "header", "label", "how"], "列名是怎么认的")


def _rejects(found: Assessment) -> None:
    """The rejected cells by reason, one by one, and the file to send back."""
    if found.rejects.empty:
        st.success("没有退回的行。", icon=":material/check_circle:")
        return
    kinds = found.rejects["reason"].str.replace(r"“[^”]*”", "“…”", regex=True)
    kinds = kinds.str.replace(r"第 \d+ 行", "第 … 行", regex=True)
    counted = kinds.value_counts().rename_axis("reason").reset_index(name="rows")
    page_tables.show(counted, ["reason", "rows"], "按原因计数", rows=6)
    page_tables.show(
        found.rejects.head(_LISTED).rename(columns={"value": "cell"}),
        ["file", "sheet", "row", "column", "cell", "reason"],
        "退回的单元格",
        rows=8,
    )
    _send_back(found)
    st.caption("请发回报送单位，在原表里改正标色的格子后再报，系统认得是哪一次退回的。")


def _send_back(found: Assessment) -> None:
    """The rejected rows as a file to send back; the ledger records that it was taken."""
    page_downloads.file(
        "下载退回清单（原样式，错处标色）",
        lambda: send_backs.send_back(found, snapshot_store.default().ledger, session.visitor()),
        f"{found.sender}退回清单.xlsx",
    )


def _in_review(found: Assessment) -> None:
    """Rows that would be accepted and need a check, and why."""
    rows = pd.concat([sheet.in_review for sheet in found.sheets], ignore_index=True)
    st.caption(
        "这些行可以入库，但有疑点。位置拿不准的，发布后在“待复核”页逐条核定；其余请报送单位核对。"
    )
    columns = ["source_file", "source_row", "name", "address", "county", "reason"]
    shown = labels.with_names(rows).reindex(columns=columns)
    page_tables.show(shown.head(_LISTED), columns, "待复核的行")


def _duplicates(found: Assessment) -> None:
    st.caption(
        "同一家店可能列了两次。几家银行都报同一家店，都报得对：不用退回，也不用删编号。"
        "照常发布，再到“特定区域名录”页的“重复门店”里确认是同一家，以后只算一家；"
        "没有确认的，各算一家。同一家银行的，可以问问它是不是两家店。"
    )
    pairs = found.duplicates
    shown = pairs.assign(
        how_label=pairs["how"].map(HOW),
        other=pairs["other_file"].fillna("现行版本"),
        operator=labels.bank_names(pairs["operator_id"]),
        other_operator=labels.bank_names(pairs["other_operator_id"]),
    )
    columns = [
        "how_label", "source_file", "source_row", "name", "operator", "address", "other",
        "other_row", "other_name", "other_operator", "other_address", "distance_m",
    ]  # fmt: skip
    page_tables.show(shown.head(_LISTED), columns, "疑似重复")
    if len(shown):
        page_downloads.tables(
            "下载疑似重复清单",
            {"疑似重复": (shown, columns)},
            "疑似重复清单",
            "导入前核对，尚未发布",
        )


def _located(found: Assessment) -> None:
    counts = found.counts()
    left, right = st.columns(2)
    with left:
        _counted(counts["by_county"], "县区")
    with right:
        methods = {geocoding.METHODS[code]: n for code, n in counts["located_by"].items()}
        _counted(methods, "定位方式")


def _counted(counts: dict[str, int], heading: str) -> None:
    rows = pd.DataFrame({heading: counts.keys(), "行数": counts.values()})
    st.dataframe(rows, hide_index=True, alt=f"按{heading}计数")


def publish(now: Work, found: Assessment) -> None:
    """The button that publishes the files in hand."""
    if not found.counts()["accepted"]:
        st.warning("没有可以入库的行，不能发布。")
        return
    who = session.visitor()
    if not who.name:
        st.warning("发布前请先在页首填写经办人。", icon=":material/person:")
    label = f"发布（经办人：{who.name}）" if who.name else "发布"
    if not st.button(label, type="primary", icon=":material/publish:", disabled=not who.name):
        return
    store = snapshot_store.default()
    long_work.begin(
        "正在发布",
        lambda progress: intake.publish(found, store, who, progress),
        lambda snapshot: _done(snapshot, found),
        lambda error: upload.refused(now, error),
    )


def _done(snapshot: Snapshot, found: Assessment) -> None:
    upload.keep(None)
    st.session_state["_published"] = (snapshot.id, found)


def published() -> bool:
    """What was published last in this session, and what is left to do; whether there is any."""
    snapshot_id, found = st.session_state.get("_published", (None, None))
    if snapshot_id is None:
        return False
    counts = found.counts()
    st.success(
        f"已发布，数据版本 {snapshot_id}：{plain(found.sender)}入库 {counts['accepted']:,} 行。",
        icon=":material/task_alt:",
    )
    with st.container(horizontal=True):
        if counts["rejected"]:
            _send_back(found)
        if counts["in_review"]:
            menu.link("review_queue", f"去核定待复核的 {counts['in_review']:,} 行")
    return True
