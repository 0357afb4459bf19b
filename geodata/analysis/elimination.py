"""Connection to supply in many samples at once, by eliminating nodes.

Eliminating a node ties each two of its neighbours by an edge that is open where both edges to
the node are; what the others are connected to stays the same. It is Gaussian elimination over
"and" and "or" (Carré, An algebra for network routing problems, 1971), and 64 samples share one
machine word. The plan is made once for a network and then run for each block of samples.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
Words = NDArray[np.uint64]
"""Shape (n_rows, n_words): one bit for each sample."""

SUPPLY: Final = 0
SLACK: Final = 1.5
# Beyond this degree, spreading over what is left takes less work than eliminating more nodes.
MOST_NEIGHBOURS: Final = 8


@dataclass(frozen=True, eq=False)
class _Round:
    """Nodes eliminated at once, no two of which are neighbours.

    Parameters
    ----------
    left, right : array of int
        Rows of edges to be joined in pairs, sorted by the row of the edge that they make.
    first, target : array of int
        Where the pairs of each edge made begin, and its row.
    node, edge, other : array of int
        Edges at the eliminated nodes: the node, the row, the neighbour; sorted by node.
    """

    left: IntArray
    right: IntArray
    first: IntArray
    target: IntArray
    node: IntArray
    edge: IntArray
    other: IntArray


@dataclass(frozen=True, eq=False)
class _Core:
    """Edges between the nodes that are left, both ways, sorted by the node to which they lead.

    Parameters
    ----------
    node : array of int, shape (n_left,)
        Nodes left, ascending.
    first : array of int, shape (n_left,)
        Where the ways into each of them begin.
    edge, other : array of int, shape (n_ways,)
        Row of each way's edge, and the place in `node` from which it comes.
    """

    node: IntArray
    first: IntArray
    edge: IntArray
    other: IntArray

    def spread(self, edges: Words, reached: Words) -> None:
        """Write into ``reached`` what node 0 is connected to among the nodes left."""
        if not len(self.node):
            return
        ways, here = edges[self.edge], reached[self.node]
        into = np.repeat(np.arange(len(self.node)), np.diff(np.r_[self.first, len(self.edge)]))
        changed: NDArray[np.bool_] = np.array(here.any(axis=1))
        while changed.any():
            # Only ways from nodes that changed can change anything.
            way = np.flatnonzero(changed[self.other])
            to = into[way]
            first = np.flatnonzero(np.r_[True, np.diff(to) > 0]) if len(way) else way
            came = ways[way]
            came &= here[self.other[way]]
            after = np.bitwise_or.reduceat(came, first, axis=0) if len(way) else came
            target = to[first]
            after |= here[target]
            grown: NDArray[np.bool_] = np.array((after != here[target]).any(axis=1))
            here[target] = after
            changed = np.zeros(len(self.node), dtype=bool)
            changed[target[grown]] = True
        reached[self.node] = here


@dataclass(frozen=True, eq=False)
class Elimination:
    """The order in which nodes are eliminated, and what each step joins.

    Parameters
    ----------
    n_nodes : int
        Node 0 stands for all supply points and stays to the end.
    n_rows : int
        Edges, given and made.
    row : array of int, shape (n_edges,)
        Row of each given edge; parallel ones share a row, loops have -1.
    rounds : tuple of _Round
    core : _Core
        What is left of the network after the rounds.
    """

    n_nodes: int
    n_rows: int
    row: IntArray
    rounds: tuple[_Round, ...]
    core: "_Core"

    @property
    def n_pairs(self) -> int:
        """Pairs of edges joined: the work for each word of samples."""
        return sum(len(r.left) for r in self.rounds)

    def connected(self, open_words: Words) -> Words:
        """Return which nodes are connected to node 0 in each sample.

        Parameters
        ----------
        open_words : array of uint64, shape (n_edges, n_words)
            In which samples each given edge is open.

        Returns
        -------
        array of uint64, shape (n_nodes, n_words)
        """
        edges = self._rows_of(open_words)
        for r in self.rounds:
            if len(r.left):
                joined = edges[r.left]
                joined &= edges[r.right]
                edges[r.target] |= np.bitwise_or.reduceat(joined, r.first, axis=0)
        reached = np.zeros((self.n_nodes, open_words.shape[1]), dtype=np.uint64)
        reached[SUPPLY] = ~np.uint64(0)
        self.core.spread(edges, reached)
        for r in reversed(self.rounds):
            if len(r.node):
                starts = np.flatnonzero(np.r_[True, np.diff(r.node) > 0])
                ways = edges[r.edge]
                ways &= reached[r.other]
                reached[r.node[starts]] = np.bitwise_or.reduceat(ways, starts, axis=0)
        return reached

    def _rows_of(self, open_words: Words) -> Words:
        edges = np.zeros((self.n_rows, open_words.shape[1]), dtype=np.uint64)
        order = np.argsort(self.row, kind="stable")
        order = order[self.row[order] >= 0]
        if len(order):
            rows = self.row[order]
            starts = np.flatnonzero(np.r_[True, np.diff(rows) > 0])
            edges[rows[starts]] = np.bitwise_or.reduceat(open_words[order], starts, axis=0)
        return edges


def eliminate(n_nodes: int, ends: IntArray, wanted: IntArray) -> Elimination:
    """Plan the elimination of all nodes but node 0.

    Parameters
    ----------
    n_nodes : int
    ends : array of int, shape (n_edges, 2)
    wanted : array of int
        Nodes whose connection is asked for; what only others need is left out.
    """
    low, high = np.minimum(*ends.T), np.maximum(*ends.T)
    keys, inverse = np.unique(low * n_nodes + high, return_inverse=True)
    loop = keys // n_nodes == keys % n_nodes
    number = np.where(loop, -1, np.cumsum(~loop) - 1)
    row = number[inverse].astype(np.int64)
    live = _Live(n_nodes, keys[~loop], np.arange(int((~loop).sum()), dtype=np.int64))
    rounds = []
    while live.least <= MOST_NEIGHBOURS:
        round_, live = live.step()
        rounds.append(round_)
    core = _core(live.keys // n_nodes, live.keys % n_nodes, live.rows)
    return Elimination(n_nodes, live.n_rows, row, _needed(rounds, n_nodes, wanted), core)


def _core(low: IntArray, high: IntArray, rows: IntArray) -> _Core:
    into, out = np.r_[low, high], np.r_[high, low]
    order = np.argsort(into, kind="stable")
    node, first = np.unique(into[order], return_index=True)
    return _Core(node, first, np.r_[rows, rows][order], np.searchsorted(node, out[order]))


@dataclass(eq=False)
class _Live:
    """Edges between nodes not yet eliminated: sorted keys low * n_nodes + high, and their rows."""

    n_nodes: int
    keys: IntArray
    rows: IntArray
    n_rows: int = -1

    def __post_init__(self) -> None:
        if self.n_rows < 0:
            self.n_rows = len(self.rows)

    @property
    def least(self) -> int:
        """Lowest degree of a node, without node 0; very high if there is none."""
        degree = np.bincount(np.r_[self.keys // self.n_nodes, self.keys % self.n_nodes])
        some = degree[1:][degree[1:] > 0]
        return int(some.min(initial=np.iinfo(np.int32).max))

    def step(self) -> tuple[_Round, "_Live"]:
        low, high = self.keys // self.n_nodes, self.keys % self.n_nodes
        chosen = self._chosen(low, high)
        at_low, at_high = chosen[low], chosen[high]
        node = np.where(at_low, low, high)[at_low | at_high]
        other = np.where(at_low, high, low)[at_low | at_high]
        edge = self.rows[at_low | at_high]
        order = np.lexsort((other, node))
        node, other, edge = node[order], other[order], edge[order]
        first, second = _pairs(node)
        key = other[first] * self.n_nodes + other[second]
        order = np.argsort(key, kind="stable")
        first, second, key = first[order], second[order], key[order]
        untouched = ~(at_low | at_high)
        new_keys, starts = np.unique(key, return_index=True)
        keys, rows, target, n_rows = self._with(
            self.keys[untouched], self.rows[untouched], new_keys
        )
        next_round = _Round(edge[first], edge[second], starts, target, node, edge, other)
        return next_round, _Live(self.n_nodes, keys, rows, n_rows)

    def _chosen(self, low: IntArray, high: IntArray) -> NDArray[np.bool_]:
        """Return the nodes of low degree, each lower than all its neighbours."""
        degree = np.bincount(np.r_[low, high], minlength=self.n_nodes)
        degree[SUPPLY] = np.iinfo(np.int64).max // self.n_nodes - 1
        # Neighbours of equal degree are put in a scattered order, so that many can go at once.
        scattered = (np.arange(self.n_nodes) * 2654435761) % self.n_nodes
        rank = degree * self.n_nodes + scattered
        best = np.full(self.n_nodes, np.iinfo(np.int64).max)
        np.minimum.at(best, low, rank[high])
        np.minimum.at(best, high, rank[low])
        has = np.bincount(np.r_[low, high], minlength=self.n_nodes) > 0
        has[SUPPLY] = False
        least = degree[has].min(initial=np.iinfo(np.int64).max)
        chosen: NDArray[np.bool_] = has & (rank <= best) & (degree <= max(2, SLACK * least))
        return chosen

    def _with(
        self, keys: IntArray, rows: IntArray, made: IntArray
    ) -> tuple[IntArray, IntArray, IntArray, int]:
        """Return edges kept and made, in the order of their keys, and the row of each edge made."""
        place = np.searchsorted(keys, made)
        known = np.zeros(len(made), dtype=bool)
        inside = place < len(keys)
        known[inside] = keys[place[inside]] == made[inside]
        fresh = self.n_rows + np.arange(int((~known).sum()), dtype=np.int64)
        target = np.empty(len(made), dtype=np.int64)
        target[known], target[~known] = rows[place[known]], fresh
        keys, rows = np.r_[keys, made[~known]], np.r_[rows, fresh]
        order = np.argsort(keys, kind="stable")
        return keys[order], rows[order], target, self.n_rows + len(fresh)


def _pairs(group: IntArray) -> tuple[IntArray, IntArray]:
    """Return places of each two members of a group, where groups are sorted; the earlier first."""
    starts = np.flatnonzero(np.r_[True, np.diff(group) > 0])
    size = np.diff(np.r_[starts, len(group)])
    after = np.repeat(starts + size, size) - np.arange(len(group)) - 1
    first = np.repeat(np.arange(len(group)), after)
    begin = np.cumsum(after) - after
    second = first + 1 + np.arange(len(first)) - begin[first]
    return first, second


def _needed(rounds: list[_Round], n_nodes: int, wanted: IntArray) -> tuple[_Round, ...]:
    """Leave out the ways back of nodes that no wanted node depends on."""
    need = np.zeros(n_nodes, dtype=bool)
    need[wanted] = True
    needed = []
    for r in rounds:
        used = need[r.node]
        need[r.other[used]] = True
        needed.append(
            _Round(r.left, r.right, r.first, r.target, r.node[used], r.edge[used], r.other[used])
        )
    return tuple(needed)
