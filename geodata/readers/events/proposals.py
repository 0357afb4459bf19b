"""Places for events with a name or P-code and no coordinates: proposals for the user to confirm."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geodata import schema as f
from geodata.events.matching import SEGMENT_LIST_MARK
from geodata.events.vocabulary import LocationPrecision
from geodata.network.model import Network
from geodata.sanitize import folded

_AXIS: Final = re.compile(
    r"^(?:(?:l )?axe |axis |(?:la )?route |road |rn ?\d+ |troncon |between |entre |from )+",
    re.ASCII,
)
_ENDS: Final = re.compile(r"\s*(?:-|–|—|/|->|→|\bet\b|\band\b|\bto\b|\bà\b|\ba\b)\s*")
CHARACTERS: Final = 120
_WORDS: Final = (f.EVENT_ID, f.PLACE, f.REGION)


@dataclass(frozen=True)
class Proposal:
    """A place that an event's words name on a network.

    Parameters
    ----------
    event_id : str
    words : str
        The name or the P-code in the event.
    by_code : bool
        Whether those words are a P-code.
    node_id : str
        The node named; empty where two are.
    segment_ids : tuple of str
        Segments of the shortest path between two nodes that are named as an axis.
    lat, lon : float
        The node, or the middle of the way, WGS84 degrees.
    """

    event_id: str
    words: str
    by_code: bool
    node_id: str
    segment_ids: tuple[str, ...]
    lat: float
    lon: float


def proposals(network: Network, events: pd.DataFrame) -> tuple[Proposal, ...]:
    """Return the places of the events that have a name or P-code of a place and no point.

    A name proposes a node only where exactly one node has it; ``axe X-Y`` proposes the segments
    between two such nodes. A P-code proposes the one node that has that very code. Names and codes
    that are unknown or that several nodes share propose nothing: no code is matched by likeness.

    Parameters
    ----------
    network : Network
    events : DataFrame
        In the columns of `geodata.events.table`.
    """
    names, codes = _names(network), _codes(network)
    waiting = events[events[f.LAT].isna()]
    rows = zip(*(waiting[column].astype(str) for column in _WORDS), strict=True)
    candidates = (
        _by_name(network, names, event, place) or _by_code(network, codes, event, region)
        for event, place, region in rows
    )
    return tuple(candidate for candidate in candidates if candidate is not None)


def placed(events: pd.DataFrame, confirmed: Sequence[Proposal]) -> pd.DataFrame:
    """Return the events with the places that the user confirmed; the others are as they were."""
    if not confirmed:
        return events
    table = events.copy()
    row = {event: place for place, event in zip(table.index, table[f.EVENT_ID], strict=True)}
    for proposal in confirmed:
        at = row[proposal.event_id]
        kind = LocationPrecision.SEGMENT if proposal.segment_ids else LocationPrecision.TOWN
        table.loc[at, [f.LAT, f.LON]] = [proposal.lat, proposal.lon]
        table.loc[at, [f.NODE_ID, f.SEGMENT_IDS, f.LOCATION_PRECISION, f.PLACE_BASIS]] = [
            proposal.node_id,
            SEGMENT_LIST_MARK.join(proposal.segment_ids),
            kind.value,
            f"by its {'P-code' if proposal.by_code else 'name'}, as confirmed",
        ]
    return table


def _names(network: Network) -> dict[str, set[int]]:
    """Return the nodes by each of their names."""
    nodes_by_name: dict[str, set[int]] = defaultdict(set)
    nodes = network.nodes
    for place, name in enumerate(nodes[f.NAME]):
        nodes_by_name[folded(str(name))].add(place)
    if "alt_names" in nodes:
        for place, others in enumerate(nodes["alt_names"]):
            for name in str(others or "").split(";"):
                nodes_by_name[folded(name)].add(place)
    nodes_by_name.pop("", None)
    return nodes_by_name


def _codes(network: Network) -> dict[str, set[int]]:
    """Return the nodes by their P-code."""
    nodes_by_code: dict[str, set[int]] = defaultdict(set)
    if f.PCODE in network.nodes:
        for place, code in enumerate(network.nodes[f.PCODE].fillna("").astype(str)):
            nodes_by_code[code.strip().upper()].add(place)
    nodes_by_code.pop("", None)
    return nodes_by_code


def _by_name(
    network: Network, names: dict[str, set[int]], event: str, place: str
) -> Proposal | None:
    place = place[:CHARACTERS]
    here = names.get(folded(place), set())
    if len(here) == 1:
        return _at(network, event, place, *here, by_code=False)
    if here:
        return None
    ends = _axis(names, place)
    return _between(network, event, place, *ends) if ends else None


def _by_code(
    network: Network, codes: dict[str, set[int]], event: str, region: str
) -> Proposal | None:
    code = region[:CHARACTERS].strip()
    here = codes.get(code.upper(), set())
    return _at(network, event, code, *here, by_code=True) if len(here) == 1 else None


def _at(network: Network, event: str, words: str, node: int, *, by_code: bool) -> Proposal:
    """Propose a node."""
    points = network.nodes.geometry
    lat, lon = float(points.y.iloc[node]), float(points.x.iloc[node])
    return Proposal(event, words, by_code, network.node_ids[node], (), lat, lon)


def _axis(names: dict[str, set[int]], place: str) -> tuple[int, int] | None:
    """Two nodes that the words name as the ends of an axis."""
    plain = re.sub(r"['’]", " ", place)
    start = _AXIS.match(folded(plain))
    words = plain.split()[len(start[0].split()) if start else 0 :]
    text = " ".join(words)
    for mark in _ENDS.finditer(text):
        first = names.get(folded(text[: mark.start()]), set())
        last = names.get(folded(text[mark.end() :]), set())
        if len(first) == len(last) == 1 and first != last:
            return next(iter(first)), next(iter(last))
    return None


def _between(network: Network, event: str, place: str, first: int, last: int) -> Proposal | None:
    """Propose the segments of the shortest path between two nodes."""
    number = network.node_number
    segments = network.segments
    start = np.array([number[node] for node in segments[f.FROM_NODE]])
    end = np.array([number[node] for node in segments[f.TO_NODE]])
    km = segments[f.LENGTH_KM].to_numpy(float)
    shortest: dict[tuple[int, int], int] = {}
    for row in np.argsort(-km, kind="stable"):
        shortest[tuple(sorted((int(start[row]), int(end[row]))))] = int(row)  # type: ignore[index]
    edges = np.array(list(shortest), dtype=int).reshape(-1, 2)
    size = len(network.node_ids)
    weights = np.maximum(km[list(shortest.values())], 1e-9)
    graph = coo_array((weights, (edges[:, 0], edges[:, 1])), shape=(size, size)).tocsr()
    start_at = np.array([first])
    _, predecessors = dijkstra(graph, directed=False, indices=start_at, return_predecessors=True)
    before = predecessors[0]
    way: list[int] = []
    node = last
    while before[node] >= 0:
        way.append(shortest[tuple(sorted((int(node), int(before[node]))))])  # type: ignore[index]
        node = before[node]
    if not way or node != first:
        return None
    middle = segments.geometry.iloc[way[len(way) // 2]].interpolate(0.5, normalized=True)
    ids = tuple(network.segment_ids[row] for row in reversed(way))
    lon, lat = middle.coords[0]
    return Proposal(event, place, False, "", ids, float(lat), float(lon))
