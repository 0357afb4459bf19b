"""Who may use a road by its tags: closed ways, limits for tankers, seasons, and what is not a road.

The tags are those of OpenStreetMap (wiki pages Key:access, Key:smoothness, Key:maxweight,
Key:seasonal, Lifecycle prefix). The more specific tag decides: ``hgv`` before ``motor_vehicle``
before ``vehicle`` before ``access``.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.roads.columns import by_lower, by_value, members, words

MODE: Final = f.MODE
ROAD: Final = "road"
FERRY: Final = f.FERRY
NO_ROAD: Final = "no_road"
CLOSED: Final = "closed_by"
NO_TANKER: Final = "no_tanker_by"
SEASONAL: Final = "seasonal_by"
ADMITTED: Final = "admitted_by"
UNREAD: Final = "unread_words"

# No laden fuel tanker is lighter, lower or narrower than this: a three-axle lorry of 26 t. An
# assumption of ours, on the low side, so that no tanker is barred that a sign would let through.
TANKER_LIMITS: Final[Mapping[str, float]] = {
    "maxweight": 26.0, "maxweightrating": 26.0, "maxgcweight": 26.0, "maxaxleload": 8.0,
    "maxheight": 3.3, "maxwidth": 2.5, "maxlength": 8.0,
}  # fmt: skip
_LIGHT: Final = ("motorcar", "motor_vehicle", "vehicle", "access")
_HEAVY: Final = ("hgv", "motor_vehicle", "vehicle", "access")
_SHUT: Final = frozenset(
    {"no", "private", "military", "agricultural", "forestry", "emergency", "residents",
     "employees", "psv", "bus", "denied"}
)  # fmt: skip
_LETS_IN: Final = frozenset({"destination", "customers", "delivery", "permissive", "permit"})
_FREE: Final = frozenset({"", "yes", "designated", "public", "unknown"})
_NO_WHEELS: Final = frozenset({"impassable"})
_NO_LORRY: Final = frozenset({"very_horrible", "horrible"})
_DRY_ONLY: Final = frozenset({"very_bad"})
_NOT: Final = frozenset({"", "no", "none", "never", "false", "0"})
_SEASONAL_TAGS: Final = ("seasonal", "ford", "ice_road", "winter_road", "flood_prone")
_UNLIMITED: Final = frozenset({"", "none", "default", "unsigned", "no", "no_sign", "below_default"})
_GONE_TAGS: Final = ("abandoned", "disused", "demolished", "razed", "impassable", "destroyed")
_LINE_TAGS: Final = (
    "railway", "waterway", "boundary", "power", "barrier", "aeroway", "aerialway", "man_made",
    "natural", "admin_level", "pipeline", "telecom", "piste:type",
)  # fmt: skip
_AREA_TAGS: Final = (
    "landuse",
    "leisure",
    "building",
    "historic",
    "military",
    "place",
    "amenity",
    "tourism",
    "route",
    "geological",
)
"""Tags that speak of a line only in a layer that names the class of its roads."""
_LIFECYCLE: Final = re.compile(
    r"(abandoned|disused|razed|demolished|destroyed|removed|proposed|planned|construction)"
    r":(highway|route|railway|waterway|bridge|man_made)"
)
_FERRY_CLASSES: Final = frozenset({"ferry", "ferry route", "ferry_route", "bac", "traversier"})
_LINE_CLASSES: Final = frozenset(
    {"rail", "light_rail", "subway", "tram", "narrow_gauge", "monorail", "funicular", "river",
     "stream", "canal", "drain", "ditch", "railway", "waterway", "power", "boundary", "pipeline"}
)  # fmt: skip
_LIFECYCLE_TAGS: Final = tuple(
    f"{state}:{key}" for state in ("abandoned", "disused", "razed", "demolished", "destroyed",
                                   "removed", "proposed", "planned", "construction")
    for key in ("highway", "route", "railway", "waterway")
)  # fmt: skip
TAGS: Final = (
    *dict.fromkeys([*_LIGHT, *_HEAVY]), "hazmat", "smoothness", "4wd_only", *_SEASONAL_TAGS,
    *TANKER_LIMITS, *_GONE_TAGS, "ferry", "subtype", "junction", *_LINE_TAGS, *_AREA_TAGS,
    *_LIFECYCLE_TAGS,
)  # fmt: skip
"""Tags that this module reads."""


def judged(roads: pd.DataFrame, road_class: pd.Series) -> pd.DataFrame:
    """Return what the tags of every line say of its use.

    Parameters
    ----------
    roads : DataFrame
        Lines with the columns of their source, tags in separate columns.
    road_class : Series of str
        Class of each in lower case, empty where unknown.

    Returns
    -------
    DataFrame
        ``mode`` (``road`` or ``ferry``); and the tags, as ``key=value`` joined by ``; ``, by
        which a line is not a road (``no_road``), closed to all (``closed_by``), closed to tankers
        (``no_tanker_by``), not open all year (``seasonal_by``) or restricted but open to supply
        (``admitted_by``); ``unread_words`` holds values that are not understood.
    """
    tags = _Tags(roads)
    table = pd.DataFrame(index=roads.index)
    ferry = _ferries(tags, road_class)
    table[MODE] = np.where(ferry, FERRY, ROAD)
    table[NO_ROAD] = _no_road(tags, road_class).where(~ferry, "")
    table[CLOSED], table[NO_TANKER], table[ADMITTED] = _permission(tags)
    smooth = tags.words("smoothness")
    table[CLOSED] = _also(table[CLOSED], "smoothness", smooth, smooth.isin(_NO_WHEELS))
    for key in _GONE_TAGS:
        word = tags.words(key)
        table[CLOSED] = _also(table[CLOSED], key, word, ~word.isin(_NOT) & (road_class != ""))
    table[NO_TANKER] = _also(table[NO_TANKER], "smoothness", smooth, smooth.isin(_NO_LORRY))
    only = tags.words("4wd_only")
    table[NO_TANKER] = _also(table[NO_TANKER], "4wd_only", only, ~only.isin(_NOT))
    table[UNREAD] = ""
    for key, least in TANKER_LIMITS.items():
        word = tags.words(key)
        limit = by_value(word, partial(measure, key=key)).astype(float)
        table[NO_TANKER] = _also(table[NO_TANKER], key, word, limit < least)
        table[UNREAD] = _also(table[UNREAD], key, word, ~word.isin(_UNLIMITED) & limit.isna())
    table[SEASONAL] = ""
    for key in _SEASONAL_TAGS:
        word = tags.words(key)
        table[SEASONAL] = _also(table[SEASONAL], key, word, ~word.isin(_NOT))
    table[SEASONAL] = _also(table[SEASONAL], "smoothness", smooth, smooth.isin(_DRY_ONLY))
    for key in dict.fromkeys([*_LIGHT, *_HEAVY]):
        word = tags.words(key)
        foreign = by_value(word, lambda text: bool(set(members(text)) - _KNOWN)).astype(bool)
        table[UNREAD] = _also(table[UNREAD], key, word, foreign)
    return table


_KNOWN: Final = _SHUT | _LETS_IN | _FREE


class _Tags:
    """Columns of a table by tag, in lower case, as text."""

    def __init__(self, roads: pd.DataFrame) -> None:
        self._roads = roads
        self._there = by_lower(roads.columns)
        # A Shapefile cuts the names of its columns at ten letters.
        cut = {key: key[:10] for key in TAGS if len(key) > 10 and key not in self._there}
        self._there |= {key: self._there[part] for key, part in cut.items() if part in self._there}

    def has(self, key: str) -> bool:
        return key in self._there

    def words(self, key: str) -> pd.Series:
        if key not in self._there:
            return pd.Series("", index=self._roads.index, dtype="str")
        return words(self._roads[self._there[key]]).str.lower()

    def names(self) -> list[str]:
        return list(self._there)


def _also(reasons: pd.Series, key: str, word: pd.Series, where: pd.Series) -> pd.Series:
    """Add ``key=word`` to the reasons where the mask is true."""
    if not where.any():
        return reasons
    more = key + "=" + word
    joined = reasons.where(reasons == "", reasons + "; ") + more
    return joined.where(where, reasons)


def _ferries(tags: _Tags, road_class: pd.Series) -> pd.Series:
    route, ferry = tags.words("route"), tags.words("ferry")
    by_tag = (route == FERRY) | ~ferry.isin(_NOT)
    return (by_tag & (road_class == "")) | road_class.isin(_FERRY_CLASSES)


def _no_road(tags: _Tags, road_class: pd.Series) -> pd.Series:
    """Name the tag by which a line is something other than a road."""
    no_road = pd.Series("", index=road_class.index, dtype="str")
    bare = road_class == ""
    classed = bool((~bare).any())
    of_lines = [key for key in _LINE_TAGS if tags.has(key)]
    of_areas = [key for key in _AREA_TAGS if tags.has(key) and classed]
    former = [key for key in tags.names() if _LIFECYCLE.fullmatch(key)]
    for key in (*former, *of_lines, *of_areas):
        word = tags.words(key)
        here = bare & (no_road == "") & ~word.isin(_NOT) & ~((key == "route") & (word == FERRY))
        no_road = _also(no_road, key, word, here)
    subtype = tags.words("subtype")
    no_road = _also(no_road, "subtype", subtype, subtype.isin({"rail", "water"}) & (no_road == ""))
    lines = road_class.isin(_LINE_CLASSES) & (no_road == "")
    no_road = _also(no_road, "class", road_class, lines)
    # A layer of lines of all kinds gives each road its highway; without it a line is none.
    mixed = classed and (bool(of_lines) or tags.has("other_tags"))
    return no_road.where(~(bare & (no_road == "") & mixed), "highway=")


def _permission(tags: _Tags) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return the tags that close a line to all, to tankers, and that let supply in."""
    light, light_by = _decided(tags, _LIGHT)
    heavy, heavy_by = _decided(tags, _HEAVY)
    hazmat = tags.words("hazmat")
    closed = pd.Series(np.where(light & heavy, light_by, ""), light.index)
    no_tanker = pd.Series(np.where(heavy & ~light, heavy_by, ""), light.index)
    no_tanker = _also(no_tanker, "hazmat", hazmat, hazmat == "no")
    admitted = heavy_by.where(~heavy & heavy_by.str.split("=").str[-1].isin(_LETS_IN), "")
    return closed, no_tanker, admitted


