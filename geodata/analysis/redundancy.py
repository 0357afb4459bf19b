"""How many ways there are, and what stands in the way."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.conditions import components
from geodata.graph.edge_connectivity import edge_connectivity
from geodata.network.model import Network

# A closed segment costs this much more than any sum of metres, so that the smallest number of
# segments comes first and the fewest metres decide between sets of one size.
PER_CLOSED_SEGMENT = 1e10


def edge_disjoint_paths(
    network: Network,
    open_mask: NDArray[np.bool_],
    supply: NDArray[np.int64],
    towns: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the edge-disjoint paths from all open supply points taken together to each town.

    See `geodata.graph.edge_connectivity`; a town that is a supply point itself counts 0.
    """
    tail, head = network.tail[open_mask], network.head[open_mask]
    return edge_connectivity(len(network.node_ids), tail, head, supply, towns)


def reachable_supply(
    network: Network, part: NDArray[np.int64], supply: NDArray[np.int64]
) -> dict[int, tuple[str, ...]]:
    """Return for each connected part of the open network, the ids of the supply points in it.

    Parameters
    ----------
    network : Network
    part : array of int, one per node
        As `geodata.conditions.components` gives them.
    supply : array of int
        Rows of supply points.

    Returns
    -------
    dict of int to tuple of str
        Part number to supply point ids in order.
    """
    supply_of: dict[int, tuple[str, ...]] = {}
    for row in supply:
        label = int(part[row])
        supply_of[label] = (*supply_of.get(label, ()), network.node_ids[int(row)])
    return supply_of


def smallest_reopening(
    network: Network,
    part: NDArray[np.int64],
    closed_mask: NDArray[np.bool_],
    supply: NDArray[np.int64],
    towns: NDArray[np.int64],
) -> list[tuple[str, ...]]:
    """Return for each isolated town a smallest set of closed segments whose reopening restores it.

    Reopening a set restores a town just when some way uses only open segments and those, so a
    smallest set is the way with the fewest closed segments; of equals the shortest. ``part`` is
    the connected part of the open network in which each node lies.
    """
    usable = np.flatnonzero(closed_mask & (part[network.tail] != part[network.head]))
    if not len(usable) or not len(supply):
        return [() for _ in towns]
    ends = np.sort(np.c_[part[network.tail[usable]], part[network.head[usable]]], axis=1)
    cost = PER_CLOSED_SEGMENT + np.rint(network.length_km[usable] * 1000)
    order = np.lexsort((usable, cost, ends[:, 1], ends[:, 0]))
    pairs, first = np.unique(ends[order], axis=0, return_index=True)
    cheapest = usable[order][first]
    segment = {(int(a), int(b)): int(s) for (a, b), s in zip(pairs, cheapest, strict=True)}
    n = int(part.max()) + 1
    matrix = csr_array((cost[order][first], (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, before, _ = dijkstra(
        matrix,
        directed=False,
        indices=np.unique(part[supply]),
        return_predecessors=True,
        min_only=True,
    )
    return [_walk(network, before, segment, int(part[town])) for town in towns]


def _walk(
    network: Network,
    before: NDArray[np.int32],
    segment: dict[tuple[int, int], int],
    part: int,
) -> tuple[str, ...]:
    ids = []
    while before[part] >= 0:
        last = int(before[part])
        ids.append(network.segment_ids[segment[min(part, last), max(part, last)]])
        part = last
    return tuple(ids[::-1])


def linked(
    network: Network, open_mask: NDArray[np.bool_], supply: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which nodes have a path over the segments in ``open_mask`` to a node in ``supply``."""
    part = components(network, open_mask)
    return np.isin(part, part[supply])
