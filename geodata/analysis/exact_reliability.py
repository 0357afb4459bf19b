"""Probability of a path to supply for every node at once, by dynamic programming.

The programme runs twice over a tree decomposition: from the leaves to the root, where each bag
learns what the roads below connect, and back, where it learns what the rest connects. Supply
points are merged into one node that is in every bag.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.analysis.partitions import Table, apart, forget, partitions, restricted
from geodata.analysis.tree_decomposition import TreeDecomposition, decompose
from geodata.analysis.uncertain_network import UncertainNetwork
from geodata.errors import GeodataError

MOST_NODES = 4000
WIDEST_BAG = 7
"""Largest bag without the supply node; 8 nodes have 4,140 partitions."""
MOST_SWITCHES = 14
STATES_AT_ONCE = 256
MOST_CELLS: Final = 4_000_000
"""Numbers in the tables of all bags at once; with their copies some 100 MB."""


@dataclass(frozen=True, eq=False)
class UncertainGraph:
    """Edges that are open or closed independently of one another, in each of several states.

    Parameters
    ----------
    n_nodes : int
        Node 0 stands for all supply points.
    ends : array of int, shape (n_edges, 2)
    closed : array of float, shape (n_edges, n_states)
        Probability that an edge is closed.
    """

    n_nodes: int
    ends: NDArray[np.int64]
    closed: NDArray[np.float64]


def exact_reliability(uncertain: UncertainNetwork) -> NDArray[np.float64]:
    """Return probability that each joined node is connected to supply, summed over the switches.

    Returns
    -------
    array of float, shape (n_nodes,)

    Raises
    ------
    GeodataError
        If the network is too large or too closely meshed, or there are too many switches.
    """
    states, chance = switch_states(uncertain)
    total = np.zeros(uncertain.n_nodes)
    at_once = states_at_once(uncertain)
    for begin in range(0, len(states), at_once):
        some = slice(begin, begin + at_once)
        graph = UncertainGraph(uncertain.n_nodes, uncertain.ends, uncertain.closed_in(states[some]))
        total += connected_to_supply(graph) @ chance[some]
    return np.clip(total, 0.0, 1.0)


def exact_steps(uncertain: UncertainNetwork) -> int:
    """Return how many numbers are computed for the exact answer: its cost before it is begun.

    Raises
    ------
    GeodataError
        If the network is too large or too closely meshed, or there are too many switches.
    """
    _check_switches(uncertain)
    return _cells(_decomposed(uncertain.n_nodes, uncertain.ends)) << len(uncertain.on)


def states_at_once(uncertain: UncertainNetwork) -> int:
    """Return how many states of the switches are computed together, by the memory they take.

    Raises
    ------
    GeodataError
        If the network is too large or too closely meshed.
    """
    cells = _cells(_decomposed(uncertain.n_nodes, uncertain.ends))
    return min(STATES_AT_ONCE, max(MOST_CELLS // max(cells, 1), 1))


def _cells(tree: TreeDecomposition) -> int:
    """Return how many numbers the tables of all bags hold in one state of the switches."""
    return sum(len(partitions(len(later) + 2)) for later in tree.later.values())


def switch_states(
    uncertain: UncertainNetwork,
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return every state of the switches, shape (n_states, n_switches), and its probability.

    Raises
    ------
    GeodataError
        If there are too many switches.
    """
    _check_switches(uncertain)
    count = len(uncertain.on)
    states = (np.arange(2**count)[:, None] >> np.arange(count) & 1).astype(bool)
    return states, np.where(states, uncertain.on, 1 - uncertain.on).prod(axis=1)


def _check_switches(uncertain: UncertainNetwork) -> None:
    if len(uncertain.on) > MOST_SWITCHES:
        count = len(uncertain.on)
        raise GeodataError("analysis.too_many_switches", count=count, most=MOST_SWITCHES)


def _decomposed(n_nodes: int, ends: NDArray[np.int64]) -> TreeDecomposition:
    """Return the tree decomposition without node 0, which every bag holds.

    Raises
    ------
    GeodataError
        If the network is too large or too closely meshed for this method.
    """
    if n_nodes > MOST_NODES:
        raise GeodataError("analysis.too_wide", width=n_nodes, most=MOST_NODES)
    inner = [(int(a), int(b)) for a, b in ends if a and b]
    return decompose(range(1, n_nodes), inner, widest=WIDEST_BAG)


