"""Synthetic road graphs of any size, for measuring: the same ones on every machine."""

import numpy as np
from numpy.typing import NDArray

from geodata.graph.single_cuts import Graph

IntArray = NDArray[np.int64]


def road_graph(n_edges: int, *, seed: int = 1) -> Graph:
    """Make a graph that looks like a country's roads.

    A square lattice of crossings loses three edges in ten, so that most crossings join three
    roads and some parts fall off; then a quarter of what remains is drawn as chains of two
    to four pieces (villages on the way), and about one edge in eight is a dead end, some of
    them two or three edges deep. Lengths vary threefold around a kilometre a piece. There
    are about five nodes to six edges, as in country extracts of OpenStreetMap's roads.

    Parameters
    ----------
    n_edges : int
        Exact number of edges, at least 100.
    seed : int
        Same number, same graph.

    Returns
    -------
    Graph
    """
    rng = np.random.default_rng(seed)
    side = int(np.sqrt(n_edges / 2.4)) + 2
    tail, head = _lattice(rng, side)
    tail, head, n_nodes = _chains(rng, tail, head, side * side)
    tail, head = _dead_ends(rng, tail, head, n_nodes, n_edges - len(tail))
    length_km = np.round(rng.uniform(0.5, 1.5, len(tail)), 4)
    used, ends = np.unique(np.concatenate([tail, head]), return_inverse=True)
    return Graph(len(used), ends[: len(tail)], ends[len(tail) :], length_km)


def places(
    graph: Graph, n_supply: int, n_towns: int, *, seed: int = 2
) -> tuple[IntArray, IntArray]:
    """Supply points and towns, drawn from all nodes without repetition."""
    drawn = np.random.default_rng(seed).choice(graph.n_nodes, n_supply + n_towns, replace=False)
    return drawn[:n_supply], drawn[n_supply:]


def _lattice(rng: np.random.Generator, side: int) -> tuple[IntArray, IntArray]:
    number = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    order = np.argsort(tail, kind="stable")
    kept = order[rng.random(len(tail)) < 0.7]
    return tail[kept], head[kept]


def _chains(
    rng: np.random.Generator, tail: IntArray, head: IntArray, n_nodes: int
) -> tuple[IntArray, IntArray, int]:
    """Draw a quarter of the edges as two to four pieces each."""
    pieces = np.where(rng.random(len(tail)) < 1 / 4, rng.integers(2, 5, len(tail)), 1)
    edge = np.repeat(np.arange(len(tail)), pieces)
    first = np.cumsum(pieces) - pieces
    piece = np.arange(len(edge)) - first[edge]
    new_node = n_nodes + np.arange(len(edge)) - edge
    begin = np.where(piece == 0, tail[edge], new_node - 1)
    end = np.where(piece == pieces[edge] - 1, head[edge], new_node)
    return begin, end, n_nodes + int(pieces.sum()) - len(tail)


def _dead_ends(
    rng: np.random.Generator, tail: IntArray, head: IntArray, n_nodes: int, n_more: int
) -> tuple[IntArray, IntArray]:
    """Hang ``n_more`` edges on nodes chosen at random, or drop edges if it is negative."""
    if n_more < 0:
        return tail[:n_more], head[:n_more]
    new = n_nodes + np.arange(n_more)
    deeper = (rng.random(n_more) < 0.3) & (np.arange(n_more) > 0)
    base = np.where(deeper, new - 1, rng.integers(0, n_nodes, n_more))
    return np.concatenate([tail, base]), np.concatenate([head, new])
