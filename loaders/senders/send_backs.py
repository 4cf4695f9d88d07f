"""Send-backs: rejected rows that go back to a sender, and what comes of them."""

from collections.abc import Sequence

from domain.visitors import Visitor
from loaders.assessment import Assessment
from loaders.reading.opened_tables import Opened
from loaders.reading.records import Records
from loaders.senders import reject_sheets
from store.ledger import Ledger


def send_back(assessment: Assessment, ledger: Ledger, by: Visitor) -> bytes:
    """The rejected rows as an XLSX to send back; what was sent back is written down."""
    parts = [sheet.returned for sheet in assessment.sheets]
    marks = reject_sheets.marks(parts)
    digests = ",".join(dict.fromkeys(one.digest for one in assessment.opened))
    number = reject_sheets.number(digests, marks)
    body = {"sender": assessment.sender, "rows": marks}
    body["files"] = list(dict.fromkeys(one.source.file for one in assessment.opened))
    days = {one.as_at for one in assessment.statements}
    if len(days) == 1:
        body["as_at"] = days.pop().isoformat()
    ledger.write("return", number, body, by)
    return reject_sheets.workbook(parts, number)


def corrections(
    opened: Sequence[Opened], sheets: Sequence[Records], ledger: Ledger
) -> tuple[str, ...]:
    """What came of the send-backs that the tables answer, a sentence each."""
    answers: dict[str, list[tuple[str, bool]]] = {}
    for one, sheet in zip(opened, sheets, strict=True):
        if one.answers:
            right = sheet.accepted["source_row"].tolist()
            found = reject_sheets.answers(one.source.sheet, one.source.layout, right)
            answers.setdefault(one.answers, []).extend(found)
    sent = ledger.latest("return") if answers else {}
    return tuple(
        reject_sheets.outcome(number, sent[number].body, rows)
        if number in sent
        else f"文件里的退回单 {number} 不是从这里发出的，按普通文件处理"
        for number, rows in answers.items()
    )
