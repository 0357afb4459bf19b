"""Two-edge-connected components of a road graph, and the bridges that join them."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, depth_first_order

from geodata.graph.arrays import Bools, Ints, Ints32


@dataclass(frozen=True, eq=False)
class BridgeTree:
    """The reached graph as a tree of parts, the topmost holding the root of all supply.

    Attributes
    ----------
    rank : ndarray of int32, shape (n_nodes,)
        Place of each node in a depth-first search from the root on which all supply points
        hang, which has place 0; -1 if not reached.
    part : ndarray of int32, shape (n_places,)
        Part of each place.
    above : ndarray of int32, shape (n_parts,)
        The part above, -1 for the topmost.
    bridge : ndarray of int64, shape (n_parts,)
        The edge to the part above, -1 if there is none or it is only the root's.
    """

    rank: Ints32
    part: Ints32
    above: Ints32
    bridge: Ints

    def of(self, nodes: Ints) -> Ints32:
        """Return the part of each of ``nodes``, all of them reached."""
        return self.part[self.rank[nodes]]

    def on_the_way(self, towns: Ints) -> Bools:
        """Return which parts lie between the root and one of ``towns``, shape (n_parts,)."""
        passed = np.zeros(len(self.above), np.bool_)
        marked, up = passed.data, self.above.data
        for start in self.of(towns[self.rank[towns] >= 0]).tolist():
            below = start
            while below >= 0 and not marked[below]:
                marked[below] = True
                below = up[below]
        return passed


def links(n: int, source: Ints | Ints32, target: Ints | Ints32) -> csr_array:
    """Return the adjacency of ``n`` nodes, with an entry of 1 for each directed link given.

    Repeated links stay apart: a search does not mind, and merging would sort every row.
    """
    ends = (source.astype(np.int32, copy=False), target.astype(np.int32, copy=False))
    entries = coo_array((np.ones(len(source), np.int8), ends), shape=(n, n))
    entries.has_canonical_format = True
    matrix = entries.tocsr()
    # SciPy's searches want floats and never look at them: one in memory is enough.
    matrix.data = np.broadcast_to(1.0, matrix.nnz)
    return matrix


def bridge_tree(n_nodes: int, tail: Ints, head: Ints, supply: Ints) -> BridgeTree:
    """Split the graph reached from ``supply`` at its bridges, in linear time.

    A depth-first search gives a tree in which every other edge joins a node to one above it.
    With tree edges directed downwards and all others upwards, the strongly connected
    components are the parts that no single edge can split: an undirected graph can be
    directed so that every node reaches every other exactly if it has no bridge (Robbins,
    "A theorem on graphs", American Mathematical Monthly 46, 1939).

    Parameters
    ----------
    n_nodes : int
        Number of nodes.
    tail, head : ndarray of int64, shape (n_edges,)
        Ends of each edge.
    supply : ndarray of int64
        Node numbers of the supply points, each once.
    """
    root = np.full(len(supply), n_nodes)
    a = np.concatenate([tail, root], dtype=np.int32, casting="same_kind")
    b = np.concatenate([head, supply], dtype=np.int32, casting="same_kind")
    both_ways = links(n_nodes + 1, np.concatenate([a, b]), np.concatenate([b, a]))
    order, parent = depth_first_order(both_ways, n_nodes, directed=True)
    del both_ways
    n = len(order)
    rank = np.full(n_nodes + 1, -1, np.int32)
    rank[order] = np.arange(n, dtype=np.int32)
    # From here on nodes go by their rank: neighbours then lie close in memory, too.
    over = np.empty(n + 1, np.int32)
    over[rank] = rank[np.maximum(parent, -1)]
    # Edges not reached have both ends at -1, the entry kept for them: never the tree's.
    over[0], over[n] = -1, -2
    a, b = rank[a], rank[b]
    upper, lower = np.minimum(a, b), np.maximum(a, b)
    is_tree = _first_of_parallel(over[lower] == upper, lower, n)
    part, n_parts = _strong(over[:n], upper[~is_tree], lower[~is_tree])
    joint = np.zeros(n, np.bool_)
    joint[1:] = part[1:] != part[over[1:n]]
    joins = np.flatnonzero(is_tree & joint[lower])
    above = np.full(n_parts, -1, np.int32)
    above[part[lower[joins]]] = part[upper[joins]]
    bridge = np.full(n_parts, -1, np.int64)
    bridge[part[lower[joins]]] = np.where(joins < len(tail), joins, -1)
    return BridgeTree(rank[:-1], part, above, bridge)


def _strong(over: Ints32, upper: Ints32, lower: Ints32) -> tuple[Ints32, int]:
    """Return the strongly connected component of each place, and how many there are.

    Of the edges that lead up from a place only the one that leads highest is kept: from
    there the tree leads down to where the others end. So no entry appears twice in a row,
    which SciPy's search for strong components needs: it would never end.
    """
    n = len(over)
    highest = np.arange(n + 1, dtype=np.int32)
    np.minimum.at(highest, lower, upper)
    child = np.arange(n, dtype=np.int32)
    back = child[highest[:n] < child]
    down = links(n, np.concatenate([over[1:], back]), np.concatenate([child[1:], highest[back]]))
    n_parts, part = connected_components(down, directed=True, connection="strong")
    return part, int(n_parts)


def _first_of_parallel(candidate: Bools, lower: Ints32, n: int) -> Bools:
    """Keep one candidate for each lower end: of parallel edges only one is the tree's."""
    rows = np.flatnonzero(candidate)
    if len(rows) == n - 1:
        return candidate
    first = np.full(n, -1, np.int64)
    first[lower[rows[::-1]]] = rows[::-1]
    first_of_pair = np.zeros(len(candidate), np.bool_)
    first_of_pair[first[first >= 0]] = True
    return first_of_pair


