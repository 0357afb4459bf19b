"""Edge-disjoint paths, compared with a maximum flow for each town."""

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.graph.edge_connectivity import edge_connectivity


def by_flow(n: int, edges: list[tuple[int, int]], supply: list[int], town: int) -> int:
    """Maximum flow of a graph whose supply points are one node."""
    if town in supply:
        return 0
    graph = nx.Graph()
    graph.add_nodes_from([*range(n), "root"])
    for a, b in edges:
        a, b = ("root" if end in supply else end for end in (a, b))
        if a != b:
            once = graph.get_edge_data(a, b, {"capacity": 0})["capacity"]
            graph.add_edge(a, b, capacity=once + 1)
    return nx.maximum_flow_value(graph, "root", town)


@st.composite
def graphs(draw):
    n = draw(st.integers(2, 12))
    node = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(node, node), max_size=30))
    supply = draw(st.lists(node, min_size=1, max_size=3, unique=True))
    return n, edges, supply


@given(graphs())
def test_every_count_is_that_of_a_maximum_flow(drawn):
    n, edges, supply = drawn
    ends = np.array(edges, np.int64).reshape(-1, 2)
    counts = edge_connectivity(n, ends[:, 0], ends[:, 1], np.array(supply), np.arange(n))
    assert counts.tolist() == [by_flow(n, edges, supply, town) for town in range(n)]


def test_a_grid_has_as_many_paths_as_a_town_has_roads():
    r"""A 6 x 6 grid with the supply point in the middle.

    ::

        t - . - .
        |   |   |
        . - S - .
        |   |   |
        . - . - .
    """
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(6, 6), ordering="sorted")
    ends = np.array(grid.edges, np.int64)
    counts = edge_connectivity(36, ends[:, 0], ends[:, 1], np.array([14]), np.arange(36))
    expected = [0 if node == 14 else min(grid.degree[node], 4) for node in range(36)]
    assert counts.tolist() == expected


def test_no_supply_point_gives_no_path():
    ends = np.array([0]), np.array([1])
    assert edge_connectivity(2, *ends, np.array([], np.int64), np.array([1])).tolist() == [0]
