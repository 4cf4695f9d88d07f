"""What a term means and where it stands, told where the term is used: of the definitions."""

import functools
import html

from presentation import rule_definitions


@functools.cache
def meanings() -> dict[str, str]:
    """The meaning of every term of the definitions, with its clause, as plain text."""
    rows = rule_definitions.indicators()
    return {
        term: f"{definition}依据通知{clause}。" if clause else definition
        for definition, clause, terms in zip(
            rows["definition"], rows["clause"], rows["terms"], strict=True
        )
        for term in filter(None, terms.split(";"))
    }


def marked(term: str) -> str:
    """A term as HTML that tells its meaning when it is pointed at or reached by keyboard."""
    told = html.escape(meanings()[term])
    return (
        f'<dfn tabindex="0" data-meaning="{told}" aria-description="{told}">'
        f"{html.escape(term)}</dfn>"
    )
