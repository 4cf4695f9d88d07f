"""Sealing: an Office document with the clock taken out, so that the same content is the same bytes.

Word, Excel and PowerPoint files are zips of XML. The libraries that write them put the time of day
into the zip's entries and into the document's properties, also in the workbooks behind the charts
of a slide.
"""

import io
import re
import zipfile
from datetime import datetime

_DATES = re.compile(
    rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)"
)  # when the document was made and last changed
_PROPERTIES = "docProps/core.xml"
_EMBEDDED = (".xlsx", ".docx")


def sealed(document: bytes, moment: datetime) -> bytes:
    """`document` (DOCX, XLSX or PPTX) with `moment`, in UTC, for every date of its making."""
    made = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist(), key=_order):
            content = old.read(name)
            if name == _PROPERTIES:
                content = _DATES.sub(rb"\g<1>" + made + rb"\g<3>", content)
            elif name.endswith(_EMBEDDED):
                content = sealed(content, moment)
            new.writestr(zipfile.ZipInfo(name, moment.timetuple()[:6]), content, _method(name))
    return buffer.getvalue()


def _order(name: str) -> tuple[bool, str]:
    """The list of content types first, where readers look for it, then by name."""
    return name != "[Content_Types].xml", name


def _method(name: str) -> int:
    """Pictures are packed already."""
    return zipfile.ZIP_STORED if name.endswith((".png", ".jpeg")) else zipfile.ZIP_DEFLATED