def _decided(tags: _Tags, chain: tuple[str, ...]) -> tuple[pd.Series, pd.Series]:
    """Return whether the first tag given of a chain shuts the way, and that tag."""
    index = tags.words(chain[0]).index
    shut = pd.Series(False, index=index)
    by = pd.Series("", index=index, dtype="str")
    for key in chain:
        word = tags.words(key)
        here = (by == "") & (word != "") & (word != "unknown")
        closes = by_value(word, _closes).astype(bool)
        shut = shut.where(~here, closes)
        by = by.where(~here, key + "=" + word)
    return shut, by


def _closes(word: str) -> bool:
    """Return whether all the values of an access tag keep supply out."""
    values = members(word)
    return bool(values) and all(value in _SHUT for value in values)


def measure(word: str, key: str) -> float:
    """Return the limit in tonnes or metres; NaN where there is none or it is not understood.

    Of several values the lowest counts.

    Examples
    --------
    >>> measure("3.5 t", "maxweight"), measure("3500 kg", "maxweight"), measure("10'6", "maxheight")
    (3.5, 3.5, 3.2)
    """
    measures = [_one_measure(member, "weight" in key or "load" in key) for member in members(word)]
    known = [value for value in measures if value == value]
    return min(known) if known else float("nan")


_UNITS: Final = {
    "": 1.0,
    "t": 1.0,
    "to": 1.0,
    "tonnes": 1.0,
    "kg": 0.001,
    "st": 0.907,
    "lbs": 0.000454,
    "lb": 0.000454,
}


def _one_measure(word: str, weight: bool) -> float:
    feet = re.fullmatch(r"(\d+)\s*(?:'|ft)\s*(?:(\d+)\s*(?:\"|in|'')?)?", word)
    if feet and not weight:
        return round(int(feet[1]) * 0.3048 + int(feet[2] or 0) * 0.0254, 2)
    plain = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)", word)
    if not plain:
        return float("nan")
    value, unit = float(plain[1].replace(",", ".")), plain[2]
    if weight:
        return value * _UNITS.get(unit, float("nan"))
    return value if unit in {"", "m"} else value / 100 if unit == "cm" else float("nan")
