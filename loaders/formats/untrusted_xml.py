"""XML from outside. No other module parses it.

A document type is refused: its entities can name files, and grow without end.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import (
    Element,
    ParseError,
    TreeBuilder,
    register_namespace,
    tostring,
)

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser


class RefusedXmlError(Exception):
    """XML that is not read; `why` is broken, doctype, or large (too many or too deep elements)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Limited(TreeBuilder):
    """A tree of limited size and depth."""

    def __init__(self, most_elements: int, deepest: int, comments: bool) -> None:
        super().__init__(insert_comments=comments, insert_pis=comments)
        self._left, self._levels_left = most_elements, deepest

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._left -= 1
        self._levels_left -= 1
        if min(self._left, self._levels_left) < 0:
            raise RefusedXmlError("large")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._levels_left += 1
        return super().end(tag)

    def start_ns(self, prefix: str, uri: str) -> None:
        """Refuse a namespace with a brace, which would merge with the tag that follows it."""
        if "{" in uri:
            raise RefusedXmlError("broken")


def tree(
    content: bytes, most_elements: int = 1_000_000, deepest: int = 1_000, comments: bool = False
) -> Element:
    """The root of an XML document, with or without `comments`. Raises `RefusedXmlError`."""
    parser = DefusedXMLParser(target=_Limited(most_elements, deepest, comments), forbid_dtd=True)
    try:
        parser.feed(content)
        return parser.close()
    except DefusedXmlException as error:
        raise RefusedXmlError("doctype") from error
    except (ParseError, ValueError, LookupError) as error:
        raise RefusedXmlError("broken") from error


def written(root: Element, prefixes: Mapping[str, str]) -> bytes:
    """A document in UTF-8, with the namespaces under their `prefixes`."""
    for prefix, uri in prefixes.items():
        register_namespace(prefix, uri)
    document: bytes = tostring(root, "UTF-8", xml_declaration=True)
    return document


def local(element: Element) -> str:
    """The tag without its namespace; '' for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def values(element: Element, name: str) -> list[str]:
    """Values of the attribute `name`, whatever its namespace."""
    return [value for key, value in element.items() if key.rpartition("}")[2] == name]
