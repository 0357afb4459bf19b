"""What must be open for a step to help, compared with closing each segment in turn."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.needed_segments import NeededSegments
from geodata.analysis.uncertain_network import UncertainNetwork

NODES = 6


def uncertain(ends: list[tuple[int, int]]) -> UncertainNetwork:
    """A network of joined nodes whose node 0 is the supply, every edge uncertain."""
    count = len(ends)
    half, none = np.full(count, 0.5), np.full(count, -1)
    return UncertainNetwork(
        NODES,
        np.arange(NODES),
        np.arange(count),
        np.array(ends, dtype=np.int64).reshape(-1, 2),
        half,
        half,
        none,
        np.zeros(0),
        np.arange(1, NODES),
        np.ones(NODES - 1),
    )


def connected(ends: list[tuple[int, int]], start: int, end: int, without: int | None) -> bool:
    graph = nx.Graph()
    graph.add_nodes_from(range(NODES))
    graph.add_edges_from(pair for number, pair in enumerate(ends) if number != without)
    return nx.has_path(graph, start, end)


pairs = st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)).filter(
    lambda pair: pair[0] != pair[1]
)


@given(st.lists(pairs, min_size=1, max_size=9), st.integers(1, NODES - 1))
@settings(max_examples=60)
def test_a_segment_is_needed_where_closing_it_cuts_every_path(ends, node):
    needed = NeededSegments.of_supply(uncertain(ends)).to(node)
    cut = {
        number
        for number in range(len(ends))
        if connected(ends, 0, node, None) and not connected(ends, 0, node, number)
    }
    assert set(needed) == cut
    assert len(needed) == len(cut)


@given(
    st.lists(pairs, min_size=1, max_size=9), st.integers(1, NODES - 1), st.integers(1, NODES - 1)
)
@settings(max_examples=60)
def test_between_stranded_towns_no_path_touches_the_supply(ends, start, node):
    inner = [pair for pair in ends if 0 not in pair]
    number = [n for n, pair in enumerate(ends) if 0 not in pair]
    needed = NeededSegments.of_stranded(uncertain(ends), start).to(node)
    cut = {
        number[place]
        for place in range(len(inner))
        if connected(inner, start, node, None) and not connected(inner, start, node, place)
    }
    assert set(needed) == cut


def test_they_come_in_the_order_of_the_path() -> None:
    """0 --0-- 1 --1-- 2 ==2,3== 3 --4-- 4: two roads between 2 and 3 need neither."""
    of_supply = NeededSegments.of_supply(uncertain([(0, 1), (1, 2), (2, 3), (2, 3), (3, 4)]))
    assert of_supply.to(4) == (0, 1, 4)
    assert of_supply.to_either([1, 4]) == (0,)
    assert of_supply.to(5) == ()


@pytest.mark.parametrize("start", range(1, NODES))
def test_a_town_needs_nothing_to_serve_itself(start: int) -> None:
    ring = [(a, (a + 1) % NODES) for a in range(NODES)]
    assert NeededSegments.of_stranded(uncertain(ring), start).to(start) == ()
