"""Fewer segments, the same answers: dead ends that serve no town go, chains become one segment.

Both steps keep what they take: a merged segment lists its pieces and where they met, and the
removed pieces are kept with the reason. `restored` puts everything back.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from geodata.graph.arrays import Bools, Floats, Ints, ranges, starts
from geodata.graph.connectivity import components
from geodata.roads.geometry import Lines

DEAD_END = "dead_end"
NO_TOWN = "part_without_town"


@dataclass(frozen=True, eq=False)
class MergedChains:
    """Pieces in the order in which they make up segments.

    Parameters
    ----------
    piece : array (n_pieces,)
        Pieces, those of one segment together and in their order along it.
    turned : array (n_pieces,) of bool
        Whether the piece runs against its segment.
    start : array (n_segments + 1,)
        Segment ``i`` is ``piece[start[i]:start[i + 1]]``.
    tail, head : array (n_segments,)
        Nodes at the segments' ends.
    """

    piece: Ints
    turned: Bools
    start: Ints
    tail: Ints
    head: Ints


def pruned(tail: Ints, head: Ints, kept_nodes: Ints) -> NDArray[np.object_]:
    """Return why each edge may go: it lies on a dead end, or in a part, that no kept node needs.

    Parameters
    ----------
    tail, head : array (n,)
        Ends of the edges as node numbers 0 .. k-1.
    kept_nodes : array of int
        Nodes that must stay: towns and supply points.

    Returns
    -------
    array of str
        ``dead_end``, ``part_without_town`` or empty for an edge that stays.
    """
    reason = np.full(len(tail), "", object)
    n = _count(tail, head, kept_nodes)
    part = components(n, tail, head)
    useful = np.zeros(int(part.max(initial=-1)) + 1, bool)
    useful[part[kept_nodes]] = True
    reason[~useful[part[tail]]] = NO_TOWN
    alive = (reason == "") & (tail != head)
    reason[(reason == "") & ~alive] = DEAD_END
    fixed = np.zeros(n, bool)
    fixed[kept_nodes] = True
    reason[_leaves(tail, head, alive, fixed, n)] = DEAD_END
    return reason


def _count(*nodes: Ints) -> int:
    """Return the nodes there are, by their highest number."""
    return max(int(some.max(initial=-1)) for some in nodes) + 1


def _leaves(tail: Ints, head: Ints, alive: Bools, fixed: Bools, n: int) -> Ints:
    """Strip free nodes with one edge, again and again, only ever looking at the new leaves."""
    edges = np.flatnonzero(alive)
    degree = np.bincount(tail[edges], minlength=n) + np.bincount(head[edges], minlength=n)
    # The exclusive or of a node's edges is, once one is left, that edge.
    only = np.zeros(n, np.int64)
    np.bitwise_xor.at(only, tail[edges], edges)
    np.bitwise_xor.at(only, head[edges], edges)
    stripped = []
    leaves = np.flatnonzero((degree == 1) & ~fixed)
    while len(leaves):
        pruned = np.unique(only[leaves])
        stripped.append(pruned)
        for end in (tail[pruned], head[pruned]):
            np.subtract.at(degree, end, 1)
            np.bitwise_xor.at(only, end, pruned)
        near = np.unique(np.concatenate([tail[pruned], head[pruned]]))
        leaves = near[(degree[near] == 1) & ~fixed[near]]
    return np.concatenate(stripped) if stripped else np.zeros(0, np.int64)


def chains(tail: Ints, head: Ints, kind: Ints, kept_nodes: Ints) -> MergedChains:
    """Find runs of edges of one kind through free nodes that nothing else meets.

    Parameters
    ----------
    tail, head : array (n,)
        Ends of the edges as node numbers.
    kind : array (n,)
        Edges of different kinds are never joined.
    kept_nodes : array of int
        Nodes that must stay.
    """
    n_edges = len(tail)
    n = _count(tail, head, kept_nodes)
    node = np.concatenate([tail, head])
    edge = np.concatenate([np.arange(n_edges)] * 2)
    order = np.argsort(node, kind="stable")
    node, edge = node[order], edge[order]
    degree = np.bincount(node, minlength=n)
    first = np.searchsorted(node, np.arange(n))
    free = degree == 2
    free[kept_nodes] = False
    places = np.flatnonzero(free)
    one, two = edge[first[places]], edge[first[places] + 1]
    real = (one != two) & (kind[one] == kind[two])
    one, two, met = _unringed(one[real], two[real], places[real], n_edges)
    return _ordered(tail, head, one, two, met)


def _unringed(one: Ints, two: Ints, met: Ints, n_edges: int) -> tuple[Ints, Ints, Ints]:
    """Open every ring at its lowest edge, so that each run has two ends."""
    part = components(n_edges, one, two)
    links = np.bincount(part[one], minlength=n_edges)
    size = np.bincount(part, minlength=n_edges)
    ring = links[part] == size[part]
    lowest = np.full(n_edges, n_edges)
    np.minimum.at(lowest, part, np.arange(n_edges))
    in_ring = ring[one] & ((one == lowest[part[one]]) | (two == lowest[part[one]]))
    # Of the two links at the lowest edge one goes, the one listed first.
    _, drop = np.unique(part[one][in_ring], return_index=True)
    keep = np.ones(len(one), bool)
    keep[np.flatnonzero(in_ring)[drop]] = False
    return one[keep], two[keep], met[keep]


def _ordered(tail: Ints, head: Ints, one: Ints, two: Ints, met: Ints) -> MergedChains:
    n = len(tail)
    part = components(n, one, two)
    degree = np.bincount(one, minlength=n) + np.bincount(two, minlength=n)
    ends = np.flatnonzero(degree < 2)
    # Of the two ends of a run the lower edge leads.
    leader = np.full(int(part.max(initial=-1)) + 1, n)
    np.minimum.at(leader, part[ends], ends)
    depth = _depth(one, two, leader, n)
    order = np.lexsort((depth, part))
    sizes = np.bincount(part)
    start = starts(sizes)
    turned = _turned(tail, head, order, start)
    _turn_pairs(turned, tail, head, order, one, two, met)
    first, last = order[start[:-1]], order[start[1:] - 1]
    chain_tail = np.where(turned[start[:-1]], head[first], tail[first])
    chain_head = np.where(turned[start[1:] - 1], tail[last], head[last])
    return MergedChains(order.astype(np.int64), turned, start, chain_tail, chain_head)


def _depth(one: Ints, two: Ints, leaders: Ints, n: int) -> Floats:
    """Count steps from the leader of its run to each edge."""
    rows = np.concatenate([one, two, np.full(len(leaders), n)])
    columns = np.concatenate([two, one, leaders])
    graph = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n + 1, n + 1))
    steps: Floats = dijkstra(graph, directed=True, indices=[n], unweighted=True)[0, :n]
    return steps


def _turned(tail: Ints, head: Ints, order: Ints, start: Ints) -> Bools:
    """Return whether each edge, in order, runs against its chain."""
    follows = np.ones(len(order), bool)
    follows[start[:-1]] = False
    turned = np.zeros(len(order), bool)
    a, b = tail[order], head[order]
    # The first of several edges is turned if its head does not touch the second; a later one
    # if its head touches the one before: in a run each inner node has just two edges.
    leads = np.flatnonzero(~follows & np.append(follows[1:], False))
    turned[leads] = (b[leads] != a[leads + 1]) & (b[leads] != b[leads + 1])
    later = np.flatnonzero(follows)
    turned[later] = (b[later] == a[later - 1]) | (b[later] == b[later - 1])
    return turned


def _turn_pairs(
    turned: Bools, tail: Ints, head: Ints, order: Ints, one: Ints, two: Ints, met: Ints
) -> None:
    """Turn the edges of runs of two that share both ends: only their meeting point decides."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    for link in np.flatnonzero((low[one] == low[two]) & (high[one] == high[two])):
        first, second = sorted((one[link], two[link]), key=lambda edge: place[edge])
        turned[place[first]] = head[first] != met[link]
        turned[place[second]] = tail[second] != met[link]


