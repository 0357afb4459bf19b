"""Connected components against a plain search."""

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.graph.connectivity import components

EDGES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@given(EDGES)
def test_two_nodes_share_a_number_exactly_where_a_path_joins_them(
    edges: list[tuple[int, int]],
) -> None:
    ends = np.array(edges, np.int64).reshape(-1, 2)
    part = components(10, ends[:, 0], ends[:, 1])
    graph = nx.MultiGraph(edges)
    graph.add_nodes_from(range(10))
    assert len(set(part.tolist())) == nx.number_connected_components(graph)
    for group in nx.connected_components(graph):
        assert len({int(part[node]) for node in group}) == 1
