"""How single values are written in a link: escapes, lists, compact lists, numbers, dates.

Everything read here is untrusted. A reader returns None for what it cannot take;
it never raises, and never accepts digits outside ASCII, signs, exponents or blanks that a
number in a link does not have.
"""

import base64
import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

ID_CHARACTERS: Final = 120
"""A longer id is no id: it is reported as unknown, shortened."""

MAX_IDS: Final = 10_000
"""Ids of one list that are read; more than any network here has segments to cut by hand."""

READABLE_CHARACTERS: Final = 400
"""A list of ids longer than this is written compactly where the network is known."""

SHOWN_NAMES: Final = 3
SHOWN_CHARACTERS: Final = 40
COMPACT_MARK: Final = "~"
GUARD_CHARACTERS: Final = 6
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100

_ESCAPED: Final = re.compile(r"%(20|25|2C|3A|3B|7E)")
_SPECIAL: Final = re.compile(r"[%,:;~]|^ +| +$")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,6}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", re.ASCII)


def escape(text: str) -> str:
    """Return ``text`` with what divides lists, and blanks at its ends, written as ``%XX``.

    >>> escape(" a b,c ")
    '%20a b%2Cc%20'
    """
    return _SPECIAL.sub(lambda match: "".join(f"%{ord(each):02X}" for each in match[0]), text)


def unescape(text: str) -> str:
    """Return what `escape` was given."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def join(ids: Iterable[str]) -> str:
    """Return the ids as one readable value, joined by commas."""
    return ",".join(escape(each) for each in ids)


def split(values: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of a list, comma-joined, repeated or both; each once, in the order given.

    Blanks around a comma do not count; those that belong to an id are written as ``%20``.
    """
    parts = (unescape(part.strip(" ")) for value in values for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def pack(ids: Sequence[str], known: Sequence[str]) -> str | None:
    """Ids as places in the sorted ``known`` ids, in a few bits each; None if one is not there.

    A check value of all known ids goes in front, so that the places are never read against
    another network.
    """
    place = {each: number for number, each in enumerate(known)}
    if not all(each in place for each in ids):
        return None
    width = _width(known)
    bits = 0
    for each in ids:
        bits = bits << width | place[each]
    content = bits.to_bytes((width * len(ids) + 7) // 8, "big")
    return f"{COMPACT_MARK}{_guard(known)}{len(ids)}.{_base64(content)}"


def unpack(value: str, known: Sequence[str]) -> tuple[str, ...] | None:
    """Ids that `pack` wrote; None if they were packed for other ids or the text is damaged."""
    guard, rest = value[1 : 1 + GUARD_CHARACTERS], value[1 + GUARD_CHARACTERS :]
    count_text, _, packed = rest.partition(".")
    count, width = whole(count_text), _width(known)
    if guard != _guard(known) or count is None or count > MAX_IDS:
        return None
    content = _from_base64(packed)
    if content is None or len(content) != (width * count + 7) // 8:
        return None
    bits = int.from_bytes(content, "big")
    places = [bits >> width * (count - 1 - n) & (1 << width) - 1 for n in range(count)]
    if bits >> width * count or any(each >= len(known) for each in places):
        return None
    return tuple(known[each] for each in places)


def _width(known: Sequence[str]) -> int:
    return max(1, (len(known) - 1).bit_length())


def _guard(known: Sequence[str]) -> str:
    digest = hashlib.sha256("\n".join(known).encode(errors="replace")).digest()
    return _base64(digest)[:GUARD_CHARACTERS]


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _from_base64(text: str) -> bytes | None:
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text, re.ASCII):
        return None
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None


def whole(text: str) -> int | None:
    """Read a whole number of at most six digits."""
    return int(text) if _WHOLE.fullmatch(text) else None


def decimal(text: str) -> float | None:
    """Read a plain decimal number, such as ``-4.25``: no exponent, no infinity."""
    return float(text) if _DECIMAL.fullmatch(text) else None


def decimal_text(value: float) -> str:
    """Write a number as `decimal` reads it, with at most six decimals."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def day(text: str) -> dt.date | None:
    """Read a date ``YYYY-MM-DD`` of this century."""
    if not _DAY.fullmatch(text):
        return None
    try:
        read = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return read if FIRST_YEAR <= read.year <= LAST_YEAR else None


def clean_label(text: str, characters: int) -> str:
    """Return ``text`` on one line, cut to ``characters``, without control and format characters.

    Format characters are those that turn the direction of reading, or have no width.
    """
    shown = "".join(" " if unicodedata.category(each)[0] == "C" else each for each in text)
    shown = " ".join(shown[: 4 * characters].split())
    return shown if len(shown) <= characters else shown[: characters - 1] + "…"


def named(values: Sequence[str]) -> str:
    """Name the first few of ``values``, each shortened, for a notice."""
    shown = ", ".join(clean_label(value, SHOWN_CHARACTERS) or "?" for value in values[:SHOWN_NAMES])
    return shown + (" …" if len(values) > SHOWN_NAMES else "")
