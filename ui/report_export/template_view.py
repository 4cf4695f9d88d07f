"""Templates of documents: taken away, changed in Word, put in force, and taken back."""

from collections.abc import Callable

import streamlit as st

from loaders.formats import reading_process
from presentation.labels import plain
from reports.documents import brief_templates, order_letter, template_fields
from store import snapshot_store
from store.errors import FileUnreadableError
from ui import page_downloads, session
from ui.frame import errors_shown

_DOCUMENTS = {"brief": "工作通报", order_letter.DOCUMENT: "督办单"}
_CHECKS: dict[str, Callable[[bytes], tuple[str, ...]]] = {
    "brief": brief_templates.check,
    order_letter.DOCUMENT: order_letter.check,
}


def show() -> None:
    """Offer the template in force, take another one, and list the fields it may name."""
    document: str = st.segmented_control(
        "哪种文件",
        list(_DOCUMENTS),
        format_func=_DOCUMENTS.__getitem__,
        default="brief",
        key="template_document",
        required=True,
    )
    _standing(document)
    template = brief_templates.standard(document)
    with errors_shown():
        template = brief_templates.in_force(snapshot_store.default(), document)
    page_downloads.file("下载现在的模板", template, f"{_DOCUMENTS[document]}模板.docx")
    st.caption(
        "在 Word 里改字体、抬头、套话都可以；{{ }} 和 {% %} 是填数的地方，可以移动、删掉，"
        "不要改里面的字。改好再传上来，看板先检查，有问题会说在哪一段。"
    )
    _upload(document)
    st.table(template_fields.listed(document), hide_index=True, alt="模板里可以用的字段")


def _standing(document: str) -> None:
    """Which template holds, and since when by whose doing."""
    entries = brief_templates.history(snapshot_store.default(), document)
    if not entries or entries[-1].body["sha256"] is None:
        st.markdown("现在用的是**标准模板**。")
        return
    last = entries[-1]
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.markdown(
        f"现在用的是**{plain(last.body['file'])}**，{session.clock(last.at)} "
        f"由{plain(last.by)}上传。"
    )
    if right.button("改回标准模板", icon=":material/undo:", disabled=session.nobody()):
        brief_templates.withdraw(snapshot_store.default(), session.visitor(), document)
        st.rerun()


@st.cache_data(max_entries=4, show_spinner="正在检查模板…")
def _problems(content: bytes, document: str) -> tuple[str, ...]:
    """What is wrong with a template, which is checked in a process of its own."""
    try:
        return reading_process.read(_CHECKS[document], content)
    except FileUnreadableError as error:
        return (f"模板{error}",)


@st.cache_data(max_entries=4, show_spinner=False)
def _left_out(content: bytes) -> tuple[str, ...]:
    """What of a template that has passed is not taken."""
    return reading_process.read(brief_templates.left_out, content)


def _upload(document: str) -> None:
    file = st.file_uploader("上传改好的模板", type=["docx"], key=f"template_{document}")
    if file is None:
        return
    content = file.getvalue()
    found = _problems(content, document)
    for problem in found:
        st.error(plain(problem), icon=":material/error:")
    if found:
        return
    st.success("检查通过，可以启用。", icon=":material/task_alt:")
    if left := _left_out(content):
        st.caption(f"模板用不到、没有采用的：{'、'.join(left)}。")
    if session.nobody():
        st.caption("启用模板要记下是谁换的：请先在页首填“经办人”。")
    if st.button("启用这份模板", type="primary", disabled=session.nobody()):
        brief_templates.keep(
            snapshot_store.default(), content, file.name, session.visitor(), document
        )
        st.rerun()
