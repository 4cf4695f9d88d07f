"""Word files of our own, sound or changed as an attacker would."""

import io
import zipfile
from functools import cache

from docx import Document

from reports.documents import brief_templates

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY, TYPES = "word/document.xml", "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"


USED = {"Normal", "Header", "Default Paragraph Font", "Normal Table"}


@cache
def _empty():
    """An empty document without the styles that nothing uses, which take a tenth of a second."""
    document = Document()
    for style in document.styles:
        if style.name not in USED:
            style.delete()
    return saved(document)


def written(*paragraphs, header="{{ demo_mark }}"):
    """A document of our own with a paragraph for each text."""
    document = Document(io.BytesIO(_empty()))
    document.sections[0].header.paragraphs[0].text = header
    document.add_paragraph("{{ code }}")
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def saved(document):
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def altered(content, change):
    """`content` with its parts (name → bytes) changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return buffer.getvalue()


def replaced(name, old, new):
    """A change of the part `name`: the first `old` made `new`."""

    def change(parts):
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)

    return change


def all_of(*changes):
    def change(parts):
        for one in changes:
            one(parts)

    return change


def in_body(xml):
    return replaced(BODY, "<w:sectPr", xml + "<w:sectPr")


def tied(kind, target, rest="", name=RELATIONS):
    relation = f'<Relationship Id="rX" Type="{kind}" Target="{target}" {rest}/></Relationships>'
    return replaced(name, "</Relationships>", relation)


def external(target="http://a.example/x.png", mode="External"):
    return tied(f"{OFFICE}image", target, f'TargetMode="{mode}"')


def extra(name, content, kind):
    """A further part with its content type."""
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    return all_of(
        replaced(TYPES, "</Types>", override), lambda parts: parts.update({name: content})
    )


def story(name, text):
    """Footnotes, endnotes or comments with the XML `text` of a paragraph."""
    kind = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
    xml = f'<w:{name} xmlns:w="{W}"><w:n><w:p>{text}</w:p></w:n></w:{name}>'
    part = extra(f"word/{name}.xml", xml.encode(), kind)
    return all_of(part, tied(OFFICE + name, f"{name}.xml"))


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def field(*pieces):
    """A field of Word whose instruction is cut in `pieces`."""
    middle = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    ends = [f'<w:r><w:fldChar w:fldCharType="{end}"/></w:r>' for end in ("begin", "end")]
    return f"<w:p>{ends[0]}{middle}{ends[1]}</w:p>"


def refused(change, *paragraphs):
    return "\n".join(brief_templates.check(altered(written(*paragraphs), change)))
