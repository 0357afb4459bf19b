import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.tree_decomposition import decompose
from geodata.errors import GeodataError

NODES = st.integers(0, 7)
EDGES = st.lists(st.tuples(NODES, NODES), max_size=16)


@given(EDGES)
def test_every_edge_lies_in_a_bag_and_every_bag_below_its_parent(edges):
    tree = decompose(range(8), edges)
    bags = {node: {node, *tree.later[node]} for node in tree.order}
    assert sorted(tree.order) == list(range(8))
    assert all(any({a, b} <= bag for bag in bags.values()) for a, b in edges)
    for node in tree.order:
        parent = tree.parent(node)
        assert set(tree.later[node]) <= (bags[parent] if parent is not None else set())


def test_a_tree_a_ring_and_a_clique_have_their_known_widths():
    assert decompose(range(4), [(0, 1), (1, 2), (1, 3)], widest=2).width == 1
    assert decompose(range(5), [(i, (i + 1) % 5) for i in range(5)]).width == 2
    assert decompose(range(5), [(i, j) for i in range(5) for j in range(i)]).width == 4


def test_a_bag_beyond_the_widest_is_refused():
    mesh = [(i, j) for i in range(5) for j in range(i)]
    assert decompose(range(5), mesh, widest=5).width == 4
    with pytest.raises(GeodataError):
        decompose(range(5), mesh, widest=4)
