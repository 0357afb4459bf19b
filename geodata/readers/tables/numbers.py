"""Numbers as people write them in cells: decimal commas, other digits, ranges, degrees."""

import math
import re
import unicodedata
from typing import Final

from geodata.sanitize import SPACES

_MINUS: Final = str.maketrans(
    "\u2212\u2013\u2010\u2011\ufe63\uff0d", "------", "\u200b\u200e\u200f"
)
_POINTS: Final = str.maketrans("\u066b\u066c\uff0c\uff0e", ",',.")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:([ '’.,])\d{3})(?:\1\d{3})*")
_ANGLE: Final = re.compile(
    r"""(?P<before>[NSEWO])?\s*(?P<degrees>[+-]?\d+(?:[.,]\d+)?)\s*[°º]?\s*
    (?:(?P<minutes>\d+(?:[.,]\d+)?)\s*['′’]\s*)?(?:(?P<seconds>\d+(?:[.,]\d+)?)\s*(?:["″”]|''|′′)\s*)?
    (?P<after>[NSEWO])?""",
    re.VERBOSE | re.IGNORECASE,
)


def plain_digits(cell: str) -> str:
    """Return ``cell`` with digits of any script, minus signs and separators in their plain form."""
    value = cell.translate(_MINUS).translate(_POINTS)
    if not value.isascii():
        value = "".join(
            str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in value
        )
    return re.sub(f"[{SPACES}]", " ", value).strip()


def number(cell: str) -> float | None:
    """Return the decimal number in ``cell``, or None; ``,`` and ``.`` both mark decimals.

    Infinite and undefined values are no numbers here.
    """
    value = plain_digits(cell).replace(" ", "")
    if value.count(",") == 1 and "." not in value:
        value = value.replace(",", ".")
    if not _NUMBER.fullmatch(value):
        return None
    parsed = float(value)
    return parsed if math.isfinite(parsed) else None


def angle(cell: str) -> float | None:
    """Return degrees in ``cell``: a decimal number, or degrees, minutes and seconds with a side.

    >>> angle("8°00′10″W")
    -8.002777777777778
    """
    plain = number(cell)
    if plain is not None:
        return plain
    match = _ANGLE.fullmatch(plain_digits(cell))
    if not match or (match["before"] and match["after"]):
        return None
    names = ("degrees", "minutes", "seconds")
    parts = [float((match[name] or "0").replace(",", ".")) for name in names]
    if parts[1] >= 60 or parts[2] >= 60:
        return None
    size = abs(parts[0]) + parts[1] / 60 + parts[2] / 3600
    side = (match["before"] or match["after"] or "").upper()
    negative = match["degrees"].startswith("-") or side in {"S", "W", "O"}
    return -size if negative else size


def whole_number(cell: str) -> float | None:
    """Return the count in ``cell``, reading a separator before each three digits as thousands.

    >>> whole_number("1 200")
    1200.0
    """
    value = plain_digits(cell)
    if _GROUPED.fullmatch(value):
        return float(re.sub(r"[ '’.,]", "", value))
    return number(value)


_RANGE: Final = re.compile(
    r"(?:entre |between )?(\d+)\s*(?:-|/|ou|or|a|à|to|et|and)\s*(\d+)(?:\s+\D*)?", re.IGNORECASE
)
_AT_LEAST: Final = re.compile(
    r"(?:≥|>=|au moins|at least|min\.?)\s*(\d+)(?:\s*\D*)|(\d+)\s*\+", re.IGNORECASE
)
_MORE: Final = re.compile(r"(?:>|plus de|more than|over)\s*(\d+)(?:\s*\D*)", re.IGNORECASE)
_AT_MOST: Final = re.compile(
    r"(?:≤|<=|au plus|at most|up to|max\.?)\s*(\d+)(?:\s*\D*)", re.IGNORECASE
)
_ABOUT: Final = re.compile(
    r"(?:~|≈|env(?:iron|\.)?|about|around|ca?\.?|circa)\s*(\d+)(?:\s*\D*)", re.IGNORECASE
)
LARGEST_COUNT: Final = 100_000
"""More dead or more tankers than this in one event is a slip of the keyboard."""


def count(cell: str) -> tuple[int | None, int | None, str | None]:
    """Return the low and high count in ``cell``, and the key of a remark.

    A blank cell is unknown, not zero. ``12 ou 13`` is a range, ``≥5`` a low figure without a
    high one; what is no count of things (negative, broken, beyond 100,000) is unknown.

    Returns
    -------
    tuple of int or None, int or None, str or None
        Low, high, and one of ``numerals.range``, ``numerals.negative``, ``numerals.too_large``,
        ``numerals.fraction``, ``numerals.no_count`` or None.
    """
    if not cell:
        return None, None, None
    value = whole_number(cell)
    if value is None:
        return _open_count(plain_digits(cell))
    if value < 0:
        return None, None, "numerals.negative"
    if value > LARGEST_COUNT:
        return None, None, "numerals.too_large"
    if value != int(value):
        return None, None, "numerals.fraction"
    return int(value), int(value), None


def _open_count(value: str) -> tuple[int | None, int | None, str | None]:
    """Count given as a range or a bound."""
    low: int | None = None
    high: int | None = None
    if match := _RANGE.fullmatch(value):
        low, high = sorted((int(match[1]), int(match[2])))
    elif match := _AT_LEAST.fullmatch(value):
        low = int(match[1] or match[2])
    elif match := _MORE.fullmatch(value):
        low = int(match[1]) + 1
    elif match := _AT_MOST.fullmatch(value):
        high = int(match[1])
    elif match := _ABOUT.fullmatch(value):
        low = high = int(match[1])
    else:
        return None, None, "numerals.no_count"
    if max(low or 0, high or 0) > LARGEST_COUNT:
        return None, None, "numerals.too_large"
    return low, high, "numerals.range"
