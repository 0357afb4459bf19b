"""Two segments that together isolate towns which neither isolates alone."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from geodata.errors import GeodataError
from geodata.graph.arrays import Bools, Floats, Ints, ranges
from geodata.graph.bridges import bridge_tree
from geodata.graph.reduction import ReducedGraph, reduce_graph
from geodata.graph.shortest_paths import ShortestPathTree, shortest_tree
from geodata.graph.single_cuts import Graph, node_numbers

LARGEST_CLASS: Final = 2_000
"""Of more edges than this in one ring only the heaviest and lightest of each branch are paired."""

MOST_PAIRS: Final = 3_000_000
"""Pairs of chains looked at in all, and pairs of edges ranked; some 300 MB while they are."""


@dataclass(frozen=True, eq=False)
class CutPairs:
    """Pairs of segments, those that isolate the greatest weight first.

    Attributes
    ----------
    segment_a, segment_b : ndarray of int64, shape (n_pairs,)
        The two edges of each pair, the lower number first. Pairs of equal weight go by more
        towns, then by number.
    n_towns : ndarray of int64, shape (n_pairs,)
        Towns that lose all supply with both edges gone, though with neither alone.
    weight : ndarray of float64, shape (n_pairs,)
        Sum of those towns' weights.
    start, town : ndarray of int64
        Pair ``i`` isolates the towns ``town[start[i]:start[i + 1]]``, ascending.
    n_found : int
        Pairs found in all, of which the arrays hold the first ``limit``.
    complete : bool
        Whether every pair was looked at. False only where more than 2,000 edges form one
        ring; then the first 500 pairs are the heaviest all the same, and later ones may be
        missing. Or where there are more than `MOST_PAIRS` pairs: then whole rings are left out,
        those with the fewest towns first, and pairs as heavy as those listed may be missing.
    """

    segment_a: Ints
    segment_b: Ints
    n_towns: Ints
    weight: Floats
    start: Ints
    town: Ints
    n_found: int
    complete: bool


@dataclass(frozen=True, eq=False)
class _Edge:
    """Edges (chains) that share their cycles with another: a range of the tree below each."""

    group: Ints
    chain: Ints
    low: Ints
    high: Ints


@dataclass(frozen=True, eq=False)
class _Loss:
    """Pairs as rows of ``_Edge``: the one with more towns below, the other, and the loss."""

    outer: Ints
    inner: Ints
    nested: Bools
    n_towns: Ints
    weight: Floats

    def heaviest(self, n_edges: Ints, limit: int | None) -> "_Loss":
        """Return the first rows by weight, then towns, that stand for ``limit`` pairs of edges.

        All that rank with the last one stay: the edges' numbers then decide among them.
        """
        order = np.lexsort((-self.n_towns, -self.weight))
        if limit is not None:
            weight, n_towns = self.weight[order], self.n_towns[order]
            new = np.diff(weight, prepend=np.nan) != 0
            new |= np.diff(n_towns, prepend=-1) != 0
            enough = np.cumsum(n_edges[order]) >= limit
            if enough.any():
                later = np.flatnonzero(new[int(np.argmax(enough)) + 1 :])
                order = order[: int(np.argmax(enough)) + 1 + later[0]] if len(later) else order
        return _Loss(
            self.outer[order],
            self.inner[order],
            self.nested[order],
            self.n_towns[order],
            self.weight[order],
        )


def cut_pairs(
    graph: Graph,
    supply: ArrayLike,
    towns: ArrayLike,
    weight: ArrayLike,
    *,
    limit: int | None = None,
) -> CutPairs:
    """Find the pairs of edges that isolate towns together though neither does alone.

    Two edges separate a graph together, and neither alone, exactly if the same cycles pass
    through both. Each edge outside a spanning tree closes one cycle; it is given a random
    128-bit label, and an edge of the tree the exclusive or of the labels of the cycles that
    pass through it. Then edges with the same cycles have the same label (Pritchard and
    Thurimella, "Fast computation of small cuts via cycle space sampling", ACM Transactions
    on Algorithms 7, 2011). No pair is missed; that a wrong one is found by chance has odds
    below 1 to 10^25 even among a million edges, and the labels are the same in every run.

    Parameters
    ----------
    graph : Graph
        The roads that are open.
    supply, towns : array_like of int
        Node numbers; of a repeated town the first weight counts.
    weight : array_like of float, shape (n_towns,)
        Weight of each town, such as people; finite and at least 0.
    limit : int, optional
        Return only so many pairs.

    Returns
    -------
    Pairs

    Raises
    ------
    GeodataError
        If a node does not exist, or a weight is missing, negative or not finite.
    """
    sources = np.unique(node_numbers("supply", supply, graph.n_nodes))
    places, first = np.unique(node_numbers("towns", towns, graph.n_nodes), return_index=True)
    weights = _weights(weight, np.asarray(towns).size)[first]
    split = bridge_tree(graph.n_nodes, graph.tail, graph.head, sources)
    there = split.rank[places] >= 0
    places, weights = places[there], weights[there]
    net = reduce_graph(split, graph.tail, graph.head, graph.units, sources, places)
    supply_rows = np.searchsorted(net.node, sources[np.isin(sources, net.node)])
    tree = shortest_tree(len(net.node), net.tail, net.head, net.units, supply_rows)
    at = tree.place[np.searchsorted(net.node, places)]
    by_place = np.argsort(at)
    return _ranked(net, _alike(net, tree, at[by_place]), places[by_place], weights[by_place], limit)


def _weights(weight: Any, size: int) -> Floats:
    try:
        weights = np.asarray(weight, dtype=np.float64)
    except (TypeError, ValueError):
        raise GeodataError("graph.weights", n_towns=size) from None
    if weights.shape != (size,) or not (np.isfinite(weights) & (weights >= 0)).all():
        raise GeodataError("graph.weights", n_towns=size)
    return weights


def _alike(net: ReducedGraph, tree: ShortestPathTree, at: Ints) -> _Edge:
    """Return the edges in groups that share all their cycles, with the range of towns below each.

    ``at`` holds the places of the towns, ascending. An edge outside the tree has none below.
    """
    in_tree = np.zeros(len(net.tail), np.bool_)
    in_tree[tree.edge[tree.edge >= 0]] = True
    loose = np.flatnonzero(~in_tree)
    hung = tree.place[tree.supply]
    hung = hung[tree.edge[hung] >= 0]
    one = np.concatenate([tree.place[net.tail[loose]], hung])
    other = np.concatenate([tree.place[net.head[loose]], np.zeros(len(hung), np.int64)])
    labels = np.random.default_rng(20).integers(1, 2**64, (2, len(one)), dtype=np.uint64)
    top = np.flatnonzero(tree.edge >= 0)
    top = top[~net.bridge[tree.edge[top]]]
    words = []
    for label in labels:
        sums = np.zeros(len(tree.end) + 1, np.uint64)
        np.bitwise_xor.at(sums, one + 1, label)
        np.bitwise_xor.at(sums, other + 1, label)
        sums = np.bitwise_xor.accumulate(sums)
        words.append(np.concatenate([sums[tree.end[top]] ^ sums[top], label[: len(loose)]]))
    chain = np.concatenate([tree.edge[top], loose])
    none = np.zeros(len(loose), np.int64)
    low = np.concatenate([np.searchsorted(at, top), none])
    high = np.concatenate([np.searchsorted(at, tree.end[top]), none])
    order = np.lexsort((chain, words[1], words[0]))
    changed = np.zeros(len(order), np.int64)
    for word in words:
        changed[1:] |= word[order][1:] != word[order][:-1]
    return _Edge(np.cumsum(changed), chain[order], low[order], high[order])


def _ranked(
    net: ReducedGraph, edge: _Edge, town: Ints, weight: Floats, limit: int | None
) -> CutPairs:
    """Return the pairs within each group, weighed, ranked and given as edges of the whole graph."""
    total = np.concatenate([[0.0], np.cumsum(weight)])
    weighs = total[edge.high] - total[edge.low]
    one, other, complete = _within_groups(edge, weighs)
    loss = _losses(edge, one, other, weighs)
    length = np.diff(net.start)
    n_found = int((length[edge.chain[loss.outer]] * length[edge.chain[loss.inner]]).sum())
    loss = loss.heaviest(length[edge.chain[loss.outer]] * length[edge.chain[loss.inner]], limit)
    a, b = edge.chain[loss.outer], edge.chain[loss.inner]
    # Ranked alike, pairs go by number: past the first ``limit`` edges of a chain none is listed.
    of_chain = net.edge[np.lexsort((net.edge, np.repeat(np.arange(len(length)), length)))]
    if limit is not None:
        length = np.minimum(length, limit)
        within = np.cumsum(length[a] * length[b]) <= max(MOST_PAIRS, limit * limit)
        complete &= bool(within.all())
        a, b = a[within], b[within]
    n_edges = length[a] * length[b]
    row = np.repeat(np.arange(len(a)), n_edges)
    step = ranges(np.zeros(len(a), np.int64), n_edges)
    s = of_chain[net.start[a][row] + step // length[b][row]]
    t = of_chain[net.start[b][row] + step % length[b][row]]
    s, t = np.minimum(s, t), np.maximum(s, t)
    order = np.lexsort((t, s, -loss.n_towns[row], -loss.weight[row]))[:limit]
    row = row[order]
    lists = [_towns_of(town, edge, loss, k) for k in row.tolist()]
    return CutPairs(
        s[order],
        t[order],
        loss.n_towns[row],
        loss.weight[row],
        np.concatenate([[0], np.cumsum(loss.n_towns[row])]),
        np.concatenate([np.empty(0, np.int64), *lists]),
        n_found,
        complete,
    )


def _losses(edge: _Edge, one: Ints, other: Ints, weighs: Floats) -> _Loss:
    """What each pair isolates: the towns between, if one lies below the other, or all below."""
    below = edge.high - edge.low
    outer = np.where(below[one] >= below[other], one, other)
    inner = one + other - outer
    nested = (edge.low[outer] <= edge.low[inner]) & (edge.high[inner] <= edge.high[outer])
    sign = np.where(nested, -1, 1)
    n_towns = below[outer] + sign * below[inner]
    loses_towns = n_towns > 0
    lost = weighs[outer] + sign * weighs[inner]
    return _Loss(
        outer[loses_towns],
        inner[loses_towns],
        nested[loses_towns],
        n_towns[loses_towns],
        lost[loses_towns],
    )


def _within_groups(edge: _Edge, weighs: Floats) -> tuple[Ints, Ints, bool]:
    """Return the rows of ``edge`` two by two, each pair within a group with towns below."""
    start = np.flatnonzero(np.diff(edge.group, prepend=-1))
    end = np.append(start[1:], len(edge.group))
    ones, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    below = np.add.reduceat(edge.high - edge.low, start) if len(start) else start
    size = np.minimum(end - start, LARGEST_CLASS)
    largest = np.argsort(-below, kind="stable")
    holds = below > 0
    holds[largest] &= np.cumsum((size * (size - 1) // 2)[largest]) <= max(
        MOST_PAIRS, LARGEST_CLASS**2
    )
    complete = bool(holds[below > 0].all())
    for first, last in zip(start[holds].tolist(), end[holds].tolist(), strict=True):
        rows = np.arange(first, last)
        if len(rows) > LARGEST_CLASS:
            complete = False
            rows = _extremes(edge, rows, weighs)
        i, j = np.triu_indices(len(rows), 1)
        ones.append(rows[i])
        others.append(rows[j])
    return np.concatenate(ones), np.concatenate(others), complete


def _extremes(edge: _Edge, rows: Ints, weighs: Floats) -> Ints:
    """Return the heaviest and the lightest edges of each of the two branches of one ring.

    Down a branch what lies below an edge only shrinks. A pair isolates the difference of two edges
    of one branch, or the sum of two of both; so for a pair with an edge that is left out there
    are as many pairs at least as heavy as edges are kept at each end.
    """
    below = edge.high[rows] - edge.low[rows]
    top = rows[int(np.argmax(below))]
    inside = (edge.low[rows] >= edge.low[top]) & (edge.high[rows] <= edge.high[top])
    ends = []
    for branch in (inside, ~inside):
        by_weight = rows[branch][np.lexsort((below[branch], weighs[rows[branch]]))]
        ends += [by_weight[: LARGEST_CLASS // 4], by_weight[-(LARGEST_CLASS // 4) :]]
    return np.unique(np.concatenate(ends))


def _towns_of(town: Ints, edge: _Edge, loss: _Loss, k: int) -> Ints:
    low, high = edge.low[loss.outer[k]], edge.high[loss.outer[k]]
    low_in, high_in = edge.low[loss.inner[k]], edge.high[loss.inner[k]]
    if loss.nested[k]:
        return np.sort(np.concatenate([town[low:low_in], town[high_in:high]]))
    return np.sort(np.concatenate([town[low:high], town[low_in:high_in]]))