def isolating_bridges(split: BridgeTree, towns: Ints) -> tuple[Ints, Ints]:
    """Return the pairs of an edge and a town that the edge's removal leaves without supply.

    Only a bridge can isolate, and it isolates the towns below it. These stand side by side
    in depth-first order, so each bridge needs no more than its first town and their number.

    Parameters
    ----------
    split : Parts
        The graph split at its bridges.
    towns : ndarray of int64
        Node numbers, each once.

    Returns
    -------
    segment, town : ndarray of int64
        Sorted by segment, then town.
    """
    reached = towns[split.rank[towns] >= 0]
    reached = reached[np.argsort(split.rank[reached])]
    bridge, first, count = _bridges_above(split, reached)
    segment = np.repeat(bridge, count)
    before = np.cumsum(count) - count
    town = reached[np.arange(len(segment)) + np.repeat(first - before, count)]
    by_segment = np.lexsort((town, segment))
    return segment[by_segment], town[by_segment]


def _bridges_above(split: BridgeTree, reached: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the bridges with a town below: the edge, the place of its first town, how many follow.

    ``reached`` holds towns in depth-first order. The walk up from a town ends where an
    earlier one passed, so each part is met once, regardless of the number of towns.
    """
    up, over = split.above.data, split.bridge.data
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    starts = split.of(reached).tolist()
    for place, start in enumerate(starts):
        below = start
        while below >= 0 and below not in first:
            first[below] = place
            below = up[below]
    for place in range(len(starts) - 1, -1, -1):
        below = starts[place]
        while below >= 0 and below not in last:
            last[below] = place
            below = up[below]
    bridged_parts = [part for part in first if over[part] >= 0]
    start_at = np.array([first[part] for part in bridged_parts], np.int64)
    count = np.array([last[part] for part in bridged_parts], np.int64) - start_at + 1
    return np.array([over[part] for part in bridged_parts], np.int64), start_at, count
