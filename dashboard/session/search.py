"""What a visitor's search means on the page: cards to open, road numbers, places to go to."""

from typing import Final

import shapely

from dashboard.session.results import AnalysisCache
from geodata.network.model import Network
from geodata.network.search import Hit, HitKind, Index

MOST: Final = 12
"""Matches shown; more than that ask for another word."""

Match = tuple[str, str]
"""Kind of the card that shows it (town, supply or road), ``place`` or ``number``, and its id."""


def hits(cache: AnalysisCache, query: str) -> list[Hit]:
    """Return what may be meant, the closest first; names typed exactly alone."""
    network = cache.dataset.network
    index = cache.get(("search-index",), lambda: Index(network))
    results = index.search(query, limit=MOST)
    return [hit for hit in results if hit.exact] or results


def matches(network: Network, results: list[Hit]) -> tuple[Match, ...]:
    """Return hits as matches; a road number stands before its roads."""
    listed: list[Match] = []
    for hit in results:
        if hit.kind == HitKind.ROAD:
            listed += [("number", hit.id), *(("road", each) for each in hit.segment_ids)]
        elif hit.kind == HitKind.SEGMENT:
            listed.append(("road", hit.id))
        elif hit.kind == HitKind.NODE:
            listed.append((kind_of(network, hit.id), hit.id))
    return tuple(dict.fromkeys(listed))


def kind_of(network: Network, node: str) -> str:
    """Return the kind of card that a node has; ``place`` where it has none."""
    if node in network.towns:
        return "town"
    return "supply" if node in network.supply_points else "place"


def position(network: Network, kind: str, name: str) -> tuple[float, float]:
    """Return the latitude and longitude of a node, or of the middle of a road."""
    if kind == "road":
        line = network.segments.geometry.iloc[network.segment_number[name]]
        point = line.interpolate(0.5, normalized=True).centroid
    else:
        point = network.nodes.geometry.iloc[network.node_number[name]].centroid
    lon, lat = shapely.get_coordinates(point)[0].tolist()
    return lat, lon
