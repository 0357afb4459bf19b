"""HXL hashtags over a table of events: which column means which field, and how well.

The Humanitarian Exchange Language puts a row of hashtags under the header, or each hashtag
behind its column's name (``Date #date+occurred``). Attributes decide between columns of one
hashtag: the day of the event goes before the day of its report, a name before a code, and
figures of women or children are no totals. Source: HXL standard 1.1, hxlstandard.org.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from geodata import schema
from geodata.readers.events.schemes import FATALITIES, PCODE
from geodata.sanitize import KEY_CHARACTERS

SEARCHED_ROWS: Final = 25
"""How far down the hashtags may stand, below rows of labels; the standard's own limit."""

_SUFFIX: Final = re.compile(r"(.*?)(#[A-Za-z]\w*(?:\s*\+\s*\w+)*)\s*")
_GROUPS: Final = frozenset({
    "f", "m", "i", "o", "children", "adults", "elderly", "infants", "adolescents", "aid",
    "civilians", "staff", "health", "national", "international",
})  # fmt: skip
"""Attributes by which a count is one of a part of the people."""


@dataclass(frozen=True)
class _Rule:
    """A hashtag with attributes it needs and must not have, and the field it then means."""

    hashtag: str
    needed: frozenset[str]
    barred: frozenset[str]
    field: str


def _rule(hashtag: str, needed: str, field: str, barred: frozenset[str] | str = "") -> _Rule:
    without = frozenset(barred.split()) if isinstance(barred, str) else barred
    return _Rule(hashtag, frozenset(needed.split()), without, field)


# In the order of preference: of two columns for one field the earlier rule wins.
_RULES: Final = (
    _rule("#date", "end", schema.END_DATE),
    _rule("#date", "publication", schema.SOURCE_DATE),
    _rule("#date", "published", schema.SOURCE_DATE),
    _rule("#date", "source", schema.SOURCE_DATE),
    _rule("#date", "reported", schema.SOURCE_DATE),
    _rule("#date", "occurred", schema.DATE),
    _rule("#date", "event", schema.DATE),
    _rule("#date", "start", schema.DATE),
    _rule("#date", "", schema.DATE, "created updated upload uploaded entered year month week"),
    _rule("#geo", "lat", schema.LAT),
    _rule("#geo", "lon", schema.LON),
    _rule("#geo", "precision", schema.LOCATION_PRECISION),
    _rule("#event", "id", schema.EVENT_ID),
    _rule("#event", "code", schema.EVENT_ID),
    _rule("#event", "type", schema.EVENT_TYPE),
    _rule("#event", "description", schema.SUMMARY),
    _rule("#event", "", schema.EVENT_TYPE, "date"),
    _rule("#cause", "type", schema.EVENT_TYPE),
    _rule("#cause", "", schema.EVENT_TYPE, "code"),
    _rule("#loc", "name", schema.PLACE),
    _rule("#loc", "", schema.PLACE, "code type id"),
    _rule("#adm1", "name", schema.REGION),
    _rule("#adm1", "", schema.REGION, "code id"),
    _rule("#adm2", "code", PCODE),
    _rule("#adm1", "code", PCODE),
    _rule("#group", "", schema.ACTOR, "code id"),
    _rule("#org", "", schema.ACTOR, "code id"),
    _rule("#affected", "killed", FATALITIES, _GROUPS),
    _rule("#meta", "source", schema.SOURCE_NAME),
    _rule("#meta", "url", schema.SOURCE_URL),
    _rule("#description", "", schema.SUMMARY),
    _rule("#access", "", schema.EFFECT),
)


def is_hxl(cells: Sequence[str]) -> bool:
    """Return whether a row holds HXL hashtags: several, and nothing else."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) > 1 and all(cell.startswith("#") for cell in filled)


def hxl_rank(tag: str) -> tuple[str, int] | None:
    """Field of one HXL hashtag with its attributes, and its place in the order of preference."""
    hashtag, *tag_attributes = tag[:KEY_CHARACTERS].strip().lower().replace(" ", "").split("+")
    attributes = frozenset(tag_attributes)
    for rank, rule in enumerate(_RULES):
        fits = rule.needed <= attributes and not rule.barred & attributes
        if hashtag == rule.hashtag and fits:
            return rule.field, rank
    return None


def suffixes(header: Sequence[str]) -> tuple[str, ...]:
    """Return the hashtag behind each column's name; nothing at all where fewer than two have one.

    >>> suffixes(["Date #date+occurred", "Lat #geo+lat", "Note"])
    ('#date+occurred', '#geo+lat', '')
    """
    matches = [_SUFFIX.fullmatch(cell[:KEY_CHARACTERS].strip()) for cell in header]
    tags = tuple(match[2] if match else "" for match in matches)
    return tags if sum(map(bool, tags)) > 1 else ()
