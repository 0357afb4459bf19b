"""The way from one place to another: each stretch with its state, and a second way beside it.

`way_between` serves the page, the command ``route`` and programs. Both ends may be any node of
the network, not only towns and supply points.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.paths import shortest_paths
from geodata.conditions import Conditions, Passability, check_node
from geodata.dataset import Dataset
from geodata.network.model import Network
from geodata.schema import PASSABLE, SegmentState

COLUMNS: Final = (
    f.SEGMENT_ID, f.FROM_NODE, f.TO_NODE, f.LENGTH_KM, f.HOURS, f.STATE, f.ROAD_REF,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Way:
    """One way between two nodes.

    Parameters
    ----------
    stretches : DataFrame
        A row per segment in the order driven: ``segment_id, from_node, to_node`` (as driven),
        ``length_km, hours, state, road_ref``. Hours are estimates from the table of speeds.
    km, hours : float
        Sums over the stretches.
    under_escort : bool
        Whether a stretch is passed under escort only.
    contested_km : float
        Km of it on contested roads.
    """

    stretches: pd.DataFrame
    km: float
    hours: float
    under_escort: bool
    contested_km: float


@dataclass(frozen=True, eq=False)
class WayBetween:
    """The way from one node to another under a scenario.

    Parameters
    ----------
    start, end : str
        Node ids.
    way : Way or None
        The shortest route that is passable, free of escort where there is one; None if none is.
    alternative : Way or None
        A second way that shares no segment with the first, the shortest such; None if every
        other way shares one.
    former : Way or None
        The shortest route with nothing cut, closed or switched off.
    avoids : tuple of str
        Segments of the former way that are not passable now, in the order driven.
    """

    start: str
    end: str
    way: Way | None
    alternative: Way | None
    former: Way | None
    avoids: tuple[str, ...]


def way_between(dataset: Dataset, scenario: Conditions, start: str, end: str) -> WayBetween:
    """The way from `start` to `end`, a second one beside it, and what it avoids.

    Parameters
    ----------
    dataset : Dataset
    scenario : Conditions
        Its supply points do not matter here.
    start, end : str
        Node ids; `geodata.network.search` finds them by name.

    Raises
    ------
    UnknownIdError
        If the network has no such node.
    """
    network = dataset.network
    for node in (start, end):
        check_node(network, node)
    roads = scenario.on(network)
    everywhere = np.ones(len(roads.states), dtype=bool)
    way = _best(scenario, roads, everywhere, start, end)
    other = None
    if way is not None:
        unused = ~network.segments[f.SEGMENT_ID].isin(way.stretches[f.SEGMENT_ID]).to_numpy(bool)
        other = _best(scenario, roads, unused, start, end)
    before = replace(scenario.baseline(), without=frozenset())
    former = _best(before, before.on(network), everywhere, start, end)
    on_former = former.stretches[f.SEGMENT_ID] if former is not None else ()
    avoids = tuple(i for i in on_former if roads.states[i] not in PASSABLE)
    return WayBetween(start, end, way, other, former, avoids)


def _best(
    scenario: Conditions,
    roads: Passability,
    allowed: NDArray[np.bool_],
    start: str,
    end: str,
) -> Way | None:
    """Return the shortest route over allowed segments; free of escort before any under it."""
    network = roads.network
    for mask in (roads.escort_free & allowed, roads.passable & allowed):
        tree = shortest_paths(
            network, mask, np.array([network.node_number[start]], dtype=np.int64), by=scenario.by
        )
        if tree.reached[network.node_number[end]]:
            return _way(network, roads.states, tree.segments_to(network.node_number[end]), start)
    return None


def _way(network: Network, states: pd.Series, rows: list[int], start: str) -> Way:
    ends = []
    here = network.node_number[start]
    for row in rows:
        tail, head = int(network.tail[row]), int(network.head[row])
        there = head if tail == here else tail
        ends.append((network.node_ids[here], network.node_ids[there]))
        here = there
    state = states.to_numpy()[rows]
    roads = (
        network.segments[f.ROAD_REF].to_numpy(object)[rows]
        if f.ROAD_REF in network.segments
        else ""
    )
    stretches = pd.DataFrame(
        {
            f.SEGMENT_ID: [network.segment_ids[row] for row in rows],
            f.FROM_NODE: [a for a, _ in ends],
            f.TO_NODE: [b for _, b in ends],
            f.LENGTH_KM: network.length_km[rows],
            f.HOURS: network.hours[rows],
            f.STATE: state,
            f.ROAD_REF: roads,
        },
        columns=list(COLUMNS),
    )
    return Way(
        stretches,
        float(network.length_km[rows].sum()),
        float(network.hours[rows].sum()),
        bool((state == SegmentState.ESCORT_ONLY).any()),
        float(network.length_km[rows][state == SegmentState.CONTESTED].sum()),
    )
