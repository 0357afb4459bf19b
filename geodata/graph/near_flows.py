"""Edge-disjoint paths from one root to many nodes, by flows that stay near each node.

A maximum flow over the whole of a country's roads is slow, and nearly always needless: what
separates a town from supply lies around the town. So each flow is bounded to the nearest nodes,
and these grow only where the answer is not proved yet.
"""

from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from geodata.graph.arrays import Bools, Ints, ranges

Roads = csr_array[np.int32, tuple[int, int]]

NEAREST: Final = 1_000
"""Nodes around a town in which a flow is first looked for."""

GROWTH: Final = 4
"""How many times as many nodes are looked at next, where these prove nothing."""


def paths_from_root(
    roads: Roads, root: int, nodes: Ints, at_least: Ints, *, nearest: int = NEAREST
) -> Ints:
    """Count edge-disjoint paths between ``root`` and each of ``nodes``.

    Let S be nodes that are each known to have ``k`` or more paths to the root. No cut of fewer
    than ``k`` edges lies between the root and a node of S, so one that separates a town from the
    root separates it from all of S. By Menger's theorem a flow of ``k`` from a town to S, taken
    together, then proves ``k`` paths to the root; and a smaller flow to S and all that lies
    beyond the nearest nodes gives a cut, which bounds the count from above. Where both agree,
    the count is exact; where all nodes are looked at, they always do.

    Parameters
    ----------
    roads : csr_array of int32, shape (n_nodes, n_nodes)
        Number of edges between each two nodes; symmetric, each pair once.
    root : int
    nodes : ndarray of int64, shape (n,)
        Best in the order of their distance from the root: each helps those that follow.
    at_least : ndarray of int64, shape (n,)
        Paths that each of ``nodes`` is known to have.
    nearest : int
        Nodes around each in which a flow is first looked for; the counts do not depend on it.

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> square = csr_array(np.array([[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0]]))
    >>> paths_from_root(square.astype(np.int32), 0, np.array([2]), np.array([0])).tolist()
    [2]
    """
    known = np.zeros(roads.shape[0], np.int64)
    known[nodes] = at_least
    known[root] = np.iinfo(np.int64).max
    for node in nodes.tolist():
        if node != root:
            known[node] = _paths(roads, known, node, nearest)
    return known[nodes]


def _paths(roads: Roads, known: Ints, node: int, size: int) -> int:
    most = int(roads.data[roads.indptr[node] : roads.indptr[node + 1]].sum())
    while most > known[node]:
        near = _nearest(roads, node, size)
        bounded, leads_beyond = _flow(roads, near, known >= most, beyond=True)
        most = min(most, bounded)
        if not leads_beyond:
            break
        proved, _ = _flow(roads, near, known >= most, beyond=False)
        if proved >= most:
            break
        size *= GROWTH
    return most


def _nearest(roads: Roads, node: int, size: int) -> Ints:
    """Return ``node`` first, then whole rings of nodes around it until there are ``size``."""
    seen = np.zeros(roads.shape[0], np.bool_)
    seen[node] = True
    rings, total = [np.array([node])], 1
    while total < size and len(rings[-1]):
        around = roads.indices[_entries(roads, rings[-1])]
        ring = np.unique(around[~seen[around]]).astype(np.int64)
        seen[ring] = True
        rings.append(ring)
        total += len(ring)
    return np.concatenate(rings)


def _flow(roads: Roads, near: Ints, sinks: Bools, *, beyond: bool) -> tuple[int, bool]:
    """Return the maximum flow from the first of ``near`` to ``sinks``, and if edges lead beyond.

    With ``beyond``, all nodes that are not in ``near`` are sinks too; else no flow leaves it.
    """
    sink, outside = len(near), len(near) + 1
    place = np.full(roads.shape[0], outside, np.int64)
    place[near] = np.arange(len(near))
    place[near[sinks[near]]] = sink
    inner = near[place[near] < sink]
    entries = _entries(roads, inner)
    tail = np.repeat(place[inner], np.diff(roads.indptr)[inner])
    head, edges = place[roads.indices[entries]], roads.data[entries]
    leads_beyond = bool((head == outside).any())
    if beyond:
        head = np.where(head == outside, sink, head)
    kept = head <= sink
    size = sink + 1
    local = csr_array((edges[kept], (tail[kept], head[kept])), shape=(size, size))
    return int(maximum_flow(local, 0, sink, method="edmonds_karp").flow_value), leads_beyond


def _entries(roads: Roads, nodes: Ints) -> Ints:
    """Return where the entries of several nodes stand, one node after another."""
    first = roads.indptr[nodes].astype(np.int64)
    return ranges(first, roads.indptr[nodes + 1] - first)
