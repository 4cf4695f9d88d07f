"""Text from files as a document can take it."""


def plain(text: object, most: int = 60) -> str:
    """`text` in one line of printable characters, at most `most` of them, '' where null.

    Control characters, of which XML allows few, and marks without a width become blanks; what is
    cut off is marked with “…”.
    """
    if not isinstance(text, str):
        return ""
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line if len(line) <= most else line[: most - 1] + "…"
