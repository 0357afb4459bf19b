"""Text of any origin as it may be shown on paper: no hidden characters, no tricks of order."""

import unicodedata
from urllib.parse import urlsplit

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def printable(text: object) -> str:
    """Give ``text`` with control, format and unassigned characters as blanks.

    Format characters turn the direction of reading or have no width: with them a label can
    read otherwise than what it holds.
    """
    words = str(text)
    if words.isprintable():
        return words
    return "".join(" " if unicodedata.category(each) in HIDDEN else each for each in words)


def web_address(text: object) -> str:
    """Give ``text`` if it is a plain http or https address, else an empty text."""
    address = str(text).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    plain = address.isprintable() and not any(each in address for each in ' "<>\\^`{|}')
    return address if plain and parts.scheme in ("http", "https") and parts.hostname else ""
