"""Edge-disjoint paths by flows near a town, compared with a maximum flow over the whole graph."""

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geodata.graph.near_flows import paths_from_root


@st.composite
def roads(draw):
    n = draw(st.integers(2, 14))
    node = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(node, node).filter(lambda e: e[0] != e[1]), max_size=45))
    return n, np.array(edges, np.int64).reshape(-1, 2)


def matrix(n: int, edges: np.ndarray) -> csr_array:
    rows, columns = np.r_[edges[:, 0], edges[:, 1]], np.r_[edges[:, 1], edges[:, 0]]
    return csr_array((np.ones(len(rows), np.int32), (rows, columns)), shape=(n, n))


@given(roads(), st.integers(1, 6), st.randoms(use_true_random=False))
def test_counts_do_not_depend_on_how_near_a_flow_is_first_looked_for(drawn, nearest, random):
    n, edges = drawn
    capacities = matrix(n, edges)
    whole = nx.from_scipy_sparse_array(capacities, edge_attribute="capacity")
    towns = random.sample(range(1, n), n - 1)
    counts = paths_from_root(capacities, 0, np.array(towns), np.zeros(n - 1, int), nearest=nearest)
    assert counts.tolist() == [nx.maximum_flow_value(whole, town, 0) for town in towns]


def test_a_narrow_place_far_from_the_town_is_seen():
    """Two 5 x 5 grids that only three roads join: nothing near the town shows that it has three."""
    left = nx.grid_2d_graph(5, 5)
    right = nx.relabel_nodes(left, {(x, y): (x + 5, y) for x, y in left})
    both = nx.compose(left, right)
    both.add_edges_from([((4, y), (5, y)) for y in (0, 2, 4)])
    number = {node: n for n, node in enumerate(sorted(both))}
    edges = np.array([(number[a], number[b]) for a, b in both.edges])
    town, root = number[(1, 1)], number[(8, 2)]
    assert both.degree[(1, 1)] == both.degree[(8, 2)] == 4
    counts = paths_from_root(matrix(50, edges), root, np.array([town]), np.zeros(1, int), nearest=4)
    assert counts.tolist() == [3]
