"""The parts of the page of reports: what is made, what it will look like, and the files."""

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from presentation import brief_steps, readiness_wording
from presentation.labels import plain
from queries import attainment
from queries.engine import remembered
from queries.scope import Scope, area_name, areas_by_name
from reports import document_set
from reports.documents import brief, brief_templates, one_pager
from reports.figures.figure_catalogue import FIGURES, Pictures
from store import snapshot_store
from store.errors import IntakeError
from ui import page_downloads, session

MONTHS = 6  # month ends to choose from
SHOWN = 3  # lines of what is missing that are not folded
_MADE = "_made_set"
_LETTER = {  # what the office adds to the brief: the field, and what stands there if it is blank
    "number": ("发文字号", "由机关代字和年份组成"),
    "code_word": ("机关代字", "留空"),
    "issuer": ("发文机关", "为办公室"),
    "masthead": ("发文机关标志", "同发文机关"),
    "copies_to": ("抄送", "不写"),
    "contact": ("联系人和电话", "不写"),
}


@dataclass(frozen=True)
class Made:
    """A set that was made: what was asked for, and its files."""

    scope: Scope
    parts: tuple[str, ...]
    letter: brief.Letter
    template: bytes
    files: dict[str, bytes]


def of_documents(scope: Scope) -> Scope:
    """`scope` without field and bank: a document is about an area, of a county about its own."""
    area = scope.area_id if scope.sight.whole else scope.sight.unit
    return replace(scope, area_id=area, field_id="", operator_id="")


def choose_day(scope: Scope) -> None:
    """Offer the last month ends, beside the day that is selected."""
    latest = session.last_day(session.manifest(scope.snapshot_id))
    ends = {scope.as_of, *attainment.month_ends(scope.snapshot_id, latest)[-MONTHS:]}
    st.pills(
        "报告期（“换范围”里的截止日可以选任何一天）",
        sorted(ends, reverse=True),
        default=scope.as_of,
        format_func=lambda day: f"{day:%Y年%m月%d日}",
        key="report_day",
        on_change=_take_day,
    )


def _take_day() -> None:
    if st.session_state["report_day"] is not None:
        st.session_state["as_of"] = st.session_state["report_day"]


def choose_parts() -> tuple[str, ...]:
    """Ask which parts to make."""
    chosen = st.pills(
        "做哪些",
        list(document_set.PARTS),
        selection_mode="multi",
        default=["brief", "pagers", "tables", "slides"],
        format_func=lambda part: document_set.PARTS[part],
        key="report_parts",
    )
    return tuple(part for part in document_set.PARTS if part in chosen)


def choose_letter() -> brief.Letter:
    """Ask what the office adds to the brief."""
    with st.expander("通报的发文机关、发文字号、抄送、联系人和日期"):
        left, right = st.columns(2)
        texts = {
            name: (left, right)[place % 2].text_input(
                label, key=f"letter_{name}", placeholder=f"不填则{blank}"
            )
            for place, (name, (label, blank)) in enumerate(_LETTER.items())
        }
        signed = left.date_input("成文日期", value="today", key="letter_day", format="YYYY-MM-DD")
        printed = right.date_input("印发日期", value="today", key="print_day", format="YYYY-MM-DD")
    return brief.Letter(issued_on=signed, printed_on=printed, **texts)


def preview(scope: Scope) -> None:
    """What the documents will say and show."""
    shown = st.segmented_control(
        "预览",
        ["通报文字", "一页纸", "图"],
        default="通报文字",
        key="preview",
        required=True,
        label_visibility="collapsed",
    )
    if shown == "通报文字":
        _sentences(scope)
    elif shown == "一页纸":
        _page(scope)
    else:
        _figure(scope)


def _sentences(scope: Scope) -> None:
    with st.container(border=True):
        text = _text(scope)
        for title, sentences in text.sections().items():
            st.markdown(f"**{plain(title)}**")
            st.markdown("\n\n".join(map(plain, sentences)))
        if text.steps:
            steps = pd.DataFrame(text.steps).set_axis(brief_steps.HEADINGS, axis=1)
            st.table(steps.map(plain), hide_index=True, alt="下一步要求")


@remembered
def _text(scope: Scope) -> brief.Text:
    """The text of the brief; a document of a version stays the same."""
    return brief.Text(scope, brief.Letter())


def _page(scope: Scope) -> None:
    areas = {name: code for name, code in areas_by_name().items() if scope.area_id in ("", code)}
    chosen = st.selectbox("看哪一张", list(areas), key="preview_area")
    here = replace(scope, area_id=areas[chosen])
    with st.spinner("正在排版…"):
        pages = one_pager.pages(here, Pictures(here))
    sides = [f"{chosen}一页纸{side}" for side in ("正面", "背面")]
    st.image(pages, caption=sides[: len(pages)])


def _figure(scope: Scope) -> None:
    pictures = Pictures(scope)
    name = st.selectbox(
        "看哪一张图",
        pictures.names(),
        format_func=lambda name: FIGURES[name].title,
        key="preview_figure",
    )
    with st.spinner("正在画图…"):
        st.image(pictures.png(name, "wide"), caption=FIGURES[name].title)


def show_missing(scope: Scope) -> None:
    """What is missing for the documents, and what they will therefore not say."""
    missing = readiness_wording.hints(scope)
    if not missing:
        st.caption("做之前查过：名录、台账、银行报送和指标都齐，截止日是月末。")
        return
    lines = "\n".join(f"- {plain(one)}" for one in missing)
    title = f"做之前先看：{len(missing)} 处不齐，文件因此不写或写未知"
    if len(missing) <= SHOWN:
        st.markdown(f"{title}\n\n{lines}")
    else:
        with st.expander(title):
            st.markdown(lines)


def make(scope: Scope, parts: tuple[str, ...], letter: brief.Letter) -> None:
    """The button that makes the set, and afterwards its files."""
    if st.button("生成", type="primary", icon=":material/description:", disabled=not parts):
        template = _template()
        try:
            with session.progress("正在准备…") as progress:
                files = document_set.build(scope, parts, progress, letter)
        except IntakeError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.session_state[_MADE] = Made(scope, parts, letter, template, files)
    made = st.session_state.get(_MADE)
    if made is None:
        return
    if (made.scope, made.parts, made.letter, made.template) != (scope, parts, letter, _template()):
        st.info("选择已经变了，下面还是上一次做好的文件。要新的请再点“生成”。")
    _files(made)


def _files(made: Made) -> None:
    size = sum(map(len, made.files.values()))
    st.success(
        f"做好了：{area_name(made.scope)}，截止日 {made.scope.as_of}，"
        f"{len(made.files)} 个文件，{size / 1e6:.1f} MB。",
        icon=":material/task_alt:",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page_downloads.file(
            "全部下载（zip）",
            lambda: document_set.zipped(made.files),
            f"{document_set.name(made.scope)}.zip",
            icon="folder_zip",
        )
        chosen = st.selectbox("或只要其中一个", list(made.files), key="one_file")
        page_downloads.file(
            "下载这一个",
            made.files[chosen],
            f"{document_set.name(made.scope)}_{chosen.rsplit('/')[-1]}",
        )


def _template() -> bytes:
    return brief_templates.in_force(snapshot_store.default())
