"""A road graph with dead ends left out and chains of plain nodes drawn together."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components

from geodata.graph.arrays import Bools, Floats, Ints
from geodata.graph.bridges import BridgeTree, links


@dataclass(frozen=True, eq=False)
class ReducedGraph:
    """What is left of a graph when only ways between supply points and towns matter.

    Cutting any edge of a chain does the same to every town, so one answer serves them all.

    Attributes
    ----------
    node : ndarray of int64, shape (n_nodes,)
        Node of the whole graph that each node here stands for, ascending.
    tail, head : ndarray of int64, shape (n_chains,)
        Ends of each chain, as nodes here.
    units : ndarray of float64, shape (n_chains,)
        Length of each chain.
    bridge : ndarray of bool, shape (n_chains,)
        Whether the chain is a bridge, so that its loss isolates and gives no detour.
    edge, start : ndarray of int64
        Chain ``i`` is made of the edges ``edge[start[i]:start[i + 1]]`` of the whole graph.
    """

    node: Ints
    tail: Ints
    head: Ints
    units: Floats
    bridge: Bools
    edge: Ints
    start: Ints


def reduce_graph(
    split: BridgeTree,
    tail: Ints,
    head: Ints,
    units: Floats,
    supply: Ints,
    towns: Ints,
) -> ReducedGraph:
    """Leave out what no path to a town can use, and merge chains of nodes with two edges.

    A part that hangs by a bridge and holds no town, nor leads to one, is a dead end: a way
    that enters it must come back over the same bridge. Supply points and the towns stay
    nodes, whatever their number of edges.
    """
    part = split.of(np.arange(len(split.rank)))
    passed = split.on_the_way(towns)[part] & (split.rank >= 0)
    edges = np.flatnonzero(passed[tail] & passed[head] & (tail != head))
    a, b = tail[edges], head[edges]
    plain = np.bincount(np.concatenate([a, b]), minlength=len(passed)) == 2
    plain[supply] = plain[towns] = False
    chain = _chain_of_edge(plain, a, b)
    n_chains = int(chain.max()) + 1 if len(chain) else 0
    by_chain = np.argsort(chain, kind="stable")
    start = np.searchsorted(chain[by_chain], np.arange(n_chains + 1))
    ends_chain = np.concatenate([chain[~plain[a]], chain[~plain[b]]])
    ends_node = np.concatenate([a[~plain[a]], b[~plain[b]]])
    by_end = np.argsort(ends_chain, kind="stable")
    node = np.flatnonzero(passed & ~plain)
    number = np.full(len(passed), -1, np.int64)
    number[node] = np.arange(len(node))
    ends = number[ends_node[by_end]].reshape(-1, 2)
    first = by_chain[start[:-1]]
    return ReducedGraph(
        node=node,
        tail=ends[:, 0],
        head=ends[:, 1],
        units=np.bincount(chain, weights=units[edges], minlength=n_chains).astype(np.float64),
        bridge=(part[a] != part[b])[first],
        edge=edges[by_chain],
        start=start,
    )


def _chain_of_edge(plain: Bools, a: Ints, b: Ints) -> Ints:
    """Return the number from 0 for each edge, the same for edges that meet at plain nodes."""
    inner = plain[a] & plain[b]
    _, group = connected_components(links(len(plain), a[inner], b[inner]), directed=False)
    group = np.where(plain[a], group[a], np.where(plain[b], group[b], -1)).astype(np.int64)
    alone = group < 0
    group[alone] = len(plain) + np.arange(int(alone.sum()))
    _, chain = np.unique(group, return_inverse=True)
    return chain
