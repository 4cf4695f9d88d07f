"""Files from outside are unpacked and parsed in one place each, which bounds and refuses."""

import ast
import io
import struct
import zipfile
from pathlib import Path

import pytest

from loaders.formats.untrusted_xml import RefusedXmlError, local, tree, values
from loaders.formats.untrusted_zip import RefusedZipError, UntrustedZip

ROOT = Path(__file__).parents[2]
OUTSIDE = {"tests", "bench", ".venv"}
UNPACK = {
    "deploy/make_bundle.py",  # packs what we wrote, as do two of the next
    "loaders/formats/untrusted_zip.py",
    "loaders/formats/word/word_package.py",  # packs what it took of a file that the guards opened
    "reports/document_set.py",
    "reports/reproducible.py",
    "store/backup.py",  # the store's own archive, checked against its list before it is used
}
PARSE = {
    "geo/own_layers.py",  # styles in a file that the office lays on the server itself
    "loaders/formats/untrusted_xml.py",
    "reports/documents/slide_parts.py",  # the theme of a file of our own
    "reports/documents/template_rendering.py",  # a template that has passed the guards
}
PARSERS = {"fromstring", "fromstringlist", "parse", "iterparse", "XML", "XMLParser"}


def sources():
    rooms = [path for path in ROOT.iterdir() if path.name not in OUTSIDE]
    for path in (ROOT / "app.py", *(path for room in rooms for path in room.rglob("*.py"))):
        name = path.relative_to(ROOT).as_posix()
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(module):
    """Modules that a module imports, and what it imports from them."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def calls_lxml(module):
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in PARSERS
        and isinstance(node.value, ast.Name)
        and node.value.id == "etree"
        for node in ast.walk(module)
    )


def test_only_the_guards_unpack_and_parse():
    unpack, parse = set(), set()
    for name, module in sources():
        found = {(package.split(".")[0], member) for package, member in imported(module)}
        packages = {package for package, member in found if member != "Element"}
        if packages & {"zipfile", "tarfile"}:
            unpack.add(name)
        if packages & {"xml", "defusedxml"} or calls_lxml(module):
            parse.add(name)
    assert (unpack, parse) == (UNPACK, PARSE)


def packed(members, method=zipfile.ZIP_DEFLATED):
    """A ZIP of `members` that tells no time of now, in which a byte to be damaged may stand too."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def test_members_are_measured_and_read():
    archive = UntrustedZip(packed([("a/", b""), ("a/x", b"1" * 10), ("b", b"2" * 5)]))
    assert archive.names == ["a/x", "b"]
    assert archive.fits(15) and archive.sizes == {"a/x": 10, "b": 5}
    assert archive.read("a/x") == b"1" * 10
    assert not archive.fits(14) and archive.fits(5, ["b"])


@pytest.mark.parametrize("stated", [10, 10_000_000])
def test_a_stated_size_is_not_trusted(stated):
    sizes = [struct.pack("<I", size) for size in (1_000_000, stated)]
    content = packed([("a", bytes(1_000_000))]).replace(*sizes)
    assert not UntrustedZip(content).fits(999_999)
    assert UntrustedZip(content).fits(1_000_000)


def encrypted(content):
    """The archive with the mark of encryption in both headers of its one member."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK\x03\x04 cut off", packed([("a", b"x" * 99)])[:-9],
        packed([("a", b"text")], zipfile.ZIP_STORED).replace(b"text", b"test"),
        packed([("a", b"x" * 99)]).replace(b"a", b"b", 1),
        packed([("a", b"x")]).replace(b"PK\3", b"PK\4"),
        packed([("a", b"x" * 99)], zipfile.ZIP_BZIP2), encrypted(packed([("a", b"x")])),
        packed([(str(number), b"") for number in range(20_001)]),
        packed([("n", b"x")]).replace(b"n", b"\0"),
    ],
    ids=["empty", "no directory", "cut", "a wrong sum", "another name", "no header",
         "another method", "encrypted", "many", "no name"],
)  # fmt: skip
def test_what_is_broken_or_locked_or_endless_is_refused(content):
    with pytest.raises(RefusedZipError) as error:
        archive = UntrustedZip(content)
        assert archive.fits(1_000)
        archive.read("a")
    assert not error.value.twice


def test_a_name_that_stands_twice_is_refused():
    with pytest.raises(RefusedZipError) as error:
        UntrustedZip(packed([("a", b"1"), ("A", b"2")]))
    assert error.value.twice


def test_names_and_attributes_are_found_whatever_their_namespace():
    root = tree(b'<x:a xmlns:x="u" x:b="1" b="2"><!-- c -->t</x:a>')
    assert (local(root), sorted(values(root, "b")), root.text) == ("a", ["1", "2"], "t")
    assert [local(one) for one in tree(b"<a><!-- c --></a>", comments=True)] == [""]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "broken"), (b"<a>", "broken"), (b"<a/><b/>", "broken"), (b"<x:a/>", "broken"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "broken"),
        (b'<a xmlns="{{ x }}"/>', "broken"), (b"<!DOCTYPE a><a/>", "doctype"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "doctype"),
        (b"<a>" + b"<b/>" * 10 + b"</a>", "large"), (b"<a>" * 6 + b"</a>" * 6, "large"),
    ],
)  # fmt: skip
def test_xml_that_misleads_or_grows_is_refused(content, why):
    with pytest.raises(RefusedXmlError) as error:
        tree(content, most_elements=10, deepest=5)
    assert error.value.why == why
