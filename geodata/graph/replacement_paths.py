"""Single edges whose removal leaves towns a longer route to supply, for all edges at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.errors import GeodataError
from geodata.graph.arrays import Floats, Ints, ranges
from geodata.graph.bridges import BridgeTree
from geodata.graph.reduction import ReducedGraph, reduce_graph
from geodata.graph.shortest_paths import ShortestPathTree, shortest_tree

BATCH: Final = 30_000
"""Nodes searched together: enough to spare Python, few enough to stay in a fast cache."""

LARGEST: Final = 2.0**53
"""Whole numbers below this are exact in float64."""

NO_INT: Final = np.empty(0, np.int64)
NO_FLOAT: Final = np.empty(0, np.float64)


@dataclass(frozen=True, eq=False)
class Detours:
    """Pairs of an edge and a town, sorted; ``units`` is by how much the path grows."""

    segment: Ints
    town: Ints
    units: Floats
    switched_from: Ints
    switched_to: Ints


@dataclass(frozen=True, eq=False)
class _Replacements:
    """One row for each cut edge of the tree and town: its place, its cost after the cut."""

    edge: Ints
    place: Ints
    cost: Floats
    base: int

    @property
    def units(self) -> Floats:
        """Distance after the cut."""
        return np.floor(self.cost / self.base)

    def rows(self, rows: NDArray[Any]) -> "_Replacements":
        """Return the rows kept: a mask, or their numbers."""
        return _Replacements(self.edge[rows], self.place[rows], self.cost[rows], self.base)


def replacement_paths(
    split: BridgeTree,
    tail: Ints,
    head: Ints,
    units: Floats,
    supply: Ints,
    towns: Ints,
) -> Detours:
    """Return the pairs of an edge and a town whose shortest path to supply grows without that edge.

    Only an edge on a town's branch of the shortest-path tree can lengthen its path. With it
    gone, every way into the branch below it enters by another edge from outside, where
    distances stay as they were; so one search within the branch, started from all those
    entries, gives the new distances exactly.

    Parameters
    ----------
    split : Parts
        The graph split at its bridges.
    tail, head : ndarray of int64, shape (n_edges,)
        Ends of each edge.
    units : ndarray of float64, shape (n_edges,)
        Lengths as whole numbers.
    supply, towns : ndarray of int64
        Node numbers, each once, ascending.

    Raises
    ------
    GeodataError
        If a path is too long to be distinguished exactly for so many supply points.
    """
    reached = towns[split.rank[towns] >= 0]
    net = reduce_graph(split, tail, head, units, supply, reached)
    sources = np.searchsorted(net.node, supply[np.isin(supply, net.node)])
    places = np.searchsorted(net.node, reached)
    tree = shortest_tree(len(net.node), net.tail, net.head, net.units, sources)
    costs = _after_each_cut(net, tree, places)
    longer = np.isfinite(costs.cost) & (costs.units > tree.units[costs.place])
    costs = costs.rows(longer)
    if len(costs.cost) and float(costs.cost.max()) >= LARGEST:
        raise GeodataError("graph.too_long_for_supply", n_supply=len(supply))
    return _spread(net, tree, costs, _supply_after(net, tree, costs))


def _after_each_cut(net: ReducedGraph, tree: ShortestPathTree, towns: Ints) -> _Replacements:
    """Return the costs of the paths of ``towns`` after each cut that may lengthen them."""
    at = np.sort(tree.place[towns])
    top = np.flatnonzero(tree.edge >= 0)
    top = top[~net.bridge[tree.edge[top]]]
    low, high = np.searchsorted(at, top), np.searchsorted(at, tree.end[top])
    nonempty = high > low
    top, low, n_towns = top[nonempty], low[nonempty], (high - low)[nonempty]
    edges, places, costs = [NO_INT], [NO_INT], [NO_FLOAT]
    for batch in _batches(tree.end[top] - top):
        offset, cost = _search_branches(tree, top[batch])
        which = np.repeat(np.arange(len(offset)), n_towns[batch])
        place = at[ranges(low[batch], n_towns[batch])]
        edges.append(tree.edge[top[batch]][which])
        places.append(place)
        costs.append(cost[offset[which] + place - top[batch][which]])
    return _Replacements(
        np.concatenate(edges), np.concatenate(places), np.concatenate(costs), tree.base
    )


def _batches(size: Ints) -> Iterator[slice]:
    """Slices of consecutive branches of about ``BATCH`` places together, at least one each."""
    total = np.cumsum(size)
    first = 0
    while first < len(size):
        before = total[first] - size[first]
        last = max(first + 1, int(np.searchsorted(total, before + BATCH, side="right")))
        yield slice(first, last)
        first = last


def _search_branches(tree: ShortestPathTree, top: Ints) -> tuple[Ints, Floats]:
    """Return the cost of each place of each branch without the edge above the branch.

    The branches are copied side by side into one graph, so that one call searches them all:
    place ``p`` of branch ``i`` has its cost at ``offset[i] + p - top[i]``. The supply point
    that served the branch is preferred to any other at the same distance.
    """
    size = tree.end[top] - top
    offset = np.cumsum(size) - size
    place = ranges(top, size)
    degree = tree.start[place + 1] - tree.start[place]
    after = np.cumsum(degree)
    entry = ranges(tree.start[place], degree)
    roof = np.repeat(np.repeat(top, size), degree)
    shift = np.repeat(np.repeat(offset - top, size), degree)
    target = tree.target[entry]
    weight = tree.weight[entry]
    inside = (target >= roof) & (target < tree.end[roof])
    cut = tree.link[entry] == tree.edge[roof]
    liking = np.where(tree.via[entry] == tree.label[roof], 0, tree.via[entry] + 1)
    enter = np.where(inside | cut, np.inf, tree.units[target] * tree.base + weight + liking)
    seed = np.minimum.reduceat(enter, after - degree)
    seeded = np.flatnonzero(np.isfinite(seed))
    n_inside = np.concatenate([[0], np.cumsum(inside)])[after]
    matrix = csr_array(
        (
            np.concatenate([weight[inside], seed[seeded]]),
            np.concatenate([(target + shift)[inside], seeded]),
            np.concatenate([[0], n_inside, [n_inside[-1] + len(seeded)]]),
        ),
        (len(place) + 1, len(place) + 1),
    )
    return offset, dijkstra(matrix, indices=[len(place)], min_only=True)[:-1]


def _supply_after(net: ReducedGraph, tree: ShortestPathTree, replacements: _Replacements) -> Ints:
    """Return nearest supply point after each cut: the one before if it still is, else the lowest.

    The search knows one supply point for each entry into a branch. Where ways from two are
    equally long, the one before may hide behind a lower number; then its own distance after
    the cut, computed as if it were alone, shows whether it is still among the nearest.
    """
    own = tree.label[replacements.place]
    liking = (replacements.cost % tree.base).astype(np.int64)
    after = np.where(liking == 0, own, liking - 1)
    for supply in np.intersect1d(_tied(tree), own[after != own]).tolist():
        rows = np.flatnonzero((own == supply) & (after != own))
        distance = _from_alone(net, tree, replacements.rows(rows), supply)
        after[rows[distance == replacements.units[rows]]] = supply
    return after


def _tied(tree: ShortestPathTree) -> Ints:
    """Supply points from which a shortest path leads on to where another one is preferred."""
    source = np.repeat(np.arange(len(tree.end)), np.diff(tree.start))
    reach = tree.units[source] * tree.base + tree.weight
    tied = (reach == tree.units[tree.target] * tree.base) & (tree.label[source] != tree.via)
    return np.unique(tree.label[source[tied]])


def _from_alone(
    net: ReducedGraph, tree: ShortestPathTree, replacements: _Replacements, supply: int
) -> Floats:
    """Return the distance of each row's town from one supply point after the row's cut."""
    node_at = np.empty(len(tree.end), np.int64)
    reached = np.flatnonzero(tree.place >= 0)
    node_at[tree.place[reached]] = reached
    node = node_at[replacements.place]
    source = tree.supply[supply : supply + 1]
    alone = shortest_tree(len(net.node), net.tail, net.head, net.units, source)
    again = _after_each_cut(net, alone, np.unique(node))
    key = again.edge * len(alone.end) + again.place
    by_key = np.argsort(key)
    wanted = replacements.edge * len(alone.end) + alone.place[node]
    at = np.searchsorted(key[by_key], wanted)
    there = at < len(key)
    there[there] = key[by_key][at[there]] == wanted[there]
    distance = alone.units[alone.place[node]]
    distance[there] = again.units[by_key[at[there]]]
    return distance


def _spread(
    net: ReducedGraph, tree: ShortestPathTree, replacements: _Replacements, after: Ints
) -> Detours:
    """Return one row for each edge of a cut chain, with node numbers of the whole graph."""
    n_edges = np.diff(net.start)[replacements.edge]
    row = np.repeat(np.arange(len(replacements.edge)), n_edges)
    segment = net.edge[ranges(net.start[replacements.edge], n_edges)]
    node_at = np.empty(len(tree.end), np.int64)
    reached = np.flatnonzero(tree.place >= 0)
    node_at[tree.place[reached]] = net.node[reached]
    town = node_at[replacements.place][row]
    order = np.lexsort((town, segment))
    row = row[order]
    name = net.node[tree.supply]
    return Detours(
        segment[order],
        town[order],
        (replacements.units - tree.units[replacements.place])[row],
        name[tree.label[replacements.place]][row],
        name[after][row],
    )
