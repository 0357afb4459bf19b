import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.exact_reliability import UncertainGraph, connected_to_supply
from geodata.errors import GeodataError
from tests.analysis.connections import enumerated

CHANCES = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]) | st.floats(0, 1)


@st.composite
def graphs(draw, most_edges=10):
    count = draw(st.integers(1, 7))
    node = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(node, node, CHANCES), max_size=most_edges))
    ends = np.array([e[:2] for e in edges], dtype=np.int64).reshape(-1, 2)
    return UncertainGraph(count, ends, np.array([[e[2]] for e in edges]).reshape(-1, 1))


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_it_equals_the_sum_over_all_states(graph):
    found = connected_to_supply(graph)[:, 0]
    assert found == pytest.approx(enumerated(graph.n_nodes, graph.ends, graph.closed[:, 0]))


@pytest.mark.parametrize("seed", range(2))
def test_it_equals_the_sum_over_all_states_of_twenty_edges(seed):
    rng = np.random.default_rng(seed)
    ends, closed = rng.integers(0, 9, (16 + 4 * seed, 2)), rng.random((16 + 4 * seed, 1))
    while (ends[:, 0] == ends[:, 1]).any():
        ends = rng.integers(0, 9, ends.shape)
    graph = UncertainGraph(9, ends, closed)
    # Twenty edges have a million states: node by node in Python takes too long, words do not.
    states = np.arange(2 ** len(ends))
    opened = [(states >> e & 1).astype(bool) for e in range(len(ends))]
    chance = np.prod(
        [np.where(o, 1 - c[0], c[0]) for o, c in zip(opened, closed, strict=True)], axis=0
    )
    reached = np.zeros((9, len(states)), dtype=bool)
    reached[0] = True
    for _ in range(9):
        for o, (a, b) in zip(opened, ends, strict=True):
            reached[a] |= reached[b] & o
            reached[b] |= reached[a] & o
    assert connected_to_supply(graph)[:, 0] == pytest.approx(reached @ chance)


@given(graphs(16), st.data())
@settings(deadline=None)
def test_a_road_more_likely_closed_makes_no_town_more_likely_connected(graph, data):
    more = np.array([[data.draw(st.floats(c, 1))] for c in graph.closed[:, 0]]).reshape(-1, 1)
    worse = connected_to_supply(UncertainGraph(graph.n_nodes, graph.ends, more))
    assert (worse <= connected_to_supply(graph) + 1e-9).all()


@given(graphs(16))
@settings(deadline=None)
def test_certain_roads_give_certain_answers(graph):
    sure = UncertainGraph(graph.n_nodes, graph.ends, np.round(graph.closed))
    found = connected_to_supply(sure)
    assert np.minimum(found, 1 - found) == pytest.approx(0, abs=1e-9)


def test_states_are_independent_columns():
    r"""0 --a-- 1 --b-- 2, with a second road c from 0 to 2."""
    ends = np.array([[0, 1], [1, 2], [0, 2]])
    closed = np.array([[0.5, 0.0], [0.5, 1.0], [0.5, 0.25]])
    found = connected_to_supply(UncertainGraph(3, ends, closed))
    assert found == pytest.approx(np.array([[1, 1], [0.625, 1], [0.625, 0.75]]))


def test_a_closely_meshed_network_is_refused_with_the_remedy():
    ends = np.array([(i, j) for i in range(12) for j in range(i)])
    graph = UncertainGraph(12, ends, np.full((len(ends), 1), 0.5))
    with pytest.raises(GeodataError, match="sampled"):
        connected_to_supply(graph)
