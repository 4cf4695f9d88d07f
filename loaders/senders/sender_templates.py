"""Templates for senders: a sheet to fill in, what every column means, and the words to choose from.

The invented examples are on the page of explanations, not in the list: a template that was not
filled in has no rows and is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from domain import owners, reference
from excel.cell_text import column_width
from excel.workbook_writer import Book, Sheet
from loaders.kinds import KINDS
from loaders.reading.day_parsing import FIRST_YEAR, LAST_YEAR
from loaders.reading.vocabulary import SEVERAL

LIST, HELP, OPTIONS_SHEET = "名单", "填写说明", "选项"

_NOT_ASKED = {"lonlat"}  # columns that are understood but say what two others say
_LAST_ROW = 1_048_575  # of a sheet, from 0
_LONGEST_PROMPT = 255  # characters that Excel allows in a prompt
_WIDTH = 18
_FORMATS = {
    "text": "@",  # so that no id loses its zeros and no house number becomes a date
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
}
_CRS = ["WGS84（GPS、天地图）", "GCJ02（高德、腾讯）", "BD09（百度）"]
_RULES = [
    "每行一条，表头不要改、不要合并单元格；不用的列可以留空，也可以整列删去。",
    "红底的列必填，缺一项整行退回；蓝底的列没有就留空；除另有说明外，留空表示与上次相同。",
    "有下拉的列请从下拉中选；写别的词会退回，或转人工核对。",
    "日期写成 2026-03-05；不要写“上个月”、两位年份，也不要写还没有到的日期。",
    "编号列已设为文本；粘贴时请“只粘贴数值”，免得长编号变成 1.2E+11。",
    "退回的情形：必填为空、日期或数字看不懂、机构不在下拉中、地址在外市、同一编号写了两次（以后一行为准）。",
    "退回的文件保持原样，错处标红，原因在最后一列；改好后连最后一列一起发回，系统认得是哪一次退回的。",
]


@dataclass(frozen=True)
class Asked:
    """One column of a template, as the reference describes it, and the words to choose from."""

    label: str
    type: str
    required: bool
    help: str
    examples: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def range(self) -> str:
        """Name of the range that holds the options."""
        return f"{self.label}选项"


def workbook(kind: str) -> bytes:
    """XLSX to be filled in: the empty list, the explanations with examples, and the options.

    Its headers are the labels of the columns of `kind`, in their order.
    """
    asked = asked_columns(kind)
    book = Book()
    _write_list(book.sheet(LIST), asked)
    _write_help(book.sheet(HELP), asked, KINDS[kind].label)
    _write_options(book.sheet(OPTIONS_SHEET), asked)
    return book.content()


def asked_columns(kind: str) -> list[Asked]:
    """The columns of a template of `kind`, in their order."""
    helps = reference.table("column_help")
    columns = KINDS[kind].columns
    columns = columns[~columns["column"].isin(_NOT_ASKED)]
    columns = columns.merge(helps[helps["kind"] == kind], on="column", validate="one_to_one")
    names = ("column", "label", "type", "required", "help", "example")
    return [
        Asked(
            label,
            type_,
            required == "1",
            text,
            tuple(examples.split(";")),
            tuple(_options(column, type_, kind)),
        )
        for column, label, type_, required, text, examples in zip(
            *(columns[name] for name in names), strict=True
        )
    ]


def _options(column: str, type_: str, kind: str) -> Sequence[str]:
    """Words that a column may hold; none for one that is written freely."""
    city_wide = column in KINDS[kind].city_wide
    if column == "county":
        return [*(["全市"] if city_wide else []), *reference.table("counties")["name"]]
    choices: dict[str, Callable[[], Sequence[str]]] = {
        "operator": lambda: [*(["全部"] if city_wide else []), *_names("operators", "operator")],
        "scenario": lambda: _numbered("scenarios", "scenario_id", "scenario"),
        "venue_kind": lambda: _names("venue_kinds", "kind"),
        "indicator": lambda: _names("indicators", "indicator"),
        "owner": _owners,
        "owners": _owners,
        "filing_kind": lambda: _names("filing_kinds", "kind"),
        "task": lambda: _numbered("tasks", "task_no", "lead_unit"),
        "city": lambda: _names("province_cities", "city"),
        "measure": lambda: _names("province_measures", "measure"),
        "status": lambda: _names("statuses", "status"),
        "crs": lambda: _CRS,
        "boolean": lambda: ["是", "否"],
        "grade": lambda: ["A", "B", "C"],
    }
    return choices.get(type_, list)()


def _names(table: str, column: str) -> list[str]:
    return reference.table(table)[column].tolist()


def _numbered(table: str, number: str, name: str) -> list[str]:
    words = reference.table(table)
    return (words[number] + " " + words[name]).tolist()


def _owners() -> list[str]:
    return owners.owners(date.today())["owner"].tolist()


def _width(texts: Sequence[str]) -> int:
    return column_width(texts, most=40, least=6, margin=2)


def _write_list(target: Sheet, asked: Sequence[Asked]) -> None:
    """The headers; below them formats, drop-downs and a prompt for every column."""
    sheet = target.sheet
    sheet.set_row(0, 30)
    for place, column in enumerate(asked):
        target.text(0, place, column.label, "required" if column.required else "head")
        if column.required:
            sheet.write_comment(0, place, f"必填。{column.help}", {"x_scale": 2})
        form = _FORMATS.get(column.type)
        look = target.book.format("", num_format=form) if form else None
        sheet.set_column(place, place, max(_WIDTH, _width(column.options[:50])), look)
        sheet.data_validation(1, place, _LAST_ROW, place, _validation(column))
    sheet.freeze_panes(1, 0)


def _validation(column: Asked) -> dict[str, Any]:
    """What Excel asks of the cells of a column: a list or a date, and the prompt that it shows."""
    prompt = {"input_title": column.label, "input_message": column.help[:_LONGEST_PROMPT]}
    if column.options:
        error = {"error_title": "不在选项中", "error_message": f"请从下拉中选“{column.label}”。"}
        strict = column.type not in SEVERAL  # several are typed one after the other
        options = {"validate": "list", "source": f"={column.range}", "show_error": strict}
        return options | prompt | error
    if column.type in ("date", "month"):
        days = {"minimum": date(FIRST_YEAR, 1, 1), "maximum": date(LAST_YEAR, 12, 31)}
        error = {"error_title": "不是日期", "error_message": "请写成 2026-03-05 这样的日期。"}
        return {"validate": "date", "criteria": "between"} | days | prompt | error
    return {"validate": "any"} | prompt


def _write_help(sheet: Sheet, asked: Sequence[Asked], kind: str) -> None:
    """General rules, then one line a column with the two examples, marked as invented."""
    sheet.text(0, 0, f"{kind}填写说明", "title", font_size=14)
    for line, rule in enumerate(_RULES, start=1):
        sheet.text(line, 0, f"{line}. {rule}")
    first = len(_RULES) + 2
    for place, head in enumerate(["列", "要求", "怎么填", "示例一（虚构）", "示例二（虚构）"]):
        sheet.text(first, place, head, "head")
    for line, column in enumerate(asked, start=first + 1):
        needed = "必填" if column.required else "可空"
        for place, words in enumerate([column.label, needed, column.help]):
            sheet.text(line, place, words, "explained", text_wrap=True)
        for place, example in enumerate(column.examples, start=3):
            words = f"如：{example}" if example else ""
            sheet.text(line, place, words, "explained", italic=True, font_color="#7F7F7F")
    for place, width in enumerate([16, 8, 64, 34, 34]):
        sheet.sheet.set_column(place, place, width)


def _write_options(sheet: Sheet, asked: Sequence[Asked]) -> None:
    """A column of words for every column that has them, each a named range."""
    chosen = [column for column in asked if column.options]
    for place, column in enumerate(chosen):
        sheet.text(0, place, column.range, "head")
        for line, word in enumerate(column.options, start=1):
            sheet.text(line, place, word)
        sheet.sheet.set_column(place, place, _width([column.range, *column.options]))
        letters = xl_col_to_name(place)
        cells = f"='{OPTIONS_SHEET}'!${letters}$2:${letters}${len(column.options) + 1}"
        sheet.book.file.define_name(column.range, cells)
    sheet.sheet.freeze_panes(1, 0)