def connected_to_supply(graph: UncertainGraph) -> NDArray[np.float64]:
    """Return the probability that each node is connected to node 0.

    Returns
    -------
    array of float, shape (n_nodes, n_states)

    Raises
    ------
    GeodataError
        If the network is too large or too closely meshed for this method.
    """
    return _Programme(graph, _decomposed(graph.n_nodes, graph.ends)).run()


@dataclass(frozen=True, eq=False)
class _Programme:
    graph: UncertainGraph
    tree: TreeDecomposition

    def run(self) -> NDArray[np.float64]:
        children: dict[int, list[int]] = {node: [] for node in self.tree.order}
        own = self._edges_of_bags()
        below: dict[int, Table] = {}
        for node in self.tree.order:
            table = own[node]
            for child in children[node]:
                table = table * self._widened(below[child], child, node)
            # Only what leaves the bag goes up: the node itself is in place 0.
            below[node] = forget(table, self._size(node), 0)
            parent = self.tree.parent(node)
            if parent is not None:
                children[parent].append(node)
        return self._downwards(own, below, children)

    def _downwards(
        self, own: dict[int, Table], below: dict[int, Table], children: dict[int, list[int]]
    ) -> NDArray[np.float64]:
        downwards = np.ones((self.graph.n_nodes, self.graph.closed.shape[1]))
        above: dict[int, Table] = {}
        for node in reversed(self.tree.order):
            factors = [self._widened(below[child], child, node) for child in children[node]]
            start = own[node]
            if node in above:
                start = start * above.pop(node)[restricted(self._size(node), self._rest(node))]
            after = _products(factors, start.shape)
            before = start
            for child, factor, later in zip(children[node], factors, after, strict=True):
                above[child] = self._narrowed(before * later, node, child)
                before = before * factor
            downwards[node] = 1 - _separated(before, self._size(node))
        return np.clip(downwards, 0.0, 1.0)

    def _size(self, node: int) -> int:
        """Nodes in a bag: the node, its later neighbours and the supply node, in this order."""
        return len(self.tree.later[node]) + 2

    def _rest(self, node: int) -> tuple[int, ...]:
        return tuple(range(1, self._size(node)))

    def _places(self, child: int, node: int) -> tuple[int, ...]:
        """Return the places in a node's bag of what its child's bag shares with it."""
        bag = (node, *self.tree.later[node])
        return (*(bag.index(other) for other in self.tree.later[child]), len(bag))

    def _widened(self, table: Table, child: int, node: int) -> Table:
        return table[restricted(self._size(node), self._places(child, node))]

    def _narrowed(self, table: Table, node: int, child: int) -> Table:
        """Sum out of a node's bag what its child's bag does not share."""
        places, size = self._places(child, node), self._size(node)
        for place in range(size - 1, -1, -1):
            if place not in places:
                table = forget(table, size, place)
                size -= 1
        return table

    def _edges_of_bags(self) -> dict[int, Table]:
        """Return for each node the table of the edges that end at it and at a later node."""
        place = {node: number for number, node in enumerate(self.tree.order)}
        place[0] = len(place)
        states = self.graph.closed.shape[1]
        own = {n: np.ones((len(partitions(self._size(n))), states)) for n in self.tree.order}
        for (a, b), closed in zip(self.graph.ends.tolist(), self.graph.closed, strict=True):
            if a == b:
                continue
            first, last = (a, b) if place[a] < place[b] else (b, a)
            later = self.tree.later[first]
            there = later.index(last) + 1 if last else len(later) + 1
            own[first][apart(self._size(first), 0, there)] *= closed
        return own


def _products(factors: list[Table], shape: tuple[int, ...]) -> list[Table]:
    """Return for each factor the product of all that follow it."""
    products = [np.ones(shape)]
    for factor in factors[:0:-1]:
        products.append(products[-1] * factor)
    return products[::-1] if factors else []


def _separated(table: Table, size: int) -> NDArray[np.float64]:
    """Probability that the first node of a bag is not connected to its last, the supply node."""
    while size > 2:
        table = forget(table, size, 1)
        size -= 1
    separated: NDArray[np.float64] = table[1]
    return separated
