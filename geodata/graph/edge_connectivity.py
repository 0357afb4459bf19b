"""How many edge-disjoint paths lead from the supply points, taken together, to each town."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from geodata.graph.bridges import bridge_tree
from geodata.graph.near_flows import paths_from_root
from geodata.graph.reduction import reduce_graph

IntArray = NDArray[np.int64]
LabelArray = NDArray[np.uint64]

TOWNS_AT_ONCE: Final = 2_000
"""Towns whose tree paths are followed together; bounds memory on large networks."""


def edge_connectivity(
    n_nodes: int, tail: IntArray, head: IntArray, supply: IntArray, towns: IntArray
) -> IntArray:
    """Count edge-disjoint paths from all supply points together to each town.

    By Menger's theorem the count is the size of a smallest set of edges whose loss isolates the
    town. Most towns need no flow to find it: 0 where nothing leads, 1 where a bridge must be
    crossed, 2 where two edges that the same cycles pass through lie apart on the way (cycle
    space labels: Pritchard and Thurimella, "Fast computation of small cuts via cycle space
    sampling", ACM Transactions on Algorithms 7, 2011), and 3 where a town has three edges and
    none of these holds. Only the others get maximum flows, on the reduced graph and near the town:
    see `near_flows`.

    Parameters
    ----------
    n_nodes : int
    tail, head : ndarray of int64, shape (n_edges,)
        Ends of each open edge.
    supply : ndarray of int64
        Nodes of the open supply points, each once.
    towns : ndarray of int64, shape (n_towns,)

    Returns
    -------
    ndarray of int64, shape (n_towns,)
        0 for a town that is a supply point itself: no edge need be passed.

    Examples
    --------
    >>> import numpy as np
    >>> tail, head = np.array([0, 0, 1]), np.array([1, 2, 2])
    >>> edge_connectivity(3, tail, head, np.array([0]), np.array([1, 2])).tolist()
    [2, 2]
    """
    counts = np.zeros(len(towns), np.int64)
    if not len(supply) or not len(towns):
        return counts
    root = supply[:1]
    merged = np.arange(n_nodes)
    merged[supply] = root  # all supply points are one node, so that no edge between them counts
    tail, head = merged[tail], merged[head]
    split = bridge_tree(n_nodes, tail, head, root)
    searched = (split.rank[towns] >= 0) & ~np.isin(towns, supply)
    counts[searched] = 1
    part = split.part[split.rank]
    twofold = np.flatnonzero(searched & (part[towns] == part[root]))
    if not len(twofold):
        return counts
    places = np.unique(towns[twofold])
    net = reduce_graph(split, tail, head, np.zeros(len(tail)), root, places)
    inside = (net.tail != net.head) & ~net.bridge
    number = np.arange(len(net.node))
    at_root = np.searchsorted(net.node, root)
    number[0], number[at_root] = at_root[0], 0  # the root comes first
    paths = _from_root(
        len(net.node),
        number[net.tail[inside]],
        number[net.head[inside]],
        number[np.searchsorted(net.node, places)],
    )
    counts[twofold] = paths[np.searchsorted(places, towns[twofold])]
    return counts


def _from_root(n: int, a: IntArray, b: IntArray, towns: IntArray) -> IntArray:
    """Return edge connectivity of ``towns`` with node 0 in a graph where all have at least 2."""
    matrix = csr_array((np.ones(2 * len(a), np.int32), (np.r_[a, b], np.r_[b, a])), shape=(n, n))
    order, before = breadth_first_order(matrix, 0, directed=True)
    parent = before.astype(np.int64)
    in_tree = _tree_edges(parent, a, b)
    label = _labels(order, parent, a[~in_tree], b[~in_tree])
    node_class, size = _classes(label, order, n)
    counts = np.where(_split_by_a_pair(parent, node_class, size, towns), 2, 3)
    degree = np.bincount(np.r_[a, b], minlength=n)[towns]
    counts = np.minimum(counts, degree)
    open_rows = np.flatnonzero((counts == 3) & (degree > 3))
    depth = np.empty(n, np.int64)
    depth[order] = np.arange(len(order))
    rows = open_rows[np.argsort(depth[towns[open_rows]])]
    counts[rows] = paths_from_root(matrix, 0, towns[rows], counts[rows])
    return counts


def _tree_edges(parent: IntArray, a: IntArray, b: IntArray) -> NDArray[np.bool_]:
    """Return one edge for each node of the tree, the first of several between the same nodes."""
    below = np.where(parent[b] == a, b, np.where(parent[a] == b, a, -1))
    in_tree = np.zeros(len(a), np.bool_)
    nodes, first = np.unique(below, return_index=True)
    in_tree[first[nodes >= 0]] = True
    return in_tree


def _labels(
    order: NDArray[np.int32], parent: IntArray, a: IntArray, b: IntArray
) -> tuple[LabelArray, LabelArray]:
    """Labels (2 x 64 random bits) of the edge above each node, and of the edges not in the tree.

    An edge outside the tree closes one cycle and gets a random label; an edge of the tree gets
    the exclusive or of the labels of the cycles that pass through it.
    """
    loose = np.random.default_rng(20).integers(1, 2**64, (len(a), 2), dtype=np.uint64)
    above = np.zeros((len(parent), 2), np.uint64)
    np.bitwise_xor.at(above, a, loose)
    np.bitwise_xor.at(above, b, loose)
    depth = np.zeros(len(parent), np.int64)
    level = np.zeros(1, np.int64)
    bounds = [0, 1]
    while bounds[-1] < len(order):  # a breadth-first order holds whole levels, one after another
        depth[level] = len(bounds) - 2
        last = bounds[-1]
        upper = order[bounds[-2] : last]
        inside = np.zeros(len(parent), np.bool_)
        inside[upper] = True
        size = int(np.argmin(np.append(inside[parent[order[last:]]], False)))
        bounds.append(last + size)
        level = order[last : last + size].astype(np.int64)
    for first, last in zip(bounds[-2:0:-1], bounds[:1:-1], strict=True):
        nodes = order[first:last]
        np.bitwise_xor.at(above, parent[nodes], above[nodes])
    return above, loose


def _classes(
    label: tuple[LabelArray, LabelArray], order: NDArray[np.int32], n: int
) -> tuple[IntArray, IntArray]:
    """Return the class of the edge above each node, and how many edges of the graph share it."""
    above, loose = label
    nodes = order[1:]
    _, inverse, size = np.unique(
        np.concatenate([above[nodes], loose]), axis=0, return_inverse=True, return_counts=True
    )
    node_class = np.full(n, -1, np.int64)
    node_class[nodes] = inverse.ravel()[: len(nodes)]
    return node_class, size


def _split_by_a_pair(
    parent: IntArray, node_class: IntArray, size: IntArray, towns: IntArray
) -> NDArray[np.bool_]:
    """Whether two edges of one class, of which just one lies on the tree path, split a town off.

    Two edges of a class cut the graph in two; a town lies on the other side from the root
    exactly if its path in the tree passes one of them.
    """
    answer = np.zeros(len(towns), np.bool_)
    for first in range(0, len(towns), TOWNS_AT_ONCE):
        rows = np.arange(first, min(first + TOWNS_AT_ONCE, len(towns)))
        seen_town, seen_class = [], []
        at = towns[rows]
        while len(rows):
            shared = size[node_class[at]] > 1
            seen_town.append(rows[shared])
            seen_class.append(node_class[at[shared]])
            at = parent[at]
            rows, at = rows[at > 0], at[at > 0]
        town, of = np.concatenate(seen_town), np.concatenate(seen_class)
        pairs, passed = np.unique(town * len(size) + of, return_counts=True)
        answer[pairs[passed < size[pairs % len(size)]] // len(size)] = True
    return answer
