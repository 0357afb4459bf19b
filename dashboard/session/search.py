"""Find a town, a supply point or a road by what a visitor types.

Accents, case, dashes and the order of the words do not matter; a road is found by its ends or its
number, a place also by its other names.
"""

import re
import unicodedata
from typing import Any, Final

import shapely

from geodata import schema as f
from geodata.network.model import Network
from geodata.network.names import Names

MOST: Final = 12
"""Matches shown; more than that ask for another word."""

OTHER_NAMES: Final = {"timbuktu": "tombouctou", "timbuctoo": "tombouctou"}
"""Words in English for names that the network has in French."""

COORDINATES: Final = re.compile(r"^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$")

ROAD_NUMBER: Final = re.compile(r"[a-z]{1,3}\d+[a-z]?$")

Match = tuple[str, str]
"""Kind of the card that shows it (town, supply or road), and its id."""


def coordinates(asked: str) -> tuple[float, float] | None:
    """Return the latitude and longitude in degrees (EPSG:4326), if two numbers were typed.

    Examples
    --------
    >>> coordinates("14.5, -4.1")
    (14.5, -4.1)
    >>> coordinates("Mopti") is None
    True
    """
    match = COORDINATES.match(asked)
    if match is None:
        return None
    lat, lon = float(match[1]), float(match[2])
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def folded(text: str) -> str:
    """Return the text without accents, case and signs.

    Examples
    --------
    >>> folded("Sévaré – Mopti (RN6)")
    'sevare mopti rn6'
    """
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return " ".join(re.findall(r"[^\W_]+", bare))


def matches(network: Network, names: Names, asked: str) -> tuple[Match, ...]:
    """Return what may be meant, the closest first.

    Parameters
    ----------
    network : Network
    names : Names
    asked : str

    Returns
    -------
    tuple of (kind, id)
        A name that is exactly what was typed stands alone.
    """
    wanted = [OTHER_NAMES.get(word, word) for word in folded(asked).split()]
    if not wanted:
        return ()
    ranked: list[tuple[int, str, Match]] = []
    for match, name, others in _all(network, names):
        rank = _rank(wanted, folded(name), folded(others))
        if rank is not None:
            ranked.append((rank, name, match))
    ranked.sort()
    exact = [match for rank, _, match in ranked if rank == 0]
    return tuple(exact[:1] or [match for _, _, match in ranked[:MOST]])


def position(network: Network, kind: str, name: str) -> tuple[float, float]:
    """Return the latitude and longitude of a node, or of the middle of a road."""
    if kind == "road":
        line = network.segments.geometry.iloc[network.segment_number[name]]
        point = line.interpolate(0.5, normalized=True).centroid
    else:
        point = network.nodes.geometry.iloc[network.node_number[name]].centroid
    lon, lat = shapely.get_coordinates(point)[0].tolist()
    return lat, lon


def _all(network: Network, names: Names) -> list[tuple[Match, str, str]]:
    """Return everything that has a card: match, name, and other names."""
    nodes: list[dict[Any, Any]] = network.nodes.drop(columns=f.GEOMETRY).to_dict("records")
    other = {row[f.NODE_ID]: str(row.get(f.ALT_NAMES) or "") for row in nodes}
    towns = [(("town", one), names.node(one), other[one]) for one in network.towns]
    supply = [(("supply", one), names.node(one), other[one]) for one in network.supply_points]
    roads = [(("road", one), names.segment(one), "") for one in network.segment_ids]
    return [*towns, *supply, *roads]


def _rank(wanted: list[str], name: str, others: str) -> int | None:
    """How well a name fits: 0 exactly, 1 it begins so, 2 all words occur, None not at all."""
    ends = [word for word in name.split() if not ROAD_NUMBER.match(word)]
    if sorted(wanted) in (sorted(name.split()), sorted(ends)):
        return 0
    words = [*name.split(), *others.split()]
    if not all(any(each.startswith(word) for each in words) for word in wanted):
        return None
    return 1 if name.startswith(wanted[0]) else 2
