"""Shortest paths from all supply points as one tree, numbered so that a branch is a range."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import depth_first_order, dijkstra

from geodata.graph.arrays import Floats, Ints, Ints32, ranges
from geodata.graph.bridges import links


@dataclass(frozen=True, eq=False)
class ShortestPathTree:
    """Shortest-path tree over the reached nodes, in depth-first order; place 0 is the root.

    A cost is ``length * base + preference`` of the supply point at its start, where the
    preference is below ``base``: so the least cost is a shortest path and, among shortest
    ways, one from the preferred supply point. All are whole numbers, exact in float64.

    Attributes
    ----------
    base : int
        Number of supply points plus 1.
    supply : ndarray of int64, shape (n_supply,)
        Node numbers of the supply points; their preference is their place here.
    place : ndarray of int64, shape (n_nodes,)
        Place of each node in the tree, -1 if not reached.
    end : ndarray of int64, shape (n_places,)
        The branch at place ``p`` is the places from ``p`` to below ``end[p]``.
    units : ndarray of float64, shape (n_places,)
        Distance of each place from its nearest supply point.
    label : ndarray of int64, shape (n_places,)
        That supply point, as its place in ``supply``.
    edge : ndarray of int64, shape (n_places,)
        Edge to the place above; -1 at the root, and where a supply point hangs on it.
    start : ndarray of int64, shape (n_places + 1,)
        Place ``p`` has the entries from ``start[p]`` to below ``start[p + 1]``, one for each
        edge that ends there.
    target, link : ndarray of int64, shape (n_entries,)
        Where an entry's edge leads, and its number; -1 between the root and a supply point.
    weight : ndarray of float64, shape (n_entries,)
        Its cost, without a preference.
    via : ndarray of int64, shape (n_entries,)
        The supply point from which one comes in by it: the target's label, or the place
        itself if it is a supply point and the target the root.
    """

    base: int
    supply: Ints
    place: Ints
    end: Ints
    units: Floats
    label: Ints
    edge: Ints
    start: Ints
    target: Ints
    link: Ints
    weight: Floats
    via: Ints


def shortest_tree(
    n_nodes: int, tail: Ints, head: Ints, units: Floats, supply: Ints
) -> ShortestPathTree:
    """Return tree of shortest paths from the nearest of ``supply``, ties to the lowest node number.

    ``units`` are whole numbers; ``supply`` is ascending, each once.
    """
    base = len(supply) + 1
    ranks = np.arange(len(supply), dtype=np.int64)
    root = np.full(len(supply), n_nodes)
    ends = np.concatenate([tail, root, head, supply])
    target = np.concatenate([head, supply, tail, root])
    weight = np.tile(np.concatenate([units * base, np.zeros(len(supply))]), 2)
    rank = np.tile(np.concatenate([np.zeros(len(tail), np.int64), ranks]), 2)
    link = np.tile(np.concatenate([np.arange(len(tail)), np.full(len(supply), -1)]), 2)
    by_end = np.argsort(ends, kind="stable")
    begin = np.searchsorted(ends[by_end], np.arange(n_nodes + 2))
    both_ways = csr_array(
        ((weight + rank)[by_end], target[by_end], begin), (n_nodes + 1, n_nodes + 1)
    )
    cost, above, _ = dijkstra(both_ways, indices=[n_nodes], return_predecessors=True, min_only=True)
    order, place = _depth_first(above)
    degree = begin[order + 1] - begin[order]
    entry = by_end[ranges(begin[order], degree)]
    label = (cost[order] % base).astype(np.int64)
    to = place[target[entry]]
    return ShortestPathTree(
        base=base,
        supply=supply,
        place=place[:-1],
        end=_branch_ends(place[above[order[1:]]]),
        units=np.floor(cost[order] / base),
        label=label,
        edge=_edges_above(above, cost, tail, head, units * base)[order],
        start=np.concatenate([[0], np.cumsum(degree)]),
        target=to,
        link=link[entry],
        weight=weight[entry],
        via=np.where(link[entry] >= 0, label[to], rank[entry]),
    )


def _depth_first(above: Ints32) -> tuple[Ints, Ints]:
    """Nodes in depth-first order of the tree, and the place of each; the last is the root."""
    n = len(above)
    hung = np.flatnonzero(above >= 0)
    depth_order, _ = depth_first_order(links(n, above[hung], hung), n - 1, directed=True)
    order = depth_order.astype(np.int64)
    place = np.full(n, -1, np.int64)
    place[order] = np.arange(len(order))
    return order, place


def _edges_above(above: Ints32, cost: Floats, tail: Ints, head: Ints, weight: Floats) -> Ints:
    """Return edge by which each node hangs on the one above; of equal parallel ones, any does."""
    edge = np.full(len(above), -1, np.int64)
    for x, y in ((tail, head), (head, tail)):
        tight = np.flatnonzero((above[y] == x) & (cost[x] + weight == cost[y]))
        edge[y[tight]] = tight
    return edge


def _branch_ends(above: Ints) -> Ints:
    """Return the end of the branch at each place, given the place above each but the root."""
    size = [1] * (len(above) + 1)
    for p, up in zip(range(len(above), 0, -1), reversed(above.tolist()), strict=True):
        size[up] += size[p]
    return np.arange(len(size)) + np.array(size, np.int64)
