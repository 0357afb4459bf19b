"""Pruning and merging leave every answer about the kept nodes unchanged."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.roads.simplification import DEAD_END, NO_TOWN, chains, pruned


@st.composite
def graphs(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Ends and kinds of edges, loops and parallel ones among them, and the nodes to keep."""
    n = draw(st.integers(1, 9))
    node = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 1)), min_size=1, max_size=16))
    tail, head, kind = np.array(edges, np.int64).T
    kept = np.array(draw(st.lists(node, min_size=1, max_size=4, unique=True)), np.int64)
    return tail, head, kind, np.sort(kept)


def graph_of(tail: np.ndarray, head: np.ndarray, kept: np.ndarray) -> nx.MultiGraph:
    graph = nx.MultiGraph()
    graph.add_nodes_from(kept.tolist())
    graph.add_edges_from((a, b, n) for n, (a, b) in enumerate(zip(tail, head, strict=True)))
    return graph


def useful_by_brute_force(tail: np.ndarray, head: np.ndarray, kept: np.ndarray) -> set[int]:
    """Strip loops and free leaves one at a time; drop parts without a kept node."""
    graph = graph_of(tail, head, kept)
    graph.remove_edges_from([edge for edge in graph.edges(keys=True) if edge[0] == edge[1]])
    while True:
        leaf = next((v for v in graph if graph.degree(v) == 1 and v not in kept), None)
        if leaf is None:
            break
        graph.remove_edge(*next(iter(graph.edges(leaf, keys=True))))
    for part in list(nx.connected_components(graph)):
        if not part & set(kept.tolist()):
            graph.remove_nodes_from(part)
    return {key for *_, key in graph.edges(keys=True)}


@settings(max_examples=400, deadline=None)
@given(graphs())
def test_pruning_is_what_one_by_one_gives(case: tuple[np.ndarray, ...]) -> None:
    tail, head, _, kept = case
    reason = pruned(tail, head, kept)
    assert set(reason) <= {"", DEAD_END, NO_TOWN}
    assert set(np.flatnonzero(reason == "").tolist()) == useful_by_brute_force(tail, head, kept)


@settings(max_examples=600, deadline=None)
@given(graphs())
def test_chains_walk_from_end_to_end(case: tuple[np.ndarray, ...]) -> None:
    tail, head, kind, kept = case
    found = chains(tail, head, kind, kept)
    assert sorted(found.piece.tolist()) == list(range(len(tail)))
    degree = np.bincount(np.concatenate([tail, head]), minlength=10)
    for n, (low, high) in enumerate(zip(found.start[:-1], found.start[1:], strict=True)):
        here = found.tail[n]
        assert len(set(kind[found.piece[low:high]].tolist())) == 1
        for place in range(low, high):
            piece, turned = found.piece[place], found.turned[place]
            first, last = (head, tail) if turned else (tail, head)
            assert first[piece] == here
            here = last[piece]
            if place < high - 1:  # an inner node: nothing else meets there, nothing keeps it
                assert degree[here] == 2
                assert here not in kept
        assert here == found.head[n]


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_chains_are_as_long_as_they_can_be(case: tuple[np.ndarray, ...]) -> None:
    """No free node of degree two is left between two segments of one kind, rings apart."""
    tail, head, kind, kept = case
    found = chains(tail, head, kind, kept)
    first = found.piece[found.start[:-1]]
    ends = np.concatenate([found.tail, found.head])
    for node in set(ends.tolist()) - set(kept.tolist()):
        at = [n for n in range(len(first)) if node in (found.tail[n], found.head[n])]
        if int((ends == node).sum()) == 2 and len(at) == 2:
            assert kind[first[at[0]]] != kind[first[at[1]]]


def test_a_town_on_a_chain_ends_its_segments() -> None:
    """1 - 2 - 3 with a town at 2 stays in two segments; without it, one."""
    tail, head, kind = np.array([1, 2]), np.array([2, 3]), np.zeros(2, np.int64)
    assert len(chains(tail, head, kind, np.array([2])).tail) == 2
    assert len(chains(tail, head, kind, np.array([1])).tail) == 1


def test_long_dead_ends_go_in_one_go() -> None:
    n = 20_000
    tail, head = np.arange(n), np.arange(1, n + 1)
    reason = pruned(tail, head, np.array([0, 5]))
    assert (reason == "").sum() == 5
    assert len(chains(tail[:5], head[:5], np.zeros(5, int), np.array([0, 5])).tail) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_two_edges_between_the_same_nodes_start_where_they_meet(turned: bool) -> None:
    ends = (np.array([1, 1]), np.array([0, 0])) if turned else (np.array([0, 0]), np.array([1, 1]))
    found = chains(*ends, np.zeros(2, np.int64), np.array([0]))
    assert (found.tail.tolist(), found.head.tolist()) == ([0], [0])
