"""Shortest paths from the open supply points to every node."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.cached import cached_property
from geodata.conditions import Conditions, check_town
from geodata.network.model import Network
from geodata.schema import Measure

# Weights are counted in whole billionths of a km or an hour: sums are then exact, so that two
# ways of equal length are equal regardless of the order in which their parts are added.
UNIT = 1e9
NO_NODE = -9999

SOURCES_AT_ONCE = 32
"""Supply points searched from together. Each needs a place in the costs (see `_nearest`); or,
where costs have no room for it, 12 bytes a node."""

EXACT = 2.0**53
"""Whole numbers below it are exact as floats."""


@dataclass(frozen=True)
class ShortestPaths:
    """A shortest path from the nearest supply point to each node.

    Parameters
    ----------
    cost : array of float, one per node
        Km or hours in billionths; infinite where there is no path.
    supply : array of int, one per node
        Row of the nearest supply point, -1 where there is no path. Of equals, the first by id.
    before : array of int, one per node
        Row of the node before on the way, negative at a supply point.
    pairs, pair_segment : arrays of int
        Sorted codes of joined node pairs and the segment taken between them.
    """

    cost: NDArray[np.float64]
    supply: NDArray[np.int64]
    before: NDArray[np.int64]
    pairs: NDArray[np.int64]
    pair_segment: NDArray[np.int64]

    def segments_to(self, node: int) -> list[int]:
        """Return rows of the segments from the supply point to ``node``, in the order driven."""
        rows = []
        while self.before[node] >= 0:
            rows.append(int(self.segment_before[node]))
            node = int(self.before[node])
        return rows[::-1]

    def along(self, figure: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of a figure of the segments along the way to each node.

        Parameters
        ----------
        figure : array of float, one per segment

        Returns
        -------
        array of float, one per node
            0 at supply points and where there is no path.
        """
        nodes = np.arange(len(self.cost))
        last = np.where(self.before >= 0, self.before, nodes)
        total = np.zeros(len(nodes))
        moved = self.segment_before >= 0
        total[moved] = figure[self.segment_before[moved]]
        # Each round doubles the stretch that is summed, until all begin at a supply point.
        while (last[last] != last).any():
            total += total[last]
            last = last[last]
        return total

    def segments_towards(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return rows of the segments on the way to any of some nodes, each once, sorted."""
        passed = np.zeros(len(self.cost), np.bool_)
        here = np.unique(nodes[self.before[nodes] >= 0])
        while len(here):
            passed[here] = True
            here = np.unique(self.before[here])
            here = here[(self.before[here] >= 0) & ~passed[here]]
        return np.unique(self.segment_before[passed])

    @cached_property
    def segment_before(self) -> NDArray[np.int64]:
        """Row of the segment by which the way comes to each node; -1 where there is none."""
        rows = np.full(len(self.cost), -1, np.int64)
        ends = np.flatnonzero(self.before >= 0)
        others = self.before[ends]
        codes = np.minimum(ends, others) * len(self.cost) + np.maximum(ends, others)
        rows[ends] = self.pair_segment[np.searchsorted(self.pairs, codes)]
        return rows

    @cached_property
    def reached(self) -> NDArray[np.bool_]:
        """Which nodes have a path."""
        return np.isfinite(self.cost)


@dataclass(frozen=True)
class Route:
    """One way from a supply point to a town.

    Parameters
    ----------
    town, supply_point : str
    segments : tuple of str
        Segment ids in the order driven from the supply point.
    km, hours : float
        Hours are an estimate from the table of speeds.
    under_escort : bool
        Whether no path free of escort-only segments exists.
    """

    town: str
    supply_point: str
    segments: tuple[str, ...]
    km: float
    hours: float
    under_escort: bool


def weights(network: Network, by: Measure) -> NDArray[np.float64]:
    """Return the weight of every segment in billionths of a km or an hour."""
    values = network.length_km if by == Measure.KM else network.hours
    return np.rint(values * UNIT)


def shortest_paths(
    network: Network, open_mask: NDArray[np.bool_], supply: NDArray[np.int64], *, by: Measure
) -> ShortestPaths:
    """Return the shortest paths over the segments in ``open_mask`` from the nodes in ``supply``."""
    n = len(network.node_ids)
    pairs, pair_segment = _lightest(network, open_mask, weights(network, by))
    low, high = pairs // n, pairs % n
    weight = weights(network, by)[pair_segment]
    if not len(supply):
        nowhere = np.full(n, -1, dtype=np.int64)
        return ShortestPaths(np.full(n, np.inf), nowhere, nowhere, pairs, pair_segment)
    matrix = csr_array((np.tile(weight, 2), (np.r_[low, high], np.r_[high, low])), shape=(n, n))
    best = np.full(n, np.inf)
    nearest, before = np.full(n, -1, dtype=np.int64), np.full(n, NO_NODE, dtype=np.int64)
    for first in range(0, len(supply), SOURCES_AT_ONCE):
        sources = supply[first : first + SOURCES_AT_ONCE]
        cost, of, last = _nearest(matrix, sources)
        closer = cost < best
        best[closer] = cost[closer]
        nearest[closer] = sources[of[closer]]
        before[closer] = last[closer]
    return ShortestPaths(best, nearest, before, pairs, pair_segment)


def _nearest(
    matrix: csr_array, sources: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return cost, place of the nearest source, and node before, for each node.

    One search serves all sources: it starts at one more node, from which each source is reached
    at the cost of its place, and all other costs are multiplied so that they outweigh these. So
    of equally near sources the first is taken, and the cost tells which it was.
    """
    n, base = matrix.shape[0], len(sources) + 1
    data = np.concatenate([matrix.data * base, np.arange(len(sources), dtype=float)])
    indices = np.concatenate([matrix.indices, sources])
    indptr = np.append(matrix.indptr, matrix.indptr[-1] + len(sources))
    roads = csr_array((data, indices, indptr), shape=(n + 1, n + 1))
    costs, lasts = dijkstra(roads, indices=[n], return_predecessors=True)
    cost, last = costs[0, :-1], lasts[0, :-1]
    reached = np.isfinite(cost)
    if cost[reached].max(initial=0.0) >= EXACT:
        return _nearest_of_each(matrix, sources)
    whole = np.where(reached, cost, 0.0)
    before = np.where(last == n, NO_NODE, last).astype(np.int64)
    return np.where(reached, whole // base, np.inf), (whole % base).astype(np.int64), before


def _nearest_of_each(
    matrix: csr_array, sources: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the same from a search for each source, where costs are too large to hold a place."""
    cost, last = dijkstra(matrix, indices=sources, return_predecessors=True)
    row, columns = np.argmin(cost, axis=0), np.arange(cost.shape[1])
    return cost[row, columns], row, last[row, columns].astype(np.int64)


def routes_with_and_without_escort(
    network: Network, scenario: Conditions
) -> tuple[ShortestPaths, ShortestPaths]:
    """Return the paths of a scenario: free of escort, and with escort-only segments allowed too."""
    roads = scenario.on(network)
    escorted = shortest_paths(network, roads.passable, roads.supply, by=scenario.by)
    if (roads.escort_free == roads.passable).all():
        return escorted, escorted
    return shortest_paths(network, roads.escort_free, roads.supply, by=scenario.by), escorted


def route(network: Network, scenario: Conditions, town: str) -> Route | None:
    """Return the current route to a town, or None if it is isolated.

    A path free of escort-only segments is taken before any shorter one under escort.

    Raises
    ------
    UnknownIdError
        If the network has no such town.
    """
    check_town(network, town)
    free, escorted = routes_with_and_without_escort(network, scenario)
    row = network.node_number[town]
    shortest = free if free.reached[row] else escorted
    if not shortest.reached[row]:
        return None
    rows = shortest.segments_to(row)
    return Route(
        town=town,
        supply_point=network.node_ids[int(shortest.supply[row])],
        segments=tuple(network.segment_ids[i] for i in rows),
        km=float(network.length_km[rows].sum()),
        hours=float(network.hours[rows].sum()),
        under_escort=not bool(free.reached[row]),
    )


def _lightest(
    network: Network, open_mask: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of parallel segments the lightest: sorted pair codes and the segment of each."""
    rows, ends = network.by_ends
    is_open = open_mask[rows]
    rows, ends = rows[is_open], ends[is_open]
    same = ends[1:] == ends[:-1]
    parallel = np.flatnonzero(np.append(same, False) | np.append(False, same))
    order = parallel[np.lexsort((rows[parallel], weight[rows[parallel]], ends[parallel]))]
    _, first = np.unique(ends[order], return_index=True)
    lightest = np.ones(len(rows), np.bool_)
    lightest[parallel] = False
    lightest[order[first]] = True
    return ends[lightest], rows[lightest]