def merge_chains(lines: Lines, chains: MergedChains) -> tuple[Lines, list[str]]:
    """Draw each chain as one line.

    Returns
    -------
    tuple of Lines and list of str
        The lines, each with the road of its first piece; and, per line, the numbers of the
        vertices where its pieces met.
    """
    counts = np.diff(lines.start)[chains.piece]
    follows = np.ones(len(chains.piece), bool)
    follows[chains.start[:-1]] = False
    # A piece that follows leaves out its first vertex, which the one before has drawn.
    drawn = counts - follows
    position = ranges(follows.astype(np.int64), drawn)
    piece = np.repeat(chains.piece, drawn)
    last = lines.start[1:][piece] - 1
    turned = np.repeat(chains.turned, drawn)
    rows = np.where(turned, last - position, lines.start[:-1][piece] + position)
    vertices = np.add.reduceat(drawn, chains.start[:-1]) if len(drawn) else drawn
    merged = Lines(
        lines.lon_lat[rows],
        lines.xy[rows],
        starts(vertices),
        lines.road[chains.piece[chains.start[:-1]]],
    )
    ends = np.cumsum(drawn)
    base = np.repeat(merged.start[:-1], np.diff(chains.start))
    at = ends - base - 1
    met = [
        " ".join(map(str, at[low : high - 1]))
        for low, high in zip(chains.start[:-1], chains.start[1:], strict=True)
    ]
    return merged, met
