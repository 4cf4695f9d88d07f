"""Sealing: an Office document with the clock taken out, so that the same content is the same bytes.

Word, Excel and PowerPoint files are zips of XML. The libraries that write them put the time of day
into the zip's entries and into the document's properties, also in the workbooks behind the charts
of a slide.
"""

import io
import re
import zipfile
from datetime import datetime

# When the document was made and last changed.
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
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
        # The list of content types comes first, where readers look for it.
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == _PROPERTIES:
                content = _DATES.sub(rb"\g<1>" + made + rb"\g<3>", content)
            elif name.endswith(_EMBEDDED):
                content = sealed(content, moment)
            packed = name.endswith((".png", ".jpeg"))
            method = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(name, moment.timetuple()[:6]), content, method)
    return buffer.getvalue()
